"""What units did and heard: activities with their files, opinions, problems."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from campaign.choices import ActivityKind
from campaign.models import AudienceGroup, Campaign, LinkedWork, StudyDocument, SubTopic, Theme
from core.search_text import SearchTextField
from seminars.choices import (
    AWAY,
    ActivityStatus,
    FileKind,
    OpinionSource,
    OpinionStatus,
    ProblemStatus,
    StudyLevel,
)
from seminars.querysets import (
    ActivityFileQuerySet,
    ActivityQuerySet,
    OpinionQuerySet,
    ProblemQuerySet,
    SavedViewQuerySet,
)
from units.models import Unit


class Activity(models.Model):
    """One activity of one unit, logged once (S11–S17).

    Which fields belong to which kind is declared in `kinds.py`; the others stay empty.
    People who were away are counted by category, in words that reveal nothing about anyone's health
    (`AWAY`). `absent` is not stored: expected people who neither came nor gave a reason. A draft
    may still contradict itself; `draft_opinions` holds its opinion lines until it is logged, so
    that nobody meets an opinion that was not handed in.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="activities")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="activities", verbose_name="单位")
    kind = models.CharField("形式", max_length=40, choices=ActivityKind)
    status = models.CharField(
        "状态", max_length=20, choices=ActivityStatus, default=ActivityStatus.DRAFT
    )
    title = models.CharField("主题", max_length=120)
    held_on = models.DateField("日期")
    starts_at = models.TimeField("开始时间", null=True, blank=True)
    ends_at = models.TimeField("结束时间", null=True, blank=True)
    place = models.CharField("地点", max_length=80, blank=True)
    host = models.CharField("主持人", max_length=50, blank=True)
    recorder = models.CharField("记录人", max_length=50, blank=True)
    themes = models.ManyToManyField(
        Theme, related_name="activities", blank=True, verbose_name="研讨主题"
    )
    sub_topics = models.ManyToManyField(
        SubTopic, related_name="activities", blank=True, verbose_name="具体研讨主题"
    )
    linked_works = models.ManyToManyField(
        LinkedWork, related_name="activities", blank=True, verbose_name="结合工作"
    )
    audience_groups = models.ManyToManyField(
        AudienceGroup, related_name="activities", blank=True, verbose_name="参加群体"
    )
    study_documents = models.ManyToManyField(
        StudyDocument, related_name="activities", blank=True, verbose_name="学习文件"
    )
    expected = models.PositiveIntegerField("应到", null=True, blank=True)
    present = models.PositiveIntegerField("实到", null=True, blank=True)
    excused = models.PositiveIntegerField("请假", default=0)
    on_duty = models.PositiveIntegerField("公务", default=0)
    teaching = models.PositiveIntegerField("授课", default=0)
    away_otherwise = models.PositiveIntegerField("其他原因", default=0)
    sitting_in = models.PositiveIntegerField("列席", default=0)
    agenda = models.TextField("议程", blank=True)
    content = models.TextField("主要内容", blank=True)
    decisions = models.TextField("议定事项", blank=True)
    takeaway = models.TextField("收获体会", blank=True)

    # 中心组学习
    level = models.CharField("层级", max_length=20, choices=StudyLevel, blank=True)
    # 专家讲座
    speaker = models.CharField("主讲人", max_length=50, blank=True)
    speaker_title = models.CharField("主讲人单位和职务", max_length=80, blank=True)
    # 走访调研
    visited = models.CharField("走访单位", max_length=200, blank=True)
    team = models.CharField("调研组成员", max_length=200, blank=True)
    # 问卷调查
    issued = models.PositiveIntegerField("发放份数", null=True, blank=True)
    returned = models.PositiveIntegerField("回收份数", null=True, blank=True)
    valid = models.PositiveIntegerField("有效份数", null=True, blank=True)
    # 宣传报道
    channel = models.CharField("媒体或阵地", max_length=80, blank=True)
    link = models.URLField("链接", blank=True)

    search_text = SearchTextField(
        sources=("title", "content", "decisions", "place", "host", "speaker", "visited")
    )
    draft_opinions = models.JSONField("意见草稿", default=list, blank=True)
    version = models.PositiveIntegerField("修改次数", default=0)
    client_key = models.UUIDField("提交标识", default=uuid.uuid4, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记录者"
    )
    created_at = models.DateTimeField("记录时间")
    updated_at = models.DateTimeField("修改时间")
    is_demo = models.BooleanField("演示数据", default=False)

    objects = ActivityQuerySet.as_manager()
    history = HistoricalRecords(
        m2m_fields=[themes, sub_topics, linked_works, audience_groups, study_documents],
        excluded_fields=["client_key", "draft_opinions", "search_text"],
    )

    class Meta:
        verbose_name = "活动"
        verbose_name_plural = "活动"
        constraints = [
            models.CheckConstraint(
                condition=Q(status=ActivityStatus.DRAFT)
                | Q(present__isnull=True)
                | Q(expected__isnull=True)
                | Q(expected__gte=sum(map(F, AWAY), F("present"))),
                name="activity_attendance_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(status=ActivityStatus.DRAFT)
                | Q(returned__isnull=True)
                | Q(issued__isnull=True)
                | Q(issued__gte=F("returned")),
                name="activity_returned_at_most_issued",
            ),
            models.CheckConstraint(
                condition=Q(status=ActivityStatus.DRAFT)
                | Q(valid__isnull=True)
                | Q(returned__isnull=True)
                | Q(returned__gte=F("valid")),
                name="activity_valid_at_most_returned",
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "-held_on", "-id"], name="activity_newest"),
            models.Index(fields=["unit", "-held_on", "-id"], name="activity_newest_of_unit"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def absent(self) -> int | None:
        """People expected who neither came nor gave a reason; None until both counts are in."""
        if self.expected is None or self.present is None:
            return None
        return self.expected - self.present - self.away

    @property
    def away(self) -> int:
        """People expected who gave a reason, of whatever category."""
        return sum(getattr(self, name) for name in AWAY)


class ActivityFile(models.Model):
    """A photo or document of an activity, checked and renamed by the server (safety 18)."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="files")
    kind = models.CharField("类别", max_length=20, choices=FileKind)
    file = models.FileField("文件", upload_to="activities/%Y/%m")
    thumbnail = models.FileField("缩略图", upload_to="activities/%Y/%m", blank=True)
    name = models.CharField("文件名", max_length=200)
    size_bytes = models.PositiveBigIntegerField("大小")
    sha256 = models.CharField("校验和", max_length=64, db_index=True)
    is_locked = models.BooleanField("等待扫描", default=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField("上传时间")

    objects = ActivityFileQuerySet.as_manager()

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = "附件"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "sha256"], name="file_once_an_activity")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.kind == FileKind.PHOTO

    @property
    def trouble(self) -> str:
        """Why nobody can open it now; empty if they can."""
        return "等待病毒扫描，稍后可以打开" if self.is_locked else ""


class Opinion(models.Model):
    """Something a person said (N1). An anonymous opinion has no way back to its author.

    The key is random and the date has no time, so neither order nor moment gives anyone away.
    One that says the same as another is merged into it and shares its fate; `answer` is what the
    school decided, for those who follow an opinion without a name.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="opinions")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="opinions", verbose_name="单位")
    source = models.CharField("来源", max_length=20, choices=OpinionSource)
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, blank=True, related_name="opinions"
    )
    text = models.TextField("意见内容")
    search_text = SearchTextField(sources=("text",))
    audience_group = models.ForeignKey(
        AudienceGroup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opinions",
        verbose_name="来源群体",
    )
    theme = models.ForeignKey(
        Theme,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opinions",
        verbose_name="研讨主题",
    )
    contributor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opinions",
        verbose_name="提出人",
    )
    is_anonymous = models.BooleanField("匿名", default=True)
    raised_on = models.DateField("提出日期")
    status = models.CharField(
        "状态", max_length=20, choices=OpinionStatus, default=OpinionStatus.NEW
    )
    reason = models.TextField("处理说明", blank=True)
    answer = models.TextField("答复", blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="duplicates"
    )
    is_demo = models.BooleanField("演示数据", default=False)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = "意见建议"
        verbose_name_plural = "意见建议"
        constraints = [
            models.CheckConstraint(
                condition=Q(is_anonymous=False) | Q(contributor__isnull=True),
                name="opinion_anonymous_has_no_author",
            ),
            models.CheckConstraint(
                condition=~Q(source=OpinionSource.ACTIVITY) | Q(activity__isnull=False),
                name="opinion_from_activity_names_it",
            ),
            models.CheckConstraint(
                condition=~Q(status=OpinionStatus.NOT_ADOPTED) | ~Q(reason=""),
                name="opinion_not_adopted_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="opinion_not_merged_into_itself",
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "-raised_on", "id"], name="opinion_newest"),
            models.Index(fields=["unit", "status"], name="opinion_of_unit"),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class Idea(models.Model):
    """The key to an opinion left in the idea box (S44): whoever holds the code may follow it.

    Only a digest of the code is kept, so the database cannot answer for the holder.
    """

    opinion = models.OneToOneField(Opinion, models.CASCADE, primary_key=True, related_name="idea")
    code_digest = models.CharField("查询码摘要", max_length=64, unique=True)

    class Meta:
        verbose_name = "金点子"
        verbose_name_plural = "金点子"

    def __str__(self) -> str:
        return str(self.opinion)


class SavedView(models.Model):
    """Filters of the ledger that one person keeps under a name."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="ledger_views")
    name = models.CharField("名称", max_length=20)
    query = models.CharField("条件", max_length=500)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = "常用筛选"
        verbose_name_plural = "常用筛选"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="view_name_once")]

    def __str__(self) -> str:
        return self.name


class Problem(models.Model):
    """An entry of a unit's problem list (S4), drawn from opinions."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="problems")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="problems", verbose_name="单位")
    theme = models.ForeignKey(
        Theme, models.PROTECT, related_name="problems", verbose_name="研讨主题"
    )
    text = models.TextField("表现")
    opinions = models.ManyToManyField(Opinion, related_name="problems", blank=True)
    status = models.CharField(
        "状态", max_length=20, choices=ProblemStatus, default=ProblemStatus.OPEN
    )
    reason = models.TextField("处理说明", blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("列入时间")
    is_demo = models.BooleanField("演示数据", default=False)

    objects = ProblemQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "问题"
        verbose_name_plural = "问题清单"
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=ProblemStatus.NOT_ADOPTED) | ~Q(reason=""),
                name="problem_not_adopted_has_reason",
            )
        ]

    def __str__(self) -> str:
        return self.text[:40]
