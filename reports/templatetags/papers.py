"""How the cells of a report's tables read.

{% load papers %}  {{ value|cell }}  {% if value|is_number %}
"""

from django import template
from django.utils.html import format_html, format_html_join

from reports.paper import Cell, Marked, cell_text

register = template.Library()
_TAGS = {"del": "<del>{}</del>", "ins": "<ins>{}</ins>", "same": "{}"}


@register.filter
def cell(value: Cell) -> str:
    if isinstance(value, Marked):
        pieces = ((format_html(_TAGS[one.kind], one.text),) for one in value.pieces)
        return format_html_join("", "{}", pieces)
    return cell_text(value)


@register.filter
def is_number(value: Cell) -> bool:
    return isinstance(value, int)
