"""What documents mean by 各功能区 or 各县（市、区）: decided here by a person (G-2, G-4)."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import joinedload, selectinload
from wtforms.validators import Regexp

from admin import forms
from admin.base import SIGNED_IN
from admin.foundation.lookups import PLACES
from admin.records import RecordsPage
from portal.db import db
from portal.errors import Conflict
from portal.foundation.places import queries, service
from portal.foundation.places.models import Place, PlaceGroup
from portal.foundation.rights.rules import Right


class GroupForm(forms.StaffForm):
    """Which places belong to the group."""

    name = forms.text(_("名称"), longest=64)
    chosen = forms.TicksField(_("包括哪些地方"), coerce=int)
    note = forms.text(_("依据或说明"), longest=500, required=False, hint=_("例如：第13条写明是 14 个地方。"))

    def __init__(self, *args: Any, obj: PlaceGroup | None = None, **kwargs: Any) -> None:
        if obj is not None:
            kwargs.setdefault("chosen", [place.id for place in obj.members])
        super().__init__(*args, obj=obj, **kwargs)
        if obj is not None:
            self.chosen.choices = forms.choices(
                (place.id, place.name) for place in queries.children(obj.parent)
            )


class NewGroupForm(forms.StaffForm):
    """A group that documents of a place speak of; its members are chosen next."""

    parent = forms.LookupField(_("上级"), PLACES)
    name = forms.text(_("名称"), longest=64, hint=_("照文件里的说法，例如 各功能区。"))
    key = forms.text(
        _("代号"),
        longest=32,
        hint=_("小写字母和下划线；各功能区用 zones，各县（市、区）用 counties，各镇街用 towns。"),
        checks=[Regexp(r"[a-z][a-z_]*\Z", message=_("只用小写字母和下划线。"))],
    )


class PlaceGroupsPage(RecordsPage):
    """Groups of places."""

    key = "place-groups"
    by_file = "group-rows"
    title = _("地方分组")
    section = "bodies"
    access = SIGNED_IN
    change = Right.EDIT_LISTS
    record = PlaceGroup
    can_create = can_edit = True
    form = GroupForm
    create_form_class: ClassVar[type[forms.StaffForm]] = NewGroupForm
    column_list = ("name", "parent", "members", "note")
    column_labels: ClassVar[dict[str, Any]] = {
        "name": _("名称"),
        "parent": _("上级"),
        "members": _("包括"),
        "note": _("依据或说明"),
    }
    column_formatters: ClassVar[dict[str, Any]] = {
        "parent": lambda _view, _context, group, _name: group.parent.name,
        "members": lambda _view, _context, group, _name: "、".join(place.name for place in group.members),
    }
    column_searchable_list = ("name",)
    column_sortable_list = ("name",)
    column_default_sort = "id"
    # Joined, every member would be a row: the whole list could not be read piece by piece.
    column_auto_select_related = False
    shown_with = (joinedload(PlaceGroup.parent), selectinload(PlaceGroup.members))

    def place_of(self, record: PlaceGroup) -> int | None:
        """The place whose parts it groups."""
        return record.parent_id

    def create_model(self, form: Any) -> PlaceGroup:
        """Add a group without members yet."""
        parent = form.parent.data
        if queries.group(parent, form.key.data) is not None:
            raise Conflict("%(place)s已经有这个代号的分组了。", place=parent.name)
        return service.set_group(parent, form.key.data, form.name.data, [], by=self.account)

    def update_model(self, form: Any, model: PlaceGroup) -> PlaceGroup:
        """Say who belongs to it."""
        members = [place for place in map(_place, form.chosen.data) if place is not None]
        return service.set_group(
            model.parent, model.key, form.name.data, members, form.note.data, by=self.account
        )


def _place(place_id: int) -> Place | None:
    return db.session.get(Place, place_id)
