"""Cuts the font that ships with the project out of a newer Noto Serif CJK: `python -m deploy.font SOURCE [NUMBER]`.

The characters stay those of the present subset: GB 2312, the 8,105 of 通用规范汉字表, Latin, punctuation and the
numbered signs of official documents. Further ones may be named in a file, `--with FILE`. NUMBER is the font's place
in a collection; in Debian's NotoSerifCJK-Regular.ttc simplified Chinese is 2.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from portal.typesetting.fonts import SHIPPED, held

TARGET = SHIPPED / "NotoSerifCJKsc-Subset.otf"
FEATURES = ["kern", "palt", "halt", "vert", "locl", "ccmp"]
VERTICAL = ["vhea", "vmtx", "VORG"]
"""Tables for setting from top to bottom, which no document of ours is."""


def main() -> None:
    """Write the subset over the present one."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("source", type=Path)
    asked.add_argument("number", type=int, nargs="?", default=2)
    asked.add_argument("--with", dest="more", type=Path)
    said = asked.parse_args()
    signs = set(held(SHIPPED)) | set(said.more.read_text("utf-8") if said.more else "")
    cut(said.source, said.number, "".join(sorted(signs)))


def cut(source: Path, number: int, signs: str) -> None:
    """Keep the characters of one font of a file, without hints and without vertical setting."""
    font = TTFont(source, fontNumber=number, lazy=True)
    options = subset.Options()
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = ["*"]
    options.layout_features = FEATURES
    options.drop_tables += VERTICAL
    cutter = subset.Subsetter(options)
    cutter.populate(text=signs)
    cutter.subset(font)
    font.save(TARGET)


if __name__ == "__main__":
    main()
