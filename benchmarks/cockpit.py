"""The cockpit: counting the figures once, and showing what was counted, with the page's ratio."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from benchmarks.floor import beside_bare_list, page_of
from campaign.demo import SLUG
from campaign.models import Campaign
from reports.assembly import assemble_progress
from reports.snapshots import refresh_school

if TYPE_CHECKING:
    from benchmarks.frame import Row


def run() -> list[Row]:
    campaign = Campaign.objects.select_related("campaign_group").get(slug=SLUG)
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        return [
            beside_bare_list(
                "counting (a worker does it)", partial(_count, campaign), repetitions=5
            ),
            _page("cockpit", reverse("reports:cockpit")),
            _page("its heat map", reverse("reports:blanks")),
            _page("its tables", reverse("reports:tables")),
        ]


def _count(campaign: Campaign) -> bytes:
    assemble_progress(campaign, now=timezone.now())
    return b""


def _page(name: str, address: str) -> Row:
    """A page as the leader gets it, from a snapshot that is there."""
    client = Client()
    leader = User.objects.get(username="leader")
    client.force_login(leader, backend="django.contrib.auth.backends.ModelBackend")
    refresh_school(timezone.now())
    return beside_bare_list(name, partial(page_of, client, address), repetitions=20)
