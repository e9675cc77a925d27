"""Who acts, from where and by what: known at the edge, asked for when the first entry of a transaction is written.

A job and a command say so themselves (`acting`); of a request, its address and whoever is signed in are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from getpass import getuser

import click
from flask import has_request_context, request

from portal.foundation.audit.rules import Circumstances, Door, Who

_acting: ContextVar[Circumstances | None] = ContextVar("remit_acting", default=None)
_signed_in: list[Callable[[], Who | None]] = []

STAFF_DOOR = "/staff"


def told_by(signed_in: Callable[[], Who | None]) -> None:
    """Let `signed_in` say who is signed in during a request; asked while a transaction ends, it must read nothing."""
    _signed_in[:] = [signed_in]


@contextmanager
def acting(route: str, who: Who | None = None, door: Door = Door.JOB) -> Iterator[None]:
    """While it lasts, what is written is done by the job (or command) `route`, on behalf of `who` if anybody."""
    token = _acting.set(Circumstances(door, route, who=who or Who()))
    try:
        yield
    finally:
        _acting.reset(token)


def present() -> Circumstances:
    """The circumstances of what is being done at this moment."""
    told = _acting.get()
    if told is not None:
        return told
    if has_request_context():
        who = (_signed_in[0]() if _signed_in else None) or Who()
        door = Door.STAFF if request.path.startswith(STAFF_DOOR) else Door.PUBLIC
        return Circumstances(door, _route(), request.remote_addr or "", who)
    command = click.get_current_context(silent=True)
    return Circumstances(Door.COMMAND, command.command_path if command else "", who=Who(name=_owner()))


def _route() -> str:
    """Method and path, with the record's key where the address has it; what else was asked may be personal."""
    key = request.values.get("id", "")
    return f"{request.method} {request.path}" + (f"?id={key[:20]}" if key.isascii() and key.isdigit() else "")


def _owner() -> str:
    """Whoever runs the process on this machine."""
    try:
        return getuser()
    except (KeyError, OSError):
        return ""
