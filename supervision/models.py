"""What supervision itself has to remember. What is owed is computed, never stored."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from campaign.models import Campaign, Demand
from supervision.choices import HandInState, Rung
from supervision.ladder import Thresholds
from supervision.querysets import ExtensionQuerySet
from units.models import Unit


class LadderRule(models.Model):
    """When the rungs begin in this campaign, in percent of the time left (N9)."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="ladder_rule")
    blue_percent = models.PositiveSmallIntegerField("蓝", default=50)
    yellow_percent = models.PositiveSmallIntegerField("黄", default=30)
    orange_percent = models.PositiveSmallIntegerField("橙", default=15)

    class Meta:
        verbose_name = "督办规则"
        verbose_name_plural = "督办规则"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    blue_percent__lt=100,
                    blue_percent__gt=F("yellow_percent"),
                    yellow_percent__gt=F("orange_percent"),
                    orange_percent__gt=0,
                ),
                name="ladder_rungs_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.blue_percent}/{self.yellow_percent}/{self.orange_percent}"

    @property
    def thresholds(self) -> Thresholds:
        return Thresholds(self.blue_percent, self.yellow_percent, self.orange_percent)


class LadderStep(models.Model):
    """One rung reached by one obligation before one deadline: told once, never edited.

    A moved deadline is another deadline, so its ladder starts anew. Notices of a step carry the
    key `notice_key`.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="ladder_steps")
    obligation = models.CharField("事项", max_length=80)
    title = models.CharField("名称", max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField("截止日期")
    rung = models.CharField("级别", max_length=10, choices=Rung)
    at = models.DateTimeField("时间")
    rule = models.TextField("规则")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="确认人"
    )

    class Meta:
        verbose_name = "督办记录"
        verbose_name_plural = "督办记录"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "obligation", "due_on", "rung"], name="ladder_step_once"
            ),
            models.CheckConstraint(
                condition=~Q(rung=Rung.RED) | Q(confirmed_by__isnull=False),
                name="ladder_red_is_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_rung_display()} {self.title}"


class Fulfilment(models.Model):
    """What a unit handed in for a demand that no other record answers, such as its own plan."""

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="fulfilments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="fulfilments", verbose_name="单位")
    note = models.CharField("说明（文号、名称等）", max_length=200)
    done_on = models.DateField("完成日期")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )
    at = models.DateTimeField("登记时间")
    text = models.TextField("正文", blank=True)
    words = models.PositiveIntegerField("字数", default=0)
    state = models.CharField(
        "状态", max_length=20, choices=HandInState, default=HandInState.HANDED_IN
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审核人"
    )
    decided_at = models.DateTimeField("审核时间", null=True)
    decision_note = models.TextField("审核意见", blank=True)

    class Meta:
        verbose_name = "完成登记"
        verbose_name_plural = "完成登记"
        constraints = [
            models.UniqueConstraint(fields=["demand", "unit", "note"], name="fulfilment_said_once"),
            models.CheckConstraint(
                condition=~Q(state=HandInState.RETURNED) | ~Q(decision_note=""),
                name="fulfilment_returned_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.note


class FulfilmentFile(models.Model):
    """An attachment of what was handed in; `wanted` is the demand's name for it."""

    fulfilment = models.ForeignKey(Fulfilment, models.CASCADE, related_name="files")
    wanted = models.CharField("附件要求", max_length=60, blank=True)
    file = models.FileField("文件", upload_to="handed-in/%Y/%m")
    name = models.CharField("文件名", max_length=200)
    size_bytes = models.PositiveBigIntegerField("大小")
    sha256 = models.CharField("校验和", max_length=64)

    class Meta:
        verbose_name = "交来的附件"
        verbose_name_plural = "交来的附件"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class CalendarFeed(models.Model):
    """A secret address under which a calendar program reads what is due (ICS).

    Only a digest of the secret is kept, so the address is shown once. What it may tell is
    asked anew at every reading, with the rights its owner has then.
    """

    digest = models.CharField("地址摘要", max_length=64, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="订阅人"
    )
    unit = models.ForeignKey(
        Unit, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    created_at = models.DateTimeField("建立时间")
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = "日历订阅"
        verbose_name_plural = "日历订阅"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.owner} {self.unit or ''}"


class Extension(models.Model):
    """A unit asks for a later deadline; granted, it moves the deadline and resets the ladder."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="extensions")
    obligation = models.CharField("事项", max_length=80)
    title = models.CharField("名称", max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    old_due_on = models.DateField("原截止日期")
    wanted_due_on = models.DateField("申请延至")
    reason = models.TextField("理由")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申请时间")
    is_granted = models.BooleanField("是否批准", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_on = models.DateField("批复日期", null=True)
    note = models.TextField("批复意见", blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = "延期申请"
        verbose_name_plural = "延期申请"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(wanted_due_on__gt=F("old_due_on")), name="extension_is_later"
            ),
            models.CheckConstraint(
                condition=Q(is_granted__isnull=True)
                | Q(decided_by__isnull=False, decided_on__isnull=False),
                name="extension_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(is_granted=False) | ~Q(note=""), name="extension_refused_has_reason"
            ),
            models.UniqueConstraint(
                fields=["campaign", "obligation"],
                condition=Q(is_granted__isnull=True),
                name="extension_one_open_request",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.wanted_due_on}"
