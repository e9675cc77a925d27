"""A person's own views; nobody reads another's."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.db import db
from portal.errors import NotFound
from portal.foundation.accounts.models import Account
from portal.foundation.savedviews.models import SavedView


def views_of(account: Account, page: str) -> Sequence[SavedView]:
    """The person's views of one page, what was remembered first, then by name."""
    own = select(SavedView).where(SavedView.account_id == account.id, SavedView.page == page)
    return db.session.scalars(own.order_by(SavedView.name, SavedView.id)).all()


def all_of(account: Account) -> Sequence[SavedView]:
    """The person's views of all pages, page by page."""
    own = select(SavedView).where(SavedView.account_id == account.id)
    return db.session.scalars(own.order_by(SavedView.page, SavedView.name, SavedView.id)).all()


def opening(account: Account, page: str) -> SavedView | None:
    """The view that the page opens with."""
    own = select(SavedView).where(SavedView.account_id == account.id, SavedView.page == page)
    return db.session.scalar(own.where(SavedView.opens))


def one_of(account: Account, view_id: int) -> SavedView:
    """A view of the person's own; NotFound for anybody else's, as if it did not exist."""
    own = select(SavedView).where(SavedView.account_id == account.id, SavedView.id == view_id)
    found = db.session.scalar(own)
    if found is None:
        raise NotFound("没有这个视图。")
    return found
