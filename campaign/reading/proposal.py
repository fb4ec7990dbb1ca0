"""What the reader proposes: frozen facts, each with the sentence it came from."""

from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from campaign.reading.lines import PlanText

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence of the plan and its place in `PlanProposal.text`."""

    sentence: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value, where its words stand, and the sentence around them."""

    value: T
    start: int
    end: int
    source: Source


def found(plan: PlanText, value: T, start: int, end: int) -> Found[T]:
    """`value` as read from [start, end), with the sentence that begins there or around it."""
    sentence = plan.sentence_at(start)
    return Found(value, start, end, Source(sentence.text, sentence.start, sentence.end))


@dataclass(frozen=True, slots=True)
class Step:
    """What a phase asks for, in order: 一是动员部署。…"""

    title: str
    text: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase with inclusive dates; None where the plan leaves them open."""

    name: str
    label: str | None
    starts_on: date | None
    ends_on: date | None
    departments: tuple[str, ...]
    strand: str
    opens: tuple[str, ...]
    text: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Quota:
    """How many of something each unit owes. `unit` is the plan's wording without 各 or 每个."""

    text: str
    unit: str | None
    least: int | None
    most: int | None
    measure_word: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due day, or the words of a relative one that only an event can resolve."""

    text: str
    due_on: date | None
    relative: str | None


@dataclass(frozen=True, slots=True)
class ActivityKind:
    kind: str
    wording: str
    first_phase: int | None


@dataclass(frozen=True, slots=True)
class Target:
    count: int
    level: str
    subject: str


@dataclass(frozen=True, slots=True)
class Aim:
    title: str
    themes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CampaignGroup:
    name: str
    chairs: tuple[str, ...]
    deputies: tuple[str, ...]
    member_departments: tuple[str, ...]
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Demand:
    """What units owe, beside counted quotas: an implementation plan, a working team, …"""

    kind: str
    unit_kinds: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the first section and in the signature."""

    title: Found[str] | None = None
    doc_number: Found[str] | None = None
    issuer: Found[str] | None = None
    recipients: Found[str] | None = None
    issued_on: Found[date] | None = None
    year: Found[int] | None = None


@dataclass(frozen=True, slots=True)
class PlanProposal:
    """A campaign as read from its plan; a person corrects and confirms it."""

    text: str
    head: Head
    short_name: str | None = None
    basis: tuple[Found[str], ...] = ()
    audience: Found[str] | None = None
    goal: Found[str] | None = None
    study_list_open: bool = False
    channels: tuple[Found[str], ...] = ()
    phases: tuple[Found[Phase], ...] = ()
    activity_kinds: tuple[Found[ActivityKind], ...] = ()
    themes: tuple[Found[str], ...] = ()
    study_documents: tuple[Found[str], ...] = ()
    linked_works: tuple[Found[str], ...] = ()
    targets: tuple[Found[Target], ...] = ()
    aims: tuple[Found[Aim], ...] = ()
    safeguards: tuple[Found[str], ...] = ()
    campaign_group: Found[CampaignGroup] | None = None
    plan_group: Found[str] | None = None
    demands: tuple[Found[Demand], ...] = ()
    quotas: tuple[Found[Quota], ...] = ()
    deadlines: tuple[Found[Deadline], ...] = ()
    not_understood: tuple[Source, ...] = field(default=())
