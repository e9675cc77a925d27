"""Kinds of organisation, and the form in which their names are compared. Pure (G-3)."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache


class OrganisationKind(StrEnum):
    """What a body is."""

    DEPARTMENT = "department"
    APPROVAL_BUREAU = "approval_bureau"
    REGULATOR = "regulator"
    GOVERNMENT = "government"
    GOVERNMENT_OFFICE = "government_office"
    SERVICE_CENTRE = "service_centre"


ADMINISTRATIVE = frozenset(set(OrganisationKind) - {OrganisationKind.SERVICE_CENTRE})
"""Administrative organs; a service centre is a hall, not an organ, and takes over no entrusted power (D-8)."""


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """A body's name without line breaks, spaces and full-width forms: 市住房城乡⏎建设局 is 市住房城乡建设局."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).casefold()
