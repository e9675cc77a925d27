"""Forms of the staff pages: fields that clean what people type, and relations looked up by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any, ClassVar

from flask import g, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import DateField, Field, SelectChoice, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from admin import drafting
from admin.drafting import Drafting

REQUIRED = lazy_gettext("请填写这一项。")
LONG = lazy_gettext("这一项最多 %(max)d 个字符。")
OFFERED = 20
"""So many records are offered for what was typed."""
SHOWN = 60
"""So many boxes to tick are shown at once; of more, what is ticked and what was looked for."""
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
        # Each is asked, as looking may tick what was found.
        if sum(field.seek() for field in self if isinstance(field, TicksField)):
            g.refused_with = HTTPStatus.OK
            return False
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


class _Ticks:
    """The boxes, and above many of them what to look for among them."""

    boxes = ListWidget(prefix_label=False)

    def __call__(self, field: TicksField, **options: Any) -> Markup:
        shown: Markup = self.boxes(field, **options)
        if not field.long:
            return shown
        return Markup(render_template("staff/_ticks.html", field=field, boxes=shown))  # noqa: S704  a template


class _Box(CheckboxInput):  # type: ignore[misc]
    """One of several boxes: that one of them must be ticked makes none of them required."""

    validation_attrs = ("disabled",)


class TicksField(SelectMultipleField):  # type: ignore[misc]
    """Any number of the choices, each with a box to tick.

    Of more than `SHOWN` choices the page shows what is ticked and some of what fits the `words` in a box of its own.
    Looking for others sends the whole form, also without JavaScript: it comes back with what was ticked and typed.
    """

    widget = _Ticks()
    option_widget = _Box()
    data: Any
    words = ""
    _looks = _takes_all = False

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Read the ticks, and what is looked for: whatever differs from what was looked for last, or a button."""
        super().process(formdata, *args, **kwargs)
        sent = formdata or {}
        self.words = _clean(sent.get(f"{self.name}-words"))[:100]
        self._takes_all = f"{self.name}-all" in sent
        asked = self._takes_all or f"{self.name}-find" in sent
        self._looks = asked or self.words != sent.get(f"{self.name}-sought", "")

    @property
    def long(self) -> bool:
        """Whether there are too many choices to show them all."""
        return len(self.choices or ()) > SHOWN

    @property
    def found(self) -> list[Any]:
        """The choices that fit the words and are not ticked."""
        words = self.words.casefold()
        return [
            each
            for each in super().iter_choices()
            if not each.selected and words in str(each.label).casefold()
        ]

    def iter_choices(self) -> list[Any]:
        """What the page shows: everything, or what is ticked and the first that fit."""
        every: list[Any] = super().iter_choices()
        if not self.long:
            return every
        ticked = [each for each in every if each.selected]
        return [*ticked, *self.found[: max(SHOWN - len(ticked), OFFERED)]]

    def seek(self) -> bool:
        """Whether the form was sent to look for others and not to be saved; ticks all that fit where asked to."""
        if not self.long or not self._looks:
            return False
        if self._takes_all:
            self.data = [*(self.data or ()), *(each.value for each in self.found)]
        return True

    def pre_validate(self, form: Any) -> None:
        """Refuse whatever is not offered."""
        del form
        offered = {each.value for each in super().iter_choices()}
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
