from datetime import date

import pytest
import time_machine
from django.urls import reverse

from campaign.choices import Edge, Gate
from campaign.models import Demand, Phase
from supervision.consequences import consequences
from tests.factories import ActivityFactory, DemandFactory, UnitFactory, at
from tests.queries import queries_of
from tests.supervision.conftest import School

ON = date(2019, 10, 9)
pytestmark = pytest.mark.usefixtures("school")


def set_due(demand, due_on):
    def change(schedule):
        row = next(row for row in schedule.demands if row.pk == demand.pk)
        row.due_on = due_on

    return change


def test_an_earlier_deadline_says_which_units_it_makes_overdue(school: School):
    for _ in range(2):
        UnitFactory(parent=school.committee)
    done = UnitFactory(parent=school.committee)
    ActivityFactory(campaign=school.campaign, unit=done)

    effects = consequences(school.campaign, set_due(school.demand, date(2019, 10, 8)), ON)

    assert effects.summary == "将移动3个截止日期，3个单位变为超期。"
    assert [shift.text for shift in effects.shifts] == [
        "组织研讨（3个单位）：2019年10月20日 → 2019年10月8日"
    ]
    assert done not in effects.overdue
    school.demand.refresh_from_db()
    assert school.demand.due_on == date(2019, 10, 20)


def test_a_later_deadline_says_who_is_no_longer_overdue_and_that_it_is_a_day_of_rest(school):
    Demand.objects.update(due_on=date(2019, 10, 8))

    effects = consequences(school.campaign, set_due(school.demand, date(2019, 10, 19)), ON)

    assert effects.relieved == (school.branch,)
    assert effects.notes == ("“组织研讨”的截止日期10月19日不是工作日。",)


def test_a_shorter_phase_moves_what_counts_from_it_and_closes_gates(school):
    phase = school.campaign.phases.get()
    Demand.objects.update(
        offset=-5, anchor_edge=Edge.ENDS, anchor_phase=phase, due_on=date(2019, 12, 24)
    )

    def change(schedule):
        schedule.phases[0].ends_on = date(2019, 10, 8)

    effects = consequences(school.campaign, change, ON)

    assert effects.deadlines == 1
    assert effects.closing == tuple(str(gate.label) for gate in Gate)
    assert effects.following == ("“组织研讨”随起算日移到2019年9月25日",)
    assert Phase.objects.get().ends_on == date(2019, 12, 31)


def test_a_change_without_consequences_needs_no_second_look(school):
    assert not consequences(school.campaign, lambda _schedule: None, ON).matters


def test_looking_ahead_costs_the_same_for_one_unit_and_for_many(school):
    change = set_due(school.demand, date(2019, 10, 8))
    one = queries_of(lambda: consequences(school.campaign, change, ON))
    for _ in range(3):
        UnitFactory(parent=school.committee)
        DemandFactory(campaign=school.campaign)

    many = queries_of(lambda: consequences(school.campaign, change, ON))

    assert many == one <= 40  # what is owed is worked out before and after


def test_the_page_asks_before_it_saves(client, school):
    client.force_login(school.organiser, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("supervision:edit_demand", args=[school.demand.pk])
    sent = {
        "kind": "activity",
        "title": "组织研讨",
        "unit_kinds": ["branch"],
        "quota": 1,
        "opens_on": "2019-09-11",
        "due_on": "2019-10-08",
    }

    with time_machine.travel(at(10, on=ON)):
        page = client.post(address, sent).content.decode()
        assert "将移动1个截止日期，1个单位变为超期。" in page
        assert Demand.objects.get().due_on == date(2019, 10, 20)

        client.post(address, sent | {"confirmed": "1"})
        assert Demand.objects.get().due_on == date(2019, 10, 8)
