"""How the cells of a report's tables read.

{% load papers %}  {{ cell|cell }}
"""

from datetime import date

from django import template

from core.chinese_text import EMPTY, chinese_date, number
from reports.paper import Cell

register = template.Library()


@register.filter
def cell(value: Cell) -> str:
    """A number with separators, a day in full, “—” for what is not known."""
    if value is None:
        return EMPTY
    if isinstance(value, date):
        return chinese_date(value)
    return number(value) if isinstance(value, int) else value


@register.filter
def is_number(value: Cell) -> bool:
    return isinstance(value, int)
