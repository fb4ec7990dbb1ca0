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
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from accounts.models import User
    from campaign.models import Campaign
    from proposals.models import Proposal, ReviewRules


_SCALE = range(1, 6)


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
    further: Mapping[str, int] | None = None,
) -> Review:
    """The two criteria of S32 and the campaign's own (by title), 1 to 5 each.

    May be corrected until somebody else has scored. Raises ValidationError if one is missing.
    """
    titles = [criterion.title for criterion in criteria_of(proposal.campaign)]
    given = {title: value for title, value in (further or {}).items() if title in titles}
    if missing := [title for title in titles if given.get(title) not in _SCALE]:
        raise ValidationError(f"请给“{'”“'.join(missing)}”打1—5分。")
    return _put_review(
        proposal,
        by,
        now,
        accuracy=accuracy,
        practicality=practicality,
        further=given,
        comment=comment,
        is_abstention=False,
    )


@dataclass(frozen=True)
class Criterion:
    """One of the campaign's own criteria; its weight stands beside those of S32."""

    title: str
    weight: int


def criteria_of(campaign: Campaign) -> list[Criterion]:
    """The campaign's own criteria, in order."""
    return criteria_in(rules_of(campaign))


def criteria_in(rules: ReviewRules) -> list[Criterion]:
    return [Criterion(one["title"], one["weight"]) for one in rules.criteria]


@transaction.atomic
def abstain(proposal: Proposal, *, by: User, now: datetime, comment: str = "") -> Review:
    """Leave the scoring to others; the quorum counts without the reviewer."""
    return _put_review(
        proposal,
        by,
        now,
        accuracy=None,
        practicality=None,
        further={},
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
    criteria = criteria_in(rules)
    means = [
        _mean(
            [
                (rules.accuracy_weight, review.accuracy),
                (rules.practicality_weight, practicality),
                *(
                    (criterion.weight, review.further[criterion.title])
                    for criterion in criteria
                    if criterion.title in review.further
                ),
            ]
        )
        for review in reviews
        if review.accuracy is not None and (practicality := review.practicality) is not None
    ]
    return sum(means) / len(means) if means else None


def _mean(weighted: Sequence[tuple[int, int]]) -> float:
    return sum(weight * value for weight, value in weighted) / sum(weight for weight, _ in weighted)
