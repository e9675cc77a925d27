"""Handing a file in: it is kept, and a run is started that reads it."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from flask import current_app

from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.files import service as files
from portal.foundation.imports.models import Upload
from portal.foundation.places.models import Place
from portal.foundation.policies.models import Policy
from portal.foundation.rights.rules import Right
from portal.foundation.runs.rules import RunKind
from portal.foundation.runs.service import start


def receive(
    content: bytes | BinaryIO | Path, *, name: str, place: Place, policy: Policy | None, by: Account
) -> Upload:
    """Keep a file that a clerk handed in for an issuing place, and start reading it in the background.

    What kind of file it is, its content decides, not its name. Refused when it is empty or too large.
    """
    require(by, Right.EDIT_LISTS, place.id)
    file = files.store(content, name=name, limit=current_app.config["REMIT"].upload_limit, anything=True)
    if file.size == 0:
        raise Refused("文件是空的，请重新选择。", code="empty")
    upload = Upload(file=file, place=place, policy=policy, created_by_id=by.id)
    db.session.add(upload)
    db.session.flush()
    upload.run = start(RunKind.READ_ANNEX, upload.id, by=by.id)
    db.session.flush()
    return upload
