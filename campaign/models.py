"""A campaign as data: what the issued plan says, and the documents it means to revise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from campaign.choices import (
    ActivityKind,
    CampaignState,
    DemandKind,
    DocumentKind,
    Strand,
)
from campaign.querysets import CampaignQuerySet, PhaseQuerySet
from units.models import Unit

if TYPE_CHECKING:
    from datetime import date


class Campaign(models.Model):
    """One campaign, as its plan was issued (S1, S2, S6)."""

    slug = models.SlugField("标识", max_length=60, unique=True)
    title = models.CharField("名称", max_length=200)
    short_title = models.CharField("简称", max_length=60)
    doc_number = models.CharField("文号", max_length=60, blank=True)
    issuer = models.CharField("发文机关", max_length=100, blank=True)
    issued_on = models.DateField("印发日期", null=True, blank=True)
    recipients = models.CharField("主送", max_length=200, blank=True)
    basis = models.TextField("依据", blank=True)
    goal = models.TextField("目标", blank=True)
    audience = models.CharField("面向", max_length=100, blank=True)
    channels = models.JSONField("宣传阵地", default=list, blank=True)
    aims = models.JSONField("建设方向", default=list, blank=True)
    safeguards = models.JSONField("保障措施", default=list, blank=True)
    composition = models.JSONField("领导机构组成", default=dict, blank=True)
    review_working_days = models.PositiveSmallIntegerField("答复时限（工作日）", default=10)
    is_demo = models.BooleanField("演示数据", default=False)
    state = models.CharField(
        "状态", max_length=20, choices=CampaignState, default=CampaignState.DRAFT
    )
    sealed_at = models.DateTimeField("封存时间", null=True, blank=True)
    plan_group = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="“双高计划”工作组",
    )
    campaign_group = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="三大工作组"
    )

    objects = CampaignQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "活动方案"
        verbose_name_plural = "活动方案"

    def __str__(self) -> str:
        return self.short_title


class Phase(models.Model):
    """A stretch of the campaign with the plan's own label and its resolved dates (S8)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="phases")
    order = models.PositiveSmallIntegerField("顺序")
    name = models.CharField("名称", max_length=60)
    label = models.CharField("时间（方案原文）", max_length=60, blank=True)
    text = models.TextField("内容", blank=True)
    strand = models.CharField("环节", max_length=30, choices=Strand)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    opens = models.JSONField("开放事项", default=list)

    objects = PhaseQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "阶段"
        verbose_name_plural = "阶段"
        ordering = ["campaign", "order"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "order"], name="phase_order_once"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="phase_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def includes(self, day: date) -> bool:
        """True from the first to the last day of the phase, both counted."""
        return self.starts_on <= day <= self.ends_on

    def day_number(self, on: date) -> int:
        """1 on the first day of the phase."""
        return (on - self.starts_on).days + 1

    def days_left(self, on: date) -> int:
        """Whole days from `on` to the last day, both included; 0 after the phase.

        Raises ValueError if `on` is before the phase starts.
        """
        if on < self.starts_on:
            raise ValueError(f"{on} is before the phase starts on {self.starts_on}")
        return max((self.ends_on - on).days + 1, 0)


class PhaseStep(models.Model):
    """一是…二是… within a phase."""

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField("顺序")
    title = models.CharField("名称", max_length=60)
    text = models.TextField("内容", blank=True)

    class Meta:
        ordering = ["phase", "order"]
        constraints = [models.UniqueConstraint(fields=["phase", "order"], name="step_order_once")]

    def __str__(self) -> str:
        return self.title


class PhaseDepartment(models.Model):
    """A responsible department of a phase, in the plan's order (S9).

    The plan names it in words; `unit` ties the words to a unit once the tree is known.
    """

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="departments")
    order = models.PositiveSmallIntegerField("顺序")
    name = models.CharField("责任部门", max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["phase", "order"]
        constraints = [
            models.UniqueConstraint(fields=["phase", "order"], name="phase_department_order_once")
        ]

    def __str__(self) -> str:
        return self.name


class _Listed(models.Model):
    """An entry of one of the campaign's ordered lists."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="%(class)ss")
    order = models.PositiveSmallIntegerField("顺序")

    class Meta:
        abstract = True
        ordering = ["campaign", "order"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "order"], name="%(class)s_order_once")
        ]


class Theme(_Listed):
    """研讨主题 (S30)."""

    title = models.CharField("主题", max_length=120)
    short_title = models.CharField("简称", max_length=20)

    class Meta(_Listed.Meta):
        verbose_name = "研讨主题"
        verbose_name_plural = "研讨主题"

    def __str__(self) -> str:
        return self.title


class SubTopic(models.Model):
    """A unit's own topic, under exactly one theme (S31)."""

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="sub_topics")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="sub_topics")
    title = models.CharField("具体研讨主题", max_length=120)

    class Meta:
        verbose_name = "具体研讨主题"
        verbose_name_plural = "具体研讨主题"
        constraints = [
            models.UniqueConstraint(fields=["theme", "unit", "title"], name="sub_topic_once")
        ]

    def __str__(self) -> str:
        return self.title


