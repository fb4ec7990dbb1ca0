import re
from datetime import date

from django.urls import reverse

from campaign.choices import ActivityKind
from proposals.choices import PackageStatus
from proposals.models import SubmissionPackage
from seminars.choices import ActivityStatus, OpinionStatus
from seminars.coverage import KindCount
from tests.factories import (
    ActivityFactory,
    AudienceGroupFactory,
    DemandFactory,
    OpinionFactory,
    ThemeFactory,
    UnitFactory,
    at,
)
from tests.queries import MOST_FOR_A_PAGE
from tests.seminars.conftest import college

__all__ = ["college"]


def page_of(client, college, who, unit):
    client.force_login(getattr(college, who), backend="django.contrib.auth.backends.ModelBackend")
    return client.get(reverse("reports:unit", args=[unit.pk]))


def test_the_figures_are_those_of_the_unit_and_below(client, college):
    mine = {"campaign": college.campaign}
    ActivityFactory(**mine, unit=college.branch, present=20, held_on=date(2019, 9, 12))
    ActivityFactory(**mine, unit=college.branch, present=30, held_on=date(2019, 9, 20))
    ActivityFactory(**mine, unit=college.committee, kind=ActivityKind.SEMINAR, present=10)
    ActivityFactory(**mine, unit=college.branch, status=ActivityStatus.DRAFT)
    OpinionFactory(**mine, unit=college.branch)
    OpinionFactory(**mine, unit=college.branch, status=OpinionStatus.SOLVED)

    coverage = page_of(client, college, "committee_secretary", college.committee).context[
        "coverage"
    ]

    assert (coverage.activities, coverage.attendances) == (3, 60)
    assert (coverage.opinions, coverage.waiting) == (2, 1)
    assert coverage.kinds == (KindCount("座谈会", 2), KindCount("研讨会", 1))
    assert [(row.unit, row.activities, row.latest_on) for row in coverage.below] == [
        (college.branch, 2, date(2019, 9, 20)),
        (college.sibling, 0, None),
    ]


def test_a_theme_no_group_spoke_on_is_a_blank(client, college):
    theme = ThemeFactory(campaign=college.campaign, short_title="校企合作")
    teachers = AudienceGroupFactory(campaign=college.campaign, name="教师")
    AudienceGroupFactory(campaign=college.campaign, name="学生")
    OpinionFactory(
        campaign=college.campaign, unit=college.branch, theme=theme, audience_group=teachers
    )

    coverage = page_of(client, college, "secretary", college.branch).context["coverage"]

    assert coverage.blanks == ("校企合作 · 学生",)


def test_a_figure_of_the_map_leads_to_its_opinions(client, college):
    theme = ThemeFactory(campaign=college.campaign)
    group = AudienceGroupFactory(campaign=college.campaign)
    said = OpinionFactory(
        campaign=college.campaign, unit=college.branch, theme=theme, audience_group=group
    )

    page = page_of(client, college, "secretary", college.branch).content.decode()
    link = re.search('href="(/opinions/[^"]+)"', page.split('<svg class="chart')[-1])[1]
    rows = client.get(link.replace("&amp;", "&")).context["rows"]

    assert [opinion for opinion, _ in rows] == [said]


def test_what_is_owed_what_is_done_and_what_the_units_below_owe_are_counted(client, college):
    DemandFactory(
        campaign=college.campaign,
        title="每个支部一场座谈会",
        unit_kinds=["branch"],
        kind="activity",
    )
    ActivityFactory(campaign=college.campaign, unit=college.sibling, held_on=date(2019, 9, 20))

    mine = page_of(client, college, "secretary", college.branch).context["facts"]
    whole = page_of(client, college, "committee_secretary", college.committee).context["facts"]

    assert [line.title for line in mine.owed] == ["每个支部一场座谈会"]
    assert (mine.met, mine.below) == ((), ())
    assert [(row.unit, missing) for row, missing in whole.below] == [
        (college.branch, 1),
        (college.sibling, 0),
    ]


def test_what_came_back_stands_there_with_the_reason(client, college):
    SubmissionPackage.objects.create(
        campaign=college.campaign,
        unit=college.branch,
        status=PackageStatus.RETURNED,
        return_reason="请补充意见来源",
        created_by=college.secretary,
        created_at=at(9),
    )

    page = page_of(client, college, "secretary", college.branch).content.decode()

    assert "退回原因：请补充意见来源" in page


def test_the_book_of_its_activities_is_one_tap_away_for_those_who_log(client, college):
    ActivityFactory(campaign=college.campaign, unit=college.branch, title="校企合作座谈会")

    page = page_of(client, college, "secretary", college.branch).content.decode()
    link = re.search(r'href="([^"]+)">活动记录册', page)[1].replace("&amp;", "&")

    assert "校企合作座谈会" in client.get(link).content.decode()
    assert "活动记录册" not in page_of(client, college, "staff", college.branch).content.decode()


def test_a_unit_without_records_says_so(client, college):
    page = page_of(client, college, "committee_secretary", college.committee).content.decode()

    assert page.count("尚未开展") >= 2


def test_the_page_costs_the_same_with_one_of_everything_and_three(
    client, college, django_assert_max_num_queries
):
    page_of(client, college, "committee_secretary", college.committee)
    address = reverse("reports:unit", args=[college.committee.pk])
    counts = []
    for batch in (1, 2):
        for _ in range(batch):
            unit = UnitFactory(parent=college.committee)
            theme = ThemeFactory(campaign=college.campaign)
            group = AudienceGroupFactory(campaign=college.campaign)
            ActivityFactory(campaign=college.campaign, unit=unit)
            OpinionFactory(campaign=college.campaign, unit=unit, theme=theme, audience_group=group)
        with django_assert_max_num_queries(MOST_FOR_A_PAGE) as queries:
            client.get(address)
        counts.append(len(queries))

    assert counts[0] == counts[1]
