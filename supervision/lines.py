"""An obligation in one line, as lists and the home page show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from supervision import wording
from supervision.ladder import Thresholds, rung_on

if TYPE_CHECKING:
    from datetime import date

    from supervision.owing import Obligation


@dataclass(frozen=True)
class Line:
    """An obligation as a list shows it."""

    key: str
    title: str
    summary: str
    rung: str


def line(owed: Obligation, thresholds: Thresholds, on: date) -> Line:
    rung = None
    if not owed.is_met and owed.due_on is not None:
        rung = rung_on(owed.opens_on, owed.due_on, on, thresholds, owed.grace_until)
    return Line(owed.key, owed.title, wording.summary(owed, on), rung or "")
