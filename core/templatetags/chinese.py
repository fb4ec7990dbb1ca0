"""Template filters for `core.chinese_text`. Anything absent is shown as “—”.

{% load chinese %}
{{ activities|counted:"场" }}  {{ adopted|share:answered }}  {{ activity.held_on|chinese_date }}
{% date_range phase.starts_on phase.ends_on %}  {% time_range activity.starts_at activity.ends_at %}
"""

from collections.abc import Iterable
from datetime import date, datetime

from django import template

from core import chinese_text

register = template.Library()


@register.filter
def number(value: int | None) -> str:
    return chinese_text.EMPTY if value is None else chinese_text.number(value)


@register.filter
def counted(value: int | None, measure: str) -> str:
    return chinese_text.EMPTY if value is None else chinese_text.counted(value, measure)


@register.filter
def share(part: int, whole: int) -> str:
    return chinese_text.share(part, whole)


@register.simple_tag
def share_of(part: int, whole: int, denominator: str) -> str:
    return chinese_text.share_of(part, whole, denominator)


@register.filter
def chinese_numeral(value: int) -> str:
    return chinese_text.chinese_numeral(value)


@register.filter
def ordinal(value: int, level: int = 1) -> str:
    return chinese_text.ordinal(value, level)


@register.filter
def chinese_date(day: date | None) -> str:
    return chinese_text.chinese_date(day) if day else chinese_text.EMPTY


@register.filter
def month_day(day: date | None) -> str:
    return chinese_text.month_day(day) if day else chinese_text.EMPTY


@register.filter
def weekday(day: date | None) -> str:
    return chinese_text.weekday(day) if day else chinese_text.EMPTY


@register.filter
def clock_time(moment: datetime | None) -> str:
    return chinese_text.clock_time(moment) if moment else chinese_text.EMPTY


@register.filter
def chinese_moment(moment: datetime | None) -> str:
    return chinese_text.chinese_moment(moment) if moment else chinese_text.EMPTY


@register.simple_tag
def date_range(first: date, last: date) -> str:
    return chinese_text.date_range(first, last)


@register.simple_tag
def time_range(start: datetime, end: datetime | None) -> str:
    """Only the beginning when nobody noted the end."""
    return chinese_text.time_range(start, end) if end else chinese_text.clock_time(start)


@register.filter
def joined(items: Iterable[object], most: int = 0) -> str:
    return chinese_text.joined(map(str, items), most)


@register.simple_tag
def joined_with_total(items: Iterable[object], most: int, measure: str) -> str:
    """教工部、教务处等12个单位."""
    return chinese_text.joined(map(str, items), most, measure)


@register.filter
def excerpt(text: str | None, length: int) -> str:
    return chinese_text.excerpt(text, length) if text else ""
