"""The parameters of the API: one declaration reads the value, refuses a wrong one and describes itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flask import request

from portal.api.problems import Kind, Problem
from portal.i18n import TAGS, mark

CONTROL = "\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029"
LARGEST = 2147483647
"""The largest key that both databases hold."""


@dataclass(frozen=True)
class Parameter:
    """A parameter: its name, what it is for (Chinese), and the JSON Schema of one value.

    `many` may be given several times; `listed` holds several names of fields between commas.
    """

    name: str
    purpose: str
    schema: Mapping[str, Any]
    many: bool = False
    listed: bool = False
    values: Mapping[str, object] = field(default_factory=dict)
    """What fills the holes of `purpose`."""

    def renamed(self, name: str) -> Parameter:
        """The same under another name, as part of a path."""
        return replace(self, name=name)

    def read(self, texts: Sequence[str]) -> Any:
        """The value or, where there may be several, the values; raises Problem for one that is wrong."""
        if self.listed:
            texts = [part for text in texts for part in text.split(",")]
        if not (self.many or self.listed) and len(texts) > 1:
            raise Problem(
                Kind.BAD_PARAMETER,
                mark("参数 %(name)s 只能给一个值。"),
                {"parameter": self.name},
                name=self.name,
            )
        found = [self._one(text) for text in texts]
        return found if self.many or self.listed else found[0]

    def fits(self, value: object) -> bool:
        """Whether a value of the path is one that there may be."""
        return _value(str(value), self.schema) is not None

    def _one(self, text: str) -> Any:
        value = _value(text, self.schema)
        if value is None:
            raise self._refusal(text)
        return value

    def _refusal(self, text: str) -> Problem:
        """What is said of a wrong value; of a field that there is none of, with the names of all."""
        if self.listed:
            known = list(self.schema["enum"])
            return Problem(
                Kind.UNKNOWN_FIELD,
                mark("没有这个字段：%(stranger)s。可用的字段：%(known)s。"),
                {"field": text[:60], "known": known},
                stranger=text[:60],
                known=", ".join(known),
            )
        return Problem(
            Kind.BAD_PARAMETER,
            mark("参数 %(name)s 的值“%(value)s”不对：%(wanted)s。"),
            {"parameter": self.name, "schema": dict(self.schema)},
            name=self.name,
            value=text[:60],
            wanted=_wanted(self.schema),
        )


def _value(text: str, schema: Mapping[str, Any]) -> Any:
    """The text as the schema has it; None when it does not fit."""
    if schema["type"] == "integer":
        whole = int(text) if re.fullmatch(r"0|[1-9][0-9]{0,9}", text, re.ASCII) else None
        return whole if whole is not None and schema["minimum"] <= whole <= schema["maximum"] else None
    if "enum" in schema:
        return text if text in schema["enum"] else None
    if schema.get("format") == "date":
        return _day(text)
    fits = schema.get("minLength", 0) <= len(text) <= schema["maxLength"]
    return text if fits and re.search(schema["pattern"], text, re.ASCII) else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else None
    except ValueError:
        return None


def _wanted(schema: Mapping[str, Any]) -> str:
    """What would fit, without words, so that it serves both languages."""
    if schema["type"] == "integer":
        return f"{schema['minimum']}–{schema['maximum']}"
    if "enum" in schema:
        return " | ".join(schema["enum"])
    return "YYYY-MM-DD" if schema.get("format") == "date" else str(schema["pattern"])


def text(pattern: str, longest: int) -> dict[str, Any]:
    """The schema of a text."""
    return {"type": "string", "minLength": 1, "maxLength": longest, "pattern": pattern}


def whole(least: int, most: int, usual: int | None = None) -> dict[str, Any]:
    """The schema of a whole number."""
    said: dict[str, Any] = {"type": "integer", "minimum": least, "maximum": most}
    return said if usual is None else {**said, "default": usual}


def one_of(values: Sequence[str]) -> dict[str, Any]:
    """The schema of a choice."""
    return {"type": "string", "enum": list(values)}


WORD = text("^[0-9A-Za-z][0-9A-Za-z_-]*$", 64)
"""Slugs of lists and codes of places."""
NAME = text(f"^[^{CONTROL}]+$", 128)
DAY = {"type": "string", "format": "date"}
NUMBER = whole(1, LARGEST)


class Asked:
    """The parameters of a request by name; what was not given is None, or empty where there may be several."""

    def __init__(self, declared: Sequence[Parameter], given: Mapping[str, Any]) -> None:
        self._declared = {each.name: each for each in declared}
        self._given = given

    def one(self, name: str) -> Any:
        """A single value; None, or what the parameter usually is, when it was not given."""
        return self._given.get(name, self._declared[name].schema.get("default"))

    def many(self, name: str) -> list[Any]:
        """All values of a parameter."""
        return list(self._given.get(name, ()))

    def declares(self, name: str) -> bool:
        """Whether the operation has such a parameter."""
        return name in self._declared

    def question(self, *without: str) -> str:
        """The same question in the same words, however it was written: what a cursor belongs to."""
        return repr(sorted((name, value) for name, value in self._given.items() if name not in without))


def read(declared: Sequence[Parameter]) -> Asked:
    """The parameters of the running request; Problem names those that are unknown, or the first wrong one."""
    known = {each.name: each for each in (*declared, LANGUAGE)}
    strangers = sorted(set(request.args) - set(known))
    if strangers:
        raise Problem(
            Kind.UNKNOWN_PARAMETER,
            mark("没有这个参数：%(strangers)s。可用的参数：%(known)s。"),
            {"parameters": [name[:60] for name in strangers], "known": list(known)},
            strangers=", ".join(name[:60] for name in strangers),
            known=", ".join(known),
        )
    given = {name: known[name].read(request.args.getlist(name)) for name in request.args}
    return Asked(list(known.values()), given)


LANGUAGE = Parameter(
    "lang", mark("句子用的语言；文件里的名称总是中文"), {**one_of(list(TAGS)), "default": next(iter(TAGS))}
)
