"""The clause around a finding: back and forth to the next comma, brackets kept whole."""

import re

from campaign.reading.lines import PlanText, Sentence
from campaign.reading.outline import mark_end

_BREAKS = frozenset("，。；！？\n")
_EDGE = "，。；：、 \n"
_HEADING = re.compile(r"[^，。；：]{2,30}：")


def trimmed(plan: PlanText, start: int, end: int) -> tuple[int, int]:
    """[start, end) without a list mark before it or punctuation around it."""
    even = plan.even
    line_start = even.rfind("\n", 0, start) + 1
    if not even[line_start:start].strip():
        start = max(start, min(mark_end(even, line_start), end))
    while start < end and even[start] in _EDGE:
        start += 1
    while end > start and even[end - 1] in _EDGE:
        end -= 1
    return start, end


def past_heading(plan: PlanText, start: int, finding: int) -> int:
    """Where a clause begins after a heading of its own, as in 材料报送：于10月15日前…"""
    heading = _HEADING.match(plan.even, start, finding)
    return heading.end() if heading else start


def brackets_around(
    plan: PlanText, sentence: Sentence, start: int, end: int
) -> tuple[int, int] | None:
    """The inside of the （） that holds [start, end) within its sentence, if one does."""
    opening = plan.even.rfind("（", sentence.start, start)
    closing = plan.even.find("）", end, sentence.end)
    if opening < 0 or closing < 0 or plan.even.rfind("）", opening, start) >= 0:
        return None
    return opening + 1, closing


def inner_clause(plan: PlanText, within: tuple[int, int], start: int, end: int) -> tuple[int, int]:
    """The clause around [start, end) that stays inside `within`."""
    first, last = within
    for place in range(within[0], within[1]):
        if plan.even[place] in _BREAKS:
            if place < start:
                first = place + 1
            elif place >= end:
                last = place
                break
    return first, last
