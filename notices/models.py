"""What a person is told, and the outbox that carries it outside the portal."""

from datetime import time

from django.conf import settings
from django.db import models

from notices.choices import Channel, DeliveryStatus, RobotKind
from notices.querysets import DeliveryQuerySet, NoticeQuerySet

TITLE_LENGTH = 120


class RestPeriod(models.Model):
    """Days on which this school rests besides the national holidays; nothing is sent on them."""

    name = models.CharField("名称", max_length=40)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")

    class Meta:
        verbose_name = "校历休息日"
        verbose_name_plural = "校历休息日"
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="rest_period_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Notice(models.Model):
    """One message to one person. `key` names the event, so the same event is told once.

    The row itself is the in-site message; `Delivery` rows carry it further. An automatic one
    keeps office hours (N7); one that a person sends does not.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name="收件人"
    )
    key = models.CharField("事件", max_length=200)
    kind = models.CharField("类型", max_length=40)
    title = models.CharField("标题", max_length=TITLE_LENGTH)
    body = models.TextField("正文", blank=True)
    reason = models.TextField("为什么收到", blank=True)
    url = models.CharField("链接", max_length=300, blank=True)
    is_automatic = models.BooleanField("自动发出", default=False)
    created_at = models.DateTimeField("时间")
    opened_at = models.DateTimeField("打开时间", null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "通知"
        verbose_name_plural = "通知"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="notice_told_once"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notice_by_person"),
            models.Index(fields=["key"], name="notice_by_event"),
            models.Index(
                fields=["recipient"],
                name="notice_unread",
                condition=models.Q(opened_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Preference(models.Model):
    """How a person wants to be told outside the portal; without a row, as the defaults say."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_preference"
    )
    email_on = models.BooleanField("用邮件告诉我", default=True)
    reminders_on = models.BooleanField("到期提醒也发邮件", default=True)
    digest_on = models.BooleanField("提醒合并为每天最多一封", default=True)
    quiet_from = models.TimeField("免打扰开始", null=True, blank=True)
    quiet_until = models.TimeField("免打扰结束", null=True, blank=True)

    class Meta:
        verbose_name = "接收方式"
        verbose_name_plural = "接收方式"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_have_both_ends",
            )
        ]

    def __str__(self) -> str:
        return str(self.user)

    def quiet_end(self, at: time) -> time | None:
        """When the quiet hours end if `at` lies within them; they may pass midnight."""
        start, end = self.quiet_from, self.quiet_until
        if start is None or end is None or start == end:
            return None
        within = start <= at < end if start < end else (at >= start or at < end)
        return end if within else None


class Robot(models.Model):
    """A person's group robot; what the person is told is posted there as well."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="robot")
    kind = models.CharField("类型", max_length=20, choices=RobotKind)
    url = models.CharField("Webhook 地址", max_length=500)
    secret = models.CharField("加签密钥", max_length=200, blank=True)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "群机器人"
        verbose_name_plural = "群机器人"

    def __str__(self) -> str:
        return self.get_kind_display()


class Delivery(models.Model):
    """One attempt-counted way of one notice through one channel (the outbox)."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    channel = models.CharField("渠道", max_length=20, choices=Channel)
    status = models.CharField(
        "状态", max_length=20, choices=DeliveryStatus, default=DeliveryStatus.PENDING
    )
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    not_before = models.DateTimeField("最早发送时间")
    claimed_at = models.DateTimeField("领取时间", null=True)
    sent_at = models.DateTimeField("送达时间", null=True)
    #: The delivery whose message carried this one along, when several went out as one.
    carried_by = models.ForeignKey("self", models.SET_NULL, null=True, related_name="carried")
    error = models.TextField("最近一次错误", blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "发送"
        verbose_name_plural = "发送"
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once_a_channel"),
        ]
        indexes = [models.Index(fields=["status", "not_before"], name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.get_status_display()}"
