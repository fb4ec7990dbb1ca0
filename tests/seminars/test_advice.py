from dataclasses import replace
from datetime import date, timedelta

import pytest

from campaign.choices import ActivityKind
from campaign.models import PlanDocument
from core.files import check_upload
from seminars.advice import digest, notes_on, unseen
from seminars.models import Activity
from seminars.services.files import attach
from seminars.sheets import Sheet
from tests.factories import A_MONDAY, ActivityFactory, UnitFactory, at
from tests.seminars.pictures import photo
from units.models import Headcount

LONG = (
    "会议首先通报了前一阶段的工作，随后大家围绕产教融合的体制机制逐一发言，"
    "认为企业导师的课酬标准多年没有调整，实训设备更新慢，学生下企业的安全责任不清。"
)


def sheet(college, **values):
    filled = {"title": "座谈会", "held_on": A_MONDAY, "content": "讨论", "visited": ""}
    return Sheet(
        campaign=college.campaign,
        unit=college.branch,
        kind=ActivityKind.FORUM,
        values={**filled, **values},
    )


def notes(college, by=None, files=(), own=None, **values):
    written = sheet(college, **values)
    found = notes_on(written, by=by or college.secretary, files=files, own=own)
    return [(note.field, note.text) for note in found]


def test_a_plain_sheet_has_no_note(college):
    assert notes(college) == []


def test_another_units_name_is_noted_and_those_above_are_not(college):
    assert notes(college, content="机电第二党支部全体党员参加") == [
        ("content", "文中出现“机电第二党支部”，不是本单位。如系走访或联合开展，可以不改。")
    ]
    assert notes(college, content="机电工程学院党委和机电第一党支部") == []


def test_a_unit_that_was_visited_is_no_slip(college):
    visit = replace(
        sheet(college, visited="机电第二党支部", content="走访机电第二党支部"),
        kind=ActivityKind.FIELD_VISIT,
    )

    assert notes_on(visit, by=college.secretary) == []


def test_a_day_outside_the_campaign_and_a_placeholder_are_noted(college):
    found = notes(college, content="2018年3月1日，XX学院召开会议")

    assert [field for field, _ in found] == ["content", "content"]


def test_an_activity_on_a_day_outside_the_campaign_is_noted(college):
    assert [field for field, _ in notes(college, held_on=date(2018, 9, 16))] == ["held_on"]


def test_more_expected_than_the_unit_has_people_is_noted(college):
    Headcount.objects.create(unit=college.branch, on=date(2019, 9, 1), people=20)
    Headcount.objects.create(unit=college.branch, on=date(2019, 10, 1), people=90)

    assert [field for field, _ in notes(college, expected=21, present=1)] == ["expected"]
    assert notes(college, expected=20, present=1) == []


def test_a_photo_of_another_record_is_noted_only_to_those_who_see_that_record(college):
    other = ActivityFactory(campaign=college.campaign, unit=college.branch, title="上周的会")
    checked = check_upload(photo("现场.jpg"))
    attach(other, [checked], by=college.secretary, now=at(10))

    assert [field for field, _ in notes(college, files=[checked])] == ["files"]
    assert notes(college, files=[checked], own=other.pk) == []
    assert notes(college, by=college.stranger, files=[checked]) == []


def test_a_repeated_text_is_noted_with_the_passages_it_shares(college):
    copied = ActivityFactory(
        campaign=college.campaign, unit=college.branch, title="上周的会", content=LONG
    )

    [note] = notes_on(sheet(college, content=LONG + "大家一致同意。"), by=college.secretary)

    assert note.text.startswith("与9月16日《上周的会》的内容很相像。")
    assert (note.field, note.activity) == ("content", copied.pk)
    assert note.other == "9月16日《上周的会》"
    [passage] = note.passages
    assert passage.mine.shared == passage.other.shared == LONG.rstrip("。")
    assert passage.mine.after == "。大家一致同意。"
    assert notes(college, content=LONG, own=copied.pk) == []


def test_what_was_copied_long_ago_is_found_too(college):
    copied = ActivityFactory(campaign=college.campaign, unit=college.branch, content=LONG)
    ActivityFactory.create_batch(
        130, campaign=college.campaign, unit=college.branch, content="另一场座谈，谈的是别的事。"
    )
    Activity.objects.filter(pk=copied.pk).update(held_on=A_MONDAY - timedelta(days=30))

    [note] = notes_on(sheet(college, content=LONG + "大家一致同意。"), by=college.secretary)

    assert note.activity == copied.pk


def test_a_text_of_a_unit_out_of_sight_is_never_shown(college):
    ActivityFactory(campaign=college.campaign, unit=college.sibling, content=LONG)

    assert notes(college, content=LONG) == []


def test_an_activity_that_was_logged_already_is_noted_once_and_not_to_itself(college):
    record = ActivityFactory(
        campaign=college.campaign, unit=college.branch, kind=ActivityKind.FORUM, title="座谈会"
    )

    assert notes(college) == [
        ("title", "本单位已经记过9月16日《座谈会》。如是同一场，不必再记；如是另一场，可以不改。")
    ]
    assert notes(college, own=record.pk) == []
    assert notes(college, title="另一场座谈会") == []
    assert notes(college, held_on=A_MONDAY + timedelta(days=1)) == []


def test_quoting_the_name_of_a_policy_is_no_repetition(college):
    title = "关于实施中国特色高水平高职学校和专业建设计划的意见"
    college.campaign.studydocuments.create(order=1, title=title)
    quoted = f"学习了《{title}》，再次学习了《{title}》。"
    ActivityFactory(campaign=college.campaign, unit=college.branch, content=quoted)

    assert notes(college, content=quoted) == []


def test_quoting_a_clause_of_the_plan_is_no_repetition(college):
    document = PlanDocument.objects.create(
        campaign=college.campaign, kind="construction_plan", title="建设方案"
    )
    clause = document.clauses.create(order=1, number="第一条")
    version = document.versions.create(number=1, made_on=A_MONDAY)
    ActivityFactory(campaign=college.campaign, unit=college.branch, content=LONG)
    assert len(notes(college, content=LONG)) == 1

    clause.wordings.create(version=version, text=LONG)

    assert notes(college, content=LONG) == []


def test_notes_once_seen_are_known_again_and_new_ones_are_not(college):
    UnitFactory(parent=college.school, name="商学院党总支")
    written = sheet(college, content="机电第二党支部参加")
    seen = digest(notes_on(written, by=college.secretary))

    again = notes_on(written, by=college.secretary)
    more = notes_on(
        sheet(college, content="机电第二党支部、商学院党总支参加"), by=college.secretary
    )

    assert unseen(again, seen) == []
    assert len(unseen(more, seen)) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_notes_cost_no_more_with_more_records(college, django_assert_num_queries, count):
    ActivityFactory.create_batch(
        count, campaign=college.campaign, unit=college.branch, content=LONG
    )
    written = sheet(college, content=LONG, expected=5)
    notes_on(written, by=college.secretary)

    with django_assert_num_queries(8):
        notes_on(written, by=college.secretary)
