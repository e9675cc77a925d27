"""Acts on many records of a list: chosen, looked at one by one, then done in the background, all or none.

A list declares its acts as it declares its columns. Ticked are records of the page that is open; 找到的全部 are those
that the address finds, looked up here and never sent. Each goes through the verb of the single act, with its rights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import redirect, request
from flask_admin import expose

from admin.asking import asks_to_change
from admin.base import HIGHEST_ID, NO_PAGE, Answer, carried_out, status
from admin.forms import StaffForm
from admin.records import RecordsPage
from admin.rows import ReportingPage
from portal.errors import NotFound, Refused
from portal.foundation.imports.rows import service
from portal.foundation.imports.rows.models import RowTable
from portal.foundation.imports.rows.registry import row_kind
from portal.i18n import gettext as translated


@dataclass(frozen=True)
class BulkAct:
    """One act: the name of its kind of rows, the form for what all of them get, and what of the form each row says."""

    kind: str
    form: type[StaffForm] = StaffForm
    said: Callable[[Any], dict[str, str]] = lambda _form: {}

    @property
    def label(self) -> str:
        """What it is called."""
        return translated(row_kind(self.kind).label)


class ActsPage(ReportingPage):
    """Acts on many of the records that some list shows, and what became of each."""

    abstract = True
    acts: ClassVar[tuple[BulkAct, ...]]

    def kinds(self) -> frozenset[str]:
        """The kinds of its acts."""
        return frozenset(each.kind for each in self.acts)

    def heading(self) -> str:
        """What the list is called."""
        return str(self.title)

    def chosen(self) -> Sequence[int]:
        """Ids of the records that the address names or finds, in the list's order, without what one may not see."""
        raise NotImplementedError

    def back(self) -> str:
        """The list as it was narrowed."""
        raise NotImplementedError

    def asked_for_many(self) -> Answer:
        """What the act asks for all; the address says which act, and which records."""
        act = next((each for each in self.acts if each.kind == request.args.get("act")), None)
        if act is None:
            raise NotFound("这里没有这种操作。", NO_PAGE)
        ids = self.chosen()
        if not ids:
            raise Refused("一条也没有选。请回到表里打勾，或者选“找到的全部”。", "none_chosen")
        form, made = act.form(), list[RowTable]()
        if form.validate_on_submit() and carried_out(
            form, lambda: made.append(service.choose_many(act.kind, ids, act.said(form), by=self.account))
        ):
            return redirect(self.get_url(".show", rows_id=made[0].id))
        return self.render("staff/acts.html", act=act, count=len(ids), form=form, back=self.back()), status()


class ActsApartPage(ActsPage):
    """Acts on what another page lists, at an address of their own."""

    abstract = True
    listed = False
    list_key: ClassVar[str]
    """The key of the page of the list, which shows it at its first address."""
    asked_of_list: ClassVar[tuple[str, ...]]
    """The parameters that narrow the list."""

    @expose("/", methods=("GET", "POST"))
    @asks_to_change
    def index(self) -> Answer:
        """What an act asks for all."""
        return self.asked_for_many()

    def home(self) -> str:
        """The list."""
        return str(self.get_url(f"{self.list_key}.index"))

    def back(self) -> str:
        """The list with what it was asked for."""
        kept = {name: request.args[name] for name in self.asked_of_list if name in request.args}
        return str(self.get_url(f"{self.list_key}.index", **kept))


class BulkPage(ActsPage, RecordsPage):
    """A list of records with acts on many of them."""

    abstract = True

    def home(self) -> str:
        """The list."""
        return str(self.get_url(".index_view"))

    def acts_offered(self) -> tuple[BulkAct, ...]:
        """What the visitor may do to many."""
        return self.acts if self.allowed(True) else ()

    @expose("/acts/", methods=("GET", "POST"))
    @asks_to_change
    def act_on_many(self) -> Answer:
        """What an act asks for all."""
        return self.asked_for_many()

    def chosen(self) -> Sequence[int]:
        """The list's own: ticked, or all that it finds."""
        if request.args.get("all") == "1":
            wanted = self.asked()
            _total, found = self.get_list(
                None, wanted.sort, wanted.falling, wanted.search, None, execute=False, page_size=0
            )
        else:
            found = self._seen().filter(self.model.id.in_(ticked())).order_by(self.model.id)
        return [number for (number,) in found.with_entities(self.model.id)]

    def back(self) -> str:
        """The list with what it was asked for."""
        kept = {name: request.args.getlist(name) for name in self.remembers if name in request.args}
        return str(self.get_url(".index_view", **kept))


def ticked() -> list[int]:
    """Ids that the address names."""
    return [each for each in request.args.getlist("id", type=int) if 0 < each <= HIGHEST_ID]
