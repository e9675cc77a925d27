"""Verbs on identities: whose account somebody is who comes from the provider."""

from __future__ import annotations

from datetime import datetime

from portal.db import db
from portal.errors import NotFound
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import end_sessions, require
from portal.foundation.rights.rules import Right
from portal.foundation.signins.openid import queries
from portal.foundation.signins.openid.models import OpenIdentity
from portal.foundation.signins.openid.rules import Identity


def account_of(identity: Identity, at: datetime) -> Account | None:
    """The open account of somebody whom the provider vouches for; None when there is none. Accounts are never made.

    The first time the account is known by the e-mail address that the administrator entered, if the provider has
    verified it, no other account has it, and the account is nobody else at this provider.
    """
    found = queries.linked(identity.issuer, identity.subject)
    if found is not None:
        return found if found.held else None
    candidates = queries.with_email(identity.email) if identity.email else []
    if len(candidates) != 1 or queries.identity_of(candidates[0], identity.issuer) is not None:
        return None
    (account,) = candidates
    if not account.held:
        return None
    db.session.add(
        OpenIdentity(account_id=account.id, issuer=identity.issuer, subject=identity.subject, linked_at=at)
    )
    db.session.flush()
    return account


def unlink(by: Account, account: Account, issuer: str) -> None:
    """Forget who an account is at the provider; its sessions end. Administrators only.

    NotFound when nothing was known.
    """
    require(by, Right.MANAGE_ACCOUNTS)
    identity = queries.identity_of(account, issuer)
    if identity is None:
        raise NotFound("这个账号没有关联统一身份认证。")
    db.session.delete(identity)
    end_sessions(account)
    db.session.flush()
