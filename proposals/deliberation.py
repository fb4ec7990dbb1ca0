"""What reviewers do before there is a decision: score, abstain, remark, step aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from campaign.choices import Gate
from campaign.gates import is_open
from proposals.assignment import assign, eligible_keys
from proposals.choices import Status
from proposals.models import Assignment, Recusal, Review, ReviewNote
from proposals.permissions import can_declare_recusal, can_review, is_in_plan_group
from proposals.services import hold, rules_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from accounts.models import User
    from proposals.models import Proposal, ReviewRules


class AlreadySeen(Exception):
    """Others' scores have been open to the reviewer, so their own cannot change any more."""


@dataclass(frozen=True)
class Quorum:
    """How many scores there are and how many it takes, conflicts and abstentions taken off."""

    scored: int
    needed: int
    eligible: int

    @property
    def is_reached(self) -> bool:
        return self.eligible > 0 and self.scored >= self.needed


@transaction.atomic
def score(
    proposal: Proposal,
    *,
    by: User,
    now: datetime,
    accuracy: int,
    practicality: int,
    comment: str = "",
) -> Review:
    """The two criteria of S32, 1 to 5. May be corrected until somebody else has scored."""
    return _put_review(
        proposal,
        by,
        now,
        accuracy=accuracy,
        practicality=practicality,
        comment=comment,
        is_abstention=False,
    )


@transaction.atomic
def abstain(proposal: Proposal, *, by: User, now: datetime, comment: str = "") -> Review:
    """Leave the scoring to others; the quorum counts without the reviewer."""
    return _put_review(
        proposal,
        by,
        now,
        accuracy=None,
        practicality=None,
        comment=comment,
        is_abstention=True,
    )


def _put_review(proposal: Proposal, by: User, now: datetime, **values: object) -> Review:
    check_may_deliberate(proposal, by, timezone.localdate(now))
    own = Review.objects.filter(proposal=proposal, reviewer=by)
    others = Review.objects.filter(proposal=proposal).exclude(reviewer=by)
    if own.exists() and others.exists():
        raise AlreadySeen(f"{by.pk} has seen others' scores of proposal {proposal.pk}")
    review, _ = Review.objects.update_or_create(
        proposal=proposal, reviewer=by, defaults={"at": now, **values}
    )
    record(by, "proposals.review", proposal, after=_scores(review))
    return review


def _scores(review: Review) -> dict[str, object]:
    return {
        "accuracy": review.accuracy,
        "practicality": review.practicality,
        "is_abstention": review.is_abstention,
    }


def check_may_deliberate(proposal: Proposal, by: User, day: date) -> None:
    """Hold the proposal where it waits, for somebody who may review it.

    Raises PermissionDenied, ValidationError or NotEditable.
    """
    if not can_review(by, proposal):
        raise PermissionDenied(f"{by.pk} may not review proposal {proposal.pk}")
    if not is_open(proposal.campaign, Gate.REVIEW, day):
        raise ValidationError("目前不在“审议”开放的阶段。")
    hold(proposal, [Status.SUBMITTED])


@transaction.atomic
def add_note(proposal: Proposal, *, by: User, now: datetime, text: str) -> ReviewNote:
    check_may_deliberate(proposal, by, timezone.localdate(now))
    return ReviewNote.objects.create(proposal=proposal, author=by, text=text, at=now)


@transaction.atomic
def recuse(proposal: Proposal, reviewer: User, *, by: User, now: datetime, reason: str) -> Recusal:
    """Declare a conflict (N11), from either side.

    The reviewer's own scores go, and the proposal passes to somebody else if it was theirs.
    """
    if not can_declare_recusal(by, proposal):
        raise PermissionDenied(f"{by.pk} may not ask for recusal on proposal {proposal.pk}")
    if not is_in_plan_group(reviewer, proposal.campaign):
        raise ValidationError("只有“双高计划”工作组成员需要回避。")
    hold(proposal, [Status.SUBMITTED])
    recusal, created = Recusal.objects.get_or_create(
        proposal=proposal,
        reviewer=reviewer,
        defaults={"reason": reason, "declared_by": by, "at": now},
    )
    if created:
        Review.objects.filter(proposal=proposal, reviewer=reviewer).delete()
        record(by, "proposals.recuse", proposal, after={"reviewer": reviewer.pk, "reason": reason})
        _pass_on(proposal, reviewer, now)
    return recusal


def _pass_on(proposal: Proposal, reviewer: User, now: datetime) -> None:
    was_theirs = Assignment.objects.filter(proposal=proposal, reviewer=reviewer).exists()
    if was_theirs or not eligible_keys(proposal, timezone.localdate(now)):
        assign(proposal, now=now)


def quorum_of(proposal: Proposal, reviews: Sequence[Review], on: date) -> Quorum:
    """The rule's number, or all who may still score if they are fewer."""
    eligible = eligible_keys(proposal, on)
    abstained = {review.reviewer_id for review in reviews if review.is_abstention}
    scored = {review.reviewer_id for review in reviews if not review.is_abstention}
    voting = eligible - abstained
    needed = min(rules_of(proposal.campaign).quorum, max(len(voting), 1))
    return Quorum(len(scored & eligible), needed, len(voting))


def visible_reviews(
    proposal: Proposal, reviews: Sequence[Review], reader: User
) -> Sequence[Review]:
    """All of them once the reader's own is in; nobody sees others' scores before."""
    has_own = any(review.reviewer_id == reader.pk for review in reviews)
    return reviews if has_own and can_review(reader, proposal) else []


def weighted_mean(reviews: Sequence[Review], rules: ReviewRules) -> float | None:
    """The mean of all scores, 1 to 5, each criterion with its weight; None without a score."""
    totals = [
        rules.accuracy_weight * review.accuracy + rules.practicality_weight * review.practicality
        for review in reviews
        if review.accuracy is not None and review.practicality is not None
    ]
    if not totals:
        return None
    weight = rules.accuracy_weight + rules.practicality_weight
    return sum(totals) / (weight * len(totals))
