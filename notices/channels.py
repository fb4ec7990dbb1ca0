"""The ways out of the portal. Each sends, or raises."""

from __future__ import annotations

import smtplib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse

from core.outgoing import ForbiddenAddress
from notices.choices import Channel
from notices.robots import post_text
from notices.stopping import may_be_stopped, stop_address

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from notices.models import Notice

#: Reply codes from here on mean "never", those below mean "not now" (RFC 5321, 4.2.1).
_PERMANENT_REPLY = 500


class Undeliverable(Exception):
    """Trying again would change nothing; the message says why, for a person to read."""


def send_email(notices: Sequence[Notice], _now: datetime) -> None:
    """Hand notices to one person to the mail server, as one message.

    The Message-ID comes from the first row, so a mailbox that gets the message twice shows it
    once.

    Raises Undeliverable for an address that is refused for good, OSError when it may work later.
    """
    recipient = notices[0].recipient
    if not recipient.email or not recipient.is_active:
        raise Undeliverable("此人已停用或没有邮箱地址")
    subject = _subject(notices)
    if any(mark in subject + recipient.email for mark in "\r\n"):
        raise Undeliverable("主题或地址中有换行，未发送")
    message = EmailMessage(
        subject=subject,
        body="\n\n———\n\n".join([*map(_text, notices), *_way_to_stop(notices)]) + "\n",
        to=[recipient.email],
        headers={
            "Message-ID": message_id(notices[0]),
            "Auto-Submitted": "auto-generated",
            **_stop_headers(notices),
        },
    )
    message.connection = get_connection()
    try:
        message.send()
    except smtplib.SMTPNotSupportedError as error:
        raise OSError("邮件服务器不支持加密连接，未发送") from error
    except smtplib.SMTPRecipientsRefused as error:
        if all(code >= _PERMANENT_REPLY for code, _text in error.recipients.values()):
            raise Undeliverable(f"收件地址被拒绝：{recipient.email}") from error
        raise
    except ValueError as error:  # the address cannot be written in a header
        raise Undeliverable(f"收件地址无效：{recipient.email}") from error
    finally:
        message.connection.close()  # Django leaves it open when encryption is refused


def post_to_robot(notices: Sequence[Notice], now: datetime) -> None:
    """Post notices to the recipient's group robot. Raises as `send_email` does."""
    robot = getattr(notices[0].recipient, "robot", None)
    if robot is None or not robot.is_active:
        raise Undeliverable("群机器人已停用")
    try:
        post_text(robot, "\n\n".join(_text(notice) for notice in notices), now)
    except ForbiddenAddress as error:
        raise Undeliverable(str(error)) from error


def message_id(notice: Notice) -> str:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<notice-{notice.pk}-{notice.created_at:%Y%m%d%H%M%S}@{host}>"


def _subject(notices: Sequence[Notice]) -> str:
    first = notices[0].title
    return first if len(notices) == 1 else f"{first}（等{len(notices)}条提醒）"


def _text(notice: Notice) -> str:
    address = settings.SITE_URL + reverse("notices:detail", args=[notice.pk])
    parts = [notice.title, notice.body, f"查看：{address}"]
    if notice.reason:
        parts.append(f"为什么收到：{notice.reason}\n{address}#why")
    return "\n\n".join(part for part in parts if part)


def _way_to_stop(notices: Sequence[Notice]) -> list[str]:
    if not all(map(may_be_stopped, notices)):
        return []
    return [f"不想再收到提醒邮件：{stop_address(notices[0].recipient)}"]


def _stop_headers(notices: Sequence[Notice]) -> dict[str, str]:
    """What lets a mail program offer its own button (RFC 8058)."""
    if not all(map(may_be_stopped, notices)):
        return {}
    return {
        "List-Unsubscribe": f"<{stop_address(notices[0].recipient)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


#: Each sends notices to one person through one channel.
SENDERS: dict[str, Callable[[Sequence[Notice], datetime], None]] = {
    Channel.EMAIL: send_email,
    Channel.WEBHOOK: post_to_robot,
}
