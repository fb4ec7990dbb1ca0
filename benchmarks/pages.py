"""Pages a person opens daily, as the signed-in person gets them, beside a bare Django list page.

Each page is asked for through the whole middleware stack, in turns with the bare list page of the
same process; "times" is the median of the ratios, and the budget is 3.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from secrets import token_hex
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from benchmarks.floor import beside_bare_list, page_of
from benchmarks.support.people import client_of
from campaign.demo import SLUG
from campaign.models import Campaign
from proposals.choices import Status
from proposals.models import Proposal
from seminars.choices import ActivityStatus
from seminars.models import Activity

if TYPE_CHECKING:
    from benchmarks.frame import Row


@dataclass(frozen=True)
class Page:
    """What is measured: its name, who asks for it, where."""

    name: str
    person: str
    address: str


def run() -> list[Row]:
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        return [*map(measure, _pages()), _write()]


def _pages() -> list[Page]:
    campaign = Campaign.objects.get(slug=SLUG)
    activity = Activity.objects.filter(campaign=campaign, status=ActivityStatus.LOGGED)[0].pk
    proposal = Proposal.objects.filter(campaign=campaign, status=Status.SUBMITTED)[0].pk
    return [
        Page("home (secretary)", "secretary", reverse("home")),
        Page("home (leader)", "leader", reverse("home")),
        Page("ledger of activities", "leader", reverse("seminars:activities")),
        Page("one activity", "leader", reverse("seminars:activity", args=[activity])),
        Page("log form", "secretary", reverse("seminars:log")),
        Page("opinions", "organiser", reverse("seminars:opinions")),
        Page("proposals", "leader", reverse("proposals:list")),
        Page("one proposal", "leader", reverse("proposals:detail", args=[proposal])),
        Page("review desk", "reviewer", reverse("proposals:desk_one", args=[proposal])),
        Page("cockpit", "leader", reverse("reports:cockpit")),
        Page("reports", "leader", reverse("reports:index")),
    ]


def measure(page: Page) -> Row:
    client = client_of(page.person)
    return beside_bare_list(page.name, lambda: page_of(client, page.address))


def _write() -> Row:
    """Log a plain activity: the form's own post, answered by a redirect."""
    client = client_of("secretary")
    unit = User.objects.get(username="secretary").memberships.get().unit_id

    def log() -> bytes:
        answer = client.post(reverse("seminars:log"), _typed(unit))
        if answer.status_code != HTTPStatus.FOUND:
            raise RuntimeError(f"the log form answered {answer.status_code}")
        return b""

    return beside_bare_list("log an activity", log)


def _typed(unit: int) -> dict[str, Any]:
    """A plain activity of today, unlike all others, so that no note of repetition asks back."""
    return {
        "client_key": str(uuid4()),
        "version": "0",
        "unit": unit,
        "kind": "forum",
        "title": f"座谈会{token_hex(8)}",
        "held_on": timezone.localdate().isoformat(),
        "place": "第一会议室",
        "host": "支部书记",
        "expected": 30,
        "present": 28,
        "content": token_hex(60),
        "opinions-TOTAL_FORMS": 1,
        "opinions-INITIAL_FORMS": 0,
    }
