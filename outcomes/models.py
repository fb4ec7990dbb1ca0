"""What the school did with its decisions: measures, their results, and what others can reuse."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from campaign.models import Campaign, Theme
from outcomes.choices import (
    CaseKind,
    Horizon,
    MeasureStatus,
    NewsKind,
    NewsStatus,
    OutcomeKind,
)
from outcomes.querysets import CaseQuerySet, MeasureQuerySet, NewsQuerySet, OutcomeQuerySet
from proposals.models import ClauseRevision, Proposal
from seminars.models import Activity
from units.models import Unit


class Measure(models.Model):
    """A task with owner, indicator and due date; without all three it stays a draft (S26, S36)."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="measures")
    revision = models.ForeignKey(
        ClauseRevision, models.PROTECT, null=True, blank=True, related_name="measures"
    )
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="measures")
    title = models.CharField("举措", max_length=120)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="measures", verbose_name="责任单位")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name="责任人",
    )
    indicator = models.CharField("指标", max_length=200, blank=True)
    horizon = models.CharField("期限类别", max_length=20, choices=Horizon, default=Horizon.CURRENT)
    due_on = models.DateField("完成时限", null=True, blank=True)
    status = models.CharField(
        "状态", max_length=20, choices=MeasureStatus, default=MeasureStatus.DRAFT
    )
    closed_on = models.DateField("办结日期", null=True, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    objects = MeasureQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "举措"
        verbose_name_plural = "举措"
        constraints = [
            models.CheckConstraint(
                condition=Q(status=MeasureStatus.DRAFT)
                | (Q(owner__isnull=False) & Q(due_on__isnull=False) & ~Q(indicator="")),
                name="measure_open_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(status=MeasureStatus.CLOSED) | Q(closed_on__isnull=False),
                name="measure_closed_has_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Milestone(models.Model):
    """A dated step of a measure."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="milestones")
    title = models.CharField("节点", max_length=120)
    due_on = models.DateField("时限")
    done_on = models.DateField("完成日期", null=True, blank=True)

    class Meta:
        verbose_name = "节点"
        verbose_name_plural = "节点"
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.title


class Progress(models.Model):
    """What the responsible unit reported on a measure: added, never edited."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="reports")
    milestone = models.OneToOneField(
        Milestone, models.PROTECT, null=True, blank=True, verbose_name="完成的节点"
    )
    text = models.TextField("进展")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("报告时间")

    class Meta:
        verbose_name = "进展"
        verbose_name_plural = "进展"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.text[:40]


class Outcome(models.Model):
    """A result (S16, S25): tied to a proposal or a measure, or independent with a reason."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="outcomes")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="outcomes", verbose_name="单位")
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="outcomes")
    kind = models.CharField("类别", max_length=20, choices=OutcomeKind)
    title = models.CharField("成果", max_length=120)
    text = models.TextField("说明", blank=True)
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="outcomes"
    )
    measure = models.ForeignKey(
        Measure, models.PROTECT, null=True, blank=True, related_name="outcomes"
    )
    independent_reason = models.CharField("独立成果说明", max_length=200, blank=True)
    activities = models.ManyToManyField(
        Activity, blank=True, related_name="outcomes", verbose_name="佐证活动"
    )
    achieved_on = models.DateField("形成日期")
    is_demo = models.BooleanField("演示数据", default=False)

    objects = OutcomeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "成果"
        verbose_name_plural = "成果"
        constraints = [
            models.CheckConstraint(
                condition=Q(proposal__isnull=False)
                | Q(measure__isnull=False)
                | ~Q(independent_reason=""),
                name="outcome_linked_or_says_why_not",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Case(models.Model):
    """An outcome others can reuse (S29)."""

    outcome = models.OneToOneField(Outcome, models.PROTECT, related_name="case")
    kind = models.CharField("类别", max_length=20, choices=CaseKind)
    summary = models.TextField("做法")
    published_at = models.DateTimeField("发布时间", null=True, blank=True)

    objects = CaseQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "典型案例"
        verbose_name_plural = "典型案例"

    def __str__(self) -> str:
        return self.outcome.title


class Reuse(models.Model):
    """A unit took up what a case describes (S29)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="reuses")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="借鉴单位")
    text = models.TextField("怎么用的")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "借鉴"
        verbose_name_plural = "借鉴"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "unit"], name="case_reused_once_a_unit")
        ]

    def __str__(self) -> str:
        return self.text[:40]


class News(models.Model):
    """What a unit wants everybody to read (S45); a draft is invisible to others."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="news")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    kind = models.CharField("类别", max_length=20, choices=NewsKind)
    title = models.CharField("标题", max_length=60)
    text = models.TextField("正文", max_length=3_000)
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, blank=True, related_name="news"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    status = models.CharField("状态", max_length=20, choices=NewsStatus, default=NewsStatus.DRAFT)
    #: Why it came back to its author or was taken down.
    reason = models.TextField("理由", blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField("发布时间", null=True, blank=True)

    objects = NewsQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "动态"
        verbose_name_plural = "动态"
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=NewsStatus.PUBLISHED)
                | Q(published_at__isnull=False, approved_by__isnull=False),
                name="news_published_by_somebody",
            )
        ]
        indexes = [models.Index(fields=["campaign", "status", "published_at"], name="news_list")]

    def __str__(self) -> str:
        return self.title
