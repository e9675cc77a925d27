"""XML parts of a package, parsed without entities, DTDs, network or unlimited depth."""

from __future__ import annotations

import zipfile
from typing import Any

from lxml import etree

from portal.sheets.refusals import Refusal, Refused

Element = Any
"""An lxml element; lxml ships no types."""


def parse_part(archive: zipfile.ZipFile, name: str) -> Element:
    """The root element of a part. Raises Refused when the part is missing or is not well formed."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        return etree.fromstring(archive.read(name), parser)
    except (KeyError, zipfile.BadZipFile, etree.XMLSyntaxError) as error:
        raise Refused(Refusal.DAMAGED) from error


def relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """The relations of a part ("" for the package): id to (last word of the type, name of the part meant)."""
    folder, _, name = part.rpartition("/")
    source = f"{folder}/_rels/{name}.rels".lstrip("/")
    if source not in archive.namelist():
        return {}
    found: dict[str, tuple[str, str]] = {}
    for element in parse_part(archive, source):
        target = element.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else _resolved(folder, target)
        found[element.get("Id", "")] = (element.get("Type", "").rpartition("/")[2], path)
    return found


def _resolved(folder: str, target: str) -> str:
    parts = folder.split("/") if folder else []
    for step in target.split("/"):
        if step == "..":
            parts = parts[:-1]
        elif step not in ("", "."):
            parts.append(step)
    return "/".join(parts)
