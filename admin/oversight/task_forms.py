"""Forms about tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import MultipleFileField
from wtforms import IntegerField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from admin import forms
from admin.foundation.lookups import ORGANISATIONS
from admin.labels import options
from admin.powers.lookups import POLICIES
from portal.foundation.organisations.models import Organisation
from portal.oversight.circulars.rules import EVERY_DAY
from portal.oversight.tasks.rows import DATINGS
from portal.oversight.tasks.rules import WHOLE, Dating

LONGEST_TEXT = 5000
MOST_UNITS = 50


class NeededDayField(forms.DayField):
    """A day that must be there."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, **options)
        self.validators = [InputRequired(forms.REQUIRED)]
        self.flags.required = True


class BodiesField(TextAreaField):  # type: ignore[misc]
    """Bodies by name, one a line; `data` are the records. A name that fits none or several is an error."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, [Optional()], **options)
        self.typed = ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Find every body that was typed."""
        self.typed = valuelist[0] if valuelist else ""
        self.data = [ORGANISATIONS.settle(name) for name in forms.lines(self.typed)[:MOST_UNITS]]

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not one body, and more of them than a task has."""
        del form
        if len(forms.lines(self.typed)) > MOST_UNITS:
            raise ValidationError(gettext("最多写 %(count)d 个单位。", count=MOST_UNITS))
        for name, (body, _others) in zip(forms.lines(self.typed), self.data or (), strict=False):
            if body is None:
                raise ValidationError(
                    gettext("不清楚“%(name)s”是哪个单位，请写全，例如 市商务局（济宁市）。", name=name)
                )

    @property
    def bodies(self) -> Sequence[Organisation]:
        """The bodies in the order typed."""
        return [body for body, _others in self.data or () if body is not None]

    def _value(self) -> str:
        return self.typed or "\n".join(ORGANISATIONS.label(body) for body in self.object_data or ())


def _words(label: Any, *, required: bool = True, hint: Any = "", rows: int = 4) -> Any:
    first = InputRequired(forms.REQUIRED) if required else Optional()
    length = Length(max=LONGEST_TEXT, message=forms.LONG)
    return TextAreaField(label, [first, length], description=hint, render_kw={"rows": rows})


class TaskForm(forms.StaffForm):
    """A task as the document has it."""

    policy = forms.LookupField(_("政策文件"), POLICIES, hint=_("填文号。"))
    clause = forms.text(
        _("哪一条"), longest=32, required=False, hint=_("写条款的编号，例如 4；任务就是这一条。")
    )
    code = forms.text(_("编号"), longest=32, hint=_("同一份文件里不能重复，例如 J4。"))
    title = forms.text(_("任务名称"), longest=255, hint=_("用文件里的说法。"))
    text = _words(_("任务内容"), required=False, hint=_("只是一条里的一部分时，照原文抄；否则空着。"))
    responsible = _words(_("责任单位（原文）"), required=False, rows=2)
    office = forms.LookupField(
        _("调度单位"), ORGANISATIONS, hint=_("盯着这项任务的单位；文件没有写牵头单位时，由它负责期限。")
    )
    leads = BodiesField(_("牵头单位"), description=_("一行一个，排在最前的对期限负责。"))
    partners = BodiesField(_("配合单位"), description=_("一行一个。"))
    dating = forms.choice(_("文件怎么写日期"), options(Dating))
    begins_on = forms.DayField(_("开始的那天"), hint=_("不填就是发文日期。"))


class WordsForm(forms.StaffForm):
    """How the document was copied."""

    title = forms.text(_("任务名称"), longest=255, hint=_("用文件里的说法。"))
    text = _words(_("任务内容"), required=False, hint=_("只是一条里的一部分时，照原文抄；否则空着。"))
    responsible = _words(_("责任单位（原文）"), required=False, rows=2)


class UnitsForm(forms.StaffForm):
    """Which units a task is given to, and why."""

    leads = BodiesField(_("牵头单位"), description=_("一行一个，排在最前的对期限负责。"))
    partners = BodiesField(_("配合单位"), description=_("一行一个。"))
    reason = forms.text(_("理由"), longest=1000)


class NeededBodiesField(BodiesField):
    """Bodies, one at least."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, **options)
        self.validators = [DataRequired(forms.REQUIRED)]
        self.flags.required = True


class LeadsForm(forms.StaffForm):
    """Which units lead many tasks from now on, and why."""

    leads = NeededBodiesField(
        _("牵头单位"), description=_("一行一个，排在最前的对期限负责。原来的牵头单位不再牵头，配合单位不变。")
    )
    reason = forms.text(_("理由"), longest=1000)

    def said(self) -> dict[str, str]:
        """As each of many tasks says it: the bodies by their ids."""
        return {"units": " ".join(str(body.id) for body in self.leads.bodies), "reason": self.reason.data}


class DatingForm(forms.StaffForm):
    """What the document says of the date."""

    dating = forms.choice(_("文件怎么写日期"), options(Dating))

    def said(self) -> dict[str, str]:
        """As each of many tasks says it: in the words of a file."""
        return {"dating": DATINGS[Dating(self.dating.data)]}


class ReportForm(forms.StaffForm):
    """How far it is."""

    percent = IntegerField(
        _("进度（百分之几）"),
        [
            InputRequired(_("请写 0 到 100 之间的整数。")),
            NumberRange(0, WHOLE, _("请写 0 到 100 之间的整数。")),
        ],
        description=_("0 到 100；报 100 以后，由调度单位核对、登记办结。"),
    )
    text = _words(_("做了什么"))
    on = forms.DayField(_("截至哪一天"), hint=_("不填就是今天。"))
    files = MultipleFileField(
        _("佐证材料"), [Optional()], description=_("最多 10 个文件，只有工作人员看得到。")
    )


class MilestoneForm(forms.StaffForm):
    """A part with a date."""

    text = _words(_("要做成什么"), hint=_("用文件里的说法。"), rows=2)
    on = NeededDayField(_("最后一天"), hint=_("写成 2026-06-30。"))
    printed = forms.text(_("原文怎么写的"), longest=64, required=False, hint=_("例如 6月底前。"))


class ReachForm(forms.StaffForm):
    """When it was done."""

    on = forms.DayField(_("哪天办结的"), hint=_("不填就是今天。"))
    note = forms.text(_("说明"), longest=1000, required=False)


class ReasonForm(forms.StaffForm):
    """Why."""

    reason = forms.text(_("理由"), longest=1000)


class PeriodForm(forms.StaffForm):
    """What a circular is about."""

    policy = forms.LookupField(_("政策文件"), POLICIES, hint=_("填文号。"))
    begin = NeededDayField(_("从哪一天"))
    end = NeededDayField(_("到哪一天"), hint=_("按这一天的状态通报，不能晚于今天。"))


class MonthlyForm(forms.StaffForm):
    """What is drafted every month, and when."""

    policy = forms.LookupField(_("政策文件"), POLICIES, hint=_("填文号。"))
    day = IntegerField(
        _("每月几号"),
        [
            InputRequired(_("请写 1 到 28 之间的日子，每个月都有的。")),
            NumberRange(EVERY_DAY.start, EVERY_DAY.stop - 1, _("请写 1 到 28 之间的日子，每个月都有的。")),
        ],
        description=_("1 到 28；到那一天编上个月的，编好以后通知您的单位，由另一个人公布。"),
        default=1,
    )
