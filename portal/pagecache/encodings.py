"""Content codings: which one a reader gets, and the bytes in it (RFC 9110, 12.5.3)."""

from __future__ import annotations

import gzip
import zlib

import brotli

PLAIN = "identity"
OURS = ("br", "gzip", PLAIN)
"""What we can give, the smallest first: of what a reader likes equally it gets the first."""

LONGEST_HEADER = 256
"""Characters of a header that are read; browsers send about thirty."""

PAGE, FILE = 5, 11
"""How hard to press: a page is made while somebody waits, a file once for a process's life."""

LEAST = 200
"""Bytes below which pressing gains nothing."""


KNOWN: dict[str | None, str] = {None: PLAIN, "": PLAIN}
"""What was chosen for the headers that came so far, MOST_KNOWN of them; for whoever cannot wait for `chosen`."""

MOST_KNOWN = 256


def chosen(accepted: str | None) -> str:
    """The coding for a request with that Accept-Encoding: br, gzip, or identity when nothing else will do."""
    if (known := KNOWN.get(accepted)) is not None:
        return known
    if accepted is None or len(accepted) > LONGEST_HEADER:
        return PLAIN
    coding = _chosen(accepted)
    if len(KNOWN) < MOST_KNOWN:
        KNOWN[accepted] = coding
    return coding


def _chosen(accepted: str) -> str:
    weights = dict(_weights(accepted))
    others = weights.get("*", 0.0)
    liked = {name: weights.get(name, others) for name in OURS[:-1]}
    # Plain bytes are always acceptable unless they are ruled out, yet come after whatever is asked for by name.
    best = max(liked, key=lambda name: liked[name])
    return best if liked[best] > 0 and liked[best] >= weights.get(PLAIN, 0.0) else PLAIN


def _weights(accepted: str) -> list[tuple[str, float]]:
    found = []
    for part in accepted.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                weight = _weight(value.strip())
        found.append(({"x-gzip": "gzip"}.get(name, name), weight))
    return found


def _weight(text: str) -> float:
    """A weight between 0 and 1; what is none counts as a refusal."""
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0


def pressed(body: bytes, coding: str, effort: int = PAGE) -> bytes:
    """The body in a coding of OURS; `effort` goes from 1 to 11."""
    if coding == "br":
        return bytes(brotli.compress(body, quality=effort))
    if coding == "gzip":
        # Without the time, so that every process makes the same bytes.
        return gzip.compress(body, compresslevel=min(effort, 9), mtime=0)
    return body


def unpressed(body: bytes, coding: str) -> bytes:
    """The plain bytes again, of what `pressed` gave."""
    if coding == "br":
        return bytes(brotli.decompress(body))
    return zlib.decompress(body, wbits=31) if coding == "gzip" else body
