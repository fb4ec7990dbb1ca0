"""Pieces of a page that depend on a few values alone, drawn once a process for the same ones."""

from collections.abc import Hashable
from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


def drawn_once(template_name: str, **values: Hashable) -> SafeString:
    """The template with `values` and nothing else, neither request nor person.

    The frame around a page is the same on the next page but for the place that is current.
    While templates are worked on (DEBUG) it is drawn each time.
    """
    draw = _drawn.__wrapped__ if settings.DEBUG else _drawn
    return draw(template_name, tuple(values.items()))


#: A few dozen places for each kind of person; what nobody asks for any more falls out.
@lru_cache(maxsize=2_000)
def _drawn(template_name: str, values: tuple[tuple[str, Hashable], ...]) -> SafeString:
    return render_to_string(template_name, dict(values))
