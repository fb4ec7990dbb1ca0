"""An obligation in one line, as lists and the home page show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from supervision import wording
from supervision.ladder import Thresholds, rung_on

if TYPE_CHECKING:
    from datetime import date

    from supervision.choices import Rung
    from supervision.owing import Obligation


@dataclass(frozen=True)
class Line:
    """An obligation as a list shows it."""

    key: str
    title: str
    summary: str
    rung: str


def rung_of(owed: Obligation, thresholds: Thresholds, on: date) -> Rung | None:
    """The rung it stands on; None if it is met, has no day or has reached none."""
    if owed.is_met or owed.due_on is None:
        return None
    return rung_on(owed.opens_on, owed.due_on, on, thresholds, owed.grace_until)


def line(owed: Obligation, thresholds: Thresholds, on: date) -> Line:
    rung = rung_of(owed, thresholds, on)
    return Line(owed.key, owed.title, wording.summary(owed, on), rung or "")
