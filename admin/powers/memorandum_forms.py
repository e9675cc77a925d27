"""Forms of memoranda: the two bodies, the wording with its pushes and steps, the answer of a body, the signed paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, FieldList, Form, FormField, IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from admin import forms
from admin.foundation.lookups import ORGANISATIONS
from admin.powers.lookups import MATTERS
from portal.powers.matters.models import Matter
from portal.powers.memoranda.models import Memorandum
from portal.powers.memoranda.queries import wording_of
from portal.powers.memoranda.rules import (
    LONGEST_SENTENCE,
    MOST_DAYS,
    Doer,
    Party,
    Push,
    Share,
    Support,
    Unit,
    Wording,
)
from portal.site.memoranda import words

ROWS = 3
"""So many empty rows for pushes stand below those that are filled; more come with saving."""


MOST_PUSHES = 60
NO_DAYS = _("请写 0 到 366 之间的整数，0 是当天。")
LONGEST_LINE = 700
"""A matter's name is at most 500 characters long, and its office stands behind it."""


def _choices(labels: Any) -> list[Any]:
    return forms.choices([(word.value, _(said)) for word, said in labels.items()])


class DaysField(IntegerField):  # type: ignore[misc]
    """Whole days."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, with a sentence of ours for what is none."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(NO_DAYS) from None


class FoundForm(forms.StaffForm):
    """Between whom it is."""

    bureau = forms.LookupField(_("行政审批服务局"), ORGANISATIONS)
    department = forms.LookupField(_("主管部门"), ORGANISATIONS)


class PushForm(Form):  # type: ignore[misc]
    """What one body pushes to the other, and in how many days; an empty row is none."""

    what = forms.text(_("推送什么"), longest=LONGEST_SENTENCE, required=False)
    sender = forms.ChoiceField(
        _("由谁推送"),
        choices=_choices({party: words.DOERS[Doer(party.value)] for party in Party}),
        default=Party.BUREAU.value,
    )
    days = DaysField(_("天数"), [Optional(), NumberRange(0, MOST_DAYS, NO_DAYS)])
    unit = forms.ChoiceField(_("怎么数"), choices=_choices(words.UNITS), default=Unit.WORKING_DAYS.value)
    clause = forms.text(_("依据"), longest=255, required=False)

    def validate(self, extra_validators: Any = None) -> bool:
        """What is pushed and its days stand together."""
        valid = bool(super().validate(extra_validators))
        if bool(self.what.data) == (self.days.data is not None):
            return valid
        empty = self.days if self.what.data else self.what
        empty.errors = [*empty.errors, forms.REQUIRED]
        return False

    def push(self) -> Push | None:
        """The row as the verb takes it."""
        if not self.what.data:
            return None
        party, unit = Party(self.sender.data), Unit(self.unit.data)
        return Push(self.what.data, party, self.days.data, unit, self.clause.data)


class ShareForm(Form):  # type: ignore[misc]
    """Who does one step, and how."""

    doer = forms.ChoiceField(
        _("由谁做"), choices=[*forms.choices([("", "—")]), *_choices(words.DOERS)], default=""
    )
    sentence = forms.text(_("怎么做"), longest=LONGEST_SENTENCE, required=False)

    def share(self) -> Share | None:
        """The row as the verb takes it; None while nobody is chosen."""
        return Share(Doer(self.doer.data), self.sentence.data) if self.doer.data else None


class WordingForm(forms.StaffForm):
    """All that the two bodies agree on."""

    _standing: Mapping[str, Matter] = MappingProxyType({})
    """The matters chosen already, by their lines."""
    boundary = TextAreaField(
        _("职责边界"),
        [Length(max=4000, message=forms.LONG)],
        filters=[lambda text: (text or "").strip()],
        description=_("谁审批，谁监管，界线在哪里。"),
    )
    site_visit = FormField(ShareForm, label=_("现场勘验"))
    technical_review = FormField(ShareForm, label=_("技术审查"))
    testing = FormField(ShareForm, label=_("检验检测"))
    hearing = FormField(ShareForm, label=_("听证论证"))
    pushes = FieldList(FormField(PushForm), label=_("推送和反馈"), max_entries=MOST_PUSHES)
    every_matter = BooleanField(
        _("双方之间的全部事项"), description=_("以清单和职责最新公布的为准；不选就在下面写明哪些。")
    )
    matters = TextAreaField(_("只涉及这些事项"), description=_("一行一个事项名称。"))
    valid_from = forms.DayField(_("有效期从"))
    valid_until = forms.DayField(_("有效期到"))
    bureau_contact = forms.text(
        _("审批局联系方式"), longest=255, required=False, hint=_("科室和办公电话，会公开；不写个人手机号。")
    )
    department_contact = forms.text(
        _("部门联系方式"), longest=255, required=False, hint=_("科室和办公电话，会公开；不写个人手机号。")
    )

    @classmethod
    def of(cls, memorandum: Memorandum, **given: Any) -> WordingForm:
        """The form filled with what the working copy says."""
        said = wording_of(memorandum)
        rows = [
            {"what": each.what, "sender": each.sender.value, "days": each.days, "unit": each.unit.value}
            | {"clause": each.clause}
            for each in said.pushes
        ]
        shares = {
            kind.value: {"doer": share.doer.value, "sentence": share.sentence}
            for kind, share in said.supports.items()
        }
        standing = {MATTERS.label(each.matter): each.matter for each in memorandum.chosen}
        data = {
            "boundary": said.boundary,
            "pushes": (rows + [{} for _row in range(ROWS)])[:MOST_PUSHES],
            "every_matter": said.every_matter,
            "matters": "\n".join(standing),
            "valid_from": said.valid_from,
            "valid_until": said.valid_until,
            "bureau_contact": said.bureau_contact,
            "department_contact": said.department_contact,
        }
        made = cls(data=data | shares, **given)
        made._standing = standing
        return made

    @property
    def shares(self) -> Sequence[Any]:
        """The four steps' fields."""
        return [self[kind.value] for kind in Support]

    def validate_matters(self, field: Any) -> None:
        """Each line names one matter; what fits several or none is said."""
        for line in forms.lines(field.data):
            found, others = self._settled(line)
            if found is None and others:
                offers = "；".join(MATTERS.label(each) for each in others[:5])
                raise ValidationError(gettext("不清楚是哪一个，请照着写全：%(offers)s。", offers=offers))
            if found is None:
                raise ValidationError(gettext("没有找到“%(typed)s”。", typed=line[:200]))

    def _settled(self, line: str) -> tuple[Matter | None, Sequence[Matter]]:
        """What a line names; whatever is chosen already stands, also for whoever could not choose it."""
        standing = self._standing.get(line)
        return (standing, ()) if standing is not None else MATTERS.settle(line[:LONGEST_LINE])

    def chosen(self) -> list[Matter]:
        """The matters that were typed."""
        return [found for line in forms.lines(self.matters.data) if (found := self._settled(line)[0])]

    def wording(self) -> Wording:
        """What was typed, as the verb takes it."""
        shares = {kind: self[kind.value].form.share() for kind in Support}
        pushes = [row.form.push() for row in self.pushes]
        return Wording(
            boundary=self.boundary.data,
            pushes=tuple(each for each in pushes if each),
            supports={kind: share for kind, share in shares.items() if share},
            every_matter=self.every_matter.data,
            valid_from=self.valid_from.data,
            valid_until=self.valid_until.data,
            bureau_contact=self.bureau_contact.data,
            department_contact=self.department_contact.data,
        )


class AnswerForm(forms.StaffForm):
    """What a body says of the wording."""

    drafted = False
    # A text of several lines: in one of a single line Enter would press the first button, which agrees.
    note = TextAreaField(
        _("意见"),
        [Length(max=1000, message=forms.LONG)],
        filters=[lambda text: (text or "").strip()],
        description=_("退回时必须写明要改什么。"),
    )
    version = IntegerField(validators=[InputRequired(forms.REQUIRED)])
    """The wording that was read."""


class EndForm(forms.StaffForm):
    """Why it ends."""

    reason = forms.text(_("为什么终止"), longest=255, hint=_("双方都会收到通知，里面写这句话。"))


class PaperForm(forms.StaffForm):
    """The memorandum as it was signed and stamped."""

    file = FileField(
        _("签字盖章的文本"),
        [FileRequired(_("请选择文件。"))],
        description=_("扫描件：PDF、PNG 或者 JPEG，不超过 20 MB。"),
    )
    public = BooleanField(_("公布时公众也可以看"))
