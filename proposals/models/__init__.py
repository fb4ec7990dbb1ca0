"""From what people said to what the school decided."""

from proposals.models.decision import ClauseRevision, Decision, ReferralReport, Reply
from proposals.models.deliberation import (
    Assignment,
    Recusal,
    Review,
    ReviewNote,
    ReviewRules,
    ThemeDuty,
)
from proposals.models.package import SubmissionPackage
from proposals.models.proposal import CoSignature, Proposal, StatusChange

__all__ = [
    "Assignment",
    "ClauseRevision",
    "CoSignature",
    "Decision",
    "Proposal",
    "Recusal",
    "ReferralReport",
    "Reply",
    "Review",
    "ReviewNote",
    "ReviewRules",
    "StatusChange",
    "SubmissionPackage",
    "ThemeDuty",
]
