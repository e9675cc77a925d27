"""Plans of handing over: a place files its own, the reform office accepts or returns, everybody's at a glance (H-3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import flash, redirect
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import HiddenInput

from admin import forms
from admin.asking import asks
from admin.base import Answer, StaffPage, carried_out, status
from admin.labels import options
from admin.powers.drafts import own_or_missing
from admin.powers.lookups import LISTS
from portal import clock
from portal.downloads import download
from portal.errors import NotFound
from portal.foundation.accounts.queries import places_of
from portal.foundation.accounts.service import require
from portal.foundation.deadlines.rules import LONGEST, Counting, Terms
from portal.foundation.files.service import path_of
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.powers.handovers import queries, service
from portal.powers.handovers.models import HandoverCorrection, HandoverFiling, HandoverPlan, HandoverTerms
from portal.powers.handovers.queries import Handing, Standings, Table
from portal.powers.handovers.rules import Begin, Coverage, PlanState
from portal.site.seeing.tilemaps import shorter

PLAN = "<int:plan_id>"
FILING = f"{PLAN}/filings/<int:number>"


class FilingForm(forms.StaffForm):
    """The paper, and what goes with it."""

    file = FileField(
        _("方案文件"),
        [FileRequired(_("请选择文件。"))],
        description=_("盖章的扫描件或者电子文件，一个文件，不超过 20 MB；几份材料请打成一个压缩包。"),
    )
    note = forms.text(_("说明"), longest=1000, required=False)


class VerdictForm(forms.StaffForm):
    """What the reform office says."""

    words = forms.text(_("意见或者退回的理由"), longest=1000, required=False, hint=_("退回必须写理由。"))
    until = forms.DayField(_("改报的新期限"), hint=_("退回的时候才填；不填就还是原来的期限。"))


class TermsForm(forms.StaffForm):
    """What every place of a list files, and by when."""

    power_list = forms.LookupField(_("清单"), LISTS)
    paper = forms.text(_("报送什么"), longest=64, hint=_("照文件的说法，例如 承接落实方案。"))
    counting = forms.choice(_("期限怎么定"), options(Counting))
    on = forms.DayField(_("哪一天"), hint=_("文件写明日期的才填。"))
    amount = IntegerField(
        _("多少天"),
        [Optional(), NumberRange(1, LONGEST, _("请写 1 到 3660 之间的整数。"))],
        description=_("要数天数的才填。"),
    )
    counts_from = forms.choice(_("从哪天数起"), options(Begin), hint=_("当天不算，从第二天数起。"))
    basis = forms.text(_("依据"), longest=255, hint=_("文号、条款和原话。"))

    def validate(self, extra_validators: Any = None) -> bool:
        """A fixed day names its day, a period its length."""
        whole = bool(super().validate(extra_validators))
        fixed = self.counting.data is Counting.FIXED_DAY
        field, said = (self.on, _("请写明哪一天。")) if fixed else (self.amount, _("请写明多少天。"))
        if self.counting.errors or field.errors or field.data is not None:
            return whole
        field.errors = [said]
        return False

    def terms(self) -> Terms:
        """The terms as they are counted."""
        if self.counting.data is Counting.FIXED_DAY:
            return Terms.fixed(self.on.data)
        return Terms(self.counting.data, self.amount.data)


class CorrectionForm(TermsForm):
    """What the terms ought to have said, and why; `seen` is how often they had been put right when they were shown."""

    # Which paper of which list it is about, stays.
    power_list: Any = None
    paper: Any = None
    reason = forms.text(_("为什么更正"), longest=1000, hint=_("各地会看到，例如 抄错了文件写的日期。"))
    seen = IntegerField(widget=HiddenInput(), default=0)


class HandoversPage(StaffPage):
    """The coverage for the reform office, its own plans for a place, and each plan with all that was filed."""

    key = "handovers"
    title = _("承接方案")
    section = "deadlines"
    access = frozenset({Right.REVIEW_PLANS, Right.EDIT_PLACE})

    @expose("/")
    def index(self) -> Answer:
        """How far everybody is whose plans the visitor may see, and what waits for the visitor."""
        today = clock.today()
        tables = queries.tables(places_of(self.account), today)
        reviews = may(self.account, Right.REVIEW_PLANS)
        return self.render(
            "staff/handovers.html",
            today=today,
            tables=tables,
            waiting=_waiting(tables, Coverage.FILED) if reviews else _waiting(tables, *_TO_FILE),
            reviews=reviews,
            Coverage=Coverage,
            days_late=lambda each: (today - each.deadline.due_on).days,
            due=_due,
            short=lambda table, place: shorter(table.issuer.code, place.name),
        )

    @expose("/terms/new", methods=("GET", "POST"))
    @asks(Right.REVIEW_PLANS)
    def ask(self) -> Answer:
        """Write down what a list asks of its places."""
        require(self.account, Right.REVIEW_PLANS)
        form = TermsForm()
        if form.validate_on_submit() and carried_out(form, lambda: self._ask(form)):
            flash(gettext("已经保存。清单公布了的，各地已经开始计时。"), "success")
            return redirect(self.get_url(".index"))
        return self.render("staff/handover_terms.html", form=form), status()

    def _ask(self, form: Any) -> HandoverTerms:
        return service.set_terms(
            form.power_list.data,
            form.paper.data,
            form.terms(),
            counts_from=form.counts_from.data,
            basis=form.basis.data,
            by=self.account,
        )

    @expose("/terms/<int:terms_id>", methods=("GET", "POST"))
    @asks(Right.REVIEW_PLANS)
    def correct(self, terms_id: int) -> Answer:
        """Put right what was written down wrongly; what it said before stands below."""
        terms = queries.terms(terms_id)
        if terms is None:
            raise NotFound("没有这一页。")
        own_or_missing(terms, terms.power_list.place_id, "没有这一页。", (Right.REVIEW_PLANS,))
        form = CorrectionForm(**_standing(terms))
        if form.validate_on_submit() and carried_out(form, lambda: self._correct(terms, form)):
            flash(gettext("已经更正，还没办完的已经重新计算；期限变了的地方会收到通知。"), "success")
            return redirect(self.get_url(".index"))
        page = self.render(
            "staff/handover_correction.html", terms=terms, form=form, corrections=queries.corrections(terms)
        )
        return page, status()

    def _correct(self, terms: HandoverTerms, form: Any) -> HandoverCorrection:
        return service.correct_terms(
            terms,
            form.terms(),
            counts_from=form.counts_from.data,
            basis=form.basis.data,
            reason=form.reason.data,
            seen=form.seen.data or 0,
            by=self.account,
        )

    @expose(f"/{PLAN}/")
    def show(self, plan_id: int) -> Answer:
        """One plan: by when, whom the place has named, everything that was filed, and what can be done."""
        return self._page(self._plan(plan_id))

    def _plan(self, plan_id: int) -> HandoverPlan:
        own, plan = places_of(self.account), queries.get(plan_id)
        if plan is None or (own is not None and plan.place_id not in own):
            raise NotFound("没有这份方案，或者您不能看。")
        return plan

    def _page(self, plan: HandoverPlan, **given: forms.StaffForm) -> Answer:
        account, filings = self.account, queries.filings(plan)
        waits = filings[0] if filings and filings[0].verdict is None else None
        page = self.render(
            "staff/handover.html",
            plan=plan,
            list=plan.terms.power_list,
            stands=queries.stands(plan, queries.deadline_of(plan), clock.today()),
            today=clock.today(),
            handings=queries.handings(plan),
            filings=filings,
            kept=[Handing.kept(each) for each in filings[0].receivers] if filings else (),
            waits=waits,
            files=may(account, Right.EDIT_PLACE) and plan.state is not PlanState.ACCEPTED,
            decides=waits is not None
            and may(account, Right.REVIEW_PLANS)
            and waits.filed_by_id != account.id,
            form=given.get("file") or FilingForm(formdata=None, prefix="file"),
            verdict=given.get("verdict") or VerdictForm(formdata=None, prefix="verdict"),
        )
        return page, status()

    @expose(f"/{PLAN}/file", methods=("POST",))
    @asks(Right.EDIT_PLACE)
    def file(self, plan_id: int) -> Answer:
        """Hand the paper in."""
        plan, form = self._plan(plan_id), FilingForm(prefix="file")
        if form.validate() and carried_out(form, lambda: self._file(plan, form)):
            flash(gettext("已经报送，等审核。"), "success")
            return redirect(self.get_url(".show", plan_id=plan_id))
        return self._page(self._plan(plan_id), file=form)

    def _file(self, plan: HandoverPlan, form: Any) -> HandoverFiling:
        handed: Any = form.file.data
        return service.file(
            plan, handed.stream, name=handed.filename or "", note=form.note.data, by=self.account
        )

    @expose(f"/{FILING}/accept", methods=("POST",))
    @asks(Right.REVIEW_PLANS)
    def accept(self, plan_id: int, number: int) -> Answer:
        """Accept what was filed."""

        def verb(filing: HandoverFiling, words: str, _until: date | None) -> object:
            return service.accept(filing, note=words, by=self.account)

        return self._decide(plan_id, number, verb, gettext("已经认可。"))

    @expose(f"/{FILING}/return", methods=("POST",))
    @asks(Right.REVIEW_PLANS)
    def send_back(self, plan_id: int, number: int) -> Answer:
        """Return it with reasons."""

        def verb(filing: HandoverFiling, words: str, until: date | None) -> object:
            return service.send_back(filing, reasons=words, until=until, by=self.account)

        return self._decide(plan_id, number, verb, gettext("已经退回。"))

    def _decide(self, plan_id: int, number: int, verb: Callable[..., object], said: str) -> Answer:
        plan, form = self._plan(plan_id), VerdictForm(prefix="verdict")
        filing = self._filing(plan, number)
        if form.validate() and carried_out(form, lambda: verb(filing, form.words.data, form.until.data)):
            flash(said, "success")
            return redirect(self.get_url(".show", plan_id=plan_id))
        return self._page(self._plan(plan_id), verdict=form)

    def _filing(self, plan: HandoverPlan, number: int) -> HandoverFiling:
        filing = queries.filing(plan, number)
        if filing is None:
            raise NotFound("没有这次报送。")
        return filing

    @expose(f"/{FILING}/file")
    def paper(self, plan_id: int, number: int) -> Any:
        """The paper as it was handed in, to save."""
        found = self._filing(self._plan(plan_id), number).file
        return download(path_of(found), name=found.name, media_type=found.media_type, sha256=found.sha256)


def _standing(terms: HandoverTerms) -> dict[str, Any]:
    """What the form holds at first: the terms as they stand."""
    return {
        "counting": terms.counting,
        "on": terms.fixed_on,
        "amount": terms.amount or None,
        "counts_from": terms.counts_from,
        "basis": terms.basis,
        "seen": len(queries.corrections(terms)),
    }


def _due(table: Table, terms: HandoverTerms) -> date | None:
    """The day that all share: of one place alone its own, else what the document names, if anything."""
    cells = table.rows[0][1]
    own = cells[terms.id].deadline if len(table.rows) == 1 and terms.id in cells else None
    return own.due_on if own else terms.fixed_on


_TO_FILE = (Coverage.LATE, Coverage.RETURNED, Coverage.UNDER_WAY)


def _waiting(tables: list[Table], *wanted: Coverage) -> list[Standings]:
    """The plans that are so far, the first due first."""
    every = (each for table in tables for _place, cells in table.rows for each in cells.values())
    found = [each for each in every if each.coverage in wanted]
    return sorted(found, key=lambda each: (each.deadline.due_on if each.deadline else date.max, each.plan.id))
