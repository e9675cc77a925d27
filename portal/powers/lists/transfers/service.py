"""What is refused about matters that were transferred: the former department's stamp, on editing and on publishing.

Y-4 (S3.2: nobody may ask that what an approval bureau handles bear the former department's stamp).
"""

from __future__ import annotations

from collections.abc import Collection

from portal import clock
from portal.errors import Refused
from portal.i18n import gettext as _
from portal.i18n import mark
from portal.powers.lists.models import Delegation, ListKind, PowerList, ProfileField
from portal.powers.lists.profiles.rules import Actor, Field, Seal, Step, wants_former_stamp
from portal.powers.lists.rules import Mode
from portal.powers.lists.transfers import queries
from portal.powers.lists.transfers.rules import TRANSFER_LABELS

CENTRALISED = "《行政许可法》第二十五条"
"""One organ exercises the licensing powers of several: what every transfer rests on."""
CLAUSE = "鲁政办字〔2020〕85号三（二）"
OWN_STAMP = mark(
    "划转给行政审批服务局的事项，不能要求加盖原审批部门的公章（%(clause)s）。请填承接单位自己盖自己的章。"
)
FORMER_STAMP = mark(
    "“%(matter)s”已经划转给行政审批服务局，不能再要求加盖原审批部门的公章（%(clause)s）。请先改它的方式，或者改这种方式盖谁的章。"
)
EITHER = mark("划转清单里的事项，不是划转就是进驻大厅，请从这两种里选。")
NO_BUREAU = mark("%(place)s还没有登记行政审批服务局，请先在“机构”里登记。")


def usual_profile() -> list[ProfileField]:
    """What a transfer means by law, for a list to start from: the bureau does everything, with its own seal."""
    steps = [(step.value, Actor.PLACE.value) for step in Step]
    said = [*steps, (Field.SEAL.value, Seal.OWN.value), (Field.APPLY_AT.value, Actor.PLACE.value)]
    return [
        ProfileField(mode=Mode.DIRECT, field=field, value=value, source=CENTRALISED) for field, value in said
    ]


def usual_label(power_list: PowerList, mode: Mode) -> str:
    """How a transfer list calls a mode that its document prints nothing for; nothing for any other list."""
    return TRANSFER_LABELS.get(mode, "") if power_list.kind is ListKind.TRANSFER else ""


def check_profile(power_list: PowerList, mode: Mode, field: str, value: str) -> None:
    """Refused where a field of a list's profile asks for the former department's stamp on a transferred matter.

    An older state (lists.earlier) says what was asked then.
    """
    if power_list.earlier_of_id is not None or not wants_former_stamp(field, value):
        return
    if power_list.kind is ListKind.TRANSFER:
        raise Refused(OWN_STAMP, code="former_stamp", clause=CLAUSE)
    _check(power_list, _transferred(power_list), [mode])


def check_modes(delegation: Delegation, modes: Collection[Mode]) -> None:
    """Refused where one of the modes puts the former department's stamp on a transferred matter.

    In a transfer list a matter is moved or stays outside; nothing else is said of it (Y-1). An older state of a list
    is not held to what was transferred since.
    """
    power_list = delegation.power_list
    if power_list.kind is ListKind.TRANSFER:
        if not set(modes) <= TRANSFER_LABELS.keys():
            raise Refused(EITHER, code="mode")
        return
    if power_list.earlier_of_id is not None:
        return
    asking = queries.stamping(power_list) & set(modes)
    if asking and delegation.matter_id in _transferred(power_list):
        raise Refused(FORMER_STAMP, code="former_stamp", matter=delegation.matter.name, clause=CLAUSE)


def blockers(power_list: PowerList) -> list[str]:
    """Why a list is not published: it asks for such a stamp, or it transfers what another list still has stamped."""
    if power_list.kind is not ListKind.TRANSFER:
        found = queries.stamped(power_list, _transferred(power_list))
        return [_(FORMER_STAMP, matter=each.matter, clause=CLAUSE) for each in found]
    bureau = queries.bureau_of(power_list.place)
    if bureau is None:
        return [_(NO_BUREAU, place=power_list.place.name)]
    own = [_(OWN_STAMP, clause=CLAUSE)] if queries.stamping(power_list) else []
    own += [f"{_(EITHER)}（{name}）" for name in queries.odd_names(power_list.id)]
    own += [
        _("“%(matter)s”没有写明从哪个部门划出，请在“改名称或部门”里填。", matter=name)
        for name in queries.homeless(power_list.id, bureau.id)
    ]
    moved = queries.moved(power_list.id)
    return own + [
        _(
            "“%(matter)s”在“%(list)s”里还要盖原审批部门的公章，划转以后不能再要求（%(clause)s），请先改那份清单。",
            matter=each.matter,
            list=each.title,
            clause=CLAUSE,
        )
        for other in queries.others(power_list)
        for each in queries.stamped(other, moved)
    ]


def _check(power_list: PowerList, matter_ids: Collection[int], modes: Collection[Mode]) -> None:
    for each in queries.stamped(power_list, matter_ids, modes):
        raise Refused(FORMER_STAMP, code="former_stamp", matter=each.matter, clause=CLAUSE)


def _transferred(power_list: PowerList) -> frozenset[int]:
    return queries.transferred(power_list.place_id, clock.today())
