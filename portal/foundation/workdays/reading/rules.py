"""A year's arrangement from text. Pure (T-2).

Read are the notice's own lines (“二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。”)
and what people type (“国庆节 2027-10-01 至 2027-10-07；上班 2027-09-26, 2027-10-09”). The notice checks itself:
weekdays and totals that it states must be right. A sentence with dates that arranges nothing (除夕 that is merely
recommended, the day of signing) is given back as left out, never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from unicodedata import normalize

from portal.foundation.workdays.rules import Flaw, Year, days_after, mark, stretches

LONGEST_NAME = 32
LONGEST_STRETCH = 31
"""Days of one holiday: more is a slip of the pen."""

_WEEKDAYS = "一二三四五六日"
_NUMBERING = re.compile(r"^\(?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[、.)]\s*(?=[^\d\s])")
_NAME = re.compile(r"^[^\d:;,。()]*")
_DAY = r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|(?:\d{4}年)?\d{1,2}月\d{1,2}日)"
_ASIDE = r"(?:\s*\([^()]*\))?"
_TOKEN = re.compile(
    rf"(?P<first>{_DAY})(?P<aside>{_ASIDE})"
    rf"(?:\s*(?:[至到~〜–]|—+|-+)\s*(?P<last>{_DAY}|\d{{1,2}}日)(?P<last_aside>{_ASIDE}))?"
    r"|(?P<work>(?:照常|正常|调休)?上班|补班)"
    r"|(?P<off>放假(?:调休|公休)?|补休|公休)"
)
_VERB = re.compile("上班|补班|放假|补休|公休")
_WEEKDAY = re.compile(r"(?:星期|周)([一二三四五六日天])")
_FILLING = re.compile(r"[\s,、:]|共\s*\d{1,2}\s*天")
_TOTAL = re.compile(r"(?:共|放假)\s*(\d{1,2})\s*天")


@dataclass
class Reading:
    """What was read: the arrangement, what is wrong with the text, and sentences with dates that were left out."""

    number: int
    holidays: dict[date, str] = field(default_factory=dict)
    makeups: dict[date, str] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def year(self, source: str = "") -> Year:
        """The arrangement as a year that rests on a notice."""
        return Year(self.number, dict(self.holidays), dict(self.makeups), source)


def read(number: int, text: str) -> Reading:
    """The arrangement of a year from lines, one holiday a line; a day written without a year is in that year."""
    found = Reading(number)
    name = ""
    for line in text.splitlines():
        plain = _NUMBERING.sub("", normalize("NFKC", line).strip(), count=1)
        if not re.search(_DAY, plain):
            continue
        rest = _NAME.sub("", plain, count=1)
        said = plain[: len(plain) - len(rest)].strip()
        if said and not _VERB.search(said):
            # A name is no clause: 鼓励单位和个人……，在除夕休息.
            name = "" if rest.startswith(",") else said
            plain = rest
        if not 0 < len(name) <= LONGEST_NAME:
            found.left.append(line.strip())
            continue
        for sentence in re.split("[。;]", plain):
            _Sentence(found, name, sentence).read()
    return found


class _Sentence:
    """A sentence about one holiday. In notices the verb stands behind its days, where people type, before them."""

    def __init__(self, found: Reading, name: str, text: str) -> None:
        self.found = found
        self.name = name
        self.text = text.strip(" :,")
        self.off: set[date] = set()
        self.prose = _FILLING.sub("", _TOKEN.sub("", self.text))

    def read(self) -> None:
        """Give each day to its verb; days without one are a holiday if they are typed as such."""
        verb, pending = "", []
        for token in _TOKEN.finditer(self.text):
            if token["first"]:
                pending.append(token)
                continue
            kind = "work" if token["work"] else "off"
            if pending and not self.text[pending[-1].end() : token.start()].strip():
                self._take_before(pending, kind, verb)
                verb = ""
            else:
                self._take(pending, verb)
                verb = kind
            pending = []
        self._take(pending, verb)
        self._check_total()

    def _take_before(self, tokens: list[re.Match[str]], kind: str, verb: str) -> None:
        """Days with the verb right behind them. “10-01 至 10-07，09-26 上班”: what is worked is said day by day."""
        days = [token for token in tokens if not token["last"]]
        if kind == "work" and days:
            self._take([token for token in tokens if token["last"]], verb)
            tokens = days
        self._take(tokens, kind)

    def _take(self, tokens: list[re.Match[str]], verb: str) -> None:
        for token in tokens:
            typed = bool(token["last"]) or "月" not in token["first"]
            # 10月8日不放假, 4月4日至6日高速公路免费: without a verb beside them, days among other words are not ours.
            if not verb and (self.prose or not typed):
                if self.text not in self.found.left:
                    self.found.left.append(self.text)
                continue
            for day in self._days(token):
                self._put(day, verb)

    def _put(self, day: date, verb: str) -> None:
        mine, other = self.found.holidays, self.found.makeups
        if verb == "work":
            mine, other = other, mine
        else:
            self.off.add(day)
        if day in other or mine.get(day, self.name) != self.name:
            self._flaw(mark("%(day)s写了两次，请核对。"), day=day.isoformat())
        mine[day] = self.name

    def _days(self, token: re.Match[str]) -> list[date]:
        first = self._day(token["first"], token["aside"], self.found.number)
        if first is None or not token["last"]:
            return [first] if first else []
        last = self._day(token["last"], token["last_aside"], first.year, first.month)
        if last is None:
            return []
        if not 0 < (last - first).days < LONGEST_STRETCH:
            self._flaw(
                mark("%(first)s至%(last)s读不通：结束要在开始以后，一次最多 %(count)s 天。"),
                first=first.isoformat(),
                last=last.isoformat(),
                count=LONGEST_STRETCH,
            )
            return []
        return [first, *days_after(first, last)]

    def _day(self, text: str, aside: str | None, year: int, month: int = 0) -> date | None:
        """The day, checked against the weekday beside it; what it leaves out is taken from year and month."""
        parts = [int(part) for part in re.findall(r"\d+", text)]
        numbers = [*(year, month)[: 3 - len(parts)], *parts]
        try:
            day = date(*numbers)
        except ValueError:
            self._flaw(mark("没有“%(text)s”这一天。"), text=text)
            return None
        said = _WEEKDAY.search(aside or "")
        if said and _WEEKDAYS.index(said[1].replace("天", "日")) != day.weekday():
            self._flaw(
                mark("%(text)s写的是星期%(said)s，日历上是星期%(right)s。"),
                text=text,
                said=said[1],
                right=_WEEKDAYS[day.weekday()],
            )
        return day

    def _check_total(self) -> None:
        total = _TOTAL.search(self.text)
        if total and self.off and int(total[1]) != len(self.off):
            self._flaw(
                mark("%(name)s写明放假 %(stated)s 天，读出来是 %(count)s 天。"),
                name=self.name,
                stated=int(total[1]),
                count=len(self.off),
            )

    def _flaw(self, sentence: str, **values: object) -> None:
        self.found.flaws.append(Flaw(sentence, values))


def write(year: Year) -> str:
    """The arrangement as lines that `read` reads, to be changed by hand: one holiday a line, in the order of days."""
    days = [*sorted(year.holidays.items()), *sorted(year.makeups.items())]
    return "\n".join(_line(year, name) for name in dict.fromkeys(name for _day, name in days))


def _line(year: Year, name: str) -> str:
    off = "、".join(_stretches(_named(year.holidays, name)))
    work = "、".join(day.isoformat() for day in _named(year.makeups, name))
    parts = [f"{off} 放假" if off else "", f"{work} 上班" if work else ""]
    return f"{name}：{'；'.join(filter(None, parts))}"


def _named(days: Mapping[date, str], name: str) -> list[date]:
    return sorted(day for day, said in days.items() if said == name)


def _stretches(days: list[date]) -> Iterator[str]:
    for first, last in stretches(days):
        yield first.isoformat() if first == last else f"{first.isoformat()} 至 {last.isoformat()}"
