from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEntry
from campaign.choices import CampaignState
from notices.models import Notice
from outcomes import services
from outcomes.choices import CaseKind, Horizon, MeasureStatus, OutcomeKind
from outcomes.models import Measure, Progress, Reuse
from outcomes.services import AlreadySettled, Incomplete
from tests.factories import ActivityFactory, at

NOW = at(10)
TODAY = NOW.date()


def drafted(college, **facts):
    return services.draft_measure(
        college.campaign,
        college.reviewer,
        **{
            "title": "实训室晚间排班",
            "theme": college.theme,
            "unit": college.branch,
            "owner": college.secretary,
            "indicator": "工作日开放到21:30",
            "horizon": Horizon.CURRENT,
            "due_on": date(2019, 12, 31),
            **facts,
        },
    )


def opened(college, **facts):
    measure = drafted(college, **facts)
    services.publish_measure(measure, college.reviewer, NOW)
    return measure


def recorded(college, **facts):
    return services.record_outcome(
        college.campaign,
        college.secretary,
        **{
            "title": "晚间开放满一月",
            "kind": OutcomeKind.PRACTICE,
            "unit": college.branch,
            "theme": college.theme,
            "achieved_on": TODAY,
            "independent_reason": "来自日常工作",
            **facts,
        },
    )


def published_case(college):
    case = services.write_case(
        recorded(college), college.secretary, kind=CaseKind.MODEL, summary="排班表每周公布。"
    )
    services.publish_case(case, college.organiser, NOW)
    return case


@pytest.mark.parametrize(
    ("lacking", "word"), [("owner", "责任人"), ("indicator", "指标"), ("due_on", "完成时限")]
)
def test_a_measure_without_owner_indicator_or_day_stays_a_draft(college, lacking, word):
    measure = drafted(college, **{lacking: "" if lacking == "indicator" else None})

    with pytest.raises(Incomplete, match=word):
        services.publish_measure(measure, college.reviewer, NOW)

    measure.refresh_from_db()
    assert measure.status == MeasureStatus.DRAFT


def test_publishing_tells_the_owner_once_and_leaves_a_trail(college):
    measure = opened(college)
    stale = drafted(college)
    services.publish_measure(Measure.objects.get(pk=stale.pk), college.reviewer, NOW)

    with pytest.raises(AlreadySettled):
        services.publish_measure(stale, college.reviewer2, NOW)

    told = Notice.objects.filter(recipient=college.secretary, kind="measure")
    assert set(told.values_list("key", flat=True)) == {
        f"measure:{measure.pk}:owner",
        f"measure:{stale.pk}:owner",
    }
    assert AuditEntry.objects.filter(action="outcomes.publish_measure").count() == 2
    assert [version.status for version in measure.history.order_by("history_id")] == [
        MeasureStatus.DRAFT,
        MeasureStatus.OPEN,
    ]


def test_an_open_measure_does_not_lose_its_owner_again(college):
    measure = opened(college)

    with pytest.raises(Incomplete, match="责任人"):
        services.change_measure(measure, college.reviewer, now=NOW, owner=None)

    measure.refresh_from_db()
    assert measure.owner == college.secretary


def test_a_new_owner_hears_of_it(college):
    measure = opened(college)

    services.change_measure(measure, college.reviewer, now=NOW, owner=college.staff)

    assert Notice.objects.filter(recipient=college.staff, kind="measure").count() == 1


def test_a_milestone_is_reported_reached_once(college):
    measure = opened(college)
    milestone = services.add_milestone(
        measure, college.reviewer, title="形成细则", due_on=date(2019, 10, 31)
    )
    services.report_progress(
        measure, college.secretary, text="细则已印发。", milestone=milestone, now=NOW
    )

    with pytest.raises(AlreadySettled):
        services.report_progress(
            measure, college.secretary, text="再报一次。", milestone=milestone, now=NOW
        )

    milestone.refresh_from_db()
    assert milestone.done_on == TODAY
    assert Progress.objects.count() == 1


