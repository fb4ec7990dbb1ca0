"""A real SMTP conversation: refusals, dropped connections, stripped encryption, silence."""

import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import Settings

from notices.choices import DeliveryStatus
from notices.models import Delivery, Notice
from notices.outbox import RETRY_AFTER, deliver_due
from notices.services import announce
from tests.factories import UserFactory, at
from tests.mail_server import Mailbox, free_port, mail_server

pytestmark = pytest.mark.django_db

NOW = at(10)


def _use_server(settings: Settings, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_TIMEOUT = 2


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    box = Mailbox()
    with mail_server(box) as port:
        _use_server(settings, port)
        yield box


def tell(title: str = "您的建议有了答复") -> None:
    announce(
        UserFactory.create(email="teacher@example.edu.cn"),
        "decision:7",
        kind="decision",
        title=title,
        body="已采纳。",
        reason="您是执笔人。",
        url="/",
        now=NOW,
    )


def sweep(after: timedelta = timedelta()) -> int:
    return deliver_due(NOW + after, seconds_at_most=20)


def outcome() -> tuple[str, int]:
    delivery = Delivery.objects.get()
    return delivery.status, delivery.attempts


def test_a_notice_arrives_with_its_chinese_intact(mailbox: Mailbox):
    tell()

    sweep()

    [message] = mailbox.messages
    assert message["Subject"] == "您的建议有了答复"
    assert message["To"] == "teacher@example.edu.cn"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "为什么收到：您是执笔人。" in message.get_content()
    assert outcome() == (DeliveryStatus.SENT, 1)


def test_a_header_cannot_be_planted_by_a_title(mailbox: Mailbox):
    tell("答复\r\nBcc: victim@example.com\r\n\r\n正文")

    sweep()

    [message] = mailbox.messages
    assert message["Bcc"] is None
    assert message["Subject"] == "答复 Bcc: victim@example.com 正文"


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("550 5.1.1 no such user", DeliveryStatus.GIVEN_UP),
        ("450 4.2.1 mailbox busy", DeliveryStatus.PENDING),
    ],
)
def test_a_recipient_refused_for_good_or_for_now(
    mailbox: Mailbox, answer: str, status: DeliveryStatus
):
    mailbox.on_recipient = lambda _address: answer
    tell()

    sweep()

    assert outcome() == (status, 1)
    assert mailbox.messages == []


def test_a_message_refused_for_now_goes_out_later(mailbox: Mailbox):
    answers = iter(["451 4.3.0 try again", "250 OK"])
    mailbox.on_data = lambda: next(answers)
    tell()

    sweep()
    sweep(RETRY_AFTER[0])

    assert outcome() == (DeliveryStatus.SENT, 2)
    assert len(mailbox.messages) == 1


def test_a_connection_dropped_before_the_final_answer_doubles_only_the_same_message(
    mailbox: Mailbox,
):
    answers = iter([None, "250 OK"])
    mailbox.on_data = lambda: next(answers)
    tell()

    sweep()
    sweep(RETRY_AFTER[0])

    assert outcome() == (DeliveryStatus.SENT, 2)
    assert list(mailbox.message_ids().values()) == [2]


def test_nothing_is_sent_where_encryption_was_stripped(mailbox: Mailbox, settings: Settings):
    settings.EMAIL_USE_TLS = True  # this server offers none, as after an attack
    tell()

    sweep()

    assert mailbox.messages == []
    assert outcome() == (DeliveryStatus.PENDING, 1)
    assert Delivery.objects.get().error == "邮件服务器不支持加密连接，未发送"


def test_a_server_that_says_nothing_is_left_after_the_time_out(settings: Settings):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        _use_server(settings, silent.getsockname()[1])
        settings.EMAIL_TIMEOUT = 0.2
        tell()

        sweep()

    assert outcome() == (DeliveryStatus.PENDING, 1)


def test_a_server_that_is_not_there_loses_nothing(mailbox: Mailbox, settings: Settings):
    port = settings.EMAIL_PORT
    settings.EMAIL_PORT = free_port()
    tell()
    sweep()
    settings.EMAIL_PORT = port

    sweep(RETRY_AFTER[0])

    assert outcome() == (DeliveryStatus.SENT, 2)
    assert Notice.objects.count() == 1
