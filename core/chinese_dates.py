"""Dates as official documents write them, found in running text and resolved to days.

8月底—9月上旬, 3月1日至20日, 2023年11月—次年3月, 2022.3.1-2022.3.20, 即日起至12月31日,
二〇二二年三月十五日. The printed label is always kept; a date that cannot be resolved without
guessing (a week of term, a year nobody names) stays None.
"""

import calendar as gregorian
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from core.chinese_numerals import parse_number
from core.chinese_width import even_width

#: 月底 is read as "from this day to the end of the month"; settings may choose another day.
MONTH_END_FIRST_DAY = 25
#: 月初 is read as the first days of the month, up to and including this one.
MONTH_START_LAST_DAY = 5
LAST_MONTH, LAST_DAY = 12, 31


@dataclass(frozen=True, slots=True)
class DateContext:
    """What a date without a year, or 即日起, is read against."""

    year: int | None = None
    issued_on: date | None = None
    month_end_first_day: int = MONTH_END_FIRST_DAY


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date or a range of dates in a text; both ends inclusive, None where unresolved."""

    label: str
    first: date | None
    last: date | None
    start: int
    end: int
    is_range: bool = False
    has_year: bool = False
    is_day: bool = False
    """A single calendar day, not a month or a third of one."""


_CN_MONTH = "十[一二]?|[一二三四五六七八九]"
_CN_DAY = "二十[一二三四五六七八九]?|三十一?|十[一二三四五六七八九]?|[一二三四五六七八九]"
_YEAR = (
    r"(?:(?P<year>(?:19|20)(?:[0-9]{2}|[xX×*_]{2})|[一二][〇零九八][〇零一二三四五六七八九]{2})"
    r" {0,3}年度?"
    r"|(?P<year_word>今年|本年度?|当年|明年|次年|翌年|来年|第二年|去年)) {0,3}(?:的)?"
)
_MONTH = rf"(?P<month>1[0-2]|0?[1-9]|{_CN_MONTH}) {{0,3}}月份?"
_DAY = rf" {{0,3}}(?P<day>3[01]|[12][0-9]|0?[1-9]|{_CN_DAY}) {{0,3}}[日号]"
_OPEN_DAY = r" {0,3}(?P<open_day>3[01]|[12][0-9]|0?[1-9])(?= {0,2}(?:—|-|至|到|前))"
_PART = (
    r"(?:的)? {0,3}(?P<part>上中旬|中下旬|上旬|中旬|下旬|底|末|初|中(?=[、，。；—\-至到） \n前]|$)"
    r"|第[一二三四五1-5]个?(?:周|星期)[一二三四五六日天]?(?:周[一二三四五六日天])?|上半月|下半月)"
)
_YEAR_PART = (
    r"(?P<year_part>年?底|年末|年初|上半年|下半年|全年|第?[一二三四1-4]季度"
    r"|(?:春|秋|春季|秋季|上|下)学期(?:开学初|期末|末|初)?|寒假|暑假|暑期)"
)
_WEEKDAY = r"(?: {0,2}[（]?(?:周|星期|礼拜)[一二三四五六日天][）]?)?"
_CLOCK = (
    r"(?: {0,2}(?:上午|下午|中午|晚上|晚|早上|早)? {0,2}"
    r"[0-9]{1,2} ?[：:时点] ?(?:[0-9]{2} ?分?|半|整)?"
    r"| {0,2}(?:上午|下午|中午|晚上|晚|早上))?"
)
_ISSUED = (
    r"(?P<issued>(?:自|从)?"
    r"(?:本?(?:通知|方案|文件)?(?:印发|发布|发文|下发|公布)之日|即日|现在)起?)"
)
_NUMERIC = (
    r"(?P<n_year>(?:19|20)[0-9]{2}) ?[./\-—、] ?(?P<n_month>1[0-2]|0?[1-9])"
    r" ?[./\-—、] ?(?P<n_day>3[01]|[12][0-9]|0?[1-9])(?![0-9年月])日?"
)
_NUMERIC_MONTH = r"(?P<m_year>(?:19|20)[0-9]{2})[./](?P<m_month>1[0-2]|0?[1-9])(?![0-9./])"
_SHORT = (
    r"(?:(?<=[（： —\-至到])|(?<=\n)(?=[0-9]{1,2}\.[0-9]{1,2} ?[—\-至]))"
    r"(?P<s_month>1[0-2]|0?[1-9])\.(?P<s_day>3[01]|[12][0-9]|0?[1-9])(?![0-9.%])"
)
_OPEN_MONTH = (
    rf"(?P<open_month>1[0-2]|0?[1-9]|{_CN_MONTH})(?= ?(?:—|-|至|到){{1,2}} ?"
    rf"(?:1[0-2]|0?[1-9]|{_CN_MONTH}) ?月(?! ?[0-9]))"
)
_BARE_DAY = (
    r"(?:(?:(?<=[—\-至到])|(?<=[—\-至到] ))(?P<bare_day>3[01]|[12][0-9]|0?[1-9]) ?[日号]"
    r"|(?<=日、)(?P<listed_day>3[01]|[12][0-9]|0?[1-9])日(?=[、前分各两三]|之前|以前))"
)

#: Every character a date can begin with; checking it first makes long texts quick.
_MAY_BEGIN = (
    "(?=[0-9一二三四五六七八九十今本当明次翌来第去年上下全自从即现寒暑春秋通方文印发公教底])"
)
_POINT = re.compile(
    rf"{_MAY_BEGIN}(?<![0-9])(?:(?<![0-9]\.)(?:{_NUMERIC}|{_NUMERIC_MONTH}|{_SHORT})"
    rf"|(?:{_YEAR})?(?:{_MONTH}(?:{_DAY}|{_OPEN_DAY}|{_PART})?|{_YEAR_PART}|{_OPEN_MONTH})"
    rf"|{_BARE_DAY}|{_ISSUED}"
    r"|(?P<week>(?:教学)?第 ?[0-9一二三四五六七八九十]{1,3} ?(?:教学)?周)"
    rf"){_WEEKDAY}{_CLOCK}"
)
#: Parts of a year that say enough without one.
_YEARLESS_PARTS = frozenset({"年底", "年末", "上半年", "下半年"})
_CONNECTOR = re.compile(
    r" {0,3}(?:（含）)?(?:开始|起|初?始)?，? ?(?:持续)?"
    r"(?:—{1,4}|-{1,4}|一|至|到|—至|截至|截止到?|结束) {0,3}"
)
_FROM_TO = 12  # a connector is never longer than this


@dataclass(frozen=True, slots=True)
class _Point:
    start: int
    end: int
    year: int | None = None
    year_word: str = ""
    month: int | None = None
    day: int | None = None
    part: str = ""
    issued: bool = False

    @property
    def is_vague(self) -> bool:
        """A week or a term: a moment the calendar alone cannot place."""
        return "周" in self.part or "学期" in self.part or "星期" in self.part or "假" in self.part


def find_dates(text: str, context: DateContext | None = None) -> list[DateSpan]:
    """Every date and range of dates in `text`, in order, with its place."""
    context = context or DateContext()
    even = even_width(text)
    return [
        _resolve(text, first, last, context) for first, last in _paired(even, list(_points(even)))
    ]


def read_date(label: str, context: DateContext | None = None) -> DateSpan | None:
    """The first date or range in `label`, or None if there is none."""
    found = find_dates(label, context)
    return found[0] if found else None


def third_of_month(year: int, month: int, part: str, month_end_first_day: int) -> tuple[date, date]:
    """First and last day of 上旬, 中旬, 下旬, 初, 中, 底 or of the whole month ("")."""
    length = gregorian.monthrange(year, month)[1]
    first, last = {
        "上旬": (1, 10),
        "中旬": (11, 20),
        "下旬": (21, length),
        "上中旬": (1, 20),
        "中下旬": (11, length),
        "上半月": (1, 15),
        "下半月": (16, length),
        "初": (1, MONTH_START_LAST_DAY),
        "中": (11, 20),
        "底": (min(month_end_first_day, length), length),
        "末": (min(month_end_first_day, length), length),
    }.get(part, (1, length))
    return date(year, month, first), date(year, month, last)


def _points(even: str) -> Iterator[_Point]:
    for match in _POINT.finditer(even):
        group = match.groupdict()
        has_year = group["year"] or group["year_word"]
        part = group["year_part"]
        if part and not has_year and part not in _YEARLESS_PARTS and not part.endswith("季度"):
            continue
        number = {
            name: parse_number(value)
            for name, value in group.items()
            if value is not None and ("month" in name or "day" in name or name.endswith("_year"))
        }
        yield _Point(
            start=match.start(),
            end=match.end(),
            year=number.get("n_year") or number.get("m_year") or _year(group["year"]),
            year_word=group["year_word"] or "",
            month=_first(number, "n_month", "m_month", "s_month", "month", "open_month"),
            day=_first(number, "n_day", "s_day", "day", "open_day", "bare_day", "listed_day"),
            part=next(
                (group[name] for name in ("part", "year_part", "week") if group[name]),
                "",
            ),
            issued=group["issued"] is not None,
        )


def _first(numbers: dict[str, int | None], *names: str) -> int | None:
    return next((numbers[name] for name in names if name in numbers), None)


def _year(text: str | None) -> int | None:
    return parse_number(text) if text else None


def _paired(even: str, points: list[_Point]) -> Iterator[tuple[_Point, _Point | None]]:
    points = list(_with_months(even, points))
    position = 0
    while position < len(points):
        point = points[position]
        following = points[position + 1] if position + 1 < len(points) else None
        if following and _are_joined(even, point, following):
            yield point, following
            position += 2
        else:
            if point.month or point.part or point.issued:
                yield point, None
            position += 1


def _with_months(even: str, points: list[_Point]) -> Iterator[_Point]:
    """6月10日、20日前: a day in a list is of the month named before it."""
    before: _Point | None = None
    for point in points:
        is_bare = point.day and not (point.month or point.part or point.issued)
        is_listed = before and before.end == point.start - 1 and even[before.end] == "、"
        dated = replace(point, month=before.month, year=before.year) if before else point
        before = dated if is_bare and is_listed else point
        yield before


def _are_joined(even: str, first: _Point, second: _Point) -> bool:
    gap = even[first.end : second.start]
    return len(gap) <= _FROM_TO and _CONNECTOR.fullmatch(gap) is not None and not second.issued


def _resolve(text: str, first: _Point, last: _Point | None, context: DateContext) -> DateSpan:
    begins, month = _days(first, context.year, None, context)
    ends = begins
    if last is not None:
        year = begins[0].year if begins[0] else _named_year(first, context)
        ends, _ = _days(last, year, month, context)
        if begins[0] and ends[1] and ends[1] < begins[0] and last.year is None:
            ends = _days(last, begins[0].year + 1, month, context)[0]
    end = last.end if last else first.end
    return DateSpan(
        label="".join(text[first.start : end].split()),
        first=begins[0],
        last=ends[1],
        start=first.start,
        end=end,
        is_range=last is not None,
        has_year=first.year is not None or (last is not None and last.year is not None),
        is_day=last is None and (first.day is not None or first.issued),
    )


def _named_year(point: _Point, context: DateContext) -> int | None:
    return point.year or context.year


def _days(
    point: _Point, year: int | None, month: int | None, context: DateContext
) -> tuple[tuple[date | None, date | None], int | None]:
    """First and last day a point may mean, and its month for a bare day that follows."""
    if point.issued:
        issued_month = context.issued_on.month if context.issued_on else None
        return (context.issued_on, context.issued_on), issued_month
    year = _year_meant(point, year)
    month = point.month or month
    if year is None or point.is_vague:
        return (None, None), month
    if point.month is None and point.day is None:
        return _part_of_year(year, point.part), LAST_MONTH
    if month is None:
        return (None, None), None
    return _days_of_month(point, year, month, context), month


def _year_meant(point: _Point, year: int | None) -> int | None:
    """The year printed, or the one around it moved by 次年, 去年 and the like."""
    if point.year is not None or year is None:
        return point.year
    return year + {"明": 1, "次": 1, "翌": 1, "来": 1, "第": 1, "去": -1}.get(
        point.year_word[:1], 0
    )


def _days_of_month(
    point: _Point, year: int, month: int, context: DateContext
) -> tuple[date | None, date | None]:
    if point.day is None:
        return third_of_month(year, month, point.part, context.month_end_first_day)
    try:
        day = date(year, month, point.day)
    except ValueError:  # 2月30日: somebody's slip of the pen
        return None, None
    return day, day


def _part_of_year(year: int, part: str) -> tuple[date | None, date | None]:
    quarter = next((n for n, word in enumerate("一二三四", 1) if f"{word}季度" in part), 0)
    quarter = quarter or next((n for n in range(1, 5) if f"{n}季度" in part), 0)
    if quarter:
        first_month, last_month = quarter * 3 - 2, quarter * 3
    else:
        first_month, last_month = {
            "年底": (12, 12),
            "底": (12, 12),
            "年末": (12, 12),
            "年初": (1, 1),
            "上半年": (1, 6),
            "下半年": (7, 12),
            "全年": (1, 12),
        }.get(part, (0, 0))
    if not first_month:
        return None, None
    last_day = gregorian.monthrange(year, last_month)[1]
    return date(year, first_month, 1), date(year, last_month, last_day)
