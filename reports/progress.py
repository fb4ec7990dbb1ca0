"""How far a paper is, in the words and addresses its page shows."""

from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from reports.choices import JobStatus
from reports.models import ReportJob

#: The state names of `components/job_progress.html`.
_STATES = {
    JobStatus.QUEUED: "waiting",
    JobStatus.RUNNING: "running",
    JobStatus.DONE: "done",
    JobStatus.FAILED: "failed",
    JobStatus.CANCELLED: "failed",
}


@dataclass(frozen=True)
class Progress:
    """An address is empty when what it does is not possible now."""

    id: int
    title: str
    format: str
    state: str
    percent: int | None
    text: str
    here_url: str
    poll_url: str
    cancel_url: str
    retry_url: str
    download_url: str


def progress_of(job: ReportJob) -> Progress:
    def address(step: str, *statuses: str) -> str:
        return reverse(f"reports:{step}", args=[job.pk]) if job.status in statuses else ""

    unfinished = (JobStatus.QUEUED, JobStatus.RUNNING)
    return Progress(
        id=job.pk,
        title=str(job),
        format=job.get_format_display(),
        state=_STATES[JobStatus(job.status)],
        percent=job.percent if job.status == JobStatus.RUNNING else None,
        text=_text(job),
        here_url=reverse("reports:job", args=[job.pk]),
        poll_url=address("progress", *unfinished),
        cancel_url=address("cancel", *unfinished),
        retry_url=address("retry", JobStatus.FAILED, JobStatus.CANCELLED),
        download_url=address("download", JobStatus.DONE),
    )


def _text(job: ReportJob) -> str:
    match job.status:
        case JobStatus.RUNNING:
            return f"正在{job.stage}。" if job.stage else ""
        case JobStatus.FAILED:
            return job.error
        case JobStatus.CANCELLED:
            return "已按您的要求取消。"
        case JobStatus.DONE:
            size = filesizeformat(job.file.size)
            return f"{job.get_format_display()}，{size}，内容校验码{job.content_hash[:12]}。"
        case _:
            return ""
