"""Adjusting a list: what its working copy changes and why, new names, splits and merges (P-5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from admin import forms
from admin.asking import asks
from admin.base import DRAFTS, HIGHEST_ID, Answer, StaffPage, carried_out, committed, status
from admin.differences import in_words
from admin.foundation.lookups import ORGANISATIONS
from admin.labels import options
from admin.meanwhile import Opened, locked
from admin.powers.drafts import own_or_missing, seen_list
from portal.db import db
from portal.errors import NotFound
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.registry import publishable
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.powers.lists.adjusting import adding, queries, service
from portal.powers.lists.adjusting.rules import unexplained
from portal.powers.lists.adjusting.touching import consequences
from portal.powers.lists.adjusting.undoing import undo
from portal.powers.lists.models import Delegation, ListKind, PowerList
from portal.powers.lists.rules import Mode
from portal.powers.lists.transfers.rules import TRANSFER_LABELS
from portal.powers.matters.rules import MatterType
from portal.powers.reviews import queries as reviews

LIST = "<int:list_id>"
ROW = "<int:delegation_id>"


class ExplainForm(forms.StaffForm):
    """Why something is changed."""

    reason = forms.text(
        _("理由"),
        longest=1000,
        required=False,
        hint=_("例如 办件量少、专业性强、成本高、风险大，或者法律改了。"),
    )
    basis = forms.text(_("依据"), longest=255, required=False, hint=_("哪部法律、哪个文件的哪一条。"))


class RenameForm(forms.StaffForm):
    """What a matter is called, whose it is, its type and its code."""

    name = forms.text(_("事项名称"), longest=500)
    organisation = forms.LookupField(
        _("负责部门"), ORGANISATIONS, required=False, hint=_("改成别的部门，就是划给那个部门。")
    )
    type = forms.choice(_("类型"), [(kind, _(kind.label)) for kind in MatterType])
    code = forms.text(_("编码"), longest=64, required=False, hint=_("照文件写；文件没有编码的，不填。"))
    other_type = BooleanField(_("编码里的类型和上面选的不一样，文件确实这样写"))


class SplitForm(forms.StaffForm):
    """Into what a matter falls."""

    names = TextAreaField(
        _("拆分以后的事项"),
        [InputRequired(forms.REQUIRED), Length(max=4000, message=forms.LONG)],
        description=_("一行一个，至少两个。方式、例外和部门先照原来的，以后可以分别改。"),
    )


class MergeForm(forms.StaffForm):
    """With what a matter is put together."""

    others = forms.TicksField(
        _("和哪几项合并"),
        [InputRequired(_("请至少选一项。"))],
        coerce=int,
        description=_("只有同一个部门的事项可以合并；别的部门的，先改成同一个部门。"),
    )
    name = forms.text(_("合并以后的名称"), longest=500)


class AddForm(forms.StaffForm):
    """A matter that comes into the list."""

    name = forms.text(_("事项名称"), longest=400)
    organisation = forms.LookupField(_("负责部门"), ORGANISATIONS, required=False)
    type = forms.choice(_("类型"), [(kind, _(kind.label)) for kind in MatterType])
    mode = forms.choice(_("通常的方式"), options(Mode))
    code = forms.text(_("编码"), longest=64, required=False, hint=_("照文件写；文件没有编码的，不填。"))
    after = IntegerField(
        _("放在第几项后面"),
        [Optional(), NumberRange(0, HIGHEST_ID, _("请写清单里的序号，例如 12。"))],
        description=_("写序号；不填就放在最后，0 就是最前面。"),
    )
    other_type = BooleanField(_("编码里的类型和上面选的不一样，文件确实这样写"))

    def __init__(self, *args: Any, power_list: PowerList, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if power_list.kind is ListKind.TRANSFER:
            self.mode.choices = forms.choices((mode, gettext(said)) for mode, said in TRANSFER_LABELS.items())


class AdjustingPage(StaffPage):
    """The changes of one list's working copy, and the verbs that an annex cannot say."""

    key = "adjusting"
    title = _("调整")
    section = "lists"
    listed = False
    access = DRAFTS

    @expose("/")
    def index(self) -> Answer:
        """Which list, is asked on the page of the lists."""
        return redirect(self.get_url("lists.index"))

    @expose(f"/{LIST}/", methods=("GET", "POST"))
    @asks(Right.EDIT_LISTS, reading=True)
    def show(self, list_id: int) -> Answer:
        """What differs from the newest revision, by kind; a POST explains all that is not explained yet."""
        power_list, base = self._list(list_id)
        difference = publishable(Subject.LIST).difference(list_id, base).stored()
        silent = [each["matter_id"] for each in difference["entries"] if unexplained(each)]
        form = ExplainForm()
        if form.validate_on_submit() and carried_out(
            form, lambda: self._explain(power_list, silent, form, only_missing=True)
        ):
            flash(gettext("理由和依据已经保存。"), "success")
            return redirect(self.get_url(".show", list_id=list_id))
        page = self.render(
            "staff/adjusting.html",
            list=power_list,
            base=base,
            form=form,
            silent=len(silent),
            counts=difference,
            entries=in_words(difference),
            consequences=consequences(power_list, difference),
            reviewed=reviews.opened(list_id),
            edits=self._edits(power_list),
        )
        return page, status()

    @staticmethod
    def _list(list_id: int) -> tuple[PowerList, Revision]:
        power_list, base = seen_list(list_id), publishing.newest(Subject.LIST, list_id)
        if base is None:
            raise NotFound("这份清单还没有公布过，全部是新的。")
        return power_list, base

    def _edits(self, power_list: PowerList) -> bool:
        free = publishing.open_proposal(Subject.LIST, power_list.id) is None
        return free and may(self.account, Right.EDIT_LISTS, power_list.place)

    def _explain(
        self, power_list: PowerList, matter_ids: list[int], form: Any, *, only_missing: bool = False
    ) -> None:
        service.explain(
            power_list,
            matter_ids,
            reason=form.reason.data,
            basis=form.basis.data,
            by=self.account,
            only_missing=only_missing,
        )

    @expose(f"/{LIST}/why/<int:matter_id>", methods=("GET", "POST"))
    @asks(Right.EDIT_LISTS)
    def explain(self, list_id: int, matter_id: int) -> Answer:
        """Why one matter is changed."""
        power_list, base = self._list(list_id)
        entries = publishable(Subject.LIST).difference(list_id, base).entries
        entry = next((each for each in entries if each["matter_id"] == matter_id), None)
        if entry is None:
            raise NotFound("这一项没有改动。")
        form = ExplainForm(obj=queries.notes(list_id).get(matter_id))
        if form.validate_on_submit() and carried_out(
            form, lambda: self._explain(power_list, [matter_id], form)
        ):
            flash(gettext("理由和依据已经保存。"), "success")
            return redirect(self.get_url(".show", list_id=list_id))
        back = self.get_url(".show", list_id=list_id)
        return self._form(list_id, form, gettext("理由和依据"), entry["name"], gettext("保存"), back)

    @expose(f"/{LIST}/add", methods=("GET", "POST"))
    @asks(Right.EDIT_LISTS)
    def add(self, list_id: int) -> Answer:
        """One more matter; what else is to be said of it is asked on its own form."""
        power_list = seen_list(list_id)
        form = AddForm(power_list=power_list)
        made: list[Delegation] = []
        if form.validate_on_submit() and carried_out(form, lambda: made.append(self._add(power_list, form))):
            flash(gettext("已经加入。备注、例外、只下放的子项，在这里写。"), "success")
            return redirect(self.get_url("delegations.edit_view", id=made[0].id))
        back = self.get_url("delegations.index_view", list=list_id)
        return self._form(list_id, form, gettext("加入一项"), power_list.title, gettext("加入"), back)

    def _add(self, power_list: PowerList, form: Any) -> Delegation:
        wanted = adding.Wanted(
            name=form.name.data,
            organisation=form.organisation.data,
            type=form.type.data,
            mode=form.mode.data,
            code=form.code.data or "",
            other_type=form.other_type.data,
            after=form.after.data,
        )
        return adding.add(power_list, wanted, by=self.account)

    @expose(f"/{LIST}/undo/<int:matter_id>", methods=("POST",))
    @asks(Right.EDIT_LISTS)
    def undo(self, list_id: int, matter_id: int) -> Answer:
        """Take one change back: the matter is again as the public reads it."""
        power_list, _base = self._list(list_id)
        committed(lambda: undo(power_list, matter_id, by=self.account))
        flash(gettext("已经撤销，和已公布的一样了。"), "success")
        return redirect(self.get_url(".show", list_id=list_id))

    def _form(
        self, list_id: int, form: forms.StaffForm, heading: str, lead: str, button: str, back: str
    ) -> Answer:
        said = {"heading": heading, "lead": lead, "button": button, "back": back}
        bound = publishing.open_proposal(Subject.LIST, list_id)
        return self.render("staff/adjust.html", form=form, bound=bound, **said), status()

    def _row(self, delegation_id: int) -> Delegation:
        found, sentence = db.session.get(Delegation, delegation_id), "没有这条记录，或者您不能看。"
        if found is None:
            raise NotFound(sentence)
        return own_or_missing(found, found.power_list.place_id, sentence, (Right.EDIT_LISTS,))

    def _changed(self, row: Delegation, form: Any, heading: str, verb: Callable[[], object]) -> Answer:
        """Ask, do it, and go to what the list changes now."""
        list_id, back = row.list_id, self.get_url("delegations.edit_view", id=row.id)
        lead = f"{row.seq}. {row.matter.name}"
        settled = form.validate_on_submit() and (form.opened is None or form.opened.settled(form))
        if settled and carried_out(form, verb):
            flash(gettext("已经保存。公布以后公众才看得到。"), "success")
            published = publishing.newest(Subject.LIST, list_id)
            after = ".show" if published else "lists.show"
            return redirect(self.get_url(after, list_id=list_id))
        return self._form(list_id, form, heading, lead, gettext("保存"), back)

    @expose(f"/rename/{ROW}", methods=("GET", "POST"))
    @asks(Right.EDIT_LISTS)
    def rename(self, delegation_id: int) -> Answer:
        """Another name, department, type or code."""
        row = self._row(delegation_id)
        matter = locked(row.matter)
        form = RenameForm(obj=matter)
        Opened(form, RenameForm(formdata=forms.AS_IT_STANDS, obj=matter), matter)
        return self._changed(
            row,
            form,
            gettext("改名称、部门、类型、编码"),
            lambda: self._name_anew(row, form),
        )

    def _name_anew(self, row: Delegation, form: Any) -> None:
        service.put_right(
            row, form.code.data or "", form.type.data, other_type=form.other_type.data, by=self.account
        )
        service.rename(row, form.name.data, form.organisation.data, by=self.account)

    @expose(f"/split/{ROW}", methods=("GET", "POST"))
    @asks(Right.EDIT_LISTS)
    def split(self, delegation_id: int) -> Answer:
        """One becomes several."""
        row, form = self._row(delegation_id), SplitForm()
        return self._changed(
            row,
            form,
            gettext("拆分"),
            lambda: service.split(row, forms.lines(form.names.data), by=self.account),
        )

    @expose(f"/merge/{ROW}", methods=("GET", "POST"))
    @asks(Right.EDIT_LISTS)
    def merge(self, delegation_id: int) -> Answer:
        """Several become one."""
        row, form = self._row(delegation_id), MergeForm()
        beside = {each.id: each for each in queries.mergeable(row)}
        form.others.choices = forms.choices(
            (key, f"{each.seq}. {each.matter.name}") for key, each in beside.items()
        )
        return self._changed(
            row,
            form,
            gettext("合并事项"),
            lambda: service.merge(
                [row, *(beside[key] for key in form.others.data)], form.name.data, by=self.account
            ),
        )
