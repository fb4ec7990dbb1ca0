"""From what people said to what the school decided."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from campaign.models import Campaign, Clause, ClauseWording, PlanDocument, PlanVersion, Theme
from proposals.choices import ProposalKind, Status, Verdict
from seminars.models import Activity, Opinion, Problem
from units.models import Unit


class Proposal(models.Model):
    """What is submitted to the plan group (S19, S20). `status` is assigned in workflow.py only."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="proposals")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="proposals", verbose_name="单位")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="proposals", verbose_name="执笔人"
    )
    number = models.CharField("编号", max_length=20, blank=True)
    title = models.CharField("标题", max_length=120)
    problem = models.TextField("发现的问题", blank=True)
    measures = models.TextField("建议措施", blank=True)
    kind = models.CharField("类别", max_length=30, choices=ProposalKind)
    theme = models.ForeignKey(
        Theme, models.PROTECT, related_name="proposals", verbose_name="研讨主题"
    )
    target_document = models.ForeignKey(
        PlanDocument, models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    target_clause = models.ForeignKey(
        Clause, models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    opinions = models.ManyToManyField(
        Opinion, related_name="proposals", blank=True, verbose_name="来源意见"
    )
    activities = models.ManyToManyField(
        Activity, related_name="proposals", blank=True, verbose_name="来源活动"
    )
    problems = models.ManyToManyField(
        Problem, related_name="proposals", blank=True, verbose_name="来源问题"
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    status = models.CharField("状态", max_length=20, choices=Status, default=Status.DRAFT)
    submitted_at = models.DateTimeField("提交时间", null=True)
    review_due_on = models.DateField("应答复日期", null=True)
    decided_at = models.DateTimeField("答复时间", null=True)
    version = models.PositiveIntegerField("修改次数", default=0)
    created_at = models.DateTimeField("起草时间")
    updated_at = models.DateTimeField("修改时间")
    is_demo = models.BooleanField("演示数据", default=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "对策建议"
        verbose_name_plural = "对策建议"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "number"], condition=~Q(number=""), name="proposal_number_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[Status.DRAFT, Status.WITHDRAWN])
                | Q(submitted_at__isnull=False),
                name="proposal_submitted_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.MERGED) | Q(merged_into__isnull=True),
                name="proposal_merged_names_target",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="proposal_not_merged_into_itself",
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "status", "-submitted_at"], name="proposal_queue"),
            models.Index(fields=["unit", "-updated_at"], name="proposal_of_unit"),
        ]

    def __str__(self) -> str:
        return self.title


class StatusChange(models.Model):
    """One step of one proposal: added, never edited."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="status_changes")
    step = models.CharField("步骤", max_length=20)
    old = models.CharField("原状态", max_length=20, choices=Status)
    new = models.CharField("新状态", max_length=20, choices=Status)
    note = models.TextField("说明", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "状态变更"
        verbose_name_plural = "状态变更"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.old} → {self.new}"


_SCORE = [MinValueValidator(1), MaxValueValidator(5)]


class Review(models.Model):
    """One reviewer's scores on the two criteria of S32, 1 to 5, and a comment."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews", verbose_name="审议人"
    )
    accuracy = models.PositiveSmallIntegerField("发现问题要准", validators=_SCORE)
    practicality = models.PositiveSmallIntegerField("解决问题要实", validators=_SCORE)
    comment = models.TextField("审议意见", blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "审议"
        verbose_name_plural = "审议"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "reviewer"], name="review_once_a_person"),
            models.CheckConstraint(
                condition=Q(accuracy__range=(1, 5)) & Q(practicality__range=(1, 5)),
                name="review_scores_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.reviewer}"


class Decision(models.Model):
    """What became of a proposal, with reasons. Nobody but the plan group sees it unpublished."""

    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="decision")
    verdict = models.CharField("决定", max_length=20, choices=Verdict)
    reasons = models.TextField("理由")
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟办人"
    )
    prepared_at = models.DateTimeField("拟定时间")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField("公布时间", null=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "决定"
        verbose_name_plural = "决定"
        constraints = [
            models.CheckConstraint(condition=~Q(reasons=""), name="decision_has_reasons")
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.get_verdict_display()}"


class ClauseRevision(models.Model):
    """The clause an adoption changes, old and new wording; or why no text changes (S23)."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="revisions")
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, related_name="revisions")
    old_wording = models.ForeignKey(
        ClauseWording, models.PROTECT, null=True, related_name="revised_by"
    )
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
            )
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

    class Meta:
        verbose_name = "答复"
        verbose_name_plural = "答复"
        constraints = [
            models.UniqueConstraint(fields=["decision", "recipient"], name="reply_once_a_person")
        ]

    def __str__(self) -> str:
        return self.text[:40]
