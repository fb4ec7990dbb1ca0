"""The organisation as pages show it: rows with everything a line needs, in constant queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from units.choices import REPORTING_POSITIONS
from units.models import Headcount, Membership

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from units.models import Unit


@dataclass(frozen=True)
class UnitRow:
    """One line of the tree. `indent` is 0 for the topmost line shown; `people` None if unknown."""

    unit: Unit
    indent: int
    reporters: tuple[Membership, ...]
    people: int | None


def tree_rows(units: Sequence[Unit], on: date) -> list[UnitRow]:
    """A row per unit, in the order given, with who reports for it and its headcount on `on`."""
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
        UnitRow(unit, unit.depth - top, tuple(reporters[unit.pk]), people.get(unit.pk))
        for unit in units
    ]
