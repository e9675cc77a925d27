"""PDF and Word hold what the database holds, row for row, in the form of an annex."""

import dataclasses
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn

from jobs.runs import work_off
from portal.db import db
from portal.foundation.runs.rules import RunKind
from portal.foundation.runs.service import start
from portal.powers.lists import service as lists
from portal.powers.lists import snapshot
from portal.powers.lists.exports import annex, form
from portal.powers.lists.exports.form import Column, Paper, TooLong, write_pdf
from portal.powers.lists.exports.making import all_exported, exported, lacking
from portal.powers.lists.exports.word import write_docx
from portal.powers.lists.models import RevisionFile
from portal.powers.lists.rules import Mode
from portal.sheets.writing import RowsDiffer
from portal.typesetting import fonts
from portal.typesetting.press import SignsMissing, TypesettingFailed, typeset
from tests.exports.conftest import content, pages, word_rows, words
from tests.lists.making import change, exception, publish

DAY = date(2021, 6, 15)
MOMENT = datetime(2021, 6, 15, tzinfo=UTC)


def paper(rows, **said):
    columns = [Column("序号", 8, middle=True), Column("事项编码", 20, code=True), Column("事项名称", 40)]
    made = Paper(
        "附件1", "清单", "（共几项）", "济宁市", columns, rows, ["注：甲。"], [("依据", "乙")], MOMENT
    )
    return dataclasses.replace(made, **said)


def test_both_papers_hold_every_row_of_the_database_in_order(papers, city, power_list):
    revision = publish(city, power_list, DAY)
    expected = [
        [
            str(row.seq),
            row.department,
            row.name,
            row.type,
            row.mode_label,
            annex.remark(row.remark, row.sub_items),
        ]
        for row in snapshot.published_rows(revision)
    ]
    heading, *rows = word_rows(content(exported(revision, "docx")))
    assert heading == ["序号", "实施部门", "事项名称", "事项类型", "放权方式", "备注"]
    assert rows == expected
    (page,) = pages(content(exported(revision, "pdf")))
    assert words("".join(heading) + "".join("".join(row) for row in expected)) in page


def test_what_no_remark_says_of_other_places_is_printed_all_the_same(city, power_list):
    first, second = power_list.delegations[:2]
    for row, remark in ((first, ""), (second, "临清市另定")):
        lists.change_delegation(
            row,
            mode=Mode.DIRECT,
            mode_label="",
            remark=remark,
            exceptions=[
                exception("window", places=["莘县", "临清市"]),
                exception("undelegated", groups=["zones"]),
            ],
            sub_items=[],
            by=city.editor,
        )
    said = [row[-1] for row in annex.paper(publish(city, power_list)).rows[:2]]
    zones = "聊城经济技术开发区、聊城高新技术产业开发区暂不下放"
    assert said == [f"临清市、莘县窗口前移；{zones}", "临清市另定"]


def test_both_papers_say_where_they_come_from(papers, city, power_list):
    power_list.notes = ["注：承接单位另行公布。"]
    revision = publish(city, power_list, DAY)
    document = Document(BytesIO(content(exported(revision, "docx"))))
    written = words("".join(line.text for line in document.paragraphs))
    for text in (written, pages(content(exported(revision, "pdf")))[0]):
        for said in (
            "附件",
            power_list.title.replace(" ", ""),
            "（4项）",
            "注：承接单位另行公布。",
            revision.hash,
        ):
            assert said in text
        assert "聊政字〔2020〕8号附件" in text
        assert "第1版，2021年6月15日起执行" in text
    assert document.core_properties.title == f"{power_list.title}（4项）"
    assert exported(revision, "pdf").name == "聊政字〔2020〕8号 附件 第1版 2021-06-15.pdf"


def test_on_each_page_the_heading_comes_again_and_the_number_stands_at_the_foot(tmp_path):
    rows = [[str(number), f"11370800MB28{number:019d}", f"第{number}件事项"] for number in range(1, 121)]
    write_docx(paper(rows), tmp_path / "long.docx")
    head = Document(str(tmp_path / "long.docx")).tables[0].rows[0]
    assert head._tr.trPr.find(qn("w:tblHeader")) is not None
    made = pages(typeset(form.TEMPLATE, _said(paper(rows)), moment=MOMENT))
    assert len(made) > 2
    assert all("序号事项编码事项名称" in page for page in made)
    assert all(f"—{number}—" in page for number, page in enumerate(made, 1))
    text = "".join(
        page.replace("序号事项编码事项名称", "").replace(f"—{n}—", "") for n, page in enumerate(made, 1)
    )
    assert "".join("".join(row) for row in rows) in text


def _said(made):
    said = {**dataclasses.asdict(made), "wide": made.wide}
    del said["moment"]
    return said


