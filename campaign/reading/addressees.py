"""Whom a sentence speaks to: 各党总支, 每个支部, 人均, or a kind of unit that opens a clause."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from campaign.reading.lines import PlanText, Sentence
from campaign.reading.places import Places

_UNIT = (
    "党总支|总支|党支部|支部|基层党委|二级党委|党委|党组织|二级学院|教学院部|学院|院系|系部|教学部|系|部门|处室|科室"
    "|单位|教研室|班级|班(?!组|主任)|团支部|团总支|团委|党小组|小组|党员领导干部|党员干部|领导干部|中层干部|团员|[处科]级(?:以上)?(?:党员)?(?:领导)?干部|干部|党员|教师"
    "|教职工|教职员工|辅导员|班主任|学生|同学|人(?!员|数)|工会小组|分工会|专业群|专业部|专业|分会(?!场)|[教课研题程习小]组|团队|学部|校(?![领区园])|[校院局所]领导|成员|高校|学校|候选人|项目(?!部|经理|组)"
    "|(?:县|市|区|镇|乡|街道)(?=（[^（）\n]{1,4}）)|乡镇|街道|(?:分|子|支)?公司|项目部|车间|班组|区队|工种|岗位|分厂|工区|站段|网点|支行|分行|中心|社区|村|医院|职工|员工|会员|书记|主任|负责人|人员|队(?!伍|员|列|长)|组(?!织|长|员|成|内)"
)
_ROLES = (
    "(?<!总)书记|领导(?!人|班|小|干|下|机|组|和)|主任|委员|成员|干部|党员|团员|教师|学生|职工|教职工|员工|负责人|管理人员|工作人员|班主任"
    "|辅导员|校长|院长|处长|科长|经理|厂长|主席|代表|骨干|带头人|青年|校领导|领导班子|行长|站长|队长"
    "|组长|所长|部长|园长|主管|会长|联络员|委员会|领导人员|技术人员|业务人员|人员"
)
_BODIES = (
    "党总支|总支|党支部|支部|党委|党组织|学院|系部|部门|科室|处室|教研室|教研组|班组|车间|班级|中心组"
    "|分公司|子公司|项目部|团支部|团委|分工会|党小组|单位|支行|组(?!织|长|员|成|内)"
)
_PERSON_OF = "(?:(?:主要)?负责(?:人|同志)|书记|主任|班子成员|成员(?!单位))"
_NOT_A_NAME = (
    "至少|不少|不超|每|天|月|学期|季度|周|(?<!青)年|次|组织|开展|联系|走访|撰写|完成|提出|推荐|专题"
    "|(?<!主)要|应|须|可|在|于|由|向|将|按|以(?![上下])"
)
_NAME_CHAR = rf"(?:(?!{_NOT_A_NAME})[^，。；：、（）“”0-9\s])"
_EACH = re.compile(
    r"(?P<each>每一?个|每名|每位|每所|每家|每条|每篇|每支(?!部)|每|各级|各|人均|所有|全体)"
    rf"(?P<unit>{_NAME_CHAR}{{0,14}}?(?:{_UNIT})(?:党委|党组织|党总支|党支部)?(?:(?:理论学习)?中心组(?!成员))?{_PERSON_OF}?(?:（[^（）\n0-9]{{1,8}}）)?)?"
)
_LISTED = re.compile(
    r"、(?:各|直属)?[^，。；：、（）“”0-9\s]{0,8}?"
    r"(?:党总支|总支|党支部|支部|党委|学院|系部|系|部门|处室|单位|中心|部|教研室)(?:书记|负责人)?"
    r"(?=[分、要应需须至不原分均每开撰报推提组形限最确明选上申，于在可以（的结围]|$)"
)
_OPENING = re.compile(
    r"(?:(?<=[，；：。（\n ])|^)(?:原则上|请|由|全校)?"
    r"(?P<unit>二级党组织|基层党组织|二级学院|二级单位|直属党支部|(?:教工|学生)?党支部|党总支"
    r"|基层党委|二级党委|团支部|教研室|班级|总支|支部|(?:校院两级|党委|学院|二级)?(?:理论学习)?中心组|辅导员|班主任|校领导"
    r"|党员领导干部|中层干部|[处科]级(?:以上)?(?:党员)?(?:领导)?干部|党员|专任教师|教师)"
    rf"(?![、的]|人数|总数|满意|队伍|代表|{_ROLES}|{_BODIES})"
)
_NOT_A_SUBJECT = (
    f"{_NOT_A_NAME}|对|为|给|让|使|面向|帮助|引导|动员|发动|邀请|选派|选送|选拔|评选|召开|举办|培养|培训"
    "|表彰|建立|成立|听取|征求|走进|深入|通过|利用|结合|围绕|和|与|及|各|全体|所有|其中|其他"
)
_SUBJECT_NAME = (
    rf"(?:(?!{_NOT_A_SUBJECT})[^，。；：、（）“”《》0-9\s]){{0,10}}?(?:{_ROLES}|{_BODIES})"
)
#: 系主任听课…, 班组讨论每月…: a role or body that opens its clause, whatever it is called.
_SUBJECT = re.compile(
    r"(?:(?<=[，；：。（\n ])|(?<=[0-9一二三四五六七八九十）][.、）])"
    r"|(?<=[一二三四五六七八九十][是要])|^)"
    rf"(?P<unit>{_SUBJECT_NAME}(?:、{_SUBJECT_NAME}){{0,4}}(?:(?:理论学习)?中心组)?)"
    rf"(?!{_ROLES}|{_BODIES}|[0-9一二两三四五六七八九十、的等和与及）”]"
    r"|会(?!同)|座谈|代表|之|总|满|人数|数|队伍|比例)"
)
_AS_A_WHOLE = re.compile(r"以(?P<unit>[^，。；：、“”0-9\s]{2,10}?)为(?:基本)?(?:单位|单元)")
#: 党员超过30人的党支部可推荐2名
_OF_A_KIND = re.compile(rf"的(?P<unit>(?:{_BODIES}|学校))(?=可|限|应|须|至少|不少|不超)")
_NAMED = re.compile(
    r"(?:(?<=[，；：。（\n ])|^)(?:其中)?(?P<unit>[^，。；：、（）“”0-9\s]{2,16}?"
    r"(?:支部|学院|部|处|系|中心|总支|党委|部门|办公室|单位|学校|[小中]学|科室|车间|班组|公司))(?=(?:至少|不少于|不低于|不超过|最多)(?!总))"
)
#: 每个片区不少于1次: whatever else is told how many, unless it is a stretch of the work itself.
_EACH_OTHER = re.compile(
    r"每个(?P<unit>(?!环节|阶段|专题|主题|问题|项目|方面|季度|学期|学年|课题|作品|案例|月|人)"
    r"[^，。；：、（）“”0-9\s]{1,8}?)(?=不少于|不低于|不得少于|至少|不超过|限报|最多)"
)
#: What is counted by the piece and owes nothing itself.
THINGS = frozenset({"项目", "专业群", "工种", "岗位"})
_SPECIAL = re.compile(
    r"(?:(?<=[，；：。、（\n ])|^)(?:校|局|公司)?"
    r"(?:机关|直属|所属|职能|教辅|离退休|后勤|[区县市]直)$"
)
_PERSONS = {"人均": "个人", "人": "个人"}
_IS_ROLE = re.compile(f"(?:{_ROLES})$")


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
    return _with_persons_named(sorted(spoken_to, key=lambda one: one.start))


def _with_persons_named(spoken_to: list[Addressee]) -> list[Addressee]:
    """处级干部每人撰写…: each person is one of those named just before."""
    named: list[Addressee] = []
    for one in spoken_to:
        before = named[-1].name if named else ""
        is_anybody = one.name in _PERSONS.values() and _IS_ROLE.search(before)
        named.append(replace(one, name=before) if is_anybody else one)
    return named


def _opening_units(even: str, sentence: Sentence) -> Iterator[re.Match[str]]:
    """Names before 至少 …, usual openings, then whatever else opens its clause as a name does."""
    taken: list[tuple[int, int]] = []
    for pattern in (_NAMED, _EACH_OTHER, _OPENING, _SUBJECT, _AS_A_WHOLE, _OF_A_KIND):
        known = Places(taken)
        matches = list(pattern.finditer(even, sentence.start, sentence.end))
        for match in matches:
            if not known.touch(*match.span("unit")):
                taken.append(match.span("unit"))
                yield match


def _each(plan: PlanText, sentence: Sentence, match: re.Match[str]) -> Addressee:
    person = _PERSONS.get(match["unit"] or match["each"])
    if person:
        return Addressee(person, match.start(), match.end())
    first, last = match.span("unit")
    while listed := _LISTED.match(plan.even, last, sentence.end):
        last = listed.end()
    if special := _SPECIAL.search(plan.even, sentence.start, match.start()):
        first = special.start()  # 机关各党支部 are not all of them
    name = plan.text[first:last].strip().replace("、各", "、")
    return Addressee(name, match.start(), last)
