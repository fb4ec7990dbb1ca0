from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from campaign.choices import ActivityKind, DemandKind, Gate
from campaign.models import SubTopic
from outcomes.choices import MeasureStatus, OutcomeKind
from outcomes.models import Measure, Milestone, Outcome
from proposals.choices import PackageStatus, Status
from proposals.models import SubmissionPackage
from seminars.choices import ActivityStatus
from supervision import obligations
from supervision.choices import Duty
from supervision.models import Extension, Fulfilment
from supervision.owing import Obligation
from tests.factories import (
    A_MONDAY,
    ActivityFactory,
    CampaignFactory,
    DemandFactory,
    OpinionFactory,
    PhaseFactory,
    ProposalFactory,
    ThemeFactory,
    UnitFactory,
    UserFactory,
    at,
)
from tests.supervision.conftest import School
from units.choices import UnitKind
from units.models import Unit

ON = date(2019, 10, 9)


def done_by(school: School, demand_pk: int, unit: Unit | None = None) -> int:
    """How far `unit` (else the branch) is with that demand."""
    unit = unit or school.branch
    [found] = [
        owed
        for owed in obligations.of_campaign(school.campaign, ON)
        if owed.key == f"demand-{demand_pk}-{unit.pk}"
    ]
    return found.done


def only(found: list[Obligation]) -> Obligation:
    [one] = found
    return one


def test_a_demand_is_owed_by_each_unit_of_its_kind(school: School):
    found = obligations.of_campaign(school.campaign, ON)

    assert found == [
        Obligation(
            key=f"demand-{school.demand.pk}-{school.branch.pk}",
            duty=Duty.DEMAND,
            title="组织研讨",
            source="三大工作组的要求：组织研讨。",
            word="场",
            needed=1,
            done=0,
            opens_on=date(2019, 9, 11),
            due_on=date(2019, 10, 20),
            unit=school.branch,
            demand=school.demand,
        )
    ]


def test_a_closed_unit_owes_nothing(school: School):
    Unit.objects.filter(pk=school.branch.pk).update(closed_on=date(2019, 9, 1))

    assert obligations.of_campaign(school.campaign, ON) == []


def test_all_units_means_departments_committees_and_general_branches(school: School):
    UnitFactory.create(name="教务处", kind=UnitKind.DEPARTMENT, parent=school.school)
    school.demand.unit_kinds = ["all"]
    school.demand.save()

    found = obligations.of_campaign(school.campaign, ON)

    assert {owed.unit.name for owed in found if owed.unit} == {"第一党总支", "教务处"}


def test_only_logged_activities_of_the_named_kinds_since_the_first_day_count(school: School):
    school.demand.activity_kinds = [ActivityKind.FORUM, ActivityKind.SEMINAR]
    school.demand.save()
    mine: dict[str, Any] = {"campaign": school.campaign, "unit": school.branch}
    ActivityFactory.create(**mine, kind=ActivityKind.FORUM, held_on=date(2019, 9, 11))
    ActivityFactory.create(**mine, kind=ActivityKind.SEMINAR, held_on=date(2019, 10, 25))
    ActivityFactory.create(**mine, kind=ActivityKind.FORUM, held_on=date(2019, 9, 10))
    ActivityFactory.create(**mine, kind=ActivityKind.PUBLICITY)
    ActivityFactory.create(**mine, kind=ActivityKind.FORUM, status=ActivityStatus.DRAFT)
    ActivityFactory.create(campaign=school.campaign, unit=school.committee)
    ActivityFactory.create(unit=school.branch)  # of another campaign

    assert done_by(school, school.demand.pk) == 2


def test_an_activity_of_a_branch_counts_for_the_general_branch_above_it(school: School):
    demand = DemandFactory.create(campaign=school.campaign, unit_kinds=[UnitKind.GENERAL_BRANCH])
    ActivityFactory.create(campaign=school.campaign, unit=school.branch)

    assert done_by(school, demand.pk, school.committee) == 1


def test_a_kick_off_of_a_branch_is_not_that_of_the_general_branch(school: School):
    demand = DemandFactory.create(
        campaign=school.campaign,
        kind=DemandKind.KICK_OFF,
        unit_kinds=[UnitKind.GENERAL_BRANCH, UnitKind.BRANCH],
    )
    kick_off = ActivityKind.KICK_OFF
    ActivityFactory.create(campaign=school.campaign, unit=school.branch, kind=kick_off)

    assert done_by(school, demand.pk, school.committee) == 0
    assert done_by(school, demand.pk, school.branch) == 1


@pytest.mark.parametrize(
    ("status", "counted"),
    [
        (Status.DRAFT, 0),
        (Status.WITHDRAWN, 0),
        (Status.RETURNED, 0),
        (Status.SUBMITTED, 1),
        (Status.DECIDED, 1),
    ],
)
def test_a_proposal_counts_once_it_is_handed_in(school: School, status: Status, counted: int):
    demand = DemandFactory.create(campaign=school.campaign, kind=DemandKind.PROPOSAL)
    ProposalFactory.create(
        campaign=school.campaign, unit=school.branch, status=status, submitted_at=at(10)
    )

    assert done_by(school, demand.pk) == counted


