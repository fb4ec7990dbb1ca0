"""Whom a sentence speaks to: 各党总支, 每个支部, 人均, or a kind of unit that opens a clause."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from campaign.reading.lines import PlanText, Sentence
from campaign.reading.places import Places

_UNIT = (
    "党总支|总支|党支部|支部|基层党委|二级党委|党委|党组织|二级学院|教学院部|学院|院系|系部|教学部|系|部门|处室|科室"
    "|单位|教研室|班级|班|团支部|团总支|团委|党小组|小组|党员领导干部|党员干部|领导干部|中层干部|[处科]级(?:以上)?(?:党员)?(?:领导)?干部|干部|党员|教师"
    "|教职工|教职员工|辅导员|班主任|学生|同学|人|工会小组|分工会|专业群|专业部|专业|[教课研题程习小]组|团队|学部|校(?![领区园])|校领导|成员|高校|学校|候选人|项目"
)
_NOT_A_NAME = (
    "至少|不少|不超|每|月|学期|季度|周|年|次|组织|开展|联系|走访|撰写|完成|提出|推荐|专题"
    "|要|应|须|可|在|于|由|向|将|按|以"
)
_NAME_CHAR = rf"(?:(?!{_NOT_A_NAME})[^，。；：、（）“”0-9\s])"
_EACH = re.compile(
    r"(?P<each>每一?个|每名|每位|每所|每家|每条|每篇|每支(?!部)|每|各级|各|人均|所有|全体)"
    rf"(?P<unit>{_NAME_CHAR}{{0,14}}?(?:{_UNIT})(?:（[^（）\n]{{1,4}}）)?)?"
)
_LISTED = re.compile(
    r"、(?:各|直属)?[^，。；：、（）“”0-9\s]{0,8}?"
    r"(?:党总支|总支|党支部|支部|党委|学院|系部|系|部门|处室|单位|中心|部|教研室)"
    r"(?=[、要应需须至不原分均每开撰报推提组形限最确明选上申，于在可以（的结围]|$)"
)
_OPENING = re.compile(
    r"(?:(?<=[，；：。（\n ])|^)(?:原则上|请|由|全校)?"
    r"(?P<unit>二级党组织|基层党组织|二级学院|二级单位|直属党支部|(?:教工|学生)?党支部|党总支"
    r"|基层党委|二级党委|团支部|教研室|班级|总支|支部|(?:校院两级|党委|学院|二级)?(?:理论学习)?中心组|辅导员|班主任|校领导"
    r"|党员领导干部|中层干部|[处科]级(?:以上)?(?:党员)?(?:领导)?干部|党员|专任教师|教师)(?![、的])"
)
_NAMED = re.compile(
    r"(?:(?<=[，；：。（\n ])|^)(?:其中)?(?P<unit>[^，。；：、（）“”0-9\s]{2,16}?"
    r"(?:支部|学院|部|处|系|中心|总支|党委|部门|办公室))(?=至少|不少于|不低于|不超过|最多)"
)
#: What is counted by the piece and owes nothing itself.
THINGS = frozenset({"项目", "专业群"})
_PERSONS = {"人均": "个人", "人": "个人"}


@dataclass(frozen=True, slots=True)
class Addressee:
    """The plan's wording without 各 or 每个, and where the phrase begins and ends."""

    name: str
    start: int
    end: int


def addressees(plan: PlanText, sentence: Sentence) -> list[Addressee]:
    """Everyone the sentence distributes something to, in order.

    A bare 直属党支部 or 班主任 at the head of a clause counts as well.
    """
    spoken_to: list[Addressee] = []
    for match in _EACH.finditer(plan.even, sentence.start, sentence.end):
        is_listed = spoken_to and match.start() < spoken_to[-1].end
        if not is_listed and (match["unit"] or match["each"] == "人均"):
            spoken_to.append(_each(plan, sentence, match))
    known = Places((one.start, one.end) for one in spoken_to)
    spoken_to += [
        Addressee(plan.text[slice(*match.span("unit"))], *match.span("unit"))
        for match in _opening_units(plan.even, sentence)
        if not known.touch(*match.span("unit"))
    ]
    return sorted(spoken_to, key=lambda one: one.start)


def _opening_units(even: str, sentence: Sentence) -> Iterator[re.Match[str]]:
    named = list(_NAMED.finditer(even, sentence.start, sentence.end))
    yield from named
    known = Places(match.span() for match in named)
    for match in _OPENING.finditer(even, sentence.start, sentence.end):
        if not known.touch(*match.span()):
            yield match


def _each(plan: PlanText, sentence: Sentence, match: re.Match[str]) -> Addressee:
    person = _PERSONS.get(match["unit"] or match["each"])
    if person:
        return Addressee(person, match.start(), match.end())
    first, last = match.span("unit")
    while listed := _LISTED.match(plan.even, last, sentence.end):
        last = listed.end()
    name = plan.text[first:last].strip().replace("、各", "、")
    return Addressee(name, match.start(), last)
