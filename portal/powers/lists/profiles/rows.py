"""Mode profiles as rows of a table: what each mode means in a list, field by field with its source (D-3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.queries import places_of
from portal.foundation.imports.rows.naming import fitting, lines_of, word_of
from portal.foundation.imports.rows.registry import RowKind
from portal.foundation.imports.rows.remembering import once
from portal.foundation.imports.rows.rules import Column
from portal.foundation.rights.rules import Right
from portal.i18n import mark
from portal.powers.lists import service
from portal.powers.lists.models import PowerList, ProfileField
from portal.powers.lists.naming import called, list_among, mode_said
from portal.powers.lists.profiles.rules import Actor, Field, Seal, allowed_values
from portal.powers.lists.rules import Mode

MODES = {mode: mode.label for mode in Mode if mode not in (Mode.UNDELEGATED, Mode.UNDETERMINED)}
"""What files call the modes that mean something."""

FIELDS = {
    Field.RECEIVE: "谁收件",
    Field.ACCEPT: "谁受理",
    Field.REVIEW: "谁审核",
    Field.DECIDE: "谁决定",
    Field.STAMP: "谁盖章",
    Field.SEAL: "用哪枚章",
    Field.APPLY_AT: "公众可以去哪里申请",
    Field.SUPERVISE: "谁监督",
    Field.COMPLAINTS: "投诉谁处理",
    Field.RESPONDENT: "复议和诉讼找谁",
}
"""What files call the fields."""

ACTORS: dict[StrEnum, str] = {
    Actor.PLACE: "承接的地方",
    Actor.POSTED: "市里派驻的人",
    Actor.ISSUER: "放权的一方",
}
SEALS: dict[StrEnum, str] = {
    Seal.OWN: "承接单位自己的章",
    Seal.NO2: "市级部门的2号章",
    Seal.ISSUER: "放权部门的章",
}

COLUMNS = (
    Column("power_list", (mark("清单"), "List"), needed=True),
    Column("mode", (mark("方式"), "放权方式", "Mode"), needed=True),
    Column("field", (mark("哪一项"), "Field"), needed=True),
    Column("value", (mark("怎么办"), "What holds"), needed=True),
    Column("source", ("依据", "Basis")),
)
LONGEST_SOURCE = 64


@dataclass(frozen=True)
class Said:
    """One field of a mode in a list, with what is said of it; None while nothing is."""

    power_list: PowerList
    mode: Mode
    field: Field
    entry: ProfileField | None

    @property
    def id(self) -> tuple[int, Mode, Field]:
        """What tells it from every other."""
        return self.power_list.id, self.mode, self.field


def find(values: Mapping[str, str], by: Account) -> Said:
    """The field that a row is about; another's list is as none (R-3). Refused for what is no mode or field."""
    lists = once(("own lists", by.id), lambda: _own(by))
    power_list = list_among(values["power_list"], lists)
    return _said(power_list, mode_said(values["mode"], MODES), word_of(values["field"], FIELDS))


def _said(power_list: PowerList, mode: Mode, field: Field) -> Said:
    entry = next((e for e in power_list.profile if e.mode is mode and e.field == field.value), None)
    return Said(power_list, mode, field, entry)


def _own(by: Account) -> Sequence[PowerList]:
    own = places_of(by, Right.EDIT_LISTS)
    wanted = select(PowerList).options(selectinload(PowerList.profile))
    if own is not None:
        wanted = wanted.where(PowerList.place_id.in_(own))
    return db.session.scalars(wanted.order_by(PowerList.position, PowerList.id)).all()


def text(said: Said) -> dict[str, str]:
    """The field as a row says it."""
    entry = said.entry
    return {
        "power_list": called(said.power_list),
        "mode": said.mode.label,
        "field": FIELDS[said.field],
        "value": "、".join(_words(said.field)[known] for known in _known(said)),
        "source": entry.source if entry else "",
    }


def _known(said: Said) -> list[StrEnum]:
    parts = said.entry.value.split(",") if said.entry else []
    return [word for word in _words(said.field) if word.value in parts]


def _words(field: Field) -> Mapping[StrEnum, str]:
    """The values that a field can have, and what files call them."""
    every = SEALS if field is Field.SEAL else ACTORS
    allowed = set(allowed_values(field))
    return {word: name for word, name in every.items() if word.value in allowed}


def save(said: Said | None, values: Mapping[str, str], by: Account) -> Said:
    """Say it, or say it anew. Refused as `service.set_profile` is; an empty cell takes it back."""
    here = said or find(values, by)
    source = values.get("source", here.entry.source if here.entry else "")
    words = _words(here.field)
    value = ",".join(word_of(part, words).value for part in lines_of(values["value"], "、,，"))
    service.set_profile(here.power_list, here.mode, here.field, value, fitting(source, LONGEST_SOURCE), by=by)
    return _said(here.power_list, here.mode, here.field)


def every(by: Account) -> Sequence[Said]:
    """Every field of every mode of the lists that the person edits, said or not."""
    return [_said(power_list, mode, field) for power_list in _own(by) for mode in MODES for field in FIELDS]


PROFILES = RowKind(
    name="profiles",
    label=mark("方式说明"),
    right=Right.EDIT_LISTS,
    columns=COLUMNS,
    find=find,
    text=text,
    save=save,
    every=every,
)
