"""Themes: lists under 研讨主题 and its like, and the words quoted in 围绕“…” or 以“…”为主题."""

import re
from collections.abc import Iterator
from itertools import chain, pairwise

from campaign.reading.lines import PlanText
from campaign.reading.outline import Section
from campaign.reading.proposal import Found, found
from campaign.reading.tables import Table

_TOPIC = "主题|专题|议题|选题|题目|课题|论题|话题"
_HEADING = re.compile(
    rf"(?:{_TOPIC})(?:设置|参考|方向|安排|内容|范围|建议|一览表?|清单|如下)?(?:[及和与、](?:主要)?(?:内容|要求|时间|范围|安排|重点|形式))?(?:（[^（）]{{1,20}}）)?$"
    r"|^(?:重点)?(?:讨论|研讨|征集|征文|献策|建言|交流|大讨论|大学习大讨论)(?:的)?(?:主要)?(?:重点|内容|方向|要点|问题|(?<!讨论)(?<!研讨)范围|主线)"
    r"|^(?:重点|主要)(?:讨论|研讨)(?:内容|问题|方向)$|^(?:讨论|研讨|献策|征集)(?:重点|要点)$"
)
#: 着重围绕以下问题开展讨论： what follows is a list of themes, whatever the heading says.
_LIST_AHEAD = re.compile(
    r"(?:围绕|就|针对|聚焦)(?:以下|下列|如下|下面)[^。；：\n]{0,10}?(?:问题|内容|方面|重点|课题|"
    + _TOPIC
    + r")[^。；：\n]{0,14}?(?:讨论|研讨|交流|思考)[^。；：\n]{0,6}："
)
_SERIES = re.compile(r"一是(?P<first>[^。\n]+)")
_NOT_HEADING = re.compile(
    r"党日|教育$|活动月|班会|征文活动|报告会|发言|学习时间|参考资料|围绕主题|突出主题|紧扣主题|聚焦主题|明确主题|主题教育"
)
_QUOTED = re.compile(r"“([^“”\n]{3,80})”")
_TAKEN_AS_THEME = re.compile(
    r"以\s?((?:“[^“”\n]{3,80}”[、和及与，]?){1,6})\s?(?:为|作为)(?:活动|研讨|讨论|学习)?(?:的)?(?:总)?主题"
)
_AROUND = re.compile(
    r"围绕\s?((?:“[^“”\n]{3,80}”[、和及与，]{0,2}){1,12})(?:等)?[^。；\n“”，、]{0,6}?"
    rf"(?:(?:{_TOPIC})|，?(?:分别|集中|深入|广泛|组织|认真)*(?:开展|进行|展开|组织)[^。；\n“”]{{0,16}}?(?:研讨|讨论|交流|学习|调研))"
)
_THEME_IS = re.compile(
    r"(?:本次|此次)?(?:活动|研讨|讨论|学习|大讨论|党日)?(?:的)?(?:总)?主题(?:活动)?(?:的主题)?\s?(?:为|是|：)\s?“([^“”\n]{3,80})”"
)
_THEME_LINE = re.compile(
    r"(?:^|\n)(?:[一二三四五0-9]{1,2}[、.]\s?)?(?:活动|研讨|讨论|学习|征文|本次|总)?主题\s?：\s{0,2}([^\n]{4,80})"
)
#: 党员干部：如何…: whom a question is for
_FOR_WHOM = re.compile(
    "[^，。；：、]{0,8}(?:干部|党员|教师|人员|学生|职工|员工|部门|单位|支部|学院|领导|班子|成员)：(?=.{4})"
)
_AROUND_ONE = re.compile(r"(?:围绕|聚焦|以)“([^“”\n]{3,80})”(?=[，。；：、]|开展|进行|为|$)")
_ELABORATION = re.compile(
    r"[。；：]|，(?:重点|主要|着重|包括|具体|围绕|结合|引导|通过|针对|深入(?:学习|研讨|讨论))"
)
_EDGE = "。；：，、 .;:,\n"
_LEAD = re.compile(
    r"^(?:(?:专题|主题|议题|选题)[一二三四五六七八九十0-9]{1,3}\s?[：、.—]?\s?|关于(?=“))"
)
_SHORT = 30
_LONGEST = 90
_LONGEST_HEADING = 24
_FEW_LINES = 3
_LITTLE = 8
_SHORTEST = 3
_FURTHER = re.compile("(?<=[；。，])[二三四五六七八九十]是")
_PROSE = re.compile(
    r"^(?:各|请|要|根据|结合|为|本次|通过|全体|按照|以下|围绕|具体|(?:活动)?(?:时间|地点|对象|形式|方式)|聚焦[^，。]{0,40}提出)"
)


def read_themes(plan: PlanText, root: Section, tables: tuple[Table, ...]) -> tuple[Found[str], ...]:
    """Themes in the plan's order, each title once, without its number or closing mark."""
    places = chain(_listed(plan, root), _in_tables(tables), _quoted(plan))
    themes: dict[str, tuple[int, int]] = {}
    for start, end in sorted(places):
        title = plan.text[start:end].strip()
        if title and not any(title in known for known in themes):
            themes[title] = (start, end)
    return tuple(found(plan, title, *place) for title, place in themes.items())


def _listed(plan: PlanText, root: Section) -> Iterator[tuple[int, int]]:
    skip_until = -1
    for section in root.walk():
        if section.start < skip_until:
            continue
        if announced := list(_announced(plan, section)):
            yield from announced
            skip_until = section.end
        if announced or not _is_theme_heading(section):
            continue
        items = [child for child in section.children if child.kind != "plain"]
        if items:
            for child in items:
                yield from _items(plan, child)
            skip_until = section.end
        else:
            yield from _in_body(plan, section)


