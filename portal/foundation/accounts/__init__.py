"""Accounts (账号): people and their roles."""
