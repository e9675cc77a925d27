"""Exceptions by place as people write them: 任城区、各功能区 — and back (D-6)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import FieldList, Form, FormField

from admin import forms
from admin.labels import options
from portal.foundation.places import queries
from portal.foundation.places.models import Place
from portal.powers.lists.models import ScopeException
from portal.powers.lists.rules import Mode
from portal.powers.lists.scopes import GROUP_NAMES, REST

ROWS = 5
OTHERS = "others"
_BETWEEN = re.compile(r"[、，,；;\s和]+")


class ExceptionForm(Form):  # type: ignore[misc]
    """One exception: these places have this mode."""

    places = forms.text(_("地方"), longest=1000, required=False)
    mode = forms.ChoiceField(_("方式"), choices=forms.choices([("", "—"), *options(Mode)]), default="")

    def validate(self, extra_validators: Any = None) -> bool:
        """Places and their mode stand together; a row with one of them alone says what is missing."""
        valid = bool(super().validate(extra_validators))
        places = any(_BETWEEN.split(self.places.data or ""))
        if places == bool(self.mode.data):
            return valid
        empty = self.mode if places else self.places
        empty.errors = [*empty.errors, forms.REQUIRED]
        return False


def exception_rows() -> FieldList:
    """Rows for exceptions; more come with saving when all are used."""
    return FieldList(FormField(ExceptionForm), label=_("例外"), min_entries=ROWS, max_entries=60)


def group_words(issuer: Place) -> dict[str, str]:
    """What people write for each group's key: 各功能区, and 其他功能区 for those not named beside it."""
    words = {**GROUP_NAMES, **{group.key: group.name for group in queries.groups(issuer)}}
    rest = {f"{REST}{key}": f"其他{name.removeprefix('各')}" for key, name in words.items()}
    return {**words, **rest, OTHERS: "其他地方"}


def read_exceptions(rows: Iterable[Mapping[str, Any]], issuer: Place) -> list[dict[str, Any]]:
    """The rows of the form as the service takes them, {"places", "groups", "mode"}; blank rows are left out."""
    keys = {word: key for key, word in group_words(issuer).items()}
    found = []
    for row in rows:
        names = [name for name in _BETWEEN.split(row.get("places") or "") if name]
        if names or row.get("mode"):
            found.append(
                {
                    "places": [name for name in names if name not in keys],
                    "groups": [keys[name] for name in names if name in keys],
                    "mode": str(row.get("mode") or ""),
                }
            )
    return found


def written(exception: Mapping[str, Any], issuer: Place) -> str:
    """The places and groups of an exception as people write them."""
    words = group_words(issuer)
    return "、".join([*exception["places"], *(words.get(key, key) for key in exception["groups"])])


def stored_rows(exceptions: Sequence[ScopeException]) -> list[dict[str, str]]:
    """A delegation's exceptions as rows of the form, one a mode."""
    rows: dict[Mode, list[str]] = {}
    for each in exceptions:
        target = each.place or each.group
        if target is not None:
            rows.setdefault(each.mode, []).append(target.name)
    return [{"mode": mode, "places": "、".join(names)} for mode, names in rows.items()]
