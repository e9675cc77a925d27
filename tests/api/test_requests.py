"""What is asked and how it is answered: parameters, fields, pages, tags, limits, problems."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from hashlib import sha256

import pytest
from redis.exceptions import ConnectionError as Away

from portal import auth
from portal.api.cursors import DIGEST
from portal.api.problems import Kind
from tests.lists.making import row, take_over

PROBLEM = "application/problem+json"


def problem(client, address, status, **asked):
    answer = client.open(f"/api/v1{address}", **asked)
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.content_type == PROBLEM
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    said = json.loads(answer.get_data(as_text=True))
    assert said["status"] == status
    assert said["code"] in {kind.code for kind in Kind}
    assert said["title"] != said["title_en"]
    assert said["detail"] != said["detail_en"]
    return said


def test_an_unknown_parameter_is_named_with_the_known_ones(client):
    said = problem(client, "/places?at=371500&limit=1", 400)
    assert said["code"] == "unknown-parameter"
    assert said["parameters"] == ["at"]
    assert "within" in said["known"]
    assert "at" in said["detail"]
    assert "at" in said["detail_en"]


WRONG = [
    "limit=0",
    "limit=201",
    "limit=1.0",
    "limit=٣",
    "limit=",
    "limit=1&limit=2",
    "place=../x",
    "place=a%00b",
    "department=a%0Ab",
    "lang=de",
    "since=2021-02-30",
    "since=20210101",
    "until=2021-W01-1",
    "since_revision=1",
]


def test_a_wrong_value_is_named(client):
    for query in WRONG:
        said = problem(client, f"/changes?{query}", 400)
        assert (said["code"], said["parameter"]) == ("bad-parameter", query.split("=")[0]), query


def test_an_unknown_field_is_named_with_the_known_ones(client):
    said = problem(client, "/matters?fields=name,colour", 400)
    assert said["field"] == "colour"
    assert "everyday_names" in said["known"]


def test_fields_leave_the_others_out(read, power_list):
    assert read("/matters?limit=1&fields=name,seq")["items"] == [{"seq": 1, "name": "企业投资项目备案"}]
    assert read("/lists/liaocheng-2020?fields=size") == {"size": 3}


MISSING = {
    "/nothing": 404,
    "/places/999999": 404,
    "/places/a%00b": 404,
    "/lists/none": 404,
    "/lists/liaocheng-2020?revision=9": 404,
    "/matters/liaocheng-2020/2147483647": 404,
    "/matters/liaocheng-2020/99999999999": 404,
    "/matters?revision=1": 400,
    "/answers?list=none": 404,
    "/organisations/371500/无此单位": 404,
    "/places?cursor=abc": 400,
}


def test_what_is_not_there_is_said_in_two_languages(client, power_list):
    for address, status in MISSING.items():
        problem(client, address, status)


def test_nothing_can_be_written(client):
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = client.open("/api/v1/places", method=method)
        assert answer.status_code == 405
        assert answer.content_type == PROBLEM
        assert set(answer.allow) == {"GET", "HEAD", "OPTIONS"}


def test_pages_lead_through_everything_once(client, power_list):
    seen, address = [], "/api/v1/answers?list=liaocheng-2020&limit=4&fields=id"
    while address:
        answer = client.get(address)
        said = json.loads(answer.get_data(as_text=True))
        seen += [each["id"] for each in said["items"]]
        address = said["next"]
        assert answer.headers.get("Link") == (f'<{address}>; rel="next"' if address else None)
    assert len(seen) == len(set(seen)) == 18


def test_a_cursor_of_another_question_is_refused(client, read, power_list):
    onward = read("/matters?limit=1")["next"]
    cursor = onward.split("cursor=")[1]
    problem(client, f"/matters?limit=1&q=备案&cursor={cursor}", 400)
    problem(client, f"/answers?limit=1&cursor={cursor}", 400)
    assert read(f"/matters?limit=2&fields=seq&cursor={cursor}")["items"] == [{"seq": 2}, {"seq": 3}]


def test_a_list_is_read_to_its_end_in_the_revision_in_which_reading_began(read, city, power_list, republish):
    first = read("/matters?limit=1&fields=seq,name")
    take_over(city, power_list, [row(1, "公司登记"), row(2, "典当业特种行业许可", department="市公安局")])
    republish()
    assert read("/matters?fields=name")["items"] == [{"name": "公司登记"}, {"name": "典当业特种行业许可"}]
    rest = read("/matters?" + first["next"].split("?")[1])
    assert rest["items"] == [{"seq": 2, "name": "城市建筑垃圾处置核准"}]
    assert read("/matters?" + rest["next"].split("?")[1])["items"] == [
        {"seq": 3, "name": "典当业特种行业许可"}
    ]


def test_a_copy_that_still_holds_is_answered_304(client, city, power_list, republish):
    first = client.get("/api/v1/lists")
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "public, no-cache"
    again = client.get("/api/v1/lists", headers={"If-None-Match": tag})
    assert (again.status_code, again.get_data()) == (304, b"")
    assert again.headers["ETag"] == tag
    take_over(city, power_list, [row(1, "公司登记")])
    republish()
    assert client.get("/api/v1/lists", headers={"If-None-Match": tag}).status_code == 200


def test_a_copy_of_anything_holds_only_where_there_is_something(client, power_list):
    anything = {"If-None-Match": "*"}
    held = client.get("/api/v1/lists", headers=anything)
    assert (held.status_code, held.get_data()) == (304, b"")
    assert held.headers["ETag"] == client.get("/api/v1/lists").headers["ETag"]
    assert client.get("/api/v1/lists/nowhere", headers=anything).status_code == 404
    assert client.get("/api/v1/lists?limit=0", headers=anything).status_code == 400


def test_a_copy_does_not_outlive_what_the_office_has_set(client, power_list, limited):
    tag = client.get("/api/v1/openapi.json").headers["ETag"]
    limited(7)
    assert client.get("/api/v1/openapi.json", headers={"If-None-Match": tag}).status_code == 200
    other = client.get(
        "/api/v1/openapi.json", base_url="http://other.example", headers={"If-None-Match": tag}
    )
    assert other.status_code == 200


FORGED = {
    "/places": ("\x00", "a'b", "甲", "a\n", "\ud800"),
    "/lists": ("\x00",),
    "/organisations": (-1, 2**31, 2**63, 10**80),
    "/revisions": (-1, 2**63),
}


@pytest.mark.parametrize("path", FORGED)
def test_a_made_up_cursor_is_refused_before_the_database(client, power_list, path):
    for part in FORGED[path]:
        said = json.dumps([part], separators=(",", ":")).encode()
        question = f"/api/v1{path}\n[]"
        word = urlsafe_b64encode(sha256(question.encode() + b"\n" + said).digest()[:DIGEST] + said)
        answer = client.get(f"/api/v1{path}?cursor={word.decode().rstrip('=')}")
        assert (answer.status_code, answer.get_json()["code"]) == (400, "bad-cursor"), part


def test_any_page_may_read_it(client, power_list):
    answer = client.get("/api/v1/lists", headers={"Origin": "https://example.org"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    asked = client.options(
        "/api/v1/lists", headers={"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    )
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    head = client.head("/api/v1/lists")
    assert (head.status_code, head.get_data()) == (200, b"")
    assert head.headers["ETag"] == answer.headers["ETag"]


def test_chinese_is_written_as_it_is(client, power_list):
    answer = client.get("/api/v1/matters?limit=1")
    assert answer.content_type == "application/json"
    assert "企业投资项目备案" in answer.get_data(as_text=True)


def test_the_limit_names_itself(client, power_list, limited):
    limited(3)
    answer = client.get("/api/v1/lists")
    assert answer.headers["RateLimit-Policy"] == '"api";q=3;w=60'
    assert answer.headers["RateLimit"].startswith('"api";r=2;t=')
    client.get("/api/v1/places")
    client.get("/api/v1/matters")
    refused = client.get("/api/v1/places")
    assert refused.status_code == 429
    said = json.loads(refused.get_data(as_text=True))
    assert said["type"].endswith("#quota-exceeded")
    assert said["violated-policies"] == ["api"]
    assert "3 次" in said["detail"]
    assert 0 < int(refused.headers["Retry-After"]) <= 61
    assert refused.headers["RateLimit"].startswith('"api";r=0;t=')
    copied = client.get("/api/v1/lists", headers={"If-None-Match": answer.headers["ETag"]})
    assert copied.status_code == 304
    assert client.get("/lists").status_code == 200


def test_counting_goes_on_when_the_queue_server_is_away(client, power_list, limited, monkeypatch):
    def gone(*_asked, **_more):
        raise Away("no server")

    limited(2)
    for verb in ("hit", "get_window_stats"):
        monkeypatch.setattr(auth.limiter._limiter, verb, gone)
    monkeypatch.setattr(auth.limiter, "_storage_dead", False)
    monkeypatch.setattr(auth.limiter.storage, "check", lambda: False)
    assert client.get("/api/v1/lists").headers["RateLimit"].startswith('"api";r=1;t=')
    assert client.get("/api/v1/lists").status_code == 200
    assert client.get("/api/v1/lists").status_code == 429


def test_the_addresses_of_problems_are_the_same_for_everybody(client):
    assert problem(client, "/places?at=371500&text=large", 400)["type"] == "/data/api#unknown-parameter"


def test_revisions_of_lists_that_do_not_reach_the_place_are_none_of_its(read, city, power_list):
    assert len(read(f"/revisions?place={city.county('莘县').code}")["items"]) == 1
    assert read("/revisions?place=370000")["items"] == []
