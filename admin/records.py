"""Pages that keep one kind of record: listed, added, changed and removed, on what `admin.base` gives.

- records come by one scoped query, singly or listed;
- export, bulk actions, inline edit and relation lookups of Flask-Admin have no address at all;
- pages go from 1 to the last; deleting asks on a page of its own, without JavaScript, and does nothing
  without the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil
from typing import Any, ClassVar

from flask import Response, flash, redirect, request
from flask_admin import expose
from flask_admin.contrib.sqla import ModelView
from flask_admin.model.typefmt import BASE_FORMATTERS
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import func

from admin import taking
from admin.asking import asks_to_change
from admin.base import (
    HIGHEST_ID,
    Answer,
    StaffPage,
    answered_yes,
    carried_out,
    page_number,
    status,
)
from admin.forms import AS_IT_STANDS, StaffForm
from admin.listing import ASKED, Asked, Narrows, asked
from admin.meanwhile import Opened, locked
from admin.savedviews import bar, opening_address
from portal import auth
from portal.db import db
from portal.errors import NotFound
from portal.foundation.accounts.service import require
from portal.foundation.organisations.models import Organisation
from portal.foundation.places import queries as places
from portal.foundation.publishing.models import Proposal
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.i18n import day


class RecordsPage(StaffPage, ModelView):  # type: ignore[misc]
    """A page that lists, adds, changes and removes one kind of record, each where the page allows it.

    A page gives `form`, `change` (the right for changing) and, for what it allows, `create_model`,
    `update_model` and `delete_model`: each calls one service verb and leaves the commit to this class.
    """

    abstract = True
    record: ClassVar[type[Any]]
    can_create = can_edit = can_delete = False
    change: ClassVar[Right]
    form: ClassVar[type[StaffForm]] = StaffForm
    create_form_class: ClassVar[type[StaffForm] | None] = None
    """The form for a new record, where it asks for more than `form`."""
    column_display_pk = False
    page_size = 50
    list_template = "staff/records.html"
    form_template: ClassVar[str] = "staff/record.html"
    parts: ClassVar[dict[str, str]] = {}
    """Tables whose rows are a part of the record, with the column that says of which: of their changes is told too."""
    intro: ClassVar[Any] = ""
    removing: ClassVar[Any] = lazy_gettext("删除")
    """What taking a record away is called."""
    deleting: ClassVar[Any] = lazy_gettext("删除后不能恢复；已经公布的内容不受影响。")
    """What is said before a record is removed."""
    empty: ClassVar[Any] = lazy_gettext("现在一条也没有。")
    """What is said where there is none, on what to do then."""
    narrowed_by: ClassVar[tuple[Narrows, ...]] = ()
    """Choices above the list that leave out records."""
    shown_with: ClassVar[tuple[Any, ...]] = ()
    """Relations that every row of the list shows, as loader options, so that no row asks for them by itself."""

    column_type_formatters: ClassVar[dict[type, Any]] = {
        **BASE_FORMATTERS,
        date: lambda _view, when, _name: day(when),
    }

    by_file: ClassVar[str] = ""
    """The key of the page where these records go out and come in as a file (admin.rows), where there is one."""

    def acts_offered(self) -> tuple[Any, ...]:
        """Acts on many records at once, where the list has any (admin.bulk)."""
        return ()

    # Without these attributes Flask-Admin registers no address for them.
    ajax_lookup = ajax_update = action_view = export = details_view = None
    action_delete = None

    def __init__(self) -> None:
        ModelView.__init__(
            self, self.record, db, name=self.title, endpoint=self.key, url=f"{auth.DOOR}/{self.key}"
        )

    @property
    def remembers(self) -> tuple[str, ...]:  # type: ignore[override]
        """What a view of the list keeps."""
        return (*ASKED, *(name for each in self.narrowed_by for name in each.names))

    def scope(self, query: Any) -> Any:
        """The query limited to what the visitor may know of; pages of local records narrow it (R-3)."""
        return query

    def get_query(self) -> Any:
        """What this visitor may see here, narrowed as the address says."""
        return self._narrowed(self._seen())

    def get_count_query(self) -> Any:
        """How many those are."""
        return self._narrowed(self.scope(db.session.query(func.count(self.model.id)).select_from(self.model)))

    def _seen(self) -> Any:
        return self.scope(super().get_query().options(*self.shown_with))

    def _apply_sorting(self, query: Any, joins: Any, sort_column: Any, sort_desc: bool) -> Any:
        # Rows that are alike in what they are sorted by stand in one order too, so that pages neither overlap nor skip.
        query, joins = super()._apply_sorting(query, joins, sort_column, sort_desc)
        return query.order_by(self.model.id), joins

    def _narrowed(self, query: Any) -> Any:
        for each in self.narrowed_by:
            query = each.apply(query)
        return query

    def get_one(self, id: Any) -> Any:  # noqa: A002  Flask-Admin's name
        """The record with this id, if the visitor may see it; NotFound otherwise, as if it did not exist."""
        number = int(id) if id and id.isascii() and id.isdigit() and len(id) < 11 else 0  # noqa: PLR2004
        record = (
            self._seen().filter(self.model.id == number).one_or_none() if 0 < number <= HIGHEST_ID else None
        )
        if record is None:
            raise NotFound("没有这条记录，或者您不能看。")
        return record

    def title_of(self, record: Any) -> str:
        """What people call the record."""
        return str(record.name)

    def heading(self) -> str:
        """What the list is called."""
        return str(self.title)

    def place_of(self, record: Any) -> int | None:
        """The place whose record it is; None when it belongs to no place in particular."""
        del record
        return None

    def body_of(self, record: Any) -> Organisation | None:
        """The body whose record it is; None where bodies keep none of their own."""
        del record
        return None

    def bound_by(self, record: Any) -> Proposal | None:
        """What is put forward and keeps the record (None: the list) from being changed meanwhile, to be said first."""
        del record
        return None

    def back_to(self, record: Any) -> str:
        """The address to go on to after a record was written or left as it is; None stands for a new one."""
        del record
        return str(self.get_url(".index_view"))

    def allowed(self, verb: bool) -> bool:
        """Whether the page has the verb and the visitor the right, for showing what can be done."""
        return verb and may(self.account, self.change)

    def within_reach(self, rows: Sequence[Any]) -> frozenset[int]:
        """Ids of the rows that the visitor may change: for others nothing is offered that would be refused (R-3)."""
        about = {record.id: (self.place_of(record), self.body_of(record)) for record in rows}
        named = {place_id for place_id, _body in about.values()}
        named |= {body.place_id for _place_id, body in about.values() if body is not None}
        where = places.with_above(each for each in named if each is not None)
        return frozenset(
            record_id
            for record_id, (place_id, body) in about.items()
            if may(self.account, self.change, where.get(place_id or 0), body)
        )

    def _require(self, verb: bool, record: Any = None) -> None:
        if not verb:
            raise NotFound("这里没有这种操作。")
        about = (self.place_of(record), self.body_of(record)) if record is not None else ()
        require(self.account, self.change, *about)

    def asked(self) -> Asked:
        """What the address asks of the list."""
        return asked(self._list_columns, self._sortable_columns, self.narrowed_by)

    @expose("/")
    def index_view(self) -> Answer:
        """The list: narrowed, searched, sorted, page by page, with the columns asked for."""
        if (address := opening_address(self)) is not None:
            return redirect(address)
        wanted = self.asked()
        total, _rows = self.get_list(0, None, wanted.falling, wanted.search, None, execute=False)
        last = max(1, ceil((total or 0) / self.page_size))
        page = page_number(last)
        _total, rows = self.get_list(page - 1, wanted.sort, wanted.falling, wanted.search, None)
        return self.render(
            self.list_template,
            rows=rows,
            reached=self.within_reach(rows) if self.can_edit or self.can_delete else frozenset(),
            total=total,
            page=page,
            last=last,
            wanted=wanted,
            bar=bar(self),
            files=taking.addresses(self),
            bound=self.bound_by(None),
        )

    @expose(f"/table.<any({taking.ENDINGS}):ending>")
    def table(self, ending: str) -> Response:
        """The whole list as it is narrowed and ordered now, with the columns that are shown, as CSV or XLSX."""
        return taking.listed(self, self.asked(), ending)

    @expose("/new/", methods=("GET", "POST"))
    @asks_to_change
    def create_view(self) -> Answer:
        """A form for a new record."""
        self._require(self.can_create)
        form = self.blank_form()
        if form.validate_on_submit() and carried_out(form, lambda: self.create_model(form)):
            flash(_("已经保存。"), "success")
            return redirect(self.back_to(None))
        return self.page_with(form, None)

    @expose("/edit/", methods=("GET", "POST"))
    @asks_to_change
    def edit_view(self) -> Answer:
        """A form with what the record says now."""
        record = locked(self.get_one(request.args.get("id")))
        self._require(self.can_edit, record)
        form = self.form(obj=record)
        opened = Opened(form, self.form(formdata=AS_IT_STANDS, obj=record), record, self.parts)
        if (
            form.validate_on_submit()
            and opened.settled(form)
            and carried_out(form, lambda: self.update_model(form, record))
        ):
            flash(_("已经保存。"), "success")
            return redirect(self.back_to(record))
        return self.page_with(form, record)

    @expose("/delete/", methods=("GET", "POST"))
    @asks_to_change
    def delete_view(self) -> Answer:
        """Asks first; only a POST with the answer yes removes the record."""
        record = self.get_one(request.values.get("id"))
        self._require(self.can_delete, record)
        form = StaffForm()
        back = self.back_to(record)
        if answered_yes(form) and carried_out(form, lambda: self.delete_model(record)):
            flash(_("已经删除。"), "success")
            return redirect(back)
        return self.render("staff/delete.html", record=record, form=form, back=back), status()

    def blank_form(self) -> StaffForm:
        """The form for a new record, with what can be filled in beforehand."""
        return (self.create_form_class or self.form)()

    def page_with(self, form: StaffForm, record: Any) -> Answer:
        """The form's page; 422 when it comes back with faults."""
        bound, back = self.bound_by(record), self.back_to(record)
        return self.render(self.form_template, form=form, record=record, back=back, bound=bound), status()

    def create_model(self, form: StaffForm) -> object:
        """The verb that makes a record of the form; a page that has `can_create` gives it."""
        raise NotImplementedError

    def update_model(self, form: StaffForm, model: Any) -> object:
        """The verb that changes a record; a page that has `can_edit` gives it."""
        raise NotImplementedError

    def delete_model(self, model: Any) -> object:
        """The verb that removes a record; a page that has `can_delete` gives it."""
        raise NotImplementedError
