"""A page as it is answered: its headers, its tag, and its bytes in each coding that was asked for so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock

from portal.pagecache import encodings
from portal.pagecache.tags import tag_of

Headers = list[tuple[str, str]]

VARY = ("Vary", "Accept-Encoding, HX-Request")
OWN = frozenset(
    {"content-length", "vary", "etag", "content-encoding", "last-modified", "accept-ranges", "date"}
)
"""Headers of an answer that are said anew, or that no longer hold for what is answered."""

OVERHEAD = 2048
"""Bytes that a page takes besides its body: headers, keys, objects."""

PRESSABLE = ("text/", "application/json", "application/ld+json", "application/javascript", "image/svg+xml")


@dataclass(frozen=True)
class Variant:
    """The answer in one coding: headers ready to be sent, and the body."""

    headers: Headers
    body: list[bytes]


class Page:
    """One address's answer. `size` is in bytes; `used` is set by whoever takes it off the shelf."""

    __slots__ = (
        "_base",
        "_effort",
        "_pressable",
        "_pressing",
        "size",
        "tag",
        "unchanged",
        "used",
        "variants",
    )

    def __init__(self, headers: Iterable[tuple[str, str]], body: bytes, effort: int = encodings.PAGE) -> None:
        kept = [(name, value) for name, value in headers if name.lower() not in OWN]
        kind = next((value for name, value in kept if name.lower() == "content-type"), "")
        self.tag = tag_of(body, kind)
        self.used = False
        self._effort = effort
        self._pressing = Lock()
        self._pressable = len(body) >= encodings.LEAST and (kind.startswith(PRESSABLE) or "+xml" in kind)
        self._base = [*kept, ("ETag", self.tag), VARY]
        self.variants = {encodings.PLAIN: self._variant(body, encodings.PLAIN)}
        """The answers by coding, as far as they were asked for; read by anybody, replaced by `press` alone."""
        self.size = OVERHEAD + len(body)
        self.unchanged: Headers = [
            ("ETag", self.tag),
            VARY,
            *(pair for pair in kept if pair[0].lower() == "cache-control"),
        ]
        """The headers of an answer without a body: the reader's copy still holds (304)."""

    def press(self, coding: str) -> tuple[Variant, int]:
        """The answer in a coding, made if need be, and by how many bytes the page has grown by it.

        The plain bytes are given up for the first pressed ones: they can be had back from them.
        """
        with self._pressing:
            if (found := self.variants.get(coding)) is not None:
                return found, 0
            variants = dict(self.variants)
            if not self._pressable:
                variants[coding] = made = variants[encodings.PLAIN]
                more = 0
            else:
                made = self._variant(encodings.pressed(self._plain(), coding, self._effort), coding)
                more = len(made.body[0])
                if [*variants] == [encodings.PLAIN]:
                    more -= len(variants.pop(encodings.PLAIN).body[0])
                variants[coding] = made
            self.variants = variants
            return made, more

    def _plain(self) -> bytes:
        coding, variant = next(iter(self.variants.items()))
        return encodings.unpressed(variant.body[0], coding)

    def _variant(self, body: bytes, coding: str) -> Variant:
        coded = [] if coding == encodings.PLAIN else [("Content-Encoding", coding)]
        return Variant([*self._base, *coded, ("Content-Length", str(len(body)))], [body])
