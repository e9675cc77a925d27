"""What people read of a transfer list: who handles it now, who did before, and what stays at a counter of the hall."""

import pytest

from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.rules import OrganisationKind
from portal.powers.lists import service
from portal.powers.lists.exports import listing
from portal.powers.lists.models import ListKind
from portal.powers.lists.previews import service as previews
from portal.powers.lists.rules import Mode
from tests.fixtures import worlds
from tests.lists.making import publish, row, take_over


@pytest.fixture
@worlds.kept
def moved(city):
    organisations.add(city.place, "市行政审批服务局", OrganisationKind.APPROVAL_BUREAU, by=None)
    made = service.found(
        "transfer",
        "行政许可事项划转清单",
        policy=city.policy,
        place=city.place,
        scope=None,
        by=city.editor,
        kind=ListKind.TRANSFER,
    )
    rows = [
        row(1, "建筑工程施工许可证核发", department="市住建局", mode_label="", sub_items=["竣工验收备案"]),
        row(2, "典当业特种行业许可", department="市公安局", mode="undelegated", mode_label=""),
    ]
    take_over(city, made, rows)
    publish(city, made)
    return made


def matter(client, moved, row_at, **query):
    address = f"/lists/transfer/matters/{moved.delegations[row_at].matter_id}"
    answer = client.get(address, query_string=query)
    assert answer.status_code == 200
    return answer.text


def test_a_transferred_matter_names_who_handles_it_and_who_did(client, moved):
    page = matter(client, moved, 0)
    assert "这件事现在由聊城市行政审批服务局办。" in page
    assert "原来由聊城市住房城乡建设局办" in page
    assert "不用再找聊城市住房城乡建设局盖章" in page
    assert "连同关联事项" in page
    assert "竣工验收备案" in page
    assert "只包括其中的" not in page
    assert "其他地方怎么办" not in page
    assert "直接下放" not in page.split("<main")[1]


def test_what_stays_outside_enters_the_hall(client, moved):
    page = matter(client, moved, 1)
    assert "这件事由聊城市公安局办，窗口在政务服务大厅。" in page
    assert "没有划转给聊城市行政审批服务局" in page
    assert "暂不下放" not in page.split("<main")[1]


def test_every_place_below_reads_the_same_and_english_says_it_too(client, city, moved):
    below = matter(client, moved, 0, at=city.county("莘县").code)
    assert "这件事现在由聊城市行政审批服务局办。" in below
    assert "Transferred" in matter(client, moved, 0, lang="en")


def test_the_list_says_what_it_is_and_is_found_by_what_goes_along(client, moved):
    page = client.get("/lists/transfer").text
    assert "连同关联事项：竣工验收备案" in page
    assert "只包括其中的" not in page
    assert "原来由聊城市各部门办，划转以后由市行政审批服务局办" in page
    assert "由聊城市行政审批服务局办" in client.get(f"/lists/transfer?at={moved.place.code}").text
    assert "建筑工程施工许可证核发" in client.get("/lists/transfer?q=竣工验收").text


def test_its_files_speak_of_transfers(moved):
    from portal.foundation.publishing import queries
    from portal.foundation.publishing.rules import Subject

    revision = queries.newest(Subject.LIST, moved.id)
    assert listing.header(revision)[-2:] == ("关联事项", "聊城市")
    assert [said[5:7] for said in listing.records(revision)] == [("划转", "划转"), ("进驻大厅", "进驻大厅")]


def test_an_adjustment_moves_what_stayed_outside(client, city, moved):
    service.change_delegation(
        moved.delegations[1],
        mode=Mode.DIRECT,
        mode_label="",
        remark="",
        exceptions=[],
        sub_items=[],
        by=city.editor,
    )
    publish(city, moved)
    assert "这件事现在由聊城市行政审批服务局办。" in matter(client, moved, 1)
    assert "进驻大厅" in client.get("/lists/transfer/revisions/2").text


def test_staff_choose_between_the_two_words_of_a_transfer_list(app, moved):
    from admin.powers.delegations import DelegationForm

    with app.test_request_context():
        form = DelegationForm(formdata=None, obj=moved.delegations[0])
    assert [str(said) for _mode, said, *_rest in form.mode.iter_choices()] == ["划转", "进驻大厅"]
    assert form.sub_items.label.text == "关联事项"


def test_what_stays_outside_is_no_matter_of_the_bureau_for_programs(client, moved):
    said = client.get(f"/lists/transfer/matters/{moved.delegations[1].matter_id}").text
    linked = said.split('type="application/ld+json">')[1].split("</script>")[0]
    assert "serviceOperator" not in linked


def test_its_preview_answers_what_the_page_will(client, city, moved):
    secret = previews.make(moved, 7, "市司法局", by=city.editor)
    address = f"/previews/{secret}/matters/{moved.delegations[0].matter_id}"
    page = client.get(address).text
    assert "这件事现在由聊城市行政审批服务局办。" in page
    assert "划转" in client.get(f"/previews/{secret}").text.split("<main")[1]
    assert "直接下放" not in client.get(f"/previews/{secret}").text.split("<main")[1]
