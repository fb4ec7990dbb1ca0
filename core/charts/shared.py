"""Colours and sizes that all charts share."""

from core.svg import QUIET, TRACK, Box, Drawing, Paint, Words

#: The narrowest place in px a fluid chart must be readable in: a card on a small phone.
PHONE = 288

SOFT = Paint("soft", "#F7E9E7")
#: Parts of a whole, told apart by hatching as well: none, /, \, crossed, none.
PARTS = (
    Paint("part-1", "#A3222B"),
    Paint("part-2", "#1D4F91", "M0 0V8"),
    Paint("part-3", "#8A6100", "M0 4H8"),
    Paint("part-4", "#2E6B4F", "M0 4H8M4 0V8"),
    Paint("part-5", "#5B636E"),
)
#: Few to many.
HEAT = (
    Paint("heat-1", "#F7E9E7"),
    Paint("heat-2", "#EBC4C0"),
    Paint("heat-3", "#B5484C"),
    Paint("heat-4", "#86161E"),
)
GAP = 0.4


def percent(value: int, whole: int) -> float:
    return value * 100 / whole


def nothing(title: str) -> Drawing:
    words = Words(50, 42, "暂无数据", QUIET, "middle")
    return Drawing(title, "暂无数据。", 72, (Box(0, 0, 100, 72, TRACK, radius=4), words))
