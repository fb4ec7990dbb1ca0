"""A funnel: how much of the first stage is left at each next one."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.charts.shared import SOFT, nothing, percent
from core.chinese_text import counted
from core.svg import ACCENT, QUIET, Area, Box, Drawing, Group, Shape, Words


@dataclass(frozen=True)
class Stage:
    """One stage of a funnel; `note` says what the figure means beside the one before it."""

    label: str
    value: int
    measure: str
    note: str = ""
    href: str = ""


_FUNNEL_BAR = 14
_FUNNEL_STEP = 54
#: Left of the middle, so that the notes have room at the right.
_FUNNEL_MIDDLE = 42


def funnel(title: str, stages: Sequence[Stage]) -> Drawing:
    """From what was voiced to what became of it; widths are in proportion to the largest."""
    if not stages:
        return nothing(title)
    most = max(1, *(stage.value for stage in stages))
    widths = [percent(stage.value, most) * _FUNNEL_MIDDLE / 50 for stage in stages]
    shapes: list[Shape] = [
        _funnel_slope(above, below, _FUNNEL_STEP * row)
        for row, (above, below) in enumerate(pairwise(widths))
    ]
    for row, (stage, width) in enumerate(zip(stages, widths, strict=True)):
        shapes.append(_funnel_stage(stage, width, _FUNNEL_STEP * row))
    said = "；".join(f"{stage.label}{counted(stage.value, stage.measure)}" for stage in stages)
    return Drawing(title, f"{said}。", _FUNNEL_STEP * len(stages) - 12, tuple(shapes))


def _funnel_stage(stage: Stage, width: float, top: int) -> Group:
    figure = counted(stage.value, stage.measure)
    words = [Words(_FUNNEL_MIDDLE, top + 17, stage.label, anchor="end", shift=-6)]
    words.append(Words(_FUNNEL_MIDDLE, top + 17, figure, anchor="start", shift=6, bold=True))
    if stage.note:
        words.append(Words(100, top + 17, stage.note, QUIET, anchor="end"))
    bar = Box(_FUNNEL_MIDDLE - width / 2, top + 26, width, _FUNNEL_BAR, ACCENT, radius=2)
    name = f"{stage.label}{figure}{f'，{stage.note}' if stage.note else ''}"
    return Group((bar, *words), name, stage.href)


def _funnel_slope(above: float, below: float, top: int) -> Area:
    start = top + 26 + _FUNNEL_BAR
    end = top + _FUNNEL_STEP + 26
    outline = (
        (_FUNNEL_MIDDLE - above / 2, start),
        (_FUNNEL_MIDDLE + above / 2, start),
        (_FUNNEL_MIDDLE + below / 2, end),
        (_FUNNEL_MIDDLE - below / 2, end),
    )
    return Area(outline, SOFT)
