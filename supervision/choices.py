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
    RETURNED = "returned", "退回完善"
    MEASURE = "measure", "举措"
    MILESTONE = "milestone", "举措节点"
