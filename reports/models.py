"""Papers asked for, and how far they are."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaign.models import Campaign, Theme
from core.chinese_text import chinese_date
from reports.choices import JobStatus, ReportFormat, ReportKind
from reports.querysets import ReportJobQuerySet
from units.models import Unit


class ReportJob(models.Model):
    """One paper for one person. The row is the truth; the broker only carries a hint (rule 4)."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="report_jobs")
    kind = models.CharField("报告", max_length=30, choices=ReportKind)
    format = models.CharField("格式", max_length=10, choices=ReportFormat)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, related_name="+")
    as_of = models.DateField("数据截至")
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

    def __str__(self) -> str:
        return f"{self.scope_name}{self.get_kind_display()}（{chinese_date(self.as_of)}）"

    @property
    def scope_name(self) -> str:
        if self.unit:
            return str(self.unit)
        return f"“{self.theme}”" if self.theme else "全校"

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
