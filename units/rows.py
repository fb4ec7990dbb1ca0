"""The organisation as pages show it: rows with everything a line needs, in constant queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from units.choices import REPORTING_POSITIONS
from units.models import Headcount, Membership

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from units.models import Unit


#: More rows than this are no list to look at; the lower levels stand on their units' pages.
LONGEST_LIST = 200


@dataclass(frozen=True)
class UnitRow:
    """One line of the tree. `indent` is 0 for the topmost line shown; `people` None if unknown."""

    unit: Unit
    indent: int
    reporters: tuple[Membership, ...]
    people: int | None
    #: Units under it that a long list leaves to its own page.
    folded: int = 0


def unfolded(units: Sequence[Unit]) -> list[Unit]:
    """As many levels from the top as make a page one can read; at least the first."""
    levels = Counter(unit.depth for unit in units)
    shown, deepest = 0, min(levels, default=0)
    for depth in sorted(levels):
        shown += levels[depth]
        if shown > LONGEST_LIST:
            break
        deepest = depth
    return [unit for unit in units if unit.depth <= deepest]


def tree_rows(every_unit: Sequence[Unit], on: date) -> list[UnitRow]:
    """A row per unit, in the order given, with who reports for it and its headcount on `on`.

    Of a long list the lower levels are folded: their number stands with the unit above them.
    """
    units = unfolded(every_unit)
    folded = _folded(every_unit, units)
    keys = [unit.pk for unit in units]
    reporters: dict[int, list[Membership]] = defaultdict(list)
    for post in (
        Membership.objects.current(on)
        .filter(unit__in=keys, position__in=REPORTING_POSITIONS)
        .select_related("user")
        .order_by("position", "starts_on", "pk")
    ):
        reporters[post.unit_id].append(post)
    people: dict[int, int] = {}
    for count in Headcount.objects.filter(unit__in=keys, on__lte=on).order_by("on"):
        people[count.unit_id] = count.people
    top = min((unit.depth for unit in units), default=0)
    return [
        UnitRow(
            unit,
            unit.depth - top,
            tuple(reporters[unit.pk]),
            people.get(unit.pk),
            folded[unit.path],
        )
        for unit in units
    ]


def _folded(every_unit: Sequence[Unit], shown: Sequence[Unit]) -> Counter[str]:
    """How many units are left out under each of the lowest ones shown, by path."""
    if len(shown) == len(every_unit):
        return Counter()
    length = max(len(unit.path) for unit in shown)
    return Counter(unit.path[:length] for unit in every_unit if len(unit.path) > length)
