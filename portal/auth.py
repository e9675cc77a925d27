"""Who is at the staff door: Flask-Login over sessions that live on the server, CSRF, limits by address.

The cookie is sent to the staff pages only and holds a random token and the CSRF secret; what the token means
lies in the database, so signing out, a new password or a closed account ends a session at once, copied cookie
or not. The public pages never see a cookie (ARCHITECTURE 1.1).
"""

from __future__ import annotations

import time
from contextlib import suppress

from flask import Flask, g, request, session
from flask_limiter import Limiter
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFProtect
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal import clock
from portal.config import Settings, SettingsError
from portal.db import db
from portal.foundation.accounts.models import Account, Post
from portal.foundation.accounts.queries import by_login
from portal.foundation.audit import circumstances
from portal.foundation.audit.rules import Act, Outcome, Who
from portal.foundation.audit.service import record
from portal.foundation.rights.rules import Role
from portal.foundation.signins.factors import queries as factors
from portal.foundation.signins.factors.service import check as check_code
from portal.foundation.signins.openid.rules import Identity
from portal.foundation.signins.openid.service import account_of
from portal.foundation.signins.passwords.service import check_password, prove_password
from portal.foundation.signins.sessions import queries, rules, service
from portal.foundation.signins.sessions.models import SignIn
from portal.foundation.signins.tries import service as tries
from portal.foundation.signins.tries.rules import network_of
from portal.queue import PATIENCE

DOOR = "/staff"
"""Where every staff address begins; the session cookie is sent nowhere else."""

FAILURES_LIMIT = "30 per minute"
"""Failed attempts to sign in from one address; whole offices share one, so those that succeed do not count."""

LONGEST_WAIT = 60
"""Seconds: all limits are by the minute."""

_PATIENT = {
    "socket_connect_timeout": PATIENCE,
    "socket_timeout": PATIENCE,
    "retry": Retry(NoBackoff(), 0),
}
"""Nobody waits longer for counting than for a bell."""

csrf = CSRFProtect()
limiter = Limiter(key_func=lambda: network_of(here()), headers_enabled=False)
"""Counts by network: whoever has 64 bits of IPv6 has no more tries for it than others."""
_logins = LoginManager()


def wait() -> int:
    """Seconds until somebody who has asked too often may ask again, at most a minute."""
    counted = limiter.current_limit
    # The queue server may go away between counting and looking at the count.
    with suppress(RedisError):
        if counted is not None:
            return min(max(1, int(counted.reset_at - time.time())), LONGEST_WAIT)
    return LONGEST_WAIT


class Visitor(UserMixin):  # type: ignore[misc]
    """Somebody signed in: the account, the token of this very session, and the session."""

    def __init__(self, account: Account, token: str, sign_in: SignIn | None = None) -> None:
        self.account = account
        self.token = token
        self.sign_in = sign_in

    def get_id(self) -> str:
        """What the cookie holds: the token, never the account."""
        return self.token


def init_app(app: Flask, door: str = DOOR) -> None:
    """Add sign-in, CSRF on every changing request and limits that go on in memory when Valkey is away."""
    app.config.update(
        SESSION_COOKIE_NAME="remit_staff",
        SESSION_COOKIE_PATH=door,
        RATELIMIT_STORAGE_URI=_limits_storage(app.config["RQ_CONNECTION"]),
        RATELIMIT_STORAGE_OPTIONS=_PATIENT,
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        RATELIMIT_KEY_PREFIX="remit-limits",
    )
    if app.config["REMIT"].testing:
        app.config |= {"RATELIMIT_STORAGE_URI": "memory://", "RATELIMIT_STORAGE_OPTIONS": {}}
    _known_roles(app.config["REMIT"])
    csrf.init_app(app)
    limiter.init_app(app)
    circumstances.told_by(_acting)
    _logins.session_protection = None  # the token is the protection; addresses of phones change
    _logins.init_app(app, add_context_processor=False)
    # Its hook for staying signed in, which we do not offer, looks into the session after every request: that
    # would put `Vary: Cookie` on every public page.
    app.after_request_funcs[None].remove(_logins._update_remember_cookie)  # noqa: SLF001


def _known_roles(settings: Settings) -> None:
    unknown = set(settings.second_factor) - {role.value for role in Role}
    if unknown:
        raise SettingsError(f"REMIT_SECOND_FACTOR 里没有这种身份：{'、'.join(sorted(unknown))}")


def _limits_storage(url: str) -> str:
    return f"redis+{url}" if url.startswith("unix://") else url


def _acting() -> Who | None:
    """Whoever this request has found to be signed in, for the record; nobody is looked for now."""
    visitor = g.get("_login_user")
    return who(visitor.account) if isinstance(visitor, Visitor) else None


def who(account: Account) -> Who:
    """An account as the record names it."""
    return Who(account.id, account.name, "、".join(_post(each) for each in account.held))


def _post(post: Post) -> str:
    where = post.organisation or post.place
    absent = f"，代{post.standing_in_for.name}" if post.standing_in_for is not None else ""
    return f"{post.role.value}:{where.name}{absent}" if where is not None else post.role.value


