"""Reading proposals: who sees which, and what stands where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields import BigIntegerField, CharField

from proposals.choices import Conflict, PackageStatus, Status
from units.choices import SCHOOL_WIDE_KINDS, UnitKind
from units.querysets import below
from units.standing import standing_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from campaign.models import Campaign
    from proposals.models import Decision, Proposal, SubmissionPackage
    from units.models import Unit

#: Levels of the unit tree are this many characters of `Unit.path` each (treebeard's steplen).
_PATH_STEP = 4


class ProposalQuerySet(QuerySet["Proposal"]):
    # --- Who sees what ---------------------------------------------------------------

    def visible_to(self, user: User) -> Self:
        """What a person may read.

        Writers and those who report for the unit see every state. Once sent in, the unit's own
        people and both working bodies read along; so do co-signers and whoever got a reply.
        """
        standing = standing_of(user)
        sent_in = Q(submitted_at__isnull=False) & ~Q(status=Status.WITHDRAWN)
        if standing.sees_school:
            readers = Q()
        else:
            readers = below(standing.paths, "unit__path") | _answered_to(user) | _co_signed(user)
        own = Q(author=user) | below(standing.reporting_paths, "unit__path")
        return self.filter(own | (sent_in & readers))

    def with_conflict_of(self, user: User) -> Self:
        """Adds `conflict`: why the person stays out of the deliberation, or an empty string.

        What was merged into a proposal counts as part of it. `conflict_reader_id` says whose
        conflict it is, so that nobody else's question is answered from it.
        """
        own_unit = _same_line(_home_paths(user))
        return self.annotate(
            conflict=Case(
                When(Q(author=user) | _merged(Q(author=user)), then=Value(Conflict.AUTHOR.value)),
                When(own_unit | _merged(own_unit), then=Value(Conflict.SAME_UNIT.value)),
                When(_recused(user), then=Value(Conflict.DECLARED.value)),
                default=Value(""),
                output_field=CharField(),
            ),
            conflict_reader_id=Value(user.pk, output_field=BigIntegerField()),
        )

    def reviewable_by(self, user: User) -> Self:
        """Waiting proposals from whose deliberation nothing keeps the person."""
        return self.waiting().with_conflict_of(user).filter(conflict="")

    # --- Where it stands -------------------------------------------------------------

    def in_campaign(self, campaign: Campaign) -> Self:
        return self.filter(campaign=campaign)

    def of_units(self, units: Iterable[Unit]) -> Self:
        """Proposals of these units and of everything below them."""
        return self.filter(below((unit.path for unit in units), "unit__path"))

    def waiting(self) -> Self:
        """Sent in and not yet answered."""
        return self.filter(status=Status.SUBMITTED)

    def undecided(self) -> Self:
        """Waiting, and nobody has prepared a decision."""
        return self.waiting().filter(decision__isnull=True)

    def prepared(self) -> Self:
        """Waiting, with a decision that is prepared but not published."""
        return self.waiting().filter(decision__isnull=False)

    def not_reviewed_by(self, user: User) -> Self:
        from proposals.models import Review

        own = Review.objects.filter(proposal=OuterRef("pk"), reviewer=user)
        return self.filter(~Exists(own))

    def assigned_to(self, user: User) -> Self:
        return self.filter(assignment__reviewer=user)

    def about(self, text: str) -> Self:
        """Proposals whose number, title, problem or measures contain the words."""
        return self.filter(
            Q(number__icontains=text)
            | Q(title__icontains=text)
            | Q(problem__icontains=text)
            | Q(measures__icontains=text)
        )

    # --- For pages -------------------------------------------------------------------

    def with_list_facts(self) -> Self:
        """Everything a list row shows."""
        return self.select_related("unit", "theme", "author", "decision")

    def count_by_status(self) -> dict[str, int]:
        rows = self.order_by().values_list("status").annotate(Count("pk"))
        return dict(rows)


def _answered_to(user: User) -> Q:
    from proposals.models import Reply

    return Q(Exists(Reply.objects.filter(recipient=user, decision__proposal=OuterRef("pk"))))


def _co_signed(user: User) -> Q:
    from proposals.models import CoSignature

    return Q(Exists(CoSignature.objects.filter(person=user, proposal=OuterRef("pk"))))


def _merged(condition: Q) -> Q:
    """Something merged into the proposal meets `condition`."""
    from proposals.models import Proposal

    return Q(Exists(Proposal.objects.filter(condition, merged_into=OuterRef("pk"))))


def _recused(user: User) -> Q:
    from proposals.models import Recusal

    return Q(Exists(Recusal.objects.filter(proposal=OuterRef("pk"), reviewer=user)))


def _home_paths(user: User) -> list[str]:
    return sorted({post.path for post in standing_of(user).posts if is_home(post.kind)})


def is_home(kind: str) -> bool:
    """Whether a unit of this kind is somebody's own; the school and its bodies are everyone's."""
    return kind not in {UnitKind.SCHOOL, *SCHOOL_WIDE_KINDS}


def _same_line(paths: Iterable[str]) -> Q:
    """Units that are one of `paths`, lie below one, or contain one, short of the whole school."""
    condition = Q(pk__in=[])
    for path in paths:
        above = [path[:end] for end in range(_PATH_STEP, len(path), _PATH_STEP)]
        condition |= Q(unit__path__startswith=path)
        condition |= Q(unit__path__in=above) & ~Q(unit__kind=UnitKind.SCHOOL)
    return condition


class DecisionQuerySet(QuerySet["Decision"]):
    def unpublished(self) -> Self:
        """Prepared for a proposal that still waits; in the order of preparation."""
        waiting = self.filter(published_at__isnull=True, proposal__status=Status.SUBMITTED)
        return waiting.order_by("prepared_at", "pk")

    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def looked_over(self) -> Self:
        return self.filter(looked_over_at__isnull=False)


class PackageQuerySet(QuerySet["SubmissionPackage"]):
    def visible_to(self, user: User) -> Self:
        """Reporters see their units' packages in every state, both bodies those sent in."""
        standing = standing_of(user)
        own = below(standing.reporting_paths, "unit__path")
        sent = ~Q(status=PackageStatus.DRAFT) if standing.sees_school else Q(pk__in=[])
        return self.filter(own | sent)
