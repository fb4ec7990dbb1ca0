import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from notices import services, tasks
from notices.choices import DeliveryStatus
from notices.models import Delivery, Notice
from notices.services import MAX_ATTEMPTS, RETRY_AFTER, Message
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


def test_an_event_is_told_once_to_each_person():
    first, second = UserFactory.create_batch(2)

    answers = [announce(first), announce(first), announce(second)]

    assert answers == [True, False, True]
    assert Notice.objects.filter(recipient=first).count() == 1
    assert Delivery.objects.count() == 2


def test_a_person_without_address_is_told_inside_the_portal_only():
    announce(UserFactory.create(email=""))

    assert Notice.objects.count() == 1
    assert not Delivery.objects.exists()


def test_nothing_is_told_when_the_callers_transaction_fails():
    def announce_and_fail() -> None:
        with transaction.atomic():
            announce(UserFactory.create())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        announce_and_fail()

    assert not Notice.objects.exists()
    assert not Delivery.objects.exists()


def test_the_worker_is_told_once_the_notice_is_committed(
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
):
    hints: list[Any] = []
    monkeypatch.setattr(
        tasks.deliver_one, "apply_async", lambda args, **_options: hints.append(args)
    )

    with django_capture_on_commit_callbacks(execute=True):
        announce(UserFactory.create())
        told_before_commit = list(hints)

    assert told_before_commit == []
    assert hints == [(only_delivery().pk,)]


def test_a_line_break_in_a_title_never_reaches_a_mail_header():
    announce(UserFactory.create(), title="答复\r\nBcc: someone@example.com")

    services.deliver(only_delivery().pk, NOW)

    [sent] = mail.outbox
    assert sent.subject == "答复 Bcc: someone@example.com"
    assert sent.recipients() == [Notice.objects.get().recipient.email]


def test_a_line_break_in_an_address_is_given_up_without_sending():
    announce(UserFactory.create(email="a@example.com\nBcc: b@example.com"))

    services.deliver(only_delivery().pk, NOW)

    assert mail.outbox == []
    assert only_delivery().status == DeliveryStatus.GIVEN_UP
    assert only_delivery().error == "主题或地址中有换行，未发送"


def test_the_mail_says_what_where_and_why():
    person = UserFactory.create()
    announce(person)
    notice = Notice.objects.get()

    sent = services.deliver(only_delivery().pk, NOW)

    assert sent is True
    [email] = mail.outbox
    assert email.to == [person.email]
    assert email.body == (
        "您的建议有了答复\n\n建议“实训室晚间开放”已采纳。\n\n"
        f"查看：http://127.0.0.1:8000/notices/{notice.pk}/\n\n"
        "为什么收到：您是这条建议的执笔人。\n"
    )
    assert email.message()["Message-ID"] == f"<notice-{notice.pk}-20190916020000@127.0.0.1>"
    assert only_delivery().status == DeliveryStatus.SENT
    assert only_delivery().sent_at == NOW


def test_a_second_delivery_of_the_same_row_sends_nothing():
    announce(UserFactory.create())
    pk = only_delivery().pk

    answers = [services.deliver(pk, NOW), services.deliver(pk, NOW)]

    assert answers == [True, False]
    assert len(mail.outbox) == 1


def test_a_row_that_is_not_due_yet_waits():
    announce(UserFactory.create())
    Delivery.objects.update(not_before=NOW + timedelta(seconds=1))

    early = services.deliver(only_delivery().pk, NOW)
    on_time = services.deliver(only_delivery().pk, NOW + timedelta(seconds=1))

    assert (early, on_time) == (False, True)


def test_a_failed_attempt_is_repeated_with_growing_waits_and_then_given_up(
    monkeypatch: pytest.MonkeyPatch,
):
    announce(UserFactory.create())
    fail_with(monkeypatch, smtplib.SMTPServerDisconnected("connection lost"))
    pk, now = only_delivery().pk, NOW
    waits = []

    for _attempt in range(MAX_ATTEMPTS):
        services.deliver(pk, now)
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

    services.deliver(only_delivery().pk, NOW)
    services.deliver(only_delivery().pk, NOW + RETRY_AFTER[0])

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

    services.deliver(only_delivery().pk, NOW)

    assert only_delivery().status == status


