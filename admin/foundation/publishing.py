"""Proposals, approvals and revisions."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

from flask import flash, redirect
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from sqlalchemy import select
from wtforms import BooleanField

from admin import forms
from admin.asking import asks
from admin.base import Answer, StaffPage, answered_yes, carried_out, committed, page_number, status
from admin.differences import in_words
from admin.powers.drafts import issuers
from admin.powers.whose import of_places
from admin.proof import asked_anew
from portal import clock
from portal.db import db
from portal.downloads import download
from portal.errors import Forbidden, NotFound
from portal.foundation.files.service import path_of
from portal.foundation.publishing import queries, service
from portal.foundation.publishing.approvals import queries as papers
from portal.foundation.publishing.approvals import service as approvals
from portal.foundation.publishing.approvals.models import StampedApproval
from portal.foundation.publishing.models import Proposal, Revision
from portal.foundation.publishing.opinions import queries as opinions
from portal.foundation.publishing.opinions.models import OpinionRound
from portal.foundation.publishing.opinions.queries import Said
from portal.foundation.publishing.opinions.rules import Standing
from portal.foundation.publishing.registry import publishable
from portal.foundation.publishing.rules import ProposalState, RevisionState, Subject
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.foundation.runs.models import Run
from portal.foundation.runs.rules import RunState
from portal.powers.lists import service as lists
from portal.powers.lists.adjusting.touching import Consequence, consequences

PROPOSAL = "<int:proposal_id>"
APPROVAL = "<int:approval_id>"
REVISION = "<int:revision_id>"
PROPOSALS = 50
"""So many proposals stand on a page."""


class DecisionForm(forms.StaffForm):
    """A word on the decision; sending back needs one."""

    note = forms.text(_("意见"), longest=1000, required=False, hint=_("退回时必须写明要改什么。"))


class ClosingForm(forms.StaffForm):
    """Why a revision is to be closed."""

    reason = forms.text(_("原因"), longest=1000, hint=_("例如“含有个人信息”。公众会看到这个原因。"))


class ApprovalForm(forms.StaffForm):
    """The paper as it was signed and stamped."""

    file = FileField(
        _("批准件"),
        [FileRequired(_("请选择文件。"))],
        description=_("签字盖章的扫描件：PDF、PNG 或者 JPEG，不超过 20 MB。"),
    )
    public = BooleanField(_("公众也可以看"))


class ProposalsPage(StaffPage):
    """What was put forward, by whom, and what became of it."""

    key = "proposals"
    title = _("送审与批准")
    section = "publishing"
    access = frozenset({Right.EDIT_LISTS, Right.APPROVE, Right.EDIT_PLACE})

    def _sees(self, proposal: Proposal) -> bool:
        """Approvers see their city's, auditors all; others what they could have put forward themselves (R-3)."""
        place = publishable(proposal.subject).owes(proposal.subject_id).place
        if may(self.account, Right.READ_ALL) or may(self.account, Right.APPROVE, place):
            return True
        try:
            publishable(proposal.subject).require(self.account, proposal.subject_id)
        except Forbidden:
            return False
        return True

    def _proposal(self, proposal_id: int) -> Proposal:
        proposal = db.session.get(Proposal, proposal_id)
        if proposal is None or not self._sees(proposal):
            raise NotFound("没有这份送审。")
        return proposal

    @expose("/")
    def index(self) -> Answer:
        """The newest, those that wait first."""
        seen = of_places(
            Proposal,
            issuers(self.account),
            issuers(self.account, (Right.EDIT_PLACE, Right.APPROVE, Right.READ_ALL)),
        )
        last = max(1, ceil(queries.how_many(seen) / PROPOSALS))
        page = page_number(last)
        found = queries.put_forward(seen, offset=(page - 1) * PROPOSALS, limit=PROPOSALS)
        return self.render("staff/proposals.html", proposals=found, page=page, last=last)

    @expose(f"/{PROPOSAL}/")
    def show(self, proposal_id: int) -> Answer:
        """What changes, in words, and the decision."""
        return self._page(self._proposal(proposal_id), DecisionForm())

    def _page(self, proposal: Proposal, form: DecisionForm, paper: ApprovalForm | None = None) -> Answer:
        account = self.account
        page = self.render(
            "staff/proposal.html",
            proposal=proposal,
            form=form,
            entries=in_words(proposal.difference),
            rounds=_rounds(proposal),
            consequences=_consequences(proposal),
            Standing=Standing,
            waits=proposal.state is ProposalState.PROPOSED,
            stuck=proposal.state is ProposalState.APPROVED
            and proposal.run is not None
            and proposal.run.state is RunState.FAILED,
            decides=may(account, Right.APPROVE) and proposal.proposed_by_id != account.id,
            own=proposal.proposed_by_id == account.id,
            reads_record=may(account, Right.READ_RECORD),
            papers=papers.of(proposal.id),
            paper=paper or ApprovalForm(formdata=None, prefix="paper"),
            attaches=may(account, Right.APPROVE)
            and proposal.state in (ProposalState.APPROVED, ProposalState.PUBLISHED),
        )
        return page, status()

    @expose(f"/{PROPOSAL}/approvals", methods=("POST",))
    @asks(Right.APPROVE)
    def attach(self, proposal_id: int) -> Answer:
        """Keep the stamped approval with the publication."""
        proposal, form = self._proposal(proposal_id), ApprovalForm(prefix="paper")
        if form.validate() and carried_out(form, lambda: self._attach(proposal, form)):
            return redirect(self.get_url(".show", proposal_id=proposal_id))
        return self._page(self._proposal(proposal_id), DecisionForm(formdata=None), form)

    def _attach(self, proposal: Proposal, form: Any) -> StampedApproval:
        handed: Any = form.file.data
        return approvals.attach(
            proposal,
            handed.stream,
            name=handed.filename or "",
            by=self.account,
            public=form.public.data,
        )

    @expose(f"/{PROPOSAL}/approvals/{APPROVAL}")
    def paper(self, proposal_id: int, approval_id: int) -> Any:
        """The stamped approval, to save."""
        found = self._paper(proposal_id, approval_id).file
        return download(path_of(found), name=found.name, media_type=found.media_type, sha256=found.sha256)

    @expose(f"/{PROPOSAL}/approvals/{APPROVAL}/show", methods=("POST",))
    @asks(Right.APPROVE)
    def show_paper(self, proposal_id: int, approval_id: int) -> Answer:
        """Let the public read it, or no longer."""
        found = self._paper(proposal_id, approval_id)
        committed(lambda: approvals.show(found, not found.public, by=self.account))
        return redirect(self.get_url(".show", proposal_id=proposal_id))

    def _paper(self, proposal_id: int, approval_id: int) -> StampedApproval:
        found = papers.one(self._proposal(proposal_id).id, approval_id)
        if found is None:
            raise NotFound("没有这个文件。")
        return found

    def _decide(self, proposal_id: int, verb: Callable[[str], object]) -> Answer:
        form = DecisionForm()
        proposal = self._proposal(proposal_id)
        if form.validate() and carried_out(form, lambda: verb(form.note.data)):
            return redirect(self.get_url(".show", proposal_id=proposal_id))
        return self._page(proposal, form)

    @expose(f"/{PROPOSAL}/approve", methods=("POST",))
    @asks(Right.APPROVE)
    @asked_anew
    def approve(self, proposal_id: int) -> Answer:
        """Approve as a second person; publishing goes on in the background."""

        def verb(note: str) -> Run:
            return service.approve(proposal_id, by=self.account, note=note)

        return self._decide(proposal_id, verb)

    @expose(f"/{PROPOSAL}/return", methods=("POST",))
    @asks(Right.APPROVE)
    def send_back(self, proposal_id: int) -> Answer:
        """Return it with what is to be put right."""

        def verb(note: str) -> Proposal:
            return service.send_back(proposal_id, by=self.account, note=note)

        return self._decide(proposal_id, verb)

    @expose(f"/{PROPOSAL}/withdraw", methods=("POST",))
    @asks(Right.EDIT_LISTS, Right.EDIT_PLACE)
    def withdraw(self, proposal_id: int) -> Answer:
        """Take it back before it is decided."""
        self._proposal(proposal_id)
        committed(lambda: service.withdraw(proposal_id, by=self.account))
        flash(gettext("已经撤回，可以继续修改。"), "success")
        return redirect(self.get_url(".show", proposal_id=proposal_id))


