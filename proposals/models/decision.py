"""What was decided, what it changes, and who was told (S18, S23, N2)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from campaign.models import Clause, ClauseWording, PlanVersion
from proposals.choices import Satisfaction, Verdict
from proposals.models.proposal import Proposal
from proposals.querysets import (
    DecisionQuerySet,
    ReplyQuerySet,
)
from units.models import Unit


class Decision(models.Model):
    """What became of a proposal, with reasons. Nobody but the plan group sees it unpublished.

    Prepared by one person, looked over by the group, published together with others.
    """

    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="decision")
    verdict = models.CharField("决定", max_length=20, choices=Verdict)
    reasons = models.TextField("理由")
    referred_to = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="referred_decisions",
        verbose_name="转办单位",
    )
    version = models.PositiveIntegerField("修改次数", default=0)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟办人"
    )
    prepared_at = models.DateTimeField("拟定时间")
    looked_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    looked_over_at = models.DateTimeField("过会时间", null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField("公布时间", null=True)

    objects = DecisionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "决定"
        verbose_name_plural = "决定"
        constraints = [
            models.CheckConstraint(condition=~Q(reasons=""), name="decision_has_reasons"),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.REFERRED) | Q(referred_to__isnull=False),
                name="decision_referred_names_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.get_verdict_display()}"

    @property
    def days_taken(self) -> int | None:
        """The day of publication counted from that of handing in, which is day 0; None before."""
        if self.published_at is None or self.proposal.submitted_at is None:
            return None
        first = timezone.localdate(self.proposal.submitted_at)
        return (timezone.localdate(self.published_at) - first).days


class ClauseRevision(models.Model):
    """The clause an adoption changes, old and new wording; or why no text changes (S23).

    `base_text` is the wording the new one was written against. When it is no longer the wording
    in force, publishing refuses, so that no other revision of the clause is undone unseen.
    `old_wording` and `version` are set when the decision is published.
    """

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="revisions")
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, related_name="revisions")
    old_wording = models.ForeignKey(
        ClauseWording, models.PROTECT, null=True, related_name="revised_by"
    )
    base_text = models.TextField("原条文", blank=True)
    new_text = models.TextField("修订后条文", blank=True)
    no_change_reason = models.TextField("不改条文的理由", blank=True)
    version = models.ForeignKey(
        PlanVersion, models.PROTECT, null=True, related_name="revisions", verbose_name="版次"
    )

    class Meta:
        verbose_name = "条款修订"
        verbose_name_plural = "条款修订"
        constraints = [
            models.CheckConstraint(
                condition=(Q(clause__isnull=False) & ~Q(new_text=""))
                | (Q(clause__isnull=True) & ~Q(no_change_reason="")),
                name="revision_changes_text_or_says_why_not",
            ),
            models.UniqueConstraint(
                fields=["decision", "clause"], name="revision_once_a_clause_and_decision"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clause or self.no_change_reason[:40]}"


class Reply(models.Model):
    """The answer one contributor gets (N2): the decision in words, once."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="replies")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="replies", verbose_name="收件人"
    )
    text = models.TextField("答复")
    sent_at = models.DateTimeField("答复时间")
    satisfaction = models.CharField("评价", max_length=20, choices=Satisfaction, blank=True)
    satisfaction_note = models.TextField("评价说明", blank=True)
    satisfaction_at = models.DateTimeField("评价时间", null=True)
    second_text = models.TextField("再次答复", blank=True)
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    second_at = models.DateTimeField("再次答复时间", null=True)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = "答复"
        verbose_name_plural = "答复"
        constraints = [
            models.UniqueConstraint(fields=["decision", "recipient"], name="reply_once_a_person"),
            models.CheckConstraint(
                condition=Q(second_text="") | Q(satisfaction=Satisfaction.DISSATISFIED),
                name="reply_second_only_after_complaint",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class ReferralReport(models.Model):
    """What the department a proposal was passed on to did with it; said once."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="referral_report")
    text = models.TextField("办理情况")
    done_on = models.DateField("办理日期")
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="反馈人"
    )
    reported_at = models.DateTimeField("反馈时间")

    class Meta:
        verbose_name = "转办办理情况"
        verbose_name_plural = "转办办理情况"

    def __str__(self) -> str:
        return self.text[:40]
