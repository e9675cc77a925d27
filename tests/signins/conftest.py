"""Accounts are made in most of these tests."""

from tests.fixtures.passwords import quick_passwords

__all__ = ["quick_passwords"]
