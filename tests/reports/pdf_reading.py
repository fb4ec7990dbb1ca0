"""Reads a PDF back as a printer would: where every word stands and in which face."""

import re
import subprocess
from dataclasses import dataclass
from html import unescape
from io import BytesIO

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # ships no types
from pypdf import PdfReader
from pypdf.generic import ContentStream

_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)
_WORD = re.compile(
    r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
)


@dataclass(frozen=True)
class Word:
    left: float
    top: float
    right: float
    bottom: float
    text: str


@dataclass(frozen=True)
class Page:
    width: float
    height: float
    words: tuple[Word, ...]

    @property
    def lines(self) -> list[list[Word]]:
        """Words by line, from the top down; a line is what stands at one height."""
        lines: dict[int, list[Word]] = {}
        for word in self.words:
            middle = round((word.top + word.bottom) / 2)
            key = next((known for known in lines if abs(known - middle) <= 3), middle)
            lines.setdefault(key, []).append(word)
        return [lines[key] for key in sorted(lines)]

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words)


def pages(pdf: bytes) -> list[Page]:
    """Every page with its words, in points from the top left corner."""
    listed = subprocess.run(
        ["/usr/bin/pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    return [
        Page(float(width), float(height), tuple(map(_word, _WORD.findall(body))))
        for width, height, body in _PAGE.findall(listed)
    ]


def _word(found: tuple[str, ...]) -> Word:
    left, top, right, bottom = map(float, found[:4])
    return Word(left, top, right, bottom, unescape(found[4]))


def fonts(pdf):
    """Every font by its name in the file, and whether the file carries it."""
    found = {}
    for page in PdfReader(BytesIO(pdf)).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
            carried = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
            found[font["/BaseFont"]] = carried
    return found


def faces(pdf):
    """The face in which each run of text is set (the last one, if it is set twice)."""
    found = {}

    def note(text, _user_matrix, _text_matrix, font, _size):
        if font and text.strip():
            found[text.strip()] = font["/BaseFont"].split("+")[-1]

    for page in PdfReader(BytesIO(pdf)).pages:
        page.extract_text(visitor_text=note)
    return found


def missing_glyphs(pdf):
    """How many characters are printed as an empty box: .notdef, or a glyph the font lacks."""
    reader = PdfReader(BytesIO(pdf))
    missing = 0
    for page in reader.pages:
        drawn = {name: _glyphs(font) for name, font in page["/Resources"]["/Font"].items()}
        present: set[int] = set()
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator == b"Tf":
                present = drawn[operands[0]]
            elif operator in {b"Tj", b"TJ"}:
                missing += sum(code not in present for code in _codes(operands[0]))
    return missing


def _glyphs(font):
    """The glyphs an embedded font draws, .notdef left out."""
    descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
    key = next(key for key in ("/FontFile3", "/FontFile2") if key in descriptor)
    return set(range(1, TTFont(BytesIO(descriptor[key].get_data()))["maxp"].numGlyphs))


def _codes(operand):
    """Glyph numbers of a text operator; each takes two bytes."""
    parts = operand if isinstance(operand, list) else [operand]
    shown = b"".join(part.original_bytes for part in parts if hasattr(part, "original_bytes"))
    return [int.from_bytes(shown[at : at + 2]) for at in range(0, len(shown), 2)]


def decoded(pdf):
    """What every page draws, as the operators a printer gets."""
    return b"".join(page.get_contents().get_data() for page in PdfReader(BytesIO(pdf)).pages)
