"""A paper becomes a PDF in the layout of official documents (GB/T 9704-2012).

Only this module knows WeasyPrint. The document may fetch nothing, its fonts are those of the
machine, and the same paper gives the same bytes.
"""

import gc
import hashlib
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.template.loader import render_to_string

from reports.justification import between_characters
from reports.paper import Paper

#: For each face the families that may stand in for it, the licensed one first.
FACES = {
    "title": ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "FandolSong", "Noto Serif CJK SC"),
    "text": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "FandolFang"),
    "heading": ("SimHei", "FandolHei", "Noto Sans CJK SC"),
    "subheading": ("KaiTi_GB2312", "KaiTi", "FandolKai"),
    "number": ("SimSun", "FandolSong", "Noto Serif CJK SC"),
    "chart": ("Noto Sans CJK SC",),
    "fallback": ("Noto Serif CJK SC",),
}
#: What lies outside Latin, general and Chinese punctuation, and the common ideographs.
_UNCOMMON = re.compile(
    "[^\x00-\u04ff\u2000-\u27bf\u3000-\u33ff\u4e00-\u9fa5\ufe00-\ufe0f\uff00-\uffef\U000e0100-\U000e01ef]"
)
#: Written into the file in place of the moment of rendering, which would change its bytes.
_NO_MOMENT = 0


class MissingFont(Exception):
    """A face of the official layout has no font on this machine; the paper is not made."""


def render_pdf(paper: Paper) -> bytes:
    """The paper as PDF. Raises MissingFont rather than print with a wrong face."""
    check_fonts()
    html = render_to_string("reports/paper/paper.html", {"paper": paper, "faces": _stacks()})
    html = _UNCOMMON.sub(_printable, html)
    with _no_collection(), between_characters():
        return write_document(html)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def check_fonts() -> None:
    """Raise MissingFont, naming the face and what would do, if the machine lacks one."""
    installed = _installed_families()
    for face, families in FACES.items():
        if not installed & set(families):
            raise MissingFont(f"缺少{face}字体：需要安装{'、'.join(families)}之一。")


@cache
def _installed_families() -> frozenset[str]:
    listed = _list_fonts(":", "family")
    return frozenset(name.strip() for line in listed.splitlines() for name in line.split(","))


def _printable(uncommon: re.Match[str]) -> str:
    """The character itself, or 〓, the printer's mark for one that no font here has."""
    char = uncommon.group()
    return char if _has_glyph(char) else "〓"


@cache
def _has_glyph(char: str) -> bool:
    return bool(_list_fonts(f":charset={ord(char):x}"))


def _list_fonts(*arguments: str) -> str:
    return subprocess.run(  # noqa: S603  patterns made here, never from what people wrote
        ["fc-list", *arguments],  # noqa: S607  found on PATH, as fontconfig installs it
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    ).stdout


def _stacks() -> dict[str, str]:
    """CSS font stacks; every one ends in the fallback, so that rare characters are printed."""
    return {
        face: ", ".join(f'"{family}"' for family in dict.fromkeys((*families, *FACES["fallback"])))
        for face, families in FACES.items()
    }


@contextmanager
def _no_collection() -> Iterator[None]:
    """Layout makes millions of objects that all live to its end; looking for dead ones is waste."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()


def write_document(html: str) -> bytes:
    """HTML as PDF. Whatever it refers to outside itself is left out, never fetched."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    os.environ["SOURCE_DATE_EPOCH"] = str(_NO_MOMENT)
    fetcher = URLFetcher(allowed_protocols=["data"])
    document = HTML(string=html, url_fetcher=fetcher).render()
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    pdf: bytes = document.write_pdf(pdf_identifier=identifier)
    return pdf
