"""Notes at the foot of a list: who takes the matters over, and that places choose the mode themselves. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from portal.powers.lists.annexes.printed import tidy, tight

_NOTE = re.compile(
    r"(?:附?注|备注|说明|填表说明|有关说明)\s*\d?\s*[:：.]|注[\d一二三]|(?:注|备注|说明)\s+\S|[※＊*★☆▲△●◆]\s*\S{4,}"
)
_NEXT = re.compile(r"[（(]?[\d一二三四五六七八九十]{1,2}[）)、.．]\s*\D|[①-⑳]")
_CHOOSE = re.compile(
    r"方式.{0,80}?(?:自行|自主)(?:研究)?(?:确定|选择|决定|选定)|(?:自行|自主)(?:确定|选择|决定|选定).{0,20}方式"
    r"|方式由(?:各地|各?县|各镇|各?乡镇|各?功能区).{0,60}?(?:确定|选择|决定|选定)"
)
_BODIES = r"(?:承接|接收|实施|受委托|受托|赋权|被赋权|下放)(?:单位|主体|部门|机关|地|方|镇街?|镇办|对象|机构)"
_RECEIVERS = (
    re.compile(rf"{_BODIES}(?:分别)?(?:为|是|包括|有|[：:])[：:]?([^。；;]+)"),
    re.compile(
        r"(?:事项|权力|权限)[，,]?(?:均|全部|统一)?(?:由|委托给?|下放[至到给])(?P<who>[^。；;，,]+?)(?:负责)?(?:组织)?(?:承接|实施|行使|办理)"
    ),
)
_NO_BODY = re.compile(r"各?(?:自|市直|市级)|省级?|确定|协商|按照?|依法|不|原")
_ASIDE = re.compile(r"[（(][^（）()]*[）)]")
_TELLS = re.compile(
    r"下放(?!对象|后|的?事项)|前移|委托收件|委托实施|暂不|除外|同权方式|收回|不适用|仅(?:限|适用|向)|实质性审核"
)
_SPLIT = re.compile(r"[、，,](?![^（(]*[）)])|(?<=[县市区镇乡道会局处心）)])(?:和|及|以及)(?=.)")


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of one list as printed, the receivers they name, whether they leave the mode to the places.

    `unclear` are notes that speak of modes or exceptions in a way that was not understood.
    """

    printed: tuple[str, ...] = ()
    receivers: tuple[str, ...] = ()
    places_choose: bool = False
    unclear: tuple[str, ...] = ()


def starts_note(text: str) -> bool:
    """Whether a paragraph or a row across the table begins the notes (注：, 备注：, 说明：)."""
    return bool(_NOTE.match(text.strip()))


def goes_on(text: str) -> bool:
    """Whether a paragraph that follows a note is its next point (2.…)."""
    return bool(_NEXT.match(text.strip()))


def take_notes(paragraphs: Sequence[str]) -> list[str]:
    """The notes among the paragraphs that follow a list, up to the first that is none."""
    notes: list[str] = []
    for text in paragraphs:
        if starts_note(text) or (notes and goes_on(text)):
            notes.append(text)
        elif notes:
            break
    return notes


def read_notes(printed: Sequence[str]) -> Notes:
    """What the notes of a list say."""
    receivers: list[str] = []
    unclear: list[str] = []
    choose = False
    for note in printed:
        text = tight(note)
        chosen, named = bool(_CHOOSE.search(text)), _named(text)
        receivers += named
        choose = choose or chosen
        if not chosen and not named and _TELLS.search(text):
            unclear.append(tidy(note))
    return Notes(tuple(map(tidy, printed)), tuple(dict.fromkeys(receivers)), choose, tuple(unclear))


def _named(text: str) -> list[str]:
    """The bodies that a note names as those who take the matters over; what merely says who decides is none."""
    for pattern in _RECEIVERS:
        found = pattern.search(text)
        if found and not _NO_BODY.search(_ASIDE.sub("", found[1])):
            return [part for part in _SPLIT.split(found[1].removesuffix("等")) if part]
    return []
