"""Papers asked for, made, cancelled and tried again: the one way their rows change.

The row is the job (rule 4 of the design). Every change is one UPDATE that says which state it
expects, so two workers, a worker and a person, or a double click cannot both win.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from core.chinese_text import chinese_date
from core.queue import hint
from notices.services import announce
from reports.choices import JobStatus
from reports.facts import content_hash
from reports.freezing import sealed, thawed
from reports.kinds import KINDS
from reports.models import ReportJob
from reports.production import assemble, compose, may_have, wish_of, write
from reports.rendering import PaperNotMade, PrintingStopped

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.files.storage import Storage

    from accounts.models import User
    from reports.dossier import Wish
    from reports.models import FrozenReport
    from reports.paper import Paper
    from reports.querysets import ReportJobQuerySet

logger = logging.getLogger(__name__)

ATTEMPTS_AT_MOST = 3
#: A worker silent for so long is taken for dead; it reports every second.
SILENCE = timedelta(seconds=60)
#: A job still queued after so long gets another hint.
HINT_LOST = timedelta(seconds=30)
#: A paper made of the same facts is handed out again for so long.
SAME_PAPER = timedelta(hours=24)

#: A finished job and its file are kept for so long; a frozen report can be made again.
KEPT = timedelta(days=30)
_PURGED_PER_PASS = 200

_BEAT_SECONDS = 1.0

NO_LONGER_ALLOWED = "您已没有查看该范围数据的权限，未生成。"
BROKEN_OFF = "生成过程多次中断，已停止。请重新生成；仍不成功时请联系管理员。"
BROKEN_TEMPLATE = "报告模板有错误，未生成。请联系管理员。"
UNEXPECTED = "生成时多次出现意外错误，未生成。请联系管理员。"


class NotPossible(Exception):
    """The job is no longer in a state in which this can be done."""


# --- What a person does -----------------------------------------------------------------


def ask(
    by: User,
    wish: Wish,
    format: str,  # noqa: A002  the field's own name
    frozen: FrozenReport | None = None,
) -> ReportJob:
    """Put a paper on the queue, or return the one this person already waits for.

    `frozen`: made of the facts kept there. Raises PermissionDenied for a scope the person may
    not see.
    """
    if not KINDS[wish.kind].may_have(by, wish):
        raise PermissionDenied
    now = timezone.now()
    wanted = {
        "kind": wish.kind,
        "campaign": wish.campaign,
        "unit": wish.unit,
        "theme": wish.theme,
        "phase": wish.phase,
        "since": wish.since,
        "as_of": wish.as_of or timezone.localdate(now),
        "subject_id": wish.subject_id,
        "compared_with_id": wish.compared_with_id,
        "frozen": frozen,
        "format": format,
        "requested_by": by,
    }
    with transaction.atomic():
        waiting = ReportJob.objects.unfinished().filter(**wanted).first()
        if waiting is not None:
            return waiting
        job = ReportJob.objects.create(**wanted, requested_at=now, queued_at=now)
        record(by, "reports.ask", job, after={"报告": str(job), "格式": job.get_format_display()})
        _hint(job)
    return job


def cancel(job: ReportJob) -> None:
    """Stop a job; its worker notices within a second. Raises NotPossible if it is over."""
    ended = {"status": JobStatus.CANCELLED, "stage": "", "finished_at": timezone.now()}
    if not ReportJob.objects.unfinished().filter(pk=job.pk).update(**ended):
        raise NotPossible(f"report job {job.pk} is already over")


def retry(job: ReportJob) -> None:
    """Queue a failed or cancelled job anew. Raises NotPossible for any other."""
    ended = [JobStatus.FAILED, JobStatus.CANCELLED]
    with transaction.atomic():
        if not ReportJob.objects.filter(pk=job.pk, status__in=ended).update(
            status=JobStatus.QUEUED,
            queued_at=timezone.now(),
            attempts=0,
            percent=0,
            error="",
            finished_at=None,
        ):
            raise NotPossible(f"report job {job.pk} did not end without a paper")
        _hint(job)


def _hint(job: ReportJob) -> None:
    from reports.tasks import render

    hint(render, job.pk)


# --- What a worker does -----------------------------------------------------------------


def make(job_id: int) -> bool:
    """Claim the job, make its paper and store it; False if it was not to be had."""
    job = _claim(job_id)
    if job is None:
        return False
    try:
        _produce(job)
    except PrintingStopped:
        logger.info("report job %s was cancelled", job.pk)
    except PaperNotMade as fault:
        _fail(job, str(fault))
    except (TemplateDoesNotExist, TemplateSyntaxError):
        logger.exception("report job %s", job.pk)
        _fail(job, BROKEN_TEMPLATE)
    except Exception:
        logger.exception("report job %s, attempt %s", job.pk, job.attempts)
        _try_again(job, UNEXPECTED)
    return True


def sweep(now: datetime) -> int:
    """Take up what dead workers and lost hints left behind; how many jobs that were."""
    left = list(ReportJob.objects.left_behind(now - SILENCE))
    for job in left:
        _try_again(job, BROKEN_OFF)
    forgotten = list(ReportJob.objects.waiting_since(now - HINT_LOST).order_by("pk"))
    for job in forgotten:
        _hint(job)
    return len(left) + len(forgotten)


def purge(now: datetime) -> int:
    """Let go of what was finished long ago; a file goes when no other job hands it out."""
    old = list(ReportJob.objects.finished_before(now - KEPT).order_by("pk")[:_PURGED_PER_PASS])
    for job in old:
        name = str(job.file.name or "")
        with transaction.atomic():
            job.delete()
            if name and not ReportJob.objects.filter(file=name).exists():
                transaction.on_commit(partial(_storage().delete, name))
    return len(old)


def _claim(job_id: int) -> ReportJob | None:
    claimed = ReportJob.objects.filter(pk=job_id, status=JobStatus.QUEUED).update(
        status=JobStatus.RUNNING,
        attempts=F("attempts") + 1,
        heartbeat_at=timezone.now(),
        percent=0,
        stage="汇总数据",
        error="",
    )
    if not claimed:
        return None
    related = (
        "campaign__campaign_group", "unit", "theme", "phase", "frozen", "schedule", "requested_by",
    )  # fmt: skip
    return ReportJob.objects.select_related(*related).get(pk=job_id)


def _produce(job: ReportJob) -> None:
    """Make the file, or take one that was made of the same facts."""
    if not may_have(job.requested_by, job):  # the rights of this moment count
        raise PaperNotMade(NO_LONGER_ALLOWED)
    facts = thawed(job.frozen) if job.frozen else assemble(wish_of(job), timezone.now())
    facts_hash = content_hash(facts)
    known = _same_paper(job, facts_hash)
    name = known or _store(job, facts_hash, write(_paper(job, facts), job.format, _Beat(job)))
    if _finish(job, name, facts_hash):
        _tell(job)
    elif not known:
        _storage().delete(name)  # cancelled, or taken over, while it was being stored


def _paper(job: ReportJob, facts: Any) -> Paper:
    paper = compose(job.kind, facts)
    return sealed(paper, job.frozen) if job.frozen else paper


def _store(job: ReportJob, facts_hash: str, content: bytes) -> str:
    name = f"reports/{job.requested_at:%Y/%m}/{facts_hash[:16]}.{job.format}"
    return _storage().save(name, ContentFile(content))


def _storage() -> Storage:
    return ReportJob.file.field.storage


@dataclass
class _Beat:
    """Tells the row how far its paper is, about once a second."""

    job: ReportJob
    said_at: float = field(default=0.0)  # on the monotonic clock

    def __call__(self, percent: int) -> None:
        """Raises PrintingStopped when the job was cancelled or taken over by another worker."""
        if time.monotonic() - self.said_at < _BEAT_SECONDS:
            return
        self.said_at = time.monotonic()
        if not _held(self.job).update(percent=percent, stage="排版", heartbeat_at=timezone.now()):
            raise PrintingStopped


def _held(job: ReportJob) -> ReportJobQuerySet:
    """The row, as long as this attempt has it."""
    return ReportJob.objects.filter(pk=job.pk, status=JobStatus.RUNNING, attempts=job.attempts)


def _same_paper(job: ReportJob, facts_hash: str) -> str:
    """The file of a recent job with the same facts, kind and format; empty if there is none."""
    made = ReportJob.objects.filter(
        status=JobStatus.DONE,
        kind=job.kind,
        format=job.format,
        content_hash=facts_hash,
        frozen=job.frozen,
        finished_at__gte=timezone.now() - SAME_PAPER,
    ).order_by("-pk")
    known = made.first()
    if known is None or not _storage().exists(str(known.file.name)):
        return ""
    return str(known.file.name)


def _finish(job: ReportJob, name: str, facts_hash: str) -> int:
    """1 if the job was still this attempt's to finish."""
    return _held(job).update(
        status=JobStatus.DONE,
        percent=100,
        stage="",
        file=name,
        content_hash=facts_hash,
        finished_at=timezone.now(),
    )


def _tell(job: ReportJob) -> None:
    """Say that a scheduled report is there; who asked for one is looking at its page."""
    if job.schedule is None:
        return
    announce(
        job.requested_by,
        f"report-ready:{job.pk}",
        kind="report",
        title=f"{job}已生成",
        body=f"数据截至{chinese_date(job.as_of)}，可在报告页下载，保留{KEPT.days}天。",
        reason=f"您是定期报告“{job.schedule}”的收件人。",
        url=reverse("reports:job", args=[job.pk]),
        now=timezone.now(),
    )


def _fail(job: ReportJob, reason: str) -> None:
    _held(job).update(status=JobStatus.FAILED, stage="", error=reason, finished_at=timezone.now())


def _try_again(job: ReportJob, reason: str) -> None:
    """Back on the queue, or failed with `reason` once it was tried often enough."""
    if job.attempts >= ATTEMPTS_AT_MOST:
        _fail(job, reason)
    else:
        _held(job).update(status=JobStatus.QUEUED, stage="", queued_at=timezone.now())
