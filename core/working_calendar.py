"""Which days people work, and when the portal may speak to them.

Sources: the State Council's yearly holiday notices as shipped by `chinesecalendar`, plus the
school's own rest days. A year whose notice is not out yet is reckoned by weekday, and
`reservation` says so in words; it must stand beside every date worked out from such a year.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import chinese_calendar

from core.local_time import SHANGHAI, local

ONE_DAY = timedelta(days=1)
SATURDAY = 5

#: Notices go out from 08:00 until just before 20:00, on working days only (N7).
FIRST_HOUR = time(8)
LAST_HOUR = time(20)


@dataclass(frozen=True)
class RestDays:
    """A stretch of days on which this school rests, such as its winter holiday. Both ends count."""

    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise ValueError(f"rest days end on {self.ends_on}, before {self.starts_on}")

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


class WorkingCalendar:
    """Working days of one school: `WorkingCalendar()` knows only the national ones.

    The school's rest days win over everything, also over a make-up working day within them.
    """

    def __init__(self, rest_days: Iterable[RestDays] = ()) -> None:
        self._rest_days = tuple(rest_days)

    def is_published(self, year: int) -> bool:
        """Whether the national arrangement of that year is known."""
        try:
            chinese_calendar.is_workday(date(year, 1, 1))
        except NotImplementedError:
            return False
        return True

    def is_working_day(self, day: date) -> bool:
        """Make-up weekends count as working days: 2019-09-29 and 2019-10-12 are two."""
        if any(day in rest for rest in self._rest_days):
            return False
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return day.weekday() < SATURDAY

    def reservation(self, first: date, last: date) -> str:
        """What a reader must know about dates from `first` to `last`: empty if all is certain.

        Otherwise “2027年节假日安排未公布，按周一至周五推算。”
        """
        unknown = [
            str(year) for year in range(first.year, last.year + 1) if not self.is_published(year)
        ]
        if not unknown:
            return ""
        return f"{'、'.join(unknown)}年节假日安排未公布，按周一至周五推算。"

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (before it, if negative); `day` is not counted.

        With 0 the answer is `day` itself, whether or not it is a working day.
        """
        step = ONE_DAY if count > 0 else -ONE_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days there are from `first` to `last`, both included.

        0 if `last` is before `first`.
        """
        days = (last - first).days + 1
        return sum(self.is_working_day(first + offset * ONE_DAY) for offset in range(days))

    def may_send(self, now: datetime) -> bool:
        """Whether the portal may send by itself at that moment: 08:00 yes, 20:00 no."""
        here = local(now)
        return FIRST_HOUR <= here.time() < LAST_HOUR and self.is_working_day(here.date())

    def next_send_moment(self, now: datetime) -> datetime:
        """`now` if the portal may send now, else 08:00 on the next day on which it may."""
        if self.may_send(now):
            return now
        here = local(now)
        day = here.date()
        if here.time() >= LAST_HOUR or not self.is_working_day(day):
            day = self.add_working_days(day, 1)
        return datetime.combine(day, FIRST_HOUR, tzinfo=SHANGHAI)
