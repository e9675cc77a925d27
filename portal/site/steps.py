"""The steps of handling as a table and as lanes, from the same facts, so that the picture and the words agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.i18n import gettext as _
from portal.powers.lists.profiles.rules import Actor, Field, Seal
from portal.powers.lists.profiles.rules import Step as Stage
from portal.powers.lists.rules import Mode
from portal.site.lanes import Lane, Route, Step, Support
from portal.site.situations import Situation, Standing
from portal.site.wording import rank, sentence

YOU, PLACE, ISSUER = range(3)


@dataclass(frozen=True)
class Clause:
    """A reference as people read it and, for a clause of the list's policy, the address of its words."""

    label: str
    href: str = ""


@dataclass(frozen=True)
class StepLine:
    """A line of the table: `strong` is who, `text` goes on; `number` is 0 for what is no step."""

    number: int
    label: str
    strong: str
    text: str
    clauses: tuple[Clause, ...] = ()


Cite = Callable[[str], Clause]
"""Turns a profile's reference into a clause with its address."""


@dataclass(frozen=True)
class Handling:
    """One box: what is done, by whom (None while nobody has said), by which fields it is proved."""

    label: str
    drawn: str
    actor: Actor | None
    stage: Stage
    fields: tuple[Field, ...]


def handlings(at: Situation) -> list[Handling]:
    """The steps that the situation has today, in order; taking in and accepting by one body are one step."""
    if at.handled_by_issuer:
        return [_handling(at, stage, Actor.ISSUER, ()) for stage in list(Stage)[1:]]
    if at.standing is Standing.UNDECIDED:
        return [_handling(at, stage, None, ()) for stage in list(Stage)[1:]]
    stages = list(Stage)
    if at.actor(Stage.RECEIVE) in (None, at.actor(Stage.ACCEPT)):
        stages.remove(Stage.RECEIVE)
    return [_handling(at, stage, at.actor(stage), _fields(stage, stages)) for stage in stages]


def _fields(stage: Stage, stages: Sequence[Stage]) -> tuple[Field, ...]:
    own = Field(stage.value)
    if stage is Stage.STAMP:
        return own, Field.SEAL
    if stage is Stage.ACCEPT and Stage.RECEIVE not in stages:
        return Field.RECEIVE, own
    return (own,)


def _handling(at: Situation, stage: Stage, actor: Actor | None, fields: tuple[Field, ...]) -> Handling:
    label = {
        Stage.RECEIVE: _("收件"),
        Stage.ACCEPT: _("受理"),
        Stage.REVIEW: _("审核"),
        Stage.DECIDE: _("决定"),
        Stage.STAMP: _("盖章"),
    }[stage]
    drawn = _("？") if actor is None else _drawn(at, stage, actor) or label
    return Handling(label, drawn, actor, stage, fields)


def _drawn(at: Situation, stage: Stage, actor: Actor) -> str:
    """The words in the box where they say more than the step's name; a space is where a line may break."""
    names = {"rank": rank(at.issuer)}
    if actor is Actor.POSTED and stage is Stage.ACCEPT:
        return _("%(rank)s人员 受理", **names)
    if stage is Stage.ACCEPT and actor is Actor.PLACE and at.mode is Mode.COLLECTION:
        return _("收件 受理")
    if stage is Stage.REVIEW and actor is Actor.PLACE and at.mode is Mode.REVIEW:
        return _("实质性 审核")
    if stage is Stage.DECIDE and actor is Actor.PLACE and at.mode is Mode.ENTRUSTED:
        return _("以%(rank)s 名义决定", **names)
    if stage is Stage.STAMP:
        return _seal_drawn(at, actor)
    return ""


def _seal_drawn(at: Situation, actor: Actor) -> str:
    names = {"rank": rank(at.issuer)}
    if actor is Actor.ISSUER:
        return _("盖%(rank)s章", **names)
    if at.seal is Seal.NO2:
        return _("盖%(rank)s “2号章”", **names)
    return _("盖本地章")


def table(at: Situation, cite: Cite) -> list[StepLine]:
    """The lines of the table: the steps, then whom to turn to when something goes wrong."""
    lines = [
        StepLine(number, step.label, *_who(at, step), clauses(at, step.fields, cite))
        for number, step in enumerate(handlings(at), 1)
    ]
    lines += [line for field in (Field.COMPLAINTS, Field.RESPONDENT) if (line := _dispute(at, field, cite))]
    if at.cross_border and at.standing is not Standing.KEPT:
        text = _("办理跨地方的事")
        lines.append(StepLine(0, _("跨了地方"), at.department_name, text, (cite(at.cross_border),)))
    return lines


def liable(at: Situation, field: Field) -> Actor | None:
    """Whom to turn to when something goes wrong: by policy for complaints, by law for review and suit (D-3).

    While the issuing side handles the matter it answers for it; while nobody has said how, nobody is named.
    """
    if at.standing is Standing.UNDECIDED:
        return None
    if at.handled_by_issuer:
        return Actor.ISSUER
    return at.profile.who(field) if at.profile else None


