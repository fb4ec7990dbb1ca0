"""Eight people at once, over HTTP: requests a second, beside a bare Django list page.

The web server is started as bin/run starts it, with two processes of four threads; the bare page
is served by another of the same make. They are asked in turns. The budget is 60 a second.
"""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from http.client import HTTPConnection
from typing import TYPE_CHECKING

from django.urls import reverse

from benchmarks.frame import times_from
from benchmarks.support.people import session_of
from benchmarks.support.web import web_server
from campaign.demo import SLUG
from campaign.models import Campaign
from seminars.choices import ActivityStatus

if TYPE_CHECKING:
    from benchmarks.frame import Row

PEOPLE = 8
_REQUESTS_EACH = 25
_ROUNDS = 4


def run() -> list[Row]:
    activity = Campaign.objects.get(slug=SLUG).activities.filter(status=ActivityStatus.LOGGED)[0]
    pages = [
        ("home (secretary)", "secretary", reverse("home")),
        ("home (leader)", "leader", reverse("home")),
        ("one activity", "leader", reverse("seminars:activity", args=[activity.pk])),
    ]
    with web_server() as portal, web_server("benchmarks.support.bare:application") as bare:
        return [_measure(page, portal, bare) for page in pages]


def _measure(page: tuple[str, str, str], portal: str, bare: str) -> Row:
    name, person, address = page
    session = "=".join(session_of(person))
    floor, own, waits = [], [], []
    for turn in range(_ROUNDS + 1):
        bare_rate, _ = _ask(bare, "/list", session)
        rate, taken = _ask(portal, address, session)
        if turn:  # what the first readers make for all others is not counted
            floor.append(bare_rate)
            own.append(rate)
            waits += taken
    times = times_from(waits)
    return {
        "page": name,
        "requests/s": statistics.median(own),
        "bare list/s": statistics.median(floor),
        "times": statistics.median(low / high for high, low in zip(own, floor, strict=True)),
        "median ms": times.median_ms,
        "p95 ms": times.p95_ms,
    }


def _ask(host: str, address: str, session: str) -> tuple[float, list[float]]:
    """Requests a second of `PEOPLE` at once, and the milliseconds each request took."""
    started = time.perf_counter()
    with ThreadPoolExecutor(PEOPLE) as crowd:
        asked = [crowd.submit(_ask_again, host, address, session) for _ in range(PEOPLE)]
        taken = [wait for one in asked for wait in one.result()]
    return len(taken) / (time.perf_counter() - started), taken


def _ask_again(host: str, address: str, session: str) -> list[float]:
    """One person's requests over one connection; RuntimeError if a page is refused."""
    connection = HTTPConnection(host)
    taken = []
    for _ in range(_REQUESTS_EACH):
        started = time.perf_counter()
        connection.request("GET", address, headers={"Cookie": session})
        answer = connection.getresponse()
        answer.read()
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"{address} answered {answer.status}")
        taken.append((time.perf_counter() - started) * 1000)
    connection.close()
    return taken
