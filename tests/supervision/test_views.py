from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from notices.models import Notice
from supervision.models import LadderStep
from supervision.services.ladder import send_due
from tests.factories import ActivityFactory, MembershipFactory, UnitFactory, UserFactory, at
from tests.queries import MOST_FOR_A_PAGE, queries_of
from tests.supervision.conftest import School
from units.choices import Position, UnitKind

YELLOW, OVERDUE = date(2019, 10, 9), date(2019, 10, 21)


def key(school: School) -> str:
    return f"demand-{school.demand.pk}-{school.branch.pk}"


def titles(client: Client, show: str = "") -> list[tuple[str, str]]:
    lines = client.get(reverse("supervision:owed_list"), {"show": show}).context["lines"]
    return [(line.title, line.summary) for line in lines]


@time_machine.travel(at(9, on=YELLOW), tick=False)
def test_the_list_shows_what_is_open_and_how_long_there_is(client: Client, school: School):
    client.force_login(school.secretary)

    assert titles(client) == [("组织研讨", "第一党支部 · 还差1场 · 10月20日截止（含今天还有12天）")]
    assert titles(client, "overdue") == []
    assert titles(client, "met") == []


@time_machine.travel(at(9, on=YELLOW), tick=False)
def test_what_is_done_moves_to_the_done_list(client: Client, school: School):
    ActivityFactory.create(campaign=school.campaign, unit=school.branch)
    client.force_login(school.secretary)

    assert titles(client) == []
    assert titles(client, "met") == [("组织研讨", "第一党支部 · 已完成1场")]


@time_machine.travel(at(9, on=OVERDUE), tick=False)
def test_what_is_late_says_by_how_much(client: Client, school: School):
    client.force_login(school.organiser)

    assert titles(client, "overdue") == [("组织研讨", "第一党支部 · 还差1场 · 已超期1天")]


@time_machine.travel(at(9, on=OVERDUE), tick=False)
def test_the_page_of_an_obligation_shows_what_was_sent_and_why(client: Client, school: School):
    send_due(at(9, on=YELLOW))
    client.force_login(school.secretary)

    response = client.get(reverse("supervision:owed", args=[key(school)]))

    [(step, names)] = response.context["steps"]
    assert step.rule == "规则：剩余时间不超过30%仍未完成的，为黄色提醒，发给本单位书记。"
    assert step.rule in response.content.decode()
    assert names == ["书记"]
    assert not response.context["may_confirm_red"]


@time_machine.travel(at(9, on=OVERDUE), tick=False)
def test_the_campaign_group_confirms_red_by_one_button(client: Client, school: School):
    client.force_login(school.organiser)
    address = reverse("supervision:owed", args=[key(school)])

    before = client.get(address).context["may_confirm_red"]
    client.post(reverse("supervision:confirm_red", args=[key(school)]))
    client.post(reverse("supervision:confirm_red", args=[key(school)]))
    after = client.get(address).context["may_confirm_red"]

    assert (before, after) == (True, False)
    assert LadderStep.objects.count() == 1
    assert Notice.objects.get().recipient == school.leader


@time_machine.travel(at(9, on=OVERDUE), tick=False)
def test_a_secretary_cannot_confirm_red(client: Client, school: School):
    client.force_login(school.secretary)

    response = client.post(reverse("supervision:confirm_red", args=[key(school)]))

    assert response.status_code == 403
    assert not LadderStep.objects.exists()


@time_machine.travel(at(9, on=OVERDUE), tick=False)
@pytest.mark.parametrize(("name", "method"), [("owed", "get"), ("confirm_red", "post")])
def test_what_a_sibling_unit_owes_does_not_exist(
    client: Client, school: School, name: str, method: str
):
    sibling = UnitFactory.create(kind=UnitKind.DEPARTMENT, parent=school.school)
    stranger = UserFactory.create()
    MembershipFactory.create(user=stranger, unit=sibling, position=Position.SECRETARY)
    client.force_login(stranger)

    response = getattr(client, method)(reverse(f"supervision:{name}", args=[key(school)]))

    assert response.status_code == 404


def test_without_a_campaign_there_is_nothing_owed(client: Client, school: School):
    school.campaign.state = "sealed"
    school.campaign.save()
    client.force_login(school.organiser)

    assert titles(client) == []
    assert client.get(reverse("supervision:owed", args=[key(school)])).status_code == 404


@pytest.mark.parametrize("page", ["0", "-3", "x", "9" * 5_000])
def test_a_page_that_does_not_exist_is_no_fault(client: Client, school: School, page: str):
    client.force_login(school.organiser)

    response = client.get(reverse("supervision:owed_list"), {"page": page})

    assert response.status_code == 200


@time_machine.travel(at(9, on=YELLOW), tick=False)
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "第一"}, 1),
        ({"q": "研 讨"}, 0),
        ({"q": "组织"}, 1),
        ({"q": "数控支部"}, 0),
        ({"duty": "demand"}, 1),
        ({"duty": "measure"}, 0),
        ({"duty": "nonsense"}, 1),
    ],
)
def test_the_list_is_narrowed_by_unit_thing_and_kind(
    client: Client, school: School, asked: dict[str, str], found: int
):
    client.force_login(school.organiser)

    assert len(client.get(reverse("supervision:owed_list"), asked).context["lines"]) == found


@time_machine.travel(at(9, on=date(2019, 10, 22)), tick=False)
def test_what_is_overdue_says_whether_somebody_confirmed_it(client: Client, school: School):
    client.force_login(school.organiser)
    listed = reverse("supervision:owed_list")
    before = client.get(listed).content.decode()
    warned = client.get(reverse("supervision:owed", args=[key(school)])).content.decode()

    client.post(reverse("supervision:confirm_red", args=[key(school)]))

    after = client.get(listed).content.decode()
    assert ("待确认" in before, "已通知组长" in before) == (True, False)
    assert "此前没有发过任何提醒" in warned
    assert ("待确认" in after, "已通知组长" in after) == (False, True)


@pytest.mark.parametrize("name", ["owed_list", "owed"])
def test_pages_cost_the_same_queries_for_one_unit_and_for_three(
    client: Client, school: School, name: str
):
    client.force_login(school.organiser)
    address = reverse(f"supervision:{name}", args=[key(school)] if name == "owed" else [])
    one = queries_of(lambda: client.get(address))
    for _ in range(2):
        UnitFactory.create(parent=school.committee)
    three = queries_of(lambda: client.get(address))

    assert one == three <= MOST_FOR_A_PAGE
