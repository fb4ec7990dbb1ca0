from django.core.files.base import ContentFile
from django.utils import timezone

from reports.choices import JobStatus
from reports.models import ReportJob
from tests.matrix.row import EVERYONE, Row, people

SEES_SCHOOL = people("reviewer organiser leader admin")
READERS = SEES_SCHOOL | people("secretary sibling general")


def leaders_job(world):
    """A paper of the leader's; for everybody else it does not exist."""
    now = timezone.now()
    job = ReportJob.objects.create(
        campaign=world.campaign,
        kind="progress",
        format="pdf",
        as_of=timezone.localdate(),
        requested_by=world.people["leader"],
        requested_at=now,
    )
    return {"pk": job.pk}


def leaders_paper(world):
    at = leaders_job(world)
    job = ReportJob.objects.get(**at)
    job.status = JobStatus.DONE
    job.file.save("paper.pdf", ContentFile(b"%PDF"))
    return at


def minutes_in_word(world):
    return {"pk": world.activity.pk, "file_format": "docx"}


ONLY_LEADER = people("leader")
OTHERS = EVERYONE - ONLY_LEADER
ROWS = [
    Row(
        "reports:unit",
        get=EVERYONE - people("sibling"),
        hidden=people("sibling"),
        at=lambda world: {"pk": world.branch.pk},
    ),
    Row(
        "reports:minutes",
        get=EVERYONE - people("sibling"),
        hidden=people("sibling"),
        at=minutes_in_word,
    ),
    Row("reports:cockpit", get=READERS),
    Row("reports:blanks", get=READERS),
    Row("reports:tables", get=READERS),
    Row("reports:index", get=READERS),
    Row("reports:ask", post=READERS),
    Row("reports:job", get=ONLY_LEADER, hidden=OTHERS, at=leaders_job),
    Row("reports:progress", get=ONLY_LEADER, hidden=OTHERS, at=leaders_job),
    Row("reports:cancel", post=ONLY_LEADER, hidden=OTHERS, at=leaders_job),
    Row("reports:retry", post=ONLY_LEADER, hidden=OTHERS, at=leaders_job),
    Row("reports:download", get=ONLY_LEADER, hidden=OTHERS, at=leaders_paper),
]
