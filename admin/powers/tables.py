"""One table of an upload: settling what only a person can decide, comparing, taking it over into its list."""

from __future__ import annotations

from math import ceil
from typing import Any

from flask import flash, redirect, request
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from admin.asking import asks
from admin.base import Answer, StaffPage, committed, page_number, status, told
from admin.powers.drafts import own_or_missing, seen_copies, seen_table
from admin.powers.questions import answer_of, rows_by_line, shown, totals_shown
from portal.db import db
from portal.errors import NotFound, Refused
from portal.foundation.imports.models import ImportedTable, Question
from portal.foundation.imports.rules import QuestionKind, TableState
from portal.foundation.rights.rules import Right
from portal.powers.duties.service import take_from_note
from portal.powers.lists import queries as lists
from portal.powers.lists.intake import applying, settling
from portal.powers.lists.models import PowerList

PAGE = 50
LONG = 2000
TABLE = "<int:table_id>"
QUESTION = "questions/<int:question_id>"


class TablesPage(StaffPage):
    """The third of the five steps: upload, recognise, settle, put forward, second person."""

    key = "tables"
    title = _("导入的表")
    section = "lists"
    listed = False
    access = frozenset({Right.EDIT_LISTS})

    @expose("/")
    def index(self) -> Answer:
        """To the uploads: a table belongs to one of them."""
        return redirect(self.get_url("imports.index"))

    @expose(f"/{TABLE}/")
    def show(self, table_id: int) -> Answer:
        """Totals, questions, proposals, the comparison, and what still blocks."""
        return self._page(seen_table(table_id))

    def _page(self, table: ImportedTable, fault: tuple[int, str] | None = None) -> Answer:
        last = max(1, ceil(len(table.questions) / PAGE))
        page = page_number(last)
        # What is open comes first, so that a person need not turn pages to find it.
        faulty = fault[0] if fault else 0
        ordered = sorted(table.questions, key=lambda each: (each.id != faulty, each.answer is not None))
        part = ordered[(page - 1) * PAGE : page * PAGE]
        rows = rows_by_line(table)
        views = [shown(each, rows, request.form if each.id == faulty else None) for each in part]
        return self.render(
            "staff/table.html",
            **self._standing(table),
            problems=[each for each in views if each.question.kind is QuestionKind.PROBLEM],
            proposals=[each for each in views if each.question.kind is QuestionKind.PROPOSAL],
            page=page,
            last=last,
            fault=fault,
        ), status()

    def _standing(self, table: ImportedTable) -> dict[str, Any]:
        """Where the table stands: its list, its totals, what is open, what taking it over would change."""
        waiting = settling.unsettled(table)
        # Comparing a very long table is worth its seconds only once nothing is open any more.
        late = waiting and len(table.content["rows"]) > LONG
        preview, obstacle = (None, "") if late else self._preview(table)
        return {
            "table": table,
            "target": db.session.get(PowerList, table.target_id) if table.target_id else None,
            "lists": _likely(table),
            "totals": totals_shown(table),
            "waiting": waiting,
            "left": sum(1 for each in waiting if each.kind is QuestionKind.PROPOSAL),
            "preview": preview,
            "obstacle": obstacle,
        }

    @staticmethod
    def _preview(table: ImportedTable) -> tuple[applying.Preview | None, str]:
        if table.target_id is None or table.state is TableState.APPLIED:
            return None, ""
        try:
            with db.session.begin_nested():
                return applying.preview(table), ""
        except Refused as refusal:
            return None, told(refusal)

    @expose(f"/{TABLE}/aim", methods=("POST",))
    @asks(Right.EDIT_LISTS)
    def aim(self, table_id: int) -> Answer:
        """Say which list the table is an edition of."""
        table = seen_table(table_id)
        power_list = lists.by_slug(request.form.get("list", ""))
        if power_list is None or power_list not in seen_copies():
            raise Refused("请从单子里选一份清单。")
        committed(lambda: applying.aim(table, power_list, by=self.account))
        return redirect(self.get_url(".show", table_id=table_id))

    @expose(f"/{QUESTION}", methods=("POST",))
    @asks(Right.EDIT_LISTS)
    def settle(self, question_id: int) -> Answer:
        """Answer one question; what cannot be taken is said beside it."""
        question = self._question(question_id)
        try:
            answer = answer_of(question, request.form)
            committed(lambda: settling.settle(question_id, answer, by=self.account))
        except Refused as refusal:
            db.session.rollback()
            return self._page(self._question(question_id).table, (question_id, told(refusal)))
        return self._back(question)

    @expose(f"/{QUESTION}/reopen", methods=("POST",))
    @asks(Right.EDIT_LISTS)
    def reopen(self, question_id: int) -> Answer:
        """Take an answer back."""
        question = self._question(question_id)
        committed(lambda: settling.reopen(question_id, by=self.account))
        return self._back(question)

    @expose(f"/{TABLE}/confirm", methods=("POST",))
    @asks(Right.EDIT_LISTS)
    def confirm(self, table_id: int) -> Answer:
        """Confirm every understood remark that nobody has answered yet."""
        table = seen_table(table_id)
        count = committed(lambda: settling.confirm_all(table, by=self.account))
        flash(gettext("确认了 %(count)s 条。", count=count), "success")
        return redirect(self.get_url(".show", table_id=table_id))

    @expose(f"/{TABLE}/apply", methods=("POST",))
    @asks(Right.EDIT_LISTS)
    def apply(self, table_id: int) -> Answer:
        """Take the table over into its list's working copy, receivers that its note names included."""
        table = seen_table(table_id)
        try:
            change = committed(lambda: self._take_over(table))
        except Refused as refusal:
            return self._page(seen_table(table_id), (0, told(refusal)))
        flash(
            gettext(
                "已并入清单：新增 %(new)s 项，修改 %(changed)s 项，去掉 %(gone)s 项。",
                new=len(change.new),
                changed=len(change.changed),
                gone=len(change.gone),
            ),
            "success",
        )
        return redirect(self.get_url("lists.show", list_id=table.target_id))

    def _take_over(self, table: ImportedTable) -> applying.Preview:
        change = applying.apply(table, by=self.account)
        receivers = settling.receivers_of(table)
        power_list = db.session.get(PowerList, table.target_id)
        if receivers and power_list is not None:
            take_from_note(power_list, receivers, power_list.policy.number, by=self.account)
        return change

    @staticmethod
    def _question(question_id: int) -> Question:
        question = db.session.get(Question, question_id)
        if question is None:
            raise NotFound("没有这个问题。")
        return own_or_missing(question, question.table.upload.place_id, "没有这个问题。")

    def _back(self, question: Question) -> Answer:
        return redirect(self.get_url(".show", table_id=question.table_id, _anchor=f"q{question.id}"))


def _likely(table: ImportedTable) -> list[PowerList]:
    """The lists of the upload's place, those of its policy and of the same name first."""
    upload = table.upload
    found = [each for each in lists.working_copies() if each.place_id == upload.place_id]
    return sorted(found, key=lambda each: (each.policy_id != upload.policy_id, each.title not in table.title))
