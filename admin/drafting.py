"""草稿: forms that are left half-filled and found again. One place for all forms (admin.forms.StaffForm).

The button 存草稿, and htmx some seconds after the typing stops, send the form to where saving would send it, with the
word `draft`. The view goes as far as it goes for saving: whoever may not have the form gets no draft. Where the form
would be checked, what was typed is kept instead and the request ends (`keep`); nothing else is done by such a request
(`admin.base.committed`). `?draft=<id>` opens a form with what was kept, which writes nothing. Saving removes it.

The draft belongs to the page on which the form stands. Where forms are sent elsewhere, the page says where it is
(`drafted_at`); it must be a page of the same kind for the same record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn
from urllib.parse import parse_qsl, urlencode

from flask import abort, current_app, g, make_response, render_template, request
from flask_babel import format_datetime
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.utils import redirect
from wtforms import FieldList, FileField, FormField, PasswordField, SubmitField
from wtforms.csrf.core import CSRFTokenField

from portal import auth, clock, crypto
from portal.db import db
from portal.errors import NotFound, Refused
from portal.foundation.drafts import queries, rules, service
from portal.foundation.drafts.models import Draft
from portal.i18n import DEFAULT, language

WORD = "draft"
"""What a request says that asks for a draft; in an address, which draft the form opens with."""
BY_ITSELF = "typed"
"""Its value when htmx sends it."""
STANDS_AT = "drafted_at"
NEVER = (CSRFTokenField, PasswordField, FileField, SubmitField)
"""Fields that no draft keeps: secrets and files. Hidden ones say what was seen when the form was opened."""
NO_PAGES = "home.lost"
LONG_TEXT = 200
MANY = 3
"""A form is long with so many fields, or with a text that may be so long."""


@dataclass(frozen=True)
class Kept:
    """A draft of one's own as the form's page knows it."""

    id: int
    when: str
    used: bool
    """Whether the form is filled from it."""
    address: str
    """The form filled from it."""
    plain: str
    """The form as it stands."""
    fields: list[tuple[str, str]]
    stamp: str


@dataclass(frozen=True)
class Sitting:
    """Somebody else who has a form open."""

    name: str
    since: str


class Drafting:
    """What a form has to do with drafts."""

    def __init__(self, form: Any) -> None:
        self._form = form

    @property
    def name(self) -> str:
        """Which of the forms of its page it is."""
        return f"{type(self._form).__name__}:{self._form._prefix}"  # noqa: SLF001  WTForms has no other

    @property
    def offered(self) -> bool:
        """Whether it is worth keeping and can be: somebody is signed in, and there is something long to fill in."""
        if not self._form.drafted or auth.account() is None or not crypto.ready():
            return False
        fields = list(_kept_fields(self._form))
        return len(fields) >= MANY or any((field.flags.maxlength or 0) >= LONG_TEXT for field in fields)

    @property
    def address(self) -> str | None:
        """The page on which it stands."""
        return _address()

    @property
    def own(self) -> Kept | None:
        """What the person has kept of it, for a page that is being opened."""
        # Also asked while the form is being made, when it cannot tell yet how long it is.
        return _own().get(self.name) if request.method == "GET" and self._form.drafted else None

    @property
    def used(self) -> Kept | None:
        """The draft that it is filled from."""
        own = self.own
        return own if own is not None and own.used else None

    @property
    def others(self) -> list[Sitting]:
        """Who else has it open. Somebody who enters something new is in nobody's way."""
        return _others().get(self.name, []) if self.offered else []

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Of what was sent that which belongs to the form and may be kept; without what was empty and stays so."""
        return [
            (field.name, said)
            for field in _kept_fields(self._form)
            for said in field.raw_data or ()
            if said or field.object_data
        ]


def wanted() -> bool:
    """Whether the request asks for a draft, and so for nothing else."""
    return request.method == "POST" and WORD in request.form


def given(form: Any) -> MultiDict[str, str] | None:
    """What the form is opened with, where the address names a draft of it."""
    used = Drafting(form).used if WORD in request.args else None
    return MultiDict(used.fields) if used is not None else None


def keep(form: Any) -> bool:
    """Keep what was typed and end the request; a refusal is put above the form as its error, and gives False."""
    account, address = auth.account(), _address()
    if account is None or address is None:
        raise NotFound("没有这一页。", "no_page")
    fields, stamp = form.drafting.fields, request.form.get("opened", "")
    # Whatever the view has begun is not what was asked for.
    db.session.rollback()
    try:
        draft = service.keep(account, address, form.drafting.name, fields, stamp)
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        sentence = str(_(refusal.sentence, **refusal.values))
        if by_itself():
            _said(sentence)
        form.form_errors.append(sentence)
        g.refused_with = refusal.status
        return False
    if by_itself():
        _said(_("已存草稿 %(when)s", when=when(draft.changed_at)))
    return abort(redirect(opening(draft) + "#draft"))


def saved(form: Any) -> None:
    """The form was saved: its draft goes, in the same transaction."""
    account = auth.account()
    address = _address() if account is not None and form.drafting.offered else None
    if account is not None and address is not None:
        service.saved(account, address, form.drafting.name)


def opening(draft: Draft) -> str:
    """The address of the form filled from its draft, in the reader's language."""
    return _with(draft.address, {WORD: draft.id})


