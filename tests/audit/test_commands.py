"""flask audit …: says plainly whether all is well, and what is not."""

from __future__ import annotations

import csv

import pytest
from sqlalchemy import delete, select, update

from jobs import audit as by_clock
from portal import clock
from portal.foundation.audit.anchoring import RecordBroken
from portal.foundation.audit.models import ChainHead, Entry
from portal.foundation.audit.rules import Act, Door
from tests.audit.conftest import loose, place
from tests.fixtures.settings import with_settings


@pytest.fixture
def run(app, session, anchors):
    """Run `flask audit …`; gives its exit code and what it said."""

    def command(*words):
        session.commit()
        result = app.test_cli_runner().invoke(args=["audit", *map(str, words)])
        session.expire_all()
        return result.exit_code, result.output

    for number in range(3):
        session.add(place(number))
        session.commit()
    return command


def test_all_is_well(run, session):
    code, said = run("verify")
    assert code == 0
    assert "完好：读了 3 条" in said
    assert "没有锚点" in said
    code, head = run("anchor")
    assert code == 0
    code, said = run("verify", "--head", head.split()[-1])
    assert (code, "和数据库外面的 1 个锚点相符" in said) == (0, True)
    assert "没有新的记录" in run("anchor")[1]


def test_what_is_wrong_is_said_with_its_number(run, session):
    run("anchor")
    number = session.scalar(select(Entry.number).order_by(Entry.number).offset(1))
    with loose(session):
        session.connection().execute(update(Entry.__table__).where(Entry.number == number).values(actor="x"))
    code, said = run("verify")
    assert code == 1
    assert f"第 {number} 条和写入时不一样" in said


def test_a_tail_that_was_cut_is_known_by_the_file(run, session):
    run("anchor")
    columns = select(Entry.number, Entry.hash).order_by(Entry.number)
    _first, second, third = session.execute(columns).all()
    with loose(session):
        session.connection().execute(delete(Entry).where(Entry.number == third.number))
        session.connection().execute(update(ChainHead).values(number=second.number, hash=second.hash))
    code, said = run("verify")
    assert code == 1
    assert f"第 {third.number} 条起不见了" in said
    code, said = run("anchor")
    assert code == 1
    with pytest.raises(RecordBroken):
        by_clock.anchor()
    session.rollback()
    with pytest.raises(RecordBroken):
        by_clock.check()


def test_what_is_no_anchor_is_refused(run, tmp_path):
    assert run("verify", "--head", "12")[0] == 1
    assert run("verify", "--anchors", tmp_path / "nothing")[0] == 1


def test_pruning_says_what_it_did(run):
    code, said = run("prune")
    assert (code, "的 0 条" in said) == (0, True)
    code, said = run("prune", "--before", clock.today().isoformat())
    assert (code, "六个月" in said) == (1, True)


def test_the_export_tells_itself(run, session, tmp_path):
    file = tmp_path / "record.csv"
    assert "写了 4 条" in run("export", file)[1]
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [row["做了什么"] for row in rows] == ["create", "create", "create", "export"]
    entry = session.scalars(select(Entry).where(Entry.act == Act.EXPORT)).one()
    assert (entry.door, entry.record_name, entry.actor != "") == (Door.COMMAND, "record.csv", True)
    assert entry.route.endswith("audit export")


def test_the_head_is_sent_by_mail(app, run, smtp, session, anchors):
    from portal.config import Anchors

    with with_settings(app, smtp, anchors=Anchors(file=anchors, mail=("auditor@example.org",))):
        by_clock.anchor()
        by_clock.check()
    head = session.execute(select(ChainHead.number, ChainHead.hash)).one()
    [mail] = smtp.messages
    assert f"{head.number}:{head.hash}" in mail.get_content()
