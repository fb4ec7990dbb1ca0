"""Whether the chain of N1 holds: every link leads somewhere, and every step left its mark.

Most of it the database keeps by itself. What is listed here are the links it cannot know of, and
keys that point nowhere because somebody went round the portal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Exists, F, OuterRef, Q

from campaign.models import ClauseWording
from outcomes.models import Case, Measure, Outcome
from proposals.choices import ADOPTING_VERDICTS, Status
from proposals.models import ClauseRevision, Decision, Proposal, Reply, StatusChange
from seminars.choices import OpinionStatus, ProblemStatus
from seminars.models import Opinion, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model, QuerySet

#: The models of the chain, from its beginning.
LINKS: tuple[type[Model], ...] = (
    Opinion,
    Problem,
    Proposal,
    Decision,
    ClauseRevision,
    Reply,
    Measure,
    Outcome,
    Case,
)


@dataclass(frozen=True)
class Orphan:
    """A row whose place in the chain is broken, and how."""

    table: str
    key: str
    fault: str

    def __str__(self) -> str:
        return f"{self.table} {self.key}: {self.fault}"


def orphans() -> Iterator[Orphan]:
    """Every broken row, in the order of the chain; the number of queries is constant."""
    for model in LINKS:
        for rows, fault in _rules(model):
            for key in rows.order_by("pk").values_list("pk", flat=True):
                yield Orphan(model._meta.label, str(key), fault)


def _rules(model: type[Model]) -> Iterator[tuple[QuerySet[Any], str]]:
    yield from _pointing_nowhere(model)
    yield from _MISSING.get(model, lambda: ())()


# --- Keys that point nowhere -------------------------------------------------------------


def _pointing_nowhere(model: type[Model]) -> Iterator[tuple[QuerySet[Any], str]]:
    """Foreign keys, and both ends of the tables between, whose row is gone."""
    for name, target in _targets(model):
        rows = model._default_manager.filter(**{f"{name}__isnull": False})
        yield _without(rows, target, name), f"{name} leads to no {target._meta.label}"
    for field in model._meta.local_many_to_many:
        through: Any = field.remote_field.through
        for name, target in _targets(through):
            lost = _without(through._default_manager.all(), target, name)
            here = field.m2m_field_name()
            owners = model._default_manager.filter(pk__in=lost.values(f"{here}_id"))
            yield owners, f"{field.name} leads to no {target._meta.label}"


def _targets(model: type[Model]) -> Iterator[tuple[str, type[Model]]]:
    ours = {config.label for config in apps.get_app_configs()}
    for field in model._meta.local_fields:
        target = field.related_model
        if field.is_relation and isinstance(target, type) and target._meta.app_label in ours:
            yield field.attname, target


def _without(rows: QuerySet[Any], target: type[Model], name: str) -> QuerySet[Any]:
    found = target._default_manager.filter(pk=OuterRef(name))
    return rows.filter(~Exists(found))


# --- Steps that left no mark -------------------------------------------------------------


def _of_opinions() -> Iterator[tuple[QuerySet[Any], str]]:
    in_problem = Problem.opinions.through.objects.filter(opinion=OuterRef("pk"))
    named = Proposal.opinions.through.objects.filter(opinion=OuterRef("pk"))
    through = Proposal.problems.through.objects.filter(problem__opinions=OuterRef("pk"))
    rows = Opinion.objects
    yield (
        rows.filter(~Exists(in_problem), status=OpinionStatus.PROBLEM, merged_into=None),
        "listed as a problem, but in no problem",
    )
    yield (
        rows.filter(
            ~Exists(named), ~Exists(through), status=OpinionStatus.PROPOSAL, merged_into=None
        ),
        "became a proposal, but no proposal names it",
    )

    yield (
        rows.filter(merged_into__isnull=False).exclude(status=F("merged_into__status")),
        "does not share the fate of the one it was merged into",
    )


def _of_problems() -> Iterator[tuple[QuerySet[Any], str]]:
    rests_on = Problem.opinions.through.objects.filter(problem=OuterRef("pk"))
    named = Proposal.problems.through.objects.filter(problem=OuterRef("pk"))
    rows = Problem.objects
    yield rows.filter(~Exists(rests_on)), "rests on no opinion"
    yield (
        rows.filter(~Exists(named), status=ProblemStatus.PROPOSAL),
        "became a proposal, but no proposal names it",
    )


def _of_proposals() -> Iterator[tuple[QuerySet[Any], str]]:
    here = {"proposal": OuterRef("pk")}
    sent_in = Proposal.objects.exclude(status__in=[Status.DRAFT, Status.WITHDRAWN])
    sources = [
        getattr(Proposal, name).through.objects.filter(**here)
        for name in ("opinions", "activities", "problems")
    ]
    yield sent_in.filter(*(~Exists(rows) for rows in sources)), "sent in without a source"
    steps = StatusChange.objects.filter(new=OuterRef("status"), **here)
    yield sent_in.filter(~Exists(steps)), "no step of its history leads to its state"
    published = Decision.objects.published().filter(**here)
    yield (
        sent_in.filter(~Exists(published), status=Status.DECIDED),
        "answered without a published decision",
    )
    yield (
        sent_in.filter(merged_into__isnull=False).exclude(
            merged_into__status__in=[Status.SUBMITTED, Status.RETURNED, Status.DECIDED]
        ),
        "merged into one that is not before the group",
    )


def _of_decisions() -> Iterator[tuple[QuerySet[Any], str]]:
    published = Decision.objects.published()
    yield published.exclude(proposal__status=Status.DECIDED), "published, proposal not answered"
    revisions = ClauseRevision.objects.filter(decision=OuterRef("pk"))
    yield (
        published.filter(~Exists(revisions), verdict__in=ADOPTING_VERDICTS),
        "adopted without a revision or a reason for none",
    )
    answered = Reply.objects.filter(decision=OuterRef("pk"), recipient=OuterRef("proposal__author"))
    yield (
        published.filter(~Exists(answered), proposal__author__is_active=True),
        "its author got no reply",
    )


def _of_revisions() -> Iterator[tuple[QuerySet[Any], str]]:
    in_force = ClauseRevision.objects.filter(
        decision__published_at__isnull=False, clause__isnull=False
    )
    yield in_force.filter(version__isnull=True), "published, but in no version of the plan"
    worded = ClauseWording.objects.filter(clause=OuterRef("clause"), version=OuterRef("version"))
    yield (
        in_force.filter(~Exists(worded), version__isnull=False),
        "its version has no wording of the clause",
    )
    other = Q(version__isnull=False) & ~Q(version__document=F("clause__document"))
    yield in_force.filter(other), "its version is of another document"


def _of_measures() -> Iterator[tuple[QuerySet[Any], str]]:
    yield (
        Measure.objects.filter(
            revision__decision__published_at__isnull=True, revision__isnull=False
        ),
        "follows from a revision that was never published",
    )


_MISSING: dict[type[Model], Any] = {
    Opinion: _of_opinions,
    Problem: _of_problems,
    Proposal: _of_proposals,
    Decision: _of_decisions,
    ClauseRevision: _of_revisions,
    Measure: _of_measures,
}
