"""Kinds of activity a plan names, which phase opens what, and the steps of a phase."""

import re

from campaign.reading.lines import PlanText
from campaign.reading.outline import Section
from campaign.reading.proposal import ActivityKind, Found, Step, found
from core.chinese_width import even_width

#: For each kind the wordings to look for; an earlier wording is preferred to a later one.
WORDINGS: dict[str, tuple[str, ...]] = {
    "kick_off": ("动员部署", "动员(?:大)?会", "启动(?:仪式|会|大会)", "部署会"),
    "expert_lecture": (
        "专家(?:学者|教授)?(?:入校|进校|到校)?(?:指导|讲座|报告|辅导|授课|宣讲)",
        "(?:专题|辅导|学术)(?:讲座|报告会?|辅导)|讲座|报告会",
    ),
    "plan_group_briefing": ("“[^”]{2,12}”工作组汇报交流", "工作组(?:工作)?汇报(?:交流)?"),
    "publicity": ("集中宣传报道", "宣传报道", "舆论宣传", "宣传专栏", "专题报道"),
    "central_group_study": (
        "(?:校院|院系)?(?:两级|党委|二级)?(?:党委)?(?:理论学习)?中心组(?:理论)?(?:集体|集中|专题)?学习",
        "理论学习中心组",
    ),
    "themed_party_day": ("(?:主题|特色)党日(?:活动)?",),
    "staff_political_study": ("教职工(?:政治)?(?:理论)?学习", "政治(?:理论)?学习"),
    "self_study": ("个人自学", "自主学习", "自学"),
    "forum": ("座谈会", "座谈"),
    "seminar": ("研讨会", "专题研讨", "研讨(?!交流成果|成果|主题|题目|专题|议题|内容)"),
    "exchange_meeting": ("交流会", "交流汇报", "经验交流"),
    "field_visit": ("走访调研", "实地调研", "外出考察", "考察学习", "参观学习", "走访"),
    "questionnaire": ("问卷调查", "调查问卷", "问卷"),
}
_PATTERNS = {
    kind: tuple(re.compile(wording) for wording in wordings) for kind, wordings in WORDINGS.items()
}

#: What a phase lets people do, by the words its text uses.
_OPENINGS = {
    "publicity": re.compile("宣传|舆论|报道"),
    "study": re.compile("学习|讲座|研读|自学|宣讲"),
    "discussion": re.compile("研讨|座谈|讨论|交流会|征求|听取|查摆"),
    "proposals": re.compile("对策建议|意见建议|建言献策|献策|合理化建议|金点子"),
    "packages": re.compile("报送|上报|提交"),
    "review": re.compile("纳入|采纳|修改完善|吸收"),
    "measures": re.compile("转化为|任务落实|整改"),
    "outcomes": re.compile("成果|典型案例|经验总结"),
}
_CAMPAIGN_NAME = re.compile("大学习|大讨论|大推动")
_RUNS_THROUGH = re.compile("贯穿[^，。；]{0,30}(?:全过程|始终)")

_STRANDS = (
    ("mobilisation", re.compile("宣传|发动|动员|启动|部署|准备|筹备")),
    ("study_and_discussion", re.compile("学习|讨论|研讨|查摆|交流|征集|调研")),
    ("practice", re.compile("实践|转化|整改|落实|推动|推进|提升|总结|巩固|实施|验收|表彰")),
)

_ENUMERATED = re.compile(r"(?<![\u4e00-\u9fff])([一二三四五六七八九十])是")
_LONGEST_STEP_TITLE = 20


def kinds_in(text: str) -> tuple[str, ...]:
    """Kinds of activity `text` names, in the fixed order of `WORDINGS`."""
    even = even_width(text)
    return tuple(
        kind
        for kind, patterns in _PATTERNS.items()
        if any(pattern.search(even) for pattern in patterns)
    )


def strand_of(name: str) -> str:
    """mobilisation, study_and_discussion, practice, or other when the name does not say."""
    return next((strand for strand, pattern in _STRANDS if pattern.search(name)), "other")


def openings(text: str, earlier: tuple[str, ...]) -> tuple[str, ...]:
    """What a phase with this text opens, when `earlier` is what the phase before it opened.

    Publicity once begun goes on; so does everything else in a phase that says the earlier
    work runs through the whole (贯穿…全过程).
    """
    even = _CAMPAIGN_NAME.sub("", even_width(text))
    kept = earlier if _RUNS_THROUGH.search(even) else ()
    return tuple(
        opening
        for opening, pattern in _OPENINGS.items()
        if opening in kept
        or (opening == "publicity" and opening in earlier)
        or pattern.search(even)
    )


def steps_between(plan: PlanText, start: int, end: int) -> tuple[tuple[Step, ...], str]:
    """Steps marked 一是, 二是 in [start, end), and the prose before the first of them."""
    marks = _counting_marks(plan.even, start, end)
    if not marks:
        return (), plan.text[start:end].strip()
    steps = []
    for (_, begin), following in zip(marks, [*marks[1:], (end, end)], strict=True):
        steps.append(_step(plan.text[begin : following[0]]))
    return tuple(steps), plan.text[start : marks[0][0]].strip()


def steps_of_sections(plan: PlanText, sections: list[Section]) -> tuple[Step, ...]:
    """Subsections as steps: heading, then everything under it."""
    steps = []
    for section in sections:
        text = plan.text[section.title_end : section.end].strip("。；：，、 \n")
        title = section.title if len(section.title) <= 2 * _LONGEST_STEP_TITLE else ""
        body = text if title else plan.text[section.title_start : section.end].strip()
        steps.append(Step(title, body, kinds_in(f"{title} {body}")))
    return tuple(steps)


def _counting_marks(even: str, start: int, end: int) -> list[tuple[int, int]]:
    """Places of 一是, 二是, 三是 … as long as they count up from 一; two at least."""
    marks: list[tuple[int, int]] = []
    for match in _ENUMERATED.finditer(even, start, end):
        if "一二三四五六七八九十".index(match[1]) == len(marks):
            marks.append(match.span())
    return marks if len(marks) > 1 else []


def _step(text: str) -> Step:
    text = text.strip()
    stop = re.search("[。：；，]", even_width(text))
    if stop and stop.start() <= _LONGEST_STEP_TITLE and stop[0] in "。：":
        title, body = text[: stop.start()], text[stop.end() :].strip()
    else:
        title, body = "", text
    return Step(title, body, kinds_in(f"{title} {body}"))


def activity_kinds(
    plan: PlanText, phase_places: list[tuple[int, int]]
) -> tuple[Found[ActivityKind], ...]:
    """Every kind the plan names, the wording it uses, and the first phase that names it.

    Phases are searched first, the rest of the plan after; 其他 is offered beside them.
    """
    kinds: list[Found[ActivityKind]] = []
    for kind, patterns in _PATTERNS.items():
        places = [(number, span) for number, span in enumerate(phase_places, 1)]
        places.append((0, (0, len(plan.even))))
        hit = _first_wording(plan.even, patterns, places)
        if hit:
            number, start, end = hit
            value = ActivityKind(kind, plan.text[start:end], number or None)
            kinds.append(found(plan, value, start, end))
    if kinds:
        kinds.append(found(plan, ActivityKind("other", "其他", None), 0, 0))
    return tuple(kinds)


def _first_wording(
    even: str, patterns: tuple[re.Pattern[str], ...], places: list[tuple[int, tuple[int, int]]]
) -> tuple[int, int, int] | None:
    for number, (start, end) in places:
        for pattern in patterns:
            match = pattern.search(even, start, end)
            if match:
                return number, match.start(), match.end()
    return None
