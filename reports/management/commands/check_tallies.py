"""Prove the figures: count them a second time in plain SQL, and check what was frozen."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from campaign.models import Campaign
from reports.assembly import assemble_progress
from reports.counts import ROW_KINDS
from reports.freezing import is_unaltered
from reports.models import FrozenReport
from reports.proof import compare
from units.models import Unit


class Command(BaseCommand):
    help = "Compare every figure of today's reports with a count in plain SQL; name what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--campaign", metavar="SLUG", help="default: the running one")

    def handle(self, *_args: Any, campaign: str | None = None, **_options: Any) -> None:
        known = Campaign.objects.select_related("campaign_group")
        found = known.filter(slug=campaign).first() if campaign else Campaign.objects.current()
        if found is None:
            raise CommandError(f"no campaign {campaign}" if campaign else "no campaign is running")
        figures = self._check_figures(found)
        frozen = self._check_frozen(found)
        self.stdout.write(f"{figures} figures agree with the records, {frozen} frozen reports hold")

    def _check_figures(self, campaign: Campaign) -> int:
        """The school, then every unit that has a row of its own."""
        compared = 0
        paths = dict(Unit.objects.of_kind(*ROW_KINDS).values_list("pk", "path"))
        for unit in [None, *Unit.objects.filter(pk__in=paths, depth=2)]:
            facts = assemble_progress(campaign, now=timezone.now(), unit=unit)
            for difference in compare(facts, {**paths, 0: unit.path if unit else ""}):
                compared += 1
                if difference:
                    raise CommandError(f"{facts.scope.name}: {difference}")
        return compared

    def _check_frozen(self, campaign: Campaign) -> int:
        checked = 0
        for frozen in FrozenReport.objects.filter(campaign=campaign).order_by("pk").iterator():
            if not is_unaltered(frozen):
                raise CommandError(f"frozen report {frozen.pk} ({frozen}) was altered")
            checked += 1
        return checked
