"""What there is to find, and who may: each kind within the limits of the page that keeps it (R-3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import defer, joinedload

from admin.asking import rights_to_read
from admin.base import StaffPage
from admin.finding.matching import Hit, Query, Table
from admin.finding.published import published_matters
from admin.foundation.accounts import AccountsPage
from admin.foundation.organisations import OrganisationsPage
from admin.foundation.places import PlacesPage
from admin.foundation.policies import PoliciesPage
from admin.foundation.publishing import ProposalsPage
from admin.labels import label
from admin.oversight.tasks import TasksPage
from admin.powers.delegations import DelegationsPage
from admin.powers.drafts import WORKING, issuers
from admin.powers.lists import ListsPage
from admin.powers.whose import of_places
from portal.foundation.accounts.models import Account
from portal.foundation.organisations.models import Organisation, OrganisationAlias
from portal.foundation.places.models import Place
from portal.foundation.policies.models import Policy
from portal.foundation.publishing.models import Proposal
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.i18n import gettext as _
from portal.i18n import mark
from portal.oversight.tasks.models import Task, TaskUnit
from portal.powers.lists.models import Delegation, PowerList
from portal.powers.matters.models import EverydayName, Matter

Finder = Callable[[Query, Account], tuple[list[Hit], int]]
Limits = Sequence[ColumnElement[bool]]


@dataclass(frozen=True)
class Kind:
    """Something that is found: what it is called, the page that keeps it, and where a whole list of hits stands.

    Without a page everybody finds it. `searched`: the page takes what was typed as `search`.
    """

    title: str
    find: Finder
    endpoint: str
    page: type[StaffPage] | None = None
    searched: str = ""

    def open_to(self, account: Account) -> bool:
        """Whether the account may read such records at all."""
        return self.page is None or any(may(account, right) for right in rights_to_read(self.page))

    def address(self, query: Query) -> str:
        """Where all hits stand, or all records where the page cannot search."""
        asked: dict[str, Any] = {self.searched: query.text} if self.searched else {}
        return url_for(self.endpoint, **asked)


def _everything(_account: Account) -> Limits:
    return ()


def _at(column: Any, places: frozenset[int] | None) -> Limits:
    return () if places is None else (column.in_(places),)


def _rows_of(account: Account) -> Limits:
    return _at(PowerList.place_id, issuers(account))


def _row(row: Delegation, account: Account) -> Hit:
    edits = may(account, Right.EDIT_LISTS, row.power_list.place)
    address = (
        url_for("delegations.edit_view", id=row.id)
        if edits
        else url_for("delegations.index_view", list=row.list_id, search=row.matter.name)
    )
    said = (row.matter.code, row.power_list.title, _("第 %(number)s 项", number=row.seq))
    return Hit(row.matter.name, address, _("，").join(filter(None, said)))


def _list(power_list: PowerList, _account: Account) -> Hit:
    address = url_for("lists.show", list_id=power_list.id)
    return Hit(power_list.title, address, f"{power_list.policy.number}{power_list.annex}")


def _proposals_of(account: Account) -> Limits:
    if may(account, Right.READ_ALL):
        return ()
    lists = issuers(account, (Right.EDIT_LISTS, Right.APPROVE))
    return (of_places(Proposal, lists, issuers(account, (Right.EDIT_PLACE, Right.APPROVE))),)


def _proposal(proposal: Proposal, _account: Account) -> Hit:
    note = _("，").join((str(label(proposal.state)), proposal.proposed_by.name))
    return Hit(proposal.title, url_for("proposals.show", proposal_id=proposal.id), note)


def _tasks_of(account: Account) -> Limits:
    if may(account, Right.READ_ALL):
        return ()
    units = account.unit_ids
    own = select(TaskUnit.task_id).where(TaskUnit.organisation_id.in_(units))
    managed = issuers(account, (Right.MANAGE_TASKS,))
    if managed is None:
        return ()
    return (
        or_(
            Task.published,
            Task.office_id.in_(units),
            Task.id.in_(own),
            Policy.place_id.in_(managed),
        ),
    )


def _task(task: Task, _account: Account) -> Hit:
    return Hit(task.title, url_for("tasks.show", task_id=task.id), f"{task.policy.number} {task.code}")


def _place(place: Place, account: Account) -> Hit:
    changes = may(account, Right.MANAGE_ORGANISATIONS, place.parent or place)
    page = {"id": place.id} if changes else {"search": place.name}
    address = url_for("places.edit_view" if changes else "places.index_view", **page)
    above = _(place.parent.name) if place.parent else ""
    return Hit(_(place.name), address, _("，").join(filter(None, (place.code, above))))


def _body(body: Organisation, account: Account) -> Hit:
    changes = may(account, Right.MANAGE_ORGANISATIONS, body.place)
    page = {"id": body.id} if changes else {"search": body.name}
    address = url_for("organisations.edit_view" if changes else "organisations.index_view", **page)
    return Hit(body.name, address, _(body.place.name))


def _policy(policy: Policy, _account: Account) -> Hit:
    return Hit(policy.title, url_for("policies.index_view", search=policy.number), policy.number)


def _person(person: Account, account: Account) -> Hit:
    changes = may(account, Right.MANAGE_ACCOUNTS)
    page = {"id": person.id} if changes else {"search": person.login}
    address = url_for("accounts.edit_view" if changes else "accounts.index_view", **page)
    return Hit(person.name, address, person.login)


ROWS = Table(
    Delegation.id,
    (Matter.name, Matter.code),
    _rows_of,
    _row,
    joined=(Delegation.matter, Delegation.power_list),
    loaded=(joinedload(Delegation.matter), joinedload(Delegation.power_list).joinedload(PowerList.place)),
    others=(EverydayName.matter_id, EverydayName.name),
)
LISTS = Table(
    PowerList.id,
    (PowerList.title, PowerList.slug),
    lambda account: _at(PowerList.place_id, issuers(account, WORKING)),
    _list,
    loaded=(joinedload(PowerList.policy),),
)
PROPOSALS = Table(
    Proposal.id,
    (Proposal.title, Proposal.reason),
    _proposals_of,
    _proposal,
    loaded=(joinedload(Proposal.proposed_by), defer(Proposal.difference)),
)
TASKS = Table(
    Task.id,
    (Task.title, Task.code),
    _tasks_of,
    _task,
    joined=(Task.policy,),
    loaded=(joinedload(Task.policy),),
)
BODIES = Table(
    Organisation.id,
    (Organisation.name, Organisation.uscc),
    _everything,
    _body,
    loaded=(joinedload(Organisation.place),),
    others=(OrganisationAlias.organisation_id, OrganisationAlias.name),
)
PLACES = Table(Place.id, (Place.name, Place.code), _everything, _place, loaded=(joinedload(Place.parent),))
POLICIES = Table(Policy.id, (Policy.title, Policy.number), _everything, _policy)
PEOPLE = Table(Account.id, (Account.name, Account.login), _everything, _person)

KINDS = (
    Kind(mark("事项（工作稿）"), ROWS.find, "delegations.index_view", DelegationsPage, "search"),
    Kind(mark("事项（已公布）"), published_matters, "site.search", searched="q"),
    Kind(mark("清单"), LISTS.find, "lists.index", ListsPage),
    Kind(mark("送审"), PROPOSALS.find, "proposals.index", ProposalsPage),
    Kind(mark("改革任务"), TASKS.find, "tasks.index", TasksPage),
    Kind(mark("机构"), BODIES.find, "organisations.index_view", OrganisationsPage, "search"),
    Kind(mark("地方"), PLACES.find, "places.index_view", PlacesPage, "search"),
    Kind(mark("政策文件"), POLICIES.find, "policies.index_view", PoliciesPage, "search"),
    Kind(mark("人员"), PEOPLE.find, "accounts.index_view", AccountsPage, "search"),
)
"""In the order in which they are shown."""
