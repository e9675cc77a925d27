"""The places and groups that a remark names (D-6, G-4). Pure.

Places stay as printed; groups get one of these keys, to be resolved against the tree of places by whoever
knows it:

zones            各功能区, 功能区, 各开发区, 市属开发区 …
counties         各县（市、区）, 各县区 …: every county, district and county-level city
districts        各区, 各市辖区
rural_counties   各县（市）: counties and county-level cities without the districts
towns            各镇街, 各乡镇（街道）…
all              全市, 各地: every place
others           其他地方: every place that the same remark does not name
other_zones, other_counties, other_districts, other_rural_counties, other_towns
                 其他…, 其余…: those of the group that the same remark does not name
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_OTHER = "(?:其他|其它|其余|另外)(?:的)?各?"
_EACH = "(?:全市|我市|市属|市直|所有|全部)?各?(?:类)?"
_WORDS = {
    "counties": (
        "县（市、区）|县（区、市）|县（区）|县、市、区|县市、区|县市区|县区|区县|区（县）|区（市）县|区（县、市）|区（市、县）"
        "|区市县|市（区、县）|市县区|市（县、区）|县市（区）|市县|市（县）|市区县"
    ),
    "rural_counties": "县（市）|县市|市（县级）",
    "zones": "市属开发区|功能区|经济开发区|开发区|高新区|新区|园区|产业园区|经开区|示范区",
    "towns": (
        "乡镇（街道）|乡（镇、街道）|镇（街道）|镇（街）|乡镇、街道|镇、街道|乡镇街道|镇街道|乡镇|镇街|街镇|街道"
        "|镇|乡镇（街道办事处）|乡（镇）"
    ),
    "districts": "市辖区|区",
}
_ALL = "全市|各地|各级|所有地方|各地方"
_REST = f"{_OTHER}(?:地方|地区|区域|地)|其余|其他"
_BARE_OK = (
    "县（[市区、]+）|区（[市县、]+）|县市区|县区|区县|功能区|市属开发区|乡镇（街道）"
    "|镇（街道）|镇街|市辖区|开发区"
)
_TAIL = "(?:人民政府|政府|行政审批服务局|行政审批局|审批服务局|管委会)?"

_GROUPS: tuple[tuple[str, re.Pattern[str]], ...] = (
    *((f"other_{key}", re.compile(f"{_OTHER}(?:{words}){_TAIL}")) for key, words in _WORDS.items()),
    *((key, re.compile(f"{_EACH}各(?:{words}){_TAIL}")) for key, words in _WORDS.items()),
    *((key, re.compile(f"(?:全市|我市)?(?=(?:{_BARE_OK})$)(?:{words})")) for key, words in _WORDS.items()),
    ("all", re.compile(_ALL)),
    ("others", re.compile(_REST)),
)

_PLACE = re.compile(r"[\u4e00-\u9fff]{1,14}(?:县|市|区|镇|乡|街道|街道办事处|管委会|办事处|苏木|农场|林场)")
_NOT_IN_PLACE = re.compile(
    "^[市城]区$|^[一二两三四五六七八九十几多]+(?:县|市|区|镇|乡|街道)$|内|原|所有|上述|以上|"
    "下放|前移|委托|方式|实施|办理|部门|事项|审批|审核|暂|不|除|其他|其余|其它|各|全市|我市|本市|市级|县级|省级|镇级"
)
_BRACKETED = re.compile(r"（[市县区乡镇街道办事处、]+）")
_COMMA = "\ue0ff"
_SEPARATOR = re.compile(r"(?<=[县市区镇乡道会处地他余）])(?:、|，|和|及|与|以及|或)(?=.)")


@dataclass(frozen=True, slots=True)
class Targets:
    """Places by their printed names and groups by their keys."""

    places: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def shield(text: str) -> str:
    """The text with the commas of 县（市、区）hidden, so that it can be cut at commas; read_targets undoes it."""
    text = _BRACKETED.sub(lambda match: match[0].replace("、", _COMMA), text)
    return text.replace("县、市、区", f"县{_COMMA}市{_COMMA}区").replace("乡镇、街道", f"乡镇{_COMMA}街道")


def read_targets(text: str) -> Targets | None:
    """The places and groups that make up the whole text (任城区和各功能区); None when anything else is in it.

    The text has full-width punctuation and no white space.
    """
    places: list[str] = []
    groups: list[str] = []
    for shielded in _SEPARATOR.split(shield(text.strip("，、"))):
        piece = shielded.replace(_COMMA, "、")
        group = read_group(piece)
        if group:
            groups.append(group)
        elif _PLACE.fullmatch(piece) and not _NOT_IN_PLACE.search(piece):
            places.append(piece)
        else:
            return None
    return Targets(tuple(dict.fromkeys(places)), tuple(dict.fromkeys(groups)))


def read_group(piece: str) -> str | None:
    """The key of the group that a phrase names, or None."""
    return next((key for key, pattern in _GROUPS if pattern.fullmatch(piece)), None)
