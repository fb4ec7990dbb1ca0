"""Who of the plan group judges a proposal, by which rules and how (S32, N11)."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from campaign.models import Campaign, Theme
from proposals.models.proposal import Proposal


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
