"""What looked like a date, a number owed or a responsibility, and no rule made sense of."""

import re
from datetime import date

from campaign.reading.lines import PlanText
from campaign.reading.proposal import Source
from core.chinese_dates import DateContext, find_dates
from core.chinese_numerals import parse_number

_STAGE_COUNT = re.compile(r"分(?:为|成)?([一二三四五六七八九2-9])个?(?:主要)?(?:阶段|步骤|环节)")
_OWED = re.compile(r"(?:不少于|至少|不低于|不超过|不多于)\s?[0-9一二三四五六七八九十两]")
_RESPONSIBLE = re.compile(r"(?:牵头|责任|主办|承办)(?:单位|部门)\s?：\s?[^：；。\n]{2}")
_MOMENT = re.compile(r"前(?!后)|起|至|—|开展|举办|召开|进行|完成|报送|提交")


def not_understood(
    plan: PlanText,
    used: list[tuple[int, int]],
    phase_count: int,
    context: DateContext,
    issued_on: date | None,
) -> tuple[Source, ...]:
    """Sentences with something in them a rule should have used and none did, in order."""
    used = sorted(used)
    missed = []
    for sentence in plan.sentences:
        even = plan.even[sentence.start : sentence.end]
        stages = _STAGE_COUNT.search(even)
        if (
            (stages and parse_number(stages[1]) != phase_count)
            or _has_unused_date(sentence.start, even, used, context, issued_on)
            or _is_unused(_OWED, sentence.start, even, used)
            or _is_unused(_RESPONSIBLE, sentence.start, even, used)
        ):
            missed.append(Source(sentence.text, sentence.start, sentence.end))
    return tuple(missed)


def _is_unused(
    pattern: re.Pattern[str], offset: int, even: str, used: list[tuple[int, int]]
) -> bool:
    return any(
        not _within(offset + match.start(), offset + match.end(), used)
        for match in pattern.finditer(even)
    )


def _has_unused_date(
    offset: int,
    even: str,
    used: list[tuple[int, int]],
    context: DateContext,
    issued_on: date | None,
) -> bool:
    """A date that is not plainly history: after the issue date, in a clause that plans."""
    for span in find_dates(even, context):
        if _within(offset + span.start, offset + span.end, used):
            continue
        if span.last and issued_on and span.last < issued_on:
            continue
        if span.last and context.year and span.last.year < context.year:
            continue
        if _MOMENT.search(even[span.start : span.end + 14]):
            return True
    return False


def _within(start: int, end: int, used: list[tuple[int, int]]) -> bool:
    return any(first < end and start < last for first, last in used)
