"""Papers: the progress report in each format, and a 34-page table beside bare WeasyPrint."""

from __future__ import annotations

import gc
import time
from datetime import date

from django.utils import timezone

from benchmarks.frame import Row
from campaign.demo import SLUG
from campaign.models import Campaign
from reports.choices import ReportFormat, ReportKind
from reports.dossier import Wish
from reports.paper import Column, Paper, Section, Table
from reports.production import assemble, compose, write
from reports.rendering import render_pdf, to_html

ROWS_OF_THE_TABLE = 1000


def run() -> list[Row]:
    campaign = Campaign.objects.select_related("campaign_group").get(slug=SLUG)
    rows = [_report(campaign, each) for each in ReportFormat]
    long = _long_paper()
    bare = _bare_seconds(to_html(long))
    started = time.perf_counter()
    size = len(render_pdf(long))
    ours = time.perf_counter() - started
    return [
        *rows,
        _row("1,000-row table, bare WeasyPrint, no GC", bare, 1.0, 0),
        _row("1,000-row table, through the press", ours, ours / bare, size),
    ]


def _report(campaign: Campaign, format: ReportFormat) -> Row:  # noqa: A002  the field's name
    started = time.perf_counter()
    facts = assemble(Wish(ReportKind.PROGRESS, campaign), timezone.now())
    paper = compose(ReportKind.PROGRESS, facts)
    content = write(paper, format, lambda _percent: None)
    return _row(
        f"progress report, {format.label}", time.perf_counter() - started, 0.0, len(content)
    )


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


def _bare_seconds(html: str) -> float:
    from weasyprint import HTML

    gc.disable()
    started = time.perf_counter()
    HTML(string=html).write_pdf()
    seconds = time.perf_counter() - started
    gc.enable()
    gc.collect()
    return seconds
