"""Papers asked for, and how far they are."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from campaign.models import Campaign, Phase, Theme
from core.chinese_text import chinese_date
from reports.choices import (
    OF_NO_UNIT,
    WEEKDAYS,
    BulletinStatus,
    JobStatus,
    ReportFormat,
    ReportKind,
)
from reports.querysets import (
    ApiTokenQuerySet,
    BulletinQuerySet,
    FrozenReportQuerySet,
    ReportJobQuerySet,
)
from units.models import Unit


class _About(models.Model):
    """Which report: its kind, what it is about, from and up to which day."""

    kind = models.CharField("报告", max_length=30, choices=ReportKind)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, related_name="+")
    phase = models.ForeignKey(Phase, models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateField("数据自", null=True, blank=True)
    as_of = models.DateField("数据截至")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.scope_name}{self.get_kind_display()}（{chinese_date(self.as_of)}）"

    @property
    def scope_name(self) -> str:
        if self.theme:
            return f"“{self.theme}”"
        whole = "" if self.kind in OF_NO_UNIT else "全校"
        scope = str(self.unit) if self.unit else whole
        return f"{scope}{self.phase}" if self.phase else scope


class FrozenReport(_About):
    """A report whose facts are kept as they were, so that anyone can check a printed copy."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="frozen_reports")
    facts = models.JSONField("数据")
    content_hash = models.CharField("内容校验码", max_length=64)
    code = models.CharField("核验码", max_length=12, unique=True)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField("定稿时间")

    objects = FrozenReportQuerySet.as_manager()

    class Meta:
        verbose_name = "定稿报告"
        verbose_name_plural = "定稿报告"
        ordering = ["-pk"]

    @property
    def printed_code(self) -> str:
        """The code in groups a person can read out."""
        return "-".join(self.code[at : at + 4] for at in range(0, len(self.code), 4))


class Narrative(models.Model):
    """What people wrote for one report; `key` names the report without its day."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="narratives")
    key = models.CharField("报告", max_length=80)
    texts = models.JSONField("文字", default=dict)
    version = models.PositiveIntegerField("修改次数", default=0)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField("修改时间")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "报告文字"
        verbose_name_plural = "报告文字"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "key"], name="narrative_once_a_report")
        ]

    def __str__(self) -> str:
        return self.key


class ReportJob(_About):
    """One paper for one person. The row is the truth; the broker only carries a hint (rule 4)."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="report_jobs")
    format = models.CharField("格式", max_length=10, choices=ReportFormat)
    subject_id = models.BigIntegerField("记录", null=True, blank=True)
    compared_with_id = models.BigIntegerField("对照的记录", null=True, blank=True)
    frozen = models.ForeignKey(
        FrozenReport, models.PROTECT, null=True, blank=True, related_name="jobs"
    )
    schedule = models.ForeignKey(
        "ReportSchedule", models.SET_NULL, null=True, blank=True, related_name="jobs"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="report_jobs"
    )
    requested_at = models.DateTimeField("申请时间")
    queued_at = models.DateTimeField("排队时间", default=timezone.now)
    status = models.CharField("状态", max_length=20, choices=JobStatus, default=JobStatus.QUEUED)
    percent = models.PositiveSmallIntegerField("进度", default=0)
    stage = models.CharField("正在", max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    heartbeat_at = models.DateTimeField("最近活动", null=True)
    finished_at = models.DateTimeField("完成时间", null=True)
    file = models.FileField("文件", upload_to="reports/%Y/%m", blank=True)
    content_hash = models.CharField("内容校验码", max_length=64, blank=True)
    error = models.TextField("原因", blank=True)

    objects = ReportJobQuerySet.as_manager()

    class Meta:
        verbose_name = "报告"
        verbose_name_plural = "报告"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="report_percent_in_range"),
            models.CheckConstraint(
                condition=~Q(status=JobStatus.DONE) | ~Q(file=""), name="report_done_has_file"
            ),
        ]
        indexes = [models.Index(fields=["status", "heartbeat_at"], name="report_waiting")]

    @property
    def file_name(self) -> str:
        """What the downloaded file is called."""
        return f"{self}.{self.format}"