class RevisionsPage(StaffPage):
    """What was published; a grave mistake is closed by two people (P-3)."""

    key = "revisions"
    title = _("已公布的版本")
    section = "publishing"
    access = frozenset({Right.EDIT_LISTS, Right.APPROVE, Right.EDIT_PLACE})

    @expose("/")
    def index(self) -> Answer:
        """The newest fifty, those whose closing is asked for first."""
        found = sorted(queries.latest_changes(50), key=lambda each: not closing_waits(each))
        return self.render("staff/revisions.html", revisions=found)

    @expose(f"/{REVISION}/", methods=("GET", "POST"))
    @asks(Right.EDIT_LISTS, Right.EDIT_PLACE, reading=True)
    def show(self, revision_id: int) -> Answer:
        """One revision; a POST asks for its closing."""
        revision = self._revision(revision_id)
        form = ClosingForm()
        if form.validate_on_submit() and carried_out(
            form, lambda: service.ask_closing(revision_id, by=self.account, reason=form.reason.data)
        ):
            flash(gettext("已经申请关闭，等另一个人批准。"), "success")
            return redirect(self.get_url(".show", revision_id=revision_id))
        account = self.account
        facts: dict[str, Any] = {
            "waits": closing_waits(revision),
            "asks": may(account, Right.EDIT_LISTS) and revision.state is RevisionState.PUBLISHED,
            "reads_record": may(account, Right.READ_RECORD),
            "closes": may(account, Right.APPROVE) and revision.closing_asked_by_id != account.id,
        }
        entries = in_words(revision.difference) if revision.state is RevisionState.PUBLISHED else []
        page = self.render("staff/revision.html", revision=revision, form=form, entries=entries, **facts)
        return page, status()

    @expose(f"/{REVISION}/close", methods=("GET", "POST"))
    @asks(Right.APPROVE)
    @asked_anew
    def close(self, revision_id: int) -> Answer:
        """Asks first; only a POST with the answer yes closes the revision."""
        revision = self._revision(revision_id)
        form = forms.StaffForm()
        if answered_yes(form) and carried_out(form, lambda: service.close(revision_id, by=self.account)):
            flash(gettext("这一版已经关闭。"), "success")
            return redirect(self.get_url(".show", revision_id=revision_id))
        return self.render("staff/revision_close.html", revision=revision, form=form), status()

    @staticmethod
    def _revision(revision_id: int) -> Revision:
        found = db.session.scalar(
            select(Revision).where(Revision.id == revision_id, Revision.state.in_(queries.PUBLIC))
        )
        if found is None:
            raise NotFound("没有这一版。")
        return found


def _consequences(proposal: Proposal) -> list[Consequence]:
    """What the change touches, while it can still be decided otherwise."""
    if proposal.subject is not Subject.LIST or proposal.state is not ProposalState.PROPOSED:
        return []
    if proposal.rank is not None:
        # What held in the past touches nothing that anybody still has to do.
        return []
    return consequences(lists.get(proposal.subject_id), proposal.difference)


def _rounds(proposal: Proposal) -> list[tuple[OpinionRound, list[Said]]]:
    """What was asked about this change, with everybody's answers (P-5)."""
    today = clock.today()
    found = opinions.rounds(proposal.subject, proposal.subject_id, proposal.base_number)
    return [(each, opinions.said(each.opinions, today)) for each in found]


def closing_waits(revision: Revision) -> bool:
    """Whether somebody asked for the closing and nobody has decided."""
    return revision.state is RevisionState.PUBLISHED and revision.closing_asked_by_id is not None
