"""Keeping and opening files.

The bytes lie under `<data_dir>/files/<two digits>/<id>`; no name of a person's choosing ever becomes a path.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from flask import current_app
from sqlalchemy import select

from portal.db import db
from portal.errors import NotFound, Refused
from portal.foundation.files.models import StoredFile
from portal.foundation.files.rules import clean_name, harmful

CHUNK = 1024 * 1024
ID = re.compile(r"[0-9a-f]{32}")
UNKNOWN_TYPE = "application/octet-stream"


def store(
    content: bytes | BinaryIO | Path,
    *,
    name: str,
    media_type: str = UNKNOWN_TYPE,
    limit: int | None = None,
    anything: bool = False,
) -> StoredFile:
    """Keep a copy of the content (bytes, an open binary stream or a path) and give its record, flushed.

    `name` is what people called it; it is cleaned, see rules.clean_name. `limit` is the most bytes to take:
    Refused beyond it, and for programs and pages with scripts, told by their content, unless `anything` is taken
    because it is only read, by somebody who judges it (`portal.sheets`). The bytes are on disk before the row is
    written, so a row never lacks its bytes; bytes whose transaction was rolled back are taken away by `remove_strays`.
    """
    key = uuid4().hex
    path = _place(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        digest, size = _write(BytesIO(content), path, limit, anything=anything)
    elif isinstance(content, Path):
        with content.open("rb") as source:
            digest, size = _write(source, path, limit, anything=anything)
    else:
        digest, size = _write(content, path, limit, anything=anything)
    file = StoredFile(id=key, name=clean_name(name), sha256=digest, size=size, media_type=media_type)
    db.session.add(file)
    db.session.flush()
    return file


def _write(source: BinaryIO, path: Path, limit: int | None, *, anything: bool) -> tuple[str, int]:
    """Copy to the path by way of a neighbour, so that a half-written file never bears an id."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("xb") as target:
            digest, size = _copy(source, target, limit, anything=anything)
            target.flush()
            os.fsync(target.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return digest, size


def _copy(source: BinaryIO, target: BinaryIO, limit: int | None, *, anything: bool) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while block := source.read(CHUNK):
        if not size and not anything and harmful(block):
            raise Refused("这是程序或者网页文件，不能收。请改交 PDF、Word、Excel 或者图片。", code="harmful")
        size += len(block)
        if limit is not None and size > limit:
            raise Refused("文件超过了 %(megabytes)s MB，请分成几个文件再交。", megabytes=limit // CHUNK)
        digest.update(block)
        target.write(block)
    return digest.hexdigest(), size


def path_of(file: StoredFile) -> Path:
    """Where the bytes lie; NotFound with a sentence when the data folder no longer has them."""
    path = _place(file.id)
    if not path.is_file():
        raise NotFound("文件“%(name)s”已经不在了。", name=file.name)
    return path


def open_file(file: StoredFile) -> BinaryIO:
    """The bytes as a binary stream for the caller to close; NotFound when they are gone."""
    return path_of(file).open("rb")


def find(key: str) -> StoredFile:
    """The record with that id; NotFound for anything else, also for what cannot be an id."""
    file = db.session.get(StoredFile, key) if ID.fullmatch(key) else None
    if file is None:
        raise NotFound("没有这个文件。")
    return file


def remove_strays(*, older_than: int = 86400) -> int:
    """Take away bytes without a row that are older than so many seconds; gives how many.

    They are left by transactions that were rolled back. Younger ones may belong to one still under way.
    """
    before = time.time() - older_than
    folder = current_app.config["REMIT"].data_dir / "files"
    old = {path.name: path for path in folder.glob("??/*") if path.stat().st_mtime < before}
    names = sorted(old)
    for start in range(0, len(names), 500):
        some = names[start : start + 500]
        for known in db.session.scalars(select(StoredFile.id).where(StoredFile.id.in_(some))):
            del old[known]
    for path in old.values():
        path.unlink(missing_ok=True)
    return len(old)


def _place(key: str) -> Path:
    folder: Path = current_app.config["REMIT"].data_dir
    return folder / "files" / key[:2] / key
