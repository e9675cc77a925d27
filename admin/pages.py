"""Every page of the staff door but the first, in the order of the navigation."""

from __future__ import annotations

from admin.base import StaffPage
from admin.door import OwnPage, SignInPage
from admin.foundation.accounts import AccountsPage
from admin.foundation.lookups import LookupPage
from admin.foundation.organisations import OrganisationsPage
from admin.foundation.places import PlacesPage


def pages() -> list[StaffPage]:
    """New pages for one application."""
    return [
        OrganisationsPage(),
        PlacesPage(),
        AccountsPage(),
        LookupPage(),
        SignInPage(),
        OwnPage(),
    ]
