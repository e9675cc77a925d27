"""Boxes to tick: a page shows a bounded number of them, and what is not shown can be looked for and stays ticked."""

from __future__ import annotations

import re

import pytest
from wtforms import SelectMultipleField

from admin.forms import SHOWN, StaffForm, TicksField
from portal.foundation.places import queries, service
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.rights.rules import Role
from tests.admin.conftest import enter, fresh_limits, person

__all__ = ["fresh_limits"]

MANY = 300


@pytest.fixture
def group(jining, session):
    """A group whose place has very many parts, two of them in it."""
    parts = [
        Place(code=f"37999{number:04d}", name=f"第{number:04d}区", kind=PlaceKind.ZONE, parent=jining)
        for number in range(MANY)
    ]
    session.add_all(parts)
    session.flush()
    made = service.set_group(jining, "many", "很多地方", [parts[7], parts[250]], by=None)
    session.commit()
    return made


@pytest.fixture
def who(app, jining):
    visitor = app.test_client()
    assert enter(visitor, person(Role.EDITOR, login="who-ticks", place=jining).login) == 302
    return visitor


def shown(page):
    """The boxes of the page: value → ticked."""
    boxes = re.findall(r"<input[^>]*name=\"chosen\"[^>]*>", page)
    return {int(re.search(r'value="(\d+)"', box)[1]): "checked" in box for box in boxes}


def sent(page, **said):
    return {"name": "很多地方", "note": "", "chosen": [key for key, on in shown(page).items() if on], **said}


def test_of_many_boxes_those_ticked_and_some_others_are_shown(who, group):
    page = who.get(f"/staff/place-groups/edit/?id={group.id}").text
    boxes = shown(page)
    assert len(boxes) == SHOWN
    assert {key for key, on in boxes.items() if on} == {each.id for each in group.members}


def test_looking_saves_nothing_and_keeps_what_was_ticked(who, group, session):
    address = f"/staff/place-groups/edit/?id={group.id}"
    opened = who.get(address).text
    stamp = re.search(r'name="opened" value="([^"]*)"', opened)
    kept = {"opened": stamp[1]} if stamp else {}
    answer = who.post(address, data=sent(opened, **kept, **{"chosen-words": "第012"}))
    assert (answer.status_code, "还不能保存" in answer.text) == (200, False)
    assert len(shown(answer.text)) == 2 + 10
    every = who.post(address, data=sent(answer.text, **kept, **{"chosen-words": "第012", "chosen-all": "1"}))
    ticked = [key for key, on in shown(every.text).items() if on]
    assert len(ticked) == 12
    session.expire_all()
    assert len(group.members) == 2
    last = {"chosen-words": "第012", "chosen-sought": "第012"}
    assert who.post(address, data=sent(every.text, **kept, **last)).status_code == 302
    session.expire_all()
    assert {each.id for each in queries.group(group.parent, "many").members} == set(ticked)


def test_what_is_not_offered_is_refused(who, group):
    address = f"/staff/place-groups/edit/?id={group.id}"
    assert who.post(address, data={"name": "很多地方", "chosen": [10**8]}).status_code == 422


def test_no_form_has_a_list_of_many_without_a_bound(app):
    def forms(of):
        for each in of.__subclasses__():
            yield each
            yield from forms(each)

    several = [
        (form.__name__, name)
        for form in forms(StaffForm)
        for name, field in vars(form).items()
        if isinstance(kind := getattr(field, "field_class", None), type)
        and issubclass(kind, SelectMultipleField)
        and not issubclass(kind, TicksField)
    ]
    assert not several
