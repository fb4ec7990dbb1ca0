from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from campaign.choices import ActivityKind
from seminars.choices import ActivityStatus, FileKind, OpinionStatus
from seminars.ledger_page import page_of
from seminars.models import Activity, ActivityFile, Opinion, Problem
from seminars.querysets import Place
from tests.factories import (
    A_MONDAY,
    ActivityFactory,
    OpinionFactory,
    PhaseFactory,
    ThemeFactory,
    UserFactory,
    at,
)


def seen_by(user, model=Activity):
    return set(model.objects.visible_to(user))


def test_a_logged_activity_is_seen_in_its_unit_above_it_and_by_the_working_bodies(college):
    activity = ActivityFactory(campaign=college.campaign, unit=college.branch)

    for user in (
        college.secretary,
        college.staff,
        college.committee_secretary,
        college.organiser,
        college.reviewer,
        UserFactory(is_superuser=True),
    ):
        assert seen_by(user) == {activity}
    for user in (college.stranger, UserFactory(), AnonymousUser()):
        assert seen_by(user) == set()


def test_a_draft_is_seen_only_by_those_who_report_for_its_unit(college):
    draft = ActivityFactory(
        campaign=college.campaign, unit=college.branch, status=ActivityStatus.DRAFT
    )

    for user in (college.secretary, college.liaison, college.committee_secretary):
        assert seen_by(user) == {draft}
    for user in (
        college.staff,
        college.stranger,
        college.organiser,
        college.reviewer,
        UserFactory(is_superuser=True),
    ):
        assert seen_by(user) == set()


def test_a_file_is_seen_by_those_who_see_its_activity(college):
    activity = ActivityFactory(campaign=college.campaign, unit=college.branch)
    photo = ActivityFile.objects.create(
        activity=activity,
        kind=FileKind.PHOTO,
        file="activities/a.jpg",
        name="现场.jpg",
        size_bytes=1,
        sha256="0" * 64,
        added_by=college.secretary,
        added_at=at(10),
    )

    assert seen_by(college.staff, ActivityFile) == {photo}
    assert seen_by(college.stranger, ActivityFile) == set()


def test_an_opinion_is_seen_in_its_unit_by_the_working_bodies_and_by_who_voiced_it(
    college,
):
    mine = OpinionFactory(
        campaign=college.campaign,
        unit=college.campaign_group,
        contributor=college.staff,
        is_anonymous=False,
    )
    of_the_branch = OpinionFactory(campaign=college.campaign, unit=college.branch)

    assert seen_by(college.staff, Opinion) == {mine, of_the_branch}
    assert seen_by(college.secretary, Opinion) == {of_the_branch}
    assert seen_by(college.stranger, Opinion) == set()
    assert seen_by(college.organiser, Opinion) == {mine, of_the_branch}
    assert seen_by(AnonymousUser(), Opinion) == set()


def test_a_problem_is_seen_in_its_unit_and_above(college):
    problem = Problem.objects.create(
        campaign=college.campaign,
        unit=college.branch,
        theme=ThemeFactory(campaign=college.campaign),
        text="实训室晚间不开放",
        created_by=college.secretary,
        created_at=at(10),
    )

    assert seen_by(college.committee_secretary, Problem) == {problem}
    assert seen_by(college.stranger, Problem) == set()


def test_a_phase_holds_its_first_and_its_last_day_and_no_other(college):
    phase = PhaseFactory(starts_on=date(2019, 9, 11), ends_on=date(2019, 10, 20))
    held = {
        day: ActivityFactory(held_on=day)
        for day in (
            date(2019, 9, 10),
            date(2019, 9, 11),
            date(2019, 10, 20),
            date(2019, 10, 21),
        )
    }

    inside = {held[date(2019, 9, 11)], held[date(2019, 10, 20)]}
    assert set(Activity.objects.in_phase(phase)) == inside


def test_an_activity_with_two_themes_is_found_once_by_each(college):
    first, second, other = ThemeFactory.create_batch(3, campaign=college.campaign)
    activity = ActivityFactory()
    activity.themes.set([first, second])

    assert list(Activity.objects.about(first)) == [activity]
    assert list(Activity.objects.about(second)) == [activity]
    assert list(Activity.objects.about(other)) == []


@pytest.mark.parametrize("text", ["实", "1+X", "１＋ｘ", "１+X 实训", " 实训　1+x "])
def test_one_character_and_full_width_text_find_the_record(db, text):
    found = ActivityFactory(title="１＋Ｘ证书座谈会", content="围绕实训条件展开讨论")
    ActivityFactory(title="学习文件", content="无关")

    assert list(Activity.objects.matching(text)) == [found]


def test_an_empty_search_finds_everything(db):
    activity = ActivityFactory()

    assert list(Activity.objects.matching("  ")) == [activity]


def test_a_percent_sign_is_a_character_and_not_a_wildcard(db):
    found = ActivityFactory(content="回收率98%")
    ActivityFactory(content="回收率98份")

    assert list(Activity.objects.matching("8%")) == [found]


def test_pages_by_key_meet_every_row_once_even_within_one_day(db):
    rows = [ActivityFactory(held_on=A_MONDAY) for _ in range(3)]
    older = ActivityFactory(held_on=A_MONDAY - timedelta(days=1))
    newest_first = [*reversed(rows), older]

    assert list(Activity.objects.newest_first()) == newest_first
    middle = Place(A_MONDAY, rows[1].pk)
    assert list(Activity.objects.before(middle)) == [rows[0], older]
    assert list(Activity.objects.after(middle)) == [rows[2]]


@pytest.mark.parametrize("count", [1, 3])
def test_the_ledger_needs_two_queries_however_many_rows(college, django_assert_num_queries, count):
    theme = ThemeFactory(campaign=college.campaign)
    for activity in ActivityFactory.create_batch(count, unit=college.branch):
        activity.themes.add(theme)
        OpinionFactory.create_batch(2, unit=college.branch, activity=activity)

    with django_assert_num_queries(2):
        lines = page_of(Activity.objects.all()).lines

    assert [(line.unit, line.themes, line.opinions) for line in lines] == [
        ("机电第一党支部", theme.short_title, 2)
    ] * count


def test_only_opinions_nothing_became_of_are_waiting(college):
    waiting = OpinionFactory(unit=college.branch)
    OpinionFactory(unit=college.branch, status=OpinionStatus.SOLVED)

    assert list(Opinion.objects.waiting()) == [waiting]


def test_kinds_narrow_the_list(db):
    forum = ActivityFactory(kind=ActivityKind.FORUM)
    ActivityFactory(kind=ActivityKind.SEMINAR)

    assert list(Activity.objects.of_kinds([ActivityKind.FORUM])) == [forum]
