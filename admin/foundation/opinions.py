"""Asking around before something is put forward, and answering (P-5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import TextAreaField
from wtforms.validators import Length

from admin import forms
from admin.asking import asks
from admin.base import DRAFTS, SIGNED_IN, Answer, StaffPage, carried_out, status
from admin.differences import in_words
from admin.foundation.lookups import ORGANISATIONS
from admin.labels import options
from admin.powers.drafts import seen_list
from portal import clock
from portal.db import db
from portal.downloads import download
from portal.errors import NotFound
from portal.foundation.files.service import path_of
from portal.foundation.organisations.models import Organisation
from portal.foundation.publishing.opinions import queries, service
from portal.foundation.publishing.opinions.models import Opinion, OpinionRound
from portal.foundation.publishing.opinions.rules import Stance, Standing
from portal.foundation.publishing.registry import publishable
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.powers.handovers.opening import owing
from portal.powers.lists.models import PowerList

OPINION = "<int:opinion_id>"
ROUND = "rounds/<int:round_id>"


class AskForm(forms.StaffForm):
    """Whom to ask, until when."""

    bodies = forms.TicksField(_("征求哪些单位的意见"), coerce=int)
    other = forms.LookupField(
        _("另外的单位"), ORGANISATIONS, required=False, hint=_("上面没有的，在这里写，一次一个。")
    )
    until = forms.DayField(
        _("哪天以前回复"), hint=_("写成 2026-03-20；到期不回复的，记为未回复。"), required=True
    )
    question = TextAreaField(_("想问什么"), [Length(max=2000, message=forms.LONG)])


class AnswerForm(forms.StaffForm):
    """What the body says."""

    stance = forms.choice(_("意见"), options(Stance))
    words = TextAreaField(
        _("理由或者建议"),
        [Length(max=4000, message=forms.LONG)],
        description=_("不同意或者有建议的，一定要写。"),
    )
    file = FileField(_("文件"), description=_("有盖章的复函可以附上，一个文件，不超过 20 MB。"))


class OpinionsPage(StaffPage):
    """What we were asked, and, for whoever puts forward or approves, what everybody said."""

    key = "opinions"
    title = _("征求意见")
    section = "publishing"
    access = SIGNED_IN

    def _sees(self, asked: OpinionRound) -> bool:
        """Whoever could put it forward or approve it sees what everybody said, auditors too (R-3)."""
        return bool(self._seen([asked]))

    def _seen(self, rounds: Sequence[OpinionRound]) -> list[OpinionRound]:
        """Those of many that the visitor sees, by one query a kind of thing that is published."""
        asked: dict[Subject, set[int]] = {}
        for each in rounds:
            asked.setdefault(each.subject, set()).add(each.subject_id)
        places = {subject: publishable(subject).places(ids) for subject, ids in asked.items()}
        wanted = (Right.EDIT_LISTS, Right.APPROVE, Right.READ_ALL)
        return [
            each
            for each in rounds
            if (place := places[each.subject].get(each.subject_id))
            and any(may(self.account, right, place) for right in wanted)
        ]

    @expose("/")
    def index(self) -> Answer:
        """What waits for our answer, and the askings of everybody for whoever may see them."""
        today = clock.today()
        rounds = self._seen(queries.newest_rounds())
        return self.render(
            "staff/opinions.html",
            mine=queries.said(queries.asked_of(self.account), today),
            rounds=queries.said_in(rounds, today),
            asks=any(may(self.account, right) for right in DRAFTS),
            Standing=Standing,
        )

    @expose(f"/{ROUND}/")
    def round(self, round_id: int) -> Answer:
        """One asking: what was shown, and what everybody said."""
        found = db.session.get(OpinionRound, round_id)
        if found is None or not self._sees(found):
            raise NotFound("没有这次征求意见，或者您不能看。")
        return self.render(
            "staff/opinion_round.html",
            round=found,
            said=queries.said(found.opinions, clock.today()),
            counts=found.difference,
            entries=in_words(found.difference),
            Standing=Standing,
        )

    @expose("/ask/<int:list_id>", methods=("GET", "POST"))
    @asks(Right.EDIT_LISTS)
    def ask(self, list_id: int) -> Answer:
        """Ask about a list's working copy."""
        power_list, form = seen_list(list_id), AskForm()
        form.bodies.choices = _offered(power_list)
        made: list[OpinionRound] = []
        if form.validate_on_submit() and carried_out(form, lambda: made.append(self._ask(list_id, form))):
            flash(gettext("已经发出，各单位会收到通知。"), "success")
            return redirect(self.get_url(".round", round_id=made[0].id))
        back = self.get_url("lists.show", list_id=list_id)
        page = self.render(
            "staff/adjust.html",
            form=form,
            heading=gettext("征求意见"),
            lead=power_list.title,
            button=gettext("发出"),
            back=back,
        )
        return page, status()

    def _ask(self, list_id: int, form: Any) -> OpinionRound:
        ticked = [db.session.get_one(Organisation, key) for key in form.bodies.data or ()]
        bodies = [*ticked, *([form.other.data] if form.other.data else [])]
        return service.ask(
            Subject.LIST,
            list_id,
            bodies,
            form.until.data,
            by=self.account,
            question=form.question.data or "",
        )

    @expose(f"/{OPINION}/", methods=("GET", "POST"))
    @asks(Right.GIVE_OPINIONS, reading=True)
    def show(self, opinion_id: int) -> Answer:
        """What a body was asked; a POST is its answer."""
        opinion = self._opinion(opinion_id)
        (said,) = queries.said([opinion], clock.today())
        form = AnswerForm()
        if form.validate_on_submit() and carried_out(form, lambda: self._answer(opinion, form)):
            flash(gettext("已经回复，谢谢。"), "success")
            return redirect(self.get_url(".show", opinion_id=opinion_id))
        page = self.render(
            "staff/opinion.html",
            said=said,
            opinion=opinion,
            form=form,
            counts=opinion.round.difference,
            entries=in_words(opinion.round.difference),
            answers=queries.may_answer(self.account, opinion) and opinion.stance is None,
            whole=self._sees(opinion.round),
            Standing=Standing,
        )
        return page, status()

    def _answer(self, opinion: Opinion, form: Any) -> Opinion:
        handed: Any = form.file.data
        return service.answer(
            opinion,
            form.stance.data,
            form.words.data or "",
            by=self.account,
            file=handed.stream if handed else None,
            name=(handed.filename or "") if handed else "",
        )

    def _opinion(self, opinion_id: int) -> Opinion:
        found = queries.get(opinion_id)
        if found is None or not (self._sees(found.round) or queries.may_answer(self.account, found)):
            raise NotFound("没有这次征求意见，或者您不能看。")
        return found

    @expose(f"/{OPINION}/file")
    def file(self, opinion_id: int) -> Any:
        """The file that came with an answer, to save."""
        found = self._opinion(opinion_id).file
        if found is None:
            raise NotFound("没有这个文件。")
        return download(path_of(found), name=found.name, media_type=found.media_type, sha256=found.sha256)


def _offered(power_list: PowerList) -> list[Any]:
    """The bodies of the list's places, and the departments whose matters are in it."""
    bodies = owing([place.id for place in power_list.scope.members])
    places = [bodies[place.id] for place in power_list.scope.members if place.id in bodies]
    own = {row.matter.organisation for row in power_list.delegations if row.matter.organisation}
    every = dict.fromkeys([*places, *sorted(own, key=lambda each: each.id)])
    return forms.choices([(each.id, each.name) for each in every])