def _announced(plan: PlanText, section: Section) -> Iterator[tuple[int, int]]:
    """What follows 围绕以下问题开展讨论： as a list below it, or as 一是…；二是… behind it."""
    lead = _LIST_AHEAD.search(plan.even, section.title_start, section.body_end)
    if lead is None:
        return
    if series := _SERIES.match(plan.even, lead.end(), section.end):
        yield from _series(plan, *series.span("first"))
        return
    for child in section.children:
        if child.kind != "plain" and child.start >= lead.end() - 1:
            yield from _items(plan, child)


def _is_theme_heading(section: Section) -> bool:
    title = section.title
    return (
        section.kind != "root"
        and 0 < len(title) <= _LONGEST_HEADING
        and _HEADING.search(title) is not None
        and not _NOT_HEADING.search(title)
    )


def _items(plan: PlanText, section: Section) -> Iterator[tuple[int, int]]:
    """The themes an item states: its words up to an elaboration, or each 一是…；二是…."""
    end = plan.even.find("\n", section.title_start)
    end = section.end if end < 0 else min(end, section.end)
    if section.kind == "shi":
        yield from _series(plan, section.title_start, end)
    elif place := _theme_within(plan, _past_listener(plan, section, end), end):
        yield place


def _past_listener(plan: PlanText, section: Section, end: int) -> int:
    """Behind 党员干部：, where every item of the list begins with whom it is for."""
    beside = section.parent.children if section.parent else [section]
    heads = [_FOR_WHOM.match(plan.even, one.title_start, one.end) for one in beside]
    own = _FOR_WHOM.match(plan.even, section.title_start, end)
    return own.end() if own and all(heads) else section.title_start


def _series(plan: PlanText, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Each of …；二是…；三是… from behind 一是."""
    further = [match.span() for match in _FURTHER.finditer(plan.even, start, end)]
    for first, last in pairwise([start, *(place for _, place in further), end]):
        place = _theme_within(plan, first, last)
        if place:
            yield place


def _theme_within(plan: PlanText, start: int, end: int) -> tuple[int, int] | None:
    lead = _LEAD.match(plan.even[start:end])
    start += lead.end() if lead else 0
    quoted = _QUOTED.match(plan.even, start, end)
    if quoted and not plan.even[quoted.end() : end].strip(_EDGE + "主题专题研讨"):
        return quoted.span(1)
    around = _AROUND_ONE.match(plan.even, start, end)
    if around:
        return around.span(1)
    whole = plan.even[start:end].strip(_EDGE)
    is_short = len(whole) <= _SHORT and not re.search("[，。；]", whole)
    stop = None if is_short else _ELABORATION.search(plan.even, start, end)
    last = stop.start() if stop and stop.start() - start >= _SHORTEST else end
    while last > start and plan.even[last - 1] in _EDGE:
        last -= 1
    return (start, last) if _SHORTEST <= last - start <= _LONGEST else None


def _in_body(plan: PlanText, section: Section) -> Iterator[tuple[int, int]]:
    """A heading without a list: what it quotes, else its one short line, else its lines."""
    start, end = section.body_start, section.body_end
    if any(_named(plan, start, end)) or _THEME_LINE.search(plan.even, max(0, start - 1), end):
        return  # `_quoted` finds them wherever they stand
    quoted = [match.span(1) for match in _QUOTED.finditer(plan.even, start, end)]
    lines = [(first, last) for first, last in _lines(plan, start, end)]
    if len(lines) == 1 and lines[0][1] - lines[0][0] <= _LONGEST:
        first, last = lines[0]
        whole = _theme_within(plan, first, last)
        is_sentence = _PROSE.match(plan.even[first:last]) or "为主题" in plan.even[first:last]
        slogan = section.title.endswith("主题") or not is_sentence
        if whole and slogan and not (quoted and (is_sentence or _is_all_quotes(plan, first, last))):
            yield whole
            return
    if quoted and len(lines) <= _FEW_LINES:
        yield from quoted
        return
    for first, last in lines:
        if last - first <= _LONGEST and not _PROSE.match(plan.even[first:last]):
            whole = _theme_within(plan, first, last)
            if whole and len(lines) > 1:
                yield whole


def _is_all_quotes(plan: PlanText, start: int, end: int) -> bool:
    rest = _QUOTED.sub("", plan.even[start:end])
    return len(rest.strip(_EDGE)) <= _LITTLE


def _lines(plan: PlanText, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = plan.even.find("\n", start, end)
        stop = end if stop < 0 else stop
        if plan.even[start:stop].strip(_EDGE):
            yield start, stop
        start = stop + 1


def _in_tables(tables: tuple[Table, ...]) -> Iterator[tuple[int, int]]:
    for table in tables:
        column = table.column("研讨主题", "讨论主题", "专题", "议题", "主题", "选题")
        if column is None or "党日" in table.header[column]:
            continue
        for row in table.rows:
            if _SHORTEST <= len(row[column].text) <= _LONGEST:
                yield row[column].start, row[column].end


def _named(plan: PlanText, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Quotations the plan itself calls themes: 以“…”为主题, 主题为“…”, 围绕“…”开展研讨."""
    for pattern in (_TAKEN_AS_THEME, _AROUND, _THEME_IS):
        for match in pattern.finditer(plan.even, start, end):
            first, last = match.span(1)
            inner = [quote.span(1) for quote in _QUOTED.finditer(plan.even, first, last)]
            yield from inner or [(first, last)]


def _quoted(plan: PlanText) -> Iterator[tuple[int, int]]:
    yield from _named(plan, 0, len(plan.even))
    for match in _THEME_LINE.finditer(plan.even):
        if "“" in match[1] or _PROSE.match(match[1]):
            continue
        place = _theme_within(plan, *match.span(1))
        if place:
            yield place
