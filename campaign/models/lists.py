"""The ordered lists of a campaign: themes, study list, targets and the like."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from campaign.choices import ActivityKind
from campaign.models.campaign import Campaign
from campaign.querysets import SubTopicQuerySet
from units.models import Unit


class Listed(models.Model):
    """An entry of one of the campaign's ordered lists."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="%(class)ss")
    order = models.PositiveSmallIntegerField("顺序")

    class Meta:
        abstract = True
        ordering = ["campaign", "order"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "order"], name="%(class)s_order_once")
        ]


class Theme(Listed):
    """研讨主题 (S30)."""

    title = models.CharField("主题", max_length=120)
    short_title = models.CharField("简称", max_length=20)

    class Meta(Listed.Meta):
        verbose_name = "研讨主题"
        verbose_name_plural = "研讨主题"

    def __str__(self) -> str:
        return self.title


class SubTopic(models.Model):
    """A unit's own topic, under exactly one theme (S31)."""

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="sub_topics")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="sub_topics")
    title = models.CharField("具体研讨主题", max_length=120)

    objects = SubTopicQuerySet.as_manager()

    class Meta:
        verbose_name = "具体研讨主题"
        verbose_name_plural = "具体研讨主题"
        constraints = [
            models.UniqueConstraint(fields=["theme", "unit", "title"], name="sub_topic_once")
        ]

    def __str__(self) -> str:
        return self.title

    def belongs_to(self, unit: Unit) -> bool:
        """Whether `unit` set it or lies in the unit that did."""
        return str(unit.path).startswith(self.unit.path)


class StudyDocument(Listed):
    """A document to be studied (S13); the plan's list is open-ended."""

    title = models.CharField("文件名称", max_length=200)
    is_from_plan = models.BooleanField("方案所列", default=False)
    url = models.URLField("链接", blank=True)
    file = models.FileField("文件", upload_to="study/%Y", blank=True)
    file_name = models.CharField("文件名", max_length=200, blank=True)

    class Meta(Listed.Meta):
        verbose_name = "学习文件"
        verbose_name_plural = "学习文件"

    def __str__(self) -> str:
        return self.title


class OfferedKind(Listed):
    """A kind of activity that this campaign offers, with the plan's own word for it."""

    kind = models.CharField("形式", max_length=40, choices=ActivityKind)
    wording = models.CharField("方案原文", max_length=60)

    class Meta(Listed.Meta):
        verbose_name = "活动形式"
        verbose_name_plural = "活动形式"

    def __str__(self) -> str:
        return self.get_kind_display()


class Target(Listed):
    """A number the plan promises (S27): 2 national, 5 city, 3 school-level programme groups."""

    level = models.CharField("层级", max_length=40)
    subject = models.CharField("对象", max_length=80)
    count = models.PositiveIntegerField("数量")

    history = HistoricalRecords()

    class Meta(Listed.Meta):
        verbose_name = "目标"
        verbose_name_plural = "目标"

    def __str__(self) -> str:
        return f"{self.count}个{self.level}{self.subject}"


class LinkedWork(Listed):
    """A work the plan ties the campaign to (S3); used as a tag."""

    name = models.CharField("结合工作", max_length=80)

    class Meta(Listed.Meta):
        verbose_name = "结合工作"
        verbose_name_plural = "结合工作"

    def __str__(self) -> str:
        return self.name


class AudienceGroup(Listed):
    """Whose voice it is (S18, S39): teachers, administration, students, companies …"""

    name = models.CharField("群体", max_length=40)

    class Meta(Listed.Meta):
        verbose_name = "群体"
        verbose_name_plural = "群体"

    def __str__(self) -> str:
        return self.name


class TargetProgress(models.Model):
    """How many of a target had been reached on a day, and what says so."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="progress")
    on = models.DateField("截至")
    count = models.PositiveIntegerField("已达成")
    note = models.CharField("依据（文号、名单等）", max_length=200)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "目标进展"
        verbose_name_plural = "目标进展"
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.target} {self.on}: {self.count}"
