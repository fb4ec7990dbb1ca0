import smtplib
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from accounts.models import User
from notices import outbox, services
from notices.choices import DeliveryStatus
from notices.models import Delivery, Notice
from notices.outbox import MAX_ATTEMPTS, RETRY_AFTER
from notices.services import Message
from tests.factories import UserFactory, at

pytestmark = pytest.mark.django_db

NOW = at(10)


def announce(recipient: User, key: str = "decision:7", **changed: Any) -> bool:
    values: dict[str, Any] = {
        "kind": "decision",
        "title": "您的建议有了答复",
        "body": "建议“实训室晚间开放”已采纳。",
        "reason": "您是这条建议的执笔人。",
        "url": "/proposals/7/",
        "now": NOW,
    }
    return services.announce(recipient, key, **(values | changed))


def message(recipient: User, key: str) -> Message:
    return Message(recipient, key, "reminder", "临近期限", "正文", "原因", "/")


def only_delivery() -> Delivery:
    return Delivery.objects.get()


def fail_with(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def send(_message: EmailMessage) -> None:
        raise error

    monkeypatch.setattr(EmailMessage, "send", send)


def _claim(attempts: int, claimed_at: datetime) -> None:
    Delivery.objects.update(status=DeliveryStatus.CLAIMED, claimed_at=claimed_at, attempts=attempts)


def test_a_line_break_in_a_title_never_reaches_a_mail_header():
    announce(UserFactory.create(), title="答复\r\nBcc: someone@example.com")

    outbox.deliver(only_delivery().pk, NOW)

    [sent] = mail.outbox
    assert sent.subject == "答复 Bcc: someone@example.com"
    assert sent.recipients() == [Notice.objects.get().recipient.email]


def test_a_line_break_in_an_address_is_given_up_without_sending():
    announce(UserFactory.create(email="a@example.com\nBcc: b@example.com"))

    outbox.deliver(only_delivery().pk, NOW)

    assert mail.outbox == []
    assert only_delivery().status == DeliveryStatus.GIVEN_UP
    assert only_delivery().error == "主题或地址中有换行，未发送"


def test_the_mail_says_what_where_and_why():
    person = UserFactory.create()
    announce(person)
    notice = Notice.objects.get()

    sent = outbox.deliver(only_delivery().pk, NOW)

    assert sent is True
    [email] = mail.outbox
    assert email.to == [person.email]
    assert email.body == (
        "您的建议有了答复\n\n建议“实训室晚间开放”已采纳。\n\n"
        f"查看：http://127.0.0.1:8000/notices/{notice.pk}/\n\n"
        f"为什么收到：您是这条建议的执笔人。\nhttp://127.0.0.1:8000/notices/{notice.pk}/#why\n"
    )
    assert email.message()["Message-ID"] == f"<notice-{notice.pk}-20190916020000@127.0.0.1>"
    assert only_delivery().status == DeliveryStatus.SENT
    assert only_delivery().sent_at == NOW


def test_a_second_delivery_of_the_same_row_sends_nothing():
    announce(UserFactory.create())
    pk = only_delivery().pk

    answers = [outbox.deliver(pk, NOW), outbox.deliver(pk, NOW)]

    assert answers == [True, False]
    assert len(mail.outbox) == 1


def test_a_row_that_is_not_due_yet_waits():
    announce(UserFactory.create())
    Delivery.objects.update(not_before=NOW + timedelta(seconds=1))

    early = outbox.deliver(only_delivery().pk, NOW)
    on_time = outbox.deliver(only_delivery().pk, NOW + timedelta(seconds=1))

    assert (early, on_time) == (False, True)


def test_a_failed_attempt_is_repeated_with_growing_waits_and_then_given_up(
    monkeypatch: pytest.MonkeyPatch,
):
    announce(UserFactory.create())
    fail_with(monkeypatch, smtplib.SMTPServerDisconnected("connection lost"))
    pk, now = only_delivery().pk, NOW
    waits = []

    for _attempt in range(MAX_ATTEMPTS):
        outbox.deliver(pk, now)
        waits.append(only_delivery().not_before - now)
        now = only_delivery().not_before

    assert waits[:-1] == list(RETRY_AFTER)
    delivery = only_delivery()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.GIVEN_UP, MAX_ATTEMPTS)
    assert delivery.error == "connection lost"


