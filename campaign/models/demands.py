"""What units owe."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from campaign.choices import DemandKind
from campaign.models.lists import Listed


class Demand(Listed):
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
        ]

    def __str__(self) -> str:
        return self.title
