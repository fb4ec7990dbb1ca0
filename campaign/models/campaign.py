"""A campaign and its phases, as its plan was issued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from campaign.choices import CampaignState, DayUnit, Edge, Gate, Strand
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


class Anchored(models.Model):
    """A time the plan gives relative to another: 会后10个工作日, 前5个工作日.

    The resolved days are stored beside it and follow when the anchor moves
    (`campaign.schedule`). Without an `offset` the days are as set.
    """

    offset = models.SmallIntegerField("相差", null=True, blank=True)
    offset_unit = models.CharField(
        "按", max_length=20, choices=DayUnit, default=DayUnit.WORKING_DAYS
    )
    anchor_edge = models.CharField("起算", max_length=10, choices=Edge, blank=True)
    anchor_phase = models.ForeignKey(
        "campaign.Phase", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    anchor_step = models.ForeignKey(
        "campaign.PhaseStep", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def is_relative(self) -> bool:
        return self.offset is not None and bool(self.anchor_edge)


class Phase(Anchored):
    """A stretch of the campaign with the plan's own label and its resolved dates (S8)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="phases")
    order = models.PositiveSmallIntegerField("顺序")
    name = models.CharField("名称", max_length=60)
    label = models.CharField("时间（方案原文）", max_length=60, blank=True)
    text = models.TextField("内容", blank=True)
    strand = models.CharField("环节", max_length=30, choices=Strand)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    starts_time = models.TimeField("开始时间", null=True, blank=True)
    ends_time = models.TimeField("结束时间", null=True, blank=True)
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


class PhaseStep(Anchored):
    """一是…二是… within a phase, with days of its own where the plan names them."""

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField("顺序")
    title = models.CharField("名称", max_length=60)
    text = models.TextField("内容", blank=True)
    label = models.CharField("时间（方案原文）", max_length=60, blank=True)
    starts_on = models.DateField("开始日期", null=True, blank=True)
    ends_on = models.DateField("结束日期", null=True, blank=True)
    starts_time = models.TimeField("开始时间", null=True, blank=True)
    ends_time = models.TimeField("结束时间", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "步骤"
        verbose_name_plural = "步骤"
        ordering = ["phase", "order"]
        constraints = [
            models.UniqueConstraint(fields=["phase", "order"], name="step_order_once"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True, ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="step_ends_after_start",
            ),
        ]

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


class GateSwitch(models.Model):
    """Somebody closed a gate that a phase opens, or opened one that no phase opens.

    The one that has not ended wins over what the phases declare. Rows are added and ended,
    never edited, so they are the history of the gate.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="gate_switches")
    gate = models.CharField("开放事项", max_length=20, choices=Gate)
    is_open = models.BooleanField("开放")
    until = models.DateField("到哪天为止", null=True, blank=True)
    reason = models.CharField("理由", max_length=200)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")
    ended_at = models.DateTimeField("恢复时间", null=True, blank=True)
    ended_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "开关记录"
        verbose_name_plural = "开关记录"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "gate"],
                condition=Q(ended_at__isnull=True),
                name="gate_switch_one_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_gate_display()} {'开放' if self.is_open else '关闭'}"

    def holds_on(self, day: date) -> bool:
        """True while it is in force; its last day counts."""
        return self.ended_at is None and (self.until is None or day <= self.until)
