"""Settings: the only reader of the environment. Production refuses what is only fit for trying out."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

from portal.outbound.allowed import AllowList
from portal.secretfiles import opened

ROOT = Path(__file__).resolve().parent.parent
TRIAL_SECRET = "only-for-trying-out"  # noqa: S105  production refuses it
SHORTEST_SECRET = 32
SHORTEST_TOKEN = 16
SEARCHES = 300
"""A minute: whole offices share one address, and what is typed is looked for while it is typed."""
GUESSES = 30
DATABASES = ("sqlite://", "postgresql+psycopg://")


class SettingsError(Exception):
    """A setting that cannot be used; the text is one line that says what to change."""


@dataclass(frozen=True)
class Site:
    """What government sites must show of themselves (all from settings; empty lines are left out)."""

    name: str = "职掌"
    tagline: str = "市县同权事项公开"
    sponsor: str = ""
    organiser: str = ""
    identification: str = ""
    icp: str = ""
    police: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Mail:
    """Where e-mail goes out; without a host no e-mail is sent and notices stay in the inbox."""

    host: str = ""
    port: int = 25
    sender: str = "remit@localhost"
    username: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = False
    tls: bool = False


@dataclass(frozen=True)
class Outbound:
    """Where requests may go: names and networks, none at first; `authorities` is a file of certificates."""

    allow: tuple[str, ...] = ()
    authorities: Path | None = None
    loopback: bool = False
    """For tests alone: no setting of the environment."""


@dataclass(frozen=True)
class Sms:
    """An HTTP gateway for short messages; {phone}, {text} and {key} stand in `fields` and in `address`."""

    address: str = field(default="", repr=False)
    method: str = "POST"
    form: str = "json"
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    accepted: str = ""


@dataclass(frozen=True)
class Metrics:
    """Who may read /metrics: these networks, and whoever shows the token; nobody without either."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    token: str = field(default="", repr=False)


@dataclass(frozen=True)
class Anchors:
    """Where the head of the record is kept outside the database: `file` and `log`; `mail` are addresses."""

    places: tuple[str, ...] = ("file", "log")
    file: Path | None = None
    mail: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpenId:
    """Where people sign in besides passwords; nowhere without an issuer. `name` is what the link is called."""

    issuer: str = ""
    client: str = ""
    secret: str = field(default="", repr=False)
    name: str = "统一身份认证"


