"""Two revisions against each other: right from the rows, the same in both directions, in words."""

from __future__ import annotations

import random
import re
from dataclasses import asdict
from itertools import permutations

import pytest

from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing import service as publishing_service
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import Subject
from portal.powers.lists import service as lists
from portal.powers.lists import snapshot
from portal.powers.lists.adjusting.rules import ChangeKind as Kind
from portal.site.editions import Edition
from portal.site.seeing.comparing import compare
from tests.lists.making import exception, make_list, publish, row, take_over

LIST = "/lists/liaocheng-2020"


def words(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, address
    page = re.sub(r"(?s)<(header|footer|form)\b.*?</\1>", " ", answer.get_data(as_text=True))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def edition(power_list, number) -> Edition:
    return Edition(power_list.slug, publishing.revision(Subject.LIST, power_list.id, number))


def test_what_happened_to_each_matter(power_list, changed):
    found = compare(edition(changed, 1), edition(changed, 2))
    assert found.counts == {
        Kind.MODE: 1,
        Kind.SCOPE: 1,
        Kind.WITHDRAWN: 1,
        Kind.ADDED: 1,
        Kind.TEXT: 1,
        Kind.RENUMBERED: 5,
    }
    assert found.sizes == (9, 9)
    assert (found.changed, found.unchanged, found.answers) == (3, 5, 6 + 2 + 6 + 6)


def test_nothing_differs_exactly_when_the_hashes_agree(changed):
    issues = [edition(changed, number) for number in (1, 2, 3)]
    for was, now in [*permutations(issues, 2), *zip(issues, issues, strict=True)]:
        assert compare(was, now).same == (was.revision.hash == now.revision.hash)
    assert issues[0].revision.hash == issues[2].revision.hash


def random_rows(chance, city):
    names = chance.sample([f"第{number}号备案" for number in range(12)], chance.randint(4, 10))
    modes = ["direct", "window", "review", "collection"]
    rows = []
    for number, name in enumerate(names, 1):
        usual = chance.choice(modes)
        made = row(number, name, mode=usual, mode_label="", remark=chance.choice(["", "按规定"]))
        if chance.random() < 0.5:
            made["exceptions"] = [
                exception(chance.choice(["undelegated", *modes]), places=["茌平区", "莘县"])
            ]
        rows.append(made)
    return rows


@pytest.mark.parametrize("seed", [1, 2])
def test_the_changes_turn_one_revision_into_the_other(city, seed):
    """Between any two of random revisions: played back on the rows of one, the changes give those of the other."""
    chance = random.Random(seed)
    made = make_list(city)
    for _again in range(3):
        take_over(city, made, random_rows(chance, city))
        publish(city, made)
    issues = [edition(made, number) for number in (1, 2, 3)]
    rows = {
        each.number: {row.matter_id: asdict(row) for row in snapshot.published_rows(each.revision)}
        for each in issues
    }
    for was, now in permutations(issues, 2):
        found, back = compare(was, now), compare(now, was)
        assert played(rows[was.number], rows[now.number], found) == rows[now.number]
        assert found.counts[Kind.ADDED] == back.counts[Kind.WITHDRAWN]
        assert found.counts[Kind.WITHDRAWN] == back.counts[Kind.ADDED]
        assert {frozenset((each.was_id, each.now_id)) for each in found.changes} == {
            frozenset((each.was_id, each.now_id)) for each in back.changes
        }
        assert found.answers == back.answers


def played(before, after, found):
    """The rows before with the changes made; places that moved take their answer from the rows after."""
    rows = {key: {**row, "answers": dict(row["answers"])} for key, row in before.items()}
    ids = published_ids(found)
    for change in found.changes:
        if change.kind is Kind.WITHDRAWN:
            del rows[ids[change.was_id]]
        elif change.kind is Kind.ADDED:
            rows[ids[change.now_id]] = after[ids[change.now_id]]
        else:
            key = ids[change.now_id]
            for name, (was, now) in change.fields.items():
                assert was in (
                    rows[key][name],
                    list(rows[key][name]) if isinstance(rows[key][name], tuple) else was,
                )
                rows[key][name] = now
            for code in change.moved:
                rows[key]["answers"][code] = after[key]["answers"][code]
    return rows


def published_ids(found):
    from portal.db import db
    from portal.powers.lists.models import PublishedMatter

    revisions = [found.was.revision.id, found.now.revision.id]
    asked = db.session.query(PublishedMatter.id, PublishedMatter.matter_id)
    return dict(asked.filter(PublishedMatter.revision_id.in_(revisions)).all())


def test_a_comparison_agrees_with_what_was_stored_when_it_was_published(changed):
    for number in (2, 3):
        stored = publishing.revision(Subject.LIST, changed.id, number).difference
        found = compare(edition(changed, number - 1), edition(changed, number))
        assert found.counts[Kind.ADDED] == stored["added"]
        assert found.counts[Kind.WITHDRAWN] == stored["withdrawn"]
        assert found.changed + found.counts[Kind.RENUMBERED] == stored["changed"]


def test_the_page_tells_both_sides_in_words(client, changed):
    page = words(client, f"{LIST}/compare?from=1&to=2")
    assert "9 项里 3 项变了，退出 1 项，另加入 1 项；5 项没有变。" in page
    assert "一共 20 个“事项—地方”的答案与以前不同。" in page
    assert "2 个地方变了" in page
    assert "各开发区委托收件" in page
    assert "第2版 ：试点" in page
    for code in ("undelegated", "renumbered", "sub_items"):
        assert code not in page
    assert "两版的内容一样。" in words(client, f"{LIST}/compare?from=1&to=3")
    back = words(client, f"{LIST}/compare?from=2&to=1")
    assert "9 项里 3 项变了，退出 1 项，另加入 1 项；5 项没有变。" in back
    english = words(client, f"{LIST}/compare?from=1&to=2&lang=en")
    assert "Of 9 matters 3 changed and 1 withdrew; 1 more came in; 5 are unchanged." in english


def test_without_numbers_the_revision_in_force_is_set_against_the_one_before(client, changed):
    assert "第2版到第3版改了什么" in words(client, f"{LIST}/compare")
    assert "第1版到第2版改了什么" in words(client, f"{LIST}/compare?to=2")
    for bad in ("from=0", "to=4", "from=x", "to=1&from=-1", "from=99999999999999999999", "page=2", "from=１"):
        words(client, f"{LIST}/compare?{bad}", 404)
    words(client, "/lists/nothing/compare", 404)


def test_a_single_revision_is_compared_with_itself(client, power_list):
    assert "两版的内容一样。" in words(client, f"{LIST}/compare")


def test_at_a_place_only_what_concerns_it_is_told(client, city, changed):
    zone, county = city.county("聊城经济技术开发区").code, city.county("茌平区").code
    at_zone = words(client, f"{LIST}/compare?from=1&to=2&at={zone}")
    assert "聊城经济技术开发区：3 项变了，加入 1 项，退出 1 项；5 项没有变。" in at_zone
    at_county = words(client, f"{LIST}/compare?from=1&to=2&at={county}")
    assert "茌平区：2 项变了，加入 1 项，退出 1 项；6 项没有变。" in at_county
    cards = at_county.split("没有变的")[0]
    assert "食品经营许可" in cards
    assert "城市建筑垃圾处置核准" not in cards


def test_what_changed_for_a_place_is_one_click_away(client, city, changed):
    take_over(city, changed, [row(1, "公司登记", mode="window", mode_label="窗口前移")])
    publish(city, changed)
    code = city.county("莘县").code
    link = f'href="{LIST}/compare?from=1&amp;to=4&amp;at={code}"'
    assert link in client.get(f"{LIST}?at={code}").get_data(as_text=True)
    assert f'href="/changes?place={code}' in client.get(f"/places/{code}").get_data(as_text=True)
    assert link.replace("from=1&amp;to=4", "to=4&amp;from=1") in client.get(
        f"/changes?place={code}"
    ).get_data(as_text=True)


def test_a_closed_revision_is_refused_with_a_sentence(client, session, city, changed):
    second = session.query(Revision).filter_by(subject=Subject.LIST, number=2).one()
    publishing_service.ask_closing(second.id, by=city.editor, reason="误公开")
    publishing_service.close(second.id, by=city.approver)
    session.flush()
    page = words(client, f"{LIST}/compare?from=1&to=2", 410)
    assert "第2版已经关闭，内容不再公开，不能比较。" in page
    assert "食品经营许可" not in page
    assert "第1版到第3版改了什么" in words(client, f"{LIST}/compare")


def test_what_changed_of_the_list_itself_is_told(client, city, changed):
    lists.waive_totals(changed, "按新的文件", by=city.editor)
    publish(city, changed)
    page = words(client, f"{LIST}/compare?from=3&to=4")
    assert "总数不符的理由" in page
    assert "按新的文件" in page
    assert "0 项变了" in page


def test_what_changed_begins_with_the_first_revision_that_is_open(client, session, city, changed):
    code = city.county("莘县").code
    pages = (f"{LIST}?at={code}", f"/changes?place={code}")
    for number, wanted in ((1, "第2版以来"), (2, "")):
        closed = session.query(Revision).filter_by(subject=Subject.LIST, number=number).one()
        publishing_service.ask_closing(closed.id, by=city.editor, reason="误公开")
        publishing_service.close(closed.id, by=city.approver)
        session.commit()
        for address in pages:
            shown = client.get(address).get_data(as_text=True)
            # Of three revisions the last alone can be read in the end, and there is nothing to compare it with.
            assert ("from=2" in shown and wanted in shown) if wanted else "版以来" not in shown, address
            assert "from=1" not in shown
