from datetime import date

import pytest

from core.chinese_dates import DateContext, find_dates, read_date, third_of_month

CONTEXT = DateContext(year=2019, issued_on=date(2019, 9, 2))


@pytest.mark.parametrize(
    ("label", "first", "last"),
    [
        ("8月底—9月上旬", date(2019, 8, 25), date(2019, 9, 10)),
        ("9月中旬—10月中旬", date(2019, 9, 11), date(2019, 10, 20)),
        ("10月下旬—12月底", date(2019, 10, 21), date(2019, 12, 31)),
        ("2月下旬", date(2019, 2, 21), date(2019, 2, 28)),
        ("2020年2月下旬", date(2020, 2, 21), date(2020, 2, 29)),
        ("3月1日至20日", date(2019, 3, 1), date(2019, 3, 20)),
        ("3月1—20日", date(2019, 3, 1), date(2019, 3, 20)),
        ("3—5月", date(2019, 3, 1), date(2019, 5, 31)),
        ("2023年11月—2024年3月", date(2023, 11, 1), date(2024, 3, 31)),
        ("11月—次年3月", date(2019, 11, 1), date(2020, 3, 31)),
        ("12月20日至1月10日", date(2019, 12, 20), date(2020, 1, 10)),
        ("2022.3.1-2022.3.20", date(2022, 3, 1), date(2022, 3, 20)),
        ("2022-03-01至2022-04-05", date(2022, 3, 1), date(2022, 4, 5)),
        ("2023.3—2023.5", date(2023, 3, 1), date(2023, 5, 31)),
        ("（3.1-3.20）", date(2019, 3, 1), date(2019, 3, 20)),
        ("即日起至2019年12月31日", date(2019, 9, 2), date(2019, 12, 31)),
        ("二〇二二年三月十五日", date(2022, 3, 15), date(2022, 3, 15)),
        ("３月１日—３月２０日", date(2019, 3, 1), date(2019, 3, 20)),
        ("2021 年 4 月-12 月", date(2021, 4, 1), date(2021, 12, 31)),
        ("9月10日（周二）下午14:30", date(2019, 9, 10), date(2019, 9, 10)),
        ("2013年7月初起至年底", date(2013, 7, 1), date(2013, 12, 31)),
        ("2022年上半年", date(2022, 1, 1), date(2022, 6, 30)),
    ],
)
def test_labels_resolve_to_inclusive_days(label, first, last):
    span = read_date(label, CONTEXT)

    assert (span.first, span.last) == (first, last)


@pytest.mark.parametrize("label", ["第3周—第5周", "9月第二周", "2月30日", "2024年春季学期"])
def test_what_the_calendar_alone_cannot_place_keeps_its_label_only(label):
    span = read_date(label, CONTEXT)

    assert (span.label, span.first, span.last) == (label, None, None)


def test_a_date_without_any_year_stays_open():
    assert read_date("3月1日", DateContext()).first is None


@pytest.mark.parametrize("text", ["13月", "3个月", "每月25日前", "2019-2020学年", "五一", ""])
def test_what_is_no_date_is_not_found(text):
    assert find_dates(text, CONTEXT) == []


def test_the_first_day_of_month_end_can_be_chosen():
    assert third_of_month(2019, 8, "底", 28) == (date(2019, 8, 28), date(2019, 8, 31))


def test_dates_are_found_where_they_stand():
    text = "请于10月15日前报送，12月底前总结。"

    assert [text[span.start : span.end] for span in find_dates(text, CONTEXT)] == [
        "10月15日",
        "12月底",
    ]
