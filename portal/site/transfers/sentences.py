"""The sentences of a transfer list: who handles it now, who did before, and what stayed outside (Y-1: S2.1).

A transfer stays at its place, so nobody is sent elsewhere: another body behind another counter does it.
"""

from __future__ import annotations

from portal.i18n import day
from portal.i18n import gettext as _
from portal.site.situations import Situation, Standing


def sentence(at: Situation) -> str:
    """Who handles it, in one sentence."""
    match at.standing:
        case Standing.KEPT:
            return _("这件事由%(department)s办，窗口在政务服务大厅。", **_names(at))
        case Standing.PENDING:
            return _("这件事现在还由%(department)s办。", **_names(at))
        case _:
            return _("这件事现在由%(receiver)s办。", **_names(at))


def explanation(at: Situation) -> list[str]:
    """What stands below it: who handled it before, whose seal is on it, what is still to come."""
    match at.standing:
        case Standing.KEPT:
            said = [_("它没有划转给%(bureau)s，按规定进驻政务服务大厅。", **_names(at))]
            return [*said, _("文件写明：%(remark)s。", remark=at.remark.rstrip("。"))] if at.remark else said
        case Standing.PENDING if at.from_on:
            return [_("从%(date)s起由%(receiver)s办。", date=day(at.from_on), **_names(at))]
        case _:
            return [
                _("原来由%(department)s办，已经划转给%(receiver)s。", **_names(at)),
                _("%(receiver)s受理、审核、决定，盖自己的章，不用再找%(department)s盖章。", **_names(at)),
            ]


def short(at: Situation) -> str:
    """The answer in a list's row."""
    match at.standing:
        case Standing.KEPT:
            return _("由%(department)s办，进驻大厅", **_names(at))
        case Standing.PENDING:
            return _("先由%(department)s办", **_names(at))
        case _:
            return _("由%(receiver)s办", **_names(at))


def parts_word(bureau: str) -> str:
    """What stands before a row's parts: in a transfer list they go along, in any other they alone are handed down."""
    return _("连同关联事项：") if bureau else _("只包括其中的：")


def counter(at: Situation) -> str:
    """What people do at a counter of the place, for its card."""
    if at.standing is Standing.OPEN:
        return _("受理、审核、决定、盖章都在这里")
    return _("%(department)s的窗口在这里", **_names(at))


def _names(at: Situation) -> dict[str, str]:
    return {
        "department": _(at.department_name),
        "receiver": _(at.receiver_name),
        "bureau": _(at.bureau_name),
    }
