"""The sentences of the matter page: first where to go, then how, in plain words (the words are the UI's own).

Everything here takes a Situation and gives texts in the language of the request. “市里” and the like follow
the issuing place's own level: a district that hands down to its towns is 区里.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from portal.i18n import day, foreign, mark, ngettext
from portal.i18n import gettext as _
from portal.powers.lists.profiles.rules import Actor, Seal
from portal.powers.lists.profiles.rules import Step as Stage
from portal.powers.lists.rules import Mode
from portal.site.situations import Situation, Standing
from portal.site.spread import Share
from portal.site.transfers import sentences as transferring

LEVELS = {"省": mark("省里"), "市": mark("市里"), "区": mark("区里"), "县": mark("县里")}
RANKS = {"省": mark("省级"), "市": mark("市级"), "区": mark("区级"), "县": mark("县级")}
NAMES = (
    mark("职掌"),
    mark("市县同权事项公开"),
    mark("直接下放"),
    mark("委托下放"),
    mark("窗口前移"),
    mark("下放实质性审核权"),
    mark("委托收件"),
    mark("暂不下放"),
    mark("方式待定"),
    mark("行政许可"),
    mark("行政处罚"),
    mark("行政强制"),
    mark("行政征收"),
    mark("行政给付"),
    mark("行政检查"),
    mark("行政确认"),
    mark("行政奖励"),
    mark("行政裁决"),
    mark("其他行政权力"),
    mark("公共服务"),
)
"""Names that rules keep in Chinese and pages translate."""


def named(label: str, mode: Mode) -> str:
    """A mode as the list prints it; where that has no English, the mode's usual name."""
    said = _(label)
    return _(mode.label) if foreign(said) else said


def level(issuer: str) -> str:
    """How people call the issuing side: 市里, 区里; the name itself where the level does not show."""
    word = LEVELS.get(issuer[-1:])
    return _(word) if word else _(issuer)


def rank(issuer: str) -> str:
    """The issuing side as an attribute: 市级 of 市级窗口."""
    word = RANKS.get(issuer[-1:])
    return _(word) if word else _(issuer)


def sentence(at: Situation) -> str:
    """Where to go, in one sentence."""
    if at.bureau:
        return transferring.sentence(at)
    names = {"place": _(at.place), "level": level(at.issuer), "rank": rank(at.issuer)}
    match at.standing:
        case Standing.KEPT:
            return _("%(place)s现在还不能办，请到%(level)s办。", **names)
        case Standing.UNDECIDED:
            return _unsaid(at, names)
        case Standing.PENDING:
            return _("%(place)s还没有接手，现在请到%(level)s办。", **names)
        case Standing.UNNAMED:
            return _expected(at, _under_mode(at, names))
        case Standing.OPEN:
            return _under_mode(at, names)


def _unsaid(at: Situation, names: dict[str, str]) -> str:
    if at.chooser:
        return _("%(chooser)s还没有公布%(place)s怎么办。", chooser=_(at.chooser), **names)
    return _("%(place)s还没有公布怎么办。", **names)


def _expected(at: Situation, said: str) -> str:
    if at.chooser:
        return _("按%(chooser)s定的办法，%(sentence)s", chooser=_(at.chooser), sentence=said)
    return _("按文件，%(sentence)s", sentence=said)


def _under_mode(at: Situation, names: dict[str, str]) -> str:
    if at.actor(Stage.ACCEPT) is Actor.POSTED or at.actor(Stage.RECEIVE) is Actor.POSTED:
        return _("材料交到%(place)s的%(rank)s窗口，由%(level)s决定。", **names)
    if at.profile and at.profile.finished_at_place:
        return _("在%(place)s就能办完。", **names)
    if not at.near:
        return _("请到%(level)s办。", **names)
    if at.actor(Stage.REVIEW) is Actor.PLACE:
        return _("材料可以交到%(place)s，由%(place)s审核，%(level)s决定。", **names)
    return _("材料可以交到%(place)s，由%(level)s审核、决定。", **names)