def test_a_repeated_attempt_carries_the_same_message_id(monkeypatch: pytest.MonkeyPatch):
    announce(UserFactory.create())
    seen: list[str] = []

    def send(email: EmailMessage) -> None:
        seen.append(email.message()["Message-ID"])
        if len(seen) == 1:
            raise ConnectionResetError("dropped before the final 250")

    monkeypatch.setattr(EmailMessage, "send", send)

    outbox.deliver(only_delivery().pk, NOW)
    outbox.deliver(only_delivery().pk, NOW + RETRY_AFTER[0])

    assert len(seen) == 2
    assert seen[0] == seen[1]
    assert only_delivery().status == DeliveryStatus.SENT


@pytest.mark.parametrize(
    ("code", "status"), [(550, DeliveryStatus.GIVEN_UP), (450, DeliveryStatus.PENDING)]
)
def test_an_address_refused_for_good_is_not_tried_again(
    code: int, status: DeliveryStatus, monkeypatch: pytest.MonkeyPatch
):
    announce(UserFactory.create(email="gone@example.com"))
    refusal = smtplib.SMTPRecipientsRefused({"gone@example.com": (code, b"no such user")})
    fail_with(monkeypatch, refusal)

    outbox.deliver(only_delivery().pk, NOW)

    assert only_delivery().status == status


def test_a_person_who_left_gets_no_mail():
    person = UserFactory.create()
    announce(person)
    person.is_active = False
    person.save()

    outbox.deliver(only_delivery().pk, NOW)

    assert mail.outbox == []
    assert only_delivery().status == DeliveryStatus.GIVEN_UP


def test_the_sweeper_sends_what_a_dead_worker_left():
    announce(UserFactory.create())
    _claim(attempts=1, claimed_at=NOW)

    too_early = outbox.deliver_due(NOW + timedelta(minutes=9), seconds_at_most=5)
    in_time = outbox.deliver_due(NOW + timedelta(minutes=10), seconds_at_most=5)

    assert (too_early, in_time) == (0, 1)
    assert len(mail.outbox) == 1


def test_a_notice_that_kills_its_worker_every_time_is_given_up_in_the_end():
    announce(UserFactory.create())
    _claim(attempts=MAX_ATTEMPTS, claimed_at=NOW)

    outbox.deliver_due(NOW + timedelta(minutes=10), seconds_at_most=5)

    assert mail.outbox == []
    assert only_delivery().status == DeliveryStatus.GIVEN_UP
    assert only_delivery().error == "发送进程中断"


def test_a_worker_that_lost_its_claim_cannot_put_the_row_back(monkeypatch: pytest.MonkeyPatch):
    announce(UserFactory.create())

    def send_after_the_sweeper_came(_message: EmailMessage) -> None:
        Delivery.objects.update(status=DeliveryStatus.STOPPED)
        raise ConnectionResetError

    monkeypatch.setattr(EmailMessage, "send", send_after_the_sweeper_came)

    outbox.deliver(only_delivery().pk, NOW)

    assert only_delivery().status == DeliveryStatus.STOPPED


def test_the_sweeper_ends_its_pass_in_time():
    for number in range(3):
        announce(UserFactory.create(), key=f"decision:{number}")

    sent = outbox.deliver_due(NOW, seconds_at_most=-1)

    assert sent == 1
    assert Delivery.objects.due(NOW).count() == 2


def test_what_is_done_is_not_sent_any_more():
    announce(UserFactory.create(), key="reminder:1")
    announce(UserFactory.create(), key="reminder:2")

    stopped = outbox.stop_deliveries(["reminder:1"])
    outbox.deliver_due(NOW, seconds_at_most=5)

    assert stopped == 1
    assert len(mail.outbox) == 1
    assert Delivery.objects.get(notice__key="reminder:1").status == DeliveryStatus.STOPPED
