"""Bulletins from the first draft to the printed issue."""

from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from docx import Document

from reports.bulletin_drafts import draft_text
from reports.bulletins import (
    BulletinMoved,
    bulletin_paper,
    edit,
    rules_of,
    sections_of,
    set_rules,
    start,
    steps_open_to,
    take_step,
)
from reports.choices import BulletinStatus
from reports.models import Bulletin
from reports.paper import Section
from reports.rendering import to_html
from reports.word_file import render_docx
from tests.factories import MembershipFactory, UnitFactory, UserFactory
from tests.reports.world import AS_OF, NOW, school_world
from units.choices import Position, UnitKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return school_world()


@pytest.fixture
def group(world):
    return UnitFactory(parent=world.school, kind=UnitKind.CAMPAIGN_GROUP)


@pytest.fixture
def editor(group):
    return MembershipFactory(unit=group, position=Position.MEMBER).user


@pytest.fixture
def chair(group):
    return MembershipFactory(unit=group, position=Position.CHAIR).user


def draft(world, by, title="学习讨论阶段进展"):
    return start(
        world.campaign,
        by=by,
        now=NOW,
        title=title,
        text="一、主要进展\n各单位开展研讨。",
        since=date(2019, 9, 11),
        until=AS_OF,
    )


def step(bulletin, name, by, **more):
    take_step(bulletin, name, by=by, now=NOW, seen_version=bulletin.version, **more)


def published(world, editor, chair, title="第一期"):
    bulletin = draft(world, editor, title)
    step(bulletin, "submit", editor)
    step(bulletin, "approve", chair)
    step(bulletin, "publish", editor)
    return bulletin


def test_the_draft_tells_the_period_from_its_records(world):
    text = draft_text(world.campaign, date(2019, 9, 11), AS_OF, NOW)

    lines = text.splitlines()
    assert lines[0] == "一、总体进展"
    assert lines[1].startswith("2019年9月11日—10月15日，全校3个单位中有2个开展了活动，")
    assert "二、各单位动态" in lines
    assert "机电一支部：9月16日开展座谈会“" in text
    assert "采纳2件" in text


def test_the_draft_names_measures_closed_and_cases_published_in_the_period(world):
    text = draft_text(world.campaign, date(2019, 10, 10), AS_OF, NOW)
    earlier = draft_text(world.campaign, date(2019, 9, 11), date(2019, 10, 1), NOW)

    assert "10月14日办结举措“实训室晚间开放”（每周5晚）。" in text
    assert "10月14日形成实践成果“晚间开放办法”，并作为典型案例（制度）发布。" in text
    assert "办结举措" not in earlier


def test_numbers_follow_the_order_of_publication_without_a_gap(world, editor, chair):
    first, second = draft(world, editor), draft(world, editor)
    for bulletin in (second, first):
        step(bulletin, "submit", editor)
        step(bulletin, "approve", chair)
        step(bulletin, "publish", editor)

    assert (second.number, first.number) == (1, 2)
    assert first.status == BulletinStatus.PUBLISHED


def test_nobody_approves_what_they_wrote_last(world, chair):
    bulletin = draft(world, chair)
    step(bulletin, "submit", chair)

    with pytest.raises(PermissionDenied):
        step(bulletin, "approve", chair)
    assert [name for name, _ in steps_open_to(chair, bulletin)] == []


def test_nothing_is_published_without_approval(world, editor):
    bulletin = draft(world, editor)

    with pytest.raises(BulletinMoved):
        step(bulletin, "publish", editor)
    bulletin.refresh_from_db()
    assert (bulletin.status, bulletin.number) == (BulletinStatus.DRAFT, None)


def test_a_returned_bulletin_says_why_and_can_be_changed_again(world, editor, chair):
    bulletin = draft(world, editor)
    step(bulletin, "submit", editor)
    step(bulletin, "return", chair, note="补充二级学院做法。")

    edit(bulletin, by=editor, now=NOW, title="改", text="改后。", seen_version=bulletin.version)

    assert (bulletin.status, bulletin.text) == (BulletinStatus.DRAFT, "改后。")
    assert bulletin.return_note == "补充二级学院做法。"


def test_a_published_bulletin_is_not_changed_any_more(world, editor, chair):
    bulletin = published(world, editor, chair)

    with pytest.raises(BulletinMoved):
        edit(bulletin, by=editor, now=NOW, title="改", text="改", seen_version=bulletin.version)


