"""Forms of the staff pages: fields that clean what people type, and relations looked up by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, Field, SelectChoice, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from admin import drafting
from admin.drafting import Drafting

REQUIRED = lazy_gettext("请填写这一项。")
LONG = lazy_gettext("这一项最多 %(max)d 个字符。")
OFFERED = 20
"""So many records are offered for what was typed."""
AS_IT_STANDS: Any = object()
"""`formdata` of a form that shows what the record says, whatever was sent or kept as a draft."""


class StaffForm(FlaskForm):  # type: ignore[misc]
    """The base of every staff form; WTForms' own messages are never shown, each field says its own.

    `opened` is set where it changes a record that somebody else may change too (admin.meanwhile). A long form can be
    left half-filled (admin.drafting), unless it says that it is never `drafted`.
    """

    opened: Any = None
    drafted: ClassVar[bool] = True

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Where the fields come from."""

        def wrap_formdata(self, form: StaffForm, formdata: Any) -> Any:
            """What was sent; on a page that is being opened the draft that it names."""
            sent = None if formdata is AS_IT_STANDS else super().wrap_formdata(form, formdata)
            opens = formdata is not AS_IT_STANDS and request.method == "GET"
            return drafting.given(form) if sent is None and opens else sent

    @property
    def drafting(self) -> Drafting:
        """What the form has to do with drafts."""
        return Drafting(self)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Whether everything is right; a request that asks for a draft ends here instead."""
        if drafting.wanted() and self.drafting.offered:
            return drafting.keep(self)
        return bool(super().validate(*args, **kwargs))


def _clean(text: str | None) -> str:
    return (text or "").strip()


def text(
    label: Any,
    *,
    longest: int,
    required: bool = True,
    hint: Any = "",
    checks: Sequence[Callable[[Any, Any], None]] = (),
    **options: Any,
) -> Field:
    """A line of text of at most `longest` characters, trimmed, with further checks."""
    first = InputRequired(REQUIRED) if required else Optional()
    every = [first, Length(max=longest, message=LONG), *checks]
    return StringField(label, every, filters=[_clean], description=hint, **options)


def choice(label: Any, options: Iterable[tuple[StrEnum, Any]], *, hint: Any = "") -> Field:
    """One of an enumeration's values, each with its label."""
    offered = list(options)
    kind = type(offered[0][0])

    def read(value: Any) -> Any:
        try:
            return kind(value)
        except ValueError:
            return value

    return ChoiceField(
        label,
        [InputRequired(lazy_gettext("请选一项。"))],
        choices=choices(offered),
        coerce=read,
        description=hint,
    )


def choices(options: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Values with their labels as WTForms wants them."""
    return [SelectChoice(value, label) for value, label in options]


class ChoiceField(SelectField):  # type: ignore[misc]
    """A select whose refusal is a sentence of ours."""

    def pre_validate(self, form: Any) -> None:
        """Refuse whatever is not offered."""
        del form
        if not any(self.data == value for value, *_rest in self.iter_choices()):
            raise ValidationError(_("请选一项。"))


class DayField(DateField):  # type: ignore[misc]
    """A day, which may be left out unless it is required, written 2021-06-15 where the browser has no calendar."""

    def __init__(self, label: Any, *, hint: Any = "", required: bool = False, **options: Any) -> None:
        first = InputRequired(REQUIRED) if required else Optional()
        super().__init__(label, [first], description=hint, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day, with a sentence of ours for what is none."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("日期请写成 2021-06-15 这样。")) from None


class TicksField(SelectMultipleField):  # type: ignore[misc]
    """Any number of the choices, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """Refuse whatever is not offered."""
        del form
        offered = {value for value, *_rest in self.iter_choices()}
        if not offered.issuperset(self.data or ()):
            raise ValidationError(_("请从给出的里面选。"))


def lines(text: str | None) -> list[str]:
    """What was typed one a line, trimmed, without blank lines."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


@dataclass(frozen=True)
class Lookup:
    """How records of a kind are found by what a person types.

    `find` gives at most so many records that the visitor may see, best first; `label` names one so that no
    other has the same label; `names` are what else names it.
    """

    key: str
    find: Callable[[str, int], Sequence[Any]]
    label: Callable[[Any], str]
    names: Callable[[Any], Iterable[str]]

    def __post_init__(self) -> None:
        LOOKUPS[self.key] = self

    def settle(self, typed: str) -> tuple[Any | None, Sequence[Any]]:
        """The one record that the text names, and what else it could mean. Never guesses."""
        stem = typed.split("（", 1)[0].strip()
        found = self.find(stem, OFFERED)
        by_label = [each for each in found if self.label(each) == typed]
        exact = by_label or [each for each in found if typed in self.names(each)]
        return (exact[0], ()) if len(exact) == 1 else (None, exact or found)


LOOKUPS: dict[str, Lookup] = {}
"""Every kind of record that a field can refer to, filled as the pages are loaded."""


class LookupField(StringField):  # type: ignore[misc]
    """A relation: the person types a name, the server finds the record; htmx offers names while typing.

    `data` is the record or None. A name that fits none or several is an error that lists what it could mean.
    """

    def __init__(
        self, label: Any, lookup: Lookup, *, required: bool = True, hint: Any = "", **options: Any
    ) -> None:
        super().__init__(label, [_Settled(required)], description=hint, **options)
        self.lookup = lookup
        self.candidates: Sequence[Any] = ()
        self.typed: str | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Find the record that was typed."""
        self.typed = valuelist[0].strip()[:200] if valuelist else ""
        self.data, self.candidates = self.lookup.settle(self.typed) if self.typed else (None, ())

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return self.lookup.label(self.data) if self.data is not None else ""


class _Settled:
    field_flags: dict[str, bool]

    def __init__(self, required: bool) -> None:
        self.required = required
        self.field_flags = {"required": True} if required else {}

    def __call__(self, form: Any, field: LookupField) -> None:
        del form
        if not field.typed:
            if self.required:
                raise ValidationError(REQUIRED)
        elif field.data is None and field.candidates:
            offers = "；".join(field.lookup.label(each) for each in field.candidates[:5])
            raise ValidationError(_("不清楚是哪一个，请照着写全：%(offers)s。", offers=offers))
        elif field.data is None:
            raise ValidationError(_("没有找到“%(typed)s”。", typed=field.typed))
