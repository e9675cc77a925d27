"""Verbs on memoranda: found one, write it, attach the signed paper, agree or return it, end it (Y-3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from flask import current_app
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.files import service as files
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.places.models import Place
from portal.foundation.publishing.approvals.rules import LONGEST_MARK, kind_of
from portal.foundation.publishing.rules import Subject
from portal.foundation.publishing.service import bound
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.powers.matters.models import Matter
from portal.powers.memoranda import queries, renewing, telling
from portal.powers.memoranda.models import Memorandum, MemorandumAnswer, MemorandumMatter
from portal.powers.memoranda.rules import (
    LONGEST_SENTENCE,
    MOST_DAYS,
    Party,
    Push,
    Wording,
    names_a_person,
)


def found(bureau: Organisation, department: Organisation, *, by: Account) -> Memorandum:
    """A new memorandum between an approval bureau and a department, still empty.

    Forbidden without EDIT_DUTIES for one of the two; Refused when the first is no approval bureau, for one body twice,
    for one that has ended, and for a department that is neither of the bureau's place nor of one above it; Conflict
    when the two have one.
    """
    _require_either(by, bureau, department)
    if bureau.kind is not OrganisationKind.APPROVAL_BUREAU:
        raise Refused("“%(name)s”不是行政审批服务局。", name=bureau.name)
    if department is bureau or department.kind is OrganisationKind.APPROVAL_BUREAU:
        raise Refused("另一方要是行业主管部门，不是行政审批服务局。")
    for body in (bureau, department):
        if body.ended_on is not None:
            raise Refused("“%(name)s”已经撤销。", name=body.name)
    if not _near(bureau, department):
        raise Refused(
            "“%(name)s”不是%(place)s或者它上级的部门。", name=department.name, place=bureau.place.name
        )
    memorandum = Memorandum(bureau=bureau, department=department)
    try:
        with db.session.begin_nested():
            db.session.add(memorandum)
    except IntegrityError:
        raise Conflict("这两个单位已经有一份备忘录。", code="present") from None
    return memorandum


def write(
    memorandum: Memorandum, wording: Wording, matters: Iterable[Matter] = (), *, by: Account
) -> Memorandum:
    """Write what it says; whatever changes makes a new wording, of which neither body has spoken yet.

    The matters count only where it does not cover all. Forbidden without EDIT_DUTIES for one of the two; Conflict when
    it is put forward or has ended; Refused for a term that ends before it begins, for days out of reach, for texts too
    long, and for a contact that holds a mobile number (R-1).
    """
    _require_either(by, memorandum.bureau, memorandum.department)
    _changeable(memorandum)
    _sound(wording)
    chosen = {} if wording.every_matter else {each.id: each for each in matters}
    before = queries.wording_of(memorandum), {each.matter_id for each in memorandum.chosen}
    if before == (wording, set(chosen)):
        return memorandum
    memorandum.boundary = wording.boundary
    memorandum.pushes = [each.stored() for each in wording.pushes]
    memorandum.supports = {
        key.value: {"doer": share.doer.value, "sentence": share.sentence}
        for key, share in wording.supports.items()
    }
    memorandum.every_matter = wording.every_matter
    memorandum.valid_from, memorandum.valid_until = wording.valid_from, wording.valid_until
    memorandum.bureau_contact = wording.bureau_contact
    memorandum.department_contact = wording.department_contact
    kept = [each for each in memorandum.chosen if each.matter_id in chosen]
    known = {each.matter_id for each in kept}
    memorandum.chosen = kept + [
        MemorandumMatter(matter=matter) for key, matter in chosen.items() if key not in known
    ]
    memorandum.version += 1
    db.session.flush()
    return memorandum


def attach(
    memorandum: Memorandum, content: BinaryIO, *, name: str, by: Account, public: bool = False
) -> Memorandum:
    """Keep the signed paper (PDF, PNG or JPEG, told by its content) with it; a new one takes the old one's stead.

    What was agreed to stays agreed: the paper is made after that. Both bodies are told of it. The same refusals as
    `write`, and for another kind of file.
    """
    _require_either(by, memorandum.bureau, memorandum.department)
    _changeable(memorandum)
    kind = kind_of(content.read(LONGEST_MARK))
    content.seek(0)
    if kind is None:
        raise Refused("签字盖章的备忘录要是 PDF、PNG 或者 JPEG 文件。")
    memorandum.paper = files.store(
        content, name=name, media_type=kind, limit=current_app.config["REMIT"].upload_limit
    )
    memorandum.paper_public = public
    db.session.flush()
    telling.attached(memorandum, by)
    return memorandum


def answer(
    memorandum: Memorandum, party: Party, *, version: int, agrees: bool, by: Account, note: str = ""
) -> MemorandumAnswer:
    """Say for one of the two bodies yes, or what is to be put right; the other one is told. `version` was read.

    Forbidden without EDIT_DUTIES for that body, and for whoever has agreed for the other one: two people agree.
    Refused for a return without reasons; Conflict when it is put forward or has ended, when the wording was changed
    since it was read, and when the person has agreed to it already: the first time counts.
    """
    body = memorandum.bureau if party is Party.BUREAU else memorandum.department
    require(by, Right.EDIT_DUTIES, None, body)
    _changeable(memorandum)
    if version != memorandum.version:
        raise Conflict("您打开以后文字改过了，请看过现在的文字再表态。", code="version")
    if not agrees and not note.strip():
        raise Refused("请写明要改什么。")
    answers = queries.answers(memorandum)
    own, other = answers.get(party), answers.get(party.other)
    if agrees and own is not None and own.agrees and own.by_id == by.id:
        raise Conflict("您已经同意过这份文字了，不用再点。", code="agreed")
    if agrees and other is not None and other.agrees and other.by_id == by.id:
        raise Forbidden("您已经替另一方同意了，要由另一个人替这一方表态。", code="two_people")
    made = MemorandumAnswer(
        memorandum=memorandum,
        party=party,
        version=version,
        agrees=agrees,
        note=note.strip(),
        by=by,
    )
    db.session.add(made)
    db.session.flush()
    telling.answered(made, settled=agrees and other is not None and other.agrees)
    return made


def end(memorandum: Memorandum, reason: str, *, by: Account) -> Memorandum:
    """Let it hold no longer, from today; both bodies are told why.

    Forbidden without EDIT_PLACE for its place; Refused without a reason; Conflict once it ended.
    """
    require(by, Right.EDIT_PLACE, memorandum.place.id)
    _changeable(memorandum)
    if not reason.strip():
        raise Refused("请写明为什么终止。")
    memorandum.ended_on, memorandum.ended_reason = clock.today(), reason.strip()
    db.session.flush()
    telling.ended(memorandum)
    renewing.settle(memorandum, by=by)
    return memorandum


def _require_either(by: Account, bureau: Organisation, department: Organisation) -> None:
    if not may(by, Right.EDIT_DUTIES, None, bureau):
        require(by, Right.EDIT_DUTIES, None, department)


def _changeable(memorandum: Memorandum) -> None:
    bound(Subject.MEMORANDUM, memorandum.id)
    if memorandum.ended_on is not None:
        raise Conflict("这份备忘录已经终止，不能再改。", code="ended")


def _near(bureau: Organisation, department: Organisation) -> bool:
    """Whether the department is of the bureau's place or of one above it."""
    place: Place | None = bureau.place
    while place is not None:
        if place.id == department.place_id:
            return True
        place = place.parent
    return False


