"""Where in a list a page begins, as its address says it: the row before or after, signed.

An address that nobody was given is refused, so nobody can make up addresses without end. A cursor names the revision
and the row, so it still means the same row when another revision has come.
"""

from __future__ import annotations

import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass
from hashlib import sha256

from flask import current_app

_PARTS = struct.Struct(">II")
_SIGNED = 8
"""Bytes of the signature that are kept: nobody gains more than another page of a public list by guessing one."""


@dataclass(frozen=True)
class Cursor:
    """A row, by the number of a revision of the list and its position there."""

    number: int
    position: int


def written(cursor: Cursor, scope: str) -> str:
    """The cursor for an address of the scope: the list and the order it is sorted in."""
    said = _PARTS.pack(cursor.number, cursor.position)
    return urlsafe_b64encode(said + _signature(said, scope)).decode().rstrip("=")


def read(text: str, scope: str) -> Cursor | None:
    """The cursor that an address of the scope holds; None when it was not written for it."""
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (Error, ValueError):
        return None
    said, signature = raw[: _PARTS.size], raw[_PARTS.size :]
    # Compared as written too, since base64 leaves bits over that would make two addresses of one.
    if len(said) != _PARTS.size or not hmac.compare_digest(signature, _signature(said, scope)):
        return None
    cursor = Cursor(*_PARTS.unpack(said))
    return cursor if written(cursor, scope) == text else None


def _signature(said: bytes, scope: str) -> bytes:
    secret = str(current_app.secret_key).encode()
    return hmac.new(secret, scope.encode() + b"\n" + said, sha256).digest()[:_SIGNED]
