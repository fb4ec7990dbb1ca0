"""Smaller facts of a plan: goal, audience, basis, linked works, targets, aims, safeguards."""

import re
from collections.abc import Iterator

from campaign.reading.lines import PlanText
from campaign.reading.outline import Section
from campaign.reading.passages import trimmed
from campaign.reading.proposal import Aim, Found, Target, found
from core.chinese_numerals import parse_number

_STRIVE = re.compile(r"而(?:不懈|团结|努力)?奋斗")
_STRIVE_FOR = re.compile(r"(?:共同|努力|，)为(?!指导|主线|契机|抓手|目标|核心|引领|根本|重点)")
_GOAL_HEADING = re.compile(r"^(?:总体|工作|活动|主要|目标)?目标(?:任务|要求)?$")
_LONGEST_GOAL = 300
_LONGEST_WORK = 60
_LONGEST_SUBJECT = 40
_LONGEST_AUDIENCE = 60
_SHORTEST_PIECE = 3
_AUDIENCE = re.compile(r"面向((?:全校|全院|全体|学校|我校)[^，。；、]{0,12})")
_AUDIENCE_HEADING = re.compile(
    r"^(?:参加|参与|活动|参会|学习|教育|征集|适用)?(?:对象|范围|人员)(?:范围)?$"
)
_BASIS = re.compile(r"(?:根据|依据|按照)[^。；《]{0,30}(?=《)")
_BASIS_REACH = 600
_TITLE = re.compile(r"《([^《》\n]{2,100})》")
_LINKED = re.compile(r"结合([^。；\n]{4,220}?)等(?:[^，。；]{0,6})?工作")
_TARGET = re.compile(
    r"([0-9一二三四五六七八九十]{1,3})个((?:国家|世界|省部?|市|校|院|区|厅)级|国际|国内)(?=[^，。；\n]{0,60})"
)
_AIMED_AT = re.compile(r"(?:打造|建设|构建|提升)([^，。；\n]{4,120})")
_SHORTEST_AIM = 4
_SAFEGUARDS = re.compile(
    r"保障|(?:工作|活动|有关|相关|具体|组织|几点|实施)要求$|^要求$|组织领导$|^组织实施$"
)
_LONGEST_SAFEGUARD = 30
_SHORTEST_CALL = 4
_CHANNELS = re.compile(
    r"(?:发挥|利用|运用|依托|通过)(?:学校|校园|学院)?([^，。；\n]{2,80}?)等[^，。；、]{0,8}(?:阵地|媒体|平台|渠道|载体|媒介)"
)
_NAME_IN_TITLE = re.compile(
    r"^.{0,60}?关于(?:(?:深入|组织|在[^，。]{1,16}?|联合|广泛|认真|全面|继续|持续|做好)*(?:开展|举办|组织|实施|推进|做好))(.{2,70}?)(?:的)?"
    r"(?:(?:活动)?(?:实施|工作|活动|总体|具体|行动)?(?:方案|通知|意见|计划|安排|办法)(?:（[^（）]{1,8}）)?)$"
)


_KIND_OF_PAPER = re.compile(
    r"(?:的)?(?:实施|工作|总体|具体|行动)?(?:方案|意见|计划|安排|办法)(?:（[^（）]{1,8}）)?$"
)


def read_short_name(title: str, issuer: str | None = None) -> str:
    """What the campaign is called in running text: the words after 关于开展.

    Without them, the title less the organisation before and the kind of paper behind it.
    """
    match = _NAME_IN_TITLE.match(title)
    if match:
        return match[1]
    name = _KIND_OF_PAPER.sub("", title)
    for organisation in (issuer or "", (issuer or "").removeprefix("中共").removesuffix("委员会")):
        name = name.removeprefix(organisation) if organisation else name
    return name if len(name) >= _SHORTEST_CALL else title


def read_goal(plan: PlanText, root: Section) -> Found[str] | None:
    """为…而奋斗, else what stands under a heading 目标."""
    strive = _STRIVE.search(plan.even)
    if strive:
        sentence = plan.sentence_at(strive.start())
        starts = list(_STRIVE_FOR.finditer(plan.even, sentence.start, strive.start()))
        if starts:
            start = starts[-1].end()
            return found(plan, plan.text[start : strive.start()], start, strive.start())
    for section in root.walk():
        if section.kind != "root" and _GOAL_HEADING.match(section.title):
            start, end = trimmed(plan, section.body_start, section.end)
            if 0 < end - start <= _LONGEST_GOAL:
                return found(plan, plan.text[start:end], start, end)
    return None


def read_audience(plan: PlanText, root: Section) -> Found[str] | None:
    for section in root.walk():
        if section.kind != "root" and _AUDIENCE_HEADING.match(section.title):
            start, end = trimmed(plan, section.body_start, section.end)
            if 0 < end - start <= _LONGEST_AUDIENCE:
                return found(plan, plan.text[start:end], start, end)
    match = _AUDIENCE.search(plan.even)
    return found(plan, plan.text[slice(*match.span(1))], *match.span(1)) if match else None


