"""Service points: where people go (G-5)."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import Length

from admin import forms
from admin.bulk import BulkAct, BulkPage
from admin.foundation.lookups import ORGANISATIONS, PLACES
from admin.foundation.placing import ByPlace
from admin.labels import label, options
from admin.listing import Narrowing
from admin.powers.local import LocalPage
from portal.powers.points import service
from portal.powers.points.models import PointKind, ServicePoint


class PointForm(forms.StaffForm):
    """What people need to find it."""

    place = forms.LookupField(_("地方"), PLACES)
    kind = forms.choice(_("种类"), options(PointKind))
    name = forms.text(_("名称"), longest=128, hint=_("例如 微山县为民服务中心。"))
    organisation = forms.LookupField(_("管理单位"), ORGANISATIONS, required=False)
    address = forms.text(_("地址"), longest=255, required=False)
    hours = TextAreaField(
        _("办公时间"),
        [Length(max=1000, message=forms.LONG)],
        description=_("连同例外一起写，例如：周一至周五 9:00—17:00；法定节假日休息。"),
    )
    phone = forms.text(_("电话"), longest=64, required=False)


class PointsPage(BulkPage, LocalPage):
    """Service points of a place; public with the place's next publication."""

    key = "points"
    title = _("办事点")
    record = ServicePoint
    can_create = can_edit = can_delete = True
    form = PointForm
    intro = _("改动随本地的下一次公布生效。")
    empty = _("还没有填过。把大厅、窗口、便民服务站“新增”进来；填好以后在“本地公布”里公布。")
    by_file = "rows"
    acts = (BulkAct("points-withdraw"),)
    column_list = ("place", "name", "kind", "address", "phone")
    column_labels: ClassVar[dict[str, Any]] = {
        "place": _("地方"),
        "name": _("名称"),
        "kind": _("种类"),
        "address": _("地址"),
        "phone": _("电话"),
    }
    column_formatters: ClassVar[dict[str, Any]] = {
        "place": lambda _view, _context, point, _name: point.place.name,
        "kind": lambda _view, _context, point, _name: label(point.kind),
    }
    narrowed_by = (
        ByPlace(ServicePoint.place_id),
        Narrowing.of("kind", _("种类"), ServicePoint.kind, PointKind),
    )
    column_searchable_list = ("name", "address", "place.name")
    column_sortable_list = ("name", "kind")

    def create_model(self, form: Any) -> ServicePoint:
        """Enter a service point."""
        return self._save(None, form)

    def update_model(self, form: Any, model: ServicePoint) -> ServicePoint:
        """Change a service point."""
        return self._save(model, form)

    def delete_model(self, model: ServicePoint) -> None:
        """Take a service point out."""
        service.remove(model, by=self.account)

    def _save(self, point: ServicePoint | None, form: Any) -> ServicePoint:
        return service.save(
            point,
            place=form.place.data,
            kind=form.kind.data,
            name=form.name.data,
            address=form.address.data,
            hours=form.hours.data or "",
            phone=form.phone.data,
            organisation=form.organisation.data,
            by=self.account,
        )
