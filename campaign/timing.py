"""What the words for a time mean: 9月中旬—10月中旬, 9月20日14:00, 前5个工作日, 会后10个工作日.

The words are kept as printed; here they become days and hours, or a distance from a day that
has to be named. Nothing is guessed: words that fit no rule give nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from campaign.choices import DayUnit
from core.chinese_dates import DateContext, find_dates
from core.chinese_numerals import NUMERAL_CHARS, parse_number
from core.chinese_width import even_width

if TYPE_CHECKING:
    from core.working_calendar import WorkingCalendar

_DISTANCE = re.compile(
    rf"(?P<lead>.*?)(?P<number>[{NUMERAL_CHARS}]{{1,4}})\s?个?(?P<unit>工作日|天|日|周|星期)"
    r"(?:之内|以内|内|前|后|以前|之前|之后)?"
)
_BEFORE = re.compile("前$|提前$|^前")
_DAYS_A_WEEK = 7
_LONGEST_DISTANCE = 400
_CLOCK = re.compile(
    r"(?P<part>上午|中午|下午|晚上|晚)?\s?(?P<hour>[0-9]{1,2})\s?(?:[:：]|点|时)\s?"
    r"(?P<minute>[0-9]{2}|半)?\s?分?"
)
_NOON, _LAST_HOUR, _LAST_MINUTE = 12, 23, 59


@dataclass(frozen=True, slots=True)
class Timing:
    """What a label says: days with hours, or so many days before (negative) or after an anchor."""

    first: date | None = None
    last: date | None = None
    first_time: time | None = None
    last_time: time | None = None
    offset: int | None = None
    offset_unit: DayUnit = DayUnit.WORKING_DAYS

    @property
    def is_relative(self) -> bool:
        return self.offset is not None


def read_timing(label: str, context: DateContext) -> Timing | None:
    """The meaning of `label`, or None if it names no day, no distance and no hour."""
    times = list(_clocks(even_width(label)))
    for span in find_dates(label, context):
        if span.first is not None or span.last is not None:
            return _with_times(Timing(span.first, span.last), times, is_range=span.is_range)
    distance = _distance(even_width("".join(label.split())))
    if distance is not None and times:
        return replace(distance, last_time=times[-1])
    return distance


def _distance(label: str) -> Timing | None:
    match = _DISTANCE.fullmatch(label)
    if match is None or re.search("[0-9年月第]$", match["lead"]):
        return None
    number = parse_number(match["number"])
    if not number or number > _LONGEST_DISTANCE:
        return None
    sign = -1 if _BEFORE.search(match["lead"]) else 1
    if match["unit"] == "工作日":
        return Timing(offset=sign * number)
    days = number * (_DAYS_A_WEEK if match["unit"] in {"周", "星期"} else 1)
    return Timing(offset=sign * days, offset_unit=DayUnit.DAYS)


def _clocks(even: str) -> list[time]:
    """The hours in a label, in order; 24:00 is the last minute of the day."""
    found = []
    for match in _CLOCK.finditer(even):
        hour = int(match["hour"])
        minute = 30 if match["minute"] == "半" else int(match["minute"] or 0)
        if match["part"] in {"下午", "晚上", "晚"} and hour < _NOON:
            hour += _NOON
        if (hour, minute) == (24, 0):
            hour, minute = _LAST_HOUR, _LAST_MINUTE
        if hour <= _LAST_HOUR and minute <= _LAST_MINUTE:
            found.append(time(hour, minute))
    return found


def _with_times(timing: Timing, times: list[time], *, is_range: bool) -> Timing:
    """Two hours begin and end; a single one ends a range, and is the moment of a day."""
    if not times:
        return timing
    first = times[0] if len(times) > 1 or not is_range else None
    return replace(timing, first_time=first, last_time=times[-1])


def moved(anchor: date, offset: int, unit: str, calendar: WorkingCalendar) -> date:
    """The day so many (working) days after `anchor`, before it if negative; it is not counted."""
    if unit == DayUnit.WORKING_DAYS:
        return calendar.add_working_days(anchor, offset)
    return anchor + timedelta(days=offset)


def stretch(anchor: date, offset: int, unit: str, calendar: WorkingCalendar) -> tuple[date, date]:
    """First and last day of 会后10个工作日 or 会前5个工作日; the anchor itself is outside."""
    far = moved(anchor, offset, unit, calendar)
    if offset < 0:
        return far, anchor - timedelta(days=1)
    return anchor + timedelta(days=1), far


def distance_wording(offset: int, unit: str) -> str:
    """前5个工作日, 后3天."""
    words = f"{abs(offset)}个工作日" if unit == DayUnit.WORKING_DAYS else f"{abs(offset)}天"
    return f"{'前' if offset < 0 else '后'}{words}"
