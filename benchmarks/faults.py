"""Reminders under fire: workers killed with signal 9, a mail server that refuses and hangs up.

"doubled" are messages that arrived twice because somebody died, or the line broke, between the
server's acceptance and our note of it; "renamed" are doubled ones with another Message-ID.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.db import connection
from django.utils import timezone

from accounts.models import User
from notices.choices import DeliveryStatus
from notices.models import Delivery
from notices.services import Message, announce_all
from tests.mail_server import OK, Mailbox, mail_server

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.frame import Row

REMINDERS, KILLS, WORKERS = 5_000, 200, 3
KIND = "storm"


@dataclass(frozen=True)
class Account:
    """What came of a storm."""

    expected: int
    sent: int
    lost: int
    doubled: int
    renamed: int
    #: How often physics left it open whether a message had arrived.
    windows: int
    unmarked: int
    seconds: float


def run() -> list[Row]:
    account = storm(REMINDERS, KILLS, WORKERS, seed=1)
    return [
        {
            "reminders": account.expected,
            "kills": KILLS,
            "sent": account.sent,
            "lost": account.lost,
            "doubled": account.doubled,
            "renamed": account.renamed,
            "seconds": account.seconds,
        }
    ]


def storm(reminders: int, kills: int, workers: int, *, seed: int) -> Account:
    """Write reminders, send them through the storm, and count what arrived."""
    before = set(Delivery.objects.values_list("pk", flat=True))
    _write(reminders)
    mailbox = Mailbox()
    mailbox.thinks_seconds = 0.01  # so that most workers die while they talk to it
    dice = random.Random(seed)  # noqa: S311 - plays the weather, keeps no secret
    dropped: list[int] = []
    mailbox.on_data = _bad_weather(dice, dropped)
    started = time.monotonic()
    with mail_server(mailbox) as port:
        _run_workers(port, workers, kills, seed)
    seconds = time.monotonic() - started
    unmarked = Delivery.objects.exclude(pk__in=before).exclude(status=DeliveryStatus.SENT).count()
    return _account(mailbox, reminders, kills + len(dropped), unmarked, seconds)


def _write(reminders: int) -> None:
    """That many reminders to fictional people at the reserved domain, one mail each.

    Every storm has people of its own, so that it can be repeated on the same data.
    """
    now, storm = timezone.now(), token_hex(4)
    people = User.objects.bulk_create(
        [
            User(
                username=f"storm-{storm}-{number}",
                name=f"测试{number}",
                email=f"storm{number}@example.com",
            )
            for number in range(min(reminders, 500))
        ]
    )
    announce_all(
        [
            Message(
                people[number % len(people)], f"storm:{number}", KIND, f"提醒{number}", "", "", "/"
            )
            for number in range(reminders)
        ],
        now,
    )


def _bad_weather(dice: random.Random, dropped: list[int]) -> Callable[[], str | None]:
    """Of a hundred messages five are refused for now and two accepted by a line that breaks."""

    def answer() -> str | None:
        throw = dice.random()
        if throw < 0.05:  # noqa: PLR2004 - see above
            return "451 4.3.0 try again"
        if throw < 0.07:  # noqa: PLR2004
            dropped.append(1)
            return None
        return OK

    return answer


def _run_workers(port: int, workers: int, kills: int, seed: int) -> None:
    environment = os.environ | {
        "DATABASE_URL": _database_url(),
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    subprocess.run(  # noqa: S603 - our own module with three numbers
        [sys.executable, "-m", "benchmarks.support.storm", str(workers), str(kills), str(seed)],
        env=environment,
        check=True,
        timeout=1800,
    )


def _database_url() -> str:
    """The database this process uses; in a test that is the test's own."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    host, user = quote(values["HOST"], safe=""), quote(values["USER"], safe="")
    secret = f":{quote(values['PASSWORD'], safe='')}" if values["PASSWORD"] else ""
    port = f":{values['PORT']}" if values["PORT"] else ""
    return f"postgres://{user}{secret}@{host}{port}/{values['NAME']}"


def _account(
    mailbox: Mailbox, expected: int, windows: int, unmarked: int, seconds: float
) -> Account:
    names = defaultdict(list)
    for message in mailbox.messages:
        names[str(message["Subject"])].append(str(message["Message-ID"]))
    doubled = [arrived for arrived in names.values() if len(arrived) > 1]
    return Account(
        expected=expected,
        sent=len(names),
        lost=expected - len(names),
        doubled=len(doubled),
        renamed=sum(len(set(arrived)) > 1 for arrived in doubled),
        windows=windows,
        unmarked=unmarked,
        seconds=seconds,
    )