@dataclass(frozen=True)
class Settings:
    """One object for everything that can be set; see README, Configuration."""

    environment: str = "development"
    database_url: str = ""
    redis_url: str = "redis://localhost:6379/0"
    secret_key: str = field(default=TRIAL_SECRET, repr=False)
    debug: bool = False
    demo: bool = False
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    data_dir: Path = ROOT / "instance"
    trusted_hosts: tuple[str, ...] = ()
    proxies: int = 0
    upload_limit: int = 20 * 1024 * 1024
    page_cache: int = 64 * 1024 * 1024
    api_limit: int = 600
    search_limit: int = 0
    """Searches a minute from one address; 0 for any number, which only the environment changes."""
    guess_limit: int = 0
    """The same of private links that lead nowhere."""
    fonts: Path | None = None
    site: Site = field(default_factory=Site)
    mail: Mail = field(default_factory=Mail)
    outbound: Outbound = field(default_factory=Outbound)
    sms: Sms = field(default_factory=Sms)
    field_keys: tuple[str, ...] = field(default=(), repr=False)
    metrics: Metrics = field(default_factory=Metrics)
    anchors: Anchors = field(default_factory=Anchors)
    second_factor: tuple[str, ...] = ()
    openid: OpenId = field(default_factory=OpenId)
    testing: bool = False

    @property
    def production(self) -> bool:
        """Whether real people rely on it."""
        return self.environment == "production"

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Settings from REMIT_* and the three usual names PORT, DATABASE_URL and REDIS_URL.

        Secrets may stand in files instead (`secretfiles`). Raises SettingsError.
        """
        try:
            env = opened(os.environ if env is None else env)
        except ValueError as error:
            raise SettingsError(str(error)) from None
        data_dir = Path(env.get("REMIT_DATA_DIR") or ROOT / "instance")
        return cls(
            environment=env.get("REMIT_ENV", "development"),
            database_url=_database_url(env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'remit.db'}"),
            redis_url=env.get("REDIS_URL") or cls.redis_url,
            secret_key=env.get("REMIT_SECRET_KEY") or TRIAL_SECRET,
            debug=_flag(env, "FLASK_DEBUG") or _flag(env, "REMIT_DEBUG"),
            demo=_flag(env, "REMIT_DEMO"),
            host=env.get("REMIT_HOST") or cls.host,
            port=_number(env, "PORT", cls.port),
            public_url=env.get("REMIT_PUBLIC_URL", "").rstrip("/"),
            data_dir=data_dir,
            trusted_hosts=tuple(name for name in env.get("REMIT_TRUSTED_HOSTS", "").split(",") if name),
            proxies=_number(env, "REMIT_PROXIES", cls.proxies),
            upload_limit=_number(env, "REMIT_UPLOAD_LIMIT", cls.upload_limit),
            page_cache=_number(env, "REMIT_PAGE_CACHE", cls.page_cache),
            api_limit=_number(env, "REMIT_API_LIMIT", cls.api_limit),
            search_limit=_number(env, "REMIT_SEARCH_LIMIT", SEARCHES),
            guess_limit=_number(env, "REMIT_GUESS_LIMIT", GUESSES),
            fonts=Path(env["REMIT_FONTS"]) if env.get("REMIT_FONTS") else None,
            site=_site(env),
            mail=_mail(env),
            metrics=_metrics(env),
            anchors=_anchors(env),
            outbound=_outbound(env),
            sms=_sms(env),
            field_keys=_several(env, "REMIT_FIELD_KEYS"),
            second_factor=_second_factor(env),
            openid=_openid(env),
        )

    def check(self) -> None:
        """Refuse settings that production must not have; raises SettingsError with one line."""
        if self.environment not in ("development", "test", "production"):
            raise SettingsError("REMIT_ENV 只能是 development、test 或 production")
        if self.database_url and not self.database_url.startswith(DATABASES):
            raise SettingsError("DATABASE_URL 要以 sqlite:/// 或 postgresql:// 开头")
        try:
            AllowList.read(self.outbound.allow)
        except ValueError as error:
            raise SettingsError(f"REMIT_OUTBOUND_ALLOW 里这一项不是域名，也不是网段：{error}") from None
        if not self.production:
            return
        if self.debug:
            raise SettingsError("正式环境不能打开调试：请去掉 FLASK_DEBUG 和 REMIT_DEBUG")
        if self.demo:
            raise SettingsError("正式环境不能有演示账号：请去掉 REMIT_DEMO")
        if self.secret_key == TRIAL_SECRET or len(self.secret_key) < SHORTEST_SECRET:
            raise SettingsError(
                f"正式环境要有自己的密钥：请把 REMIT_SECRET_KEY 设为至少 {SHORTEST_SECRET} 个字符"
            )
        if self.openid.issuer and not (self.openid.issuer.startswith("https://") and self.public_url):
            raise SettingsError("REMIT_OPENID_ISSUER 要以 https:// 开头，还要设 REMIT_PUBLIC_URL")
        if not self.trusted_hosts:
            raise SettingsError("正式环境要写明网址：请把 REMIT_TRUSTED_HOSTS 设为本站域名，多个用逗号隔开")

    def flask(self) -> dict[str, Any]:
        """The same as Flask's configuration."""
        return {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": {
                **_engine_options(self.database_url),
                # What stood in a statement that failed is not for logs.
                "hide_parameters": self.production,
            },
            "RQ_CONNECTION": self.redis_url,
            "MAX_CONTENT_LENGTH": self.upload_limit,
            "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
            "TRUSTED_HOSTS": list(self.trusted_hosts) or None,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.production,
            "WTF_CSRF_TIME_LIMIT": None,
            "BABEL_DEFAULT_LOCALE": "zh_CN",
            "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
            "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
            "TESTING": self.testing,
            "DEBUG": self.debug,
            "REMIT": self,
        }


