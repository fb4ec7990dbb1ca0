"""Pages of measures, outcomes and cases."""

from datetime import date

import pytest
from django.urls import reverse

from outcomes import services
from outcomes.choices import MeasureStatus
from outcomes.models import Measure, Outcome
from tests.factories import ActivityFactory, ThemeFactory
from tests.outcomes.test_journey import client_of
from tests.outcomes.test_services import NOW, drafted, opened, published_case, recorded
from tests.queries import MOST_FOR_A_PAGE, queries_of


def get(user, route, *args, **query):
    return client_of(user).get(reverse(f"outcomes:{route}", args=args), query)


def titles(response):
    return [row.title for row in response.context["page"].object_list]


def test_drafts_are_listed_for_the_working_bodies_alone(college):
    drafted(college, title="草稿")
    opened(college, title="公布")

    assert titles(get(college.staff, "measures")) == ["公布"]
    assert set(titles(get(college.organiser, "measures"))) == {"草稿", "公布"}


def test_the_list_is_narrowed_to_a_subtree_and_a_status(college):
    opened(college, title="本支部")
    opened(college, title="另一支部", unit=college.sibling, owner=college.sibling_secretary)

    own = get(college.staff, "measures", unit=college.branch.pk, status="open")
    all_below = get(college.staff, "measures", unit=college.committee.pk)

    assert titles(own) == ["本支部"]
    assert set(titles(all_below)) == {"本支部", "另一支部"}
    assert titles(get(college.staff, "measures", status="closed")) == []


def test_the_library_of_cases_is_narrowed_to_a_theme_and_a_kind(college):
    case = published_case(college)
    other = ThemeFactory(campaign=college.campaign)

    def found(**query):
        return list(get(college.staff, "cases", **query).context["page"].object_list)

    assert found(theme=college.theme.pk, kind="model") == [case]
    assert found(theme=other.pk) == []
    assert found(kind="rule") == []


def test_a_case_is_kept_from_others_until_it_is_published(college):
    case = services.write_case(recorded(college), college.secretary, kind="model", summary="做法。")

    assert get(college.sibling_secretary, "case", case.pk).status_code == 404
    assert get(college.secretary, "case", case.pk).status_code == 200


@pytest.mark.parametrize(
    ("route", "make"), [("measures", opened), ("outcomes", recorded), ("cases", published_case)]
)
def test_a_list_of_three_asks_no_more_than_a_list_of_one(college, route, make):
    make(college)
    client = client_of(college.staff)
    address = reverse(f"outcomes:{route}")
    client.get(address)
    one = queries_of(lambda: client.get(address))
    make(college)
    make(college)

    assert queries_of(lambda: client.get(address)) == one <= MOST_FOR_A_PAGE


def test_a_measure_is_drafted_completed_published_and_reported_on(college):
    keeper = client_of(college.reviewer)
    words = {
        "title": "实训室晚间排班",
        "theme": college.theme.pk,
        "unit": college.branch.pk,
        "horizon": "current",
    }
    keeper.post(reverse("outcomes:draft_measure"), words)
    measure = Measure.objects.get()
    page = keeper.get(reverse("outcomes:measure", args=[measure.pk])).content.decode()
    assert "还缺责任人、指标、完成时限" in page.replace("和", "、")

    words |= {"owner": college.secretary.pk, "indicator": "到21:30", "due_on": "2019年12月31日"}
    keeper.post(reverse("outcomes:change_measure", args=[measure.pk]), words)
    keeper.post(reverse("outcomes:publish_measure", args=[measure.pk]))
    milestone = {"title": "形成细则", "due_on": "2019-10-31"}
    keeper.post(reverse("outcomes:add_milestone", args=[measure.pk]), milestone)
    step = measure.milestones.get()
    client_of(college.secretary).post(
        reverse("outcomes:report_progress", args=[measure.pk]),
        {"text": "细则已印发。", "milestone": step.pk},
    )

    measure.refresh_from_db()
    step.refresh_from_db()
    assert (measure.status, measure.due_on) == (MeasureStatus.OPEN, date(2019, 12, 31))
    assert step.done_on is not None
    read = get(college.staff, "measure", measure.pk).content.decode()
    assert "细则已印发。" in read
    assert "完成“形成细则”" in read


