"""Telling the record what changes no row: a sign-in, a refusal, what was shown or taken along, what a job did."""

from __future__ import annotations

from typing import Any

from flask import Flask

from portal.db import db
from portal.foundation.audit import capturing
from portal.foundation.audit.naming import veiled
from portal.foundation.audit.rules import Act, Capture, Outcome, Who, plain


def record(
    act: Act,
    *,
    about: tuple[str, object] = ("", ""),
    name: str = "",
    who: Who | None = None,
    outcome: Outcome = Outcome.DONE,
    **note: Any,
) -> None:
    """Tell that something was done; it is written when the running transaction is committed, and only then.

    `about` is the record: its kind (a table's name, or what the page calls it) and its key, `name` what it is called
    now, `who` whoever did it where that is not the one who is signed in. `note` says the rest, in words or figures fit
    for JSON; identity numbers, phones and e-mail addresses in it are masked.
    """
    session = db.session()
    if not session.in_transaction():
        # Only a transaction that has begun tells of its end, and a rollback must take the entry with it.
        session.begin()
    kind, key = about
    said = {word: veiled(plain(value)) for word, value in note.items()}
    capturing.waiting(session).append(Capture(act, kind, str(key), veiled(name), {}, said, outcome, who))


def init_app(app: Flask) -> None:
    """Capture what sessions write, and add the commands."""
    from portal.foundation.audit.cli import audit_cli

    capturing.listen()
    app.cli.add_command(audit_cli)
