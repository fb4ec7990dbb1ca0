"""The records behind the figures of a report, as rows of facts; each list by one query.

A list stops at `ROWS_AT_MOST`; the figure beside it counts all, and the data package has all.
Opinions come without contributor and without group: in a small unit the group would point at
a person.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q

from campaign.models import Theme
from core.chinese_text import joined
from core.local_time import local_day
from outcomes.models import Outcome
from proposals.choices import ADOPTING_VERDICTS, PackageStatus, Verdict
from proposals.models import SubmissionPackage
from reports.counts import MERGED, RETURNED, WAITING, Counts
from seminars.choices import OpinionStatus
from seminars.models import Activity
from seminars.wording import reasons_away

#: More rows than this are no paper any more (a page of a table has about twenty).
ROWS_AT_MOST = 500
#: Activities told in full; the table beside them lists all up to the limit above.
TOLD_IN_FULL = 150

_FATES = {
    **{verdict.value: str(verdict.label) for verdict in Verdict},
    MERGED: "并案办理",
    RETURNED: "退回完善",
    WAITING: "待答复",
}


@dataclass(frozen=True)
class ActivityRow:
    held_on: date
    hours: str
    unit: str
    kind: str
    title: str
    place: str
    host: str
    recorder: str
    themes: str
    expected: int | None
    present: int | None
    absent: int | None
    reasons: str
    sitting_in: int
    opinions: int
    content: str
    decisions: str


@dataclass(frozen=True)
class OpinionRow:
    raised_on: date
    text: str
    unit: str
    theme: str
    result: str
    reason: str


@dataclass(frozen=True)
class ProblemRow:
    text: str
    unit: str
    theme: str
    result: str
    reason: str


@dataclass(frozen=True)
class ProposalRow:
    number: str
    title: str
    unit: str
    theme: str
    kind: str
    submitted_on: date
    fate: str
    reasons: str
    answered_on: date | None


@dataclass(frozen=True)
class RevisionRow:
    document: str
    clause: str
    old_text: str
    new_text: str
    proposal: str
    unit: str
    published_on: date


@dataclass(frozen=True)
class MeasureRow:
    title: str
    unit: str
    owner: str
    indicator: str
    due_on: date
    status: str
    closed_on: date | None


@dataclass(frozen=True)
class OutcomeRow:
    title: str
    kind: str
    unit: str
    theme: str
    achieved_on: date
    source: str
    case: str  # kind of the published case made of it; empty if there is none


@dataclass(frozen=True)
class PackageRow:
    unit: str
    status: str
    sent_on: date | None
    receipt_number: str
    received_on: date | None


@dataclass(frozen=True)
class ResultCount:
    """How many opinions ended in one way."""

    status: str
    label: str
    count: int


@dataclass(frozen=True)
class Listings:
    """Lists a report does not show stay empty."""

    activities: tuple[ActivityRow, ...] = ()
    opinions: tuple[OpinionRow, ...] = ()
    opinion_results: tuple[ResultCount, ...] = ()
    problems: tuple[ProblemRow, ...] = ()
    proposals: tuple[ProposalRow, ...] = ()
    adopted: tuple[ProposalRow, ...] = ()
    revisions: tuple[RevisionRow, ...] = ()
    measures: tuple[MeasureRow, ...] = ()
    outcomes: tuple[OutcomeRow, ...] = ()
    packages: tuple[PackageRow, ...] = ()


def listings(counts: Counts, names: frozenset[str]) -> Listings:
    """The lists called `names`, each in the order of its days."""
    return Listings(**{name: tuple(_LISTS[name](counts)) for name in sorted(names)})


def _activities(counts: Counts) -> list[ActivityRow]:
    rows = (
        Activity.objects.filter(pk__in=counts.activities.values("pk"))
        .select_related("unit")
        .prefetch_related(Prefetch("themes", Theme.objects.order_by("order")))
        .annotate(opinion_count=Count("opinions"))
        .order_by("held_on", "starts_at", "pk")[:ROWS_AT_MOST]
    )
    return [_activity(row) for row in rows]


def _activity(row: Any) -> ActivityRow:
    return ActivityRow(
        held_on=row.held_on,
        hours="—".join(f"{at:%H:%M}" for at in (row.starts_at, row.ends_at) if at),
        unit=row.unit.short_name,
        kind=row.get_kind_display(),
        title=row.title,
        place=row.place,
        host=row.host,
        recorder=row.recorder,
        themes=joined(theme.short_title for theme in row.themes.all()),
        expected=row.expected,
        present=row.present,
        absent=None if row.absent is None else row.absent + row.away,
        reasons=reasons_away(row),
        sitting_in=row.sitting_in,
        opinions=row.opinion_count,
        content=row.content,
        decisions=row.decisions,
    )


def _opinions(counts: Counts) -> list[OpinionRow]:
    rows = counts.opinions.select_related("unit", "theme").order_by(
        "theme__order", "raised_on", "pk"
    )
    return [
        OpinionRow(
            row.raised_on,
            row.text,
            row.unit.short_name,
            row.theme.short_title if row.theme else "",
            row.get_status_display(),
            row.reason,
        )
        for row in rows[:ROWS_AT_MOST]
    ]


def _opinion_results(counts: Counts) -> list[ResultCount]:
    found = dict(counts.opinions.values_list("status").annotate(n=Count("pk")))
    return [
        ResultCount(status.value, str(status.label), found.get(status, 0))
        for status in OpinionStatus
    ]


def _problems(counts: Counts) -> list[ProblemRow]:
    rows = counts.problems.select_related("unit", "theme").order_by("theme__order", "pk")
    return [
        ProblemRow(
            row.text,
            row.unit.short_name,
            row.theme.short_title,
            row.get_status_display(),
            row.reason,
        )
        for row in rows[:ROWS_AT_MOST]
    ]


def _proposals(counts: Counts) -> list[ProposalRow]:
    rows = (
        counts.proposals.select_related("unit", "theme", "decision")
        .annotate(fate=counts.fate)
        .order_by("submitted_at", "pk")
    )
    return [_proposal(row) for row in rows[:ROWS_AT_MOST]]


def _adopted(counts: Counts) -> list[ProposalRow]:
    rows = (
        counts.proposals.select_related("unit", "theme", "decision")
        .annotate(fate=counts.fate)
        .filter(fate__in=sorted(ADOPTING_VERDICTS))
        .order_by("decision__published_at", "pk")
    )
    return [_proposal(row) for row in rows[:ROWS_AT_MOST]]


def _proposal(row: Any) -> ProposalRow:
    is_answered = row.fate in Verdict.values
    return ProposalRow(
        row.number,
        row.title,
        row.unit.short_name,
        row.theme.short_title,
        row.get_kind_display(),
        local_day(row.submitted_at),
        _FATES[row.fate],
        row.decision.reasons if is_answered else "",
        local_day(row.decision.published_at) if is_answered else None,
    )


def _revisions(counts: Counts) -> list[RevisionRow]:
    rows = counts.revisions.select_related(
        "clause__document", "old_wording", "decision__proposal__unit"
    ).order_by("clause__document", "clause__order", "decision__published_at", "pk")
    return [_revision(row) for row in rows[:ROWS_AT_MOST]]


def _revision(row: Any) -> RevisionRow:
    proposal = row.decision.proposal
    return RevisionRow(
        document=row.clause.document.title,
        clause=str(row.clause),
        old_text=row.old_wording.text if row.old_wording else row.base_text,
        new_text=row.new_text,
        proposal=proposal.number or proposal.title,
        unit=proposal.unit.short_name,
        published_on=local_day(row.decision.published_at),
    )


def _measures(counts: Counts) -> list[MeasureRow]:
    rows = counts.measures.select_related("unit", "owner").order_by("due_on", "pk")
    return [_measure(row) for row in rows[:ROWS_AT_MOST]]


def _measure(row: Any) -> MeasureRow:
    return MeasureRow(
        title=row.title,
        unit=row.unit.short_name,
        owner=row.owner.name,
        indicator=row.indicator,
        due_on=row.due_on,
        status=row.get_status_display(),
        closed_on=row.closed_on,
    )


def _outcomes(counts: Counts) -> list[OutcomeRow]:
    rows = counts.outcomes.select_related("unit", "theme", "proposal", "measure", "case")
    return [_outcome(row, counts) for row in rows.order_by("achieved_on", "pk")[:ROWS_AT_MOST]]


def _outcome(row: Outcome, counts: Counts) -> OutcomeRow:
    case = getattr(row, "case", None)
    is_case = case and case.published_at and local_day(case.published_at) <= counts.as_of
    return OutcomeRow(
        title=row.title,
        kind=row.get_kind_display(),
        unit=row.unit.short_name,
        theme=row.theme.short_title,
        achieved_on=row.achieved_on,
        source=_source(row),
        case=case.get_kind_display() if case and is_case else "",
    )


def _source(row: Outcome) -> str:
    if row.proposal:
        return f"建议{row.proposal.number or row.proposal.title}"
    return f"举措“{row.measure.title}”" if row.measure else f"独立成果：{row.independent_reason}"


def _packages(counts: Counts) -> list[PackageRow]:
    """Packages sent by the day, in the order of the organisation."""
    rows = SubmissionPackage.objects.filter(
        Q(unit__in=[unit.pk for unit in counts.units_in_scope]),
        counts.at("sent_at"),
        campaign=counts.campaign,
    )
    return [
        PackageRow(
            row.unit.short_name,
            row.get_status_display(),
            local_day(row.sent_at) if row.sent_at else None,
            row.receipt_number,
            local_day(row.received_at) if row.received_at else None,
        )
        for row in rows.select_related("unit").order_by("unit__path")
        if row.status != PackageStatus.DRAFT
    ]


_LISTS: dict[str, Any] = {
    "activities": _activities,
    "opinions": _opinions,
    "opinion_results": _opinion_results,
    "problems": _problems,
    "proposals": _proposals,
    "adopted": _adopted,
    "revisions": _revisions,
    "measures": _measures,
    "outcomes": _outcomes,
    "packages": _packages,
}