def explanation(at: Situation) -> list[str]:
    """What stands below the sentence: who does what, what is not known yet, what to do meanwhile."""
    if at.bureau:
        return transferring.explanation(at)
    match at.standing:
        case Standing.KEPT:
            said = (
                _("文件写明：%(remark)s。", remark=at.remark.rstrip("。"))
                if at.remark
                else _("文件没有把它交到这里。")
            )
            return [said]
        case Standing.UNDECIDED:
            return _undecided(at)
        case Standing.PENDING:
            return [_pending(at)]
        case Standing.UNNAMED:
            return [_unnamed(at), _("公布以后：%(way)s", way=_way(at))]
        case Standing.OPEN:
            return [_way(at)]


def _undecided(at: Situation) -> list[str]:
    names = {"place": _(at.chooser or at.place), "level": level(at.issuer)}
    return [
        _("文件让%(place)s给自己的镇街定办法，定下以后会写在这里。", **names)
        if at.chooser
        else _("文件让%(place)s自己定办法，定下以后会写在这里。", **names),
        _("公布以前，请先问%(place)s或者%(level)s的政务服务窗口。", **names),
    ]


def _pending(at: Situation) -> str:
    values = {"place": _(at.place), "department": at.department_name}
    if at.from_on is None:
        return _("%(place)s接手以前，仍由%(department)s办理；接手的日子定了，会写在这里。", **values)
    return _("从%(date)s起到%(place)s办；在那以前，仍由%(department)s办理。", date=day(at.from_on), **values)


def _unnamed(at: Situation) -> str:
    values = {"place": _(at.place), "department": at.department_name}
    return _("承接单位待公布：%(place)s还没有公布由哪个单位办。公布以前，请到%(department)s办。", **values)


def _way(at: Situation) -> str:
    parts = [_by_actors(at)]
    if at.also_at_issuer and at.standing is Standing.OPEN:
        parts.append(_("想去%(level)s办，也可以。", level=level(at.issuer)))
    return _("%(first)s%(second)s", first=parts[0], second=parts[1]) if len(parts) > 1 else parts[0]


def _by_actors(at: Situation) -> str:
    values = {"place": _(at.place), "level": level(at.issuer), "rank": rank(at.issuer), "body": at.department}
    if at.actor(Stage.ACCEPT) is Actor.POSTED:
        return _("窗口里坐的是%(level)s派来的人。您不用跑%(level)s，结果由%(level)s作出。", **values)
    if at.mode is Mode.ENTRUSTED and at.actor(Stage.DECIDE) is Actor.PLACE:
        return _("%(place)s受理、审核，以%(body)s的名义决定，不用再跑%(level)s。", **values)
    if at.profile and at.profile.finished_at_place:
        if at.seal is Seal.NO2:
            return _("%(place)s受理、审核、决定，盖%(rank)s“2号章”，不用再跑%(level)s。", **values)
        return _("%(place)s受理、审核、决定，盖自己的章，不用再跑%(level)s。", **values)
    if at.actor(Stage.REVIEW) is Actor.PLACE:
        return _("%(place)s受理、审核，%(level)s根据审核意见决定、盖章。", **values)
    return _("%(place)s收下材料，%(level)s审核、决定、盖章。", **values)


def label(at: Situation) -> str:
    """The mode as the list prints it; one that only holds after taking over is said to be so."""
    said = named(at.label, at.mode)
    return _("%(label)s（接手后）", label=said) if at.standing is Standing.PENDING else said


def stopped(since: date) -> str:
    """That a matter is stopped, beside its name (P-3)."""
    return _("%(date)s起停止办理", date=day(since))


def stopped_sentence(since: date) -> str:
    """Where to go with a matter that is stopped: nowhere."""
    return _("紧急停办：从%(date)s起，这件事暂时哪里都不办。", date=day(since))