def _sound(wording: Wording) -> None:
    begins, ends = wording.valid_from, wording.valid_until
    if begins and ends and ends < begins:
        raise Refused("有效期的最后一天不能早于第一天。")
    for push in wording.pushes:
        _sound_push(push)
    for share in wording.supports.values():
        if len(share.sentence) > LONGEST_SENTENCE:
            raise Refused("一项最多写 %(most)s 个字。", most=LONGEST_SENTENCE)
    for code in ("bureau_contact", "department_contact"):
        if names_a_person(getattr(wording, code)):
            raise Refused("联系方式会公开，请写科室和办公电话，不要写个人手机号。", code=code)
    for text in filter(names_a_person, wording.texts):
        code = "boundary" if text is wording.boundary else "personal"
        raise Refused(
            "备忘录会公开，这里不要写个人手机号，请写科室和办公电话：“%(text)s”。", code=code, text=text[:80]
        )


def _sound_push(push: Push) -> None:
    if not push.what or len(push.what) > LONGEST_SENTENCE:
        raise Refused("请写明推送什么，最多 %(most)s 个字。", most=LONGEST_SENTENCE)
    if not 0 <= push.days <= MOST_DAYS:
        raise Refused("推送的天数请写 0 到 %(most)s，0 是当天。", most=MOST_DAYS)
