from django.db.models import TextChoices


class ReportKind(TextChoices):
    PROGRESS = "progress", "进展报告"
    PHASE_SUMMARY = "phase_summary", "阶段总结"
    UNIT_REPORT = "unit_report", "单位报告"
    UNIT_VOLUME = "unit_volume", "单位报告汇编"
    THEME_REPORT = "theme_report", "主题报告"
    SUBMISSION_DIGEST = "submission_digest", "意见建议汇总"
    EVIDENCE_PACK = "evidence_pack", "考核佐证材料"
    ACTIVITY_BOOK = "activity_book", "活动记录册"
    PACKAGE = "package", "报送材料"
    REVISIONS = "revisions", "修订对照表"
    MINUTES = "minutes", "“双高计划”工作组会议纪要"


#: What they are made of stands on pages for everybody.
OPEN_TO_ALL = frozenset({ReportKind.REVISIONS})
#: About a document or a group, so that 全校 before their names would mislead.
OF_NO_UNIT = frozenset({ReportKind.REVISIONS, ReportKind.MINUTES})


class NarrativePart(TextChoices):
    """What a person may add to a report, below the sentences made from the figures."""

    DONE = "done", "做法"
    EFFECT = "effect", "成效"
    PROBLEM = "problem", "问题"
    NEXT = "next", "下一步"


class BulletinStatus(TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "送审"
    APPROVED = "approved", "已审定"
    PUBLISHED = "published", "已印发"


class ReportFormat(TextChoices):
    PDF = "pdf", "PDF"
    XLSX = "xlsx", "Excel"
    DOCX = "docx", "Word"


class JobStatus(TextChoices):
    QUEUED = "queued", "排队中"
    RUNNING = "running", "生成中"
    DONE = "done", "已完成"
    FAILED = "failed", "未成功"
    CANCELLED = "cancelled", "已取消"


#: As `date.weekday()` counts.
WEEKDAYS = [
    (0, "周一"),
    (1, "周二"),
    (2, "周三"),
    (3, "周四"),
    (4, "周五"),
    (5, "周六"),
    (6, "周日"),
]