def test_a_person_who_left_gets_no_mail():
    person = UserFactory.create()
    announce(person)
    person.is_active = False
    person.save()

    services.deliver(only_delivery().pk, NOW)

    assert mail.outbox == []
    assert only_delivery().status == DeliveryStatus.GIVEN_UP


def _claim(attempts: int, claimed_at: datetime) -> None:
    Delivery.objects.update(status=DeliveryStatus.CLAIMED, claimed_at=claimed_at, attempts=attempts)


def test_the_sweeper_sends_what_a_dead_worker_left():
    announce(UserFactory.create())
    _claim(attempts=1, claimed_at=NOW)

    too_early = services.deliver_due(NOW + timedelta(minutes=9), seconds_at_most=5)
    in_time = services.deliver_due(NOW + timedelta(minutes=10), seconds_at_most=5)

    assert (too_early, in_time) == (0, 1)
    assert len(mail.outbox) == 1


def test_a_notice_that_kills_its_worker_every_time_is_given_up_in_the_end():
    announce(UserFactory.create())
    _claim(attempts=MAX_ATTEMPTS, claimed_at=NOW)

    services.deliver_due(NOW + timedelta(minutes=10), seconds_at_most=5)

    assert mail.outbox == []
    assert only_delivery().status == DeliveryStatus.GIVEN_UP
    assert only_delivery().error == "发送进程中断"


def test_a_worker_that_lost_its_claim_cannot_put_the_row_back(monkeypatch: pytest.MonkeyPatch):
    announce(UserFactory.create())

    def send_after_the_sweeper_came(_message: EmailMessage) -> None:
        Delivery.objects.update(status=DeliveryStatus.STOPPED)
        raise ConnectionResetError

    monkeypatch.setattr(EmailMessage, "send", send_after_the_sweeper_came)

    services.deliver(only_delivery().pk, NOW)

    assert only_delivery().status == DeliveryStatus.STOPPED


def test_the_sweeper_ends_its_pass_in_time():
    for number in range(3):
        announce(UserFactory.create(), key=f"decision:{number}")

    sent = services.deliver_due(NOW, seconds_at_most=-1)

    assert sent == 1
    assert Delivery.objects.due(NOW).count() == 2


def test_what_is_done_is_not_sent_any_more():
    announce(UserFactory.create(), key="reminder:1")
    announce(UserFactory.create(), key="reminder:2")

    stopped = services.stop_deliveries(["reminder:1"])
    services.deliver_due(NOW, seconds_at_most=5)

    assert stopped == 1
    assert len(mail.outbox) == 1
    assert Delivery.objects.get(notice__key="reminder:1").status == DeliveryStatus.STOPPED


def test_many_messages_are_written_once_each():
    first, second = UserFactory.create_batch(2)
    announce(first, key="due:1")
    wanted = [message(first, "due:1"), message(first, "due:2"), message(second, "due:1")]

    fresh = services.announce_all([*wanted, wanted[-1]], NOW)
    again = services.announce_all(wanted, NOW)

    assert {(notice.recipient_id, notice.key) for notice in fresh} == {
        (first.pk, "due:2"),
        (second.pk, "due:1"),
    }
    assert again == []
    assert Notice.objects.count() == 3
    assert Delivery.objects.count() == 3


@pytest.mark.parametrize("count", [1, 3])
def test_many_messages_cost_the_same_queries(
    count: int, django_assert_num_queries: Callable[[int], Any]
):
    messages = [message(person, "due:1") for person in UserFactory.create_batch(count)]

    with django_assert_num_queries(6):  # 4 statements and a savepoint
        services.announce_all(messages, NOW)
