"""Texts in two languages. The Chinese text is its own key; `translations/en` holds the English.

`python -m portal.i18n update` collects the texts of the code into the catalogue, `python -m portal.i18n
compile` turns the catalogue into what the running application reads. Without the second step everything is Chinese.
"""

from __future__ import annotations

import csv
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from flask import Flask, has_request_context, request
from flask_babel import Babel, format_datetime, get_locale, get_translations
from flask_babel import ngettext as _ngettext
from markupsafe import Markup, escape

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "portal" / "data"
DEFAULT = "zh_CN"
TAGS = {DEFAULT: "zh-CN", "en": "en"}
"""Every language of the pages with its tag for the `lang` attribute."""
LONGEST = 1000
"""Characters of a text whose translation is kept; what is longer was written by people and comes once."""

_PATTERNS = {DEFAULT: "y年M月d日", "en": "d MMMM y"}
_HAN = re.compile(r"[《〔（“]*[\u3400-\u9fff](?:[\u3400-\u9fff《》〔〕（）、“”·—\d]*[\u3400-\u9fff》〕）”])?")
"""A run of Chinese with the marks and figures inside it, e.g. a body's name or a document's."""
_METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "mark": None,
    # A refusal's sentence is translated at the edge.
    "Refused": None,
    "Forbidden": None,
    "Conflict": None,
    "NotFound": None,
}


def mark(text: str) -> str:
    """The text itself: names it as a text for people where it is stored now and translated later."""
    return text


def gettext(text: str, /, **values: object) -> str:
    """The text in the language of the request, with `%(name)s` filled in where values are given.

    A text that is not in the catalogue, such as the name of a place entered later, stays as it is.
    """
    if not text:
        return ""
    return _told(text) % values if values else _told(text)


def _told(text: str) -> str:
    if len(text) > LONGEST:
        return str(get_translations().ugettext(text))
    return _told_in(get_locale(), text)


@lru_cache(maxsize=16384)
def _told_in(_locale: Locale | None, text: str) -> str:
    # A page has hundreds of texts, and finding the catalogue costs more than looking into it.
    return str(get_translations().ugettext(text))


def _counted(one: str, many: str, count: int) -> str:
    return str(get_translations().ungettext(one, many, count))


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """The text for a count; `%(num)s` is the count itself. Chinese has one form, English two."""
    return str(_ngettext(one, many, count, **values))


def language() -> str:
    """The language of the running request, `zh_CN` or `en`: `?lang=en` is English, all else Chinese."""
    if not has_request_context():
        return DEFAULT
    # A page asks some hundred times, and `get` raises and catches an error where there is nothing.
    asked = request.args
    return asked["lang"] if "lang" in asked and asked["lang"] in TAGS else DEFAULT


def language_tag() -> str:
    """The same as an HTML `lang` value: `zh-CN` or `en`."""
    return TAGS[language()]


def day(when: date) -> str:
    """A date as people write it: 2021年6月15日 or 15 June 2021."""
    return _day_in(language(), when)


def moment(when: datetime) -> str:
    """A moment as people in China read it off the clock, to the minute."""
    return str(format_datetime(when, "y年M月d日 HH:mm" if language() == DEFAULT else "d MMMM y HH:mm"))


@lru_cache(maxsize=4096)
def _day_in(language: str, when: date) -> str:
    return format_date(when, _PATTERNS[language], locale=language)


def chinese(text: str) -> Markup:
    """A document's own words: on a page in another language they are marked as Chinese for voices and fonts."""
    if language() == DEFAULT:
        return escape(text)
    return Markup('<span lang="zh-CN">{}</span>').format(text)


def mixed(text: str, tag: str = "span") -> Markup:
    """A sentence with Chinese names in it: on a page in another language the names are marked as Chinese.

    Markup keeps its tags, since no name stands inside one. `tag` is the element that marks, tspan in a drawing.
    """
    safe = escape(text)
    if language() == DEFAULT:
        return safe
    marked = _HAN.sub(rf'<{tag} lang="zh-CN">\g<0></{tag}>', str(safe))
    return Markup(marked)  # noqa: S704  escaped above


def foreign(text: str) -> bool:
    """Whether a text is Chinese on a page in another language: for elements that take no tags inside."""
    return language() != DEFAULT and bool(_HAN.search(text))


def init_app(app: Flask) -> None:
    """Give the application its languages, the filters `day`, `zh` and `mixed`, and `language()` in templates."""
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(ROOT / "translations"))
    Babel(app, default_locale=DEFAULT, locale_selector=language)
    # Flask-Babel's own look the catalogue up anew for each text of a page.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=_told, ngettext=_counted, newstyle=True
    )
    app.add_template_filter(day, "day")
    app.add_template_filter(chinese, "zh")
    app.add_template_filter(mixed, "mixed")
    app.add_template_global(language, "language")
    app.add_template_global(foreign, "foreign")
    app.add_template_global(language_tag, "language_tag")


def catalogues() -> Iterator[Path]:
    """The catalogue files of the project, one a language."""
    return (ROOT / "translations").glob("*/LC_MESSAGES/messages.po")


def collect() -> Catalog:
    """All texts that the code, the templates and the shipped places hold now, without translations."""
    found = Catalog(project="remit", charset="utf-8")
    for name in place_names():
        found.add(name, None, [("portal/data/places.csv", 0)])
    for folder in ("portal", "admin", "jobs"):
        for file, line, message, comments, context in extract_from_dir(
            ROOT / folder, method_map=_METHODS, keywords=_KEYWORDS, comment_tags=("Translators:",)
        ):
            # Line numbers would make every change of code a change of the catalogue.
            del line
            found.add(message, None, [(f"{folder}/{file}", 0)], auto_comments=comments, context=context)
    return found


def place_names() -> Iterator[str]:
    """The names of the places that ship with the project; other places keep their Chinese names everywhere."""
    with (DATA / "places.csv").open(encoding="utf-8", newline="") as file:
        yield from (row["name"] for row in csv.DictReader(file))
    with (DATA / "places.toml").open("rb") as file:
        yield from (place["name"] for place in tomllib.load(file)["above"])
    with (DATA / "tilemaps.toml").open("rb") as file:
        for city in tomllib.load(file).values():
            yield from city.get("short", {}).values()


def update() -> None:
    """Bring the catalogue files up to the code: new texts come in empty, texts no longer used go."""
    texts = collect()
    for path in catalogues():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parts[-3])
        catalogue.update(texts, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalogue, width=110, sort_output=True, include_lineno=False, omit_header=False)


def compile_all() -> None:
    """Write the compiled form beside each catalogue file."""
    for path in catalogues():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parts[-3])
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)


def main(arguments: list[str]) -> int:
    """Run `update` or `compile`; 2 for anything else."""
    verbs = {"update": update, "compile": compile_all}
    if len(arguments) != 1 or arguments[0] not in verbs:
        sys.stderr.write("usage: python -m portal.i18n update|compile\n")
        return 2
    verbs[arguments[0]]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
