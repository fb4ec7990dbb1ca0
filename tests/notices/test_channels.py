"""What goes out when: one mail a day, quiet hours, the limits of group robots."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.outgoing import ForbiddenAddress
from notices import robots
from notices.choices import Channel, DeliveryStatus, RobotKind
from notices.models import Delivery, Preference, Robot
from notices.outbox import ROBOT_LIMITS, deliver, deliver_due
from notices.services import Message, announce_all, connect_robot
from tests.factories import UserFactory, at

pytestmark = pytest.mark.django_db

#: A working Monday at ten past ten.
NOW = at(10, 10)
WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"
DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=1"


def remind(person: User, *events: str, is_automatic: bool = True, now: datetime = NOW) -> None:
    announce_all(
        [
            Message(person, event, "ladder", event, "正文", "原因", "/", is_automatic)
            for event in events
        ],
        now,
    )


def sweep(now: datetime) -> int:
    return deliver_due(now, seconds_at_most=20)


def told_by_robot(monkeypatch: pytest.MonkeyPatch, answer: bytes = b'{"errcode": 0}') -> list[Any]:
    """Every address and payload posted from now on."""
    posted: list[Any] = []

    def post(url: str, payload: Any, **_hosts: object) -> bytes:
        posted.append((url, payload))
        return answer

    monkeypatch.setattr(robots, "post_json", post)
    return posted


def test_reminders_of_one_pass_travel_in_one_mail():
    person = UserFactory.create()
    remind(person, "甲", "乙", "丙")

    assert sweep(NOW) == 1
    [email] = mail.outbox
    assert email.subject == "甲（等3条提醒）"
    assert [part in email.body for part in ("甲", "乙", "丙")] == [True] * 3
    assert set(Delivery.objects.values_list("status", flat=True)) == {DeliveryStatus.SENT}


def test_a_second_mail_waits_for_the_next_working_morning():
    person = UserFactory.create()
    remind(person, "甲")
    sweep(NOW)
    remind(person, "乙", now=NOW + timedelta(minutes=5))

    same_day = sweep(NOW + timedelta(hours=4))
    next_day = sweep(at(8, on=NOW.date() + timedelta(days=1)))

    assert (same_day, next_day) == (0, 1)
    assert [email.subject for email in mail.outbox] == ["甲", "乙"]


def test_what_a_person_sends_does_not_wait_for_the_reminders():
    person = UserFactory.create()
    remind(person, "甲")
    sweep(NOW)

    remind(person, "红", is_automatic=False)

    assert sweep(NOW) == 1


def test_who_wants_single_mails_gets_them():
    person = UserFactory.create()
    Preference.objects.create(user=person, digest_on=False)
    remind(person, "甲", "乙")

    assert sweep(NOW) == 2


def test_a_mail_sent_again_has_the_same_message_id_and_the_same_reminders(
    monkeypatch: pytest.MonkeyPatch,
):
    person = UserFactory.create()
    remind(person, "甲", "乙")
    sent: list[tuple[str, str]] = []

    def send(email: EmailMessage) -> None:
        sent.append((email.message()["Message-ID"], str(email.body)))
        if len(sent) == 1:
            raise ConnectionResetError("dropped before the final 250")

    monkeypatch.setattr(EmailMessage, "send", send)
    last = Delivery.objects.order_by("-pk")[0]

    deliver(last.pk, NOW)
    deliver(last.pk, NOW + timedelta(minutes=1))

    assert len(sent) == 2
    assert sent[0] == sent[1]


def test_two_people_get_a_mail_each():
    for _ in range(2):
        remind(UserFactory.create(), "甲", "乙")

    assert sweep(NOW) == 2
    assert len({email.to[0] for email in mail.outbox}) == 2


def test_who_wants_no_mail_gets_none():
    person = UserFactory.create()
    Preference.objects.create(user=person, email_on=False)

    remind(person, "甲")
    remind(person, "乙", is_automatic=False)

    assert not Delivery.objects.exists()


def test_who_wants_no_reminders_by_mail_still_gets_other_mail():
    person = UserFactory.create()
    Preference.objects.create(user=person, reminders_on=False)

    remind(person, "甲")
    remind(person, "乙", is_automatic=False)

    assert Delivery.objects.get().notice.key == "乙"


@pytest.mark.parametrize(
    ("start", "end", "at_time", "quiet_end"),
    [
        (time(12), time(14), time(11, 59), None),
        (time(12), time(14), time(12), time(14)),
        (time(12), time(14), time(14), None),
        (time(18), time(9), time(18), time(9)),
        (time(18), time(9), time(8, 59), time(9)),
        (time(18), time(9), time(9), None),
        (time(9), time(9), time(9), None),
        (None, None, time(9), None),
    ],
)
def test_quiet_hours_may_pass_midnight(
    start: time | None, end: time | None, at_time: time, quiet_end: time | None
):
    assert Preference(quiet_from=start, quiet_until=end).quiet_end(at_time) == quiet_end


def test_quiet_hours_with_one_end_are_refused():
    with pytest.raises(IntegrityError):
        Preference.objects.create(user=UserFactory.create(), quiet_from=time(12))


def test_reminders_wait_for_the_end_of_a_persons_quiet_hours():
    person = UserFactory.create()
    Preference.objects.create(user=person, quiet_from=time(10), quiet_until=time(14))
    remind(person, "甲")

    within, after = sweep(NOW), sweep(at(14))

    assert (within, after) == (0, 1)


def test_quiet_hours_over_night_never_end_before_office_hours():
    person = UserFactory.create()
    Preference.objects.create(user=person, quiet_from=time(10), quiet_until=time(7))
    remind(person, "甲")

    sweep(NOW)

    assert Delivery.objects.get().not_before == at(8, on=NOW.date() + timedelta(days=1))


def test_a_group_robot_is_told_as_well(monkeypatch: pytest.MonkeyPatch):
    posted = told_by_robot(monkeypatch)
    person = UserFactory.create(email="")
    connect_robot(person, kind=RobotKind.WECOM, url=WECOM, secret="")
    remind(person, "甲")

    assert sweep(NOW) == 1
    [(url, payload)] = posted
    assert url == WECOM
    assert payload["msgtype"] == "text"
    assert payload["text"]["content"].startswith("甲\n\n正文\n\n查看：http://")


def test_dingtalk_gets_the_moment_and_a_signature(monkeypatch: pytest.MonkeyPatch):
    posted = told_by_robot(monkeypatch)
    person = UserFactory.create(email="")
    connect_robot(person, kind=RobotKind.DINGTALK, url=DINGTALK, secret="SEC1")
    remind(person, "甲")

    sweep(NOW)

    query = parse_qs(urlsplit(posted[0][0]).query)
    moment = str(int(NOW.timestamp() * 1000))
    expected = hmac.new(b"SEC1", f"{moment}\nSEC1".encode(), hashlib.sha256).digest()
    assert query == {
        "access_token": ["1"],
        "timestamp": [moment],
        "sign": [base64.b64encode(expected).decode()],
    }


def test_a_long_text_is_cut_between_characters(monkeypatch: pytest.MonkeyPatch):
    message = robots.text_message("好" * 5_000)

    assert len(message["text"]["content"].encode()) <= robots.MOST_BYTES
    assert set(message["text"]["content"]) == {"好"}


@pytest.mark.parametrize("answer", [b'{"errcode": 93000, "errmsg": "invalid"}', b"<html>", b"[]"])
def test_a_robot_that_refuses_is_tried_again(monkeypatch: pytest.MonkeyPatch, answer: bytes):
    told_by_robot(monkeypatch, answer)
    person = UserFactory.create(email="")
    connect_robot(person, kind=RobotKind.WECOM, url=WECOM, secret="")
    remind(person, "甲")

    sweep(NOW)

    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.PENDING, 1)
    assert delivery.error.startswith("群机器人")


@pytest.mark.parametrize("minute", [0, 30])
def test_a_robot_is_silent_at_the_full_and_the_half_hour(
    monkeypatch: pytest.MonkeyPatch, minute: int
):
    told_by_robot(monkeypatch)
    person = UserFactory.create(email="")
    connect_robot(person, kind=RobotKind.WECOM, url=WECOM, secret="")
    remind(person, "甲", now=at(10, minute))

    assert sweep(at(10, minute)) == 0
    assert sweep(at(10, minute + 1)) == 1


def test_a_robot_gets_no_more_than_its_owner_allows(monkeypatch: pytest.MonkeyPatch):
    told_by_robot(monkeypatch)
    most, period = ROBOT_LIMITS[0]
    person = UserFactory.create(email="")
    connect_robot(person, kind=RobotKind.WECOM, url=WECOM, secret="")
    remind(person, *(f"{number}" for number in range(most + 1)))

    first, second = sweep(NOW), sweep(NOW + period)

    assert (first, second) == (most, 1)


@pytest.mark.parametrize(
    "url", ["http://qyapi.weixin.qq.com/", "https://169.254.169.254/", "https://example.com/"]
)
def test_only_the_known_robots_can_be_connected(url: str):
    with pytest.raises(ForbiddenAddress):
        connect_robot(UserFactory.create(), kind=RobotKind.WECOM, url=url, secret="")

    assert not Robot.objects.exists()


def _given(**changed: str) -> dict[str, str]:
    return {"email_on": "on", "robot_kind": "wecom", "robot_url": WECOM} | changed


def test_a_person_chooses_how_to_be_told(client: Client):
    person = UserFactory.create()
    client.force_login(person)
    address = reverse("notices:preferences")

    client.post(address, _given(quiet_from="12:00", quiet_until="14:00"))
    client.post(address, _given(robot_url=""))  # keeps the address
    page = client.get(address).content.decode()

    preference = Preference.objects.get(user=person)
    assert (preference.email_on, preference.reminders_on) == (True, False)
    assert preference.quiet_from is None
    assert Robot.objects.get(user=person).url == WECOM
    assert "key=1" not in page


def test_an_address_that_is_no_robots_is_explained(client: Client):
    client.force_login(UserFactory.create())

    response = client.post(
        reverse("notices:preferences"), _given(robot_url="https://10.0.0.1/", quiet_from="12:00")
    )

    assert response.status_code == 422
    assert response.context["form"].errors == {
        "robot_url": ["不允许访问 10.0.0.1。"],
        "quiet_until": ["免打扰的开始和结束请一起填写。"],
    }


def test_a_robot_can_be_disconnected(client: Client):
    person = UserFactory.create()
    connect_robot(person, kind=RobotKind.WECOM, url=WECOM, secret="")
    client.force_login(person)

    client.post(reverse("notices:preferences"), _given(robot_kind="", robot_url=""))

    assert not Robot.objects.exists()


def test_a_delivery_to_a_robot_that_is_gone_is_given_up():
    person = UserFactory.create(email="")
    connect_robot(person, kind=RobotKind.WECOM, url=WECOM, secret="")
    remind(person, "甲")
    Robot.objects.all().delete()

    sweep(NOW)

    assert Delivery.objects.get(channel=Channel.WEBHOOK).status == DeliveryStatus.GIVEN_UP


def test_the_payload_is_json_that_both_read():
    assert json.loads(json.dumps(robots.text_message("您好"))) == {
        "msgtype": "text",
        "text": {"content": "您好"},
    }
