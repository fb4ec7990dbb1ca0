"""A first visit by browser: requests, weight on the wire and the first paint.

Each visit starts with an empty cache, from the web server that bin/run starts. The budget is 15
requests, 150 KB in all, and something to see within 400 ms.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from playwright.sync_api import ViewportSize, sync_playwright

from benchmarks.support.people import session_of
from benchmarks.support.web import web_server
from tests.browser import CHROMIUM, CHROMIUM_FLAGS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from benchmarks.frame import Row

_VISITS = 7
_PHONE: ViewportSize = {"width": 360, "height": 740}
_FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


@dataclass(frozen=True, slots=True)
class Visit:
    requests: int
    kilobytes: float
    first_paint_ms: float


def run() -> list[Row]:
    pages = [
        ("sign-in", "", reverse("accounts:sign_in")),
        ("home (secretary)", "secretary", reverse("home")),
        ("log form", "secretary", reverse("seminars:log")),
        ("review desk", "reviewer", reverse("proposals:desk")),
        ("cockpit", "leader", reverse("reports:cockpit")),
    ]
    # The browser's driver lets nobody ask the database beside it.
    sessions = {person: session_of(person) for _, person, _ in pages if person}
    with web_server() as host, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        return [
            _row(name, [_visit(browser, host, address, sessions.get(who)) for _ in range(_VISITS)])
            for name, who, address in pages
        ]


def _row(name: str, visits: list[Visit]) -> Row:
    """The first visit after the start also pays for what all others find ready."""
    later = visits[1:]
    return {
        "page": name,
        "requests": max(visit.requests for visit in later),
        "KB": max(visit.kilobytes for visit in later),
        "first paint ms": statistics.median(visit.first_paint_ms for visit in later),
        "slowest ms": max(visit.first_paint_ms for visit in later),
    }


def _visit(browser: Browser, host: str, address: str, session: tuple[str, str] | None) -> Visit:
    page = browser.new_page(viewport=_PHONE)
    if session:
        name, value = session
        page.context.add_cookies([{"name": name, "value": value, "url": f"http://{host}"}])
    weights = _weights_of(page)
    page.goto(f"http://{host}{address}", wait_until="networkidle")
    visit = Visit(len(weights), sum(weights) / 1024, page.evaluate(_FIRST_PAINT))
    page.close()
    return visit


def _weights_of(page: Page) -> list[float]:
    """Bytes of each answer as they came over the wire, heads included; filled while it loads."""
    weights: list[float] = []
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    # What stands in a style sheet itself (data:) weighs nothing more.
    network.on(
        "Network.loadingFinished",
        lambda seen: weights.append(size) if (size := seen["encodedDataLength"]) else None,
    )
    return weights