def short(at: Situation) -> str:
    """The answer in a list's row: where the papers go today."""
    if at.bureau:
        return transferring.short(at)
    values = {"place": _(at.place), "level": level(at.issuer)}
    match at.standing:
        case Standing.UNDECIDED:
            return _("还没有公布怎么办")
        case Standing.UNNAMED:
            return _("承接单位待公布，先到%(level)s办", **values)
        case Standing.PENDING if at.from_on:
            return _("先到%(level)s办，%(date)s起到%(place)s办", date=day(at.from_on), **values)
        case Standing.PENDING | Standing.KEPT:
            return _("到%(level)s办", **values)
        case Standing.OPEN:
            return _short_open(at)


def _short_open(at: Situation) -> str:
    values = {"place": _(at.place), "level": level(at.issuer), "rank": rank(at.issuer)}
    if not at.near:
        return _("到%(level)s办", **values)
    if at.actor(Stage.ACCEPT) is Actor.POSTED:
        return _("到%(place)s的%(rank)s窗口", **values)
    if at.profile and at.profile.finished_at_place:
        return _("到%(place)s办", **values)
    if at.also_at_issuer:
        return _("材料交到%(place)s或%(level)s", **values)
    return _("材料交到%(place)s", **values)


def states() -> list[tuple[Mode, str]]:
    """The seven states with what they usually mean; each list's own profile goes before it."""
    return [
        (Mode.DIRECT, _("当地全办，盖当地的章")),
        (Mode.ENTRUSTED, _("当地以上级部门的名义办，上级部门担责")),
        (Mode.REVIEW, _("当地受理、实质审核；由谁决定、盖谁的章，看清单的说明")),
        (Mode.WINDOW, _("材料交到当地的窗口，由上级决定")),
        (Mode.COLLECTION, _("当地收材料，由上级审核、决定")),
        (Mode.UNDELEGATED, _("仍由上级办理")),
        (Mode.UNDETERMINED, _("由当地自己定，还没有公布")),
    ]


def counter(at: Situation) -> str:
    """What a counter of the place does, for its card."""
    if at.actor(Stage.ACCEPT) is Actor.POSTED:
        return _("%(body)s派驻窗口，收材料", body=at.department or level(at.issuer))
    if at.profile and at.profile.finished_at_place:
        return _("受理、审核、决定、盖章都在这里")
    if at.actor(Stage.REVIEW) is Actor.PLACE:
        return _("在这里受理和审核")
    return _("在这里交材料")


def chosen(place: str, label: str, basis: str) -> str:
    """By whom a mode was chosen that the list leaves open, and under which document, where that is said (D-10)."""
    values = {"place": _(place), "label": label, "basis": basis}
    if basis:
        return _("方式由%(place)s选定：%(label)s。依据：%(basis)s。", **values)
    return _("方式由%(place)s选定：%(label)s。", **values)


def by_town(place: str) -> str:
    """What stands before everything else where a place has chosen for some of its towns and not for all (D-10)."""
    return _("%(place)s给一部分镇街单独定了办法，请选您所在的镇街。", place=_(place))


def shared(share: Share, *, alone: bool) -> str:
    """The places of a share as the beginning of a sentence: 任城区、3 个功能区."""
    if alone:
        return ngettext("%(num)s 个地方都一样", "%(num)s 个地方都一样", share.others)
    if share.others:
        return (
            ngettext("其他 %(num)s 个地方", "其他 %(num)s 个地方", share.others)
            if share.rest
            else ngettext("%(num)s 个地方", "%(num)s 个地方", share.others)
        )
    parts = [_(name) for name in share.names]
    if share.zones:
        parts.append(ngettext("%(num)s 个功能区", "%(num)s 个功能区", share.zones))
    return _("、").join(parts)


def spread(found: Sequence[Share], labels: Mapping[Mode, str]) -> str:
    """How an answer is spread over the places, in one sentence."""
    if len(found) == 1:
        return _(
            "%(places)s，都是“%(label)s”。",
            places=shared(found[0], alone=True),
            label=named(labels[found[0].mode], found[0].mode),
        )
    said = [
        _(
            "%(places)s是“%(label)s”",
            places=shared(share, alone=False),
            label=named(labels[share.mode], share.mode),
        )
        for share in found
    ]
    return _("%(list)s。", list=_("；").join(said))