def test_the_milestone_of_another_measure_is_not_reached_by_this_one(college):
    measure, other = opened(college), opened(college)
    milestone = services.add_milestone(
        other, college.reviewer, title="形成细则", due_on=date(2019, 10, 31)
    )

    with pytest.raises(AlreadySettled):
        services.report_progress(
            measure, college.secretary, text="细则已印发。", milestone=milestone, now=NOW
        )


def test_only_the_responsible_side_reports_progress(college):
    measure = opened(college)

    for stranger in (college.sibling_secretary, college.staff, college.reviewer):
        with pytest.raises(PermissionDenied):
            services.report_progress(measure, stranger, text="好。", milestone=None, now=NOW)


def test_nobody_closes_what_they_answer_for(college):
    measure = opened(college, owner=college.reviewer)

    with pytest.raises(PermissionDenied):
        services.close_measure(measure, college.reviewer, note="完成。", now=NOW)

    services.close_measure(measure, college.reviewer2, note="完成。", now=NOW)
    assert (measure.status, measure.closed_on) == (MeasureStatus.CLOSED, TODAY)


def test_a_closed_measure_takes_no_more_reports_and_no_second_closing(college):
    measure = opened(college)
    stale = Measure.objects.get(pk=measure.pk)
    services.close_measure(measure, college.reviewer, note="完成。", now=NOW)

    with pytest.raises(PermissionDenied):
        services.report_progress(measure, college.secretary, text="还有。", milestone=None, now=NOW)
    with pytest.raises(AlreadySettled):
        services.close_measure(stale, college.reviewer, note="完成。", now=NOW)


def test_a_sealed_campaign_takes_nothing_more(college):
    measure = opened(college)
    college.campaign.state = CampaignState.SEALED
    college.campaign.save()
    measure.campaign.refresh_from_db()

    with pytest.raises(PermissionDenied):
        services.report_progress(measure, college.secretary, text="好。", milestone=None, now=NOW)
    with pytest.raises(PermissionDenied):
        services.close_measure(measure, college.organiser, note="完成。", now=NOW)
    with pytest.raises(PermissionDenied):
        recorded(college)


def test_an_outcome_keeps_the_activities_that_show_it(college):
    activity = ActivityFactory(campaign=college.campaign, unit=college.branch)

    outcome = recorded(college, measure=opened(college), activities=[activity])

    assert list(outcome.activities.all()) == [activity]


def test_an_outcome_is_not_recorded_for_somebody_elses_unit(college):
    with pytest.raises(PermissionDenied):
        recorded(college, unit=college.sibling)


def test_a_published_case_is_not_written_anew(college):
    case = published_case(college)

    with pytest.raises(PermissionDenied):
        services.write_case(case.outcome, college.secretary, kind=CaseKind.RULE, summary="改写。")
    with pytest.raises(AlreadySettled):
        services.publish_case(case, college.organiser, NOW)


def test_another_unit_takes_a_case_up_once_and_the_own_unit_never(college):
    case = published_case(college)
    words = {"text": "照此排班。", "now": NOW}
    services.reuse_case(case, college.sibling_secretary, unit=college.sibling, **words)

    with pytest.raises(AlreadySettled):
        services.reuse_case(case, college.sibling_secretary, unit=college.sibling, **words)
    with pytest.raises(PermissionDenied):
        services.reuse_case(case, college.secretary, unit=college.branch, **words)

    assert Reuse.objects.count() == 1


def test_an_outcome_is_corrected_and_its_history_keeps_what_it_said(college):
    outcome = recorded(college)

    services.change_outcome(outcome, college.secretary, activities=(), title="晚间开放满两月")

    outcome.refresh_from_db()
    assert outcome.title == "晚间开放满两月"
    assert list(outcome.history.values_list("title", flat=True)) == [
        "晚间开放满两月",
        "晚间开放满一月",
    ]


@pytest.mark.parametrize("unit", ["branch", "sibling"])
def test_nobody_corrects_what_is_not_theirs_nor_gives_it_to_others(college, unit):
    outcome = recorded(college)
    by = {"branch": college.sibling_secretary, "sibling": college.secretary}[unit]

    with pytest.raises(PermissionDenied):
        services.change_outcome(outcome, by, activities=(), unit=getattr(college, unit))

    outcome.refresh_from_db()
    assert outcome.unit == college.branch
