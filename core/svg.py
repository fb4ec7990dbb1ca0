"""Shapes of a chart and how they are written down as SVG.

Across, everything is measured in per cent of the width, so one drawing fits a phone, a
desktop and a printed page and its letters never shrink; down, and for letters, in CSS pixels.

Fonts and fills are attributes: neither a strict CSP nor WeasyPrint would let a style sheet
reach into the drawing on paper. The class names let static/css/components.css adapt the same
drawing to the dark scheme, where CSS wins over attributes.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import chain
from typing import Any
from zlib import crc32

from core.chinese_text import clean_line

FONT = (
    "'PingFang SC','HarmonyOS Sans SC','MiSans','Source Han Sans SC',"
    "'Noto Sans CJK SC','Microsoft YaHei',sans-serif"
)
_BREAKS = re.compile("(?<=[—、，；：）》”])|(?=[（《“])|(?=党(?:总支|支部|委))")
#: Letters in px; also the floor of the look.
LETTER = 14
LINE = 20


@dataclass(frozen=True)
class Paint:
    """A colour and, where colours stand for something, a hatching that says the same."""

    name: str
    fill: str
    hatch: str = ""


INK = Paint("ink", "#1F2328")
QUIET = Paint("quiet", "#5B636E")
HAIRLINE = Paint("hairline", "#E4E0D8")
TRACK = Paint("track", "#F0EDE6")
ACCENT = Paint("accent", "#A3222B")
SURFACE = Paint("surface", "#FFFFFF")
BLANK = Paint("blank", "#FBFAF7", "M0 0V8")


@dataclass(frozen=True)
class Box:
    """A rectangle: `x` and `width` in per cent, `y` and `height` in px."""

    x: float
    y: float
    width: float
    height: float
    paint: Paint
    radius: int = 0


@dataclass(frozen=True)
class Stamp:
    """Shapes that recur: written once, then only placed. Keeps a map of many cells small."""

    x: float
    y: float
    shapes: tuple["Shape", ...]


@dataclass(frozen=True)
class Swatch:
    """A square of fixed size: the key to a colour, or a marker centred on a point."""

    x: float
    y: float
    size: float
    paint: Paint
    centred: bool = False


@dataclass(frozen=True)
class Rule:
    """A straight line; `dashes` as in stroke-dasharray."""

    x1: float
    y1: float
    x2: float
    y2: float
    paint: Paint
    thickness: float = 1
    dashes: str = ""


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    radius: float
    paint: Paint
    ring: Paint = SURFACE


@dataclass(frozen=True)
class Area:
    """A filled outline of (per cent, px) points."""

    points: tuple[tuple[float, float], ...]
    paint: Paint


@dataclass(frozen=True)
class Words:
    """One line of text on the baseline `y`; `shift` moves it by px from `x`."""

    x: float
    y: float
    text: str
    paint: Paint = INK
    anchor: str = "start"
    shift: float = 0
    bold: bool = False


@dataclass(frozen=True)
class Group:
    """Shapes that belong together: they share a link, and a full name where they show less."""

    shapes: tuple["Shape", ...]
    name: str
    href: str = ""


Shape = Box | Stamp | Swatch | Rule | Dot | Area | Words | Group


@dataclass(frozen=True)
class Drawing:
    """A chart ready to be written: `title` and `description` are for those who cannot see it.

    A `wide` one does not shrink below 600 px; on a phone its frame scrolls.
    """

    title: str
    description: str
    height: int
    shapes: tuple[Shape, ...]
    wide: bool = False


# --- Measuring text ---------------------------------------------------------------------


def text_width(text: str) -> float:
    """About how wide a line of text is in px: Chinese characters are as wide as high."""
    return sum(map(_character_width, text))


def _character_width(char: str) -> float:
    if unicodedata.combining(char):
        return 0
    return LETTER if unicodedata.east_asian_width(char) in "WFA" else LETTER * 0.58


def wrap(text: str, width: float, lines: int) -> tuple[str, ...]:
    """`text` on at most `lines` lines of about `width` px; what does not fit ends in “…”.

    Lines break by sense where they can (before a bracket or 党总支, after a comma or a dash);
    otherwise they are made about equally long.
    """
    rest = clean_line(text)
    wrapped: list[str] = []
    while rest and len(wrapped) < lines:
        taken = _break(rest, width, lines - len(wrapped))
        wrapped.append(rest[:taken].strip())
        rest = rest[taken:].lstrip()
    if rest:
        last = wrapped[-1]
        wrapped[-1] = f"{last[: _fitting(last, width - LETTER)].rstrip('（《“、，—')}…"
    return tuple(wrapped)


def _break(text: str, width: float, lines: int) -> int:
    """How many characters of `text` go on the next of `lines` lines."""
    most = _fitting(text, width)
    if most == len(text) or lines == 1:
        return most
    by_sense = [at.start() for at in _BREAKS.finditer(text) if most / 2 <= at.start() <= most]
    if by_sense:
        return by_sense[-1]
    needed = -(-len(text) // most)
    return min(most, -(-len(text) // min(needed, lines)))


def _fitting(text: str, width: float) -> int:
    """How many characters of `text` fit into `width` px, at least one."""
    used = 0.0
    for count, char in enumerate(text):
        used += _character_width(char)
        if used > width and count:
            return count
    return len(text)


# --- Writing ----------------------------------------------------------------------------


def to_svg(drawing: Drawing, width: int = 0) -> str:
    """The drawing as one `<svg>` element: fluid, or `width` px wide (for paper).

    Everything that came from people is escaped; the same drawing gives the same bytes.
    Raises ValueError for a link that leaves the portal.
    """
    # Six digits keep a page's drawings apart; a map of many cells repeats them three hundred times.
    identity = f"c{crc32(repr(drawing).encode()) & 0xFFFFFF:06x}"
    pen = _Pen(identity, width)
    body = "".join(pen.write(shape) for shape in drawing.shapes)
    role = "group" if "<a " in body else "img"
    size = f'width="{width or "100%"}" height="{drawing.height}"'
    if width:
        size += f' viewBox="0 0 {width} {drawing.height}"'
    wide = " chart-wide" if drawing.wide else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart{wide}" {size} role="{role}"'
        f' aria-labelledby="{identity}-t {identity}-d" font-family="{FONT}"'
        f' font-size="{LETTER}" fill="{INK.fill}">'
        f'<title id="{identity}-t">{_safe(drawing.title)}</title>'
        f'<desc id="{identity}-d">{_safe(drawing.description)}</desc>'
        f"{pen.definitions()}{body}</svg>"
    )


def _safe(text: str) -> str:
    return escape(clean_line(text))


def _safe_href(href: str) -> str:
    if href[:1] not in {"/", "?", "#"} or href[:2] in {"//", "/\\"}:
        raise ValueError(f"a chart links only within the portal, not to {href!r}")
    return escape(href)


def _figure(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


class _Pen:
    """Writes shapes and remembers the hatchings they used."""

    def __init__(self, identity: str, width: int) -> None:
        self._identity = identity
        self._width = width
        self._hatched: dict[str, Paint] = {}
        self._stamps: dict[tuple[Shape, ...], str] = {}
        self._writers: dict[type[Shape], Callable[[Any], str]] = {
            Box: self._box,
            Stamp: self._stamp,
            Swatch: self._swatch,
            Rule: self._rule,
            Dot: self._dot,
            Area: self._area,
            Words: self._words,
            Group: self._group,
        }

    def write(self, shape: Shape) -> str:
        return self._writers[type(shape)](shape)

    def definitions(self) -> str:
        stamps = [
            f'<g id="{identity}">{"".join(map(self.write, shapes))}</g>'
            for shapes, identity in self._stamps.items()
        ]
        patterns = map(self._pattern, self._hatched.values())
        return f"<defs>{''.join(chain(patterns, stamps))}</defs>"

    def _across(self, percent: float) -> str:
        """A place or length across, in the unit this pen writes."""
        if self._width:
            return _figure(percent * self._width / 100)
        return f"{_figure(percent)}%" if percent else "0"

    def _fill(self, paint: Paint) -> str:
        if not paint.hatch:
            return f'class="chart-{paint.name}" fill="{paint.fill}"'
        self._hatched[paint.name] = paint
        return f'fill="url(#{self._identity}-{paint.name})"'

    def _pattern(self, paint: Paint) -> str:
        stroke, opacity = ("#C9C2B4", "0.8") if paint is BLANK else (SURFACE.fill, "0.4")
        return (
            f'<pattern id="{self._identity}-{paint.name}" width="8" height="8"'
            ' patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            f'<rect class="chart-{paint.name}" width="8" height="8" fill="{paint.fill}"/>'
            f'<path class="chart-{paint.name}-hatch" d="{paint.hatch}" fill="none"'
            f' stroke="{stroke}" stroke-width="1.5" stroke-opacity="{opacity}"/></pattern>'
        )

    def _box(self, box: Box) -> str:
        radius = f' rx="{box.radius}"' if box.radius else ""
        x = f' x="{self._across(box.x)}"' if box.x else ""
        y = f' y="{_figure(box.y)}"' if box.y else ""
        return (
            f"<rect{x}{y}"
            f' width="{self._across(box.width)}" height="{_figure(box.height)}"{radius}'
            f" {self._fill(box.paint)}/>"
        )

    def _stamp(self, stamp: Stamp) -> str:
        identity = self._stamps.setdefault(stamp.shapes, f"{self._identity}-{len(self._stamps)}")
        x, y = self._across(stamp.x), _figure(stamp.y)
        return f'<use href="#{identity}" x="{x}" y="{y}"/>'

    def _swatch(self, swatch: Swatch) -> str:
        size = _figure(swatch.size)
        centring = f' transform="translate(-{_figure(swatch.size / 2)})"' if swatch.centred else ""
        y = swatch.y - swatch.size / 2 if swatch.centred else swatch.y
        return (
            f'<rect x="{self._across(swatch.x)}" y="{_figure(y)}" width="{size}"'
            f' height="{size}" rx="2"{centring} {self._fill(swatch.paint)}/>'
        )

    def _words(self, words: Words) -> str:
        anchor = f' text-anchor="{words.anchor}"' if words.anchor != "start" else ""
        shift = f' dx="{_figure(words.shift)}"' if words.shift else ""
        bold = ' font-weight="600"' if words.bold else ""
        fill = "" if words.paint is INK else f" {self._fill(words.paint)}"  # ink is inherited
        return (
            f'<text x="{self._across(words.x)}" y="{_figure(words.y)}"{shift}{anchor}{bold}'
            f"{fill}>{_safe(words.text)}</text>"
        )

    def _rule(self, rule: Rule) -> str:
        dashes = f' stroke-dasharray="{rule.dashes}"' if rule.dashes else ""
        return (
            f'<line class="chart-{rule.paint.name}-line" x1="{self._across(rule.x1)}"'
            f' y1="{_figure(rule.y1)}" x2="{self._across(rule.x2)}" y2="{_figure(rule.y2)}"'
            f' stroke="{rule.paint.fill}" stroke-width="{_figure(rule.thickness)}"'
            f' stroke-linecap="round"{dashes}/>'
        )

    def _dot(self, dot: Dot) -> str:
        return (
            f'<circle cx="{self._across(dot.x)}" cy="{_figure(dot.y)}" r="{_figure(dot.radius)}"'
            f' {self._fill(dot.paint)} stroke="{dot.ring.fill}" stroke-width="2"/>'
        )

    def _area(self, area: Area) -> str:
        """Outlines know no per cent: when fluid they are drawn on a stretched 100-wide sheet."""
        if self._width:
            return f'<polygon points="{self._points(area)}" {self._fill(area.paint)}/>'
        height = _figure(max(y for _, y in area.points))
        return (
            f'<svg width="100%" height="{height}" viewBox="0 0 100 {height}"'
            f' preserveAspectRatio="none"><polygon points="{self._points(area)}"'
            f" {self._fill(area.paint)}/></svg>"
        )

    def _points(self, area: Area) -> str:
        scale = self._width / 100 if self._width else 1
        return " ".join(f"{_figure(x * scale)},{_figure(y)}" for x, y in area.points)

    def _group(self, group: Group) -> str:
        body = "".join(map(self.write, group.shapes))
        name = f"<title>{_safe(group.name)}</title>" if group.name else ""
        if group.href:
            return f'<a href="{_safe_href(group.href)}">{name}{body}</a>'
        return f"<g>{name}{body}</g>"


def every_shape(shapes: Sequence[Shape]) -> Iterator[Shape]:
    """All shapes with those inside groups and stamps, in drawing order."""
    for shape in shapes:
        yield shape
        if isinstance(shape, Group | Stamp):
            yield from every_shape(shape.shapes)
