from django.db.models import TextChoices


class Status(TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审议"
    RETURNED = "returned", "退回完善"
    WITHDRAWN = "withdrawn", "已撤回"
    MERGED = "merged", "已并案"
    DECIDED = "decided", "已答复"


class Verdict(TextChoices):
    ADOPTED = "adopted", "采纳"
    PARTLY_ADOPTED = "partly_adopted", "部分采纳"
    DECLINED = "declined", "不采纳"
    ALREADY_COVERED = "already_covered", "已有规定"
    REFERRED = "referred", "转相关部门"


#: Verdicts that end in a changed clause, or in a reason why no text changes (S23).
ADOPTING_VERDICTS = frozenset({Verdict.ADOPTED, Verdict.PARTLY_ADOPTED})


class ProposalKind(TextChoices):
    """S19."""

    NEW_APPROACH = "new_approach", "创新思路"
    METHOD = "method", "措施方法"
    LASTING_MECHANISM = "lasting_mechanism", "长效机制"


class Satisfaction(TextChoices):
    SATISFIED = "satisfied", "满意"
    FAIRLY_SATISFIED = "fairly_satisfied", "基本满意"
    DISSATISFIED = "dissatisfied", "不满意"


class PackageStatus(TextChoices):
    DRAFT = "draft", "编制中"
    SENT = "sent", "已报送"
    RECEIVED = "received", "已签收"
    RETURNED = "returned", "已退回"


class Conflict(TextChoices):
    """Why a member of the plan group stays out of a proposal's deliberation (N11)."""

    AUTHOR = "author", "本人执笔"
    SAME_UNIT = "same_unit", "本单位提出"
    DECLARED = "declared", "已声明回避"


#: The text may be changed in these; in no other.
EDITABLE = frozenset({Status.DRAFT, Status.RETURNED, Status.WITHDRAWN})
