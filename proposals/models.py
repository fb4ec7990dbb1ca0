"""From what people said to what the school decided."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from campaign.models import Campaign, Clause, ClauseWording, PlanDocument, PlanVersion, Theme
from core.search_text import SearchTextField
from proposals.choices import PackageStatus, ProposalKind, Satisfaction, Status, Verdict
from proposals.querysets import (
    DecisionQuerySet,
    PackageQuerySet,
    ProposalQuerySet,
    ReplyQuerySet,
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


class ReviewRules(models.Model):
    """How the plan group reviews in one campaign, and the last number it gave a proposal.

    `criteria` are the campaign's own beside the two of S32, such as 前瞻性 (S19): a list of
    `{"title": …, "weight": …}`. They are read with the rules, so they cost no query.
    """

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="review_rules")
    quorum = models.PositiveSmallIntegerField("最少评分人数", default=1)
    accuracy_weight = models.PositiveSmallIntegerField("“问题要准”权重", default=50)
    practicality_weight = models.PositiveSmallIntegerField("“解决要实”权重", default=50)
    co_signatures_needed = models.PositiveSmallIntegerField("提交所需附议人数", default=0)
    is_blind = models.BooleanField("审议时隐去单位和执笔人", default=False)
    criteria = models.JSONField("增加的评分标准", default=list, blank=True)
    last_number = models.PositiveIntegerField("已编到的号", default=0, editable=False)
    last_receipt = models.PositiveIntegerField("已编到的签收号", default=0, editable=False)

    history = HistoricalRecords(excluded_fields=["last_number", "last_receipt"])

    class Meta:
        verbose_name = "审议规则"
        verbose_name_plural = "审议规则"
        constraints = [
            models.CheckConstraint(condition=Q(quorum__gte=1), name="rules_quorum_at_least_one"),
            models.CheckConstraint(
                condition=Q(accuracy_weight__gte=1) & Q(practicality_weight__gte=1),
                name="rules_both_criteria_count",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign}审议规则"


class Assignment(models.Model):
    """The reviewer who looks at a proposal first. Others may review it as well."""

    proposal = models.OneToOneField(Proposal, models.CASCADE, related_name="assignment")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="主审人"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "分办"
        verbose_name_plural = "分办"

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.reviewer}"


class ThemeDuty(models.Model):
    """A reviewer who takes the proposals of a theme before others do."""

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="duties", verbose_name="研讨主题")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="审议人"
    )

    class Meta:
        verbose_name = "主题分工"
        verbose_name_plural = "主题分工"
        constraints = [
            models.UniqueConstraint(fields=["theme", "reviewer"], name="theme_duty_once")
        ]

    def __str__(self) -> str:
        return f"{self.theme} {self.reviewer}"


class Recusal(models.Model):
    """A declared conflict (N11); those of author and unit follow from the rows themselves."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="recusals")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="回避人"
    )
    reason = models.CharField("回避事由", max_length=200)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "回避"
        verbose_name_plural = "回避"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "reviewer"], name="recused_once_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.reviewer}"


_SCORE = [MinValueValidator(1), MaxValueValidator(5)]


class Review(models.Model):
    """One reviewer's scores on the two criteria of S32, 1 to 5, and a comment; or an abstention.

    `further` holds the scores on the campaign's own criteria by their titles.
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews", verbose_name="审议人"
    )
    accuracy = models.PositiveSmallIntegerField("发现问题要准", validators=_SCORE, null=True)
    practicality = models.PositiveSmallIntegerField("解决问题要实", validators=_SCORE, null=True)
    further = models.JSONField("其他标准的评分", default=dict, blank=True)
    is_abstention = models.BooleanField("弃权", default=False)
    comment = models.TextField("审议意见", blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "审议"
        verbose_name_plural = "审议"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "reviewer"], name="review_once_a_person"),
            models.CheckConstraint(
                condition=Q(is_abstention=False, accuracy__range=(1, 5), practicality__range=(1, 5))
                | Q(is_abstention=True, accuracy__isnull=True, practicality__isnull=True),
                name="review_scores_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.reviewer}"


class ReviewNote(models.Model):
    """A remark in the plan group's discussion of a proposal: added, never edited."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField("讨论记录")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "讨论记录"
        verbose_name_plural = "讨论记录"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:40]


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


class SubmissionPackage(models.Model):
    """What a unit reports to the plan group (S21): compiled from its records, locked once sent.

    `contents` is the compiled snapshot as it was sent; a draft compiles anew at every look.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="packages")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="packages", verbose_name="单位")
    status = models.CharField(
        "状态", max_length=20, choices=PackageStatus, default=PackageStatus.DRAFT
    )
    summary = models.TextField("综述", blank=True)
    contents = models.JSONField("报送内容", default=dict)
    content_hash = models.CharField("内容校验码", max_length=64, blank=True)
    version = models.PositiveIntegerField("修改次数", default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("编制时间")
    sent_at = models.DateTimeField("报送时间", null=True)
    received_at = models.DateTimeField("签收时间", null=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    receipt_number = models.CharField("签收号", max_length=30, blank=True)
    return_reason = models.TextField("退回原因", blank=True)

    objects = PackageQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["contents"])

    class Meta:
        verbose_name = "报送材料"
        verbose_name_plural = "报送材料"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "unit"], name="package_once_a_unit"),
            models.UniqueConstraint(
                fields=["campaign", "receipt_number"],
                condition=~Q(receipt_number=""),
                name="package_receipt_number_once",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[PackageStatus.SENT, PackageStatus.RECEIVED])
                | Q(sent_at__isnull=False),
                name="package_sent_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status=PackageStatus.RECEIVED) | ~Q(receipt_number=""),
                name="package_received_has_number",
            ),
            models.CheckConstraint(
                condition=~Q(status=PackageStatus.RETURNED) | ~Q(return_reason=""),
                name="package_returned_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}报送材料"
