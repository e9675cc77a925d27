"""Letters as syllables: every way to read them, and every way when one letter is wrong. Pure.

A reading is found in a line of sounds (search rules) at a syllable's beginning. Which syllables stand together at
all is known (`known` pairs, written as one), so that only readings are followed that can be found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from portal.foundation.search.rules import initials

_WRITTEN = """
a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce
cen ceng cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun
chuo ci cong cou cu cuan cui cun cuo da dai dan dang dao de dei den deng di dia dian diao die ding diu
dong dou du duan dui dun duo e ei en eng er fa fan fang fei fen feng fiao fo fou fu ga gai gan gang gao
ge gei gen geng gong gou gu gua guai guan guang gui gun guo ha hai han hang hao he hei hen heng hong hou
hu hua huai huan huang hui hun huo ji jia jian jiang jiao jie jin jing jiong jiu ju juan jue jun ka kai
kan kang kao ke kei ken keng kong kou ku kua kuai kuan kuang kui kun kuo la lai lan lang lao le lei len
leng li lia lian liang liao lie lin ling liu lo long lou lu luan lun luo lv lve ma mai man mang mao me
mei men meng mi mian miao mie min ming miu mo mou mu na nai nan nang nao ne nei nen neng ni nian niang
niao nie nin ning niu nong nou nu nuan nun nuo nv nve o ou pa pai pan pang pao pei pen peng pi pian piao
pie pin ping po pou pu qi qia qian qiang qiao qie qin qing qiong qiu qu quan que qun ran rang rao re ren
reng ri rong rou ru rua ruan rui run ruo sa sai san sang sao se sen seng sha shai shan shang shao she
shei shen sheng shi shou shu shua shuai shuan shuang shui shun shuo si song sou su suan sui sun suo ta
tai tan tang tao te tei teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai wan wang wei wen
weng wo wu xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ya yan yang yao ye yi yin ying
yo yong you yu yuan yue yun za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhei zhen
zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo
"""
SYLLABLES = frozenset(_WRITTEN.split())
LONGEST = max(map(len, SYLLABLES))
FIRSTS = frozenset(syllable[0] for syllable in SYLLABLES)
FORGIVING = 5
"""From so many letters on, one wrong one is forgiven."""
MOST = 32
"""Ways to cut letters into syllables that are followed; more than a few never occur in Chinese."""
MOST_NEAR = 400
WILD = "?"


def _patterns() -> dict[str, list[str]]:
    """Syllables by what is left of them when one letter is not known: zh?ang → [zhuang]."""
    found: dict[str, list[str]] = {}
    for syllable in sorted(SYLLABLES):
        for at in range(len(syllable)):
            found.setdefault(syllable[:at] + WILD + syllable[at + 1 :], []).append(syllable)
    return found


PATTERNS = _patterns()


@dataclass(frozen=True)
class Reading:
    """Letters as initials, then whole syllables, then initials again; any of the three may be missing."""

    full: tuple[str, ...] = ()
    head: str = ""
    tail: str = ""

    @cached_property
    def firsts(self) -> str:
        """The first letters of all its syllables."""
        return self.head + "".join(syllable[0] for syllable in self.full) + self.tail

    def find(self, heard: Sequence[str]) -> int:
        """The number of the syllable at which it begins in a line; -1 when the line does not hold it."""
        firsts = initials(heard)
        at = firsts.find(self.firsts)
        while at >= 0:
            begin = at + len(self.head)
            if tuple(heard[begin : begin + len(self.full)]) == self.full:
                return at
            at = firsts.find(self.firsts, at + 1)
        return -1


@dataclass(frozen=True)
class Slip:
    """One wrong letter put right: letters before `start`, these syllables, letters from `end` on."""

    start: int
    syllables: tuple[str, ...]
    end: int


def plain_letters(word: str) -> str:
    """A word as pinyin letters; empty when it is something else. Accepts ü and the apostrophe of xi'an."""
    letters = word.replace("ü", "v").replace("'", "").replace("’", "")
    return letters if letters.isascii() and letters.isalpha() else ""


def ending(letters: str) -> list[list[str]]:
    """For each place between letters the syllables that end there on a way from the beginning."""
    found: list[list[str]] = [[] for _ in range(len(letters) + 1)]
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - LONGEST), end):
            if letters[start:end] in SYLLABLES and (start == 0 or found[start]):
                found[end].append(letters[start:end])
    return found


def beginning(letters: str) -> list[list[str]]:
    """For each place between letters the syllables that begin there on a way to the end."""
    found: list[list[str]] = [[] for _ in range(len(letters) + 1)]
    for start in range(len(letters) - 1, -1, -1):
        for end in range(start + 1, min(len(letters), start + LONGEST) + 1):
            if letters[start:end] in SYLLABLES and (end == len(letters) or found[end]):
                found[start].append(letters[start:end])
    return found


def _starting(letters: str, at: int) -> list[str]:
    return [letters[at:end] for end in range(at + 1, at + LONGEST + 1) if letters[at:end] in SYLLABLES]


def _unfinished(letters: str, at: int) -> list[str]:
    """Syllables that the rest of the letters is the beginning of; one letter alone is an initial."""
    rest = letters[at:]
    if not 1 < len(rest) < LONGEST:
        return []
    return [syllable for syllable in SYLLABLES if syllable.startswith(rest) and syllable != rest]


