"""Kinds of organisation and their credit codes. Pure but for the check of GB 32100 by python-stdnum's rules."""

from __future__ import annotations

from enum import StrEnum


class OrganisationKind(StrEnum):
    """What a body is."""

    DEPARTMENT = "department"
    APPROVAL_BUREAU = "approval_bureau"
    REGULATOR = "regulator"
    GOVERNMENT = "government"
    GOVERNMENT_OFFICE = "government_office"
    SERVICE_CENTRE = "service_centre"
