"""Two organisers at one phase, step or demand: the second is told what the first changed."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaign.models import Demand, Phase
from tests.factories import UserFactory
from tests.supervision.conftest import School, school

__all__ = ["school"]


def shown(client: Client, address: str) -> dict[str, Any]:
    """What a browser would send back of the form as it is shown."""
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


def sent(client: Client, address: str, typed: dict[str, Any], **changed: Any) -> Any:
    return client.post(address, {**typed, **changed, "confirmed": "1"})


@pytest.fixture
def two(school: School) -> tuple[Client, Client]:
    first, second = Client(), Client()
    first.force_login(school.organiser)
    second.force_login(school.leader)
    return first, second


def test_who_saves_second_reads_what_the_first_changed_and_keeps_what_was_typed(
    school: School, two: tuple[Client, Client]
):
    first, second = two
    phase = school.campaign.phases.get()
    address = reverse("supervision:phase", args=[phase.pk])
    of_first, of_second = shown(first, address), shown(second, address)

    assert sent(first, address, of_first, name="学习阶段").status_code == 302
    answer = sent(second, address, of_second, name="研讨阶段")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“名称”现在是“学习阶段”" in page
    assert 'value="研讨阶段"' in page
    assert Phase.objects.get().name == "学习阶段"


def test_saving_once_more_overwrites_knowingly(school: School, two: tuple[Client, Client]):
    first, second = two
    address = reverse("supervision:phase", args=[school.campaign.phases.get().pk])
    of_first, of_second = shown(first, address), shown(second, address)
    sent(first, address, of_first, name="学习阶段")
    refused = sent(second, address, of_second, name="研讨阶段").context["form"]

    again = sent(second, address, {**of_second, "seen": refused["seen"].value()}, name="研讨阶段")

    assert again.status_code == 302
    assert Phase.objects.get().name == "研讨阶段"


def test_departments_are_part_of_a_phase(school: School, two: tuple[Client, Client]):
    first, second = two
    address = reverse("supervision:phase", args=[school.campaign.phases.get().pk])
    of_first, of_second = shown(first, address), shown(second, address)

    sent(first, address, of_first, departments="组织部、宣传部")
    answer = sent(second, address, of_second, departments="教务处")

    assert answer.status_code == 422
    assert "“责任部门”现在是“组织部、宣传部”" in answer.content.decode()


def test_a_demand_is_kept_from_the_second_too(school: School, two: tuple[Client, Client]):
    first, second = two
    address = reverse("supervision:edit_demand", args=[school.demand.pk])
    of_first, of_second = shown(first, address), shown(second, address)

    assert sent(first, address, of_first, quota=2).status_code == 302
    assert sent(second, address, of_second, quota=3).status_code == 422
    assert Demand.objects.get().quota == 2


@pytest.mark.parametrize("seen", ["{", '"text"', "", "x" * 10_000])
def test_a_strange_mark_is_no_way_to_break_the_page(school: School, client: Client, seen: str):
    client.force_login(UserFactory.create(is_superuser=True))
    address = reverse("supervision:phase", args=[school.campaign.phases.get().pk])

    answer = sent(client, address, {**shown(client, address), "seen": seen}, name="新名")

    assert answer.status_code in {302, 422}
