"""From a wish to a file: facts, paper, format. The worker and the command both come this way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.assembly import assemble_progress
from reports.choices import ReportFormat
from reports.composition import compose_progress
from reports.rendering import render_pdf
from reports.word_file import render_docx
from reports.workbook import render_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from campaign.models import Campaign, Theme
    from reports.facts import ProgressFacts
    from reports.paper import Paper
    from units.models import Unit


@dataclass(frozen=True)
class Wish:
    """Which report, about what, up to which day."""

    kind: str
    campaign: Campaign
    as_of: date | None = None
    unit: Unit | None = None
    theme: Theme | None = None


def assemble(wish: Wish, now: datetime) -> ProgressFacts:
    return assemble_progress(
        wish.campaign, now=now, as_of=wish.as_of, unit=wish.unit, theme=wish.theme
    )


def compose(facts: ProgressFacts) -> Paper:
    return compose_progress(facts)


def write(paper: Paper, format: str, report: Callable[[int], None]) -> bytes:  # noqa: A002
    """The paper in one of the formats; `report` hears the per cent done."""
    if format == ReportFormat.XLSX:
        return render_xlsx(paper)
    if format == ReportFormat.DOCX:
        return render_docx(paper)
    return render_pdf(paper, report=report)
