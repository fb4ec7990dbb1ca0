from django.db.models import TextChoices


class MeasureStatus(TextChoices):
    DRAFT = "draft", "草稿"
    OPEN = "open", "推进中"
    CLOSED = "closed", "办结"


class Horizon(TextChoices):
    CURRENT = "current", "当前"
    LONG_TERM = "long_term", "长远"


class OutcomeKind(TextChoices):
    STUDY = "study", "学习研究成果"
    PRACTICE = "practice", "实践成果"
    INSTITUTIONAL = "institutional", "制度成果"


class CaseKind(TextChoices):
    MODEL = "model", "模式"
    RULE = "rule", "制度"
    STANDARD = "standard", "标准"
    EXPERIENCE = "experience", "经验"


class NewsKind(TextChoices):
    """What S45 wants published in time."""

    UPDATE = "update", "学习讨论动态"
    EXCHANGE = "exchange", "学习成果交流"
    EXAMPLE = "example", "先进典型"


class NewsStatus(TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审核"
    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已撤下"