def asked_pairs(letters: str) -> set[str]:
    """Every pair of syllables that some reading of the letters needs."""
    found = set()
    for at in range(len(letters)):
        for first in dict.fromkeys(_starting(letters, at)):
            then = at + len(first)
            found |= {first + second for second in _starting(letters, then)}
            found |= {first + second for second in _unfinished(letters, then)}
    return found


def cuts(letters: str, known: Collection[str]) -> list[tuple[str, ...]]:
    """The ways to cut letters into whole syllables whose pairs are known; at most MOST."""

    def follow(at: int, before: str) -> Iterator[tuple[str, ...]]:
        if at == len(letters):
            yield ()
        for syllable in ahead[at]:
            if not before or before + syllable in known:
                for rest in follow(at + len(syllable), syllable):
                    yield (syllable, *rest)

    ahead = beginning(letters)
    return [found for found, _ in zip(follow(0, ""), range(MOST), strict=False)] if letters else []


def full_readings(letters: str, known: Collection[str]) -> list[Reading]:
    """The letters as whole syllables, the last one perhaps not typed to its end."""
    found = [Reading(full) for full in cuts(letters, known)]
    for at in range(max(0, len(letters) - LONGEST + 1), len(letters) - 1):
        for last in sorted(_unfinished(letters, at)):
            before = cuts(letters[:at], known) if at else [()]
            found += [Reading((*full, last)) for full in before if not full or full[-1] + last in known]
    return found


def short_readings(letters: str, known: Collection[str]) -> list[Reading]:
    """The letters as initials, or as whole syllables beside initials: qytzxmba, qiyetzba, qyebeian."""
    found = [Reading(tail=letters)] if FIRSTS.issuperset(letters) else []
    for at in range(1, len(letters)):
        if FIRSTS.issuperset(letters[at:]):
            found += [Reading(full, tail=letters[at:]) for full in cuts(letters[:at], known)]
        if FIRSTS.issuperset(letters[:at]):
            found += [Reading(full, head=letters[:at]) for full in cuts(letters[at:], known)]
    return found


def slips(letters: str) -> list[Slip]:
    """Every way to put one letter right: another, one more, one less, or two that changed places.

    Between the syllable boundaries around the slip stands a syllable that holds it, or two that meet in it.
    """
    before, after = ending(letters), beginning(letters)
    starts = [at for at in range(len(letters) + 1) if at == 0 or before[at]]
    ends = [at for at in range(len(letters) + 1) if at == len(letters) or after[at]]
    found: set[Slip] = set()
    for at in range(len(letters) + 1):
        for start in (each for each in starts if at - LONGEST <= each <= at):
            for end in (each for each in ends if at <= each <= at + LONGEST + 1):
                found.update(Slip(start, syllables, end) for syllables in _mended(letters, start, at, end))
    same = {Slip(start, (letters[start:end],), end) for start in starts for end in ends}
    return sorted(found - same, key=lambda slip: (slip.start, slip.end, slip.syllables))


def _mended(letters: str, start: int, at: int, end: int) -> Iterator[tuple[str, ...]]:
    left, right = letters[start:at], letters[at:end]
    yield from ((whole,) for whole in PATTERNS.get(left + WILD + right, ()))
    if not right:
        return
    yield from ((whole,) for whole in PATTERNS.get(left + WILD + right[1:], ()))
    fewer = left + right[1:]
    if not fewer:
        yield ()
    elif fewer in SYLLABLES:
        yield (fewer,)
    if len(right) > 1:
        first, second = left + right[1], right[0] + right[2:]
        if first + second in SYLLABLES:
            yield (first + second,)
        if first in SYLLABLES and second in SYLLABLES:
            yield (first, second)


def near_pairs(letters: str, found: Sequence[Slip]) -> set[str]:
    """Every pair of syllables that some reading with one letter put right needs."""
    before, after = ending(letters), beginning(letters)
    needed = asked_pairs(letters)
    for slip in found:
        for left in before[slip.start] or [""]:
            for right in after[slip.end] or [""]:
                parts = [part for part in (left, *slip.syllables, right) if part]
                needed.update(one + two for one, two in pairwise(parts))
    return needed


def near_readings(letters: str, found: Sequence[Slip], known: Collection[str]) -> list[Reading]:
    """The readings of letters of which one is wrong."""
    lefts: dict[int, list[tuple[str, ...]]] = {}
    rights: dict[int, list[tuple[str, ...]]] = {}
    kept: dict[tuple[str, ...], Reading] = {}
    for slip in found:
        if slip.start not in lefts:
            lefts[slip.start] = cuts(letters[: slip.start], known) if slip.start else [()]
        if slip.end not in rights:
            rights[slip.end] = cuts(letters[slip.end :], known) if slip.end < len(letters) else [()]
        for left in lefts[slip.start]:
            for right in rights[slip.end]:
                full = (*left, *slip.syllables, *right)
                if full and all(one + two in known for one, two in pairwise(full)):
                    kept[full] = Reading(full)
    return list(kept.values())[:MOST_NEAR]
