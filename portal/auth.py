"""Who is at the staff door: Flask-Login over sessions that live on the server, CSRF, limits by address.

The cookie is sent to the staff pages only and holds a random token and the CSRF secret; what the token means
lies in the database, so signing out, a new password or a closed account ends a session at once, copied cookie
or not. The public pages never see a cookie (ARCHITECTURE 1.1).
"""

from __future__ import annotations

from flask import Flask, g, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.exc import OperationalError

from portal import clock
from portal.db import db
from portal.foundation.accounts.models import Account, Post
from portal.foundation.accounts.queries import by_login
from portal.foundation.audit import circumstances
from portal.foundation.audit.rules import Act, Outcome, Who
from portal.foundation.audit.service import record
from portal.foundation.signins.passwords.service import check_password
from portal.foundation.signins.sessions import queries, service

DOOR = "/staff"
"""Where every staff address begins; the session cookie is sent nowhere else."""

FAILURES_LIMIT = "30 per minute"
"""Failed attempts to sign in from one address; whole offices share one, so those that succeed do not count."""

csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, headers_enabled=False)
_logins = LoginManager()


class Visitor(UserMixin):  # type: ignore[misc]
    """Somebody signed in: the account and the token of this very session."""

    def __init__(self, account: Account, token: str) -> None:
        self.account = account
        self.token = token

    def get_id(self) -> str:
        """What the cookie holds: the token, never the account."""
        return self.token


def init_app(app: Flask, door: str = DOOR) -> None:
    """Add sign-in, CSRF on every changing request and limits that go on in memory when Valkey is away."""
    app.config.update(
        SESSION_COOKIE_NAME="remit_staff",
        SESSION_COOKIE_PATH=door,
        RATELIMIT_STORAGE_URI=_limits_storage(app.config["RQ_CONNECTION"]),
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        RATELIMIT_KEY_PREFIX="remit-limits",
    )
    if app.config["REMIT"].testing:
        app.config["RATELIMIT_STORAGE_URI"] = "memory://"
    csrf.init_app(app)
    limiter.init_app(app)
    circumstances.told_by(_acting)
    _logins.session_protection = None  # the token is the protection; addresses of phones change
    _logins.init_app(app, add_context_processor=False)
    # Its hook for staying signed in, which we do not offer, looks into the session after every request: that
    # would put `Vary: Cookie` on every public page.
    app.after_request_funcs[None].remove(_logins._update_remember_cookie)  # noqa: SLF001


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
    return f"{post.role.value}:{where.name}" if where is not None else post.role.value


@_logins.user_loader
def _visitor(token: str) -> Visitor | None:
    at = clock.now()
    found = queries.session_of(token, at)
    if found is None:
        return None
    try:
        if service.keep_session(found, at):
            db.session.commit()
    except OperationalError:
        # SQLite is being written to by somebody else: the next request pushes the end on.
        db.session.rollback()
        found = queries.session_of(token, at)
    return Visitor(found.account, token) if found else None


def account() -> Account | None:
    """The account that is signed in, or None."""
    return current_user.account if current_user.is_authenticated else None


def sign_in(login: str, password: str) -> Account | None:
    """Sign in under a new session id; None when it is refused, for whatever reason. Commits either way."""
    found = check_password(login, password, clock.now())
    if found is not None:
        begin(found)
        record(Act.SIGN_IN, who=who(found))
    else:
        known = by_login(login.strip().lower())
        about = ("accounts", known.id if known else "")
        record(Act.SIGN_IN, about=about, name=known.name if known else "", outcome=Outcome.REFUSED)
    db.session.commit()
    return found


def begin(account: Account) -> None:
    """Open a session for an account in a fresh cookie: nothing that was in the old one survives."""
    session.clear()
    login_user(Visitor(account, service.open_session(account, clock.now())))


def sign_out() -> None:
    """End the session on the server and in the cookie. Commits."""
    if current_user.is_authenticated:
        service.close_session(current_user.token)
        record(Act.SIGN_OUT, who=who(current_user.account))
    logout_user()
    session.clear()
    db.session.commit()
