"""Over the shipped lists: the examples of the documentation, the description, and every answer page by page."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape

import jsonschema
import pytest
from openapi_spec_validator import validate

from portal import auth
from portal.api.operations import OPERATIONS, described
from tests.fixtures.doors import Application


@pytest.fixture(scope="module")
def asker(app: Application, loaded):
    """A client over the loaded lists without a limit worth the name."""
    before = app.config["REMIT"]
    app.config["REMIT"] = replace(before, api_limit=1_000_000)
    auth.limiter.reset()
    with app.app_context():
        yield app.test_client()
    app.config["REMIT"] = before


def got(asker, address):
    answer = asker.get(address)
    assert answer.status_code == 200, (address, answer.get_data(as_text=True))
    return json.loads(answer.get_data(as_text=True))


@pytest.fixture(scope="module")
def description(asker):
    return got(asker, "/api/v1/openapi.json")


def examples(asker):
    page = asker.get("/data/api").get_data(as_text=True)
    return [
        unescape(each) for each in re.findall(r'<a href="(/api/v1/[^"]+\?[^"]*|/api/v1/[^"]+)"><code>', page)
    ]


def test_the_description_is_openapi_3_1(asker, description):
    validate(description)
    assert description["openapi"].startswith("3.1")
    english = got(asker, "/api/v1/openapi.json?lang=en")
    assert english["paths"]["/places"]["get"]["summary"] == "Places"
    assert not re.search("[\u4e00-\u9fff]", json.dumps(english["components"], ensure_ascii=False))


def test_every_operation_is_described(description):
    told = {each["get"]["operationId"]: path for path, each in description["paths"].items()}
    assert told == {name: each.path for name, each in OPERATIONS.items()}
    assert len(described()) == len(OPERATIONS)


def schema_of(description, operation):
    responses = description["paths"][operation.path]["get"]["responses"]
    schema = responses["200"]["content"][operation.media_type]["schema"]
    return {**schema, "components": description["components"]}


def test_every_example_works_and_has_the_described_form(asker, description):
    rules = {name: re.compile(_pattern(each.path)) for name, each in OPERATIONS.items()}
    seen = set()
    for address in examples(asker):
        said = got(asker, address)
        path = address.split("?")[0]
        (name,) = [name for name, rule in rules.items() if rule.fullmatch(path)]
        seen.add(name)
        jsonschema.validate(said, schema_of(description, OPERATIONS[name]), jsonschema.Draft202012Validator)
        properties = description["components"]["schemas"][OPERATIONS[name].returns.__name__]["properties"]
        wanted = (
            set(address.split("fields=")[1].split("&")[0].split(",")) if "fields=" in address else properties
        )
        for one in said["items"] if OPERATIONS[name].many else [said]:
            assert set(one) == set(wanted), address
    assert seen == set(OPERATIONS) - {"place_revision", "memorandum_revision"}


def _pattern(path):
    exact = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))
    return f"/api/v1{exact}" if path.endswith("jsonld") else f"/api/v1{exact}(?<!jsonld)"


def walked(asker, address):
    """Every item of a collection, page by page."""
    while address:
        said = got(asker, address)
        yield from said["items"]
        address = said["next"]


def test_a_program_finds_every_answer(asker):
    """All of one list, and for 泗水县 those of both lists that reach it, each with where to go; what changed there."""
    items = list(walked(asker, "/api/v1/answers?list=jining-2021-annex-1&limit=200&fields=id"))
    assert len({each["id"] for each in items}) == 854
    items = list(walked(asker, "/api/v1/answers?place=370831&limit=50"))
    assert len(items) == 61 + 15
    assert {each["place"]["name"] for each in items} == {"泗水县"}
    assert all(each["sentence"] and each["page"] for each in items)
    assert all(each["list"]["unchecked"] for each in items)
    assert all(each["matter"]["status"]["state"] == "unverified" for each in items)
    changes = "/api/v1/changes?list=jining-2021-annex-1&since_revision=1&place=370831"
    assert got(asker, changes) == {"items": [], "next": None}
