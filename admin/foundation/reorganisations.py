"""撤并: places and bodies renamed, merged, split, ended; what hangs on them is shown before anything is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request
from flask_admin import expose
from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from admin import forms
from admin.asking import asks
from admin.base import Answer, StaffPage, carried_out, status
from admin.foundation.lookups import ORGANISATIONS, PLACES
from admin.foundation.sharing import ShareForm, share_form
from portal import clock
from portal.db import db
from portal.errors import NotFound
from portal.foundation.accounts.queries import places_of
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.queries import of_place
from portal.foundation.places.models import Place
from portal.foundation.reorganisations import hanging, queries, service
from portal.foundation.reorganisations.models import Reorganisation
from portal.foundation.reorganisations.registry import Subject
from portal.foundation.reorganisations.rules import called_after
from portal.foundation.reorganisations.service import Decision, Share
from portal.foundation.rights.rules import Right

RIGHTS = (Right.MANAGE_ORGANISATIONS, Right.EDIT_PLACE)
SUBJECT = "<any(place, body):what>/<int:subject_id>"
MOST_SUCCESSORS = 4
NEWEST = 50


class ChooseForm(forms.StaffForm):
    """Which place or body it is about."""

    place = forms.LookupField(_("地方"), PLACES, required=False)
    body = forms.LookupField(_("机构"), ORGANISATIONS, required=False)


class DecisionForm(forms.StaffForm):
    """From when on, why, and by which document."""

    on = forms.DayField(_("从哪天起"), required=True, hint=_("写成 2021-06-15；不能晚于今天。"))
    reason = TextAreaField(_("理由"), [InputRequired(forms.REQUIRED), Length(max=2000, message=forms.LONG)])
    basis = forms.text(_("依据"), longest=255, hint=_("文件和条款，例如：国函〔2013〕121号第一条。"))

    def decision(self) -> Decision:
        """As the verbs take it."""
        return Decision(self.on.data, self.reason.data, self.basis.data)


class RenameForm(DecisionForm):
    """Another name."""

    name = forms.text(_("新名称"), longest=128)


@dataclass(frozen=True)
class Called:
    """What one of a place's bodies would be called, and whether it is renamed with the place."""

    body: Organisation
    name: str
    ticked: bool


class _Successors(DecisionForm):
    """Who goes on with it: nobody, one, or several."""

    def successors(self) -> list[Any]:
        """Those that were named, in their order."""
        fields = (getattr(self, f"to{number}") for number in range(1, MOST_SUCCESSORS + 1))
        return [field.data for field in fields if field.data is not None]


def _ending_form(lookup: forms.Lookup) -> type[_Successors]:
    """The form with fields for successors of one sort."""
    hints = {1: _("并入一家，只写一家；拆分的，写几家；没有接手的，一家也不写。")}
    fields = {
        f"to{number}": forms.LookupField(
            _("接手的第 %(number)d 家", number=number), lookup, required=False, hint=hints.get(number, "")
        )
        for number in range(1, MOST_SUCCESSORS + 1)
    }
    return type("EndForm", (_Successors,), fields)


ENDING = {"place": _ending_form(PLACES), "body": _ending_form(ORGANISATIONS)}


