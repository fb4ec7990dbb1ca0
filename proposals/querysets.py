"""Reading proposals: who sees which, and what stands where."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.db.models import (
    Case,
    Count,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields import BigIntegerField, CharField

from core.chinese_text import fold_for_search
from proposals.choices import Conflict, PackageStatus, Satisfaction, Status
from units.choices import SCHOOL_WIDE_KINDS, UnitKind
from units.querysets import below
from units.standing import standing_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from accounts.models import User
    from campaign.models import Campaign
    from proposals.models import Decision, Proposal, Reply, SubmissionPackage
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
            readers |= _referred_to(standing.reporting_paths)
        own = Q(author=user) | below(standing.reporting_paths, "unit__path")
        return self.filter(own | (sent_in & readers))

    def with_conflict_of(self, user: User) -> Self:
        """Adds `conflict`: why the person stays out of the deliberation, or an empty string.

        What was merged into a proposal counts as part of it. `conflict_reader_id` says whose
        conflict it is, so that nobody else's question is answered from it.
        """
        reasons = _reasons_to_stay_out(user)
        return self.annotate(
            conflict=Case(
                *(When(condition, then=Value(why.value)) for why, condition in reasons.items()),
                default=Value(""),
                output_field=CharField(),
            ),
            conflict_reader_id=Value(user.pk, output_field=BigIntegerField()),
        )

    def reviewable_by(self, user: User) -> Self:
        """Waiting proposals from whose deliberation nothing keeps the person."""
        return self.waiting().filter(_is_free(user))

    # --- Where it stands -------------------------------------------------------------

    def in_campaign(self, campaign: Campaign) -> Self:
        return self.filter(campaign=campaign)

    def of_units(self, units: Iterable[Unit]) -> Self:
        """Proposals of these units and of everything below them."""
        return self.filter(below((unit.path for unit in units), "unit__path"))

    def waiting(self) -> Self:
        """Sent in and not yet answered."""
        return self.filter(status=Status.SUBMITTED)

    def with_review_facts_of(self, user: User) -> Self:
        """Adds what the queue tells apart: `is_free`, `is_reviewed`, `is_mine`, `is_prepared`.

        The first three are for `user`; free is who has no reason to stay out.
        """
        from proposals.models import Assignment, Decision, Review

        here = {"proposal": OuterRef("pk")}
        return self.annotate(
            is_free=_is_free(user),
            is_reviewed=Exists(Review.objects.filter(reviewer=user, **here)),
            is_mine=Exists(Assignment.objects.filter(reviewer=user, **here)),
            is_prepared=Exists(Decision.objects.filter(**here)),
        )

    def not_reviewed_by(self, user: User) -> Self:
        from proposals.models import Review

        own = Review.objects.filter(proposal=OuterRef("pk"), reviewer=user)
        return self.filter(~Exists(own))

    def matching(self, text: str) -> Self:
        """Rows in which every word of `text` occurs; full-width letters and figures are folded."""
        rows = self
        for word in fold_for_search(text).split(" "):
            rows = rows.filter(search_text__contains=word)
        return rows

    def oldest_due_first(self) -> Self:
        """The order of the review queue."""
        return self.order_by("review_due_on", "pk")

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    # --- For pages -------------------------------------------------------------------

    def with_list_facts(self) -> Self:
        """Everything a list row shows."""
        return self.select_related("unit", "theme", "author")

    def with_page_facts(self) -> Self:
        """Everything the page of one proposal shows about itself.

        What comes late or seldom is read apart: planning fifteen joins takes longer than they do.
        """
        from proposals.models import Decision

        own = self.select_related(
            "unit", "theme", "author", "campaign__review_rules", "target_document", "target_clause"
        )
        decisions = Decision.objects.select_related("referred_to", "prepared_by")
        return own.prefetch_related(
            Prefetch("decision", decisions), Prefetch("merged_into__decision", decisions)
        )

    def with_opinion_count(self) -> Self:
        """Adds `opinion_count`: how many opinions each proposal rests on."""
        from proposals.models import Proposal

        own = Proposal.objects.filter(pk=OuterRef("pk")).order_by()
        counted = own.annotate(sources=Count("opinions")).values("sources")
        return self.annotate(opinion_count=Subquery(counted))

    def with_return_reason(self) -> Self:
        """Adds `returned_because`: why it was sent back last, None if it never was."""
        from proposals.models import StatusChange

        returns = StatusChange.objects.filter(proposal=OuterRef("pk"), step="return")
        return self.annotate(returned_because=Subquery(returns.order_by("-pk").values("note")[:1]))

    def count_by_status(self) -> dict[str, int]:
        rows = self.order_by().values_list("status").annotate(Count("pk"))
        return dict(rows)


def _answered_to(user: User) -> Q:
    from proposals.models import Reply

    return Q(Exists(Reply.objects.filter(recipient=user, decision__proposal=OuterRef("pk"))))


def _co_signed(user: User) -> Q:
    from proposals.models import CoSignature

    return Q(Exists(CoSignature.objects.filter(person=user, proposal=OuterRef("pk"))))


def _referred_to(paths: Iterable[str]) -> Q:
    """Decided and passed on to a unit one reports for (转相关部门)."""
    from proposals.models import Decision

    if not paths:
        return Q(pk__in=[])
    passed_on = Decision.objects.published().filter(below(paths, "referred_to__path"))
    return Q(Exists(passed_on.filter(proposal=OuterRef("pk"))))


def _reasons_to_stay_out(user: User) -> dict[Conflict, Q]:
    """When each kind of conflict holds, the first that holds being the one that is told (N11)."""
    own_unit = _same_line(_home_paths(user))
    return {
        Conflict.AUTHOR: Q(author=user) | _merged(Q(author=user)),
        Conflict.SAME_UNIT: own_unit | _merged(own_unit),
        Conflict.DECLARED: _recused(user),
    }


def _is_free(user: User) -> Q:
    return ~reduce(or_, _reasons_to_stay_out(user).values())


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

    def unreported(self) -> Self:
        """Passed on to a department that has not said what it did."""
        return self.filter(referred_to__isnull=False, referral_report__isnull=True)

    def looked_over(self) -> Self:
        return self.filter(looked_over_at__isnull=False)

    def looked_over_on(self, day: date) -> Self:
        """What the meeting of that day went through, in the order of preparation."""
        return self.filter(looked_over_at__date=day).order_by("prepared_at", "pk")

    def with_page_facts(self) -> Self:
        """Everything the meeting's pages show."""
        return self.select_related(
            "proposal__unit",
            "proposal__theme",
            "proposal__campaign__plan_group",
            "prepared_by",
            "looked_over_by",
            "referred_to",
        ).prefetch_related("proposal__reviews", "revisions__clause__document")


class ReplyQuerySet(QuerySet["Reply"]):
    def unhappy(self) -> Self:
        """Replies whose recipient is not satisfied and has had no second answer yet."""
        return self.filter(satisfaction=Satisfaction.DISSATISFIED, second_text="")

    def answered_again(self) -> Self:
        return self.exclude(second_text="")

    def in_campaign(self, campaign: Campaign) -> Self:
        return self.filter(decision__proposal__campaign=campaign)

    def with_page_facts(self) -> Self:
        """Everything the list of complaints shows, the longest waiting first."""
        rows = self.select_related(
            "recipient", "second_by", "decision__proposal__campaign__plan_group"
        )
        return rows.order_by("satisfaction_at", "pk")


class PackageQuerySet(QuerySet["SubmissionPackage"]):
    def visible_to(self, user: User) -> Self:
        """Reporters see their units' packages in every state, both bodies those sent in."""
        standing = standing_of(user)
        own = below(standing.reporting_paths, "unit__path")
        sent = ~Q(status=PackageStatus.DRAFT) if standing.sees_school else Q(pk__in=[])
        return self.filter(own | sent)

    def with_page_facts(self) -> Self:
        return self.select_related("unit", "campaign__plan_group", "created_by", "received_by")
