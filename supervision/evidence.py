"""What an inspector may look at beside a record: repetition (N3) and slips (N4).

Evidence, side by side with what it is about; no score, no penalty, no list of the worst.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.similarity import Corpus, compare
from seminars.advice import notes_on, repeatable
from seminars.choices import FileKind
from seminars.models import Activity, ActivityFile
from seminars.sheets import sheet_of

if TYPE_CHECKING:
    from accounts.models import User
    from campaign.models import Campaign
    from core.similarity import Comparison
    from seminars.advice import Note
    from units.models import Unit

#: So many of the unit's latest records are looked at, beside so many of the campaign's.
OWN_RECORDS, OTHER_RECORDS = 100, 300
MOST_PAIRS = 30


@dataclass(frozen=True)
class Alike:
    """A record of the unit and another one whose text is much the same."""

    record: Activity
    other: Activity


def alike_in(unit: Unit, campaign: Campaign, by: User) -> list[Alike]:
    """Pairs of records that resemble each other, at least one of them the unit's or from below."""
    visible = Activity.objects.visible_to(by).logged().in_campaign(campaign).newest_first()
    own = {row.pk: row for row in visible.of_subtree(unit)[:OWN_RECORDS]}
    others = {row.pk: row for row in visible.select_related("unit")[:OTHER_RECORDS]}
    rows = {**others, **own}
    corpus = Corpus(((key, row.content) for key, row in rows.items()), repeatable(campaign))
    return [
        Alike(rows[first], rows[second])
        for pair in corpus.all_pairs()
        for first, second in [sorted((pair.first, pair.second), key=lambda key: key not in own)]
        if first in own
    ][:MOST_PAIRS]


@dataclass(frozen=True)
class Beside:
    """One record with the notes on it and, if another reads alike, both texts cut alike."""

    notes: list[Note]
    other: Activity | None
    comparison: Comparison | None


def beside(record: Activity, by: User) -> Beside:
    """What is worth a look at one stored record."""
    pictures = list(ActivityFile.objects.filter(activity=record, kind=FileKind.PHOTO))
    notes = notes_on(sheet_of(record), by=by, files=pictures, own=record.pk)
    key = next((note.activity for note in notes if note.activity), None)
    others = Activity.objects.visible_to(by).select_related("unit")
    other = others.filter(pk=key).first() if key else None
    if other is None:
        return Beside(notes, None, None)
    known = repeatable(record.campaign)
    return Beside(notes, other, compare(record.content, other.content, known))