def read_basis(plan: PlanText) -> tuple[Found[str], ...]:
    """Titles after 根据 or 按照 in the opening of the document."""
    titles: dict[str, tuple[int, int]] = {}
    for match in _BASIS.finditer(plan.even, 0, _BASIS_REACH):
        sentence = plan.sentence_at(match.start())
        place = match.end()
        while title := _TITLE.match(plan.even, place, sentence.end):
            titles.setdefault(plan.text[slice(*title.span(1))], title.span(1))
            gap = re.compile(r"(?:（[^（）]{1,30}）)?[、和及与，]{0,2}").match(
                plan.even, title.end()
            )
            place = gap.end() if gap else title.end()
    return tuple(found(plan, title, *place) for title, place in titles.items())


def read_linked_works(plan: PlanText) -> tuple[Found[str], ...]:
    """结合A、B、C等重点工作: the first such list with two members or more."""
    for match in _LINKED.finditer(plan.even):
        pieces = list(_pieces(plan.even, *match.span(1)))
        is_list = all(end - start <= _LONGEST_WORK for start, end in pieces)
        if len(pieces) > 1 and is_list:
            return tuple(found(plan, plan.text[start:end], start, end) for start, end in pieces)
    return ()


def read_targets(plan: PlanText) -> tuple[Found[Target], ...]:
    """2个国家级、5个市级、3个校级高水平专业群: the subject stands after the last of them."""
    targets: list[Found[Target]] = []
    for sentence in plan.sentences:
        marks = list(_TARGET.finditer(plan.even, sentence.start, sentence.end))
        for position, match in enumerate(marks):
            subject = _subject(plan, marks[position:], sentence.end)
            count = parse_number(match[1])
            if subject and count:
                value = Target(count, match[2], subject)
                targets.append(found(plan, value, match.start(), match.end()))
    return tuple(targets)


def _subject(plan: PlanText, marks: list[re.Match[str]], limit: int) -> str:
    """The noun after this mark or, when only 、 follows, after a later one of the chain."""
    for mark in marks:
        words = plan.even[mark.end() : min(limit, mark.end() + _LONGEST_SUBJECT)]
        stop = re.search("[，。；、（]", words)
        end = mark.end() + (stop.start() if stop else len(words))
        if end > mark.end():
            return plan.text[mark.end() : end].strip()
        if stop is None or stop[0] != "、":
            break
    return ""


def read_aims(
    plan: PlanText, places: list[tuple[int, int]], themes: tuple[Found[str], ...]
) -> tuple[Found[Aim], ...]:
    """What the phases set out to build or raise, where a theme carries the same words."""
    aims: dict[str, Found[Aim]] = {}
    for start, end in places:
        for match in _AIMED_AT.finditer(plan.even, start, end):
            for first, last in _pieces(plan.even, *match.span(1)):
                title = plan.text[first:last]
                carried = tuple(n for n, theme in enumerate(themes, 1) if title in theme.value)
                within = any(theme.start <= first < theme.end for theme in themes)
                if carried and len(title) >= _SHORTEST_AIM and not within:
                    aims.setdefault(title, found(plan, Aim(title, carried), first, last))
    return tuple(aims.values())


def read_safeguards(plan: PlanText, root: Section) -> tuple[Found[str], ...]:
    """Headings under 保障措施 or, where there is no such section, under 工作要求."""
    sections = [
        section
        for section in root.walk()
        if section.kind != "root" and section.children and _SAFEGUARDS.search(section.title)
    ]
    sections.sort(key=lambda section: "保障" not in section.title)
    for section in sections[:1]:
        return tuple(
            found(plan, child.title, child.title_start, child.title_end)
            for child in section.children
            if 0 < len(child.title) <= _LONGEST_SAFEGUARD
        )
    return ()


def read_channels(plan: PlanText) -> tuple[Found[str], ...]:
    for match in _CHANNELS.finditer(plan.even):
        pieces = list(_pieces(plan.even, *match.span(1)))
        if len(pieces) > 1:
            return tuple(found(plan, plan.text[start:end], start, end) for start, end in pieces)
    return ()


def _pieces(even: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Members of a list parted by 、 和 及 与, leaving quotations whole."""
    depth, first = 0, start
    for place in range(start, end):
        char = even[place]
        depth += {"“": 1, "《": 1, "”": -1, "》": -1}.get(char, 0)
        if depth <= 0 and (char in "、及" or (char in "和与" and place - first >= _SHORTEST_PIECE)):
            if place > first:
                yield first, place
            first = place + 1
    if end > first:
        yield first, end
