from django.db.models import TextChoices


class CampaignState(TextChoices):
    DRAFT = "draft", "筹备"
    RUNNING = "running", "进行"
    SEALED = "sealed", "已封存"


class Strand(TextChoices):
    MOBILISATION = "mobilisation", "宣传发动"
    STUDY_AND_DISCUSSION = "study_and_discussion", "学习讨论"
    PRACTICE = "practice", "实践转化"
    OTHER = "other", "其他"


class Gate(TextChoices):
    """What a phase may open; declared per phase in the campaign's definition."""

    PUBLICITY = "publicity", "宣传"
    STUDY = "study", "学习"
    DISCUSSION = "discussion", "研讨"
    PROPOSALS = "proposals", "提出建议"
    PACKAGES = "packages", "汇总报送"
    REVIEW = "review", "审议"
    MEASURES = "measures", "举措"
    OUTCOMES = "outcomes", "成果"


class DayUnit(TextChoices):
    WORKING_DAYS = "working_days", "工作日"
    DAYS = "days", "天"


class Edge(TextChoices):
    """Which day of its anchor a relative time is counted from."""

    ISSUED = "issued", "印发之日"
    STARTS = "starts", "开始"
    ENDS = "ends", "结束"


class ActivityKind(TextChoices):
    """S10–S12, S14, S17. The campaign says which of them it offers, and in which order."""

    KICK_OFF = "kick_off", "动员部署"
    EXPERT_LECTURE = "expert_lecture", "专家讲座"
    PLAN_GROUP_BRIEFING = "plan_group_briefing", "工作组汇报交流"
    PUBLICITY = "publicity", "宣传报道"
    CENTRAL_GROUP_STUDY = "central_group_study", "中心组学习"
    THEMED_PARTY_DAY = "themed_party_day", "主题党日"
    STAFF_POLITICAL_STUDY = "staff_political_study", "教职工政治理论学习"
    SELF_STUDY = "self_study", "个人自学"
    FORUM = "forum", "座谈会"
    SEMINAR = "seminar", "研讨会"
    EXCHANGE_MEETING = "exchange_meeting", "交流会"
    FIELD_VISIT = "field_visit", "走访调研"
    QUESTIONNAIRE = "questionnaire", "问卷调查"
    OTHER = "other", "其他"


class DemandKind(TextChoices):
    IMPLEMENTATION_PLAN = "implementation_plan", "实施方案"
    WORKING_TEAM = "working_team", "工作小组"
    SUB_TOPICS = "sub_topics", "具体研讨主题"
    KICK_OFF = "kick_off", "动员部署"
    ACTIVITY = "activity", "活动"
    OPINION = "opinion", "意见建议"
    PROPOSAL = "proposal", "对策建议"
    SUBMISSION_PACKAGE = "submission_package", "报送材料"
    OUTCOME_PAPER = "outcome_paper", "成果材料"
    REPORT = "report", "工作报告"
    OTHER = "other", "其他"


class DocumentKind(TextChoices):
    CONSTRUCTION_PLAN = "construction_plan", "建设方案"
    TASK_BOOK = "task_book", "任务书"
