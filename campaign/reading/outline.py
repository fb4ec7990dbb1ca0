"""The outline of a plan: which line is a heading, of what kind, and what stands under it.

Levels are not fixed: some plans go 一、（一）1.（1）, others 一、1. or （一）①. A mark of a kind
that is already open closes everything under it; a new kind opens a level.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from campaign.reading.lines import PlanText
from core.chinese_numerals import parse_number

_CN = "[一二三四五六七八九十]{1,3}"
_MARKS = (
    (
        "ordinal",
        re.compile(rf"第\s?({_CN}|[0-9]{{1,2}})\s?个?(?:阶段|环节|步骤|步|篇章|板块)(?!性)"),
    ),
    ("ordinal", re.compile(rf"(?:阶段|步骤|环节)({_CN}|[0-9]{{1,2}})(?=[：（ 、])")),
    ("part", re.compile(rf"第({_CN})(?:部分|章)")),
    ("article", re.compile(rf"第({_CN})条(?![款例件])")),
    ("cn", re.compile(rf"({_CN})\s?[、.](?![0-9])")),
    ("cn_paren", re.compile(rf"（\s?({_CN})\s?）[、.]?")),
    ("cn_close", re.compile(rf"({_CN})）")),
    ("shi", re.compile(rf"({_CN})(?:是|要)(?!否)")),
    ("num_paren", re.compile(r"（\s?([0-9]{1,2})\s?）[、.]?")),
    ("num_close", re.compile(r"([0-9]{1,2})）[、.]?")),
    ("num", re.compile(r"([0-9]{1,2})\s?[、.](?![0-9](?![0-9]{0,3}[年月]))")),
    ("circled", re.compile(r"([①-⑳])")),
    (
        "date",
        re.compile(
            r"()(?=(?:20[0-9]{2}年)?(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?[：:]?$)"
        ),
    ),
    ("bullet", re.compile(r"[■●◆▲★•·▪►※✦–]\s?()")),
)
_ATTACHMENT = re.compile(r"附\s?件\s?([0-9一二三四五六七八九十]{0,2})\s?[：:.]?\s?")
_CLOSERS = "。；：，、 "
_TITLE_END = re.compile(r"[。：]")
_LONGEST_TITLE = 60
_LONGEST_PLAIN_HEADING = 24
_PLAIN_HEADING = re.compile(
    r"(?:(?:指导思想|总体要求|工作目标|目标要求|活动目的|活动主题|研讨主题|讨论主题|活动时间|时间安排|活动安排|"
    r"日程安排|实施步骤|方法步骤|工作步骤|活动步骤|活动内容|主要内容|工作内容|学习内容|讨论内容|研讨内容|"
    r"活动形式|活动方式|参加对象|参加范围|工作要求|活动要求|有关要求|相关要求|组织领导|组织机构|保障措施|"
    r"工作安排|工作措施|主要任务|重点任务|具体安排|进度安排|研讨专题|讨论专题|学习专题|主题内容|主要步骤)[：]?"
    r"|[^，。；：、]{2,14}阶段(?:[（].{2,40}[）])?[：]?)"
)
_STAGE_THEN_PROSE = re.compile(r"[^，。；：（）]{2,18}(?:阶段|环节)(?=[ ，])")
_BRACKETED_HEADING = re.compile(r"【([^【】\n]{2,16})】[：:]?")
_COUNTED_STAGE = re.compile(rf"第({_CN}|[0-9]{{1,2}})(?:阶段|环节|步)[：:]")
_UNNUMBERED = frozenset({"bullet", "plain", "shi"})
_MAX_DEPTH = 12


@dataclass(slots=True)
class Section:
    """A heading with what stands under it. Places are in `PlanText.text`.

    `title` has no mark and no closing punctuation; it is empty for a numbered paragraph that
    is all body. [body_start, body_end) is the text up to the next heading of any level,
    [start, end) the whole section with its subsections.
    """

    kind: str
    number: int
    title: str
    start: int
    title_start: int
    title_end: int
    body_start: int
    body_end: int
    end: int
    mark: str = ""
    parent: "Section | None" = None
    children: "list[Section]" = field(default_factory=list)

    def walk(self) -> "Iterator[Section]":
        """This section and everything under it, in reading order."""
        waiting = [self]
        while waiting:
            section = waiting.pop()
            yield section
            waiting.extend(reversed(section.children))

    @property
    def path(self) -> "Iterator[Section]":
        """The sections this one stands in, nearest first, without the root."""
        above = self.parent
        while above is not None and above.kind != "root":
            yield above
            above = above.parent


def outline(plan: PlanText, *, numbered_only: bool = False) -> Section:
    """The tree of sections; the root holds the whole text.

    With `numbered_only`, bullets, 一是 and headings without a number are ordinary text.
    """
    size = len(plan.text)
    root = Section("root", 0, "", 0, 0, 0, 0, size, size)
    open_sections = [root]
    for start, end in _line_places(plan.even):
        section = _read_heading(plan, start, end)
        if section is None or (numbered_only and section.kind in _UNNUMBERED):
            continue
        open_sections[-1].body_end = start
        _close_until(open_sections, section)
        section.parent = open_sections[-1]
        section.parent.children.append(section)
        open_sections.append(section)
    _set_ends(root)
    return root


def _line_places(even: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start <= len(even):
        end = even.find("\n", start)
        end = len(even) if end < 0 else end
        if end > start:
            yield start, end
        start = end + 1


def _close_until(open_sections: list[Section], section: Section) -> None:
    """Close what a heading of this kind ends: its equals and everything under them."""
    if section.kind == "attachment":
        del open_sections[1:]
        return
    for depth, candidate in enumerate(open_sections):
        if candidate.kind == section.kind:
            del open_sections[depth:]
            return
    if len(open_sections) >= _MAX_DEPTH:
        del open_sections[_MAX_DEPTH - 1 :]


def _set_ends(root: Section) -> None:
    order = list(root.walk())
    for section in reversed(order):
        section.end = section.children[-1].end if section.children else section.body_end
    for section in order:
        following = section.children[0].start if section.children else section.end
        section.body_end = max(section.body_start, min(section.body_end, following))


def _read_heading(plan: PlanText, start: int, end: int) -> Section | None:
    line = plan.even[start:end]
    attachment = _ATTACHMENT.match(line)
    if attachment:
        number = parse_number(attachment[1]) if attachment[1] else 0
        return _section(plan, "attachment", number or 0, (start, end), start + attachment.end())
    bracketed = _BRACKETED_HEADING.match(line)
    if bracketed:
        section = _section(plan, "plain", 0, (start, end), start + bracketed.end())
        first, last = (start + place for place in bracketed.span(1))
        section.body_start = section.title_start
        section.title, section.title_start, section.title_end = plan.text[first:last], first, last
        return section
    for kind, pattern in _MARKS:
        match = pattern.match(line)
        if match:
            number = _number(match[1])
            section = _section(plan, kind, number, (start, end), start + match.end())
            section.mark = match[0].strip()
            return section
    if len(line) <= _LONGEST_PLAIN_HEADING * 2 and _PLAIN_HEADING.fullmatch(line):
        return _section(plan, "plain", 0, (start, end), start)
    return None


def mark_end(even: str, line_start: int) -> int:
    """Where the words of a line begin, after 一、 or （1） or the like if there is one."""
    for _, pattern in _MARKS:
        match = pattern.match(even, line_start)
        if match:
            return match.end()
    return line_start


def _number(text: str) -> int:
    if text and "①" <= text <= "⑳":
        return ord(text) - ord("①") + 1
    return parse_number(text) or 0


def _section(
    plan: PlanText, kind: str, number: int, place: tuple[int, int], after_mark: int
) -> Section:
    """The heading's own words end at the first 。 or ：; a long paragraph has none."""
    even, (start, line_end) = plan.even, place
    while after_mark < line_end and even[after_mark] in "：:、.， —-":
        after_mark += 1
    line = even[after_mark:line_end]
    title_length = _title_length(line)
    title_end = after_mark + title_length
    while title_end > after_mark and even[title_end - 1] in _CLOSERS:
        title_end -= 1
    body_start = after_mark + title_length
    while body_start < line_end and even[body_start] in _CLOSERS:
        body_start += 1
    return Section(
        kind=kind,
        number=number,
        title=plan.text[after_mark:title_end],
        start=start,
        title_start=after_mark,
        title_end=title_end,
        body_start=body_start,
        body_end=len(even),
        end=len(even),
    )


def _title_length(line: str) -> int:
    stage = _STAGE_THEN_PROSE.match(line)
    if stage:
        return stage.end()
    stop = _end_outside_brackets(line)
    if stop is not None and stop <= _LONGEST_TITLE:
        return stop
    if stop is None and len(line.rstrip(_CLOSERS)) <= _LONGEST_TITLE:
        return len(line)
    return 0


def _end_outside_brackets(line: str) -> int | None:
    """The first 。 or ： outside （）, “” and 《》, looking only as far as a title goes."""
    depth = 0
    counted = _COUNTED_STAGE.match(line)
    for place, char in enumerate(line[: _LONGEST_TITLE + 1]):
        if counted and place < counted.end():
            continue  # 第一阶段：学习发动阶段 is one heading
        if char in "（“《【":
            depth += 1
        elif char in "）”》】":
            depth = max(0, depth - 1)
        elif not depth and _TITLE_END.match(char):
            return place
    rest = _TITLE_END.search(line, _LONGEST_TITLE + 1)
    return rest.start() if rest else None
