"""Where a collection goes on: an opaque word that holds the last item's place and belongs to one question."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Sequence
from hashlib import sha256

Key = tuple[int | str, ...]
"""What identifies an item's place in its collection."""

DIGEST = 9
"""Bytes of the digest by which a cursor is known to be whole and to belong to the question."""


class CursorError(ValueError):
    """The word is no cursor of this question."""


def encode(question: str, key: Key) -> str:
    """The word for going on after `key`; `question` is what is asked, without limit and fields."""
    said = json.dumps(key, ensure_ascii=False, separators=(",", ":")).encode()
    return urlsafe_b64encode(_digest(question, said) + said).decode().rstrip("=")


def decode(question: str, word: str, shape: Sequence[type]) -> Key:
    """The key in a word; CursorError when it is broken, of another question, or not of the types in `shape`.

    Nothing secret is in it and nothing is believed: whoever makes one up begins at another item, no more.
    """
    try:
        whole = urlsafe_b64decode(word.encode("ascii") + b"=" * (-len(word) % 4))
        key = json.loads(whole[DIGEST:])
    except (ValueError, Error, RecursionError):
        raise CursorError(word) from None
    fits = isinstance(key, list) and [type(part) for part in key] == list(shape)
    if not fits or whole[:DIGEST] != _digest(question, whole[DIGEST:]):
        raise CursorError(word)
    return tuple(key)


def _digest(question: str, said: bytes) -> bytes:
    return sha256(question.encode() + b"\n" + said).digest()[:DIGEST]
