"""张冠李戴: slips that creep in when last week's record is copied and changed (N4).

Pure judgement on facts handed in; nothing is looked up. What comes back is advice for the
author, shown quietly under the field concerned. It never stops anyone from saving: a text may
well name another unit that was visited, or a day before the campaign.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from core.chinese_text import chinese_date, date_range

#: Shorter names (“工会”) stand in too many sentences that mean something else.
_SHORTEST_NAME = 3


@dataclass(frozen=True)
class Draft:
    """What is known about a record when it is checked; whatever is unknown is left out.

    `texts` are by field name. `own_names` are all names under which the unit may appear: its
    own, short ones, those above and below it, those it acted together with. `first_day` to
    `last_day` (both included) is the campaign, `held_on` the day of the activity. `photos_used`
    are (photo, title of the other record that has the same one).
    """

    texts: Mapping[str, str]
    own_names: frozenset[str] = frozenset()
    other_names: frozenset[str] = frozenset()
    first_day: date | None = None
    last_day: date | None = None
    held_on: date | None = None
    expected: int | None = None
    present: int | None = None
    headcount: int | None = None
    photos_used: tuple[tuple[str, str], ...] = ()
    placeholders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Advice:
    """One thing to look at again: in which `field`, `what` stands there, and `why` in Chinese.

    `start` and `end` are its place in the field's text; both are 0 where there is no text.
    """

    field: str
    what: str
    why: str
    start: int = 0
    end: int = 0


def advice_on(draft: Draft) -> list[Advice]:
    """All advice, text by text in their order and from front to back, then figures and photos."""
    advice: list[Advice] = []
    for name, text in draft.texts.items():
        found = [one for check in _TEXT_CHECKS for one in check(draft, name, text)]
        advice.extend(sorted(found, key=lambda one: one.start))
    return [*advice, *_day(draft), *_attendance(draft), *_photos(draft)]


# --- Names ------------------------------------------------------------------------------


def _foreign_names(draft: Draft, name: str, text: str) -> Iterator[Advice]:
    """Names of other units, unless they are part of a longer name that is our own."""
    foreign = {each for each in draft.other_names if len(each) >= _SHORTEST_NAME}
    foreign -= draft.own_names
    if not foreign:
        return
    longest_first = sorted(foreign | draft.own_names, key=len, reverse=True)
    known = re.compile("|".join(map(re.escape, filter(None, longest_first))))
    seen: set[str] = set()
    for found in known.finditer(text):
        if found[0] in foreign and found[0] not in seen:
            seen.add(found[0])
            why = f"文中出现“{found[0]}”，不是本单位。如系走访或联合开展，可以不改。"
            yield Advice(name, found[0], why, *found.span())


# --- Dates ------------------------------------------------------------------------------

_DATE = re.compile(
    r"(?<!\d)(?:(?P<year>\d{4})\s*年\s*)?(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]"
    r"|(?<![\d.])(?P<year2>\d{4})(?P<mark>[-/.])(?P<month2>\d{1,2})(?P=mark)(?P<day2>\d{1,2})(?!\d)"
)
_ISSUED = re.compile(r"[^。；\n]{0,20}?(?:印发|发布|颁布|公布|施行)")
_IN_QUOTES = re.compile("《[^《》]*》|“[^“”]*”")
#: A date so near the beginning says when the activity was.
_OPENING = 15


def _foreign_dates(draft: Draft, name: str, text: str) -> Iterator[Advice]:
    """Days that do not exist, lie outside the campaign, or open the text but are another day.

    Days in titles and quotations, and those on which some document was issued, are passed over.
    """
    quoted = [found.span() for found in _IN_QUOTES.finditer(text)]
    for found in _DATE.finditer(text):
        is_quoted = any(start < found.start() < end for start, end in quoted)
        if is_quoted or _ISSUED.match(text, found.end()):
            continue
        if why := _wrong_with(found, draft):
            yield Advice(name, found[0], why, *found.span())


def _wrong_with(found: re.Match[str], draft: Draft) -> str:
    """What is wrong with a date in words; empty if nothing is, or nothing is known."""
    month = int(found["month"] or found["month2"])
    day = int(found["day"] or found["day2"])
    year = found["year"] or found["year2"]
    years = [int(year)] if year else _years(draft)
    meant = [real for each in years if (real := _real_day(each, month, day))]
    if years and not meant:
        return f"“{found[0]}”不是存在的日期。"
    if draft.first_day and draft.last_day:
        inside = [each for each in meant if draft.first_day <= each <= draft.last_day]
        if meant and not inside:
            span = date_range(draft.first_day, draft.last_day)
            return f"“{found[0]}”不在活动期间（{span}）内。如系引用以往的事，可以不改。"
    if draft.held_on and found.start() < _OPENING and meant and draft.held_on not in meant:
        held_on = chinese_date(draft.held_on)
        return f"开头写的是“{found[0]}”，活动日期填的是{held_on}。请核对是哪一天。"
    return ""


def _day(draft: Draft) -> Iterator[Advice]:
    """The day of the activity itself lies outside the campaign: most often a year mistyped."""
    if not (draft.held_on and draft.first_day and draft.last_day):
        return
    if not draft.first_day <= draft.held_on <= draft.last_day:
        day, span = chinese_date(draft.held_on), date_range(draft.first_day, draft.last_day)
        yield Advice("held_on", day, f"活动日期{day}不在活动期间（{span}）内。请核对年份和月份。")


def _years(draft: Draft) -> list[int]:
    """The years that a date without one may mean."""
    if draft.first_day and draft.last_day:
        return list(range(draft.first_day.year, draft.last_day.year + 1))
    return [draft.held_on.year] if draft.held_on else []


def _real_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# --- Placeholders -----------------------------------------------------------------------

_PLACEHOLDERS = re.compile(
    r"(?<![A-Za-z])[XxＸｘ×＊*○〇]{2,}(?![A-Za-z])[\u4e00-\u9fff]{0,2}"
    r"|某某[\u4e00-\u9fff]{0,2}"
    r"|【\s*】|（\s*）|\(\s*\)|_{3,}|＿{2,}"
    r"|【?(?:此处填写|请填写|请输入|待填写|待补充|待完善)[^，。；\n】]{0,10}】?"
)


def _placeholders(draft: Draft, name: str, text: str) -> Iterator[Advice]:
    """What a template leaves to be filled in, and the phrases named by `placeholders`."""
    patterns = [_PLACEHOLDERS]
    if phrases := [phrase for phrase in draft.placeholders if phrase]:
        patterns.append(re.compile("|".join(map(re.escape, phrases))))
    for pattern in patterns:
        for found in pattern.finditer(text):
            why = f"“{found[0]}”像是模板里没有填写的地方。请填写或删去。"
            yield Advice(name, found[0], why, *found.span())


_TEXT_CHECKS: tuple[Callable[[Draft, str, str], Iterator[Advice]], ...] = (
    _foreign_names,
    _foreign_dates,
    _placeholders,
)


# --- Figures and photos -----------------------------------------------------------------


def _attendance(draft: Draft) -> Iterator[Advice]:
    """More people than were expected, or more expected than the unit has."""
    expected, present, headcount = draft.expected, draft.present, draft.headcount
    if expected is not None and present is not None and present > expected:
        why = f"实到（{present}）比应到（{expected}）多。列席人员请填在“列席”里。"
        yield Advice("present", str(present), why)
    if expected is not None and headcount is not None and expected > headcount:
        why = f"应到（{expected}）比本单位人数（{headcount}）多。外单位人员请填在“列席”里。"
        yield Advice("expected", str(expected), why)


def _photos(draft: Draft) -> Iterator[Advice]:
    for photo, record in draft.photos_used:
        why = f"照片“{photo}”与《{record}》里的一张完全相同。请核对是否选错。"
        yield Advice("photos", photo, why)
