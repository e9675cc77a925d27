import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.config import ROOT
from portal.errors import Conflict, Refused
from portal.foundation.organisations import queries, service
from portal.foundation.organisations.rules import OrganisationKind, fold
from portal.foundation.places import queries as place_queries
from portal.foundation.places import service as places

CODE = "91350100M000100Y43"  # the example of GB 32100


@given(st.text(st.sampled_from("市住房城乡建设局（）()Ａa \n\u3000"), max_size=10), st.integers(0, 10))
def test_folding_is_done_once_and_white_space_does_not_matter(name, at):
    assert fold(fold(name)) == fold(name)
    assert fold(name[:at] + "\n \u3000" + name[at:]) == fold(name)


def test_a_body_is_found_by_name_and_alias_however_they_are_broken(city):
    body = city.departments["市住房城乡建设局"]
    for name in ("市住房城乡建设局", "市住建局", "市住房\n城乡建设局", " 市 住 建 局 "):
        assert queries.named(city.place, name) is body
    assert queries.named(city.place, "市建设局") is None
    assert queries.named(city.county("莘县"), "市住建局") is None


def test_names_and_aliases_are_unique_at_a_place(city):
    for taken in ("市商务局", "市住建局", "市 商务局"):
        with pytest.raises(Conflict) as caught:
            service.add(city.place, taken, by=None)
        assert "%(" not in str(caught.value)
        with pytest.raises(Conflict):
            service.add_alias(city.departments["市公安局"], taken, by=None)
        with pytest.raises(Conflict):
            service.change(
                city.departments["市公安局"],
                name=taken,
                kind=OrganisationKind.DEPARTMENT,
                uscc="",
                email="",
                by=None,
            )
    assert service.add(city.county("莘县"), "市商务局", by=None).name == "市商务局"
    for empty in ("", " \n"):
        with pytest.raises(Refused):
            service.add(city.place, empty, by=None)


def test_a_credit_code_is_checked_kept_whole_and_given_once(city):
    body = service.add(city.place, "市水利局", uscc=" 91350100m000100y43 ", by=None)
    assert body.uscc == CODE
    with pytest.raises(Refused) as caught:
        service.add(city.place, "市气象局", uscc="91350100M000100Y44", by=None)
    assert "“91350100M000100Y44”" in str(caught.value)
    with pytest.raises(Conflict) as caught:
        service.add(city.place, "市气象局", uscc=CODE, by=None)
    assert f"“{CODE}”已经登记给“市水利局”" in str(caught.value)
    said = {"name": "市水利局", "kind": OrganisationKind.DEPARTMENT, "email": " a@example.cn "}
    assert service.change(body, uscc=CODE, **said, by=None).email == "a@example.cn"
    assert service.change(body, uscc="", **said, by=None).uscc is None


def test_other_names_are_set_as_a_whole(city):
    body = city.departments["市住房城乡建设局"]
    service.set_aliases(body, ["市建委", "市住房城乡建设局", "市 建委"], by=None)
    assert [fold(alias.name) for alias in body.aliases] == ["市建委"]
    assert queries.named(city.place, "市住建局") is None
    with pytest.raises(Conflict):
        service.set_aliases(body, ["市商务局"], by=None)


def test_a_renamed_body_is_still_known_by_its_former_name(city):
    body = city.departments["市商务局"]
    said = {"kind": OrganisationKind.DEPARTMENT, "uscc": "", "email": "", "by": None}
    service.change(body, name="市商务和投资促进局", **said)
    assert queries.named(city.place, "市商务局") is body
    with pytest.raises(Conflict):
        service.add(city.place, "市商务局", by=None)
    service.change(body, name="市商务局", **said)
    assert [alias.name for alias in body.aliases] == ["市商务和投资促进局"]


def test_what_was_renamed_is_not_brought_in_again(session):
    data = ROOT / "portal" / "data"
    places.load(data)
    service.load(data)
    town = place_queries.by_code("370406t1")
    places.change(town, name="西集街道", note="", certainty=town.certainty, ended_on=None, by=None)
    body = queries.named(town, "西集镇人民政府")
    said = {"kind": body.kind, "uscc": "", "email": "", "by": None}
    service.change(body, name="西集街道办事处", **said)
    assert service.load(data) == 0
    assert list(queries.of_place(town)) == [body]


def test_bodies_are_listed_by_kind(city):
    centre = service.add(city.place, "市为民服务中心", OrganisationKind.SERVICE_CENTRE, by=None)
    assert list(queries.of_place(city.place, OrganisationKind.SERVICE_CENTRE)) == [centre]
    assert len(queries.of_place(city.place)) == 4


def test_the_shipped_bodies_are_loaded_once(session):
    places.load(ROOT / "portal" / "data")
    assert service.load(ROOT / "portal" / "data") > 20
    assert service.load(ROOT / "portal" / "data") == 0
