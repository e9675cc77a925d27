"""Every page of the staff door but the first, in the order of the navigation."""

from __future__ import annotations

from admin.base import StaffPage
from admin.door import SignInPage
from admin.finding.page import FindPage
from admin.foundation.access import AccessPage
from admin.foundation.accounts import AccountsPage
from admin.foundation.calendar_feeds import CalendarFeedsPage
from admin.foundation.deadline_acts import DeadlineActsPage
from admin.foundation.deadlines import DeadlinesPage
from admin.foundation.drafts import DraftsPage
from admin.foundation.groups import PlaceGroupsPage
from admin.foundation.handing import HandingPage
from admin.foundation.lookups import LookupPage
from admin.foundation.notice_texts import NoticeTextsPage
from admin.foundation.notifications import DeliveriesPage, InboxPage, ReceiptsPage
from admin.foundation.opinions import OpinionsPage
from admin.foundation.organisations import OrganisationsPage
from admin.foundation.places import PlacesPage
from admin.foundation.policies import PoliciesPage
from admin.foundation.posts import PostsPage
from admin.foundation.publishing import ProposalsPage, RevisionsPage
from admin.foundation.record import RecordPage
from admin.foundation.reorganisations import ReorganisationsPage
from admin.foundation.rights import RightsPage
from admin.foundation.rows import BodyRowsPage, DocumentRowsPage, GroupRowsPage
from admin.foundation.runs import RunsPage
from admin.foundation.schedule import SchedulePage
from admin.foundation.standing import StandingPage
from admin.foundation.ways import WaysPage
from admin.foundation.workdays import WorkdaysPage
from admin.oversight.circulars import CircularsPage
from admin.oversight.rows import MilestoneRowsPage, TaskRowsPage
from admin.oversight.task_acts import TaskActsPage
from admin.oversight.tasks import TasksPage
from admin.own import FactorPage, OwnPage
from admin.powers.adjusting import AdjustingPage
from admin.powers.choices import ChoicesPage
from admin.powers.delegations import DelegationsPage
from admin.powers.duties import DutiesPage
from admin.powers.earlier import EarlierPage
from admin.powers.filings import FilingsPage
from admin.powers.handovers import HandoversPage
from admin.powers.imports import ImportsPage
from admin.powers.lists import ListsPage
from admin.powers.matters import MattersPage
from admin.powers.memoranda import MemorandaPage
from admin.powers.points import PointsPage
from admin.powers.previews import PreviewsPage
from admin.powers.profiles import ProfilesPage
from admin.powers.reviews import ReviewsPage
from admin.powers.rows import (
    ChoiceRowsPage,
    DutyRowsPage,
    FilingRowsPage,
    NameRowsPage,
    PointRowsPage,
    ProfileRowsPage,
    TownRowsPage,
)
from admin.powers.suspensions import SuspensionsPage
from admin.powers.tables import TablesPage
from admin.powers.towns import TownsPage
from admin.powers.uptakes import UptakesPage
from admin.savedviews import ViewsPage

PAGES: tuple[type[StaffPage], ...] = (
    InboxPage,
    WaysPage,
    ListsPage,
    ImportsPage,
    TablesPage,
    DelegationsPage,
    AdjustingPage,
    PreviewsPage,
    EarlierPage,
    ProfilesPage,
    ProfileRowsPage,
    MattersPage,
    NameRowsPage,
    PoliciesPage,
    DocumentRowsPage,
    ProposalsPage,
    OpinionsPage,
    RevisionsPage,
    FilingsPage,
    FilingRowsPage,
    SuspensionsPage,
    ReceiptsPage,
    DeadlinesPage,
    DeadlineActsPage,
    HandoversPage,
    ReviewsPage,
    CalendarFeedsPage,
    TasksPage,
    TaskActsPage,
    TaskRowsPage,
    MilestoneRowsPage,
    CircularsPage,
    UptakesPage,
    DutiesPage,
    MemorandaPage,
    PointsPage,
    PointRowsPage,
    DutyRowsPage,
    ChoicesPage,
    ChoiceRowsPage,
    TownsPage,
    TownRowsPage,
    OrganisationsPage,
    BodyRowsPage,
    PlacesPage,
    PlaceGroupsPage,
    GroupRowsPage,
    HandingPage,
    ReorganisationsPage,
    AccountsPage,
    PostsPage,
    RightsPage,
    WorkdaysPage,
    RecordPage,
    RunsPage,
    SchedulePage,
    DeliveriesPage,
    NoticeTextsPage,
    LookupPage,
    FindPage,
    ViewsPage,
    DraftsPage,
    AccessPage,
    SignInPage,
    OwnPage,
    StandingPage,
    FactorPage,
)


def pages() -> list[StaffPage]:
    """New pages for one application."""
    return [page() for page in PAGES]
