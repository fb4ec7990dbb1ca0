"""What one report says before it is worded: its figures, its lists, and what people wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from reports.assembly import progress_of
from reports.counts import Counts
from reports.facts import ProgressFacts
from reports.listings import Listings, listings
from reports.narratives import Passage, passages_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import User
    from campaign.models import Campaign, Phase, Theme
    from units.models import Unit


@dataclass(frozen=True)
class Wish:
    """Which report, about what, from and up to which day.

    `subject_id` is the one record a paper is about, for kinds that are about one, and
    `compared_with_id` the one beside it; `reader` is for whom, where a paper is not alike for all.
    """

    kind: str
    campaign: Campaign
    as_of: date | None = None
    unit: Unit | None = None
    theme: Theme | None = None
    phase: Phase | None = None
    since: date | None = None
    subject_id: int | None = None
    compared_with_id: int | None = None
    reader: User | None = None


@dataclass(frozen=True)
class Dossier:
    """`phase_name` is empty unless the report is about one phase."""

    kind: str
    progress: ProgressFacts
    phase_name: str
    lists: Listings
    narrative: tuple[Passage, ...]


def assemble_dossier(wish: Wish, now: datetime, lists: frozenset[str]) -> Dossier:
    """Figures and lists of the same records, counted at one moment."""
    counts = _counts(wish, timezone.localdate(now))
    return Dossier(
        kind=wish.kind,
        progress=progress_of(counts, now),
        phase_name=wish.phase.name if wish.phase else "",
        lists=listings(counts, lists),
        narrative=passages_of(wish),
    )


def _counts(wish: Wish, today: date) -> Counts:
    """A phase is counted from its first day to its last, or to today while it lasts."""
    as_of, since = min(wish.as_of or today, today), wish.since
    if wish.phase:
        as_of, since = min(as_of, wish.phase.ends_on), wish.phase.starts_on
    return Counts(wish.campaign, as_of, today, wish.unit, wish.theme, since)
