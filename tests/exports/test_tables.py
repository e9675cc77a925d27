"""Answers and changes as CSV, XLSX and JSON are the database, row for row."""

import csv
import io
import json

import pytest
import python_calamine
from sqlalchemy import delete, func, select

from portal.db import db
from portal.foundation.publishing.rules import Subject
from portal.powers.lists import service as lists
from portal.powers.lists.adjusting import service as adjusting
from portal.powers.lists.exports import answers, changes
from portal.powers.lists.exports.making import exported, lacking
from portal.powers.lists.models import Answer, PublishedMatter, RevisionFile
from portal.powers.lists.rules import Mode
from portal.sheets.writing import DoesNotFit, RowsDiffer, unguarded
from tests.exports.conftest import content
from tests.lists.making import change, publish

ENDINGS = ("csv", "xlsx", "json")
AWKWARD = "=1+1（#强调 *星号* $数学$ @名 [方括号]）"


def table(revision, name):
    """Heading and rows of a file, every cell as text, however the format keeps it."""
    data, ending = content(exported(revision, name)), name.rpartition(".")[2]
    if ending == "json":
        records = json.loads(data)
        rows = [list(records[0]), *(list(each.values()) for each in records)]
    elif ending == "csv":
        assert data.startswith(b"\xef\xbb\xbf")
        rows = [
            [unguarded(cell) for cell in line] for line in csv.reader(io.StringIO(data.decode("utf-8-sig")))
        ]
    else:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows = book.get_sheet_by_index(0).to_python()
    return [
        ["" if cell is None else f"{cell:g}" if isinstance(cell, float) else str(cell) for cell in row]
        for row in rows
    ]


def in_database(revision):
    """The answers as the database has them, by a query of the test's own."""
    found = db.session.execute(
        select(PublishedMatter, Answer)
        .join(Answer, Answer.published_matter_id == PublishedMatter.id)
        .where(PublishedMatter.revision_id == revision.id)
    )
    order = {place["code"]: at for at, place in enumerate(revision.content["frame"]["places"])}
    rows = sorted(found, key=lambda each: (each[0].position, order[each[1].place.code]))
    return [
        [
            str(row.seq),
            row.code,
            row.name,
            row.type.label,
            row.department,
            answer.place.code,
            answer.place.name,
            answer.mode.label,
        ]
        for row, answer in rows
    ]


def test_the_answers_are_the_database_row_for_row(city, power_list):
    revision = publish(city, power_list)
    expected = [list(answers.HEADER), *in_database(revision)]
    assert len(expected) == 1 + 4 * 6
    for ending in ENDINGS:
        assert table(revision, f"answers.{ending}") == expected


def test_an_answer_too_few_is_an_error_not_a_shorter_file(city, power_list, tmp_path):
    revision = publish(city, power_list)
    key = db.session.scalar(select(func.max(Answer.published_matter_id)))
    place = db.session.scalar(select(func.max(Answer.place_id)))
    db.session.execute(delete(Answer).where(Answer.published_matter_id == key, Answer.place_id == place))
    with pytest.raises(RowsDiffer):
        answers.to_csv(revision, tmp_path / "answers.csv")
    assert list(tmp_path.iterdir()) == []


def test_more_answers_than_a_workbook_holds_are_not_begun(city, power_list, tmp_path, monkeypatch):
    revision = publish(city, power_list)
    monkeypatch.setattr(answers, "MOST_ROWS", 24)
    with pytest.raises(DoesNotFit):
        answers.to_xlsx(revision, tmp_path / "answers.xlsx")


def test_a_first_revision_has_no_changes_to_tell(city, power_list):
    revision = publish(city, power_list)
    assert not any(name.startswith("changes") for name in _names(revision))
    assert changes.size(revision) == 0


def _names(revision):
    return set(db.session.scalars(select(RevisionFile.format).where(RevisionFile.revision_id == revision.id)))


WHY = ["法律改了", "《行政许可法》第二十四条"]
EXPLAINED = ["试点一年", "聊政字〔2020〕8号"]
"""What `publish` says of a change that nothing was said of."""
TOLD = [
    [
        "",
        "（清单）",
        "改清单的说明",
        "方式说明：下放实质性审核权：盖哪个章",
        "",
        "当地自己的章（二（一））",
        "“2号章”（6）",
        "",
        "",
    ],
    ["1", "企业投资项目备案", "改文字", "备注", "", "", "另行通知", "", ""],
    ["1", "企业投资项目备案", "改文字", "子项", "", "设立", "", "", ""],
    [
        "2",
        "城市建筑垃圾处置核准",
        "部分地方改办法、改适用范围",
        "当地办理方式",
        "临清市",
        "下放实质性审核权",
        "直接下放",
        *WHY,
    ],
    [
        "2",
        "城市建筑垃圾处置核准",
        "部分地方改办法、改适用范围",
        "当地办理方式",
        "聊城经济技术开发区",
        "暂不下放",
        "下放实质性审核权",
        *WHY,
    ],
    ["3", "典当业特种行业许可", "退出清单", "", "", "", "", *EXPLAINED],
    ["4", AWKWARD, "拆分", "由哪项来、成为哪项", "", "", "一号许可；二号许可", *EXPLAINED],
    ["4", "一号许可", "拆分", "由哪项来、成为哪项", "", AWKWARD, "", *EXPLAINED],
]


def test_changes_name_each_field_and_place_in_words(city, power_list):
    publish(city, power_list)
    second = power_list.delegations[1]
    lists.change_delegation(
        second,
        mode=Mode.REVIEW,
        mode_label=second.mode_label,
        remark="临清市直接下放",
        exceptions=[{"places": ["临清市"], "groups": [], "mode": "direct"}],
        sub_items=[],
        by=city.editor,
    )
    adjusting.explain(power_list, [second.matter_id], reason=WHY[0], basis=WHY[1], by=city.editor)
    change(city, power_list, "另行通知")
    adjusting.split(power_list.delegations[3], ["一号许可", "二号许可"], by=city.editor)
    lists.remove_delegation(power_list.delegations[2], by=city.editor)
    lists.set_profile(power_list, Mode.REVIEW, "seal", "no2", "6", by=city.editor)
    db.session.expire(power_list)
    revision = publish(city, power_list)
    rows = table(revision, "changes.csv")
    assert rows[0] == list(changes.HEADER)
    assert [each for each in TOLD if each not in rows] == []
    assert len(rows) == 1 + changes.size(revision)
    assert [table(revision, f"changes.{ending}") for ending in ("xlsx", "json")] == [rows, rows]
    assert revision.subject is Subject.LIST


def test_what_was_published_before_a_format_was_thought_of_is_found(city, power_list):
    revision = publish(city, power_list)
    assert lacking() == []
    db.session.delete(db.session.get_one(RevisionFile, (revision.id, "answers.csv")))
    db.session.flush()
    assert lacking() == [revision.id]