def _dispute(at: Situation, field: Field, cite: Cite) -> StepLine | None:
    actor = liable(at, field)
    if actor is None:
        return None
    label, text = {
        Field.COMPLAINTS: (_("出了问题"), _("处理信访、投诉，承担补偿、赔偿")),
        Field.RESPONDENT: (_("不服决定"), _("是行政复议的被申请人、行政诉讼的被告")),
    }[field]
    return StepLine(0, label, _body(at, actor), text, clauses(at, (field,), cite))


def _body(at: Situation, actor: Actor) -> str:
    """The body behind an actor, by name where it is known."""
    return _(at.receiver_name) if actor is Actor.PLACE else _(at.department_name)


def _who(at: Situation, step: Handling) -> tuple[str, str]:
    """Who does a step: the part that stands out and the part that goes on."""
    if step.actor is None:
        return "", _("还没有公布")
    if step.actor is Actor.POSTED:
        return at.department_name, _("派驻%(place)s的人员", place=_(at.place))
    if step.actor is Actor.ISSUER:
        return _body(at, Actor.ISSUER), ""
    body = at.receiver_name.removeprefix(at.place) if at.receiver else _("（承接单位待公布）")
    if step.stage is Stage.STAMP and at.seal is Seal.NO2:
        return _(at.place), _("%(body)s，盖%(owner)s授权的“2号章”", body=body, owner=at.department_name)
    if step.stage is Stage.DECIDE and at.mode is Mode.ENTRUSTED:
        return _(at.place), _("%(body)s，以%(owner)s的名义", body=body, owner=at.department_name)
    return _(at.place), body


def clauses(at: Situation, fields: Sequence[Field], cite: Cite) -> tuple[Clause, ...]:
    """What a step or a liability rests on; nothing where the document says nothing of it."""
    if at.standing is Standing.KEPT:
        return (Clause(_("清单备注")),) if at.remark else ()
    if at.standing is Standing.PENDING:
        return (Clause(_("接手前按原职责")),)
    named = dict.fromkeys(source for field in fields for source in at.sources(field))
    return tuple(cite(source) for source in named)


def route(at: Situation) -> Route:
    """The same as lanes, in the colours of the state that holds today."""
    steps = handlings(at)
    sides = {None: PLACE, Actor.PLACE: PLACE, Actor.POSTED: PLACE, Actor.ISSUER: ISSUER}
    boxes = tuple(Step(step.drawn, sides[step.actor], known=step.actor is not None) for step in steps)
    support = None
    if at.seal is Seal.NO2 and not at.handled_by_issuer and steps[-1].actor is Actor.PLACE:
        support = Support(_("授权使用 “2号章”"), ISSUER, len(boxes) - 1)
    mode = Mode.UNDELEGATED if at.handled_by_issuer else at.mode
    return Route(
        mode=mode.value,
        lanes=_lanes(at, {box.lane for box in boxes}),
        steps=boxes,
        start=_("提交材料"),
        end=_("领取结果"),
        title=_("办理路线：%(sentence)s", sentence=sentence(at)),
        description=_spoken(at, steps),
        support=support,
    )


def _lanes(at: Situation, active: set[int]) -> tuple[Lane, ...]:
    if at.bureau:
        there = "" if ISSUER in active else _("原来办，现在负责事中事后监管")
        return (
            Lane(_("您")),
            Lane(_(at.place), at.receiver or at.bureau, "" if PLACE in active else _("没有划转到这里")),
            Lane(_(at.issuer), at.department, there),
        )
    standing = {
        Standing.KEPT: _("不经手"),
        Standing.PENDING: _("尚未接手"),
        Standing.UNDECIDED: _("尚未公布"),
        Standing.UNNAMED: _("承接单位待公布"),
        Standing.OPEN: at.receiver_name.removeprefix(at.place),
    }[at.standing]
    if at.actor(Stage.ACCEPT) is Actor.POSTED and not at.handled_by_issuer:
        standing = _("%(rank)s派驻窗口", rank=rank(at.issuer))
    here = "" if PLACE in active else _("本地不经手，请到%(issuer)s办", issuer=_(at.issuer))
    there = (
        ""
        if ISSUER in active or at.standing is Standing.UNDECIDED
        else _("%(rank)s部门：指导、监督", rank=rank(at.issuer))
    )
    return (Lane(_("您")), Lane(_(at.place), standing, here), Lane(_(at.issuer), at.department, there))


def _spoken(at: Situation, steps: Sequence[Handling]) -> str:
    """The picture in words: every step with who does it."""
    parts = [
        f"{number} {step.label}{_('：')}{''.join(_who(at, step))}" for number, step in enumerate(steps, 1)
    ]
    return _("；").join(parts)
