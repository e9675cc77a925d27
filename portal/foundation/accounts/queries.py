"""Reading accounts."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select

from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.places import queries as places
from portal.foundation.rights.rules import Role


def by_login(login: str) -> Account | None:
    """The account of a login, whatever its state."""
    return db.session.scalar(select(Account).where(Account.login == login))


def names(ids: Iterable[int | None]) -> dict[int, str]:
    """The names of the people with these ids; None, for nobody, is passed over."""
    people = {key for key in ids if key is not None}
    found = db.session.execute(select(Account.id, Account.name).where(Account.id.in_(people)))
    return dict(found.all())


def other_administrators(account: Account) -> int:
    """How many active administrators there are besides this account."""
    query = select(func.count(Account.id)).where(
        Account.role == Role.ADMINISTRATOR, Account.active.is_(True), Account.id != account.id
    )
    return db.session.scalar(query) or 0


def places_of(account: Account) -> frozenset[int] | None:
    """Ids of the places whose drafts the account may see: its own and those below it; None for all (R-3)."""
    if account.role is not Role.COUNTY_OFFICER:
        return None
    own = [account.place_id] if account.place_id is not None else []
    return frozenset(db.session.scalars(places.subtree(own)))


def demo_accounts() -> list[Account]:
    """Accounts made for trying out, in the order in which they were made; production must have none."""
    return list(db.session.scalars(select(Account).where(Account.demo.is_(True)).order_by(Account.id)))
