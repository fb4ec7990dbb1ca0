"""What a unit has done and heard so far, and where the blanks are. Facts, no ranks (N7)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse
from django.utils.http import urlencode

from campaign.choices import ActivityKind
from core.charts import Cell, HeatRow, heat_map
from seminars.choices import OpinionStatus
from seminars.models import Activity, Opinion

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from accounts.models import User
    from campaign.models import Campaign
    from core.svg import Drawing
    from units.models import Unit


@dataclass(frozen=True)
class KindCount:
    label: str
    count: int


@dataclass(frozen=True)
class UnitBelow:
    """One unit directly below, with everything recorded in it and under it."""

    unit: Unit
    activities: int
    latest_on: date | None


@dataclass(frozen=True)
class Coverage:
    activities: int
    #: Attendances (人次), not people.
    attendances: int
    opinions: int
    waiting: int
    kinds: tuple[KindCount, ...]
    drawing: Drawing
    #: Themes times audience groups that no opinion has come from yet, as “主题 · 群体”.
    blanks: tuple[str, ...]
    below: tuple[UnitBelow, ...]


def coverage_of(unit: Unit, below: Sequence[Unit], campaign: Campaign, user: User) -> Coverage:
    """Everything `user` may see of the unit and under it, in four queries.

    `below` are the open units directly below, in the order in which they are told of.
    """
    activities = Activity.objects.visible_to(user).logged().in_campaign(campaign).of_subtree(unit)
    opinions = Opinion.objects.visible_to(user).filter(campaign=campaign).of_subtree(unit)
    held = [_Held(*row) for row in activities.tally()]
    said = [_Said(*row) for row in opinions.tally()]
    kinds: Counter[str] = Counter()
    for row in held:
        kinds[row.kind] += row.activities
    drawing, blanks = _voices(unit, campaign, said)
    return Coverage(
        activities=kinds.total(),
        attendances=sum(row.attendances or 0 for row in held),
        opinions=sum(row.opinions for row in said),
        waiting=sum(row.opinions for row in said if row.status == OpinionStatus.NEW),
        kinds=tuple(
            KindCount(str(word), kinds[kind])
            for kind, word in ActivityKind.choices
            if kind in kinds
        ),
        drawing=drawing,
        blanks=blanks,
        below=_units_below(unit, below, held),
    )


class _Held(NamedTuple):
    """Activities of one unit and kind."""

    path: str
    kind: str
    activities: int
    attendances: int | None
    latest_on: date


class _Said(NamedTuple):
    """Opinions in one state, on one theme, from one audience group."""

    status: str
    theme: int | None
    audience_group: int | None
    opinions: int


def _voices(
    unit: Unit, campaign: Campaign, said: Iterable[_Said]
) -> tuple[Drawing, tuple[str, ...]]:
    """Opinions by theme and audience group, and the pairs from which none has come."""
    counts: Counter[tuple[int | None, int | None]] = Counter()
    for row in said:
        counts[row.theme, row.audience_group] += row.opinions
    themes, groups = list(campaign.themes.all()), list(campaign.audiencegroups.all())
    rows = [
        HeatRow(
            theme.short_title,
            tuple(
                Cell(counts[theme.pk, group.pk], _address(unit, theme.pk, group.pk))
                for group in groups
            ),
        )
        for theme in themes
    ]
    blanks = tuple(
        f"{theme.short_title} · {group.name}"
        for theme in themes
        for group in groups
        if not counts[theme.pk, group.pk]
    )
    names = [group.name for group in groups]
    return heat_map("各主题听到了谁的意见", names, rows, "条"), blanks


def _address(unit: Unit, theme: int, group: int) -> str:
    """The opinions behind one figure of the map."""
    query = urlencode({"unit": unit.pk, "theme": theme, "audience_group": group})
    return f"{reverse('seminars:opinions')}?{query}"


def _units_below(unit: Unit, below: Iterable[Unit], held: Iterable[_Held]) -> tuple[UnitBelow, ...]:
    """Each unit of `below` with what it and those under it did; one look at each row."""
    length = len(unit.path) + unit.steplen
    activities: Counter[str] = Counter()
    latest: dict[str, date] = {}
    for row in held:
        child = row.path[:length]
        activities[child] += row.activities
        latest[child] = max(row.latest_on, latest.get(child, row.latest_on))
    return tuple(
        UnitBelow(child, activities[child.path], latest.get(child.path)) for child in below
    )
