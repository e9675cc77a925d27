"""Which characters can be printed: those of the font that ships with the project, and of the office's own fonts.

Programs that set pages print an empty box for what no font holds. Nothing is set here before every character is
known to be held.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont, TTLibError

SHIPPED = Path(__file__).parent / "fonts"
ENDINGS = frozenset({".otf", ".ttf", ".ttc", ".otc"})
COLLECTIONS = frozenset({".ttc", ".otc"})


def folders(own: Path | None) -> tuple[Path, ...]:
    """Where fonts are looked for: the shipped folder, then the office's own where there is one."""
    return (SHIPPED, own) if own else (SHIPPED,)


def missing(text: str, own: Path | None = None) -> str:
    """The characters of a text that no font holds, each once, in the order of their numbers; "" when all are held.

    White space needs no picture. `own` is a folder of further fonts (REMIT_FONTS).
    """
    wanted = {sign for sign in text if not sign.isspace()}
    for folder in folders(own):
        wanted -= held(folder)
    return "".join(sorted(wanted))


@cache
def held(folder: Path) -> frozenset[str]:
    """Every character that the fonts of a folder hold; looked up once a process."""
    found: set[int] = set()
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in ENDINGS:
            found.update(_numbers(path))
    return frozenset(map(chr, found))


def _numbers(path: Path) -> Iterator[int]:
    try:
        opened = (
            TTCollection(path, lazy=True) if path.suffix.lower() in COLLECTIONS else TTFont(path, lazy=True)
        )
    except (TTLibError, OSError):  # no font after all: it holds nothing
        return
    with opened:
        for font in opened.fonts if isinstance(opened, TTCollection) else (opened,):
            yield from font.getBestCmap() or ()
