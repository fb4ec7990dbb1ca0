from datetime import date, time

import pytest

from campaign.choices import DayUnit
from campaign.timing import Timing, read_timing, stretch
from core.chinese_dates import DateContext
from core.working_calendar import WorkingCalendar

IN_2019 = DateContext(year=2019, issued_on=date(2019, 9, 2))


@pytest.mark.parametrize(
    ("label", "timing"),
    [
        ("9月中旬—10月中旬", Timing(date(2019, 9, 11), date(2019, 10, 20))),
        ("10月底前", Timing(date(2019, 10, 25), date(2019, 10, 31))),
        ("2019年12月", Timing(date(2019, 12, 1), date(2019, 12, 31))),
        (
            "9月20日下午2点半",
            Timing(date(2019, 9, 20), date(2019, 9, 20), time(14, 30), time(14, 30)),
        ),
        (
            "9月2日8:00—9月5日17:30",
            Timing(date(2019, 9, 2), date(2019, 9, 5), time(8), time(17, 30)),
        ),
        (
            "10月15日24时前",
            Timing(date(2019, 10, 15), date(2019, 10, 15), time(23, 59), time(23, 59)),
        ),
        ("前5个工作日", Timing(offset=-5)),
        ("会前五个工作日", Timing(offset=-5)),
        ("会后10个工作日内", Timing(offset=10)),
        ("收到通知之日起5日内", Timing(offset=5, offset_unit=DayUnit.DAYS)),
        ("活动结束后一周内", Timing(offset=7, offset_unit=DayUnit.DAYS)),
        ("第3周", None),
        ("学期末", None),
        ("尽快", None),
    ],
)
def test_the_words_of_a_plan_become_days_hours_or_a_distance(label, timing):
    assert read_timing(label, IN_2019) == timing


@pytest.mark.parametrize(
    ("anchor", "offset", "days"),
    [
        # 29 September is a working Sunday, 1–7 October are days off.
        (date(2019, 9, 20), 10, (date(2019, 9, 21), date(2019, 10, 10))),
        # 12 October is a working Saturday.
        (date(2019, 10, 14), -5, (date(2019, 10, 8), date(2019, 10, 13))),
        (date(2019, 9, 27), 1, (date(2019, 9, 28), date(2019, 9, 29))),
        (date(2019, 9, 30), 1, (date(2019, 10, 1), date(2019, 10, 8))),
        (date(2019, 10, 11), 1, (date(2019, 10, 12), date(2019, 10, 12))),
    ],
)
def test_working_days_are_counted_across_the_shifted_national_day(anchor, offset, days):
    assert stretch(anchor, offset, DayUnit.WORKING_DAYS, WorkingCalendar()) == days
