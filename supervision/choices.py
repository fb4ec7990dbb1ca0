from django.db.models import TextChoices


class Rung(TextChoices):
    """The ladder of N9, lowest first."""

    BLUE = "blue", "蓝"
    YELLOW = "yellow", "黄"
    ORANGE = "orange", "橙"
    RED = "red", "红"


class Duty(TextChoices):
    """What an obligation is about."""

    DEMAND = "demand", "报送要求"
    REVIEW = "review", "审议答复"
    SECOND_REPLY = "second_reply", "再次答复"
    WORDING = "wording", "条款修订"
    RETURNED = "returned", "退回完善"
    PACKAGE = "package", "退回的报送材料"
    SETTLING = "settling", "意见和问题处理"
    MEASURE = "measure", "举措"
    MILESTONE = "milestone", "举措节点"
    FINDING = "finding", "检查发现的问题"
    CLOSING = "closing", "待销号的整改"
    REFERRAL = "referral", "转办事项"


class HandInState(TextChoices):
    """What became of a thing handed in. Without approval asked for it stays handed in."""

    HANDED_IN = "handed_in", "已交"
    APPROVED = "approved", "审核通过"
    RETURNED = "returned", "退回修改"


class SendingStatus(TextChoices):
    DRAFT = "draft", "待发送"
    SENT = "sent", "已发送"
    DROPPED = "dropped", "已放弃"


class InspectionStatus(TextChoices):
    PLANNED = "planned", "待实施"
    VISITED = "visited", "已实施"
    CALLED_OFF = "called_off", "已取消"


class FindingStatus(TextChoices):
    OPEN = "open", "整改中"
    ANSWERED = "answered", "待销号"
    CLOSED = "closed", "已销号"