class StudyDocument(_Listed):
    """A document to be studied (S13); the plan's list is open-ended."""

    title = models.CharField("文件名称", max_length=200)
    is_from_plan = models.BooleanField("方案所列", default=False)
    url = models.URLField("链接", blank=True)

    class Meta(_Listed.Meta):
        verbose_name = "学习文件"
        verbose_name_plural = "学习文件"

    def __str__(self) -> str:
        return self.title


class OfferedKind(_Listed):
    """A kind of activity that this campaign offers, with the plan's own word for it."""

    kind = models.CharField("形式", max_length=40, choices=ActivityKind)
    wording = models.CharField("方案原文", max_length=60)

    class Meta(_Listed.Meta):
        verbose_name = "活动形式"
        verbose_name_plural = "活动形式"

    def __str__(self) -> str:
        return self.get_kind_display()


class Target(_Listed):
    """A number the plan promises (S27): 2 national, 5 city, 3 school-level programme groups."""

    level = models.CharField("层级", max_length=40)
    subject = models.CharField("对象", max_length=80)
    count = models.PositiveIntegerField("数量")

    history = HistoricalRecords()

    class Meta(_Listed.Meta):
        verbose_name = "目标"
        verbose_name_plural = "目标"

    def __str__(self) -> str:
        return f"{self.count}个{self.level}{self.subject}"


class LinkedWork(_Listed):
    """A work the plan ties the campaign to (S3); used as a tag."""

    name = models.CharField("结合工作", max_length=80)

    class Meta(_Listed.Meta):
        verbose_name = "结合工作"
        verbose_name_plural = "结合工作"

    def __str__(self) -> str:
        return self.name


class AudienceGroup(_Listed):
    """Whose voice it is (S18, S39): teachers, administration, students, companies …"""

    name = models.CharField("群体", max_length=40)

    class Meta(_Listed.Meta):
        verbose_name = "群体"
        verbose_name_plural = "群体"

    def __str__(self) -> str:
        return self.name


class Demand(_Listed):
    """What every unit of some kinds owes.

    The issued plan asks for things but names no day and no quota for them; where `due_on` is set,
    the work group set it, and pages say so.
    """

    kind = models.CharField("类别", max_length=30, choices=DemandKind)
    title = models.CharField("要求", max_length=120)
    text = models.TextField("说明", blank=True)
    unit_kinds = models.JSONField("面向的单位类别", default=list)
    activity_kinds = models.JSONField("计入的活动形式", default=list, blank=True)
    quota = models.PositiveSmallIntegerField("数量", default=1)
    opens_on = models.DateField("开始日期", null=True, blank=True)
    due_on = models.DateField("截止日期", null=True, blank=True)
    is_from_plan = models.BooleanField("方案要求", default=False)

    history = HistoricalRecords()

    class Meta(_Listed.Meta):
        verbose_name = "报送要求"
        verbose_name_plural = "报送要求"
        constraints = [
            *_Listed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(due_on__isnull=True)
                | Q(opens_on__isnull=True)
                | Q(due_on__gte=F("opens_on")),
                name="demand_due_after_open",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PlanDocument(models.Model):
    """The construction plan or the task book that the campaign revises (S2, S23)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="documents")
    kind = models.CharField("类别", max_length=30, choices=DocumentKind)
    title = models.CharField("名称", max_length=200)

    class Meta:
        verbose_name = "方案文本"
        verbose_name_plural = "方案文本"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "kind"], name="document_kind_once")
        ]

    def __str__(self) -> str:
        return self.title


class PlanVersion(models.Model):
    """A numbered state of a document; version 1 is the text the discussion starts from."""

    document = models.ForeignKey(PlanDocument, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("版次")
    made_on = models.DateField("日期")

    class Meta:
        verbose_name = "版次"
        verbose_name_plural = "版次"
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="version_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.document} 第{self.number}版"


class Clause(models.Model):
    """An addressable clause. Its identity outlives its wording."""

    document = models.ForeignKey(PlanDocument, models.PROTECT, related_name="clauses")
    order = models.PositiveIntegerField("顺序")
    number = models.CharField("条款号", max_length=40)
    depth = models.PositiveSmallIntegerField("层级", default=1)
    title = models.CharField("标题", max_length=200, blank=True)

    class Meta:
        verbose_name = "条款"
        verbose_name_plural = "条款"
        ordering = ["document", "order"]
        constraints = [
            models.UniqueConstraint(fields=["document", "order"], name="clause_order_once"),
            models.UniqueConstraint(fields=["document", "number"], name="clause_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}{self.title}"


class ClauseWording(models.Model):
    """What a clause says from a version on, until a later version words it anew."""

    clause = models.ForeignKey(Clause, models.PROTECT, related_name="wordings")
    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="wordings")
    text = models.TextField("条文")

    class Meta:
        verbose_name = "条文"
        verbose_name_plural = "条文"
        ordering = ["clause", "version__number"]
        constraints = [
            models.UniqueConstraint(fields=["clause", "version"], name="wording_once_a_version")
        ]

    def __str__(self) -> str:
        return self.text[:40]


class Receipt(models.Model):
    """An addressed unit confirms that the plan reached it (S1)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="receipts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="receipts")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField("签收时间")

    class Meta:
        verbose_name = "签收"
        verbose_name_plural = "签收"
        constraints = [models.UniqueConstraint(fields=["campaign", "unit"], name="receipt_once")]

    def __str__(self) -> str:
        return f"{self.unit} {self.at:%Y-%m-%d}"
