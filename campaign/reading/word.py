"""The text of a Word document: paragraphs with their automatic numbers, tables by tabs."""

import io
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.oxml.ns import qn

_CN_DIGITS = "〇一二三四五六七八九"
_CHINESE_FORMATS = frozenset(
    {
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "ideographDigital",
    }
)
_DEEPEST = 9
_LAST_CIRCLED, _LETTERS, _CHINESE_BELOW = 20, 26, 100


def read_word(content: bytes) -> str:
    """One line a paragraph; a table row is one line, its cells parted by tabs."""
    document = Document(io.BytesIO(content))
    numbers = _Numbers(document)
    return "\n".join(_blocks(document.element.body, numbers))


def _blocks(container: Any, numbers: "_Numbers") -> Iterator[str]:
    for element in container:
        if element.tag == qn("w:p"):
            yield numbers.label(element) + _text(element)
        elif element.tag == qn("w:tbl"):
            yield from _rows(element)
        elif element.tag == qn("w:sdt"):
            content = element.find(qn("w:sdtContent"))
            if content is not None:
                yield from _blocks(content, numbers)


def _rows(table: Any) -> Iterator[str]:
    above: list[str] = []
    for row in table.iter(qn("w:tr")):
        cells: list[str] = []
        for cell in row.findall(qn("w:tc")):
            width, continues = _cell_shape(cell)
            text = " ".join(
                part for part in (_text(p).strip() for p in cell.iter(qn("w:p"))) if part
            ).replace("\n", " ")
            if continues and len(cells) < len(above):
                text = above[len(cells)]
            cells += [text] + [""] * (width - 1)
        above = cells
        yield "\t".join(cells)


def _cell_shape(cell: Any) -> tuple[int, bool]:
    """Columns a cell spans, and whether it only continues the one above it."""
    properties = cell.find(qn("w:tcPr"))
    if properties is None:
        return 1, False
    span = properties.find(qn("w:gridSpan"))
    width = int(span.get(qn("w:val"), "1")) if span is not None else 1
    merge = properties.find(qn("w:vMerge"))
    continues = merge is not None and merge.get(qn("w:val")) != "restart"
    return max(1, min(width, 60)), continues


def _text(paragraph: Any) -> str:
    """What a reader sees: insertions in, deletions out, tabs as spaces."""
    pieces = []
    for element in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr")):
        if element.tag == qn("w:t"):
            pieces.append(element.text or "")
        elif element.tag == qn("w:tab"):
            if element.getparent().tag == qn("w:r"):
                pieces.append("  ")
        else:
            pieces.append("\n")
    return "".join(pieces)


class _Numbers:
    """Counts automatic numbering the way Word shows it."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._abstract: dict[str, str] = {}
        self._styles: dict[str, tuple[str, int]] = {}
        self._counters: dict[str, list[int]] = {}
        self._read_numbering(document)
        self._read_styles(document)

    def _read_numbering(self, document: Any) -> None:
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        for abstract in root.findall(qn("w:abstractNum")):
            key = abstract.get(qn("w:abstractNumId"))
            self._levels[key] = dict(
                _level(level) for level in abstract.findall(qn("w:lvl"))[:_DEEPEST]
            )
        for number in root.findall(qn("w:num")):
            target = number.find(qn("w:abstractNumId"))
            if target is not None:
                self._abstract[number.get(qn("w:numId"))] = target.get(qn("w:val"))

    def _read_styles(self, document: Any) -> None:
        for style in document.styles.element.findall(qn("w:style")):
            properties = style.find(qn("w:pPr"))
            reference = _reference(properties)
            if reference:
                self._styles[style.get(qn("w:styleId"))] = reference

    def label(self, paragraph: Any) -> str:
        """一、, （二）, 3. as Word would print it before the paragraph; "" without numbering."""
        properties = paragraph.find(qn("w:pPr"))
        reference = _reference(properties)
        if reference is None and properties is not None:
            style = properties.find(qn("w:pStyle"))
            reference = self._styles.get(style.get(qn("w:val"))) if style is not None else None
        if reference is None:
            return ""
        abstract = self._abstract.get(reference[0], "")
        levels = self._levels.get(abstract)
        depth = reference[1]
        if not levels or depth not in levels:
            return ""
        counters = self._counters.setdefault(
            abstract, [levels[n][2] - 1 if n in levels else 0 for n in range(_DEEPEST)]
        )
        counters[depth] += 1
        for deeper in range(depth + 1, _DEEPEST):
            counters[deeper] = levels[deeper][2] - 1 if deeper in levels else 0
        return _printed(levels, depth, counters)


def _reference(properties: Any) -> tuple[str, int] | None:
    numbering = properties.find(qn("w:numPr")) if properties is not None else None
    if numbering is None:
        return None
    number, level = numbering.find(qn("w:numId")), numbering.find(qn("w:ilvl"))
    if number is None or number.get(qn("w:val")) == "0":
        return None
    depth = int(level.get(qn("w:val"), "0")) if level is not None else 0
    return number.get(qn("w:val")), min(depth, _DEEPEST - 1)


def _level(level: Any) -> tuple[int, tuple[str, str, int]]:
    def value(name: str, default: str) -> str:
        element = level.find(qn(name))
        return str(element.get(qn("w:val"), default)) if element is not None else default

    depth = int(level.get(qn("w:ilvl"), "0"))
    return depth, (value("w:numFmt", "decimal"), value("w:lvlText", ""), int(value("w:start", "1")))


def _printed(levels: dict[int, tuple[str, str, int]], depth: int, counters: list[int]) -> str:
    style, pattern, _ = levels[depth]
    if style in {"bullet", "none"}:
        return ""
    for position in range(depth + 1):
        shown = levels[position][0] if position in levels else "decimal"
        pattern = pattern.replace(f"%{position + 1}", _numeral(counters[position], shown))
    return pattern


def _numeral(number: int, style: str) -> str:
    if style in _CHINESE_FORMATS:
        return _chinese(number)
    if style == "decimalEnclosedCircle" and 1 <= number <= _LAST_CIRCLED:
        return chr(ord("①") + number - 1)
    if style in {"lowerLetter", "upperLetter"} and 1 <= number <= _LETTERS:
        return chr(ord("a" if style == "lowerLetter" else "A") + number - 1)
    return str(number)


def _chinese(number: int) -> str:
    """1–99 as 一 … 九十九; beyond that, digits."""
    if not 0 < number < _CHINESE_BELOW:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_CN_DIGITS[tens]}十")
    return head + (_CN_DIGITS[ones] if ones else "")
