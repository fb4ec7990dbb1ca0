"""Flush right edges for Chinese paragraphs.

WeasyPrint stretches a justified line at its spaces. A Chinese line has none and would end
ragged, so here what is left of a line is shared out between all its characters.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: A line emptier than this many ems was broken for another reason and stays as it is.
_MOST_EMS = 3.0


@contextmanager
def between_characters() -> Iterator[None]:
    """While this lasts, documents are laid out with justification between characters."""
    from weasyprint.layout import inline

    at_spaces = inline.justify_line
    inline.justify_line = _justify_line
    try:
        yield
    finally:
        inline.justify_line = at_spaces


def _justify_line(context: Any, line: Any, extra_width: float) -> None:
    texts = [box for box in line.descendants() if hasattr(box, "pango_layout")]
    gaps = sum(len(box.text) for box in texts) - 1
    if gaps < 1 or extra_width > _MOST_EMS * line.style["font_size"]:
        return
    shift = 0.0
    for box in texts:
        box.position_x += shift
        shift += _stretch(context, box, extra_width / gaps)
    line.width += extra_width


def _stretch(context: Any, box: Any, spacing: float) -> float:
    """Set the letters of one run of text apart by `spacing`; return how much it grew."""
    from weasyprint.text.line_break import create_layout

    style = box.style.copy()
    style["letter_spacing"] = spacing
    layout = create_layout(box.text, style, context, None, 0)
    layout.deactivate()
    grown = spacing * len(box.text)
    box.style, box.pango_layout = style, layout
    box.width += grown
    return grown
