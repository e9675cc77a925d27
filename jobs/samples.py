"""What the demonstration shows where no shipped document says anything: marked as sample data (示例), nobody's word."""

from __future__ import annotations

from portal.foundation.accounts.models import Account
from portal.foundation.organisations import queries as organisations
from portal.foundation.places import queries as places
from portal.foundation.publishing import service as publishing
from portal.foundation.publishing.rules import Subject
from portal.powers.memoranda import queries, service
from portal.powers.memoranda.rules import Doer, Party, Push, Share, Support, Unit, Wording

CITY, BUREAU, DEPARTMENT = "370800", "市行政审批服务局", "市商务局"
_CLAUSE = "鲁政办字〔2020〕85号二（四）"

WORDING = Wording(
    boundary="（示例，不是两个单位的真实约定）审批局依法作出许可决定并对决定负责；商务局负责批后监管，并对监管负责。",
    pushes=(
        Push("（示例）准予、变更、撤销许可的决定", Party.BUREAU, 1, Unit.WORKING_DAYS, _CLAUSE),
        Push("（示例）行政处罚和监督检查的结果", Party.DEPARTMENT, 5, Unit.WORKING_DAYS, _CLAUSE),
    ),
    supports={
        Support.SITE_VISIT: Share(Doer.BOTH, "（示例）审批局召集，商务局派人，三个工作日内完成。"),
        Support.TECHNICAL_REVIEW: Share(Doer.DEPARTMENT, "（示例）商务局组织专家，五个工作日内答复。"),
        Support.TESTING: Share(Doer.NOBODY),
        Support.HEARING: Share(Doer.BUREAU, "（示例）审批局组织，商务局参加。"),
    },
)


def publish_memorandum(editor: Account, officer: Account, approver: Account) -> bool:
    """A sample memorandum of 济宁市, agreed and put forward as every other one; False when it is there already."""
    city = places.by_code(CITY)
    bureau = organisations.named(city, BUREAU) if city else None
    department = organisations.named(city, DEPARTMENT) if city else None
    if bureau is None or department is None:
        raise LookupError("the sample memorandum's bodies are missing")
    if queries.between(bureau.id, department.id) is not None:
        return False
    memorandum = service.write(service.found(bureau, department, by=editor), WORDING, by=editor)
    for party, by in ((Party.BUREAU, editor), (Party.DEPARTMENT, officer)):
        service.answer(memorandum, party, version=memorandum.version, agrees=True, by=by)
    proposal = publishing.propose(Subject.MEMORANDUM, memorandum.id, by=editor, reason="示例")
    publishing.approve(proposal.id, by=approver)
    return True
