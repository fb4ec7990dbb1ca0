"""From a wish to a file: facts, paper, format. The worker and the command both come this way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.choices import ReportFormat
from reports.dossier import Wish
from reports.kinds import KINDS
from reports.rendering import render_pdf
from reports.word_file import render_docx
from reports.workbook import render_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from accounts.models import User
    from reports.models import FrozenReport, ReportJob
    from reports.paper import Paper


def wish_of(job: ReportJob | FrozenReport) -> Wish:
    """What a stored job or frozen report is about."""
    return Wish(
        job.kind,
        job.campaign,
        as_of=job.as_of,
        unit=job.unit,
        theme=job.theme,
        phase=job.phase,
        since=job.since,
        subject_id=getattr(job, "subject_id", None),
        compared_with_id=getattr(job, "compared_with_id", None),
        reader=getattr(job, "requested_by", None),
    )


def may_have(user: User, job: ReportJob) -> bool:
    return KINDS[job.kind].may_have(user, wish_of(job))


def assemble(wish: Wish, now: datetime) -> Any:
    """The facts of the wished report, as the dataclass its kind names."""
    kind = KINDS[wish.kind]
    return kind.assemble(wish, now, kind.lists)


def compose(kind: str, facts: Any) -> Paper:
    return KINDS[kind].compose(facts)


def write(paper: Paper, format: str, report: Callable[[int], None]) -> bytes:  # noqa: A002
    """The paper in one of the formats; `report` hears the per cent done."""
    if format == ReportFormat.XLSX:
        return render_xlsx(paper)
    if format == ReportFormat.DOCX:
        return render_docx(paper)
    return render_pdf(paper, report=report)
