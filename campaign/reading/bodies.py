"""Working bodies and what units must set up: groups, teams, plans, packages."""

import re
from collections.abc import Iterator

from campaign.reading.lines import PlanText
from campaign.reading.proposal import CampaignGroup, Demand, Found, found
from campaign.reading.unit_kinds import unit_kinds_in

_GROUP = re.compile(
    r"由([^。；]{2,60}?)(?:担任|任|为)(双?组长)，(?:由)?([^。；]{2,60}?)(?:担任|任|为)(?:常务)?副组长，(?:由)?([^。；]{2,160}?)(?:为|任|担任)成员的"
    r"([^，。；]{2,60}?(?:工作组|领导小组|工作领导小组|专班|委员会))"
)
_CHAIR_LINE = re.compile(r"(?:^|\n)(?:双)?组\s{0,4}长\s?[：\s]\s{0,4}([^\n]{2,80})")
_DEPUTY_LINE = re.compile(r"(?:^|\n)副\s?组\s?长\s?[：\s]\s{0,4}([^\n]{2,120})")
_MEMBER_LINE = re.compile(
    r"(?:^|\n)(?:组员|成\s{0,4}员)(?:单位|部门)?\s?[：\s]\s{0,4}([^\n]{2,240})"
)
_NAMED = re.compile(r"成立([^，。；\n]{2,50}?(?:领导小组|工作组|工作专班))")
_DUTIES = re.compile(r"(?:抓好|负责)([^，。；]{4,60}?)等")
_OFFICE_OF = re.compile(r"(?:主要)?(?:负责人|负责同志|有关同志|同志)$|等(?:职能)?部门")
_REPORT_TO = re.compile(
    r"(?:报送|提交|上报|反馈)(?:至|到|给)([^，。；（）\n]{0,20}?“[^”\n]{2,16}”[^，。；（）\n]{0,6}?工作(?:领导小)?组|[^，。；（）\n]{2,24}?(?:工作组|领导小组)(?!办公室))"
)
_UNITS = re.compile(r"(?:各|每个)[^。；：“”0-9]{0,40}")
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "submission_package",
        re.compile(
            r"(?:梳理|汇总|整理|归纳)[^。；]{0,40}?(?:报送|提交|上报|报)(?:至|到|给)?[^，。；]{0,30}"
        ),
    ),
    (
        "sub_topics",
        re.compile(
            r"(?:设定|确定|自定|自选|拟定)(?:本单位|各自|具体|若干)*(?:的)?(?:具体)?(?:研讨|讨论)(?:主题|专题|题目|议题)"
        ),
    ),
    (
        "working_team",
        re.compile(r"成立[^。；，]{0,16}(?:工作小组|领导小组|工作专班|工作组|专门小组)"),
    ),
    (
        "implementation_plan",
        re.compile(
            r"(?:制定|制订|研究制定|出台|拟定)[^。；，]{0,24}(?:实施方案|活动方案|工作方案|具体方案|实施计划|学习计划|活动计划)"
        ),
    ),
)
_LONGEST_DEMAND = 160


def read_campaign_group(plan: PlanText) -> Found[CampaignGroup] | None:
    """Who leads the campaign: in one sentence, or as lines 组长：…, 副组长：…, 成员：…."""
    match = _GROUP.search(plan.even)
    if match:
        duties = _DUTIES.search(plan.even, match.end(), match.end() + 120)
        value = CampaignGroup(
            name=plan.text[slice(*match.span(5))],
            chairs=_list(plan, match.span(1)),
            deputies=_list(plan, match.span(3)),
            member_departments=_departments(plan, match.span(4)),
            duties=_list(plan, duties.span(1)) if duties else (),
        )
        return found(plan, value, match.start(), match.end())
    chairs = _CHAIR_LINE.search(plan.even)
    if not chairs:
        return None
    deputies = _DEPUTY_LINE.search(plan.even, chairs.end(), chairs.end() + 400)
    members = _MEMBER_LINE.search(plan.even, chairs.end(), chairs.end() + 800)
    name = _NAMED.search(plan.even, max(0, chairs.start() - 400), chairs.start() + 1)
    value = CampaignGroup(
        name=plan.text[slice(*name.span(1))] if name else "领导小组",
        chairs=_list(plan, chairs.span(1)),
        deputies=_list(plan, deputies.span(1)) if deputies else (),
        member_departments=_departments(plan, members.span(1)) if members else (),
        duties=(),
    )
    return found(plan, value, chairs.start(), chairs.end())


def _list(plan: PlanText, place: tuple[int, int]) -> tuple[str, ...]:
    words = re.split(r"[、，；\s]|和(?=[\u4e00-\u9fff]{4})", plan.even[slice(*place)])
    return tuple(word.strip("。") for word in words if word.strip("。"))


def _departments(plan: PlanText, place: tuple[int, int]) -> tuple[str, ...]:
    """组织部、宣传部等部门主要负责人 → 组织部, 宣传部."""
    names = []
    for word in _list(plan, place):
        name = re.sub(
            r"(?:等)?(?:职能|有关|相关)?(?:部门)?(?:主要)?(?:负责人|负责同志|同志)$", "", word
        )
        name = name.removesuffix("等")
        if name:
            names.append(name)
    return tuple(dict.fromkeys(names))


def read_plan_group(plan: PlanText) -> Found[str] | None:
    """The body results are sent to."""
    match = _REPORT_TO.search(plan.even)
    return found(plan, plan.text[slice(*match.span(1))], *match.span(1)) if match else None


def read_demands(plan: PlanText) -> tuple[Found[Demand], ...]:
    """What units must set up or hand in, once for each kind and kind of unit."""
    demands: dict[tuple[str, tuple[str, ...]], Found[Demand]] = {}
    for sentence in plan.sentences:
        even = plan.even[sentence.start : sentence.end]
        if not _UNITS.search(even):
            continue
        for kind, start, end in _owed(even):
            units = _addressed(even, start)
            if units is None:
                continue
            first, kinds = units
            text = sentence.text[first:end].strip("，。；：、 ")
            if len(text) > _LONGEST_DEMAND:
                text = sentence.text[start:end].strip("，。；：、 ")
            value = Demand(kind, kinds, text)
            place = (sentence.start + first, sentence.start + end)
            demands.setdefault((kind, kinds), found(plan, value, *place))
    return tuple(demands.values())


def _owed(even: str) -> Iterator[tuple[str, int, int]]:
    hits = [
        (match.start(), kind, match.end())
        for kind, pattern in _RULES
        for match in pattern.finditer(even)
    ]
    for start, kind, end in sorted(hits):
        yield kind, start, end


def _addressed(even: str, before: int) -> tuple[int, tuple[str, ...]] | None:
    """The units the sentence speaks to: the last 各… before the demand that names some."""
    hits = []
    for match in re.finditer(r"各(?:[^。；：“”0-9各]|、各){2,24}", even[:before]):
        wording = re.split("要|应|须|需|分别|结合|根据|按照|围绕|认真|严格", match[0])[0]
        kinds = unit_kinds_in(wording)
        if kinds:
            hits.append((match.start(), kinds))
    return hits[-1] if hits else None
