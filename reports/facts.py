"""What a report says, as plain frozen values: no query, no wording, no looks.

The dashboard page, the PDF, the workbook and the Word file all receive the same object, and a
frozen report is the same object kept as JSON.
"""

import hashlib
import json
import types
import typing
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any


@dataclass(frozen=True)
class Figure:
    """A count now and seven days before."""

    now: int
    week_ago: int

    @property
    def change(self) -> int:
        return self.now - self.week_ago


@dataclass(frozen=True)
class Scope:
    """What the facts are about: the school, a unit with everything below it, or a theme."""

    name: str
    unit_id: int | None = None
    unit_code: str = ""
    theme_id: int | None = None
    theme_order: int | None = None

    @property
    def is_school(self) -> bool:
        return self.unit_id is None and self.theme_id is None


@dataclass(frozen=True)
class CampaignFacts:
    id: int
    slug: str
    title: str
    short_title: str
    doc_number: str
    issuer: str
    goal: str
    signed_by: str


@dataclass(frozen=True)
class PhaseFacts:
    """A phase with what happened in it; `order` is None for what lies outside every phase."""

    order: int | None
    name: str
    starts_on: date | None
    ends_on: date | None
    activities: int
    attendances: int
    opinions: int
    proposals: int


@dataclass(frozen=True)
class PhaseDay:
    """Where the campaign stands: day `day` of the `days` of a phase, both counted from 1."""

    order: int
    name: str
    day: int
    days: int


@dataclass(frozen=True)
class Figures:
    """The figures of the whole scope; each comes from one query (see assembly)."""

    units: int
    units_active: int
    people: int | None
    activities: Figure
    attendances: Figure
    opinions: Figure
    problems: Figure
    proposals: Figure
    answered: Figure
    merged: int
    returned: int
    waiting: int
    overdue: int
    adopted: int
    partly_adopted: int
    declined: int
    already_covered: int
    referred: int
    clauses_revised: Figure
    measures: int
    measures_closed: int
    outcomes: Figure
    cases: int


@dataclass(frozen=True)
class ThemeFacts:
    """One theme; `order` is None for records that name none."""

    id: int | None
    order: int | None
    title: str
    short_title: str
    activities: int
    opinions: int
    proposals: int
    answered: int
    adopted: int
    outcomes: int


@dataclass(frozen=True)
class KindFacts:
    kind: str
    label: str
    activities: int
    attendances: int


@dataclass(frozen=True)
class GroupFacts:
    """One audience group; `opinions` is None where so few voices could point at a person."""

    id: int | None
    name: str
    activities: int
    opinions: int | None


@dataclass(frozen=True)
class WeekFacts:
    """Monday to Sunday, cut short by the first and last day counted."""

    starts_on: date
    ends_on: date
    activities: int
    attendances: int
    opinions: int
    proposals: int


@dataclass(frozen=True)
class UnitFacts:
    """One row unit with everything below it, in the order of the organisation.

    `by_theme` follows the order of the themes; a 0 is a blank spot.
    """

    id: int | None  # None: the scope's own records, kept by no unit below it
    code: str
    name: str
    people: int | None
    activities: int
    attendances: int
    opinions: int
    proposals: int
    answered: int
    adopted: int
    by_theme: tuple[int, ...]
    owes: tuple[str, ...] = ()  # titles of what is asked of the unit itself and not there yet

    @property
    def is_base(self) -> bool:
        return self.id is None


@dataclass(frozen=True)
class WaitingProposal:
    id: int
    number: str
    title: str
    unit: str
    due_on: date | None


@dataclass(frozen=True)
class DeadlineFacts:
    """What falls due on a day: `done` of `needed`, counted by `measure` (个单位, 件, 项)."""

    due_on: date
    title: str
    done: int
    needed: int
    measure: str
    is_review: bool  # answers the plan group owes, which other figures count as well

    @property
    def missing(self) -> int:
        return self.needed - self.done


@dataclass(frozen=True)
class ProgressFacts:
    """The figures every report and the cockpit show; with `since`, those of a period only."""

    campaign: CampaignFacts
    scope: Scope
    as_of: date
    as_of_at: datetime
    phase: PhaseDay | None
    figures: Figures
    phases: tuple[PhaseFacts, ...]
    themes: tuple[ThemeFacts, ...]
    kinds: tuple[KindFacts, ...]
    groups: tuple[GroupFacts, ...]
    weeks: tuple[WeekFacts, ...]
    units: tuple[UnitFacts, ...]
    waiting: tuple[WaitingProposal, ...]
    deadlines: tuple[DeadlineFacts, ...]
    holds_demo: bool
    since: date | None = None

    @property
    def units_without_activity(self) -> tuple[UnitFacts, ...]:
        return tuple(unit for unit in self.units if not unit.activities and not unit.is_base)


def to_plain(facts: Any) -> dict[str, Any]:
    """The facts as JSON values; dates become ISO text."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(facts), default=_iso))
    return plain


def _iso(value: Any) -> str:
    if isinstance(value, date):  # a datetime is a date
        return value.isoformat()
    raise TypeError(f"{value!r} has no JSON form")


def from_plain(kind: type[Any], plain: Any) -> Any:
    """The dataclass `kind` that `to_plain` wrote. Raises KeyError for a missing field."""
    hints = _hints(kind)  # type: ignore[arg-type]  # every class is hashable
    return kind(**{name: _value(hint, plain[name]) for name, hint in hints})


@cache
def _hints(kind: Any) -> tuple[tuple[str, Any], ...]:
    """Name and type of every field; reading the annotations is the slow part."""
    hints = typing.get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in fields(kind))


def _value(hint: Any, plain: Any) -> Any:
    if typing.get_origin(hint) is types.UnionType:
        if plain is None:
            return None
        hint = next(part for part in typing.get_args(hint) if part is not types.NoneType)
    if typing.get_origin(hint) is tuple:
        return tuple(_value(typing.get_args(hint)[0], item) for item in plain)
    if is_dataclass(hint):
        return from_plain(typing.cast("type[Any]", hint), plain)
    if hint in {date, datetime}:
        return hint.fromisoformat(plain)
    return plain


def content_hash(facts: Any) -> str:
    """SHA-256 of the facts, the moment they were taken left out.

    The same facts taken twice are the same content, on any machine.
    """
    plain = _timeless(to_plain(facts))
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _timeless(plain: Any) -> Any:
    """The same without the moment the figures were taken, wherever it stands."""
    if isinstance(plain, dict):
        return {name: _timeless(value) for name, value in plain.items() if name != "as_of_at"}
    return [_timeless(item) for item in plain] if isinstance(plain, list) else plain
