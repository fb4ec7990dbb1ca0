"""What became of a unit: founded, renamed, moved, closed; the latest first."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from units.models import Unit


@dataclass(frozen=True)
class Event:
    on: date
    text: str


def events_of(unit: Unit) -> list[Event]:
    """Renamings, moves and closings of `unit`, in two queries."""
    events = [*_moves(unit), *_changes(unit)]
    return sorted(events, key=lambda event: event.on, reverse=True)


def _moves(unit: Unit) -> Iterator[Event]:
    for move in unit.moves.select_related("old_parent", "new_parent"):
        came_from = f"由“{move.old_parent.name}”" if move.old_parent else ""
        yield Event(move.on, f"{came_from}划归“{move.new_parent.name}”")


def _changes(unit: Unit) -> Iterator[Event]:
    versions = list(unit.history.order_by("history_date", "history_id"))
    for old, new in pairwise(versions):
        on = timezone.localdate(new.history_date)
        if old.name != new.name:
            yield Event(on, f"由“{old.name}”更名为“{new.name}”")
        if old.kind != new.kind:
            yield Event(on, f"类别由{old.get_kind_display()}改为{new.get_kind_display()}")
    if unit.closed_on:
        yield Event(unit.closed_on, "撤销")
