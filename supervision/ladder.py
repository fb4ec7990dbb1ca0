"""The ladder of N9 as arithmetic: which rung a deadline stands on, and how to say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from supervision.choices import Rung

if TYPE_CHECKING:
    from datetime import date

#: Lowest first; a later rung is a higher one.
RUNGS: tuple[Rung, ...] = (Rung.BLUE, Rung.YELLOW, Rung.ORANGE, Rung.RED)


@dataclass(frozen=True)
class Thresholds:
    """A rung begins when at most so many percent of the time are left."""

    blue: int = 50
    yellow: int = 30
    orange: int = 15

    def of(self, rung: Rung) -> int:
        return {
            Rung.BLUE: self.blue,
            Rung.YELLOW: self.yellow,
            Rung.ORANGE: self.orange,
            Rung.RED: 0,
        }[rung]


def days_left(due_on: date, on: date) -> int:
    """Whole days until the end of `due_on`; the last day counts as 1, the day after gives 0."""
    return max((due_on - on).days + 1, 0)


def rung_on(
    opens_on: date,
    due_on: date,
    on: date,
    thresholds: Thresholds,
    grace_until: date | None = None,
) -> Rung | None:
    """The rung of an unmet deadline on a day; None before the first one. No red within the grace.

    The time is counted in whole days from `opens_on` to `due_on`, both included. A period of one
    day goes straight to red on the day after.
    """
    if on > (grace_until or due_on):
        return Rung.RED
    if on > due_on:
        return Rung.ORANGE
    whole = (due_on - opens_on).days + 1
    left = days_left(due_on, on)
    reached = [
        rung for rung in RUNGS[:-1] if left < whole and left * 100 <= thresholds.of(rung) * whole
    ]
    return reached[-1] if reached else None


def is_higher(rung: str, than: str) -> bool:
    return RUNGS.index(Rung(rung)) > RUNGS.index(Rung(than))
