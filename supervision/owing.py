"""Something owed, and whose such things are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from supervision.choices import Duty
from supervision.ladder import days_left
from units.querysets import below

if TYPE_CHECKING:
    from datetime import date, time

    from campaign.models import Demand
    from units.models import Unit


#: What the plan group owes as a body, what a unit owes; all else is owed by a person.
PLAN_GROUP_DUTIES = frozenset({Duty.REVIEW, Duty.SECOND_REPLY})
#: What is due by a day that follows from the campaign's phases and demands.
SCHEDULED_DUTIES = frozenset({Duty.DEMAND, Duty.SETTLING, Duty.PACKAGE, Duty.RETURNED})
UNIT_DUTIES = frozenset({Duty.DEMAND, Duty.SETTLING, Duty.PACKAGE, Duty.REFERRAL})


@dataclass(frozen=True)
class Obligation:
    """Something owed. `due_on` is None where nobody set a day; such a thing has no ladder."""

    key: str
    duty: Duty
    title: str
    #: Where the duty comes from, as a sentence for the person who asks why.
    source: str
    word: str
    needed: int
    done: int
    opens_on: date
    due_on: date | None
    unit: Unit | None = None
    person_id: int | None = None
    #: The demand behind it, if it comes from one.
    demand: Demand | None = None
    #: The key of the record it is about: a proposal, package, measure or finding.
    record_id: int | None = None
    is_extended: bool = False
    #: The last day on which it is late but not overdue, if it has any grace.
    grace_until: date | None = None
    due_time: time | None = None
    #: Of what is done: what came after the due moment, and what waits for approval.
    late: int = 0
    waiting: int = 0

    @property
    def is_of_plan_group(self) -> bool:
        """Whether the plan group as a body owes it."""
        return self.duty in PLAN_GROUP_DUTIES

    @property
    def is_met(self) -> bool:
        return self.done >= self.needed

    @property
    def missing(self) -> int:
        return max(self.needed - self.done, 0)

    def is_overdue(self, on: date) -> bool:
        """Past its last day, grace included; within the grace it is merely late."""
        last = self.grace_until or self.due_on
        return not self.is_met and last is not None and on > last

    @property
    def was_late(self) -> bool:
        """Done, but with less than what was asked in time; an extension granted is no lateness."""
        return self.is_met and not self.is_extended and self.done - self.late < self.needed

    def days_left(self, on: date) -> int | None:
        """Whole days until the end of the last one, which counts as 1; 0 afterwards."""
        return None if self.due_on is None else days_left(self.due_on, on)


@dataclass(frozen=True)
class Scope:
    """Whose obligations are wanted: everybody's, those of some subtrees, or one person's."""

    paths: tuple[str, ...] | None = None
    person_id: int | None = None
    with_reviews: bool = True
    #: Unpublished decisions are the plan group's business alone.
    with_wordings: bool = False
    #: What finders owe is asked for by the campaign group alone.
    with_closings: bool = True
    #: These kinds alone, if any are given.
    only: frozenset[Duty] = frozenset()

    def wants(self, duty: Duty) -> bool:
        if self.only:
            return duty in self.only
        if duty in PLAN_GROUP_DUTIES:
            return self.with_reviews
        if duty == Duty.CLOSING:
            return self.with_closings
        return duty != Duty.WORDING or self.with_wordings

    def condition(self, person: str = "", unit: str = "unit") -> Q:
        """What selects records of the wanted subtrees, or of the wanted person."""
        if self.paths is None:
            return Q()
        of_units = below(self.paths, f"{unit}__path")
        return of_units | Q(**{person: self.person_id}) if person else of_units
