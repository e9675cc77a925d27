"""What a notice says, in the reader's language: texts with values, filled in when they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import force_locale, format_date, get_locale

from portal.foundation.notifications.models import Notice
from portal.foundation.notifications.rules import NoticeKind, stored
from portal.i18n import DEFAULT, gettext, language

_DAYS = {DEFAULT: "y年M月d日", "en": "d MMMM y"}


@dataclass(frozen=True)
class Text:
    """A notice's title and body (marked texts with `%(name)s`), and values to show them with (see `examples`)."""

    kind: NoticeKind
    title: str
    body: str
    example: Mapping[str, Any] = field(default_factory=dict)


_texts: list[Text] = []


def register(*texts: Text) -> None:
    """Let the preview page know of texts; a slice that sends notices does so when the application starts."""
    _texts.extend(each for each in texts if each not in _texts)


def registered() -> tuple[Text, ...]:
    """Every text that notices are made of, in the order of their kinds."""
    kinds = list(NoticeKind)
    return tuple(sorted(_texts, key=lambda each: kinds.index(each.kind)))


def said(notice: Notice, tongue: str = "") -> tuple[str, str]:
    """Title and body of a notice in a language (`zh_CN`, `en`), by default the one of the request."""
    return filled(notice.title, notice.values, tongue), filled(notice.body, notice.values, tongue)


def filled(text: str, values: Mapping[str, Any], tongue: str = "") -> str:
    """A text with its values in a language. Values that are texts themselves are translated too, days written out.

    A text without values is said as it is: that is how notices were kept before there were any. One that does
    not fit its values is shown unfilled, since a notice that cannot be shown would hold up all others.
    """
    with force_locale(tongue or language()):
        form = gettext(text)
        if not values:
            return form
        try:
            return form % {name: _said(each) for name, each in values.items()}
        except (KeyError, ValueError, TypeError):
            return form


def shown(text: Text, tongue: str = "") -> tuple[str, str]:
    """Title and body of a text with its example."""
    values = stored(text.example)
    return filled(text.title, values, tongue), filled(text.body, values, tongue)


def _said(value: Any) -> Any:
    if isinstance(value, dict) and "day" in value:
        # The locale in force, not the request's: a unit may want its e-mail in another language.
        pattern = _DAYS.get(str(get_locale()), _DAYS[DEFAULT])
        return format_date(date.fromisoformat(value["day"]), pattern)
    return gettext(value) if isinstance(value, str) else value
