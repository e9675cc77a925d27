"""Reading second factors."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import func, select

from portal.config import Settings
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.signins.factors.models import RecoveryCode, SecondFactor


def factor_of(account: Account) -> SecondFactor | None:
    """The account's second factor, even one that is only being set up."""
    return db.session.get(SecondFactor, account.id)


def has_factor(account: Account) -> bool:
    """Whether the account asks for a code after the password."""
    found = factor_of(account)
    return found is not None and found.confirmed_at is not None


def required(account: Account) -> bool:
    """Whether the account must have a second factor, by its role.

    Demo accounts, which production refuses, need none.
    """
    settings: Settings = current_app.config["REMIT"]
    return not account.demo and any(role.value in settings.second_factor for role in account.roles)


def lacking(account: Account) -> bool:
    """Whether the account must set one up before it does anything else."""
    return required(account) and not has_factor(account)


def codes_left(account: Account) -> int:
    """How many recovery codes are still good."""
    query = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None)
    )
    return db.session.scalar(query) or 0
