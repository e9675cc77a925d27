"""Periodic reviews: a department says of each of its matters how it works, the reform office how often (P-9)."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

from flask import flash, redirect, request
from flask_admin import expose
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from sqlalchemy import Select
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from admin import forms
from admin.asking import asks
from admin.base import Answer, StaffPage, carried_out, page_number, status
from admin.labels import options
from admin.powers.drafts import own_or_missing, seen_list, seen_lists
from portal import clock
from portal.errors import NotFound
from portal.foundation.accounts.queries import bodies_of
from portal.foundation.accounts.service import require
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.powers.lists.models import Delegation, PowerList, PublishedMatter
from portal.powers.reviews import adjusting, queries, service
from portal.powers.reviews.models import Review
from portal.powers.reviews.rules import LONGEST_MONTHS, Outcome, ReviewState, Said

REVIEW = "<int:review_id>"
TERMS = "terms/<int:list_id>"
SIZE = 50
"""No unit has this id: whoever belongs to none sees no unit's reviews."""

WHOLE = _("请写 0 以上的整数。")


class IntervalForm(forms.StaffForm):
    """How often."""

    months = IntegerField(
        _("间隔多少个月"),
        [InputRequired(forms.REQUIRED), NumberRange(1, LONGEST_MONTHS, _("请写 1 到 60 之间的整数。"))],
        description=_("从上一次报送算起；第一次从清单生效那天算起。"),
    )
    basis = forms.text(_("依据"), longest=255, required=False, hint=_("文号、条款和原话。"))


class StartForm(forms.StaffForm):
    """By when everybody is to file."""

    on = forms.DayField(_("哪天以前报送"), required=True)


