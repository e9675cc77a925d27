"""The parameters that several resources share."""

from __future__ import annotations

from portal.api.parameters import DAY, NAME, NUMBER, WORD, Parameter, one_of, text, whole
from portal.foundation.places.rules import PlaceKind
from portal.i18n import mark
from portal.powers.duties.models import DutyRole
from portal.powers.lists.rules import Mode
from portal.powers.matters.rules import MatterStatus, MatterType

MOST, USUAL = 200, 50

LIST = Parameter("list", mark("清单的标识"), WORD)
PLACE = Parameter("place", mark("地方的代码：县级代码六位，镇街九位，功能区用本站的代码"), WORD)
REVISION = Parameter("revision", mark("版次；不给就是现在执行的一版。要同时给 list"), NUMBER)
EARLIER = Parameter("revision", mark("版次；不给就是现在执行的一版"), NUMBER)
ANSWER_MODE = Parameter(
    "mode", mark("在那里的放权方式，可以给几个"), one_of([mode.value for mode in Mode]), many=True
)
MODE = Parameter(
    "mode",
    mark("放权方式，可以给几个；给了 place 就按在那里的办法，否则按通常的办法"),
    one_of([mode.value for mode in Mode]),
    many=True,
)
TYPE = Parameter(
    "type", mark("事项类型的两位数字，可以给几个"), one_of([kind.value for kind in MatterType]), many=True
)
DEPARTMENT = Parameter("department", mark("部门，清单上印的名称，可以给几个"), NAME, many=True)
STATUS = Parameter("status", mark("事项的效力"), one_of([state.value for state in MatterStatus]))
QUERY = Parameter(
    "q",
    mark("查询的话：名称、编码、部门、俗称、拼音或首字母；一份清单最多查出 10000 项"),
    text(NAME["pattern"], 100),
)
MATTER = Parameter("matter", mark("事项的编号，与网页地址里的相同"), NUMBER)
SINCE = Parameter("since", mark("从这一天起执行的，含这一天"), DAY)
UNTIL = Parameter("until", mark("到这一天为止执行的，含这一天"), DAY)
AFTER_REVISION = Parameter(
    "since_revision", mark("这一版以后的变更。要同时给 list"), whole(0, NUMBER["maximum"])
)
KIND = Parameter("kind", mark("地方的级别"), one_of([kind.value for kind in PlaceKind]), many=True)
WITHIN = Parameter("within", mark("上级地方的代码：只要它下面一级的"), WORD)
ROLE = Parameter(
    "role",
    mark("做什么的：department 放权的部门，receiver 承接单位，等等"),
    one_of(["department", *(role.value for role in DutyRole)]),
)
LIMIT = Parameter("limit", mark("一页最多几条"), whole(1, MOST, USUAL))
CURSOR = Parameter("cursor", mark("翻页标记，取自上一页的 next"), text("^[0-9A-Za-z_-]+$", 400))
PAGING = (LIMIT, CURSOR)
