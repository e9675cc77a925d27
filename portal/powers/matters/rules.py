"""What a matter is: types, codes, names and identity. Pure (M-1 to M-5)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class MatterType(StrEnum):
    """The ten power types and public service (M-2); the value is the two digits in Shandong's codes."""

    LICENCE = "01"
    PENALTY = "02"
    COERCION = "03"
    LEVY = "04"
    BENEFIT = "05"
    INSPECTION = "06"
    CONFIRMATION = "07"
    REWARD = "08"
    RULING = "09"
    OTHER = "10"
    SERVICE = "20"

    @property
    def label(self) -> str:
        """The Chinese name as documents print it, e.g. 行政许可."""
        return _TYPE_LABELS[self]


_TYPE_LABELS = {
    MatterType.LICENCE: "行政许可",
    MatterType.PENALTY: "行政处罚",
    MatterType.COERCION: "行政强制",
    MatterType.LEVY: "行政征收",
    MatterType.BENEFIT: "行政给付",
    MatterType.INSPECTION: "行政检查",
    MatterType.CONFIRMATION: "行政确认",
    MatterType.REWARD: "行政奖励",
    MatterType.RULING: "行政裁决",
    MatterType.OTHER: "其他行政权力",
    MatterType.SERVICE: "公共服务",
}

# Other spellings seen in notices; the printed word is kept beside the type wherever it matters.
_TYPE_SPELLINGS = {
    "其他权力": MatterType.OTHER,
    "其它权力": MatterType.OTHER,
    "其它行政权力": MatterType.OTHER,
    "其他类": MatterType.OTHER,
    "其它类": MatterType.OTHER,
    "其他职权": MatterType.OTHER,
    "其他行政职权": MatterType.OTHER,
    "其他类行政权力": MatterType.OTHER,
    "其他": MatterType.OTHER,
    "其它": MatterType.OTHER,
    "公共服务事项": MatterType.SERVICE,
    "行政强制措施": MatterType.COERCION,
    "行政监督检查": MatterType.INSPECTION,
    "行政征收征用": MatterType.LEVY,
}


_BY_DIGITS = {kind.value: kind for kind in MatterType}
_SHANDONG = re.compile(r"37\d{11}")
_BRACKETS = re.compile(r"\([^()]*\)$")


class MatterStatus(StrEnum):
    """Whether a matter still exists (M-5)."""

    IN_FORCE = "in_force"
    ABOLISHED = "abolished"
    UNVERIFIED = "unverified"


@lru_cache(maxsize=65536)
def fold_name(name: str) -> str:
    """The form in which names are compared (M-4): no line breaks, spaces or full-width forms.

    Full-width letters, digits and brackets become their plain forms (NFKC), every kind of white space
    goes, Latin letters become lower case. Punctuation that carries meaning (、 —— “”) stays.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(folded.split())


@lru_cache(maxsize=4096)
def read_type(printed: str) -> MatterType | None:
    """The type that a printed word names, or None when it is not one of M-2."""
    word = fold_name(printed)
    for kind, label in _TYPE_LABELS.items():
        if word in (label, kind.value):
            return kind
    return _TYPE_SPELLINGS.get(word) or _TYPE_SPELLINGS.get(word.removesuffix("事项")) or _by_label(word)


def _by_label(word: str) -> MatterType | None:
    bare = word.removesuffix("事项").removesuffix("类")
    return next((kind for kind, label in _TYPE_LABELS.items() if bare == label), None)


@dataclass(frozen=True)
class CodeParts:
    """A Shandong code of 13 digits, read (M-1): place, type, department, serial."""

    place: str
    type_digits: str
    department: str
    serial: str


def split_code(code: str) -> CodeParts | None:
    """The parts of a Shandong code (37 + 11 digits); None for any other form, which is kept unread."""
    if not _SHANDONG.fullmatch(code):
        return None
    return CodeParts(code[:6], code[6:8], code[8:10], code[10:])


def type_digits(code: str) -> str | None:
    """The two type digits of a Shandong code, None for any other form."""
    return code[6:8] if _SHANDONG.fullmatch(code) else None


def code_clash(code: str, kind: MatterType) -> MatterType | None:
    """The type that a Shandong code names when it is not the printed one; None when all is well (M-1)."""
    digits = type_digits(code)
    return None if digits is None or digits == kind.value else _BY_DIGITS.get(digits)


def identity(place_code: str, department: str, name: str, code: str = "") -> str:
    """What makes a matter one and the same (M-4).

    With a code: issuing place and code and name (two matters may share a name under two codes, and a code
    may cover several names); without: issuing place, department and folded name. The parts are joined by a
    line break, which no folded name holds, so that different parts never make the same identity.
    """
    tail = f"c:{code}" if code else f"d:{fold_name(department)}"
    return "\n".join((place_code, tail, fold_name(name)))


def sayings_of(name: str, shipped: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """What people call a matter, by a table of folded names; empty for a matter that is not in it (M-4).

    Lists print one matter in different ways: whole, as a part after ——, with a remark in brackets at the end.
    """
    folded = fold_name(name)
    part = folded.rpartition("——")[2]
    tries = (folded, part, _BRACKETS.sub("", folded), _BRACKETS.sub("", part))
    return next((shipped[each] for each in tries if each in shipped), ())
