"""Who gets what of a place or body that is split: each kind as a whole, and of some kinds single records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from admin import forms
from portal.foundation.reorganisations import hanging
from portal.foundation.reorganisations.hanging import Found
from portal.foundation.reorganisations.registry import Subject
from portal.foundation.reorganisations.service import Share


@dataclass(frozen=True)
class Offered:
    """One kind: the field for all of it, and one a successor for single records, where it is chosen singly."""

    found: Found
    whole: Any
    singles: Sequence[Any]

    @property
    def opened(self) -> bool:
        """Whether something was ticked, or looked for, among the single records."""
        return any(each.data or each.words or each.errors for each in self.singles)


class ShareForm(forms.StaffForm):
    """A field a kind, and for single records boxes a successor; made by `share_form`."""

    drafted = False
    kinds: Sequence[Found]
    heirs: Sequence[Subject]

    @property
    def offered(self) -> list[Offered]:
        """The kinds with their fields, in the order in which they pass on."""
        return [Offered(each, self[_whole(each)], self._singles(each)) for each in self.kinds]

    def share(self) -> Share:
        """As the verb takes it."""
        kinds = {each.found.kind.key: each.whole.data for each in self.offered if each.whole.data}
        records = {
            (each.found.kind.key, record): heir.id
            for each in self.offered
            for heir, single in zip(self.heirs, each.singles, strict=False)
            for record in single.data or ()
        }
        return Share(kinds, records)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Whether everything is right; a record is ticked for one successor only."""
        if not super().validate(*args, **kwargs):
            return False
        for each in self.offered:
            taken: set[str] = set()
            for single in each.singles:
                if taken.intersection(single.data or ()):
                    single.errors = [gettext("有的勾给了两家，一件只能勾给一家。")]
                taken.update(single.data or ())
        return not self.errors

    def _singles(self, kind: Found) -> list[Any]:
        return [self[name] for heir in self.heirs if (name := _single(kind, heir)) in self]


def share_form(subject: Subject, heirs: Sequence[Subject]) -> ShareForm:
    """The form for what hangs on the subject today, with what was sent of it."""
    found = hanging.found(subject)
    fields: dict[str, Any] = {}
    for each in found:
        choices = [
            (0, _("请选由谁接手")),
            *((heir.id, gettext("转给%(to)s", to=heir.name)) for heir in heirs),
        ]
        fields[_whole(each)] = forms.ChoiceField(
            gettext(each.kind.label), choices=forms.choices(choices), coerce=number
        )
        if each.kind.singly and each.count > 1:
            named = forms.choices(hanging.named(each.kind, subject))
            for heir in heirs:
                label = gettext("单独转给%(to)s的", to=heir.name)
                fields[_single(each, heir)] = forms.TicksField(label, choices=named)
    fields |= {"kinds": found, "heirs": heirs}
    made: ShareForm = type("SplitForm", (ShareForm,), fields)()
    return made


def number(text: Any) -> int:
    """The id that was chosen; 0, nobody's, for whatever is none."""
    text = str(text)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 11 else 0  # noqa: PLR2004


def _whole(kind: Found) -> str:
    return f"to:{kind.kind.key}"


def _single(kind: Found, heir: Subject) -> str:
    return f"one:{kind.kind.key}:{heir.id}"
