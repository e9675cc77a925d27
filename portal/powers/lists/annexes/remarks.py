"""Remarks that change the mode by place (D-6), leave places out (D-2) or name sub-items (M-3). Pure.

A remark is cut into clauses; each clause must fit one of the sentences below as a whole. What does not fit is
handed back as unclear: it is never dropped and never guessed at. What fits is a proposal that a person
confirms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from portal.powers.lists.annexes.printed import tight
from portal.powers.lists.annexes.targets import Targets, read_targets, shield
from portal.powers.lists.rules import MODE_LABELS, Mode, read_mode

_WIDE = str.maketrans("(),:;[]", "（），：；［］")
_NOTHING = re.compile(r"[\s/／\\\-－—–_~～*.．。、，；无○〇×]*")
_QUOTED = re.compile(r"[“‘「『]([^“”‘’「」『』]*)[”’」』]")
_OPENING = re.compile(r"^(?:[（]?[0-9一二三四五六七八九十]{1,2}[）、.．]|[①-⑳])?(?:其中：|(?:此|该|本)事项)?")
_MODE_SIGN, _SUB_SIGN = 0xE100, 0xE200
_MODES = tuple(Mode)
_M = f"[{chr(_MODE_SIGN)}-{chr(_MODE_SIGN + len(_MODES) - 1)}]"
_S = f"[{chr(_SUB_SIGN)}-{chr(_SUB_SIGN + 0xFF)}]"
_VERBS = frozenset({"下放", "委托", "前移", "划转", "进驻大厅"})
_LABEL = re.compile(
    "|".join(
        re.escape(label.translate(_WIDE))
        for label in sorted({x for xs in MODE_LABELS.values() for x in xs} - _VERBS, key=len, reverse=True)
    )
)
_WAY = r"(?:的?(?:方式|形式))?(?:，)?(?:实现(?:市县)?同权|实施|办理|下放|放权|承接|行使|赋权|进行)?"
_BY = r"[，：]?(?:均|暂|仍)?(?:以|采取|采用|实行|实施|通过|按照|按|为|使用)?"
_GIVE = r"(?:下放|放权|赋权|委托|实施|前移|开展|承接|办理)"
_TO = r"(?:至|到|给|于|由|在)"
_X = r"(?P<x>[^，；]+?(?:，[^，；]+?)*?)"

_SENTENCES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("all_but", re.compile(rf"除{_X}(?:以)?外，(?:均|都)?(?:向|对|在)?(?P<y>[^，]*?){_BY}(?P<m>{_M}){_WAY}")),
    ("all_but", re.compile(rf"{_X}除外，(?P<y>(?:其他|其余)[^，]*?){_BY}(?P<m>{_M}){_WAY}")),
    ("only", re.compile(rf"(?:暂)?(?:仅|只)(?P<m>{_M})?{_GIVE}?{_TO}{_X}(?:{_GIVE}|行使)?")),
    (
        "only",
        re.compile(rf"(?:暂)?(?:仅|只)(?:限于|限|向|对|适用于)?{_X}{_BY}(?P<m>{_M})?(?:{_GIVE}|适用|行使)?"),
    ),
    (
        "none",
        re.compile(
            rf"除{_X}(?:以)?外，?(?:(?:其他|其余)(?:地方|县（市、区）|地区)?)?(?:均|都|全部)(?:下放|放权|赋权)"
        ),
    ),
    ("entrust", re.compile(rf"委托{_X}(?:实施|行使|办理)")),
    ("none", re.compile(rf"(?:暂)?不(?:再)?(?:向|对|给|在){_X}{_GIVE}")),
    ("none", re.compile(rf"(?:不含|不包括|不适用于){_X}")),
    ("none", re.compile(rf"{_X}(?:暂|暂时)?(?:不{_GIVE}|除外|不适用|不含|不在此列|不包括在内)")),
    (
        "none",
        re.compile(
            rf"{_X}(?:仍|继续|仍然|暂)*由市(?:级|直)?(?:部门|直部门|有关部门)?(?:继续)?(?:办理|实施|负责|保留)"
        ),
    ),
    (
        "choose",
        re.compile(
            rf"(?:具体)?(?:下放|同权)?(?:方式)?由{_X}(?:根据.*|结合.*)?自行(?:确定|选择|决定)(?:方式)?"
        ),
    ),
    ("some", re.compile(rf"(?P<m>{_M})(?:事项)?{_TO}{_X}(?:实施|办理|行使|承接)?")),
    ("some", re.compile(rf"(?:向|对|给|在|由){_X}{_BY}(?P<m>{_M}){_WAY}")),
    ("some", re.compile(rf"{_X}{_BY}(?P<m>{_M}){_WAY}")),
    ("same", re.compile(rf"(?:下放|委托|赋权|放权){_TO}{_X}(?:实施|办理|行使)?")),
    ("same", re.compile(rf"(?:向|对){_X}(?:下放|放权|赋权)")),
    ("window", re.compile(rf"前移{_TO}{_X}")),
    ("some", re.compile(rf"(?P<m>{_M})[：:]{_X}")),
    ("some", re.compile(rf"(?P<m>{_M})（{_X}）")),
)
_PARTS = re.compile(
    rf"(?:其中，?)?(?:暂)?(?P<only>(?:仅|只)(?:限于|限|包括|包含|含)?)?(?P<v>下放|前移|委托|赋权|放权|承接|移交)?(?P<m>{_M})?(?:其中的?|子项|事项)?(?:：)?"
    rf"(?P<s>{_S}(?:(?:、|和|及|与|，|以及)?{_S})*)(?:等)?(?:\d+|[一二两三四五六七八九十]+)?(?:个|项)?"
    rf"(?:子项|事项|业务|环节|部分|内容|权限|情形|窗口|服务窗口)?(?:的?(?:审批|实施|办理)?权限?)?(?P<tail>{_M}|下放|前移|委托)?"
)
_PLAIN_PART = re.compile(
    r"(?:暂)?(?:仅|只)(?P<v>下放|前移|委托|赋权|放权)(?:其中的?|子项)?(?:：)?(?P<name>[^、，；：]{2,60})"
)
_CUT = re.compile(rf"[；。！]|(?<={_S})(?=[（]?\d{{1,2}}[）、.．])")
_COMMA = re.compile(rf"，|(?<={_M})、(?!{_M})")
_BEGINS = ("除", "在", "对", "其中")
_NOT_A_PART = re.compile(rf"{_M}|{_S}|至|到|权限|范围|以[上下内外]|的$")
_MAX_REMARK = 500


@dataclass(frozen=True, slots=True)
class ExceptionProposal:
    """For these places and groups (keys of targets.py) the remark sets another mode (D-6)."""

    places: tuple[str, ...]
    groups: tuple[str, ...]
    mode: Mode


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a remark says; `mode` where it is nothing but a mode's label, `unclear` what was not understood."""

    exceptions: tuple[ExceptionProposal, ...] = ()
    sub_items: tuple[str, ...] = ()
    mode: Mode | None = None
    unclear: tuple[str, ...] = ()

    @property
    def conflicts(self) -> tuple[str, ...]:
        """Places and groups that are given two modes (D-6: two rules equally specific that differ)."""
        seen: dict[str, Mode] = {}
        return tuple(
            name
            for proposal in self.exceptions
            for name in (*proposal.places, *proposal.groups)
            if seen.setdefault(name, proposal.mode) is not proposal.mode
        )


