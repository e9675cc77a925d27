"""The words over the columns of an annex, in the many spellings that governments use. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from portal.powers.lists.rules import read_mode
from portal.powers.matters.rules import fold_name


class Field(StrEnum):
    """What a column holds. OTHER is a column that says nothing the list needs (legal basis, phone …)."""

    SEQ = "seq"
    DEPARTMENT = "department"
    CODE = "code"
    NAME = "name"
    SUB_ITEM = "sub_items"
    TYPE = "type"
    MODE = "mode"
    SCOPE = "scope"
    RECEIVER = "receivers"
    REMARK = "remark"
    PERSON = "person"
    OTHER = "other"


_LEVEL = r"(?:省|市|区|县|镇|州|县市区|区县|本|设区的市)?(?:级|直|本级)?(?:的|原|现|原来|调整前|下放前|法定)?(?:的)?"
_BODY = r"(?:部门|机关|单位|主体|机构|部门单位|部门及单位)"
_MATTER = (
    r"(?:具体|依申请|市县同权|经济社会)*(?:事项|项目|权力|职权|权力事项|行政权力|行政权力事项|政务服务事项|服务事项|行政职权|许可事项|行政许可"
    r"|行政许可事项|审批事项|行政审批事项|审批服务事项|赋权事项|下放事项|放权事项|委托事项|同权事项|公共服务事项|调整事项"
    r"|主项|大项|事权|许可|基本目录|目录|权责事项|执法事项|管理权限|权限|业务|(?:行政)?职权事项"
    r"|(?:权力|行政权力|行政审批|审批|行政许可|行政职权)项目)"
)
_GIVEN = r"(?:调整|下放|赋权|放权|委托|划转|同权|授权|移交)"
_PLACES = r"(?:县区|区县|镇街|乡镇|镇办|县市区|县\(市、区\)|乡镇\(街道\)|镇\(街道\)|功能区|区域|地区|地方|范围|对象)"

# The first pattern that matches the whole folded heading decides, so the narrow ones come first. A heading is
# tried with what it says in brackets first (县（市、区）), then without.
_PATTERNS: tuple[tuple[Field, str], ...] = (
    (Field.PERSON, r".*(?:姓名|电话|手机|职务|邮箱|身份证|年龄|学历|联系人|联络员|联络负责人|联系方式).*"),
    (Field.SEQ, r"(?:事项|项目|总|分|部门)?(?:序号|顺序号|排序)|编号|序|号|项次|no\.?|seq|#"),
    (
        Field.SCOPE,
        rf"(?:适用|承接|实施|试点|{_GIVEN})(?:的)?{_PLACES}|scope|places?",
    ),
    (
        Field.RECEIVER,
        (
            rf".*(?:承接|接收|受委托|被委托|受托|被赋权|被授权|受权|划入|接管|调整后|下放后|赋权后|委托后|现)(?:的)?(?:实施|行使|审批|责任)?"
            rf"(?:层级|{_PLACES})?{_BODY}(?:名称)?|承接(?:方|地|部门及单位)|receivers?"
        ),
    ),
    (
        Field.OTHER,
        rf".*(?:监管|监督|配合|协助|指导)(?:责任)?{_BODY}.*|执法{_BODY}.*|.*(?:依据|法规|文号|时限|期限|收费|网址).*",
    ),
    (
        Field.CODE,
        (
            rf"(?:国家|省|市|全国|全省)?(?:级|统一)?(?:{_MATTER}|办理项|业务办理项|实施清单|子项)?(?:基本|实施|目录|唯一|统一|标准)*"
            r"(?:编码|代码|编号|码)|code"
        ),
    ),
    (
        Field.MODE,
        (
            r"(?:拟)?(?:市县|市县镇|三级)?(?:(?:权限|权力)?(?:实施|行使|承接|改革|办理|实现|处置|[/、或]|"
            + _GIVEN
            + r")(?:权限|权力)?)+(?:的)?(?:方式|形式|类型|类别|模式|意见)|方式|mode"
        ),
    ),
    (Field.SUB_ITEM, r"(?:涉及|一并划转|所涉|划转)?(?:的)?关联(?:的)?(?:审批|许可)?事项(?:名称)?"),
    (
        Field.SUB_ITEM,
        (
            r"(?:事项|具体|权力)?(?:子项目?|小项)(?:名称)?|(?:业务)?办理项(?:名称)?|(?:事项)?情形(?:名称)?"
            rf"|(?:具体)?{_GIVEN}(?:的)?(?:子项|内容|环节|权限|权限内容|具体内容)(?:名称)?|具体内容|权限内容|sub_?items?"
        ),
    ),
    (
        Field.TYPE,
        rf"{_MATTER}?(?:的)?(?:类型|类别|性质|种类|分类|属性)|type",
    ),
    (
        Field.DEPARTMENT,
        (
            rf"{_LEVEL}(?:实施|主管|责任|行政|审批|职能|业务|业务主管|行业主管|牵头|放权|赋权|下放|移交|划出|划转|委托|授权|行使|实施责任"
            rf"|办理|权力|职权|许可|原实施|现实施|行政审批|有关|相关|对口|对应|设定|事项|所属|来源|层级及)*{_BODY}(?:名称)?|委托方|department"
        ),
    ),
    (
        Field.NAME,
        (
            rf"{_LEVEL}(?:实施|市级|区级|县级|拟下放|市县同权|{_GIVEN})*(?:的)?{_MATTER}(?:主项)?"
            rf"(?:名称|名|内容)|{_GIVEN}?(?:具体)?(?:事项|主项|权力事项|行政权力事项|行政许可事项|审批事项|行政审批事项|公共服务事项"
            rf"|政务服务事项|行政职权事项)|{_GIVEN}名称|name"
        ),
    ),
    (
        Field.REMARK,
        (
            r"备注|备注/?(?:说明|情况)|说明|(?:有关|情况|其他|下放|调整|具体|补充|赋权|放权|委托)说明|附注|注|remarks?|notes?"
        ),
    ),
)
_COMPILED = tuple((field, re.compile(pattern)) for field, pattern in _PATTERNS)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_MARKS = re.compile(r"[:*.,、]+$|[“”\"'*]")
_MATTER_WORD = re.compile("事项|权力|职权|许可|审批|赋权|放权")
_MAX_HEADING = 24
_MAX_PRINTED = 80


@lru_cache(maxsize=4096)
def read_heading(printed: str) -> Field | None:
    """The field that a heading names, None for a text that is no known heading.

    White space, full-width forms and explanations in brackets do not matter.
    """
    if len(printed) > _MAX_PRINTED:
        return None
    folded = _MARKS.sub("", fold_name(printed))
    bare = _MARKS.sub("", _BRACKETS.sub("", folded))
    if not bare or len(bare) > _MAX_HEADING:
        return None
    for text in dict.fromkeys((folded, bare)):
        found = next((field for field, pattern in _COMPILED if pattern.fullmatch(text)), None)
        if found:
            return found
    return None


def read_pair(upper: str, lower: str) -> Field | None:
    """The field of a heading in two rows: 事项 over 名称 is 事项名称; the lower word alone comes next."""
    if not lower or upper == lower:
        return read_heading(upper)
    if not upper:
        return read_heading(lower)
    return read_heading(upper + lower) or read_heading(lower) or read_heading(upper)


def is_header(headings: Sequence[str], fields: Sequence[Field | None]) -> bool:
    """Whether these headings stand over a list of matters: a name, and what makes it the name of a matter.

    That is a column that only matters have, or the word 事项 and its like in the heading itself with a number
    beside it. 项目名称 beside nothing but a number is too little: a list of building projects has as much.
    """
    known = {field for field in fields if field}
    if sum(read_mode(text) is not None for text in headings) > 1:
        known.add(Field.MODE)  # a column for each mode, with a mark in one of them
    if Field.NAME not in known or Field.PERSON in known:
        return False
    if known & {Field.DEPARTMENT, Field.CODE, Field.TYPE, Field.MODE, Field.SCOPE, Field.SUB_ITEM}:
        return True
    name = headings[list(fields).index(Field.NAME)]
    return Field.SEQ in known and bool(_MATTER_WORD.search(name))
