from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from campaign.choices import DemandKind
from campaign.models import Demand
from supervision.models import Fulfilment
from supervision.obligations import of_campaign
from supervision.services.fulfilments import say_done
from tests.factories import DemandFactory, at
from tests.supervision.conftest import School

ON = date(2019, 10, 9)


@pytest.fixture
def plan(school: School) -> Demand:
    """Every branch owes a plan of its own, which nothing but its word shows."""
    return DemandFactory.create(campaign=school.campaign, kind=DemandKind.IMPLEMENTATION_PLAN)


def done(school: School, plan: Demand) -> int:
    key = f"demand-{plan.pk}-{school.branch.pk}"
    return next(owed.done for owed in of_campaign(school.campaign, ON) if owed.key == key)


def test_a_unit_says_once_that_it_has_its_plan(school: School, plan: Demand):
    for _ in range(2):
        say_done(
            plan, school.branch, school.secretary, note="实施方案", done_on=ON, now=at(9, on=ON)
        )

    assert Fulfilment.objects.count() == 1
    assert done(school, plan) == 1


def test_a_unit_cannot_say_what_records_show(school: School):
    with pytest.raises(ValueError, match="counted from records"):
        say_done(
            school.demand, school.branch, school.secretary, note="有", done_on=ON, now=at(9, on=ON)
        )

    assert not Fulfilment.objects.exists()


@pytest.mark.parametrize("who", ["organiser", "reviewer"])
def test_others_cannot_say_it_for_the_unit(school: School, plan: Demand, who: str):
    with pytest.raises(PermissionDenied):
        say_done(plan, school.branch, getattr(school, who), note="有", done_on=ON, now=at(9, on=ON))


@time_machine.travel(at(9, on=ON), tick=False)
def test_saying_it_by_the_page(client: Client, school: School, plan: Demand):
    key = f"demand-{plan.pk}-{school.branch.pk}"
    client.force_login(school.secretary)
    empty = client.post(reverse("supervision:done", args=[key]), {"note": "", "done_on": ""})

    client.post(
        reverse("supervision:done", args=[key]), {"note": "实施方案", "done_on": "2019-10-08"}
    )
    page = client.get(reverse("supervision:owed", args=[key]))

    assert empty.status_code == 422
    assert [one.note for one in page.context["fulfilments"]] == ["实施方案"]
    assert page.context["owed"].is_met
