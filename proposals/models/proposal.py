"""A proposal, its steps and who signs it too (S19, S20)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from campaign.models import Campaign, Clause, PlanDocument, Theme
from core.search_text import SearchTextField
from proposals.choices import ProposalKind, Status
from proposals.querysets import (
    ProposalQuerySet,
)
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
    return_due_on = models.DateField("完善期限", null=True)
    decided_at = models.DateTimeField("答复时间", null=True)
    version = models.PositiveIntegerField("修改次数", default=0)
    search_text = SearchTextField(sources=("number", "title", "problem", "measures"))
    client_key = models.UUIDField("起草标识", null=True, unique=True, editable=False)
    created_at = models.DateTimeField("起草时间")
    updated_at = models.DateTimeField("修改时间")
    is_demo = models.BooleanField("演示数据", default=False)

    objects = ProposalQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["client_key", "search_text"])

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
            models.CheckConstraint(
                condition=~Q(status=Status.MERGED) | Q(merged_into__isnull=False),
                name="proposal_merged_has_target",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.RETURNED) | Q(return_due_on__isnull=False),
                name="proposal_returned_has_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.DECIDED) | Q(decided_at__isnull=False),
                name="proposal_decided_has_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "status", "-submitted_at"], name="proposal_queue"),
            models.Index(fields=["campaign", "status", "review_due_on", "id"], name="proposal_due"),
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


class CoSignature(models.Model):
    """A person who stands behind a proposal without having written it (附议)."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="co_signatures")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="附议人"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "附议"
        verbose_name_plural = "附议"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "person"], name="co_signed_once_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.person}"
