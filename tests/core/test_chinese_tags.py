from datetime import date, datetime

import pytest
from django.template import Context, Template

from core.local_time import SHANGHAI


def render(source, **values):
    return Template("{% load chinese %}" + source).render(Context(values))


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{ attendances|number }}", "8,645"),
        ("{{ attendances|counted:'人次' }}", "8,645人次"),
        ("{{ adopted|share:answered }}", "77.2%"),
        ("{% share_of adopted answered '已答复' %}", "占已答复的77.2%"),
        ("第{{ number|chinese_numeral }}期", "第十二期"),
        ("{{ number|ordinal }}{{ number|ordinal:2 }}", "十二、（十二）"),
        ("{{ day|chinese_date }}（{{ day|weekday }}）", "2019年9月16日（周一）"),
        ("{{ day|month_day }}", "9月16日"),
        ("{{ start|chinese_moment }}", "2019年9月16日14:00"),
        ("{{ start|clock_time }}", "14:00"),
        ("{% date_range day last %}", "2019年9月16日—20日"),
        ("{% time_range start end %}", "14:00—16:00"),
        ("{% time_range start nothing %}", "14:00"),
        ("{{ units|joined }}", "教工部、教务处、&lt;组织部&gt;"),
        ("{% joined_with_total units 1 '个单位' %}", "教工部等3个单位"),
        ("{{ text|excerpt:3 }}", "座谈会…"),
    ],
)
def test_templates_write_figures_dates_and_lists(source, shown):
    values = {
        "attendances": 8645,
        "adopted": 132,
        "answered": 171,
        "number": 12,
        "day": date(2019, 9, 16),
        "last": date(2019, 9, 20),
        "start": datetime(2019, 9, 16, 14, 0, tzinfo=SHANGHAI),
        "end": datetime(2019, 9, 16, 16, 0, tzinfo=SHANGHAI),
        "nothing": None,
        "units": ["教工部", "教务处", "<组织部>"],
        "text": "座谈会纪要",
    }

    assert render(source, **values) == shown


@pytest.mark.parametrize(
    "name",
    [
        "number",
        "counted:'场'",
        "chinese_date",
        "month_day",
        "weekday",
        "clock_time",
        "chinese_moment",
    ],
)
def test_what_is_not_there_is_a_dash_and_not_a_zero(name):
    assert render("{{ nothing|" + name + " }}", nothing=None) == "—"
