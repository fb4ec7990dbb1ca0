"""What supervision itself has to remember. What is owed is computed, never stored."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from campaign.models import Campaign, Demand
from seminars.models import Activity
from supervision.choices import FindingStatus, HandInState, InspectionStatus, Rung, SendingStatus
from supervision.ladder import Thresholds
from supervision.querysets import (
    ExtensionQuerySet,
    FindingQuerySet,
    FulfilmentQuerySet,
    InspectionQuerySet,
)
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


class NoticeTemplate(models.Model):
    """The campaign group's own words for the reminders of one rung.

    Rule, grounds and the way to stop them are not in here: every reminder carries those.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="notice_templates")
    rung = models.CharField("级别", max_length=10, choices=Rung)
    title = models.CharField("标题", max_length=120)
    body = models.TextField("正文")

    class Meta:
        verbose_name = "提醒模板"
        verbose_name_plural = "提醒模板"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "rung"], name="notice_template_once_a_rung"
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(body=""), name="notice_template_has_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_rung_display()} {self.title}"


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

    objects = FulfilmentQuerySet.as_manager()

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


class Inspection(models.Model):
    """The campaign group looks at how a unit is getting on (S34): planned, visited, written up."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="inspections")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="inspections", verbose_name="受检单位"
    )
    title = models.CharField("检查事项", max_length=120)
    purpose = models.TextField("检查内容", blank=True)
    planned_on = models.DateField("计划日期")
    inspectors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="inspections", verbose_name="检查人员"
    )
    status = models.CharField(
        "状态", max_length=20, choices=InspectionStatus, default=InspectionStatus.PLANNED
    )
    visited_on = models.DateField("实施日期", null=True, blank=True)
    summary = models.TextField("检查情况", blank=True)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField("安排时间")

    objects = InspectionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "督促检查"
        verbose_name_plural = "督促检查"
        ordering = ["-planned_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=InspectionStatus.VISITED)
                | (Q(visited_on__isnull=False) & ~Q(summary="")),
                name="inspection_visited_is_written_up",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Finding(models.Model):
    """What an inspection found: somebody answers for it by a day, and the finder closes it."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="findings")
    title = models.CharField("发现的问题", max_length=120)
    text = models.TextField("整改要求")
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, blank=True, related_name="findings"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="findings", verbose_name="责任人"
    )
    due_on = models.DateField("整改期限")
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发现人"
    )
    found_at = models.DateTimeField("登记时间")
    status = models.CharField(
        "状态", max_length=20, choices=FindingStatus, default=FindingStatus.OPEN
    )
    answered_on = models.DateField("提交整改情况的日期", null=True)
    return_note = models.TextField("退回整改的理由", blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="销号人"
    )
    closed_on = models.DateField("销号日期", null=True)
    closing_note = models.TextField("销号意见", blank=True)

    objects = FindingQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "检查发现的问题"
        verbose_name_plural = "检查发现的问题"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=FindingStatus.CLOSED)
                | (Q(closed_by__isnull=False, closed_on__isnull=False) & ~Q(closing_note="")),
                name="finding_closed_says_by_whom_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(status=FindingStatus.ANSWERED) | Q(answered_on__isnull=False),
                name="finding_answered_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Evidence(models.Model):
    """What shows that a finding is put right: added, never edited."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="evidence")
    text = models.TextField("整改情况")
    file = models.FileField("佐证材料", upload_to="findings/%Y/%m", blank=True)
    file_name = models.CharField("文件名", max_length=200, blank=True)
    size_bytes = models.PositiveBigIntegerField("大小", default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "整改佐证"
        verbose_name_plural = "整改佐证"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:40]


class Sending(models.Model):
    """A notice that a person of the campaign group writes to those who still owe something.

    `about` says what is owed; the people are computed anew when it is sent, so that nobody hears
    of what they have done meanwhile.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="sendings")
    about = models.CharField("关于事项", max_length=80)
    about_title = models.CharField("事项名称", max_length=200)
    positions = models.JSONField("发给哪些职务", default=list)
    title = models.CharField("标题", max_length=100)
    body = models.TextField("正文")
    status = models.CharField(
        "状态", max_length=20, choices=SendingStatus, default=SendingStatus.DRAFT
    )
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField("起草时间")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    sent_at = models.DateTimeField("发送时间", null=True)
    units = models.ManyToManyField(Unit, related_name="+", verbose_name="发到的单位")

    class Meta:
        verbose_name = "群发通知"
        verbose_name_plural = "群发通知"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=SendingStatus.SENT)
                | Q(sent_at__isnull=False, sent_by__isnull=False),
                name="sending_sent_says_by_whom",
            )
        ]

    def __str__(self) -> str:
        return self.title


class BurdenRule(models.Model):
    """How many requests a unit may get in a week without a chair's waiver (N5)."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="burden_rule")
    weekly_requests = models.PositiveSmallIntegerField("每周要求上限", default=3)

    class Meta:
        verbose_name = "减负规则"
        verbose_name_plural = "减负规则"

    def __str__(self) -> str:
        return f"{self.weekly_requests}项"


class Waiver(models.Model):
    """A chair lets some units be asked for more in one week, with a reason that is kept (N5)."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="waivers")
    week_on = models.DateField("所在周（周一）")
    units = models.ManyToManyField(Unit, related_name="+", verbose_name="增加的单位")
    extra = models.PositiveSmallIntegerField("增加项数")
    reason = models.TextField("理由")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("批准时间")

    class Meta:
        verbose_name = "超额批准"
        verbose_name_plural = "超额批准"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(extra__gt=0) & ~Q(reason=""), name="waiver_has_number_and_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.week_on} +{self.extra}"


class FormTime(models.Model):
    """How long somebody took to fill in a form (N5). Nothing in the row says who or when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.CharField("表单", max_length=60)
    seconds = models.PositiveIntegerField("用时（秒）")

    class Meta:
        verbose_name = "填表用时"
        verbose_name_plural = "填表用时"
        indexes = [models.Index(fields=["form"], name="form_time_by_form")]

    def __str__(self) -> str:
        return f"{self.form} {self.seconds}"
