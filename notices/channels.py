"""The ways out of the portal. Each sends one notice, or raises."""

from __future__ import annotations

import smtplib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from notices.choices import Channel

if TYPE_CHECKING:
    from collections.abc import Callable

    from notices.models import Notice

#: Reply codes from here on mean "never", those below mean "not now" (RFC 5321, 4.2.1).
_PERMANENT_REPLY = 500


class Undeliverable(Exception):
    """Trying again would change nothing; the message says why, for a person to read."""


def send_email(notice: Notice) -> None:
    """Hand the notice to the mail server.

    The Message-ID comes from the row, so a mailbox that gets the notice twice shows it once.

    Raises Undeliverable for an address that is refused for good, OSError when it may work later.
    """
    address = notice.recipient.email
    if not address or not notice.recipient.is_active:
        raise Undeliverable("此人已停用或没有邮箱地址")
    if any(mark in notice.title + address for mark in "\r\n"):
        raise Undeliverable("主题或地址中有换行，未发送")
    message = EmailMessage(
        subject=notice.title,
        body=_email_text(notice),
        to=[address],
        headers={"Message-ID": message_id(notice), "Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except smtplib.SMTPNotSupportedError as error:
        raise OSError("邮件服务器不支持加密连接，未发送") from error
    except smtplib.SMTPRecipientsRefused as error:
        if all(code >= _PERMANENT_REPLY for code, _text in error.recipients.values()):
            raise Undeliverable(f"收件地址被拒绝：{address}") from error
        raise
    except ValueError as error:  # the address cannot be written in a header
        raise Undeliverable(f"收件地址无效：{address}") from error


def message_id(notice: Notice) -> str:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<notice-{notice.pk}-{notice.created_at:%Y%m%d%H%M%S}@{host}>"


def _email_text(notice: Notice) -> str:
    address = settings.SITE_URL + reverse("notices:detail", args=[notice.pk])
    parts = [notice.title, notice.body, f"查看：{address}"]
    if notice.reason:
        parts.append(f"为什么收到：{notice.reason}")
    return "\n\n".join(part for part in parts if part) + "\n"


SENDERS: dict[str, Callable[[Notice], None]] = {Channel.EMAIL: send_email}
