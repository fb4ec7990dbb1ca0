"""What looked like a date, a number owed or a responsibility, and no rule made sense of."""

import re
from datetime import date

from campaign.reading.dates import PlanDates
from campaign.reading.lines import PlanText, Sentence
from campaign.reading.places import Places
from campaign.reading.proposal import Found, Phase, Source
from core.chinese_dates import DateContext, DateSpan
from core.chinese_numerals import parse_number

_STAGE_COUNT = re.compile(r"分(?:为|成)?([一二三四五六七八九2-9])个?(?:主要)?(?:阶段|步骤|环节)")
_OWED = re.compile(r"(?:不少于|至少|不低于|不超过|不多于)\s?[0-9一二三四五六七八九十两]")
_RESPONSIBLE = re.compile(r"(?:牵头|责任|主办|承办)(?:单位|部门)\s?：\s?[^：；。\n]{2}")
_REACH = 14
_MOMENT = re.compile(r"前(?!后)|起|至|—|开展|举办|召开|进行|完成|报送|提交")


def not_understood(
    plan: PlanText, dates: PlanDates, used: Places, phases: tuple[Found[Phase], ...]
) -> tuple[Source, ...]:
    """Sentences with something in them a rule should have used and none did, in order."""
    whole = _extent(phases)
    return tuple(
        Source(sentence.text, sentence.start, sentence.end)
        for sentence in plan.sentences
        if _miscounts_stages(plan, sentence, len(phases))
        or _has_unused_date(plan, sentence, dates, used, whole)
        or _has_unused(_OWED, plan, sentence, used)
        or _has_unused(_RESPONSIBLE, plan, sentence, used)
    )


def _miscounts_stages(plan: PlanText, sentence: Sentence, phase_count: int) -> bool:
    """分三个阶段, and another number of phases was found."""
    stages = _STAGE_COUNT.search(plan.even, sentence.start, sentence.end)
    return stages is not None and parse_number(stages[1]) != phase_count


def _has_unused(pattern: re.Pattern[str], plan: PlanText, sentence: Sentence, used: Places) -> bool:
    return any(
        not used.touch(*match.span())
        for match in pattern.finditer(plan.even, sentence.start, sentence.end)
    )


def _extent(phases: tuple[Found[Phase], ...]) -> tuple[date, date] | None:
    """The first and last day of all phases together."""
    firsts = [phase.value.starts_on for phase in phases if phase.value.starts_on]
    lasts = [phase.value.ends_on for phase in phases if phase.value.ends_on]
    return (min(firsts), max(lasts)) if firsts and lasts else None


def _has_unused_date(
    plan: PlanText,
    sentence: Sentence,
    dates: PlanDates,
    used: Places,
    whole: tuple[date, date] | None,
) -> bool:
    """A date that is neither history nor the whole campaign's, in a clause that plans."""
    return any(
        not used.touch(span.start, span.end)
        and not _is_history(span, dates.context)
        and not _is_whole(span, whole)
        and _MOMENT.search(plan.even, span.start, min(span.end + _REACH, sentence.end))
        for span in dates.between(sentence.start, sentence.end)
    )


def _is_whole(span: DateSpan, whole: tuple[date, date] | None) -> bool:
    if whole is None or span.first is None or span.last is None:
        return False
    begins = span.first <= whole[0] <= span.last and not span.is_range
    return begins or (span.first <= whole[0] and span.last >= whole[1])


def _is_history(span: DateSpan, context: DateContext) -> bool:
    if span.last is None:
        return False
    if context.issued_on is not None:
        return span.last < context.issued_on
    return context.year is not None and span.last.year < context.year
