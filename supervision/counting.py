"""How far units are with what the campaign demands, counted from the records themselves."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Model, Q, Value
from django.db.models.functions import Length

from campaign.choices import ActivityKind, DemandKind
from campaign.models import SubTopic
from core.local_time import SHANGHAI
from outcomes.models import Outcome
from proposals.choices import PackageStatus, Status
from proposals.models import Proposal, SubmissionPackage
from seminars.choices import ActivityStatus
from seminars.models import Activity, Opinion
from supervision.choices import HandInState
from supervision.models import Fulfilment
from units.choices import UnitKind
from units.models import Unit
from units.querysets import below

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from campaign.models import Campaign, Demand

    Condition = Callable[[Demand], Q | None]


@dataclass
class Tally:
    """How many records of a unit count towards a demand; of those, the late and the waiting."""

    done: int = 0
    late: int = 0
    waiting: int = 0


#: (demand, path of a unit) → its tally.
Counts = dict[tuple[int, str], Tally]


def _its_own(path: str) -> list[str]:
    return [path]


def _with_everything_above(path: str) -> list[str]:
    """A record counts for its unit and for every unit that has it below."""
    return [path[:end] for end in range(Unit.steplen, len(path) + 1, Unit.steplen)]


def _its_parent(path: str) -> list[str]:
    """A working team is itself a unit; it counts for the unit it stands under."""
    return [path[: -Unit.steplen]]


@dataclass(frozen=True)
class Source:
    """Where the records are that count towards a kind of demand."""

    model: type[Model]
    word: str
    counts_for: Callable[[str], list[str]]
    of_campaign: str
    standing: Q = field(default_factory=Q)
    day: str = ""
    #: The moment it came in, where one is known; else `day` says whether it is late.
    moment: str = ""
    #: Fields whose length a word range speaks of.
    texts: tuple[str, ...] = ()
    unit: str = "unit"

    @property
    def unit_path(self) -> str:
        return f"{self.unit}__path" if self.unit else "path"


_ACTIVITIES = Source(
    Activity,
    "场",
    _with_everything_above,
    "campaign",
    Q(status=ActivityStatus.LOGGED),
    "held_on",
    texts=("content",),
)
_SAID_BY_THE_UNIT = Source(
    Fulfilment,
    "份",
    _its_own,
    "demand__campaign",
    ~Q(state=HandInState.RETURNED),
    day="done_on",
    moment="at",
)
SOURCES: dict[str, Source] = {
    DemandKind.ACTIVITY: _ACTIVITIES,
    DemandKind.KICK_OFF: Source(
        Activity,
        "场",
        _its_own,
        "campaign",
        Q(status=ActivityStatus.LOGGED, kind=ActivityKind.KICK_OFF),
        "held_on",
        texts=("content",),
    ),
    DemandKind.OPINION: Source(
        Opinion, "条", _with_everything_above, "campaign", day="raised_on", texts=("text",)
    ),
    DemandKind.PROPOSAL: Source(
        Proposal,
        "件",
        _with_everything_above,
        "campaign",
        ~Q(status__in=[Status.DRAFT, Status.RETURNED, Status.WITHDRAWN]),
        "submitted_at__date",
        moment="submitted_at",
        texts=("problem", "measures"),
    ),
    DemandKind.SUB_TOPICS: Source(SubTopic, "个", _with_everything_above, "theme__campaign"),
    DemandKind.OUTCOME_PAPER: Source(
        Outcome, "项", _with_everything_above, "campaign", day="achieved_on", texts=("text",)
    ),
    DemandKind.WORKING_TEAM: Source(
        Unit, "个", _its_parent, "", Q(kind=UnitKind.WORKING_TEAM, closed_on=None), unit=""
    ),
    DemandKind.SUBMISSION_PACKAGE: Source(
        SubmissionPackage,
        "份",
        _its_own,
        "campaign",
        Q(status__in=[PackageStatus.SENT, PackageStatus.RECEIVED]),
        moment="sent_at",
    ),
    DemandKind.IMPLEMENTATION_PLAN: _SAID_BY_THE_UNIT,
    DemandKind.REPORT: _SAID_BY_THE_UNIT,
    DemandKind.OTHER: _SAID_BY_THE_UNIT,
}
#: Demands that a unit itself says it has met, because no other record tells.
SAID_KINDS = frozenset(kind for kind, source in SOURCES.items() if source is _SAID_BY_THE_UNIT)


def count_records(
    campaign: Campaign,
    demands: Sequence[Demand],
    since: date,
    paths: Iterable[str] | None,
) -> Counts:
    """How many records count towards each demand, by unit; one query that looks at each model once.

    `since` stands in for a demand without a first day. `paths` narrows to the units at and below
    them; None means the whole school.
    """
    counts: Counts = defaultdict(Tally)
    groups = _by_model(demands)
    parts = [
        _tallies(at, group, campaign, since, paths, width=max(map(len, groups)))
        for at, group in enumerate(groups)
    ]
    if not parts:
        return counts
    for path, at, *tallies in parts[0].union(*parts[1:], all=True):
        for demand, (done, late, waiting) in zip(groups[at], _in_threes(tallies), strict=False):
            if done:
                for owing in SOURCES[demand.kind].counts_for(path):
                    _add(counts[demand.pk, owing], done, late, waiting)
    return counts


def _by_model(demands: Sequence[Demand]) -> list[list[Demand]]:
    """The demands that the same model's records count towards, together."""
    groups: dict[type[Model], list[Demand]] = defaultdict(list)
    for demand in demands:
        groups[SOURCES[demand.kind].model].append(demand)
    return list(groups.values())