@_logins.user_loader
def _visitor(token: str) -> Visitor | None:
    at = clock.now()
    found = queries.session_of(token, at)
    if found is None or found.half:
        return None
    try:
        if service.keep_session(found, at, here()):
            db.session.commit()
    except OperationalError:
        # SQLite is being written to by somebody else: the next request pushes the end on.
        db.session.rollback()
        found = queries.session_of(token, at)
    return Visitor(found.account, token, found) if found else None


def here() -> str:
    """The network address that the request came from, as the proxies in front of us tell it."""
    return request.remote_addr or ""


def account() -> Account | None:
    """The account that is signed in, or None."""
    return current_user.account if current_user.is_authenticated else None


def sign_in(login: str, password: str) -> Account | None:
    """Sign in under a new session id; None when it is refused, for whatever reason. Commits either way.

    Where the account has a second factor the session is half: `second` makes it whole.
    """
    found = check_password(login, password, clock.now(), here())
    if found is None:
        _turned_away(by_login(login.strip().lower()))
    else:
        _let_in(found)
    db.session.commit()
    return found


def sign_in_as(identity: Identity) -> Account | None:
    """Sign in somebody whom the provider vouches for; None when no account is theirs. Commits either way.

    The second factor is asked for as after a password: what the provider asked for is not known here.
    """
    found = account_of(identity, clock.now())
    if found is None:
        _turned_away(None)
    else:
        _let_in(found)
    db.session.commit()
    return found


def writing() -> None:
    """Let a GET write that has to, such as the way back from the provider: on SQLite it then takes its turn at once."""
    g.writes = True
    db.session.rollback()


def _let_in(person: Account) -> None:
    """Begin a session: whole, or half where a code is still to come."""
    half = factors.has_factor(person)
    begin(person, half=half)
    if not half:
        tries.succeeded(person, here(), clock.now())
        record(Act.SIGN_IN, who=who(person))


def _turned_away(person: Account | None) -> None:
    about = ("accounts", person.id if person else "")
    record(Act.SIGN_IN, about=about, name=person.name if person else "", outcome=Outcome.REFUSED)


def pending() -> SignIn | None:
    """The half session of this browser, where the password was right and the code is still to come."""
    token = session.get("_user_id")
    found = queries.session_of(token, clock.now()) if token else None
    return found if found is not None and found.half else None


def second(typed: str) -> Account | None:
    """Take the code of the second factor: a whole session begins under a new id. None when refused. Commits."""
    waiting = pending()
    if waiting is None:
        return None
    found = waiting.account if _shown(waiting.account, typed, by_code=True) else None
    if found is not None:
        service.close_session(session["_user_id"])
        begin(found)
        tries.succeeded(found, here(), clock.now())
        record(Act.SIGN_IN, who=who(found))
    else:
        _turned_away(waiting.account)
    db.session.commit()
    return found


def begin(account: Account, *, half: bool = False) -> None:
    """Open a session for an account in a fresh cookie: nothing that was in the old one survives."""
    session.clear()
    device = request.user_agent.string
    token = service.open_session(account, clock.now(), device=device, address=here(), half=half)
    if half:
        # Nobody is signed in by it yet, in this very request neither.
        session["_user_id"] = token
    else:
        login_user(Visitor(account, token))


def token() -> str:
    """The token of this very session; empty when nobody is signed in."""
    return str(current_user.token) if current_user.is_authenticated else ""


def must_set_up() -> bool:
    """Whether whoever is signed in has to set up a second factor before anything else."""
    person = account()
    return person is not None and factors.lacking(person)


def fresh() -> bool:
    """Whether the person at this browser has shown in the last quarter of an hour who it is."""
    found = current_user.sign_in if current_user.is_authenticated else None
    return found is not None and rules.fresh(found.proved_at, clock.now())


def prove(typed: str) -> bool:
    """Take the proof that a grave step asks for: a code where there is a second factor, else the password. Commits."""
    person = account()
    if person is None or current_user.sign_in is None:
        return False
    shown = _shown(person, typed, by_code=factors.has_factor(person))
    if shown:
        service.prove(current_user.sign_in, clock.now())
    record(Act.STEP_UP, outcome=Outcome.DONE if shown else Outcome.REFUSED)
    db.session.commit()
    return shown


def knows_password(typed: str) -> bool:
    """Whether whoever is signed in knows the own password; wrong ones count and rest as at the door. Commits."""
    person = account()
    if person is None:
        return False
    shown = _shown(person, typed, by_code=False)
    if shown:
        tries.succeeded(person, here(), clock.now())
    else:
        record(Act.REFUSAL, about=("own", ""), outcome=Outcome.REFUSED, why="old_password")
    db.session.commit()
    return shown


def _shown(person: Account, typed: str, *, by_code: bool) -> bool:
    """Whether code or password is right; counted like a password at the door, so that trying rests as well."""
    at, address = clock.now(), here()
    # Whoever tries at the same moment waits for the row.
    db.session.execute(select(Account.id).where(Account.id == person.id).with_for_update())
    if not by_code:
        return prove_password(person, typed, at, address)
    if tries.resting(person, address, at):
        return False
    if not check_code(person, typed, at):
        tries.failed(person, address, at)
        return False
    return True


def sign_out() -> None:
    """End the session on the server and in the cookie. Commits."""
    token = session.get("_user_id")
    if current_user.is_authenticated:
        record(Act.SIGN_OUT, who=who(current_user.account))
    if token:
        service.close_session(token)
    logout_user()
    session.clear()
    db.session.commit()
