"""What the plan group's meeting has before it, as one of its members may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from proposals.choices import ADOPTING_VERDICTS
from proposals.deliberation import weighted_mean
from proposals.models import Proposal
from proposals.permissions import can_publish, can_review
from proposals.services import rules_of

if TYPE_CHECKING:
    from accounts.models import User
    from campaign.models import Campaign
    from proposals.models import ClauseRevision, Decision
    from proposals.querysets import DecisionQuerySet


@dataclass(frozen=True)
class Item:
    """A prepared decision as the meeting sees it; masked for those who stay out of it."""

    decision: Decision
    mean: float | None
    revisions: list[ClauseRevision]
    is_masked: bool
    may_publish: bool

    @property
    def lacks_revision(self) -> bool:
        return self.decision.verdict in ADOPTING_VERDICTS and not self.revisions


def items_for(rows: DecisionQuerySet, campaign: Campaign, reader: User) -> list[Item]:
    """A constant number of queries."""
    rules = rules_of(campaign)
    read = list(rows.with_page_facts())
    keys = [decision.proposal_id for decision in read]
    conflicts = Proposal.objects.filter(pk__in=keys).with_conflict_of(reader).in_bulk()
    found = []
    for decision in read:
        decision.proposal.conflict = conflicts[decision.proposal_id].conflict  # type: ignore[attr-defined]
        decision.proposal.conflict_reader_id = reader.pk  # type: ignore[attr-defined]
        found.append(
            Item(
                decision,
                weighted_mean(list(decision.proposal.reviews.all()), rules),
                list(decision.revisions.all()),
                not can_review(reader, decision.proposal),
                can_publish(reader, decision.proposal),
            )
        )
    return found
