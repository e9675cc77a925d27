"""What is personal stands nowhere in the record: not in an entry, on its page, in what is taken along, in the logs."""

from __future__ import annotations

import json

import structlog
from sqlalchemy import JSON, String, Text, select

from portal import logs
from portal.crypto import Encrypted
from portal.db import Base, db
from portal.foundation.audit import taking
from portal.foundation.audit.models import Entry
from portal.foundation.audit.naming import shown
from portal.foundation.audit.rules import Act
from portal.foundation.audit.service import record
from portal.foundation.audit.tables import left_out, masked, told
from portal.foundation.audit.taking import Wanted
from portal.foundation.notifications.rules import Channel
from portal.foundation.notifications.ways.models import Way
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind

PERSONAL = ("13812345678", "37082619900101123X", "li.lei@example.com")
TEXT = "李雷 " + " ".join(PERSONAL)


def columns():
    """Every column of a table of which the record tells, and that holds texts."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            texts = isinstance(column.type, String | Text | JSON | Encrypted)
            if texts and told(table.name) and column.name not in left_out(table.name):
                yield column


def test_no_column_shows_a_person(app):
    """Whichever column a person's number or address gets into; those that say they are public are named here."""
    public = set()
    for column in columns():
        said = json.dumps(shown(column, TEXT), ensure_ascii=False)
        if any(each in said for each in PERSONAL):
            public.add(f"{column.table.name}.{column.name}")
    assert public == {str(column) for column in columns() if column.info.get("personal") is False}


def test_every_encrypted_column_is_masked_whole(app):
    encrypted = [column for column in columns() if isinstance(column.type, Encrypted)]
    assert encrypted
    assert all(masked(column) and shown(column, TEXT) == "***" for column in encrypted)


def test_neither_entries_nor_exports_nor_logs_show_a_person(session, tmp_path, capsys):
    place = Place(code="370826", name="微山县", kind=PlaceKind.COUNTY)
    body = Organisation(name="微山县教育局", place=place)
    session.add(body)
    session.flush()
    session.add(
        Way(organisation_id=body.id, channel=Channel.SMS, address=TEXT, secret=TEXT, former_secret=TEXT)
    )
    place.note = TEXT
    record(Act.EXPORT, name=TEXT, asked={"text": TEXT, "deep": [{"who": TEXT}]})
    session.commit()
    entries = db.session.scalars(select(Entry)).all()
    kept = " ".join(f"{each.record_name} {each.changes} {each.note} {each.route}" for each in entries)
    file = tmp_path / "record.csv"
    taking.write(file, Wanted())
    logs.configure(production=True)
    structlog.get_logger().info(f"of {TEXT}", text=TEXT, deep=[{"who": TEXT}])
    structlog.reset_defaults()
    logs.forget_libraries()
    written = capsys.readouterr().err
    assert "李雷" in written
    for each in PERSONAL:
        assert each not in kept
        assert each not in file.read_text("utf-8-sig")
        assert each not in written
