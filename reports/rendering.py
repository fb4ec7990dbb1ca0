"""A paper becomes a PDF in the layout of official documents (GB/T 9704-2012).

The HTML is made here; `reports.press` prints it in a process of its own. The document may
fetch nothing, its fonts are those of the machine, and the same paper gives the same bytes.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.template.loader import render_to_string

from reports import press
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
_FACE_NAMES = {
    "title": "标题（小标宋）",
    "text": "正文（仿宋）",
    "heading": "一级标题（黑体）",
    "subheading": "二级标题（楷体）",
    "number": "页码（宋体）",
    "chart": "图表",
    "fallback": "生僻字",
}
#: What lies outside Latin, general and Chinese punctuation, and the common ideographs.
_UNCOMMON = re.compile(
    "[^\x00-\u04ff\u2000-\u27bf\u3000-\u33ff\u4e00-\u9fa5\ufe00-\ufe0f\uff00-\uffef\U000e0100-\U000e01ef]"
)
#: What the press may know of this process; the rest is none of its business.
_PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "XDG_CACHE_HOME",
)
_PRESS = (sys.executable, "-m", "reports.press")
_BEAT_SECONDS = 0.2


@dataclass(frozen=True)
class Caps:
    """What one paper may cost (safety 22)."""

    seconds: int = 120
    megabytes: int = 1024


CAPS = Caps()
#: A volume holds some sixty papers; its press has to itself what one after the other needs.
VOLUME_CAPS = Caps(seconds=600)


class PaperNotMade(Exception):
    """The paper could not be made; the message is a sentence for the person who asked."""


class MissingFont(PaperNotMade):
    """A face of the official layout has no font on this machine; the paper is not made."""


class PrintingStopped(Exception):
    """Whoever asked for the paper no longer wants it."""


def render_pdf(
    paper: Paper,
    *,
    report: Callable[[int], None] = lambda _percent: None,
    caps: Caps | None = None,
) -> bytes:
    """The paper as PDF.

    `report` hears the per cent done several times a second, and may raise PrintingStopped.
    Raises MissingFont rather than print with a wrong face, PaperNotMade for what went wrong.
    """
    check_fonts()
    if not paper.bound:
        return run_press(to_html(paper), report=report, caps=caps or CAPS)
    papers = (paper, *(one.paper for one in paper.bound))
    printed = print_all(map(to_html, papers), report=report, caps=caps or VOLUME_CAPS)
    return bind(printed, [one.name for one in paper.bound])


def to_html(paper: Paper) -> str:
    """The paper as one self-contained document; a character without a font is 〓."""
    html = render_to_string("reports/paper/paper.html", {"paper": paper, "faces": _stacks()})
    return _UNCOMMON.sub(_printable, html)


# --- Fonts ------------------------------------------------------------------------------


def check_fonts() -> None:
    """Raise MissingFont, naming the face and what would do, if the machine lacks one."""
    installed = _installed_families()
    for face, families in FACES.items():
        if not installed & set(families):
            raise MissingFont(
                f"服务器缺少{_FACE_NAMES[face]}字体，未生成。请管理员安装{'、'.join(families)}之一。"
            )


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


# --- Binding ----------------------------------------------------------------------------


def bind(printed: Sequence[bytes], names: Sequence[str]) -> bytes:
    """The first PDF and behind it the others, each with a bookmark that says its name.

    Each keeps its own page numbers. The same papers give the same bytes.
    """
    from pypdf import PdfWriter

    cover, *others = printed
    volume = PdfWriter()
    volume.append(BytesIO(cover), import_outline=False)
    for name, paper in zip(names, others, strict=True):
        volume.append(BytesIO(paper), outline_item=name, import_outline=False)
    target = BytesIO()
    volume.write(target)
    return target.getvalue()


# --- The press --------------------------------------------------------------------------


def run_press(
    html: str,
    *,
    report: Callable[[int], None] = lambda _percent: None,
    caps: Caps = CAPS,
) -> bytes:
    """HTML as PDF, printed in another process that is ended when it takes too long."""
    return print_all([html], report=report, caps=caps)[0]


def print_all(
    pages: Iterable[str], *, report: Callable[[int], None], caps: Caps = CAPS
) -> list[bytes]:
    """Each HTML as a PDF of its own, all printed by one press one after the other."""
    with TemporaryDirectory(prefix="press-") as folder:
        sources = []
        for number, html in enumerate(pages):
            sources.append(Path(folder, f"{number}.html"))
            sources[-1].write_text(html)
        with Path(folder, "said").open("w+") as said:
            process = subprocess.Popen(  # noqa: S603  our own module, nothing from people
                [*_PRESS, folder, str(caps.megabytes), str(caps.seconds)],
                cwd=settings.BASE_DIR,
                env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.DEVNULL,
            )
            try:
                status = _watch(process, Path(said.name), report, caps.seconds)
            finally:
                process.kill()
                process.wait()
        if status != 0:
            raise PaperNotMade(_fault(status, caps))
        return [source.with_suffix(".pdf").read_bytes() for source in sources]


def _watch(
    process: subprocess.Popen[bytes],
    said: Path,
    report: Callable[[int], None],
    seconds_at_most: int,
) -> int:
    """Wait for the press, passing on what it says; its exit status."""
    until = time.monotonic() + seconds_at_most
    while True:
        try:
            return process.wait(timeout=_BEAT_SECONDS)
        except subprocess.TimeoutExpired:
            lines = said.read_text().split()
            report(int(lines[-1]) if lines else 5)
        if time.monotonic() > until:
            raise PaperNotMade(f"排版超过{seconds_at_most}秒，已停止。请缩小报告范围后重新生成。")


def _fault(status: int, caps: Caps) -> str:
    if status == press.OUT_OF_MEMORY:
        return f"排版占用内存超过{caps.megabytes}MB，已停止。请缩小报告范围后重新生成。"
    return f"排版程序异常退出（{status}），未生成。请重新生成；仍不成功时请联系管理员。"
