"""草稿: what a person has left half-filled, to be gone on with or removed."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs

from flask import current_app, flash, redirect, request
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from admin.asking import EVERYBODY, asks
from admin.base import SIGNED_IN, Answer, StaffPage, committed
from admin.drafting import opening, page_at, when
from admin.records import RecordsPage
from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.drafts import queries, rules, service
from portal.foundation.drafts.models import Draft

ONE = "<int:draft_id>"
LONGEST_EXCERPT = 40


@dataclass(frozen=True)
class Left:
    """A draft in words."""

    id: int
    page: str
    what: str
    """The record, or the beginning of what was typed; nothing where that cannot be told."""
    when: str
    address: str | None
    """Where to go on; None where the page is closed to the person by now."""


def left(account: Account, most: int) -> tuple[list[Left], int]:
    """The newest drafts of a person, and how many there are in all."""
    found, total = queries.newest(account, most)
    return [_in_words(each) for each in found], total


def _in_words(draft: Draft) -> Left:
    path, _mark, query = draft.address.partition("?")
    page = _page(path)
    if page is None:
        return Left(draft.id, gettext("打不开的页面"), "", when(draft.changed_at), None)
    record = parse_qs(query).get("id", [""])[0]
    what = _named(page, record) if record else _typed(draft)
    return Left(draft.id, str(page.title), what, when(draft.changed_at), opening(draft))


def _page(path: str) -> StaffPage | None:
    """The page of a path, where the visitor may read it."""
    found = page_at(path)
    key = found[0].partition(".")[0] if found else ""
    views = current_app.extensions["admin"][0]._views  # noqa: SLF001  Flask-Admin's name
    pages = (each for each in views if isinstance(each, StaffPage) and each.key == key)
    return next((each for each in pages if each.is_accessible()), None)


def _named(page: StaffPage, record_id: str) -> str:
    """What the record is called, where the page keeps records and the visitor may see this one."""
    if not isinstance(page, RecordsPage):
        return ""
    try:
        return page.title_of(page.get_one(record_id))
    except Refused:
        return ""


def _typed(draft: Draft) -> str:
    """The beginning of the longest text that was typed."""
    fields, _stamp = rules.read(draft.content)
    texts = (" ".join(value.split()) for _name, value in fields)
    longest = max(texts, key=len, default="")
    return longest if len(longest) <= LONGEST_EXCERPT else f"{longest[:LONGEST_EXCERPT]}…"


class DraftsPage(StaffPage):
    """One's own drafts."""

    key = "drafts"
    title = _("草稿")
    section = "home"
    listed = False
    access = SIGNED_IN

    @expose("/")
    def index(self) -> Answer:
        """All of them, the newest first; those of pages that are closed by now can still be removed."""
        found, _total = left(self.account, rules.MOST_DRAFTS)
        return self.render("staff/drafts.html", drafts=found, days=rules.KEPT.days)

    @expose(f"/{ONE}/remove", methods=("POST",))
    @asks(*EVERYBODY)
    def remove(self, draft_id: int) -> Answer:
        """Take one away; records stay as they are."""
        committed(lambda: service.remove(self.account, draft_id))
        flash(gettext("草稿已经删掉。"), "success")
        back = request.form.get("back", "")
        path = back.partition("?")[0]
        return redirect(back if page_at(path) is not None else self.get_url(".index"))
