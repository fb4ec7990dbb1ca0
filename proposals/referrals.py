"""What a department did with a proposal that was passed on to it (转相关部门), told once (N2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from core.chinese_text import chinese_date
from notices.services import Message, announce_all
from proposals.models import ReferralReport
from proposals.permissions import can_report_back
from proposals.replies import answers_to_opinions
from seminars.services.opinions import answer_opinions

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import User
    from proposals.models import Decision


class AlreadyReported(Exception):
    """The department has said what it did."""


@transaction.atomic
def report_back(
    decision: Decision, *, by: User, now: datetime, text: str, done_on: date
) -> ReferralReport:
    """Write down what was done, and tell everyone who got the reply.

    `done_on` is today at the latest. Whoever follows an opinion by its code reads it there.
    Raises PermissionDenied, ValidationError, or AlreadyReported if somebody was first.
    """
    if not can_report_back(by, decision):
        raise PermissionDenied(f"{by.pk} may not report back on decision {decision.pk}")
    if not text.strip():
        raise ValidationError({"text": "请写明办理情况。"})
    if done_on > timezone.localdate(now):
        raise ValidationError({"done_on": "办理日期不能晚于今天。还没有办的，请办完再反馈。"})
    report = _first(decision, text, done_on, by, now)
    record(by, "proposals.report_back", decision.proposal, after={"done_on": str(done_on)})
    _tell(report, now)
    return report


def report_of(decision: Decision | None) -> ReferralReport | None:
    """One query for a decision that was passed on, none for any other."""
    if decision is None or decision.referred_to_id is None:
        return None
    return ReferralReport.objects.filter(decision=decision).select_related("reported_by").first()


def _first(decision: Decision, text: str, done_on: date, by: User, now: datetime) -> ReferralReport:
    try:
        with transaction.atomic():
            return ReferralReport.objects.create(
                decision=decision, text=text, done_on=done_on, reported_by=by, reported_at=now
            )
    except IntegrityError:
        raise AlreadyReported(f"decision {decision.pk} has its report") from None


def _tell(report: ReferralReport, now: datetime) -> None:
    decision, proposal = report.decision, report.decision.proposal
    words = f"{decision.referred_to}于{chinese_date(report.done_on)}办理：{report.text}"
    replies = decision.replies.select_related("recipient").order_by("pk")
    announce_all(
        [
            Message(
                recipient=reply.recipient,
                key=f"reported-back:{report.pk}",
                kind="reply",
                title=f"建议《{proposal.title}》转办后的办理情况",
                body=words,
                reason="您参与了这件建议的提出。",
                url=reverse("proposals:detail", args=[proposal.pk]) + "#answer",
            )
            for reply in replies
        ],
        now,
    )
    answer_opinions(dict.fromkeys(answers_to_opinions([decision]), words))
