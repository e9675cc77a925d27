"""Secrets from files: a setting NAME may stand in the file that NAME_FILE names, as container platforms hand them over.

Whoever lists the processes of a machine or reads a service's definition sees its environment, and not these files.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

FROM_FILES = (
    "DATABASE_URL",
    "REDIS_URL",
    "REMIT_SECRET_KEY",
    "REMIT_FIELD_KEYS",
    "REMIT_METRICS_TOKEN",
    "REMIT_OPENID_SECRET",
    "REMIT_SMS_ADDRESS",
    "REMIT_SMS_FIELDS",
    "REMIT_SMS_HEADERS",
    "SMTP_PASSWORD",
)
"""The settings that hold a password, a key or a token."""

LARGEST = 64 * 1024
"""Bytes of such a file; a larger one was named by mistake."""


def opened(env: Mapping[str, str]) -> dict[str, str]:
    """The environment with what stands in files; white space around it falls away.

    Raises ValueError (one line that says what to change) for a file that cannot be read or is empty, and when a
    setting is there both ways: nobody could tell which one holds.
    """
    whole = dict(env)
    for name in FROM_FILES:
        where = env.get(f"{name}_FILE", "")
        if not where:
            continue
        if env.get(name):
            raise ValueError(f"{name} 和 {name}_FILE 只能设一个")
        whole[name] = _read(f"{name}_FILE", Path(where))
    return whole


def _read(name: str, path: Path) -> str:
    try:
        with path.open("rb") as file:
            found = file.read(LARGEST + 1)
        text = found.decode("utf-8").strip()
    except OSError as error:
        raise ValueError(f"{name} 写的文件读不了：{error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"{name} 写的文件不是 UTF-8 文本") from None
    if not text:
        raise ValueError(f"{name} 写的文件是空的")
    if len(found) > LARGEST:
        raise ValueError(f"{name} 写的文件太大，看来不是密钥")
    return text
