"""Figures taken once and shown to everyone who asks within minutes, with their moment stated.

A page shows the latest snapshot. One older than FRESH is still shown, and a worker is asked to
take a new one; only when there is none within STALE does the page count for itself. The
scheduler keeps the school's snapshot recent, so its page never counts while a worker lives.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from campaign.models import Campaign
from core.queue import hint
from reports.assembly import assemble_progress
from reports.choices import ReportKind
from reports.dossier import Wish
from reports.facts import ProgressFacts, from_plain, to_plain
from reports.models import Snapshot
from reports.outlook import Outlook, assemble_outlook

if TYPE_CHECKING:
    from datetime import datetime

#: Younger figures are shown as they are.
FRESH = timedelta(seconds=15)
#: Older figures are not shown any more.
STALE = timedelta(minutes=10)


def latest(wish: Wish, now: datetime) -> ProgressFacts:
    """The figures of `wish`'s scope as of today: at most STALE old, usually far less."""
    known = _recent(_key(wish), now)
    facts: ProgressFacts | None = _read(known, ProgressFacts) if known else None
    if known is None or facts is None:
        return take(wish, now)
    _refresh_if_old(known, now)
    return facts


def take(wish: Wish, now: datetime) -> ProgressFacts:
    """Count, and keep what was counted for the next readers."""
    facts = assemble_progress(wish.campaign, now=now, unit=wish.unit, theme=wish.theme)
    kept = {
        "campaign": wish.campaign,
        "unit": wish.unit,
        "theme": wish.theme,
        "taken_at": now,
        "facts": to_plain(facts),
    }
    Snapshot.objects.update_or_create(key=_key(wish), defaults=kept)
    return facts


def latest_outlook(campaign: Campaign, now: datetime) -> Outlook:
    """What the home pages of organisers say, by the same rules as `latest`."""
    known = _recent(_outlook_key(campaign), now)
    outlook: Outlook | None = _read(known, Outlook) if known else None
    if known is None or outlook is None:
        return take_outlook(campaign, now)
    _refresh_if_old(known, now)
    return outlook


def take_outlook(campaign: Campaign, now: datetime) -> Outlook:
    outlook = assemble_outlook(campaign, now)
    kept = {"campaign": campaign, "taken_at": now, "facts": to_plain(outlook)}
    Snapshot.objects.update_or_create(key=_outlook_key(campaign), defaults=kept)
    return outlook


def refresh_one(snapshot_id: int, now: datetime) -> None:
    """Take a snapshot anew unless somebody just did, or it is gone."""
    related = ("campaign__campaign_group", "unit", "theme")
    known = Snapshot.objects.select_related(*related).filter(pk=snapshot_id).first()
    if known is None or known.taken_at >= now - FRESH:
        return
    if known.key == _outlook_key(known.campaign):
        take_outlook(known.campaign, now)
    else:
        take(_wish(known), now)


def refresh_school(now: datetime) -> None:
    campaign = Campaign.objects.current()
    if campaign:
        take(Wish(ReportKind.PROGRESS, campaign), now)
        take_outlook(campaign, now)


def _recent(key: str, now: datetime) -> Snapshot | None:
    return Snapshot.objects.filter(key=key, taken_at__gt=now - STALE).first()


def _refresh_if_old(known: Snapshot, now: datetime) -> None:
    if known.taken_at < now - FRESH:
        from reports.tasks import refresh

        hint(refresh, known.pk)


def _outlook_key(campaign: Campaign) -> str:
    return f"outlook:{campaign.pk}"


def _wish(known: Snapshot) -> Wish:
    return Wish(ReportKind.PROGRESS, known.campaign, unit=known.unit, theme=known.theme)


def _key(wish: Wish) -> str:
    unit = wish.unit.pk if wish.unit else ""
    theme = wish.theme.pk if wish.theme else ""
    return f"{wish.campaign.pk}:{unit}:{theme}"


def _read(known: Snapshot, kind: type[Any]) -> Any:
    """The facts, or None if they were written by a version that knew other fields."""
    try:
        return from_plain(kind, known.facts)
    except (KeyError, TypeError, ValueError):
        return None
