"""A real SMTP server for tests, which misbehaves as it is told to."""

from __future__ import annotations

import asyncio
import email
import socket
from collections import Counter
from contextlib import contextmanager
from email.policy import default as email_policy
from typing import TYPE_CHECKING, Any, cast

from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from asyncio import Transport
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

    from aiosmtpd.smtp import SMTP, Envelope, Session

OK = "250 OK"


class Mailbox:
    """Keeps what arrived. `on_recipient` and `on_data` give the answers; None hangs up."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.on_recipient: Callable[[str], str] = lambda _address: OK
        self.on_data: Callable[[], str | None] = lambda: OK
        self.thinks_seconds = 0.0

    def message_ids(self) -> Counter[str]:
        """How often each message arrived."""
        return Counter(str(message["Message-ID"]) for message in self.messages)

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd wants
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        answer = self.on_recipient(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        await asyncio.sleep(self.thinks_seconds)
        answer = self.on_data()
        if answer is None or answer.startswith("250"):
            self.messages.append(_parsed(envelope.content))
        if answer is None:  # accepted, but the sender never hears of it
            cast("Transport", server.transport).abort()
            return OK
        return answer


def _parsed(content: Any) -> EmailMessage:
    return email.message_from_bytes(bytes(content), policy=email_policy)


@contextmanager
def mail_server(mailbox: Mailbox) -> Iterator[int]:
    """Run a server on a free port of this machine; the port."""
    port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, ready_timeout=20)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
