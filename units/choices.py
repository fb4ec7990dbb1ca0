from django.db.models import TextChoices


class UnitKind(TextChoices):
    SCHOOL = "school", "学校"
    DEPARTMENT = "department", "职能部门"
    GRASSROOTS_COMMITTEE = "grassroots_committee", "基层党委"
    GENERAL_BRANCH = "general_branch", "党总支"
    BRANCH = "branch", "党支部"
    PLAN_GROUP = "plan_group", "“双高计划”工作组"
    CAMPAIGN_GROUP = "campaign_group", "三大工作组"
    WORKING_TEAM = "working_team", "工作小组"


class Position(TextChoices):
    CHAIR = "chair", "组长"
    DEPUTY_CHAIR = "deputy_chair", "副组长"
    SECRETARY = "secretary", "书记"
    LIAISON = "liaison", "联络员"
    MEMBER = "member", "成员"
    STAFF = "staff", "教职工"


#: The two positions that log and submit for their unit and the units below it.
REPORTING_POSITIONS = frozenset({Position.SECRETARY, Position.LIAISON})
#: The bodies that see the whole school.
SCHOOL_WIDE_KINDS = frozenset({UnitKind.PLAN_GROUP, UnitKind.CAMPAIGN_GROUP})
LEADING_POSITIONS = frozenset({Position.CHAIR, Position.DEPUTY_CHAIR})
