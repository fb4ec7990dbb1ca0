"""The press: HTML in, PDF out, in a process of its own that can be stopped.

`python -m reports.press FOLDER MEGABYTES SECONDS` turns FOLDER/0.html into FOLDER/0.pdf, then
1.html and so on; what it has done so far it says in per cent, a line each, on its standard
output. It knows neither Django nor the database, is started without the portal's secrets, and
the kernel holds it to its share of memory and processor time.
"""

import gc
import hashlib
import logging
import os
import re
import resource
import sys
from pathlib import Path

from reports.justification import between_characters

#: Exit status of a press that ran out of memory.
OUT_OF_MEMORY = 3

_LAYOUT_STEP = re.compile(r"^Step (\d)")
#: Per cent done when WeasyPrint begins its step 1 to 7 (parsing to writing).
_PERCENT = (10, 15, 20, 25, 35, 80, 90)


class _Progress(logging.Handler):
    """WeasyPrint's own announcements, as per cent for whoever started the press.

    It may announce a step again after a later one; progress never goes back.
    """

    def __init__(self, papers: int) -> None:
        super().__init__()
        self.papers = papers
        self.printed = 0
        self.furthest = 0

    def emit(self, record: logging.LogRecord) -> None:
        step = _LAYOUT_STEP.match(record.getMessage())
        if step:
            done = 100 * self.printed + _PERCENT[min(int(step[1]), len(_PERCENT)) - 1]
            self.furthest = max(self.furthest, done // self.papers)
            sys.stdout.write(f"{self.furthest}\n")
            sys.stdout.flush()


def print_pdf(html: str) -> bytes:
    """HTML as PDF. Whatever it refers to outside itself is left out, never fetched.

    The bytes follow from the HTML and the fonts alone.
    """
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    os.environ["SOURCE_DATE_EPOCH"] = "0"  # else the moment of printing would change the bytes
    gc.disable()  # layout makes millions of objects that all live to its end
    try:
        with between_characters():
            fetcher = URLFetcher(allowed_protocols=["data"])
            document = HTML(string=html, url_fetcher=fetcher).render()
            identifier = hashlib.sha256(html.encode()).digest()[:16]
            pdf: bytes = document.write_pdf(pdf_identifier=identifier)
    finally:
        gc.enable()
    return pdf


def main(folder: str, megabytes: str, seconds: str) -> int:
    resource.setrlimit(resource.RLIMIT_DATA, (int(megabytes) * 2**20,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds),) * 2)
    steps = logging.getLogger("weasyprint.progress")
    steps.setLevel(logging.INFO)
    sources = sorted(Path(folder).glob("*.html"), key=lambda path: int(path.stem))
    progress = _Progress(len(sources))
    steps.addHandler(progress)
    try:
        for progress.printed, source in enumerate(sources):
            source.with_suffix(".pdf").write_bytes(print_pdf(source.read_text()))
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
