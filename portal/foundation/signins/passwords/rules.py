"""Which passwords will do: long enough, and not put together from few things that guessers try first. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 128

FEWEST_PIECES = 5
"""A password is made of so many pieces at least; a word, a name, a date or a row of keys is one piece."""

LONGEST_PIECE = 24

_WALKS = (
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "!@#$%^&*()",
    "147258369",
)
"""Ways of fingers over the keys, there and back."""

_BOTH_WAYS = tuple(walk for each in _WALKS for walk in (each * 2, each[::-1] * 2))

_SYLLABLE = re.compile(
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|uo|ui|ue|er|[aeiouv])"
)
_DATE = re.compile(
    r"(?:(?:19|20)\d\d(?:[-./]?(?:0?[1-9]|1[0-2])(?:[-./]?(?:0?[1-9]|[12]\d|3[01]))?)?"
    r"|\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))年?"
)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LEET = str.maketrans("0134578@$!", "oieastbasi")


class PasswordFault(StrEnum):
    """Why a password is not accepted."""

    SHORT = "short"
    LONG = "long"
    LIKE_LOGIN = "like_login"
    COMMON = "common"


def password_fault(
    password: str, login: str, common: frozenset[str] = frozenset(), own: Iterable[str] = ()
) -> PasswordFault | None:
    """What is wrong with a new password, or None. Length is in characters.

    `common` are words that many use, in small letters, `own` what others know of the person, such as its name.
    """
    if len(password) < SHORTEST_PASSWORD:
        return PasswordFault.SHORT
    if len(password) > LONGEST_PASSWORD:
        return PasswordFault.LONG
    if login.casefold() in password.casefold():
        return PasswordFault.LIKE_LOGIN
    known = frozenset(word for each in own if len(word := _folded(each)) > 1)
    simple = len(set(password)) < FEWEST_PIECES or pieces(password, common, known) < FEWEST_PIECES
    return PasswordFault.COMMON if simple else None


def pieces(password: str, common: frozenset[str] = frozenset(), known: frozenset[str] = frozenset()) -> int:
    """Of how few pieces the password can be put together: by how many it is longer than what guessers try first."""
    text = _folded(password)
    fewest = [0]
    for end in range(1, len(text) + 1):
        begin = max(0, end - LONGEST_PIECE)
        fewest.append(
            min(
                fewest[start] + 1
                for start in range(begin, end)
                if end - start == 1 or _is_piece(text[start:end], common, known)
            )
        )
    return fewest[-1]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _is_piece(text: str, common: frozenset[str], known: frozenset[str]) -> bool:
    """Whether guessers would try it as a whole: a word, a name, a syllable, a date, a phone, a row of keys."""
    if len(set(text)) == 1 or text in known:
        return True
    if text in common or (not text.isdigit() and text.translate(_LEET) in common):
        return True
    if _SYLLABLE.fullmatch(text) or _DATE.fullmatch(text) or _MOBILE.fullmatch(text):
        return True
    return len(text) > 2 and any(text in walk for walk in _BOTH_WAYS)  # noqa: PLR2004  two keys are no row