def test_a_proposal_is_dated_by_the_campus_clock(school: School):
    demand = DemandFactory.create(
        campaign=school.campaign, kind=DemandKind.PROPOSAL, opens_on=date(2019, 9, 16)
    )
    shortly_after_midnight = datetime.fromisoformat("2019-09-15T16:10:00+00:00")
    ProposalFactory.create(
        campaign=school.campaign,
        unit=school.branch,
        status=Status.SUBMITTED,
        submitted_at=shortly_after_midnight,
    )

    assert done_by(school, demand.pk) == 1


def test_each_kind_of_demand_counts_its_own_records(school: School):
    campaign, branch = school.campaign, school.branch
    theme = ThemeFactory.create(campaign=campaign)
    demands = {
        kind: DemandFactory.create(campaign=campaign, kind=kind)
        for kind in (
            DemandKind.OPINION,
            DemandKind.SUB_TOPICS,
            DemandKind.OUTCOME_PAPER,
            DemandKind.WORKING_TEAM,
            DemandKind.IMPLEMENTATION_PLAN,
            DemandKind.REPORT,
        )
    }
    OpinionFactory.create_batch(2, campaign=campaign, unit=branch)
    SubTopic.objects.create(theme=theme, unit=branch, title="如何评价实训")
    Outcome.objects.create(
        campaign=campaign,
        unit=branch,
        theme=theme,
        kind=OutcomeKind.STUDY,
        title="调研报告",
        independent_reason="自主调研",
        achieved_on=A_MONDAY,
    )
    UnitFactory.create(kind=UnitKind.WORKING_TEAM, parent=branch)
    Fulfilment.objects.create(
        demand=demands[DemandKind.REPORT],
        unit=branch,
        note="工作报告",
        done_on=A_MONDAY,
        by=school.secretary,
        at=at(10),
    )

    assert {kind: done_by(school, demand.pk) for kind, demand in demands.items()} == {
        DemandKind.OPINION: 2,
        DemandKind.SUB_TOPICS: 1,
        DemandKind.OUTCOME_PAPER: 1,
        DemandKind.WORKING_TEAM: 1,
        DemandKind.IMPLEMENTATION_PLAN: 0,
        DemandKind.REPORT: 1,
    }


@pytest.mark.parametrize(
    ("status", "counted"),
    [
        (PackageStatus.DRAFT, 0),
        (PackageStatus.SENT, 1),
        (PackageStatus.RECEIVED, 1),
        (PackageStatus.RETURNED, 0),
    ],
)
def test_a_package_counts_from_its_sending_until_it_is_returned(
    school: School, status: PackageStatus, counted: int
):
    demand = DemandFactory.create(
        campaign=school.campaign,
        kind=DemandKind.SUBMISSION_PACKAGE,
        unit_kinds=[UnitKind.BRANCH, UnitKind.GENERAL_BRANCH],
    )
    SubmissionPackage.objects.create(
        campaign=school.campaign,
        unit=school.branch,
        status=status,
        created_by=school.secretary,
        created_at=at(10),
        sent_at=at(11),
        receipt_number="2019-1",
        return_reason="缺少汇总",
    )

    assert done_by(school, demand.pk) == counted
    assert done_by(school, demand.pk, school.committee) == 0


def test_proposals_waiting_are_owed_by_the_plan_group_day_by_day(school: School):
    def waiting(due_on: date, status: Status = Status.SUBMITTED) -> None:
        ProposalFactory.create(
            campaign=school.campaign,
            status=status,
            submitted_at=at(10),
            review_due_on=due_on,
        )

    waiting(date(2019, 9, 30))
    waiting(date(2019, 9, 30), Status.DECIDED)
    waiting(date(2019, 10, 8))
    waiting(date(2019, 9, 30), Status.RETURNED)  # with its author, not with the group
    school.demand.delete()

    found = obligations.of_campaign(school.campaign, ON)
    reviews = [owed for owed in found if owed.duty == Duty.REVIEW]

    assert [(owed.due_on, owed.done, owed.needed, owed.opens_on) for owed in reviews] == [
        (date(2019, 9, 30), 1, 2, A_MONDAY),
        (date(2019, 10, 8), 0, 1, A_MONDAY),
    ]


@pytest.mark.parametrize(
    ("set_by_reviewer", "due_on"),
    [
        (date(2019, 9, 30), date(2019, 9, 30)),
        (date(2020, 1, 6), date(2019, 12, 31)),  # proposals are taken no longer than this
    ],
)
def test_a_returned_proposal_is_owed_by_its_author_by_the_day_the_reviewer_set(
    school: School, set_by_reviewer: date, due_on: date
):
    school.campaign.phases.update(opens=[Gate.PROPOSALS])
    author = UserFactory.create()
    ProposalFactory.create(
        campaign=school.campaign,
        unit=school.branch,
        author=author,
        title="晚间开放",
        status=Status.RETURNED,
        submitted_at=at(10),
        return_due_on=set_by_reviewer,
    )

    found = only(obligations.of_person(school.campaign, author, ON))

    assert (found.title, found.due_on) == ("完善被退回的建议“晚间开放”", due_on)


