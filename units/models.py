"""The organisation: a tree of units, who belongs where and since when."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords
from treebeard.mp_tree import MP_Node

from units.choices import Position, UnitKind
from units.querysets import MembershipQuerySet, UnitManager


class Unit(MP_Node, models.Model):  # type: ignore[misc]  # treebeard ships no types
    """A node of the organisation (S7). The tree lives in `path`; see treebeard's MP_Node."""

    code = models.CharField("编码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=30)
    kind = models.CharField("类别", max_length=20, choices=UnitKind)
    order = models.PositiveIntegerField("排序", default=0)
    closed_on = models.DateField("撤销日期", null=True, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    objects = UnitManager()
    history = HistoricalRecords(excluded_fields=["path", "depth", "numchild"])
    node_order_by = ["order", "code"]

    class Meta:
        verbose_name = "单位"
        verbose_name_plural = "单位"
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name


class UnitMove(models.Model):
    """A unit came under another one on a day; its records stayed its own."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="moves", verbose_name="单位")
    old_parent = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name="原上级"
    )
    new_parent = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="新上级")
    on = models.DateField("日期")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )

    class Meta:
        verbose_name = "隶属调整"
        verbose_name_plural = "隶属调整"
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.unit} {self.old_parent} → {self.new_parent}"


class Membership(models.Model):
    """A person's position in a unit for a term; both dates count, no end means still."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name="人员"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships", verbose_name="单位")
    position = models.CharField("职务", max_length=20, choices=Position)
    starts_on = models.DateField("任职日期")
    ends_on = models.DateField("离任日期", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "任职"
        verbose_name_plural = "任职"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["user", "unit", "position", "starts_on"], name="membership_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.unit} {self.get_position_display()}"


class Headcount(models.Model):
    """How many people a unit had from a date on, so that coverage can be computed (S5)."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="headcounts", verbose_name="单位")
    on = models.DateField("日期")
    people = models.PositiveIntegerField("人数")

    class Meta:
        verbose_name = "人数"
        verbose_name_plural = "人数"
        constraints = [models.UniqueConstraint(fields=["unit", "on"], name="headcount_once_a_day")]

    def __str__(self) -> str:
        return f"{self.unit} {self.on}: {self.people}人"
