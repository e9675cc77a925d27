"""Real connections and real commits: of two people one wins and the other is told."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from jobs import runs
from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.notifications.models import Notice
from portal.foundation.publishing import service
from portal.foundation.publishing.models import Proposal, Revision
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Role
from portal.foundation.siteversion import queries as siteversion
from tests.lists.making import account, make_city, make_list, put_forward
from tests.publishing.conftest import fill

PEOPLE = 4


@pytest.fixture
def city(live):
    return make_city()


@pytest.fixture
def power_list(city):
    made = make_list(city)
    fill(city, made)
    db.session.commit()
    return made


def at_once(app, *acts):
    """Do everything at the same moment, each in a transaction of its own; what each gave or raised."""
    db.session.commit()  # this thread must hold nothing that the others wait for
    barrier, found = Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        with app.app_context():
            barrier.wait()
            try:
                found[number] = act()
                db.session.commit()
            except Refused as refused:
                db.session.rollback()
                found[number] = refused
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    db.session.expire_all()
    return found


def counted(table):
    return db.session.scalar(select(func.count()).select_from(table))


def test_of_several_who_put_a_list_forward_one_wins(live, city, power_list):
    editors = [account(Role.EDITOR).id for _ in range(PEOPLE)]
    db.session.commit()
    list_id = power_list.id

    def propose(account_id):
        by = db.session.get(Account, account_id)
        return service.propose(Subject.LIST, list_id, by=by).id

    found = at_once(live, *(lambda key=key: propose(key) for key in editors))
    told = [each.code for each in found if isinstance(each, Refused)]
    assert told == ["bound"] * (PEOPLE - 1)
    assert counted(Proposal) == 1


def test_of_an_approval_a_return_and_a_withdrawal_one_wins(live, city, power_list):
    proposal_id = put_forward(city, power_list).id
    approvers = [account(Role.APPROVER).id for _ in range(2)]
    editor_id = city.editor.id
    db.session.commit()

    def who(key):
        return db.session.get(Account, key)

    found = at_once(
        live,
        lambda: service.approve(proposal_id, by=who(approvers[0])).id,
        lambda: service.send_back(proposal_id, by=who(approvers[1]), note="有误").id,
        lambda: service.withdraw(proposal_id, by=who(editor_id)).id,
    )
    told = [each for each in found if isinstance(each, Refused)]
    assert [each.code for each in told] == ["decided", "decided"]


def test_several_workers_at_one_run_publish_once(live, city, power_list):
    run_id = service.approve(put_forward(city, power_list).id, by=city.approver).id
    db.session.commit()
    at_once(live, *[lambda: runs.carry_out(run_id)] * 3)
    assert counted(Revision) == 1
    assert counted(Notice) == 3


def test_several_first_publications_at_once_all_succeed(live, city, power_list):
    lists = [power_list, *(make_list(city, f"other-{n}") for n in range(2))]
    for each in lists[1:]:
        fill(city, each)
    ids = [service.approve(put_forward(city, each).id, by=city.approver).id for each in lists]
    db.session.commit()
    before = siteversion.number()
    at_once(live, *(lambda key=key: runs.carry_out(key) for key in ids))
    assert counted(Revision) == 3
    assert siteversion.number() >= before + 3
