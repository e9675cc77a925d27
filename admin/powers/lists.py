"""Lists: their working copy at a glance, what blocks it, putting it forward."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask_admin import expose
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField

from admin import forms
from admin.asking import asks
from admin.base import DRAFTS, HIGHEST_ID, Answer, StaffPage, carried_out, status
from admin.foundation.lookups import GROUPS, PLACES
from admin.foundation.proposing import ProposeForm
from admin.labels import options
from admin.meanwhile import Opened, locked
from admin.powers.drafts import seen_copies, seen_list
from admin.powers.lookups import POLICIES
from portal import clock
from portal.foundation.accounts.service import require
from portal.foundation.imports import queries as imports
from portal.foundation.imports.models import ImportedTable
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.opinions.queries import running_until
from portal.foundation.publishing.registry import publishable
from portal.foundation.publishing.rules import Nature, Subject
from portal.foundation.publishing.service import propose, unchanged
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.powers.lists import earlier, queries, service
from portal.powers.lists.intake.applying import aim
from portal.powers.lists.models import ListKind, PowerList
from portal.powers.lists.publishing import total_blockers, total_in_words

ID = "<int:list_id>"


class ListForm(forms.StaffForm):
    """A new list of a policy."""

    kind = forms.choice(_("是什么清单"), options(ListKind))
    title = forms.text(
        _("清单名称"), longest=255, hint=_("照文件写，例如 纳入“市县同权”改革范围的相关行政权力事项清单。")
    )
    annex = forms.text(_("第几个附件"), longest=32, required=False, hint=_("例如 附件1。"))
    policy = forms.LookupField(_("政策文件"), POLICIES, hint=_("先在“政策文件”里登记。"))
    place = forms.LookupField(_("哪个地方发的"), PLACES)
    scope = forms.LookupField(
        _("适用范围"),
        GROUPS,
        required=False,
        hint=_("先在“地方分组”里说明包括哪些地方；划转清单只管本地，不填。"),
    )
    slug = forms.text(
        _("网址名"), longest=64, hint=_("小写字母、数字和连字符，公布后不再改，例如 jining-2021-annex-1。")
    )


class ListProposeForm(ProposeForm):
    """Putting a list's working copy forward."""

    erratum = BooleanField(
        _("这次是勘误"), description=_("勘误只改写错的文字，公布时会标明；原来的文字仍然看得到。")
    )
    hurry = forms.text(
        _("为什么不等意见"), longest=1000, required=False, hint=_("还在征求意见、又要提前送审的才写。")
    )


class WaiverForm(forms.StaffForm):
    """Why totals that differ are accepted."""

    reason = forms.text(
        _("理由"),
        longest=1000,
        required=False,
        hint=_("写明为什么总数不符也可以公布，只管现在这些数；留空就是收回。"),
    )


