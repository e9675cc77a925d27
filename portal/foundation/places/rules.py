"""Kinds of place and the groups that documents speak of. Pure (G-1, G-4)."""

from __future__ import annotations

from enum import StrEnum


class PlaceKind(StrEnum):
    """The levels of the tree; `district` of the real documents is a county here (市辖区 is county level)."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    ZONE = "zone"
    TOWN = "town"


class Certainty(StrEnum):
    """How sure the place's name and code are; medium is to be confirmed by the city before use."""

    HIGH = "high"
    MEDIUM = "medium"


_PRINTED_KINDS = {
    "市辖区": PlaceKind.COUNTY,
    "县级市": PlaceKind.COUNTY,
    "县": PlaceKind.COUNTY,
    "功能区": PlaceKind.ZONE,
    "市属开发区": PlaceKind.ZONE,
    "开发区": PlaceKind.ZONE,
    "镇": PlaceKind.TOWN,
    "乡": PlaceKind.TOWN,
    "街道": PlaceKind.TOWN,
    "地级市": PlaceKind.CITY,
    "省": PlaceKind.PROVINCE,
}


def read_kind(printed: str) -> PlaceKind:
    """The kind that a word such as 县级市 or 功能区（推进办公室） names; raises ValueError for any other."""
    word = printed.split("（", 1)[0].strip()
    try:
        return _PRINTED_KINDS[word]
    except KeyError:
        raise ValueError(f"unknown kind of place: {printed}") from None
