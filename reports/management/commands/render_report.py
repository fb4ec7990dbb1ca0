"""Make one report on the spot, the same way the worker makes it."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from campaign.models import Campaign, Phase, Theme
from reports.choices import ReportFormat
from reports.dossier import Wish
from reports.facts import content_hash
from reports.kinds import CHOOSABLE, KINDS
from reports.production import assemble, compose, write
from reports.rendering import PaperNotMade
from units.models import Unit


class Command(BaseCommand):
    help = "Make a report of one kind, as PDF, XLSX or DOCX."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=[kind.value for kind in CHOOSABLE])
        parser.add_argument("--campaign", metavar="SLUG", help="default: the running one")
        parser.add_argument("--unit", metavar="CODE")
        parser.add_argument("--theme", metavar="N", type=int, help="number of the theme")
        parser.add_argument("--phase", metavar="N", type=int, help="number of the phase")
        parser.add_argument("--since", metavar="DATE", type=date.fromisoformat)
        parser.add_argument("--as-of", metavar="DATE", type=date.fromisoformat)
        parser.add_argument("--format", choices=ReportFormat.values, default=ReportFormat.PDF)
        parser.add_argument("--out", metavar="FILE", type=Path, required=True)

    def handle(self, *_args: Any, **options: Any) -> None:
        campaign = _campaign(options["campaign"])
        wish = Wish(
            kind=options["kind"],
            campaign=campaign,
            as_of=options["as_of"],
            unit=_unit(options["unit"]),
            theme=_theme(campaign, options["theme"]),
            phase=_phase(campaign, options["phase"]),
            since=options["since"],
        )
        _check_is_complete(wish)
        facts = assemble(wish, timezone.now())
        try:
            content = write(compose(wish.kind, facts), options["format"], lambda _percent: None)
        except PaperNotMade as fault:
            raise CommandError(str(fault)) from fault
        options["out"].write_bytes(content)
        self.stdout.write(f"{options['out']}: {len(content)} bytes, facts {content_hash(facts)}")


def _campaign(slug: str | None) -> Campaign:
    known = Campaign.objects.select_related("campaign_group")
    found = known.filter(slug=slug).first() if slug else Campaign.objects.current()
    if found is None:
        raise CommandError(f"no campaign {slug}" if slug else "no campaign is running")
    return found


def _unit(code: str | None) -> Unit | None:
    if code is None:
        return None
    found: Unit | None = Unit.objects.filter(code=code).first()
    if found is None:
        raise CommandError(f"no unit {code}")
    return found


def _theme(campaign: Campaign, order: int | None) -> Theme | None:
    if order is None:
        return None
    found = campaign.themes.filter(order=order).first()
    if found is None:
        raise CommandError(f"no theme {order} in {campaign.slug}")
    return found


def _phase(campaign: Campaign, order: int | None) -> Phase | None:
    if order is None:
        return None
    found = campaign.phases.filter(order=order).first()
    if found is None:
        raise CommandError(f"no phase {order} in {campaign.slug}")
    return found


def _check_is_complete(wish: Wish) -> None:
    for name in sorted(KINDS[wish.kind].needs):
        if getattr(wish, name) is None:
            raise CommandError(f"{wish.kind} needs --{name}")
