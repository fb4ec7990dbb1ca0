"""The cockpit: counting the figures once, and showing what was counted, with the page's ratio."""

from __future__ import annotations

import gzip
from collections.abc import Callable

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from benchmarks.floor import bare_list_page
from benchmarks.frame import Row, time_of
from campaign.demo import SLUG
from campaign.models import Campaign
from reports.assembly import assemble_progress
from reports.snapshots import refresh_school


def run() -> list[Row]:
    campaign = Campaign.objects.select_related("campaign_group").get(slug=SLUG)
    floor = bare_list_page().median_ms
    counted = time_of(lambda: _count(campaign), repetitions=5, warm_up=1)
    return [
        {
            "what": "counting (a worker does it)",
            "median ms": counted.median_ms,
            "p95 ms": counted.p95_ms,
            "times": counted.median_ms / floor,
            "queries": _queries(lambda: _count(campaign)),
            "KB": 0.0,
            "KB on the wire": 0.0,
        },
        _page("cockpit", reverse("reports:cockpit"), floor),
        _page("its heat map", reverse("reports:blanks"), floor),
        _page("its tables", reverse("reports:tables"), floor),
    ]


def _count(campaign: Campaign) -> None:
    assemble_progress(campaign, now=timezone.now())


def _page(name: str, address: str, floor: float) -> Row:
    """A page as the leader gets it, from a snapshot that is there."""
    client = Client()
    leader = User.objects.get(username="leader")
    client.force_login(leader, backend="django.contrib.auth.backends.ModelBackend")
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        refresh_school(timezone.now())
        times = time_of(lambda: client.get(address), repetitions=20)
        content = client.get(address).content
        queries = _queries(lambda: client.get(address))
    return {
        "what": name,
        "median ms": times.median_ms,
        "p95 ms": times.p95_ms,
        "times": times.median_ms / floor,
        "queries": queries,
        "KB": len(content) / 1024,
        "KB on the wire": len(gzip.compress(content, 6)) / 1024,
    }


def _queries(action: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        action()
    return len(captured)
