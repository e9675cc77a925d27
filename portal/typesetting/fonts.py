"""Which characters can be printed: those of the font that ships with the project, and of the office's own fonts.

Programs that set pages print an empty box for what no font holds. Nothing is set here before every character is
known to be held.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from unicodedata import category

from fontTools.ttLib import TTCollection, TTFont, TTLibError

SHIPPED = Path(__file__).parent / "fonts"
ENDINGS = frozenset({".otf", ".ttf", ".ttc", ".otc"})
PRIVATE = "Co"
COLLECTIONS = frozenset({".ttc", ".otc"})


def folders(own: Path | None) -> tuple[Path, ...]:
    """Where fonts are looked for: the shipped folder, then the office's own where there is one."""
    return (SHIPPED, own) if own else (SHIPPED,)


def missing(text: str, own: Path | None = None) -> str:
    """The characters of a text that no font holds, each once, in the order of their numbers; "" when all are held.

    White space needs no picture. Characters for private use are never held: whoever opens a document later cannot
    know what they meant, and PDF/A forbids them. `own` is a folder of further fonts (REMIT_FONTS).
    """
    wanted = {sign for sign in text if not sign.isspace()}
    private = {sign for sign in wanted if category(sign) == PRIVATE}
    for folder in folders(own):
        wanted -= held(folder)
    return "".join(sorted(wanted | private))


@cache
def held(folder: Path) -> frozenset[str]:
    """Every character that the fonts of a folder hold; looked up once a process."""
    found: set[int] = set()
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in ENDINGS:
            found.update(_numbers(path))
    return frozenset(map(chr, found))


def _numbers(path: Path) -> list[int]:
    """The numbers of a file's characters; none for a file that is no font after all."""
    with path.open("rb") as file:
        try:
            collection = path.suffix.lower() in COLLECTIONS
            fonts = TTCollection(file, lazy=True).fonts if collection else [TTFont(file, lazy=True)]
            return [number for font in fonts for number in font.getBestCmap() or ()]
        except (TTLibError, OSError):
            return []