class Snapshot(models.Model):
    """The latest figures of one scope, taken at a stated moment and shown until newer ones are.

    A page that counted a million records anew for every reader would be slow for all of them.
    """

    key = models.CharField("范围", max_length=80, unique=True)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="+")
    theme = models.ForeignKey(Theme, models.CASCADE, null=True, related_name="+")
    taken_at = models.DateTimeField("统计时间")
    facts = models.JSONField("数据")

    class Meta:
        verbose_name = "数据快照"
        verbose_name_plural = "数据快照"

    def __str__(self) -> str:
        return f"{self.key} {self.taken_at:%Y-%m-%d %H:%M}"


class BulletinRules(models.Model):
    """How a campaign's bulletins look and who gets them; the red head is off until asked for."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="bulletin_rules")
    name = models.CharField("简报名称", max_length=30, default="工作简报")
    office = models.CharField("编发单位", max_length=60, blank=True)
    has_red_head = models.BooleanField("套红", default=False)
    report_to = models.CharField("报", max_length=200, blank=True)
    send_to = models.CharField("送", max_length=200, blank=True)
    issue_to = models.CharField("发", max_length=200, blank=True)
    copies = models.PositiveSmallIntegerField("印数", null=True, blank=True)
    last_number = models.PositiveIntegerField("已编到的期号", default=0, editable=False)

    history = HistoricalRecords(excluded_fields=["last_number"])

    class Meta:
        verbose_name = "简报设置"
        verbose_name_plural = "简报设置"

    def __str__(self) -> str:
        return self.name


class Bulletin(models.Model):
    """工作简报: drafted from records, edited, approved by another person, published, numbered."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="bulletins")
    number = models.PositiveIntegerField("期号", null=True, blank=True)
    title = models.CharField("标题", max_length=120)
    text = models.TextField("正文")
    since = models.DateField("期间自")
    until = models.DateField("期间至")
    status = models.CharField(
        "状态", max_length=20, choices=BulletinStatus, default=BulletinStatus.DRAFT
    )
    return_note = models.TextField("退回意见", blank=True)
    version = models.PositiveIntegerField("修改次数", default=0)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField("修改时间")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField("印发时间", null=True, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    objects = BulletinQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "工作简报"
        verbose_name_plural = "工作简报"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="bulletin_number_once"),
            models.CheckConstraint(
                condition=Q(until__gte=models.F("since")), name="bulletin_until_after_since"
            ),
            models.CheckConstraint(
                condition=~Q(status=BulletinStatus.PUBLISHED)
                | (
                    Q(number__isnull=False)
                    & Q(published_at__isnull=False)
                    & Q(approved_by__isnull=False)
                ),
                name="bulletin_published_is_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.number}期　{self.title}" if self.number else self.title


class ReportSchedule(models.Model):
    """A report that is made every week and told to a list of people."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="report_schedules")
    kind = models.CharField("报告", max_length=30, choices=ReportKind)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, related_name="+")
    format = models.CharField("格式", max_length=10, choices=ReportFormat)
    weekday = models.PositiveSmallIntegerField("每周", choices=WEEKDAYS, default=4)
    at = models.TimeField("时间")
    recipients = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", verbose_name="收件人"
    )
    next_at = models.DateTimeField("下次生成")
    is_on = models.BooleanField("启用", default=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "定期报告"
        verbose_name_plural = "定期报告"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="schedule_weekday_exists")
        ]

    def __str__(self) -> str:
        about = self.unit or self.theme or "全校"
        return f"{about}{self.get_kind_display()}，每{self.get_weekday_display()}{self.at:%H:%M}"


class ApiToken(models.Model):
    """A key with which another system reads in a person's name, with that person's rights.

    Only its digest is kept; the key itself is shown once.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField("用途", max_length=60)
    digest = models.CharField("摘要", max_length=64, unique=True)
    created_at = models.DateTimeField("建立时间")
    expires_on = models.DateField("有效期至")
    last_used_on = models.DateField("最近使用", null=True, blank=True)
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "接口密钥"
        verbose_name_plural = "接口密钥"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name