class ReorganisationsPage(StaffPage):
    """What was reorganised, and doing so."""

    key = "reorganisations"
    title = _("撤并")
    section = "bodies"
    access = frozenset(RIGHTS)

    @expose("/", methods=("GET", "POST"))
    @asks(*RIGHTS, reading=True)
    def index(self) -> Answer:
        """What was done last, and choosing the place or body that it is about."""
        form = ChooseForm()
        if form.validate_on_submit():
            if form.place.data is not None:
                return redirect(self.get_url(".show", what="place", subject_id=form.place.data.id))
            if form.body.data is not None:
                return redirect(self.get_url(".show", what="body", subject_id=form.body.data.id))
            form.form_errors.append(_("请写一个地方，或者一个机构。"))
        page = self.render("staff/reorganisations.html", form=form, newest=self._newest())
        return page, status()

    @expose(f"/{SUBJECT}/")
    def show(self, what: str, subject_id: int) -> Answer:
        """What hangs on one place or body, what will become of it, and what was done before."""
        subject = self._subject(what, subject_id)
        return self.render(
            "staff/reorganisation.html",
            subject=subject,
            what=what,
            found=hanging.found(subject) if subject.ended_on is None else [],
            left=hanging.left(subject),
            past=queries.of(subject),
        )

    @expose(f"/{SUBJECT}/rename", methods=("GET", "POST"))
    @asks(*RIGHTS)
    def rename(self, what: str, subject_id: int) -> Answer:
        """Another name from a day on; of a place it is asked first which of its bodies are renamed with it."""
        subject = self._subject(what, subject_id)
        form = RenameForm(on=clock.today(), name=subject.name)
        asked, former, seen = form.validate_on_submit(), subject.name, request.form.get("seen", "")
        shown = form.name.data if asked or (seen and not form.name.errors) else seen
        bodies = _called(subject, shown, seen) if shown else []
        agreed = asked and (not bodies or seen == shown)
        if agreed and carried_out(form, lambda: self._renamed(form, subject, bodies)):
            flash(_("已经改名，原名还查得到。"), "success")
            return redirect(self.get_url(".show", what=what, subject_id=subject_id))
        return self.render(
            "staff/reorganisation_rename.html",
            form=form,
            name=former,
            what=what,
            subject_id=subject_id,
            bodies=bodies,
            shown=shown,
            first=not bodies and _has_bodies(subject),
        ), status() if form.errors else 200

    def _renamed(self, form: RenameForm, subject: Subject, bodies: Sequence[Called]) -> Reorganisation:
        along = [(each.body, each.name) for each in bodies if each.ticked]
        return service.rename(subject, form.name.data, form.decision(), along, by=self.account)

    @expose(f"/{SUBJECT}/end", methods=("GET", "POST"))
    @asks(*RIGHTS)
    def end(self, what: str, subject_id: int) -> Answer:
        """Ask for the successors first, then show what passes to whom, and do it on the second answer."""
        subject = self._subject(what, subject_id)
        form = ENDING[what](on=clock.today())
        asked, heirs = form.validate_on_submit(), form.successors()
        seen = "-".join(str(each.id) for each in heirs)
        # Who changes the successors is shown anew what passes to whom.
        second = request.form.get("seen") == seen
        share = share_form(subject, heirs) if len(heirs) > 1 and (asked or second) else None
        if asked and second and self._ended(form, subject, heirs, share):
            flash(_("已经办妥，接手的和有关的单位都收到了通知。"), "success")
            return redirect(self.get_url(".show", what=what, subject_id=subject_id))
        return self.render(
            "staff/reorganisation_end.html",
            form=form,
            subject=subject,
            what=what,
            asked=asked or second,
            heirs=heirs,
            seen=seen,
            share=share,
            found=hanging.found(subject),
        ), status() if form.errors or (share and share.errors) else 200

    def _ended(self, form: Any, subject: Subject, heirs: Sequence[Any], share: ShareForm | None) -> bool:
        """Whether it was agreed to and done; what is missing is said on the form."""
        if share is not None and not share.validate():
            return False
        if request.form.get("answer") != "yes":
            form.form_errors.append(_("还没有办：看过下面各项以后，请勾上最后的方框。"))
            return False
        given = share.share() if share is not None else Share()
        return carried_out(form, lambda: service.end(subject, heirs, form.decision(), given, by=self.account))

    def _newest(self) -> Sequence[Reorganisation]:
        """What was done last where one of the rights reaches (R-3)."""
        reached: set[int] = set()
        for right in RIGHTS:
            own = places_of(self.account, right)
            if own is None:
                return queries.newest(NEWEST, None)
            reached |= own
        return queries.newest(NEWEST, reached)

    def _subject(self, what: str, subject_id: int) -> Subject:
        """The place or body, if this person may reorganise it; NotFound otherwise, as if there were none."""
        found: Subject | None = (
            db.session.get(Place, subject_id) if what == "place" else db.session.get(Organisation, subject_id)
        )
        if found is None or not service.allowed(self.account, found):
            raise NotFound("没有这个地方或者机构，或者您不能办它的撤并。")
        return found


def _has_bodies(subject: Subject) -> bool:
    return isinstance(subject, Place) and bool(of_place(subject))


def _called(subject: Subject, name: str, seen: str) -> list[Called]:
    """What a place's bodies may be called with its new name.

    Where they were shown already, with the name `seen`, everything stays as it was ticked and typed; what was left as
    it was offered follows the new name.
    """
    if not isinstance(subject, Place):
        return []
    found = []
    for body in of_place(subject):
        usual = called_after(body.name, subject.name, name)
        if not seen:
            found.append(Called(body, usual, ticked=usual != body.name))
            continue
        offered = called_after(body.name, subject.name, seen)
        typed = request.form.get(f"called:{body.id}", offered).strip()
        called = usual if typed == offered else typed
        found.append(Called(body, called, ticked=f"along:{body.id}" in request.form))
    return found
