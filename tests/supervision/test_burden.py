"""The burden meter (N5)."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from campaign.choices import DemandKind
from campaign.demanding import add_demand
from core.form_start import FIELD, start_mark
from proposals.models import Proposal
from supervision.burden import OverBudget, forms_in_use, loads_of, week_of
from supervision.models import BurdenRule, FormTime, Waiver
from supervision.services import inspections
from supervision.services.waivers import waive
from tests.factories import ProposalFactory, ThemeFactory, UnitFactory, at
from tests.queries import MOST_FOR_A_PAGE, queries_of
from tests.supervision.conftest import School
from units.choices import UnitKind

MONDAY = date(2019, 10, 7)
NOW = at(10, on=date(2019, 10, 9))


def asked(school: School, week_on: date = MONDAY) -> dict[str, tuple[str, ...]]:
    loads = loads_of(school.campaign, week_on)
    return {load.unit.name: load.requests for load in loads if load.requests}


def test_a_week_begins_on_monday():
    assert [week_of(MONDAY + timedelta(days=n)) for n in (0, 6, 7)] == [
        MONDAY,
        MONDAY,
        date(2019, 10, 14),
    ]


@time_machine.travel(NOW, tick=False)
def test_demands_of_the_work_group_count_in_the_week_they_were_made(school: School):
    add_demand(
        school.organiser,
        school.campaign,
        kind=DemandKind.REPORT,
        title="中期小结",
        unit_kinds=[UnitKind.BRANCH],
        quota=1,
    )

    assert asked(school) == {"第一党支部": ("报送要求：中期小结",)}
    assert asked(school, MONDAY + timedelta(days=7)) == {}


def test_an_inspection_counts_and_is_refused_where_the_week_is_full(school: School):
    BurdenRule.objects.create(campaign=school.campaign, weekly_requests=1)

    def plan() -> None:
        inspections.plan_inspection(
            school.campaign,
            school.organiser,
            unit=school.branch,
            title="研讨情况",
            purpose="",
            planned_on=date(2019, 10, 16),
            inspectors=[school.organiser],
            now=NOW,
        )

    plan()
    with pytest.raises(OverBudget):
        plan()
    waive(
        school.campaign,
        school.leader,
        units=[school.branch],
        extra=1,
        reason="上级部署",
        now=NOW,
    )
    plan()

    assert asked(school) == {"第一党支部": ("督促检查：研讨情况", "督促检查：研讨情况")}


def test_a_waiver_is_a_chairs_for_some_units_has_a_reason_and_ends_with_the_week(school: School):
    sibling = UnitFactory.create(parent=school.committee)
    facts: dict[str, Any] = {"units": [school.branch], "extra": 2, "reason": "上级部署", "now": NOW}
    with pytest.raises(PermissionDenied):
        waive(school.campaign, school.organiser, **facts)
    lacking: list[dict[str, Any]] = [{"reason": ""}, {"units": []}, {"extra": 0}]
    for missing in lacking:
        with pytest.raises(ValueError, match="reason"):
            waive(school.campaign, school.leader, **facts | missing)
    waive(school.campaign, school.leader, **facts)

    weeks = [MONDAY - timedelta(days=7), MONDAY, MONDAY + timedelta(days=7)]
    budgets = [
        {load.unit: load.budget for load in loads_of(school.campaign, week)} for week in weeks
    ]
    assert [budget[school.branch] for budget in budgets] == [3, 5, 3]
    assert [budget[sibling] for budget in budgets] == [3, 3, 3]


@time_machine.travel(NOW, tick=False)
def test_a_chair_waives_on_a_page_and_everybody_reads_why(client: Client, school: School):
    BurdenRule.objects.create(campaign=school.campaign, weekly_requests=0)
    client.force_login(school.leader)
    wish = {"units": [school.branch.pk], "extra": "1", "reason": "上级部署"}
    wrong = client.post(reverse("supervision:waive"), wish | {"reason": ""})
    client.post(reverse("supervision:waive"), wish)
    client.force_login(school.secretary)

    page = client.get(reverse("supervision:burden")).content.decode()

    assert wrong.status_code == 422
    waiver = Waiver.objects.get()
    assert (waiver.reason, list(waiver.units.all())) == ("上级部署", [school.branch])
    assert "上级部署" in page
    assert "组长" in page


@time_machine.travel(NOW, tick=False)
def test_nothing_is_waived_while_nobody_has_had_the_weeks_requests(client: Client, school: School):
    client.force_login(school.leader)

    page = client.get(reverse("supervision:waive"), follow=True).content.decode()

    assert "本周还没有单位到上限，不需要批准增加。" in page


@time_machine.travel(NOW, tick=False)
def test_a_unit_sees_its_own_load_and_no_other_units(client: Client, school: School):
    sibling = UnitFactory.create(parent=school.committee, name="第二党支部")
    add_demand(
        school.organiser,
        school.campaign,
        kind=DemandKind.REPORT,
        title="中期小结",
        unit_kinds=[UnitKind.BRANCH],
        quota=1,
    )

    def seen_by(user: object) -> list[str]:
        client.force_login(user)  # type: ignore[arg-type]
        loads = client.get(reverse("supervision:burden")).context["loads"]
        return [load.unit.name for load in loads]

    assert seen_by(school.secretary) == ["第一党支部"]
    assert seen_by(school.organiser) == ["第一党支部", sibling.name]


@pytest.mark.parametrize(("times", "shown"), [(4, None), (5, 30)])
def test_fewer_than_five_form_times_are_not_shown(db: None, times: int, shown: int | None):
    for number in range(times):
        FormTime.objects.create(form="seminars:log", seconds=10 * (number + 1))

    [log] = [form for form in forms_in_use() if form.label == "记一笔"]

    assert (log.count, log.median_seconds) == (times, shown)
    assert log.required <= 8  # N8


def test_a_form_time_says_neither_who_nor_when():
    names = {field.name for field in FormTime._meta.get_fields()}

    assert names == {"id", "form", "seconds"}


@pytest.mark.parametrize(
    ("minutes", "noted"), [(1, [60]), (0, []), (121, [])], ids=["usual", "at once", "left open"]
)
def test_a_proposal_taken_in_notes_its_time(
    client: Client, school: School, minutes: int, noted: list[int], settings: Settings
):
    settings.SESSION_COOKIE_AGE = 24 * 60 * 60
    proposal = _draft_of(school)
    client.force_login(school.secretary)
    with time_machine.travel(NOW, tick=False) as clock:
        page = client.get(reverse("proposals:edit", args=[proposal.pk]))
        mark = start_mark()
        assert mark in page.content.decode()
        clock.shift(timedelta(minutes=minutes))
        answer = client.post(
            reverse("proposals:edit", args=[proposal.pk]), _typed(page) | {FIELD: mark}
        )

    assert answer.status_code == 302
    assert list(FormTime.objects.values_list("seconds", flat=True)) == noted


def test_a_mark_that_is_not_ours_notes_nothing(client: Client, school: School):
    proposal = _draft_of(school)
    client.force_login(school.secretary)
    page = client.get(reverse("proposals:edit", args=[proposal.pk]))

    client.post(reverse("proposals:edit", args=[proposal.pk]), _typed(page) | {FIELD: "1:forged"})

    assert not FormTime.objects.exists()


def _draft_of(school: School) -> Proposal:
    return ProposalFactory.create(
        campaign=school.campaign,
        theme=ThemeFactory.create(campaign=school.campaign),
        unit=school.branch,
        author=school.secretary,
    )


def _typed(page: Any) -> dict[str, str]:
    """What the browser sends back of the form as shown."""
    form = page.context["form"]
    values = {bound.html_name: bound.value() for bound in form}
    return {name: str(value) for name, value in values.items() if value not in (None, [])}


def test_the_page_costs_the_same_queries_for_one_unit_and_for_three(client: Client, school: School):
    add_demand(
        school.organiser,
        school.campaign,
        kind=DemandKind.REPORT,
        title="中期小结",
        unit_kinds=[UnitKind.BRANCH],
        quota=1,
    )
    client.force_login(school.organiser)
    one = queries_of(lambda: client.get(reverse("supervision:burden")))
    for _ in range(2):
        UnitFactory.create(parent=school.committee)
    three = queries_of(lambda: client.get(reverse("supervision:burden")))

    assert one == three <= MOST_FOR_A_PAGE
