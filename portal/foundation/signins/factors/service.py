"""Verbs on second factors: set up, check, renew the recovery codes, take away."""

from __future__ import annotations

from base64 import b32encode
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from secrets import token_bytes

import pyotp
from sqlalchemy import delete, select, update

from portal.crypto import keys
from portal.db import db
from portal.errors import Conflict, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import end_sessions, require
from portal.foundation.rights.rules import Right
from portal.foundation.signins.factors import queries
from portal.foundation.signins.factors.models import RecoveryCode, SecondFactor
from portal.foundation.signins.factors.rules import (
    RECOVERY_CODES,
    as_code,
    as_recovery,
    steps_around,
    written,
)


def begin(account: Account, at: datetime) -> None:
    """Make up a secret for an app. It opens nothing before `confirm`; beginning again makes up another.

    Raises Conflict where there is a factor already, Refused where no secrets can be kept.
    """
    if queries.has_factor(account):
        raise Conflict("您已经设好第二验证了。", "has_factor")
    keys()
    factor = queries.factor_of(account) or SecondFactor(account_id=account.id)
    factor.secret, factor.begun_at, factor.confirmed_at = pyotp.random_base32(), at, None
    db.session.add(factor)
    db.session.flush()


def address_for_app(factor: SecondFactor, account: Account, site: str) -> str:
    """What the QR code says to the app: `otpauth://…` with the secret, the login and the name of the site."""
    return str(pyotp.TOTP(factor.secret).provisioning_uri(name=account.login, issuer_name=site))


def confirm(account: Account, typed: str, at: datetime) -> list[str]:
    """Switch the factor on once the app shows the right code. Gives the recovery codes, which are shown only now.

    Every session of the account ends; the caller opens a new one. Raises Conflict when nothing was begun,
    Refused for a wrong code.
    """
    factor = queries.factor_of(account)
    if factor is None or factor.confirmed_at is not None:
        raise Conflict("请先开始设置。", "not_begun")
    if not _takes(account, typed, at):
        raise Refused("验证码不对。请看手机上现在的 6 位数字；手机的时间要准。", "code")
    factor.confirmed_at = at
    end_sessions(account)
    return renew_codes(account)


def check(account: Account, typed: str, at: datetime) -> bool:
    """Whether this is a good code of the app, not taken before, or an unused recovery code, which is used up."""
    if not queries.has_factor(account):
        return False
    return _takes(account, typed, at) or _uses(account, typed, at)


def renew_codes(account: Account) -> list[str]:
    """New recovery codes instead of all former ones; only their hashes stay."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = [b32encode(token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(account_id=account.id, code_hash=_hashed(code)) for code in codes)
    db.session.flush()
    return [written(code) for code in codes]


def give_up(account: Account) -> None:
    """Take one's own factor away; Refused where one must have it."""
    if queries.required(account):
        raise Refused("您的身份必须有第二验证，不能关闭；换手机请先用恢复码登录，再换。", "required")
    _remove(account)


def replace(account: Account, at: datetime) -> None:
    """Begin anew with another app; the former one stops at once."""
    _remove(account)
    begin(account, at)


def take_away(by: Account, account: Account) -> None:
    """Remove the factor of somebody who has lost app and recovery codes; all its sessions end.

    Administrators only, and not of themselves: `give_up` asks for more.
    """
    require(by, Right.MANAGE_ACCOUNTS)
    if by is account:
        raise Refused("自己的第二验证请在“我的账号”里办理。", "oneself")
    _remove(account)
    end_sessions(account)
    db.session.flush()


def _remove(account: Account) -> None:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    factor = queries.factor_of(account)
    if factor is not None:
        db.session.delete(factor)
    db.session.flush()


def _takes(account: Account, typed: str, at: datetime) -> bool:
    code = as_code(typed)
    factor = queries.factor_of(account)
    if code is None or factor is None or not factor.secret:
        return False
    clockwork = pyotp.TOTP(factor.secret)
    for step in steps_around(at):
        if step > factor.last_step and compare_digest(clockwork.generate_otp(step), code):
            # Of two that come with the same code at once, one changes the row.
            taken = db.session.execute(
                update(SecondFactor)
                .where(SecondFactor.account_id == account.id, SecondFactor.last_step < step)
                .values(last_step=step)
            )
            return bool(taken.rowcount)  # type: ignore[attr-defined]
    return False


def _uses(account: Account, typed: str, at: datetime) -> bool:
    code = as_recovery(typed)
    if code is None:
        return False
    key = db.session.scalar(
        select(RecoveryCode.id).where(
            RecoveryCode.account_id == account.id,
            RecoveryCode.code_hash == _hashed(code),
            RecoveryCode.used_at.is_(None),
        )
    )
    if key is None:
        return False
    used = db.session.execute(
        update(RecoveryCode).where(RecoveryCode.id == key, RecoveryCode.used_at.is_(None)).values(used_at=at)
    )
    return bool(used.rowcount)  # type: ignore[attr-defined]


def _hashed(code: str) -> str:
    # 80 bits of chance: nobody finds them by trying, so that a quick hash does.
    return sha256(code.encode()).hexdigest()
