"""How the cells of a report's tables read.

{% load papers %}  {{ value|cell }}  {% if value|is_number %}
"""

from django import template

from reports.paper import Cell, cell_text

register = template.Library()
register.filter("cell", cell_text)


@register.filter
def is_number(value: Cell) -> bool:
    return isinstance(value, int)