_NONE = Understanding()


@lru_cache(maxsize=8192)
def understand(remark: str, mode: Mode | None) -> Understanding:
    """What the remark of a row says, whose mode is `mode` (None when not known)."""
    plain = tight(remark)
    if _NOTHING.fullmatch(plain):
        return _NONE
    if len(plain) > _MAX_REMARK:
        return Understanding(unclear=(plain,))
    reader = _Reader(plain, mode)
    reader.read()
    only_same = bool(reader.exceptions) and all(found.mode is mode for found in reader.exceptions)
    if only_same:  # a remark that changes nothing must mean something else, most likely "only there"
        return Understanding((), tuple(reader.sub_items), reader.mode, (plain,))
    return Understanding(
        tuple(reader.exceptions), tuple(reader.sub_items), reader.mode, tuple(reader.unclear)
    )


class _Reader:
    """Reads one remark. Quoted words and labels of modes are first replaced by single signs."""

    def __init__(self, plain: str, mode: Mode | None) -> None:
        self.default = mode
        self.exceptions: list[ExceptionProposal] = []
        self.sub_items: list[str] = []
        self.unclear: list[str] = []
        self.mode: Mode | None = None
        self.quoted: list[str] = []
        self.verbs: set[str] = set()
        self.labels: dict[str, str] = {}
        text = _paired(plain).translate(_WIDE)
        self.text = _LABEL.sub(self._label_sign, shield(_QUOTED.sub(self._quoted_sign, text)))

    def _quoted_sign(self, match: re.Match[str]) -> str:
        mode = read_mode(match[1])
        if mode:
            self.labels.setdefault(_sign(mode), match[1])
            return _sign(mode)
        self.quoted.append(match[1])
        return chr(_SUB_SIGN + len(self.quoted) - 1) if len(self.quoted) <= 0xFF else match[0]  # noqa: PLR2004

    def _label_sign(self, match: re.Match[str]) -> str:
        mode = read_mode(match[0])
        if mode is None:
            return match[0]
        self.labels.setdefault(_sign(mode), match[0])
        return _sign(mode)

    def read(self) -> None:
        """Take the clauses one by one; a clause that means nothing alone is tried with the one after it."""
        for sentence in _CUT.split(_unbracketed(self.text)):
            clauses = [_OPENING.sub("", clause) for clause in _COMMA.split(sentence) if clause]
            at = 0
            while at < len(clauses):
                taken = next(
                    (n for n in _spans(clauses, at) if self._clause("，".join(clauses[at : at + n]))), 0
                )
                if not taken:
                    self.unclear.append(self._restore(clauses[at], "“%s”"))
                at += taken or 1
        self._check_others()

    def _check_others(self) -> None:
        """其他… means nothing where no clause that was understood names the places that it sets apart."""
        named = any(found.places or not _all_others(found) for found in self.exceptions)
        if self.exceptions and not named:
            self.exceptions.clear()
            self.unclear = self.unclear or [self._restore(self.text, "“%s”")]

    def _clause(self, clause: str) -> bool:
        if len(clause) == 1 and re.fullmatch(_M, clause):
            return self._bare_mode(_mode(clause))
        if self._parts(clause):
            return True
        for kind, pattern in _SENTENCES:
            match = pattern.fullmatch(clause)
            if match and self._sentence(kind, match.groupdict()):
                return True
        match = _PLAIN_PART.fullmatch(clause)
        if match and not _NOT_A_PART.search(match["name"]) and self._fits(match["v"], None):
            self.sub_items.append(self._restore(match["name"]))
            return True
        return False

    def _bare_mode(self, mode: Mode) -> bool:
        if self.default is None and self.mode is None:
            self.mode = mode
            return True
        return mode is (self.default or self.mode)

    def _parts(self, clause: str) -> bool:
        match = _PARTS.fullmatch(clause)
        if not match or not any(match[name] for name in ("only", "v", "m", "tail")):
            return False
        signs = [sign for sign in (match["m"], match["tail"]) if sign]
        verbs = [sign for sign in signs if not re.fullmatch(_M, sign)]
        modes = [_mode(sign) for sign in signs if re.fullmatch(_M, sign)]
        said = {verb for verb in (match["v"], *verbs) if verb}
        if not all(self._fits(verb, None) for verb in said):
            return False
        if len(self.verbs | said) > 1 and "前移" in self.verbs | said:
            return False  # 前移“…”，下放“…”: two ways in one remark
        self.verbs |= said
        if not all(self._fits(None, mode) for mode in modes):
            return False
        self.sub_items += [self.quoted[ord(sign) - _SUB_SIGN] for sign in re.findall(_S, match["s"])]
        return True

    def _fits(self, verb: str | None, mode: Mode | None) -> bool:
        """Whether a verb or mode beside sub-items agrees with the row's own mode."""
        if self.default is None:
            return True
        if verb == "前移":
            return self.default is Mode.WINDOW
        return mode in (None, self.default)

    def _sentence(self, kind: str, found: dict[str, str | None]) -> bool:
        targets = read_targets(self._restore(found["x"] or ""))
        sign = found.get("m")
        mode = _mode(sign) if sign else self.default
        if targets is None:
            return False
        if kind == "all_but":
            return self._all_but(targets, self._restore(found["y"] or ""), mode)
        fixed = {
            "none": Mode.UNDELEGATED,
            "choose": Mode.UNDETERMINED,
            "window": Mode.WINDOW,
            "entrust": Mode.ENTRUSTED,
        }
        mode = fixed.get(kind, self.default if kind == "same" else mode)
        if mode is None:
            return False
        self._except(targets, mode)
        if kind == "only":
            self._except(Targets(groups=("others",)), Mode.UNDELEGATED)
        return True

    def _all_but(self, but: Targets, rest: str, mode: Mode | None) -> bool:
        others = read_targets(rest) if rest else Targets(groups=("others",))
        if others is None or mode is None or self.default is None:
            return False
        if mode is self.default:  # 直接下放 for all but these: these get nothing
            self._except(but, Mode.UNDELEGATED)
            return True
        self._except(but, self.default)
        self._except(others, mode)
        return True

    def _except(self, targets: Targets, mode: Mode) -> None:
        self.exceptions.append(ExceptionProposal(targets.places, targets.groups, mode))

    def _restore(self, text: str, quoted: str = "%s") -> str:
        """The text with its labels and quoted words again; a quoted name of places needs no marks."""

        def words(match: re.Match[str]) -> str:
            sign = ord(match[0])
            if sign >= _SUB_SIGN:
                return quoted % self.quoted[sign - _SUB_SIGN]
            return self.labels[match[0]]

        return re.sub(f"{_M}|{_S}", words, text).replace("\ue0ff", "、")


def _all_others(found: ExceptionProposal) -> bool:
    return all(group.startswith("other") for group in found.groups)


def _sign(mode: Mode) -> str:
    return chr(_MODE_SIGN + _MODES.index(mode))


def _mode(sign: str) -> Mode:
    return _MODES[ord(sign) - _MODE_SIGN]


def _spans(clauses: list[str], at: int) -> Iterator[int]:
    """How many clauses to try together: 除…外 needs the one after it first, others stand alone first."""
    room = len(clauses) - at
    order = (2, 1, 3) if clauses[at].startswith(_BEGINS) or clauses[at].endswith("除外") else (1, 2, 3)
    return (n for n in order if n <= room)


def _paired(text: str) -> str:
    """Straight quotation marks turned into opening and closing ones, when they come in pairs."""
    for mark, pair in (('"', "“”"), ("'", "‘’"), ("＂", "“”")):
        if text.count(mark) % 2 == 0:
            for turn in range(text.count(mark)):
                text = text.replace(mark, pair[turn % 2], 1)
    return text


def _unbracketed(text: str) -> str:
    """A remark that stands in brackets as a whole, without them."""
    match = re.fullmatch("（([^（）]*(?:（[^（）]*）[^（）]*)*)）", text)
    return match[1] if match else text
