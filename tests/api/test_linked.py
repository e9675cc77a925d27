"""A matter as linked data: it parses, keeps to CPSV-AP, and uses words of schema.org where they belong."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib.namespace import RDF, Namespace

from portal.foundation.places import service as places
from portal.foundation.places.rules import PlaceKind
from portal.powers.points import service as points
from portal.powers.points.models import PointKind
from tests.api.test_answers import receive, say  # noqa: F401  the fixture

# rdflib's own parser of JSON-LD still builds what rdflib calls old.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

SCHEMA = Namespace("https://schema.org/")
CPSV = Namespace("http://purl.org/vocab/cpsv#")
CV = Namespace("http://data.europa.eu/m8g/")

THING = {"name", "alternateName", "description", "url", "identifier"}
TERMS = {
    "GovernmentService": THING
    | {"serviceType", "provider", "serviceOperator", "areaServed", "availableChannel", "jurisdiction"},
    "GovernmentOrganization": THING,
    "AdministrativeArea": THING,
    "ServiceChannel": THING | {"serviceLocation"},
    "Place": THING | {"address", "telephone"},
    "Legislation": THING | {"legislationIdentifier"},
    "Dataset": THING | {"version"},
}
"""The types used, each with those of its properties in schema.org that are used."""


@pytest.fixture(scope="module")
def shapes():
    return rdflib.Graph().parse(Path(__file__).parent / "shapes.ttl")


def graph_of(text):
    return rdflib.Graph().parse(data=text, format="json-ld", publicID="http://localhost/")


def conforms(graph, shapes):
    fits, _graph, report = pyshacl.validate(graph, shacl_graph=shapes)
    return fits, report


@pytest.fixture
def described(client, city, power_list, matter, receive):  # noqa: F811
    """`described(number, place)`: the graph of a matter, with what holds at a place that published a lot."""
    place = city.county("茌平区")
    points.save(
        None,
        place=place,
        kind=PointKind.CENTRE,
        name="茌平区为民服务中心",
        address="中心街道 1 号",
        hours="工作日 9:00—17:00",
        phone="0635-000 0000",
        organisation=None,
        by=city.editor,
    )
    receive(place, 1)

    def text(number, code=""):
        address = f"/api/v1/matters/liaocheng-2020/{matter(number).matter_id}.jsonld"
        answer = client.get(address + (f"?place={code}" if code else ""))
        assert answer.status_code == 200
        assert answer.content_type == "application/ld+json"
        return answer.get_data(as_text=True)

    return text


def test_it_keeps_to_the_shapes(described, city, shapes):
    for number in (1, 2, 3):
        for name in ("", "茌平区", "聊城经济技术开发区"):
            graph = graph_of(described(number, city.county(name).code if name else ""))
            fits, report = conforms(graph, shapes)
            assert fits, (number, name, report)
            assert len(list(graph.subjects(RDF.type, CPSV.PublicService))) == 1


def test_the_shapes_can_fail(described, shapes):
    said = json.loads(described(1))
    del said["@graph"][0]["cv:hasCompetentAuthority"]
    assert not conforms(graph_of(json.dumps(said)), shapes)[0]


def test_words_of_schema_org_stand_where_they_belong(described, city):
    graph = graph_of(described(1, city.county("茌平区").code))
    strangers = set()
    for subject in set(graph.subjects()):
        kinds = {
            str(kind).removeprefix(SCHEMA) for kind in graph.objects(subject, RDF.type) if kind in SCHEMA
        }
        assert kinds <= set(TERMS)
        allowed = set().union(*(TERMS[kind] for kind in kinds)) if kinds else set()
        used = {str(each).removeprefix(SCHEMA) for each in graph.predicates(subject) if each in SCHEMA}
        strangers |= used - allowed
    assert strangers == set()


def test_receiver_counter_and_authority(described, city):
    graph = graph_of(described(1, city.county("茌平区").code))
    (service,) = graph.subjects(RDF.type, CPSV.PublicService)
    names = {str(graph.value(body, SCHEMA.name)) for body in graph.objects(service, CV.hasCompetentAuthority)}
    assert names == {"聊城市商务局", "茌平区行政审批服务局"}
    (channel,) = graph.objects(service, CV.hasChannel)
    assert str(graph.value(channel, SCHEMA.name)) == "茌平区为民服务中心"
    elsewhere = graph_of(described(1, city.county("莘县").code))
    assert list(elsewhere.objects(service, CV.hasChannel)) == []


def test_who_would_rather_have_linked_data_is_led_to_it(client, power_list, matter):
    address = f"/api/v1/matters/liaocheng-2020/{matter(1).matter_id}"
    answer = client.get(address, headers={"Accept": "application/ld+json"})
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"{address}.jsonld")
    assert "Accept" in answer.headers["Vary"]
    for accept in ("*/*", "application/json", "text/html,*/*;q=0.8"):
        plain = client.get(address, headers={"Accept": accept})
        assert (plain.status_code, plain.content_type) == (200, "application/json")
        assert "Accept" in plain.headers["Vary"]


def test_the_page_holds_the_same(client, described, city, matter):
    code = city.county("茌平区").code
    page = client.get(f"/lists/liaocheng-2020/matters/{matter(1).matter_id}?at={code}").get_data(as_text=True)
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert json.loads(block) == json.loads(described(1, code))


def test_nothing_in_a_name_ends_the_block(client, session, city, power_list, matter):
    row = matter(1)
    row.everyday_names = ["</script><b>&"]
    session.commit()
    page = client.get(f"/lists/liaocheng-2020/matters/{row.matter_id}").get_data(as_text=True)
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert "<" not in block
    assert "</script><b>&" in json.dumps(json.loads(block))


def test_a_town_and_a_place_that_the_list_does_not_reach(client, city, described):
    town = places.add(city.county("茌平区"), "乐平铺镇", PlaceKind.TOWN, code="371503101", by=city.editor)
    graph = graph_of(described(1, town.code))
    (service,) = graph.subjects(RDF.type, CPSV.PublicService)
    assert str(graph.value(service, SCHEMA.areaServed)).endswith("/places/371503")
    assert client.get("/api/v1/matters/liaocheng-2020/1.jsonld?place=370000").status_code == 404
