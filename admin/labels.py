"""What the staff pages call the words of the code."""

from __future__ import annotations

from enum import Enum
from typing import Any

from flask_babel import lazy_gettext as _

from admin.foundation.deadline_words import DEADLINE_WORDS
from admin.foundation.notice_words import NOTICE_WORDS
from admin.foundation.opinion_words import OPINION_WORDS
from admin.foundation.record_words import RECORD_WORDS
from admin.foundation.right_words import RIGHT_WORDS
from admin.foundation.run_words import RUN_WORDS
from admin.oversight.task_words import TASK_WORDS
from admin.powers.filing_words import FILING_WORDS
from admin.powers.handover_words import HANDOVER_WORDS
from admin.powers.review_words import REVIEW_WORDS
from portal.foundation.imports.rows.rules import Fate, RowsState
from portal.foundation.imports.rules import UploadState
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.places.rules import Certainty, PlaceKind
from portal.foundation.publishing.rules import Nature, ProposalState, RevisionState, Subject
from portal.foundation.runs.rules import RunKind, RunState
from portal.powers.duties.models import DutyRole
from portal.powers.lists.models import ListKind
from portal.powers.lists.rules import Mode
from portal.powers.matters.rules import MatterStatus
from portal.powers.points.models import PointKind

_WORDS: list[tuple[Enum, Any]] = [
    *RIGHT_WORDS,
    (PlaceKind.PROVINCE, _("省")),
    (PlaceKind.CITY, _("市")),
    (PlaceKind.COUNTY, _("县（市、区）")),
    (PlaceKind.ZONE, _("功能区")),
    (PlaceKind.TOWN, _("镇街")),
    (Certainty.HIGH, _("已核实")),
    (Certainty.MEDIUM, _("待核实")),
    (OrganisationKind.DEPARTMENT, _("部门")),
    (OrganisationKind.APPROVAL_BUREAU, _("审批服务局")),
    (OrganisationKind.REGULATOR, _("监管部门")),
    (OrganisationKind.GOVERNMENT, _("政府、管委会")),
    (OrganisationKind.GOVERNMENT_OFFICE, _("政府办公室")),
    (OrganisationKind.SERVICE_CENTRE, _("服务中心")),
    (ListKind.DELEGATION, _("放权清单：把上级的事交给下级")),
    (ListKind.TRANSFER, _("划转清单：把本级部门的事划给行政审批服务局")),
    (Mode.DIRECT, _("直接下放")),
    (Mode.ENTRUSTED, _("委托下放")),
    (Mode.WINDOW, _("窗口前移")),
    (Mode.REVIEW, _("下放实质性审核权")),
    (Mode.COLLECTION, _("委托收件")),
    (Mode.UNDELEGATED, _("暂不下放")),
    (Mode.UNDETERMINED, _("方式待定")),
    (MatterStatus.IN_FORCE, _("有效")),
    (MatterStatus.ABOLISHED, _("已取消")),
    (MatterStatus.UNVERIFIED, _("未核实")),
    (DutyRole.RECEIVER, _("承接单位")),
    (DutyRole.REGULATOR_CITY, _("市级监管")),
    (DutyRole.REGULATOR_PLACE, _("本地监管")),
    (DutyRole.ENFORCEMENT, _("执法")),
    (PointKind.CENTRE, _("政务服务中心")),
    (PointKind.STATION, _("审批服务所")),
    (PointKind.TOWN_HALL, _("镇街便民服务中心")),
    (PointKind.VILLAGE, _("村居便民服务站")),
    (PointKind.KIOSK, _("自助机")),
    (PointKind.BANK, _("银行网点")),
    (PointKind.COUNTER, _("窗口")),
    (Subject.LIST, _("清单")),
    (Nature.ADJUSTMENT, _("调整")),
    (Nature.ERRATUM, _("勘误")),
    (Subject.UPTAKE, _("承接公布")),
    (Subject.MEMORANDUM, _("审管衔接备忘录")),
    (ProposalState.PROPOSED, _("等待批准")),
    (ProposalState.APPROVED, _("已批准，正在公布")),
    (ProposalState.PUBLISHED, _("已公布")),
    (ProposalState.RETURNED, _("已退回")),
    (ProposalState.WITHDRAWN, _("已撤回")),
    (RevisionState.PREPARING, _("准备中")),
    (RevisionState.PUBLISHED, _("已公布")),
    (RevisionState.CLOSED, _("已关闭")),
    (RunKind.READ_ANNEX, _("读附件")),
    (RunKind.PUBLISH, _("公布")),
    (RunKind.EXPORT, _("生成下载文件")),
    (RunKind.HANDOUT, _("生成地方清单")),
    (RunKind.READ_ROWS, _("核对表格")),
    (RunKind.WRITE_ROWS, _("写入表格")),
    (RowsState.WAITING, _("正在核对")),
    (RowsState.READ, _("等您确认")),
    (RowsState.REFUSED, _("没有读成")),
    (RowsState.APPLYING, _("正在写入")),
    (RowsState.APPLIED, _("已经写入")),
    (RowsState.DROPPED, _("放弃了")),
    (Fate.NEW, _("新增")),
    (Fate.CHANGE, _("修改")),
    (Fate.GONE, _("删去")),
    (Fate.SAME, _("没有变化")),
    (Fate.WRONG, _("有问题")),
    (UploadState.WAITING, _("正在读")),
    (UploadState.READ, _("读好了")),
    (UploadState.REFUSED, _("读不了")),
    (RunState.QUEUED, _("排队中")),
    (RunState.RUNNING, _("进行中")),
    (RunState.DONE, _("已完成")),
    (RunState.FAILED, _("没有完成")),
    (RunState.CANCELLED, _("已取消")),
    (RunState.DISCARDED, _("已放弃")),
    *RUN_WORDS,
    *RECORD_WORDS,
    *OPINION_WORDS,
    *NOTICE_WORDS,
    *DEADLINE_WORDS,
    *FILING_WORDS,
    *HANDOVER_WORDS,
    *REVIEW_WORDS,
    *TASK_WORDS,
]
# Words of different enumerations can be equal as text: 已发送 is not 已完成.
LABELS = {(type(word), word): said for word, said in _WORDS}


def label(word: Any) -> Any:
    """What people read for a word of the code; a word without a label is shown as it is."""
    return LABELS.get((type(word), word), word)


def options(kind: Any) -> list[tuple[Any, Any]]:
    """An enumeration's values with their labels, for a select."""
    return [(word, label(word)) for word in kind]
