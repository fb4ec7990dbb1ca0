"""Papers: the progress and unit reports, and a 34-page table beside bare WeasyPrint."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from benchmarks.frame import Row
from campaign.demo import SLUG
from campaign.models import Campaign
from reports.choices import ReportFormat, ReportKind
from reports.dossier import Wish
from reports.paper import Column, Paper, Section, Table
from reports.press import print_pdf
from reports.production import assemble, compose, write
from reports.rendering import render_pdf, to_html
from units.choices import UnitKind
from units.models import Unit

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS_OF_THE_TABLE = 1000
_TURNS = 3
_SCRIPT = """
import gc, sys
from weasyprint import HTML
gc.disable()
sys.stdout.buffer.write(HTML(string=sys.stdin.read()).write_pdf())
"""


def run() -> list[Row]:
    campaign = Campaign.objects.select_related("campaign_group").get(slug=SLUG)
    progress = Wish(ReportKind.PROGRESS, campaign)
    rows = [_report(progress, each) for each in ReportFormat]
    unit = Unit.objects.of_kind(UnitKind.BRANCH).first()
    rows.append(_report(Wish(ReportKind.UNIT_REPORT, campaign, unit=unit), ReportFormat.PDF))
    rows.append(_report(Wish(ReportKind.UNIT_VOLUME, campaign), ReportFormat.PDF))
    return [*rows, *_long_table()]


def _long_table() -> list[Row]:
    """The best of three turns each, so that a busy neighbour does not decide the ratio.

    Both lay the same HTML out in a process of their own, which the portal needs to be able to
    end it; without that process a second of starting is saved, which the last row shows.
    """
    long = _long_paper()
    html = to_html(long)
    ways: list[tuple[str, Callable[[], int]]] = [
        ("1,000-row table, bare WeasyPrint script, no GC", lambda: _bare(html)),
        ("1,000-row table, through the press", lambda: len(render_pdf(long))),
        ("1,000-row table, the press without its process", lambda: len(print_pdf(html))),
    ]
    best: dict[str, tuple[float, int]] = {}
    for _ in range(_TURNS):
        for name, way in ways:
            started = time.perf_counter()
            size = way()
            seconds = time.perf_counter() - started
            best[name] = min(best.get(name, (seconds, size)), (seconds, size))
    bare = best[ways[0][0]][0]
    return [_row(name, seconds, seconds / bare, size) for name, (seconds, size) in best.items()]


def _report(wish: Wish, format: ReportFormat) -> Row:  # noqa: A002  the field's name
    started = time.perf_counter()
    paper = compose(wish.kind, assemble(wish, timezone.now()))
    content = write(paper, format, lambda _percent: None)
    name = f"{ReportKind(wish.kind).label}, {format.label}"
    return _row(name, time.perf_counter() - started, 0.0, len(content))


def _row(what: str, seconds: float, ratio: float, size: int) -> Row:
    return {"what": what, "seconds": seconds, "times bare": ratio, "KB": size / 1024}


def _long_paper() -> Paper:
    columns = tuple(Column(f"栏目{number}", 20) for number in range(5))
    body = tuple(
        (number, "机电工程学院", "围绕实训条件开展座谈", 32, "已形成意见建议并报送")
        for number in range(ROWS_OF_THE_TABLE)
    )
    return Paper(
        title=("活动台账",),
        subtitle="演示数据",
        sections=(Section("说明", ("以下为台账。",)),),
        pictures=(),
        tables=(Table("台账", columns, body),),
        signed_by="",
        signed_on=date(2019, 10, 15),
    )


def _bare(html: str) -> int:
    """What a script of three lines needs for the same; the size of its PDF."""
    done = subprocess.run(  # noqa: S603  our own three lines
        [sys.executable, "-c", _SCRIPT], input=html.encode(), capture_output=True, check=True
    )
    return len(done.stdout)
