"""A form handed in after the session has ended: nothing is carried out, and what was written is not lost with it."""

from __future__ import annotations

from http import HTTPStatus

from flask import render_template, request

from admin.drafting import STANDS_AT, WORD

SHORT = 20
"""What has no more characters is quicker typed again than looked for."""
HIDDEN = frozenset({STANDS_AT, WORD, "opened", "anyway", "seen", "parameters"})
"""Fields that nobody fills in."""
SECRET = frozenset({"csrf_token", "password", "old", "new", "again", "proof", "secret", "code"})
"""Fields whose content no page repeats."""


def written() -> list[str]:
    """The longer texts of the form that was handed in, as they were written; its CSRF token says that it was ours."""
    hidden = SECRET | HIDDEN
    texts = (
        text.strip() for name, text in request.form.items(multi=True) if name.rpartition("-")[2] not in hidden
    )
    return [text for text in texts if len(text) > SHORT]


def page(texts: list[str], where: str) -> tuple[str, int]:
    """These texts to copy, and the way to the sign-in page `where`, in a window of its own."""
    return render_template("staff/late.html", texts=texts, where=where), HTTPStatus.FORBIDDEN
