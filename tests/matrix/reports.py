from datetime import time

from django.core.files.base import ContentFile
from django.utils import timezone

from reports.bulletins import start
from reports.choices import JobStatus, ReportKind
from reports.dossier import Wish
from reports.freezing import freeze
from reports.models import FrozenReport, ReportJob
from reports.schedules import add_schedule
from reports.tokens import make_token
from tests.matrix.row import EVERYONE, Row, people

SEES_SCHOOL = people("reviewer organiser leader admin")
ANYONE = EVERYONE | people("nobody")
SECRETARIES = people("secretary sibling general")
#: The campaign group and administrators write the school's reports.
WRITERS = people("organiser leader admin")
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


def a_frozen_report(world):
    """The school's: for those who see only units it does not exist."""
    frozen = freeze(
        Wish(ReportKind.PROGRESS, world.campaign), by=world.people["leader"], now=timezone.now()
    )
    return {"pk": frozen.pk}


def a_code(world):
    return {"code": FrozenReport.objects.get(**a_frozen_report(world)).code}


def a_draft_bulletin(world):
    """Unpublished: for the rest of the school it does not exist yet."""
    made = start(
        world.campaign,
        by=world.people["organiser"],
        now=timezone.now(),
        title="简报",
        text="正文。",
        since=timezone.localdate(),
        until=timezone.localdate(),
    )
    return {"pk": made.pk}


def a_draft_bulletin_in_word(world):
    return {**a_draft_bulletin(world), "file_format": "docx"}


def submitting(_world):
    return {"step": "submit", "version": 0}


def leaders_token(world):
    token, _ = make_token(world.people["leader"], "同步", 30, timezone.now())
    return {"pk": token.pk}


def a_schedule(world):
    schedule = add_schedule(
        Wish(ReportKind.PROGRESS, world.campaign),
        "pdf",
        weekday=4,
        at=time(16),
        recipients=[world.people["leader"]],
        by=world.people["organiser"],
        now=timezone.now(),
    )
    return {"pk": schedule.pk}


def asking(_world):
    return {"kind": "progress", "format": "pdf"}


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
    Row("reports:read", get=SEES_SCHOOL, hidden=SECRETARIES, query="?kind=progress"),
    Row(
        "reports:narrative",
        get=WRITERS,
        post=WRITERS,
        hidden=SECRETARIES,
        query="?kind=progress",
    ),
    Row("reports:freeze", post=WRITERS, hidden=SECRETARIES, data=asking),
    Row("reports:frozen", get=SEES_SCHOOL, hidden=EVERYONE - SEES_SCHOOL, at=a_frozen_report),
    Row("reports:ask_frozen", post=SEES_SCHOOL, hidden=EVERYONE - SEES_SCHOOL, at=a_frozen_report),
    Row("reports:verify", get=EVERYONE),
    Row("reports:verify_code", get=EVERYONE, at=a_code),
    Row("reports:data", get=READERS, post=READERS),
    Row("reports:package", post=READERS),
    Row(
        "reports:revoke_token",
        post=ONLY_LEADER,
        hidden=EVERYONE - ONLY_LEADER,
        at=leaders_token,
    ),
    Row("reports:api_document", get=ANYONE),
    Row("reports:api_progress", get=ANYONE, note="401 without a key, whoever is signed in"),
    Row("reports:api_rows", get=ANYONE, at=lambda _world: {"name": "activities"}, note="as above"),
    Row("reports:schedules", get=WRITERS, post=WRITERS),
    Row("reports:stop_schedule", post=WRITERS, at=a_schedule),
    Row("reports:bulletins", get=EVERYONE),
    Row("reports:start_bulletin", get=WRITERS, post=WRITERS),
    Row("reports:bulletin_rules", get=people("leader admin"), post=people("leader admin")),
    Row("reports:bulletin", get=WRITERS, hidden=EVERYONE - WRITERS, at=a_draft_bulletin),
    Row("reports:edit_bulletin", get=WRITERS, post=WRITERS, at=a_draft_bulletin),
    Row(
        "reports:step_bulletin",
        post=WRITERS,
        hidden=EVERYONE - WRITERS,
        at=a_draft_bulletin,
        data=submitting,
    ),
    Row(
        "reports:bulletin_file",
        get=WRITERS,
        hidden=EVERYONE - WRITERS,
        at=a_draft_bulletin_in_word,
    ),
    Row("reports:job", get=ONLY_LEADER, hidden=OTHERS, at=leaders_job),
    Row("reports:progress", get=ONLY_LEADER, hidden=OTHERS, at=leaders_job),
    Row("reports:cancel", post=ONLY_LEADER, hidden=OTHERS, at=leaders_job),
    Row("reports:retry", post=ONLY_LEADER, hidden=OTHERS, at=leaders_job),
    Row("reports:download", get=ONLY_LEADER, hidden=OTHERS, at=leaders_paper),
]
