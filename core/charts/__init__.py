"""Numbers become geometry: each function here lays out one kind of chart as a `Drawing`.

`core.svg.to_svg` writes it. Nothing here knows a database, a request or a template, so the
dashboard and the PDF show the same drawing. The order of rows is the caller's: charts do not
rank. A colour is never alone: there is a word, a figure or a hatching beside it.
"""

from core.charts.bars import Bar, Stack, bars, stacked_bars
from core.charts.funnel import Stage, funnel
from core.charts.heat_map import Cell, HeatRow, heat_map
from core.charts.phase_line import Span, phase_line
from core.charts.shared import HEAT, PARTS, PHONE, SOFT
from core.charts.trend import Series, trend

__all__ = [
    "HEAT",
    "PARTS",
    "PHONE",
    "SOFT",
    "Bar",
    "Cell",
    "HeatRow",
    "Series",
    "Span",
    "Stack",
    "Stage",
    "bars",
    "funnel",
    "heat_map",
    "phase_line",
    "stacked_bars",
    "trend",
]