class ReviewsPage(StaffPage):
    """What is to be filed and what was, a form with a row for each matter, and how often each list is reviewed."""

    key = "reviews"
    title = _("定期评估")
    section = "deadlines"
    access = frozenset({Right.MANAGE_REVIEWS, Right.FILE_REVIEWS})

    @property
    def _units(self) -> Select[int] | None:
        """A statement for the departments whose reviews the visitor sees: None for everybody's."""
        return None if may(self.account, Right.READ_ALL) else bodies_of(self.account, Right.FILE_REVIEWS)

    @expose("/")
    def index(self) -> Answer:
        """What is to be filed, or with `?part=filed` what was, page by page."""
        state = ReviewState.FILED if request.args.get("part") == "filed" else ReviewState.DUE
        counts = {each: queries.size_of(each, self._units) for each in (ReviewState.DUE, ReviewState.FILED)}
        last = max(1, ceil(counts[state] / SIZE))
        page = page_number(last)
        return self.render(
            "staff/reviews.html",
            part=queries.part(state, self._units, page, SIZE),
            state=state,
            counts=counts,
            page=page,
            last=last,
            today=clock.today(),
            Outcome=Outcome,
            manages=may(self.account, Right.MANAGE_REVIEWS),
        )

    @expose(f"/{REVIEW}/")
    def show(self, review_id: int) -> Answer:
        """One review: by when, and what was said of each matter."""
        review = self._review(review_id)
        return self.render(
            "staff/review.html",
            review=review,
            deadline=queries.deadlines_of([review]).get(review.id),
            counts=queries.outcomes([review])[review.id],
            today=clock.today(),
            Outcome=Outcome,
            files=review.state is ReviewState.DUE and service.may_file(self.account, review),
            adjusts=may(self.account, Right.EDIT_LISTS, review.power_list.place),
            KEEP=Outcome.KEEP,
        )

    @expose(f"/{REVIEW}/lines/<int:line_id>/adjust", methods=("POST",))
    @asks(Right.EDIT_LISTS)
    def adjust(self, review_id: int, line_id: int) -> Answer:
        """Open the adjustment that the review asks for, with its reason, and go to the matter's form."""
        review, sentence = self._review(review_id), "没有这次评估，或者您不能看。"
        own_or_missing(review, review.power_list.place_id, sentence, (Right.EDIT_LISTS,))
        line = queries.line(review, line_id)
        if line is None:
            raise NotFound("这次评估里没有这一项。")
        form, rows = forms.StaffForm(), list[Delegation]()
        if form.validate() and carried_out(
            form, lambda: rows.append(adjusting.open_adjustment(line, by=self.account))
        ):
            flash(gettext("理由和依据已经照评估写好，请在这里改这一项。"), "success")
            return redirect(self.get_url("delegations.edit_view", id=rows[0].id))
        for fault in form.form_errors:
            flash(fault, "error")
        return redirect(self.get_url(".show", review_id=review_id))

    def _review(self, review_id: int) -> Review:
        review, account = queries.get(review_id), self.account
        if review is None or not (
            may(account, Right.READ_ALL) or may(account, Right.FILE_REVIEWS, organisation=review.organisation)
        ):
            raise NotFound("没有这次评估，或者您不能看。")
        return review

    @expose(f"/{REVIEW}/form", methods=("GET", "POST"))
    @asks(Right.FILE_REVIEWS)
    def fill(self, review_id: int) -> Answer:
        """A row for each matter; all stay as they are unless said otherwise."""
        review = self._review(review_id)
        if request.method == "GET" and review.state is not ReviewState.DUE:
            return redirect(self.get_url(".show", review_id=review_id))
        matters = queries.matters(review)
        form = _form(matters)
        if form.validate_on_submit() and carried_out(form, lambda: self._file(review, form, matters)):
            flash(gettext("已经报送。下一次评估从今天起计时。"), "success")
            return redirect(self.get_url(".show", review_id=review_id))
        page = self.render(
            "staff/review_form.html", form=form, review=self._review(review_id), matters=matters
        )
        return page, status()

    def _file(self, review: Review, form: Any, matters: Sequence[PublishedMatter]) -> Review:
        said = {each.matter_id: _said(form, each.matter_id) for each in matters}
        return service.file(review, said, by=self.account, note=form.note.data)

    @expose("/terms/")
    @asks(Right.MANAGE_REVIEWS)
    def intervals(self) -> Answer:
        """How often each list is reviewed."""
        every = [(each, queries.terms_of(each.id)) for each in seen_lists()]
        return self.render("staff/review_intervals.html", every=every)

    @expose(f"/{TERMS}", methods=("GET", "POST"))
    @asks(Right.MANAGE_REVIEWS)
    def interval(self, list_id: int) -> Answer:
        """Set how often one list is reviewed."""
        power_list = self._list(list_id)
        form = IntervalForm(obj=queries.terms_of(list_id))
        if form.validate_on_submit() and carried_out(form, lambda: self._set(power_list, form)):
            flash(gettext("已经保存。等填写的评估，期限已经照新的间隔定。"), "success")
            return redirect(self.get_url(".intervals"))
        return self._terms(power_list, form, StartForm(formdata=None))

    def _set(self, power_list: PowerList, form: Any) -> object:
        return service.set_interval(power_list, form.months.data, basis=form.basis.data, by=self.account)

    @expose(f"/{TERMS}/start", methods=("POST",))
    @asks(Right.MANAGE_REVIEWS)
    def start(self, list_id: int) -> Answer:
        """Ask every department of a list for a review by a day."""
        power_list, form = self._list(list_id), StartForm()
        made: list[int] = []
        if form.validate() and carried_out(form, lambda: made.append(self._start(power_list, form))):
            flash(ngettext("%(num)s 个单位要报。", "%(num)s 个单位要报。", made[0]), "success")
            return redirect(self.get_url(".index"))
        return self._terms(power_list, IntervalForm(formdata=None, obj=queries.terms_of(list_id)), form)

    def _start(self, power_list: PowerList, form: Any) -> int:
        return service.start(power_list, form.on.data, by=self.account)

    def _terms(self, power_list: PowerList, form: forms.StaffForm, start: forms.StaffForm) -> Answer:
        return self.render("staff/review_terms.html", list=power_list, form=form, start=start), status()

    def _list(self, list_id: int) -> PowerList:
        require(self.account, Right.MANAGE_REVIEWS)
        return seen_list(list_id)


def _form(matters: Sequence[PublishedMatter]) -> Any:
    """A form with four fields for each matter, named by its id, and a note on all of them."""
    fields: dict[str, Any] = {}
    for each in matters:
        row = gettext("第 %(seq)s 项", seq=each.seq)
        fields[f"outcome_{each.matter_id}"] = forms.choice(f"{row} {gettext('建议')}", options(Outcome))
        fields[f"volume_{each.matter_id}"] = IntegerField(
            f"{row} {gettext('办件量')}", [Optional(), NumberRange(0, service.MOST_CASES, WHOLE)]
        )
        for name, label in (("problems", gettext("存在的问题")), ("note", gettext("说明"))):
            fields[f"{name}_{each.matter_id}"] = forms.text(f"{row} {label}", longest=1000, required=False)
    fields["note"] = forms.text(_("总的说明"), longest=1000, required=False)
    return type("ReviewForm", (forms.StaffForm,), fields)()


def _said(form: Any, matter_id: int) -> Said:
    return Said(
        outcome=form[f"outcome_{matter_id}"].data,
        volume=form[f"volume_{matter_id}"].data,
        problems=form[f"problems_{matter_id}"].data or "",
        note=form[f"note_{matter_id}"].data or "",
    )