def test_of_two_editors_the_later_one_sees_both_texts(world, editor, client):
    bulletin = draft(world, editor)
    edit(bulletin, by=editor, now=NOW, title="先", text="先保存的", seen_version=0)
    client.force_login(editor)

    response = client.post(
        reverse("reports:edit_bulletin", args=[bulletin.pk]),
        {"title": "后", "text": "后保存的", "version": 0},
    )

    assert response.status_code == 409
    assert "先保存的" in response.content.decode()
    assert "后保存的" in response.content.decode()
    bulletin.refresh_from_db()
    assert bulletin.text == "先保存的"


def test_everyone_reads_what_is_published_and_nobody_else_what_is_not(world, editor, chair, client):
    shown, hidden = published(world, editor, chair, "已印发的"), draft(world, editor, "草稿的")
    client.force_login(UserFactory())

    listed = client.get(reverse("reports:bulletins")).content.decode()

    assert "已印发的" in listed
    assert "草稿的" not in listed
    assert client.get(reverse("reports:bulletin", args=[shown.pk])).status_code == 200
    assert client.get(reverse("reports:bulletin", args=[hidden.pk])).status_code == 404


def test_the_head_is_red_only_for_a_body_that_may_issue_and_only_once_published(
    world, editor, chair
):
    bulletin = published(world, editor, chair)
    plain = bulletin_paper(bulletin, rules_of(world.campaign))
    set_rules(
        rules_of(world.campaign),
        by=chair,
        values={"name": "工作简报", "office": "工作组办公室", "has_red_head": True},
    )
    red = bulletin_paper(bulletin, rules_of(world.campaign))
    unpublished = bulletin_paper(draft(world, editor), rules_of(world.campaign))

    assert [paper.masthead.is_red for paper in (plain, red, unpublished)] == [False, True, False]
    assert 'class="masthead red"' in to_html(red)
    assert 'class="masthead red"' not in to_html(plain)


def test_the_word_file_carries_number_text_and_recipients(world, editor, chair):
    set_rules(
        rules_of(world.campaign),
        by=chair,
        values={"name": "工作简报", "office": "办公室", "report_to": "学校党委", "copies": 30},
    )
    paper = bulletin_paper(published(world, editor, chair), rules_of(world.campaign))

    lines = [line.text for line in Document(BytesIO(render_docx(paper))).paragraphs]

    assert lines[:2] == ["工作简报", "第1期"]
    assert "一、主要进展" in lines
    assert lines[-2:] == ["报：学校党委。", "共印30份"]


def test_only_the_chairs_set_the_head(world, editor):
    with pytest.raises(PermissionDenied):
        set_rules(rules_of(world.campaign), by=editor, values={"has_red_head": True})


def test_headings_are_lines_that_look_like_them():
    assert sections_of("开头。\n一、进展\n甲。\n\n乙。\n三、安排\n丙。") == (
        Section("", ("开头。",)),
        Section("进展", ("甲。", "乙。")),
        Section("安排", ("丙。",)),
    )


def test_a_bulletin_is_drafted_sent_approved_and_published_on_the_pages(
    world, editor, chair, client
):
    client.force_login(editor)
    client.post(
        reverse("reports:start_bulletin"),
        {"title": "进展", "since": "2019-09-11", "until": "2019-10-15"},
    )
    bulletin = Bulletin.objects.get()
    address = reverse("reports:step_bulletin", args=[bulletin.pk])

    client.post(address, {"step": "submit", "version": 0})
    client.force_login(chair)
    client.post(address, {"step": "approve", "version": 1})
    client.force_login(editor)
    client.post(address, {"step": "publish", "version": 2})

    bulletin.refresh_from_db()
    assert (bulletin.status, bulletin.number, bulletin.approved_by) == (
        BulletinStatus.PUBLISHED,
        1,
        chair,
    )


def test_a_period_that_ends_before_it_begins_is_told_how_to_mend_it(editor, world, client):
    client.force_login(editor)

    response = client.post(
        reverse("reports:start_bulletin"),
        {"title": "进展", "since": "2019-10-15", "until": "2019-09-11"},
    )

    assert response.status_code == 422
    assert "“期间自”不能晚于“期间至”。" in response.content.decode()