class ListsPage(StaffPage):
    """All lists."""

    key = "lists"
    title = _("清单")
    section = "lists"
    access = DRAFTS

    def _edits(self) -> bool:
        return may(self.account, Right.EDIT_LISTS)

    @expose("/")
    def index(self) -> Answer:
        """Every list with where it stands."""
        rows = [self._state(each) for each in seen_copies()]
        return self.render("staff/lists.html", rows=rows, edits=self._edits())

    @staticmethod
    def _state(power_list: PowerList) -> dict[str, Any]:
        return {
            "list": power_list,
            "size": queries.size(power_list.id),
            "revision": earlier.entered(power_list) or publishing.newest(Subject.LIST, power_list.id),
            "proposal": publishing.open_proposal(Subject.LIST, power_list.id),
        }

    @expose("/new", methods=("GET", "POST"))
    @asks(Right.EDIT_LISTS)
    def create(self) -> Answer:
        """Found a list."""
        require(self.account, Right.EDIT_LISTS)
        table = self._table()
        form = ListForm(**_from_table(table))
        if form.validate_on_submit() and carried_out(form, lambda: self._found(form, table)):
            if table is not None:
                return redirect(self.get_url("tables.show", table_id=table.id))
            flash(gettext("清单建好了，现在可以导入附件。"), "success")
            return redirect(self.get_url(".index"))
        return self.render("staff/list_new.html", form=form), status()

    @staticmethod
    def _table() -> ImportedTable | None:
        """The table that the list is founded for, `?table=<id>`."""
        number = request.args.get("table", type=int)
        return imports.table(number) if number is not None and 0 < number <= HIGHEST_ID else None

    def _found(self, form: Any, table: ImportedTable | None) -> PowerList:
        made = service.found(
            form.slug.data,
            form.title.data,
            policy=form.policy.data,
            place=form.place.data,
            scope=form.scope.data,
            by=self.account,
            annex=form.annex.data,
            kind=form.kind.data,
        )
        if table is not None:
            aim(table, made, by=self.account)
        return made

    @expose(f"/{ID}/")
    def show(self, list_id: int) -> Answer:
        """One list: where it stands, what blocks it, its revisions."""
        return self._page(seen_list(list_id), ListProposeForm())

    def _page(self, power_list: PowerList, form: ListProposeForm) -> Answer:
        number = publishing.head_number(Subject.LIST, power_list.id)
        if running_until(Subject.LIST, power_list.id, number, clock.today()) is None:
            # Nobody is asked for an opinion: there is nothing that is not waited for.
            del form.hurry
        if number and power_list.earlier_of_id is None:
            form.reason.description = _("每一项改动的理由和依据，在“这次改了什么”里写。")
        if power_list.earlier_of_id is not None:
            form.effective_on.description = _("这一版当时从哪一天起执行，写成 2020-06-15。")
            form.effective_on.flags.required = True
            del form.erratum
        page = self.render(
            "staff/list.html",
            **self._state(power_list),
            form=form,
            **self._in_the_way(power_list),
            revisions=publishing.revisions(Subject.LIST, power_list.id),
            older=earlier.of(power_list),
            edits=may(self.account, Right.EDIT_LISTS, power_list.place),
            today=clock.today(),
        )
        return page, status()

    def _in_the_way(self, power_list: PowerList) -> dict[str, Any]:
        """`blockers` of putting it forward, the pages that `settle` them, and whether all is the `same` as public."""
        found: dict[str, Any] = {"blockers": [], "settle": {}, "same": False}
        if publishing.open_proposal(Subject.LIST, power_list.id) is not None:
            return found
        blockers, totals = publishable(Subject.LIST).blockers(power_list.id), total_blockers(power_list)
        found["blockers"] = blockers
        if len(blockers) > len(totals):
            found["settle"][self.get_url("profiles.show", list_id=power_list.id)] = _("填方式说明")
        if totals:
            found["settle"][self.get_url(".totals", list_id=power_list.id)] = _("总数不符的，写明理由")
        base = publishing.newest(Subject.LIST, power_list.id)
        if base is None or power_list.earlier_of_id is not None:
            return found
        change = publishable(Subject.LIST).difference(power_list.id, base)
        if change.unexplained:
            found["settle"][self.get_url("adjusting.show", list_id=power_list.id)] = _("写改动的理由和依据")
            blockers.append(_unexplained(change.unexplained))
        same = not (change.entries or change.frame) and unchanged(Subject.LIST, power_list.id, base)
        return found | {"same": same}

    @expose(f"/{ID}/propose", methods=("POST",))
    @asks(Right.EDIT_LISTS)
    def propose(self, list_id: int) -> Answer:
        """Put the working copy forward for a second person."""
        power_list = seen_list(list_id)
        form = ListProposeForm()
        if form.validate() and carried_out(form, lambda: self._propose(power_list, form)):
            flash(gettext("已经送审，等另一个人批准。"), "success")
            return redirect(self.get_url(".show", list_id=list_id))
        return self._page(power_list, form)

    def _propose(self, power_list: PowerList, form: ListProposeForm) -> object:
        return propose(
            Subject.LIST,
            power_list.id,
            by=self.account,
            effective_on=form.effective_on.data,
            reason=form.reason.data,
            hurry=form.hurry.data,
            nature=Nature.ERRATUM if form.erratum.data else Nature.ADJUSTMENT,
        )

    @expose(f"/{ID}/totals", methods=("GET", "POST"))
    @asks(Right.EDIT_LISTS)
    def totals(self, list_id: int) -> Answer:
        """Accept totals that differ, with a reason (P-4)."""
        power_list = locked(seen_list(list_id))
        form = WaiverForm(reason=power_list.totals_waiver)
        opened = Opened(
            form, WaiverForm(formdata=forms.AS_IT_STANDS, reason=power_list.totals_waiver), power_list
        )
        if (
            form.validate_on_submit()
            and opened.settled(form)
            and carried_out(form, lambda: service.waive_totals(power_list, form.reason.data, by=self.account))
        ):
            flash(gettext("理由已经保存。") if form.reason.data else gettext("理由已经收回。"), "success")
            return redirect(self.get_url(".show", list_id=list_id))
        back = self.get_url(".show", list_id=list_id)
        differing = [total_in_words(each) for each in queries.mismatches(power_list)]
        page = self.render(
            "staff/list_totals.html", form=form, list=power_list, back=back, differing=differing
        )
        return page, status()


def _unexplained(count: int) -> str:
    return str(ngettext("%(num)s 项改动还没有写理由和依据", "%(num)s 项改动还没有写理由和依据", count))


def _from_table(table: ImportedTable | None) -> dict[str, Any]:
    """What a table already says of the list that it becomes."""
    if table is None:
        return {}
    kind = ListKind.TRANSFER if "划转" in table.title else ListKind.DELEGATION
    return {"kind": kind, "title": table.title, "policy": table.upload.policy, "place": table.upload.place}
