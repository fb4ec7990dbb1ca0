"""What units owe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from campaign.choices import DemandKind
from campaign.models.campaign import Anchored
from campaign.models.lists import Listed
from units.choices import UnitKind
from units.models import Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

#: 各单位 of the plan: functional departments too, but not the branches below a unit.
ALL_UNITS = frozenset({UnitKind.DEPARTMENT, UnitKind.GRASSROOTS_COMMITTEE, UnitKind.GENERAL_BRANCH})


class Demand(Anchored, Listed):
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
    due_time = models.TimeField("截止时间", null=True, blank=True)
    due_label = models.CharField("时限（原文）", max_length=60, blank=True)
    grace_days = models.PositiveSmallIntegerField("宽限", default=0)
    words_min = models.PositiveIntegerField("最少字数", null=True, blank=True)
    words_max = models.PositiveIntegerField("最多字数", null=True, blank=True)
    attachments = models.JSONField("必交附件", default=list, blank=True)
    needs_approval = models.BooleanField("需要审核", default=False)
    asked_by = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="提出要求的工作组",
    )
    is_from_plan = models.BooleanField("方案要求", default=False)

    history = HistoricalRecords()

    class Meta(Listed.Meta):
        verbose_name = "报送要求"
        verbose_name_plural = "报送要求"
        constraints = [
            *Listed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(due_on__isnull=True)
                | Q(opens_on__isnull=True)
                | Q(due_on__gte=F("opens_on")),
                name="demand_due_after_open",
            ),
            models.CheckConstraint(
                condition=Q(words_min__isnull=True)
                | Q(words_max__isnull=True)
                | Q(words_max__gte=F("words_min")),
                name="demand_words_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def approver(self) -> Unit | None:
        """Whose members approve what is handed in: the group that asked, else the campaign's."""
        return self.asked_by or self.campaign.campaign_group

    def quota_for(self, unit: Unit, quotas: Sequence[DemandQuota] | None = None) -> int:
        """How many this unit owes; its own number first, then that of its kind. 0: nothing.

        `quotas` stand in for the stored ones of a demand that is not saved yet.
        """
        rows = self.quotas.all() if quotas is None else quotas
        numbers = {(row.unit_id, row.unit_kind): row.quota for row in rows}
        own = numbers.get((unit.pk, ""))
        if own is not None:
            return own
        if unit.kind in self.unit_kinds or ("all" in self.unit_kinds and unit.kind in ALL_UNITS):
            return numbers.get((None, unit.kind), self.quota)
        return 0


class DemandQuota(models.Model):
    """Another number for units of one kind, or for one unit: 党总支 2, 直属支部 1."""

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="quotas")
    unit_kind = models.CharField("单位类别", max_length=20, choices=UnitKind, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    quota = models.PositiveSmallIntegerField("数量")

    class Meta:
        verbose_name = "分类数量"
        verbose_name_plural = "分类数量"
        ordering = ["demand", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["demand", "unit_kind"], condition=~Q(unit_kind=""), name="quota_once_a_kind"
            ),
            models.UniqueConstraint(
                fields=["demand", "unit"],
                condition=Q(unit__isnull=False),
                name="quota_once_a_unit",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True) & ~Q(unit_kind="")
                | Q(unit__isnull=False) & Q(unit_kind=""),
                name="quota_of_a_kind_or_a_unit",
            ),
        ]

    def __str__(self) -> str:
        whom = self.unit.short_name if self.unit else self.get_unit_kind_display()
        return f"{whom}{self.quota}"