def _database_url(url: str) -> str:
    """The address with the driver that the project ships for PostgreSQL."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def _engine_options(url: str) -> dict[str, Any]:
    """A server may be gone or never answer: connections are tried before use, and waited for 10 seconds."""
    if url.startswith("sqlite"):
        return {}
    return {"pool_pre_ping": True, "connect_args": {"connect_timeout": 10}}


def _flag(env: Mapping[str, str], name: str) -> bool:
    return env.get(name, "").strip().lower() in ("1", "true", "yes", "on")


def _number(env: Mapping[str, str], name: str, usual: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return usual
    if not text.isascii() or not text.isdigit():
        raise SettingsError(f"{name} 要是一个整数，现在是“{text}”")
    return int(text)


def _site(env: Mapping[str, str]) -> Site:
    return Site(
        name=env.get("REMIT_SITE_NAME") or Site.name,
        tagline=env.get("REMIT_SITE_TAGLINE") or Site.tagline,
        sponsor=env.get("REMIT_SPONSOR", ""),
        organiser=env.get("REMIT_ORGANISER", ""),
        identification=env.get("REMIT_SITE_ID", ""),
        icp=env.get("REMIT_ICP", ""),
        police=env.get("REMIT_POLICE", ""),
        contact=env.get("REMIT_CONTACT", ""),
    )


def _mail(env: Mapping[str, str]) -> Mail:
    return Mail(
        host=env.get("SMTP_HOST", ""),
        port=_number(env, "SMTP_PORT", Mail.port),
        sender=env.get("SMTP_SENDER") or Mail.sender,
        username=env.get("SMTP_USERNAME", ""),
        password=env.get("SMTP_PASSWORD", ""),
        starttls=_flag(env, "SMTP_STARTTLS"),
        tls=_flag(env, "SMTP_TLS"),
    )


def _several(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(filter(None, (each.strip() for each in env.get(name, "").split(","))))


def _anchors(env: Mapping[str, str]) -> Anchors:
    places = _several(env, "REMIT_ANCHORS") or Anchors.places
    if unknown := set(places) - {"file", "log", "none"}:
        raise SettingsError(f"REMIT_ANCHORS 只能是 file、log 或 none，现在有“{min(unknown)}”")
    file = env.get("REMIT_ANCHOR_FILE")
    return Anchors(places, Path(file) if file else None, _several(env, "REMIT_ANCHOR_MAIL"))


def _openid(env: Mapping[str, str]) -> OpenId:
    return OpenId(
        issuer=env.get("REMIT_OPENID_ISSUER", ""),
        client=env.get("REMIT_OPENID_CLIENT", ""),
        secret=env.get("REMIT_OPENID_SECRET", ""),
        name=env.get("REMIT_OPENID_NAME") or OpenId.name,
    )


def _second_factor(env: Mapping[str, str]) -> tuple[str, ...]:
    """The roles that need a second factor: the reform office and the administrator unless somebody says otherwise."""
    if env.get("REMIT_SECOND_FACTOR", "").strip() == "none":
        return ()
    return _several(env, "REMIT_SECOND_FACTOR") or ("editor", "approver", "administrator")


def _outbound(env: Mapping[str, str]) -> Outbound:
    authorities = env.get("REMIT_OUTBOUND_CA")
    return Outbound(
        allow=_several(env, "REMIT_OUTBOUND_ALLOW"), authorities=Path(authorities) if authorities else None
    )


def _sms(env: Mapping[str, str]) -> Sms:
    form = env.get("REMIT_SMS_FORM") or Sms.form
    if form not in ("json", "form", "query"):
        raise SettingsError("REMIT_SMS_FORM 只能是 json、form 或 query")
    return Sms(
        address=env.get("REMIT_SMS_ADDRESS", ""),
        method=(env.get("REMIT_SMS_METHOD") or Sms.method).upper(),
        form=form,
        fields=_words(env, "REMIT_SMS_FIELDS"),
        headers=_words(env, "REMIT_SMS_HEADERS"),
        accepted=env.get("REMIT_SMS_ACCEPTED", ""),
    )


def _words(env: Mapping[str, str], name: str) -> dict[str, str]:
    """A JSON object of texts."""
    try:
        read = json.loads(env.get(name) or "{}")
    except ValueError:
        read = None
    if not isinstance(read, dict) or not all(isinstance(value, str) for value in read.values()):
        raise SettingsError(f'{name} 要写成 JSON，例如 {{"mobile": "{{phone}}"}}')
    return read


def _metrics(env: Mapping[str, str]) -> Metrics:
    words = [word.strip() for word in env.get("REMIT_METRICS_NETWORKS", "").split(",")]
    try:
        networks = tuple(ip_network(word) for word in words if word)
    except ValueError:
        raise SettingsError("REMIT_METRICS_NETWORKS 要写成网段，例如 10.1.2.0/24，多个用逗号隔开") from None
    token = env.get("REMIT_METRICS_TOKEN", "")
    if token and len(token) < SHORTEST_TOKEN:
        raise SettingsError(f"REMIT_METRICS_TOKEN 至少要有 {SHORTEST_TOKEN} 个字符")
    return Metrics(networks=networks, token=token)
