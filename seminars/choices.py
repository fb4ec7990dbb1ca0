from django.db.models import TextChoices

#: Columns that count who was missing and why, in the order in which they are told.
AWAY = ("excused", "on_duty", "teaching", "away_otherwise")


class ActivityStatus(TextChoices):
    DRAFT = "draft", "草稿"
    LOGGED = "logged", "已记录"


class OpinionStatus(TextChoices):
    """Where an opinion stands; every opinion ends in one of the last four (S4)."""

    NEW = "new", "待处理"
    SOLVED = "solved", "当场解决"
    PROBLEM = "problem", "列入问题清单"
    PROPOSAL = "proposal", "形成建议"
    NOT_ADOPTED = "not_adopted", "未采用"


class OpinionSource(TextChoices):
    ACTIVITY = "activity", "活动"
    SURVEY = "survey", "问卷"
    IDEA_BOX = "idea_box", "金点子"


class ProblemStatus(TextChoices):
    OPEN = "open", "待解决"
    SOLVED = "solved", "已解决"
    PROPOSAL = "proposal", "转为建议"
    NOT_ADOPTED = "not_adopted", "不采纳"


class FileKind(TextChoices):
    PHOTO = "photo", "照片"
    DOCUMENT = "document", "文件"


class StudyLevel(TextChoices):
    """中心组学习 is held at two levels (S14)."""

    SCHOOL = "school", "校级"
    COLLEGE = "college", "院级"
