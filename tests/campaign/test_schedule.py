from datetime import date

import pytest

from campaign.choices import Edge
from campaign.models import Campaign
from campaign.schedule import Circular, Reversed, Schedule, remarks
from core.working_calendar import WorkingCalendar
from tests.factories import CampaignFactory, DemandFactory, PhaseFactory

pytestmark = pytest.mark.django_db
NATIONAL = WorkingCalendar()


@pytest.fixture
def campaign():
    campaign = CampaignFactory(issued_on=date(2019, 9, 2))
    phase = PhaseFactory(campaign=campaign, order=1, name="动员", ends_on=date(2019, 9, 20))
    phase.steps.create(
        order=1, title="动员大会", starts_on=date(2019, 9, 20), ends_on=date(2019, 9, 20)
    )
    return campaign


def after_the_meeting(campaign, offset, **facts):
    step = campaign.phases.get(order=1).steps.get()
    anchored = {"anchor_step": step, "anchor_edge": Edge.ENDS, "offset": offset}
    return DemandFactory(campaign=campaign, due_on=None, **anchored, **facts)


def test_a_relative_deadline_follows_its_meeting_over_national_day(campaign):
    demand = after_the_meeting(campaign, 10)
    schedule = Schedule(campaign)

    moved = schedule.settle(NATIONAL)

    assert moved == [demand]
    assert moved[0].due_on == date(2019, 10, 10)
    assert schedule.explain(moved[0]) == "“动员大会”结束（2019年9月20日）后10个工作日"

    schedule.steps[0].ends_on = date(2019, 9, 27)
    schedule.settle(NATIONAL)
    assert moved[0].due_on == date(2019, 10, 16)


def test_what_is_relative_to_something_relative_follows_as_well(campaign):
    second = PhaseFactory(
        campaign=campaign,
        order=2,
        offset=5,
        anchor_phase=campaign.phases.get(order=1),
        anchor_edge=Edge.ENDS,
    )
    demand = DemandFactory(
        campaign=campaign, offset=-2, anchor_phase=second, anchor_edge=Edge.ENDS, due_on=None
    )

    found = {type(one).__name__: one for one in Schedule(campaign).settle(NATIONAL)}

    assert (found["Phase"].starts_on, found["Phase"].ends_on) == (
        date(2019, 9, 21),
        date(2019, 9, 27),
    )
    assert (found["Demand"], found["Demand"].due_on) == (demand, date(2019, 9, 25))


def test_times_that_wait_for_each_other_are_refused(campaign):
    first = campaign.phases.get(order=1)
    second = PhaseFactory(
        campaign=campaign, order=2, offset=5, anchor_phase=first, anchor_edge=Edge.ENDS
    )
    first.offset, first.anchor_phase, first.anchor_edge = 5, second, Edge.ENDS
    first.save()

    with pytest.raises(Circular):
        Schedule(Campaign.objects.get(pk=campaign.pk)).settle(NATIONAL)


def test_a_deadline_that_would_come_before_its_first_day_is_refused(campaign):
    after_the_meeting(campaign, -5, opens_on=date(2019, 9, 16), title="报送")

    with pytest.raises(Reversed, match="“报送”的截止日期会移到2019年9月12日"):
        Schedule(campaign).settle(NATIONAL)


def test_gaps_and_overlaps_are_pointed_out(campaign):
    PhaseFactory(
        campaign=campaign,
        order=2,
        name="研讨",
        starts_on=date(2019, 9, 18),
        ends_on=date(2019, 9, 25),
    )
    PhaseFactory(
        campaign=campaign,
        order=3,
        name="总结",
        starts_on=date(2019, 10, 8),
        ends_on=date(2019, 10, 9),
    )

    assert [remark.text for remark in remarks(campaign)] == [
        "2019年9月18日—20日同属“动员”和“研讨”，两边开放的事项都能做。",
        "2019年9月26日—10月7日不属于任何阶段，没有阶段开放的事项。",
    ]


def test_phases_that_follow_each_other_and_no_phases_need_no_remark(campaign):
    PhaseFactory(campaign=campaign, order=2, starts_on=date(2019, 9, 21))

    assert remarks(campaign) == []
    assert remarks(CampaignFactory()) == []


def test_a_step_outside_the_days_of_its_phase_is_pointed_out(campaign):
    phase = campaign.phases.get()
    phase.steps.create(
        order=2, title="总结", starts_on=date(2019, 9, 20), ends_on=date(2019, 9, 21)
    )

    assert [remark.text for remark in remarks(campaign)] == [
        "步骤“总结”（2019年9月20日—21日）超出“动员”的日期。"
    ]
