"""Settings: the only reader of the environment. Production refuses what is only fit for trying out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TRIAL_SECRET = "only-for-trying-out"  # noqa: S105  production refuses it
SHORTEST_SECRET = 32
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
    fonts: Path | None = None
    site: Site = field(default_factory=Site)
    mail: Mail = field(default_factory=Mail)
    testing: bool = False

    @property
    def production(self) -> bool:
        """Whether real people rely on it."""
        return self.environment == "production"

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Settings from REMIT_* and the three usual names PORT, DATABASE_URL and REDIS_URL."""
        env = os.environ if env is None else env
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
            fonts=Path(env["REMIT_FONTS"]) if env.get("REMIT_FONTS") else None,
            site=_site(env),
            mail=_mail(env),
        )

    def check(self) -> None:
        """Refuse settings that production must not have; raises SettingsError with one line."""
        if self.environment not in ("development", "test", "production"):
            raise SettingsError("REMIT_ENV 只能是 development、test 或 production")
        if self.database_url and not self.database_url.startswith(DATABASES):
            raise SettingsError("DATABASE_URL 要以 sqlite:/// 或 postgresql:// 开头")
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
        if not self.trusted_hosts:
            raise SettingsError("正式环境要写明网址：请把 REMIT_TRUSTED_HOSTS 设为本站域名，多个用逗号隔开")

    def flask(self) -> dict[str, Any]:
        """The same as Flask's configuration."""
        return {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(self.database_url),
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
    )
