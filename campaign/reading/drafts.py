"""A phase before its year is settled, and how it is called."""

import re
from dataclasses import dataclass

from campaign.reading.lines import PlanText
from campaign.reading.outline import Section
from campaign.reading.schedule import Period

ORDINAL = re.compile(r"第\s?[一二三四五六七八九十0-9]{1,2}\s?个?(?:阶段|环节|步骤?)")
NAME_EDGE = "。；：，、 —-（）()【】:,;\n"
LONGEST_NAME = 40
SCHEDULE = re.compile(
    r"进程|时间(?:安排|步骤|节点|计划|进度)|步骤|进度|日程|阶段(?:安排|划分)|实施安排|推进(?:计划|安排)|时间与|时间及"
    r"|工作安排|活动安排|具体安排|学习安排|安排(?:及|与|和)|计划安排|活动流程|工作流程|流程|实施过程|组织实施|行动安排"
)
OVERALL = re.compile(
    r"^(?:活动|征集|实施|开展|学习|起止|征稿|征文|教育|行动|总体|评选|推荐|报名|培训|排查|自查|工作|整治|宣传|主题党日)?"
    r"(?:的)?(?:起止)?时间(?:安排|要求)?(?:及(?:地点|形式|方式|范围|对象))?$"
)
SEVERAL = 2
_NAME_EDGE_OUTER = "。；：，、 —-:,;\n"


@dataclass(frozen=True, slots=True)
class Draft:
    """A phase before its year is settled. [start, end) is all the text that belongs to it."""

    name: str
    period: Period | None
    start: int
    end: int
    name_start: int
    body_start: int
    departments: tuple[str, ...] | None = None
    section: Section | None = None
    is_staged: bool = False
    is_told: bool = False


def without_period(plan: PlanText, start: int, end: int, period: Period | None) -> str:
    """The words of [start, end) without the period, its brackets, and anything after ，时间…"""
    text = plan.text[start:end]
    if period and start <= period.start < end:
        first, last = period.start - start, min(period.end, end) - start
        text = text[:first] + "\x00" + text[last:]
        text = re.sub(
            r"[（(【\[][^（(【\[]{0,8}\x00[^）)】\]]{0,12}[）)】\]]|(?:时间|从|自|于)?[：:]?\x00",
            "\x00",
            text,
        )
        before, _, after = text.partition("\x00")
        text = before.strip(NAME_EDGE) or after.strip(NAME_EDGE)
    text = re.sub(r"[，,]\s?(?:时间|为期|自|从|用时).{0,60}$", "", text)
    text = re.sub(r"^(?:为|是|即)(?=.{2,}阶段)", "", text.strip(_NAME_EDGE_OUTER))
    ordinal = ORDINAL.match(text)
    if ordinal and len(text) > ordinal.end() + 1:
        text = text[ordinal.end() :]
    return _balanced(text.strip(_NAME_EDGE_OUTER))


def _balanced(text: str) -> str:
    """`text` without a bracket or quotation mark at its edge that has no partner."""
    for pair in ("（）", "()", "“”", "【】"):
        opening, closing = pair[0], pair[1]
        if text.count(opening) > text.count(closing) and text.rfind(opening) > 0:
            text = text[: text.rfind(opening)]
        if text.count(opening) != text.count(closing):
            text = text.strip(pair)
    return text
