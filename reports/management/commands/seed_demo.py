import time
from argparse import ArgumentParser
from datetime import date, datetime
from random import Random
from typing import Any, NamedTuple

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from campaign.demo import SLUG, make_campaign
from campaign.models import Campaign
from core.demo_password import demo_password
from core.local_time import SHANGHAI
from core.working_calendar import FIRST_HOUR, WorkingCalendar
from outcomes.demo import make_measures, make_news
from proposals.demo import make_proposals
from seminars.demo import collect_opinions, list_problems, log_activities
from supervision.demo import inspect, make_ready
from supervision.services.ladder import send_due
from units.demo import SIGN_INS, DemoScale, make_school


class Amount(NamedTuple):
    school: DemoScale
    activities: int
    opinions: int
    proposals: int
    #: Whether the reminders of the last working day have gone out. At the other scales the
    #: benchmarks send the first ones themselves.
    is_reminded: bool = False


AMOUNTS = {
    "small": Amount(DemoScale(4, 5, 2, 120), 160, 420, 72, is_reminded=True),
    "campus": Amount(DemoScale(8, 12, 3, 2_000), 20_000, 50_000, 5_000),
    "wide": Amount(DemoScale(24, 60, 9, 20_000), 6_000, 6_000, 600),
    "large": Amount(DemoScale(8, 12, 3, 2_000), 1_000_000, 50_000, 5_000),
}


class Command(BaseCommand):
    help = "Make a fictional school in the middle of the second phase. Never for production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", choices=AMOUNTS, default="small")
        parser.add_argument("--seed", type=int, default=1, help="same seed, same data")
        parser.add_argument(
            "--on",
            type=date.fromisoformat,
            default=None,
            help="the demo's today (default: the real one), which becomes day 20 of phase 2",
        )

    def handle(self, *, scale: str, seed: int, on: date | None, **options: Any) -> None:
        if not settings.REHEARSAL:
            raise CommandError("demo data refuses production settings (SECRET_KEY is set)")
        if Campaign.objects.filter(slug=SLUG).exists():
            self.stdout.write("the demo is there already; nothing was changed")
            return
        started = time.monotonic()
        password = demo_password()
        with transaction.atomic():
            self._make(AMOUNTS[scale], Random(seed), on or timezone.localdate(), password)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # or the planner takes a million rows for a handful
        if options["verbosity"] == 0:
            return
        self.stdout.write(f"{scale} demo made in {time.monotonic() - started:.0f} s")
        self.stdout.write(f"sign in as {', '.join(SIGN_INS)} with password {password}")

    def _make(self, amount: Amount, rng: Random, on: date, password: str) -> None:
        school = make_school(
            amount.school, rng, since=on.replace(month=1, day=1), password=password
        )
        campaign = make_campaign(on, school)
        log_activities(campaign, school, rng, amount.activities, on)
        collect_opinions(campaign, school, rng, amount.opinions)
        list_problems(campaign, school, rng)
        make_proposals(campaign, school, rng, amount.proposals, on)
        make_measures(campaign, school, on)
        make_news(campaign, school, on)
        make_ready(campaign, school)
        inspect(campaign, school, on)
        if amount.is_reminded:
            yesterday = WorkingCalendar().add_working_days(on, -1)
            send_due(datetime.combine(yesterday, FIRST_HOUR, SHANGHAI))
