"""Verbs on stamped approvals: keep one with its publication, show it to the public or no longer (P-5)."""

from __future__ import annotations

from typing import BinaryIO

from flask import current_app

from portal.db import db
from portal.errors import Conflict, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.files import service as files
from portal.foundation.publishing.approvals.models import StampedApproval
from portal.foundation.publishing.approvals.rules import LONGEST_MARK, kind_of
from portal.foundation.publishing.models import Proposal
from portal.foundation.publishing.registry import publishable
from portal.foundation.publishing.rules import ProposalState
from portal.foundation.rights.rules import Right


def attach(
    proposal: Proposal, content: BinaryIO, *, name: str, by: Account, public: bool = False
) -> StampedApproval:
    """Keep a scan (PDF, PNG or JPEG, told by its content) with what it approved.

    Forbidden without APPROVE for the place; Conflict before it is approved; Refused for another kind of file.
    """
    _require(proposal, by)
    if proposal.state not in (ProposalState.APPROVED, ProposalState.PUBLISHED):
        raise Conflict("还没有批准，不能附批准件。", code="state")
    kind = kind_of(content.read(LONGEST_MARK))
    content.seek(0)
    if kind is None:
        raise Refused("批准件要是 PDF、PNG 或者 JPEG 文件。")
    kept = files.store(content, name=name, media_type=kind, limit=current_app.config["REMIT"].upload_limit)
    made = StampedApproval(proposal=proposal, file=kept, public=public, added_by=by)
    db.session.add(made)
    db.session.flush()
    return made


def show(approval: StampedApproval, public: bool, *, by: Account) -> StampedApproval:
    """Let the public read it, or no longer. Forbidden without APPROVE for the place."""
    _require(approval.proposal, by)
    approval.public = public
    db.session.flush()
    return approval


def _require(proposal: Proposal, by: Account) -> None:
    require(by, Right.APPROVE, publishable(proposal.subject).owes(proposal.subject_id).place.id)
