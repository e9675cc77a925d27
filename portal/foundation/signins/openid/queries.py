"""Reading identities."""

from __future__ import annotations

from sqlalchemy import func, select

from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.signins.openid.models import OpenIdentity


def linked(issuer: str, subject: str) -> Account | None:
    """The account with this key at the provider."""
    query = (
        select(Account)
        .join(OpenIdentity, OpenIdentity.account_id == Account.id)
        .where(OpenIdentity.issuer == issuer, OpenIdentity.subject == subject)
    )
    return db.session.scalar(query)


def identity_of(account: Account, issuer: str) -> OpenIdentity | None:
    """Who the account is at the provider, if that is known."""
    return db.session.scalar(
        select(OpenIdentity).where(OpenIdentity.account_id == account.id, OpenIdentity.issuer == issuer)
    )


def with_email(email: str) -> list[Account]:
    """The open accounts with this e-mail address, two at most."""
    query = (
        select(Account).where(func.lower(Account.email) == email.lower(), Account.active.is_(True)).limit(2)
    )
    return list(db.session.scalars(query))