def _in_threes(tallies: list[int]) -> Iterable[tuple[int, int, int]]:
    """The counts of one demand after the other, in the order of `_COLUMNS`."""
    return zip(tallies[::3], tallies[1::3], tallies[2::3], strict=True)


def _add(tally: Tally, done: int, late: int, waiting: int) -> None:
    tally.done += done
    tally.late += late
    tally.waiting += waiting


def counted_records(demand: Demand, unit: Unit, campaign: Campaign, since: date) -> QuerySet[Any]:
    """The records that count towards what `unit` owes by `demand`, latest first."""
    source = SOURCES[demand.kind]
    rows = _with_lengths(source, source.model._default_manager.all())
    rows = rows.filter(_counts_towards(demand, since))
    if source.of_campaign:
        rows = rows.filter(**{source.of_campaign: campaign})
    if source.counts_for is _its_own:
        return rows.filter(**{source.unit: unit}).order_by("-pk")
    rows = rows.filter(below([unit.path], source.unit_path))
    if source.counts_for is _its_parent:
        rows = rows.filter(depth=unit.depth + 1)
    return rows.order_by("-pk")


def _tallies(
    at: int,
    demands: Sequence[Demand],
    campaign: Campaign,
    since: date,
    paths: Iterable[str] | None,
    *,
    width: int,
) -> QuerySet[Any]:
    """A row for each unit: its path, `at`, then the counts of each demand, `width` of them.

    The demands are of one model. A union wants rows of one length, so zeros fill the rest.
    """
    source = SOURCES[demands[0].kind]
    rows: QuerySet[Any] = source.model._default_manager.order_by()
    if source.of_campaign:
        rows = rows.filter(**{source.of_campaign: campaign})
    if paths is not None:
        rows = rows.filter(below(paths, source.unit_path))
    if any(demand.words_min or demand.words_max for demand in demands):
        rows = _with_lengths(source, rows)
    found = [_column(condition, one, since) for one in demands for condition in _COLUMNS.values()]
    empty = [Value(0)] * (width * len(_COLUMNS) - len(found))
    columns = {f"count_{number}": column for number, column in enumerate([*found, *empty])}
    rows = rows.values(of_unit=F(source.unit_path), of_model=Value(at)).annotate(**columns)
    tallies: QuerySet[Any] = rows.values_list("of_unit", "of_model", *columns)
    return tallies


def _with_lengths(source: Source, rows: QuerySet[Any]) -> QuerySet[Any]:
    """`rows` with the length of their words, where a demand's word range can speak of any."""
    if not source.texts:
        return rows
    lengths = [Length(name) for name in source.texts]
    measured: QuerySet[Any] = rows.alias(text_length=sum(lengths[1:], start=lengths[0]))
    return measured


def _column(condition: Condition, demand: Demand, since: date) -> Any:
    """The count of records under one of `_COLUMNS`; a condition that never holds costs nothing."""
    more = condition(demand)
    if more is None:
        return Value(0)
    return Count("pk", filter=_counts_towards(demand, since) & more)


def _counts_towards(demand: Demand, since: date) -> Q:
    """Late records count too: what came after the deadline is done all the same."""
    source = SOURCES[demand.kind]
    condition = source.standing
    if source.day:
        condition &= Q(**{f"{source.day}__gte": demand.opens_on or since})
    if demand.kind == DemandKind.ACTIVITY and demand.activity_kinds:
        condition &= Q(kind__in=demand.activity_kinds)
    if source.model is Fulfilment:
        condition &= Q(demand=demand)
    if source.texts and demand.words_min:
        condition &= Q(text_length__gte=demand.words_min)
    if source.texts and demand.words_max:
        condition &= Q(text_length__lte=demand.words_max)
    return condition or Q(pk__isnull=False)


def _always(_demand: Demand) -> Q:
    return Q()


def _is_late(demand: Demand) -> Q | None:
    """Came in after the due moment; grace puts off being overdue, not being late."""
    source = SOURCES[demand.kind]
    if demand.due_on is None:
        return None
    if source.moment:
        end = datetime.combine(demand.due_on, demand.due_time or time.max, tzinfo=SHANGHAI)
        return Q(**{f"{source.moment}__gt": end})
    return Q(**{f"{source.day}__gt": demand.due_on}) if source.day else None


def _waits(demand: Demand) -> Q | None:
    if SOURCES[demand.kind].model is not Fulfilment or not demand.needs_approval:
        return None
    return Q(state=HandInState.HANDED_IN)


#: What is counted of each demand, in the order of `Tally`; None: never.
_COLUMNS: dict[str, Condition] = {"done": _always, "late": _is_late, "waiting": _waits}
