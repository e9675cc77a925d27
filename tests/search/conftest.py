"""The 1,135 real matters of 广安区 in the index of each database, in a scope of their own."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from portal.db import db
from portal.foundation.search import postings, service
from portal.foundation.search.service import Entry, Writing
from tests.fixtures.databases import empty

SUBJECT = 511602
FILE = Path(__file__).parents[1] / "files/guangan-matters.csv"


@pytest.fixture(scope="session")
def matters():
    """The rows of the file; their order is their number."""
    return list(csv.DictReader(io.StringIO(FILE.read_text("utf-8-sig"))))


@pytest.fixture(scope="module")
def indexed(app, matters):
    """All of them, found as subject SUBJECT of the kind "matter"; record 0 is also called 办营业执照.

    Scopes count as long from far fewer rows on than in earnest, and blocks are small, so that every way of reading
    is gone.
    """
    with pytest.MonkeyPatch.context() as patch, app.app_context():
        patch.setattr(service, "SHORT", 30)
        patch.setattr(postings, "SHORT", 30)
        patch.setattr(service, "BLOCK", 64)
        patch.setattr(postings, "BLOCK", 64)
        patch.setattr(postings, "FEW", 60)
        patch.setattr(postings, "FIRST", 8)
        patch.setattr(postings, "WALK", 3)
        writing = Writing("matter", SUBJECT)
        for begin in range(0, len(matters), 500):
            batch = enumerate(matters[begin : begin + 500], begin)
            writing.add(
                Entry(key, row["name"], (row["code"], row["department"], *also(key))) for key, row in batch
            )
        writing.finish()
        db.session.commit()
        yield
        db.session.remove()
        empty(db.engine)


def also(key):
    """Everyday names."""
    return ("办营业执照", "开公司") if key == 0 else ()
