"""{% load charts %} {% chart drawing %} on a page, {% chart drawing 590 %} on paper."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from core.svg import Drawing, to_svg

register = template.Library()


@register.simple_tag
def chart(drawing: Drawing, width: int = 0) -> SafeString:
    """The drawing as inline SVG: as wide as its frame, or `width` CSS px wide for paper."""
    return mark_safe(to_svg(drawing, width))  # noqa: S308  to_svg escapes whatever people wrote