def test_a_returned_proposal_has_no_deadline_when_no_phase_takes_it(school: School):
    school.campaign.phases.update(opens=[])
    author = UserFactory.create()
    ProposalFactory.create(
        campaign=school.campaign, author=author, status=Status.RETURNED, submitted_at=at(10)
    )

    assert only(obligations.of_person(school.campaign, author, ON)).due_on is None


def test_measures_and_their_milestones_are_owed_by_their_owner(school: School):
    measure = Measure.objects.create(
        campaign=school.campaign,
        theme=ThemeFactory.create(campaign=school.campaign),
        title="开放实训室",
        unit=school.branch,
        owner=school.liaison,
        indicator="每周五晚",
        due_on=date(2019, 12, 1),
        status=MeasureStatus.OPEN,
    )
    Milestone.objects.create(measure=measure, title="排班", due_on=date(2019, 11, 1))
    school.demand.delete()

    found = obligations.of_person(school.campaign, school.liaison, ON)

    assert [(owed.title, owed.due_on, owed.is_met) for owed in found] == [
        ("举措“开放实训室”的节点“排班”", date(2019, 11, 1), False),
        ("办结举措“开放实训室”", date(2019, 12, 1), False),
    ]


def test_a_secretary_owes_for_the_own_unit_and_not_for_those_below(school: School):
    DemandFactory.create(
        campaign=school.campaign, unit_kinds=[UnitKind.GENERAL_BRANCH], title="汇总"
    )

    mine = obligations.of_person(school.campaign, school.committee_secretary, ON)
    with_below = obligations.of_units_below(school.campaign, school.committee, ON)

    assert [owed.title for owed in mine] == ["汇总"]
    assert sorted(owed.title for owed in with_below) == ["汇总", "组织研讨"]


def test_reviews_are_owed_by_reviewers_and_by_nobody_else(school: School):
    ProposalFactory.create(
        campaign=school.campaign,
        status=Status.SUBMITTED,
        submitted_at=at(10),
        review_due_on=ON,
    )

    of_reviewer = obligations.of_person(school.campaign, school.reviewer, ON)
    of_secretary = obligations.of_person(school.campaign, school.secretary, ON)

    assert [owed.duty for owed in of_reviewer] == [Duty.REVIEW]
    assert [owed.duty for owed in of_secretary] == [Duty.DEMAND]


def test_a_sibling_unit_sees_nothing_of_what_the_branch_owes(school: School):
    sibling = UnitFactory.create(kind=UnitKind.DEPARTMENT, parent=school.school)
    stranger = UserFactory.create()
    stranger.memberships.create(unit=sibling, position="secretary", starts_on=date(2019, 1, 1))

    assert obligations.visible_to(stranger, school.campaign, ON) == []
    assert len(obligations.visible_to(school.organiser, school.campaign, ON)) == 1


def test_a_granted_extension_moves_the_deadline_and_starts_the_time_anew(school: School):
    key = f"demand-{school.demand.pk}-{school.branch.pk}"
    wishes: dict[str, Any] = {
        "campaign": school.campaign,
        "obligation": key,
        "title": "组织研讨",
        "old_due_on": date(2019, 10, 20),
        "reason": "外出实习",
        "asked_by": school.secretary,
        "asked_at": at(10),
        "decided_by": school.organiser,
        "decided_on": date(2019, 10, 8),
        "note": "情况属实",
    }
    Extension.objects.create(**wishes, wanted_due_on=date(2019, 11, 5), is_granted=True)
    Extension.objects.create(**wishes, wanted_due_on=date(2019, 11, 30), is_granted=False)

    found = only(obligations.of_campaign(school.campaign, ON))

    assert (found.opens_on, found.due_on) == (date(2019, 10, 8), date(2019, 11, 5))
    assert found.is_extended


def test_a_campaign_without_phases_or_demands_owes_nothing(db: None):
    assert obligations.of_campaign(CampaignFactory.create(), ON) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_records(
    school: School, rows: int, django_assert_num_queries: Callable[[int], Any]
):
    PhaseFactory.create(campaign=school.campaign)
    theme = ThemeFactory.create(campaign=school.campaign)
    for _ in range(rows):
        unit = UnitFactory.create(parent=school.committee)
        ActivityFactory.create(campaign=school.campaign, unit=unit)
        for status in (Status.SUBMITTED, Status.RETURNED):
            ProposalFactory.create(
                campaign=school.campaign,
                unit=unit,
                theme=theme,
                status=status,
                submitted_at=at(10),
                review_due_on=ON,
            )
        measure = Measure.objects.create(
            campaign=school.campaign,
            theme=theme,
            title="举措",
            unit=unit,
            owner=school.liaison,
            indicator="有",
            due_on=ON,
            status=MeasureStatus.OPEN,
        )
        Milestone.objects.create(measure=measure, title="节点", due_on=ON)
        DemandFactory.create(campaign=school.campaign, kind=DemandKind.PROPOSAL)

    with django_assert_num_queries(16):
        obligations.of_campaign(school.campaign, ON)