def test_the_same_content_gives_the_same_bytes(app, session, tmp_path):
    for name in ("one.pdf", "two.pdf"):
        write_pdf(paper([["1", "a", "甲"]]), tmp_path / name)
    first = (tmp_path / "one.pdf").read_bytes()
    assert first == (tmp_path / "two.pdf").read_bytes()
    assert b"pdfaid" in first
    assert b"pdfuaid" in first


def test_words_of_the_data_are_never_markup(app, session, tmp_path):
    nasty = '#panic("x") #import "@preview/x:1.0.0" *粗* _斜_ `码` $1/0$ <a> @b \\ // 注 [c] ~ "'
    write_pdf(paper([["1", "=1+1", nasty]]), tmp_path / "nasty.pdf")
    assert words(nasty) in pages(tmp_path / "nasty.pdf")[0]


def test_what_xml_cannot_hold_spoils_no_word_document(tmp_path):
    signs = "甲\x0b乙\ufffe丙\uffff丁"
    made = paper([["1", signs, "\x00x" * 200]], title=signs, author=signs * 100, notes=[signs])
    write_docx(made, tmp_path / "signs.docx")
    document = Document(str(tmp_path / "signs.docx"))
    assert document.core_properties.title.startswith("甲乙丙丁")
    assert document.tables[0].rows[1].cells[1].text == "甲乙丙丁"


def test_a_character_that_no_font_holds_stops_everything(app, session, tmp_path):
    assert fonts.missing("济宁市〔2021〕30号—①（“甲”）𬒈") == ""
    rare = "\U0002f9f4\ue000"
    with pytest.raises(SignsMissing) as caught:
        write_pdf(paper([["1", "a", f"甲{rare}"]]), tmp_path / "rare.pdf")
    assert set(caught.value.signs) == set(rare)
    assert not (tmp_path / "rare.pdf").exists()


def test_a_list_with_such_a_character_has_no_pdf_and_says_why(papers, city, power_list, client):
    change(city, power_list, "见\ue000条")
    revision = publish(city, power_list, DAY)
    assert exported(revision, "pdf") is None
    assert exported(revision, "docx") is not None
    assert db.session.get(RevisionFile, (revision.id, "pdf")).reason == "signs \ue000"
    shown = client.get("/lists/liaocheng-2020/revisions/1").get_data(as_text=True)
    assert "字体里没有这些字，没有生成：\ue000" in shown
    assert client.get("/lists/liaocheng-2020/revisions/1.pdf").status_code == 404


def test_a_file_that_only_waited_for_a_font_is_made_once_it_is_there(papers, city, power_list):
    revision = publish(city, power_list, DAY)
    row = db.session.get_one(RevisionFile, (revision.id, "pdf"))
    row.file, row.reason = None, "signs 某"
    db.session.flush()
    assert lacking() == [revision.id]
    start(RunKind.EXPORT, revision.id, by=None)
    work_off()
    assert exported(revision, "pdf") is not None
    assert lacking() == []


def test_fonts_of_the_office_fill_the_gaps(tmp_path):
    fonts.held.cache_clear()
    assert fonts.missing("a\ue000", tmp_path) == "\ue000"
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    fonts.held.cache_clear()
    assert fonts.missing("a\ue000", tmp_path) == "\ue000"
    fonts.held.cache_clear()


def test_a_template_that_fails_is_told_of(tmp_path):
    template = tmp_path / "bad.typ"
    template.write_text("#panic(1)", encoding="utf-8")
    with pytest.raises(TypesettingFailed, match="panic"):
        typeset(template, {}, moment=MOMENT)


def test_a_paper_with_a_row_too_few_or_too_many_rows_is_not_made():
    with pytest.raises(RowsDiffer):
        paper([["1", "a", "甲"]]).checked(2)
    with pytest.raises(RowsDiffer):
        paper([["1", "a"]]).checked(1)
    with pytest.raises(TooLong):
        paper([["1", "a", "甲"]] * (form.LONGEST + 1)).checked(form.LONGEST + 1)


def test_a_list_too_long_for_paper_says_so_and_is_not_tried_again(
    papers, city, power_list, client, monkeypatch
):
    monkeypatch.setattr(form, "LONGEST", 3)
    revision = publish(city, power_list, DAY)
    assert {name: row.reason for name, row in all_exported(revision).items() if row.reason} == {
        "pdf": "long",
        "docx": "long",
    }
    assert "这种格式装不下" in client.get("/lists/liaocheng-2020/revisions/1").get_data(as_text=True)
    monkeypatch.setattr(form, "LONGEST", 5000)
    start(RunKind.EXPORT, revision.id, by=None)
    work_off()
    assert exported(revision, "pdf") is None
