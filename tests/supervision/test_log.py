"""What was sent and why, and what did not arrive."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from notices.choices import DeliveryStatus
from notices.models import Delivery
from notices.services import announce
from supervision.obligations import of_campaign
from supervision.services.ladder import send_due
from tests.factories import MembershipFactory, UnitFactory, UserFactory, at
from tests.queries import MOST_FOR_A_PAGE, queries_of
from tests.supervision.conftest import School
from units.choices import Position

YELLOW = date(2019, 10, 9)


def logged(client: Client, **query: Any) -> list[tuple[str, str]]:
    page = client.get(reverse("supervision:log"), query).context["page"]
    return [(notice.recipient.name, notice.title) for notice in page.object_list]


def private_answer(recipient: Any) -> None:
    announce(
        recipient,
        "reply:1",
        kind="reply",
        title="您的意见有了答复",
        body="",
        reason="",
        url="/",
        now=at(9, on=YELLOW),
    )


def test_the_log_names_what_was_sent_to_whom_and_why(client: Client, school: School):
    send_due(at(9, on=YELLOW))
    private_answer(school.secretary)
    client.force_login(school.organiser)

    page = client.get(reverse("supervision:log"))

    assert logged(client) == [("书记", "【黄】组织研讨：还差1场，10月20日截止")]
    assert "规则：剩余时间不超过30%仍未完成的，为黄色提醒" in page.content.decode()


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({}, "电子邮件待发送（10月9日 09:00起）"),
        (
            {"error": "connection refused"},
            "电子邮件待发送（10月9日 09:00起，上次：connection refused）",
        ),
        (
            {"status": DeliveryStatus.SENT, "sent_at": at(9, 1, on=YELLOW)},
            "电子邮件已发送（10月9日 09:01）",
        ),
        (
            {"status": DeliveryStatus.GIVEN_UP, "error": "收件地址被拒绝"},
            "电子邮件未送达（收件地址被拒绝）",
        ),
    ],
)
def test_the_log_says_how_far_each_message_has_come(
    client: Client, school: School, columns: dict[str, Any], words: str
):
    send_due(at(9, on=YELLOW))
    Delivery.objects.update(**columns)
    client.force_login(school.organiser)

    page = client.get(reverse("supervision:log")).content.decode()

    assert words in "".join(page.split("\n"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "书记"}, 1),
        ({"q": "组织研讨"}, 1),
        ({"q": "联络员"}, 0),
        ({"kind": "sending"}, 0),
        ({"since": "2019-10-10"}, 0),
        ({"since": "不是日期"}, 1),
        ({"page": "9" * 5_000}, 1),
    ],
)
def test_the_log_is_searched(client: Client, school: School, query: dict[str, str], found: int):
    send_due(at(9, on=YELLOW))
    client.force_login(school.organiser)

    assert len(logged(client, **query)) == found


def test_the_log_of_one_obligation_shows_its_notices_alone(client: Client, school: School):
    other = UnitFactory.create(name="第二党支部", parent=school.committee)
    MembershipFactory.create(unit=other, position=Position.SECRETARY)
    send_due(at(9, on=YELLOW))
    client.force_login(school.organiser)
    [owed] = [one for one in of_campaign(school.campaign, YELLOW) if one.unit == school.branch]

    page = client.get(reverse("supervision:owed", args=[owed.key]))
    link = f"{reverse('supervision:log')}?owed={owed.key}"

    assert link in page.content.decode()
    assert [name for name, _ in logged(client, owed=owed.key)] == ["书记"]
    assert len(logged(client)) == len(logged(client, owed="demand-0-0")) > 1


def test_the_log_is_the_campaign_groups(client: Client, school: School):
    client.force_login(school.secretary)

    answers = {
        client.get(reverse(f"supervision:{name}")).status_code for name in ("log", "undelivered")
    }

    assert answers == {403}


def test_what_was_given_up_is_seen_and_sent_again_by_hand(client: Client, school: School):
    send_due(at(9, on=YELLOW))
    Delivery.objects.update(status=DeliveryStatus.GIVEN_UP, attempts=6, error="connection refused")
    client.force_login(school.organiser)
    delivery = Delivery.objects.get()

    before = client.get(reverse("supervision:undelivered")).content.decode()
    client.post(reverse("supervision:retry", args=[delivery.pk]))
    client.post(reverse("supervision:retry", args=[delivery.pk]))

    assert "connection refused" in before
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.PENDING, 0)
    assert AuditEntry.objects.filter(action="supervision.send_again").count() == 1


def test_a_private_answer_that_did_not_arrive_is_listed_without_its_words(
    client: Client, school: School
):
    private_answer(school.secretary)
    Delivery.objects.update(status=DeliveryStatus.GIVEN_UP, error="收件地址被拒绝")
    client.force_login(school.organiser)

    page = client.get(reverse("supervision:undelivered")).content.decode()

    assert "收件地址被拒绝" in page
    assert "您的意见有了答复" not in page


@pytest.mark.parametrize("name", ["log", "undelivered"])
def test_pages_cost_the_same_queries_for_one_row_and_for_three(
    client: Client, school: School, name: str
):
    def add(number: int) -> None:
        announce(
            UserFactory.create(),
            f"ladder:{number}",
            kind="ladder",
            title="提醒",
            body="",
            reason="",
            url="/",
            now=at(9, number, on=YELLOW),
        )
        Delivery.objects.update(status=DeliveryStatus.GIVEN_UP)

    client.force_login(school.organiser)
    add(1)
    one = queries_of(lambda: client.get(reverse(f"supervision:{name}")))
    add(2)
    add(3)
    three = queries_of(lambda: client.get(reverse(f"supervision:{name}")))

    assert one == three <= MOST_FOR_A_PAGE
