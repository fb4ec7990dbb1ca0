"""What falls due, and what units still owe: obligations summed up for a report."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from reports.facts import DeadlineFacts
from supervision.choices import Duty
from supervision.owing import Obligation

DEADLINES_SHOWN = 12


def deadlines_of(obligations: Iterable[Obligation]) -> tuple[DeadlineFacts, ...]:
    """What is not met yet and has a day, the next day first; the same demand of many units once."""
    grouped: dict[tuple[date, str, str], list[Obligation]] = defaultdict(list)
    for owed in obligations:
        if owed.due_on is not None and owed.duty in _MEASURES:
            title = str(owed.duty.label) if owed.duty == Duty.MEASURE else owed.title
            grouped[owed.due_on, title, _MEASURES[owed.duty]].append(owed)
    facts = (_deadline(*key, group) for key, group in grouped.items())
    ahead = sorted((one for one in facts if one.missing), key=lambda one: (one.due_on, one.title))
    return tuple(ahead[:DEADLINES_SHOWN])


#: What is counted for each duty: the units a demand is made of, proposals, measures.
_MEASURES = {Duty.DEMAND: "个单位", Duty.REVIEW: "件", Duty.MEASURE: "项"}


def _deadline(due_on: date, title: str, measure: str, group: list[Obligation]) -> DeadlineFacts:
    is_review = group[0].duty == Duty.REVIEW
    if is_review:
        done, needed = sum(owed.done for owed in group), sum(owed.needed for owed in group)
    else:
        done, needed = sum(owed.is_met for owed in group), len(group)
    return DeadlineFacts(due_on, title, done, needed, measure, is_review)


def unmet_demands(obligations: Iterable[Obligation]) -> dict[str, list[Obligation]]:
    """What each unit itself still owes, by the unit's path."""
    unmet: dict[str, list[Obligation]] = defaultdict(list)
    for owed in obligations:
        if owed.duty == Duty.DEMAND and owed.unit and not owed.is_met:
            unmet[owed.unit.path].append(owed)
    return unmet
