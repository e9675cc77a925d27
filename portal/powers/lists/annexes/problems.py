"""What can be wrong with an annex: a code, where it is, and a sentence saying what would settle it. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.powers.lists.rules import mark


class Code(StrEnum):
    """The kinds of problem."""

    NO_LIST = "no_list"
    HEADER_MISSING = "header_missing"
    NAME_MISSING = "name_missing"
    DEPARTMENT_MISSING = "department_missing"
    TYPE_MISSING = "type_missing"
    TYPE_UNKNOWN = "type_unknown"
    CODE_ODD = "code_odd"
    CODE_TYPE_CLASH = "code_type_clash"
    SEQ_DOUBLE = "seq_double"
    SEQ_GAP = "seq_gap"
    MATTER_DOUBLE = "matter_double"
    MODE_MISSING = "mode_missing"
    MODE_UNKNOWN = "mode_unknown"
    SECTION_NOT_UNDERSTOOD = "section_not_understood"
    SECTION_CLASH = "section_clash"
    REMARK_NOT_UNDERSTOOD = "remark_not_understood"
    SCOPE_NOT_UNDERSTOOD = "scope_not_understood"
    NOTE_NOT_UNDERSTOOD = "note_not_understood"
    EXCEPTIONS_CONFLICT = "exceptions_conflict"
    ROW_CUT_OFF = "row_cut_off"
    ROW_ODD = "row_odd"
    FORMULA_CELL = "formula_cell"
    TOTALS_DIFFER = "totals_differ"


MESSAGES: Mapping[Code, str] = {
    Code.NO_LIST: mark("文件里没有找到事项清单；请确认交的是附件本身，并且表头有“事项名称”一栏。"),
    Code.HEADER_MISSING: mark("这个表没有表头，看来是上一个清单的续表；请把两个表合并，或者给它补上表头。"),
    Code.NAME_MISSING: mark("没有事项名称；请补上名称，或者删去这一行。"),
    Code.DEPARTMENT_MISSING: mark("没有写明实施部门；请补上部门名称（合并单元格另存后常会丢失）。"),
    Code.TYPE_MISSING: mark("没有写明事项类型；请补上“事项类型”一栏或这一格。"),
    Code.TYPE_UNKNOWN: mark(
        "认不出事项类型“%(value)s”；请改为行政许可、行政确认、公共服务等规定的类型之一。"
    ),
    Code.CODE_ODD: mark(
        "事项编码“%(value)s”不像编码，可能已被软件改写；请对照原件，把这一栏设为文本后重新填写。"
    ),
    Code.CODE_TYPE_CLASH: mark(
        "编码%(value)s中的类型是“%(coded)s”，表里写的是“%(printed)s”；请核对后确定以哪个为准。"
    ),
    Code.SEQ_DOUBLE: mark("序号%(value)s已在第%(first)s行用过；请核对是否重复，或改正序号。"),
    Code.SEQ_GAP: mark("序号从%(before)s跳到%(value)s，中间可能缺行；请对照原件补上，或确认没有缺行。"),
    Code.MATTER_DOUBLE: mark(
        "“%(value)s”与第%(first)s行是同一部门的同名事项；请删去一行，或写明两者的区别。"
    ),
    Code.MODE_MISSING: mark("没有写明放权方式；请补上方式一栏、分段标题或这一格，或由您指定方式。"),
    Code.MODE_UNKNOWN: mark("认不出放权方式“%(value)s”；请说明它相当于哪一种方式。"),
    Code.SECTION_NOT_UNDERSTOOD: mark("看不懂分段标题“%(value)s”；请说明它对下面的事项意味着什么。"),
    Code.SECTION_CLASH: mark(
        "这一格写的是“%(value)s”，所在分段的标题是“%(heading)s”；请核对后确定以哪个为准。"
    ),
    Code.REMARK_NOT_UNDERSTOOD: mark(
        "看不懂备注“%(value)s”；请说明它是否改变某些地方的方式，或只下放部分子项。"
    ),
    Code.SCOPE_NOT_UNDERSTOOD: mark("看不懂适用范围“%(value)s”；请写明适用于哪些地方。"),
    Code.NOTE_NOT_UNDERSTOOD: mark("看不懂表下的注“%(value)s”；请说明它是否改变某些事项或地方的方式。"),
    Code.EXCEPTIONS_CONFLICT: mark("备注给“%(value)s”定了两种不同的方式；请确定以哪个为准。"),
    Code.ROW_CUT_OFF: mark("这一行不完整，后面的格子缺失；请对照原件补全。"),
    Code.ROW_ODD: mark("这一行不像事项也不像标题：“%(value)s”；请对照原件改正，或删去这一行。"),
    Code.FORMULA_CELL: mark("这一格是公式，没有计算；请改为固定的文字或数字，或确认显示的结果“%(value)s”。"),
    Code.TOTALS_DIFFER: mark(
        "“%(source)s”写的%(what)s是%(stated)s项，实际读到%(counted)s项；请核对原件，或说明原因。"
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that a person has to settle.

    `table` is the number of the list in the reading, from 1; `line` the row as people count it in the sheet
    or table. Both are None where the problem concerns the whole file or the whole list. `field` is the
    field's key in the row (docs/reading.md), "" for the row as a whole.
    """

    table: int | None
    line: int | None
    field: str
    code: Code
    details: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def message(self) -> str:
        """The Chinese sentence; MESSAGES[code] % details in any other language."""
        return MESSAGES[self.code] % self.details
