"""Memoranda between approval bureaus and departments: who lacks one, writing it, agreeing, putting it forward (Y-3)."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, or_, select, true
from werkzeug.wrappers import Response

from admin import forms
from admin.asking import asks
from admin.base import HIGHEST_ID, Answer, StaffPage, carried_out, status
from admin.foundation.proposing import ProposeForm
from admin.meanwhile import Opened, locked
from admin.powers.memorandum_forms import AnswerForm, EndForm, FoundForm, PaperForm, WordingForm
from portal import clock
from portal.db import db
from portal.downloads import download
from portal.errors import NotFound
from portal.foundation.accounts.queries import bodies_of
from portal.foundation.files.service import path_of
from portal.foundation.organisations.models import Organisation
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.registry import publishable
from portal.foundation.publishing.rules import Subject
from portal.foundation.publishing.service import propose, unchanged
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.powers.memoranda import pairs, queries, service
from portal.powers.memoranda.models import Memorandum
from portal.powers.memoranda.rules import Party, over
from portal.site.memoranda import words

PARTS = {"memorandum_matters": "memorandum_id"}
"""Tables of its parts, each with the column that names it."""
MEMORANDUM = "<int:memorandum_id>"
PARTY = "<any(bureau,department):party>"
READING = (Right.EDIT_DUTIES, Right.EDIT_PLACE, Right.APPROVE, Right.READ_ALL)
SHOWN = 200
"""So many memoranda, and pairs without one, stand on the page; all are counted."""


class MemorandaPage(StaffPage):
    """What was agreed, what is on its way, and which pairs of bodies lack one."""

    key = "memoranda"
    title = _("审管衔接备忘录")
    section = "uptake"
    access = frozenset({Right.EDIT_DUTIES, Right.EDIT_PLACE, Right.APPROVE})

    def _sees(self, memorandum: Memorandum) -> bool:
        sides = (memorandum.bureau, memorandum.department)
        return any(may(self.account, right, memorandum.place) for right in READING) or any(
            may(self.account, Right.EDIT_DUTIES, None, body) for body in sides
        )

    def _memorandum(self, memorandum_id: int) -> Memorandum:
        found = queries.get(memorandum_id)
        if found is None or not self._sees(found):
            raise NotFound("没有这份备忘录，或者您不能看。")
        return found

    def _own(self, column: Any) -> ColumnElement[bool]:
        """The condition that a column names a body whose memoranda the person sees."""
        found: list[ColumnElement[bool]] = []
        for right in READING:
            whose = bodies_of(self.account, right)
            if whose is None and may(self.account, right):
                return true()
            if whose is not None:
                found.append(column.in_(whose))
        return or_(*found)

    @expose("/")
    def index(self) -> Answer:
        """The pairs that lack one, and every memorandum that the person sees."""
        seen = or_(self._own(Memorandum.bureau_id), self._own(Memorandum.department_id))
        found = queries.every(seen, limit=SHOWN)
        own = select(Organisation.id).where(self._own(Organisation.id))
        lacking = pairs.lacking(clock.today(), own, own)
        ids = [each.id for each in found]
        return self.render(
            "staff/memoranda.html",
            memoranda=found,
            answers={each.id: queries.answers(each) for each in found},
            published=publishing.newest_numbers(Subject.MEMORANDUM, ids),
            proposed=publishing.open_proposals(Subject.MEMORANDUM, ids),
            lacking=lacking[:SHOWN],
            count=len(lacking),
            founds=may(self.account, Right.EDIT_DUTIES),
            Party=Party,
        )

    @expose("/new", methods=("GET", "POST"))
    @asks(Right.EDIT_DUTIES)
    def found(self) -> Answer:
        """Found one; the two bodies may stand in the address."""
        form = FoundForm(data={name: _body(name) for name in ("bureau", "department")})
        made: list[Memorandum] = []
        if form.validate_on_submit() and carried_out(form, lambda: made.append(self._found(form))):
            return redirect(self.get_url(".edit", memorandum_id=made[0].id))
        page = self.render(
            "staff/adjust.html",
            form=form,
            heading=gettext("新建备忘录"),
            lead=gettext("先写明是哪两个单位，再写内容。"),
            button=gettext("新建"),
            back=self.get_url(".index"),
        )
        return page, status()

    def _found(self, form: Any) -> Memorandum:
        return service.found(form.bureau.data, form.department.data, by=self.account)

    @expose(f"/{MEMORANDUM}/")
    def show(self, memorandum_id: int) -> Answer:
        """One memorandum: what it says, what the bodies said of it, what is missing."""
        return self._page(self._memorandum(memorandum_id))

    def _page(
        self,
        memorandum: Memorandum,
        form: ProposeForm | None = None,
        answer: AnswerForm | None = None,
        paper: PaperForm | None = None,
    ) -> Answer:
        account, place = self.account, memorandum.place
        bodies = {Party.BUREAU: memorandum.bureau, Party.DEPARTMENT: memorandum.department}
        wording = queries.wording_of(memorandum)
        published = publishing.newest(Subject.MEMORANDUM, memorandum.id)
        page = self.render(
            "staff/memorandum.html",
            memorandum=memorandum,
            wording=wording,
            validity=words.validity(wording.valid_from, wording.valid_until),
            over=over(wording.valid_until, clock.today()),
            words=words,
            bodies=bodies,
            answers=queries.answers(memorandum),
            speaks=[each for each, body in bodies.items() if may(account, Right.EDIT_DUTIES, None, body)],
            edits=any(may(account, Right.EDIT_DUTIES, None, body) for body in bodies.values()),
            proposes=may(account, Right.EDIT_PLACE, place),
            form=form or ProposeForm(formdata=None),
            answer=answer or AnswerForm(formdata=None),
            paper=paper or PaperForm(formdata=None, prefix="paper"),
            blockers=publishable(Subject.MEMORANDUM).blockers(memorandum.id),
            proposal=publishing.open_proposal(Subject.MEMORANDUM, memorandum.id),
            published=published,
            same=unchanged(Subject.MEMORANDUM, memorandum.id, published),
        )
        return page, status()

    def _back(self, memorandum_id: int) -> Response:
        return redirect(self.get_url(".show", memorandum_id=memorandum_id))

    @expose(f"/{MEMORANDUM}/edit", methods=("GET", "POST"))
    @asks(Right.EDIT_DUTIES)
    def edit(self, memorandum_id: int) -> Answer:
        """Write what it says."""
        memorandum = locked(self._memorandum(memorandum_id))
        form = WordingForm.of(memorandum)
        opened = Opened(form, WordingForm.of(memorandum, formdata=forms.AS_IT_STANDS), memorandum, PARTS)
        if (
            form.validate_on_submit()
            and opened.settled(form)
            and carried_out(form, lambda: self._write(memorandum, form))
        ):
            flash(gettext("已经保存。文字改过的，双方要重新表态。"), "success")
            return self._back(memorandum_id)
        page = self.render(
            "staff/memorandum_edit.html", form=form, memorandum=self._memorandum(memorandum_id)
        )
        return page, status()

    def _write(self, memorandum: Memorandum, form: WordingForm) -> Memorandum:
        return service.write(memorandum, form.wording(), form.chosen(), by=self.account)

    @expose(f"/{MEMORANDUM}/{PARTY}/<any(agree,return):how>", methods=("POST",))
    @asks(Right.EDIT_DUTIES)
    def answer(self, memorandum_id: int, party: str, how: str) -> Answer:
        """Say yes for a body, or return it with what is to be put right."""
        memorandum, form = locked(self._memorandum(memorandum_id)), AnswerForm()
        side, agrees = Party(party), how == "agree"
        if form.validate() and carried_out(
            form,
            lambda: service.answer(
                memorandum,
                side,
                version=form.version.data,
                agrees=agrees,
                by=self.account,
                note=form.note.data,
            ),
        ):
            flash(gettext("已经记下，另一方会收到通知。"), "success")
            return self._back(memorandum_id)
        return self._page(self._memorandum(memorandum_id), answer=form)

    @expose(f"/{MEMORANDUM}/paper", methods=("GET", "POST"))
    @asks(Right.EDIT_DUTIES, reading=True)
    def paper(self, memorandum_id: int) -> Any:
        """The signed paper, to save; a POST attaches one."""
        memorandum = self._memorandum(memorandum_id)
        if request.method == "GET":
            file = memorandum.paper
            if file is None:
                raise NotFound("没有这个文件。")
            return download(path_of(file), name=file.name, media_type=file.media_type, sha256=file.sha256)
        form = PaperForm(prefix="paper")
        if form.validate() and carried_out(form, lambda: self._attach(memorandum, form)):
            return self._back(memorandum_id)
        return self._page(self._memorandum(memorandum_id), paper=form)

    def _attach(self, memorandum: Memorandum, form: Any) -> Memorandum:
        handed: Any = form.file.data
        return service.attach(
            memorandum,
            handed.stream,
            name=handed.filename or "",
            by=self.account,
            public=form.public.data,
        )

    @expose(f"/{MEMORANDUM}/propose", methods=("POST",))
    @asks(Right.EDIT_PLACE)
    def propose(self, memorandum_id: int) -> Answer:
        """Put it forward for a second person."""
        memorandum, form = self._memorandum(memorandum_id), ProposeForm()
        if form.validate() and carried_out(form, lambda: self._propose(memorandum, form)):
            flash(gettext("已经送审，等另一个人批准。"), "success")
            return self._back(memorandum_id)
        return self._page(self._memorandum(memorandum_id), form=form)

    def _propose(self, memorandum: Memorandum, form: Any) -> object:
        return propose(
            Subject.MEMORANDUM,
            memorandum.id,
            by=self.account,
            effective_on=form.effective_on.data,
            reason=form.reason.data,
        )

    @expose(f"/{MEMORANDUM}/end", methods=("GET", "POST"))
    @asks(Right.EDIT_PLACE)
    def end(self, memorandum_id: int) -> Answer:
        """Asks first, and why; both bodies are told."""
        memorandum, form = self._memorandum(memorandum_id), EndForm()
        if form.validate_on_submit() and carried_out(
            form, lambda: service.end(memorandum, form.reason.data, by=self.account)
        ):
            flash(gettext("这份备忘录今天终止。"), "success")
            return self._back(memorandum_id)
        return self.render("staff/memorandum_end.html", memorandum=memorandum, form=form), status()


def _body(name: str) -> Organisation | None:
    """The body whose number the address gives, if it is one."""
    number = request.args.get(name, type=int)
    if number is None or not 0 < number <= HIGHEST_ID:
        return None
    return db.session.get(Organisation, number)