def when(moment: datetime) -> str:
    """A moment by the clock, with its day unless that is today."""
    today = clock.day_of(moment) == clock.today()
    if today:
        return str(format_datetime(moment, "HH:mm"))
    return str(format_datetime(moment, "M月d日 HH:mm" if language() == DEFAULT else "d MMMM HH:mm"))


def page_at(path: str) -> tuple[str, Mapping[str, Any]] | None:
    """The endpoint that shows the page of a path, with its arguments; None where the staff door has none."""
    if not path.startswith(f"{auth.DOOR}/"):
        return None
    try:
        endpoint, named = current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return None
    # The door answers every address, also those of no page.
    return None if endpoint == NO_PAGES else (endpoint, named)


def by_itself() -> bool:
    """Whether htmx sent the form while it is being filled in, so that only what stands beside the button is shown."""
    return request.method == "POST" and request.form.get(WORD) == BY_ITSELF


def beside(sentence: str) -> str:
    """A sentence that htmx shows beside the button."""
    return render_template("staff/_drafted.html", sentence=sentence)


def _said(sentence: str) -> NoReturn:
    abort(make_response(beside(sentence)))


def _kept_fields(fields: Iterable[Any]) -> Iterator[Any]:
    for field in fields:
        if isinstance(field, FieldList):
            yield from _kept_fields(field.entries)
        elif isinstance(field, FormField):
            yield from _kept_fields(field.form)
        elif not isinstance(field, NEVER) and "one-time-code" not in (field.render_kw or {}).values():
            yield field


def _address() -> str | None:
    own = request.method == "GET" or page_at(request.path) is not None
    stands = _standing(named_by_path=own) if request.method != "GET" else None
    if stands is None and own:
        return _written(request.path, request.args.items(multi=True))
    return stands


def _standing(*, named_by_path: bool) -> str | None:
    """The page of which the request says that it was sent from it, if it is one of the same record.

    `named_by_path`: only a page with its record in the path counts, as a query could name another record.
    """
    path, _mark, query = request.form.get(STANDS_AT, "").partition("?")
    found = page_at(path)
    if found is None:
        return None
    endpoint, named = found
    same_page = endpoint.partition(".")[0] == (request.endpoint or "").partition(".")[0]
    here = request.view_args or {}
    if (
        (named_by_path and not named)
        or not same_page
        or any(here.get(name) != value for name, value in named.items())
    ):
        return None
    return _written(path, parse_qsl(query[: rules.LONGEST_ADDRESS]))


def _written(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    told = sorted((name, value) for name, value in pairs if name not in ("lang", WORD))
    return f"{path}?{urlencode(told)}" if told else path


def _with(address: str, more: Mapping[str, Any]) -> str:
    spoken = {"lang": language()} if language() != DEFAULT else {}
    added = urlencode({**more, **spoken})
    return f"{address}{'&' if '?' in address else '?'}{added}" if added else address


def _own() -> dict[str, Kept]:
    if "drafts_here" not in g:
        account, address = auth.account(), _address()
        drafts = queries.at(account, address) if account is not None and address is not None else ()
        # What no key can read any more is no draft.
        g.drafts_here = {each.form: _kept(each) for each in drafts if each.content}
    found: dict[str, Kept] = g.drafts_here
    return found


def _kept(draft: Draft) -> Kept:
    fields, stamp = rules.read(draft.content)
    return Kept(
        draft.id,
        when(draft.changed_at),
        request.args.get(WORD) == str(draft.id),
        opening(draft),
        _with(draft.address, {}),
        fields,
        stamp,
    )


def _others() -> dict[str, list[Sitting]]:
    if "sitting_here" not in g:
        g.sitting_here = {}
        account, address = auth.account(), _address()
        of_record = bool(request.view_args) or "id" in request.args
        if account is not None and address is not None and of_record:
            for form, name, since in queries.others_at(account, address, clock.now()):
                g.sitting_here.setdefault(form, []).append(Sitting(name, when(since)))
    found: dict[str, list[Sitting]] = g.sitting_here
    return found