def test_an_owner_from_elsewhere_is_refused_beside_the_field(college):
    response = client_of(college.reviewer).post(
        reverse("outcomes:draft_measure"),
        {
            "title": "实训室晚间排班",
            "theme": college.theme.pk,
            "unit": college.branch.pk,
            "horizon": "current",
            "owner": college.sibling_secretary.pk,
        },
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["owner"]


def test_a_milestone_does_not_lie_behind_the_measures_last_day(college):
    measure = opened(college)

    response = client_of(college.reviewer).post(
        reverse("outcomes:add_milestone", args=[measure.pk]),
        {"title": "太晚", "due_on": "2020-01-01"},
    )

    assert response.status_code == 422


def test_an_outcome_of_a_measure_is_recorded_with_its_evidence(college):
    measure = opened(college)
    activity = ActivityFactory(campaign=college.campaign, unit=college.branch)
    client = client_of(college.secretary)

    client.post(
        reverse("outcomes:record_outcome") + f"?measure={measure.pk}",
        {
            "title": "晚间开放满一月",
            "kind": "practice",
            "unit": college.branch.pk,
            "theme": college.theme.pk,
            "achieved_on": "2019-09-16",
            "activities": [activity.pk],
        },
    )

    outcome = Outcome.objects.get()
    assert (outcome.measure, list(outcome.activities.all())) == (measure, [activity])


def test_an_independent_outcome_says_where_it_comes_from(college):
    response = client_of(college.secretary).post(
        reverse("outcomes:record_outcome"),
        {
            "title": "调研报告",
            "kind": "study",
            "unit": college.branch.pk,
            "theme": college.theme.pk,
            "achieved_on": "2019-09-16",
        },
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["independent_reason"]


def test_evidence_out_of_sight_is_counted_and_not_named(college):
    activity = ActivityFactory(campaign=college.campaign, unit=college.branch, title="本支部座谈会")
    outcome = recorded(college, activities=[activity])

    own = get(college.staff, "outcome", outcome.pk).content.decode()
    other = get(college.sibling_secretary, "outcome", outcome.pk).content.decode()

    assert "本支部座谈会" in own
    assert "本支部座谈会" not in other
    assert "1场，不在您的查看范围内" in other


def test_the_measure_page_names_the_proposal_only_to_those_who_may_read_it(college):
    measure = opened(college)

    assert get(college.staff, "measure", measure.pk).status_code == 200
    services.close_measure(measure, college.reviewer, note="已全面实施。", now=NOW)
    assert "已全面实施。" in get(college.staff, "measure", measure.pk).content.decode()


def test_an_outcome_is_corrected_on_its_page_and_unseen_evidence_stays(client, college):
    mine = ActivityFactory.create(campaign=college.campaign, unit=college.branch)
    theirs = ActivityFactory.create(campaign=college.campaign, unit=college.sibling)
    outcome = Outcome.objects.create(
        campaign=college.campaign,
        unit=college.branch,
        theme=college.theme,
        kind="practice",
        title="晚间开放满一月",
        independent_reason="来自日常工作",
        achieved_on=NOW.date(),
    )
    outcome.activities.set([mine, theirs])
    client.force_login(college.secretary)
    address = reverse("outcomes:change_outcome", args=[outcome.pk])

    shown = client.get(address).context["form"].initial
    answer = client.post(
        address,
        {
            "title": "晚间开放满两月",
            "kind": "practice",
            "unit": college.branch.pk,
            "theme": college.theme.pk,
            "achieved_on": "2019-09-16",
            "independent_reason": "来自日常工作",
        },
    )

    outcome.refresh_from_db()
    assert (shown["title"], shown["activities"]) == ("晚间开放满一月", [mine])
    assert answer.url == reverse("outcomes:outcome", args=[outcome.pk])
    assert outcome.title == "晚间开放满两月"
    assert list(outcome.activities.all()) == [theirs]
