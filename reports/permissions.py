"""Who may see which figures and ask for which paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.choices import JobStatus
from units.standing import standing_of

if TYPE_CHECKING:
    from accounts.models import User
    from reports.models import ReportJob
    from units.models import Unit


def can_read_school(user: User) -> bool:
    """Leadership and both working bodies see the whole school, and every theme across it."""
    return standing_of(user).sees_school


def can_read_unit(user: User, unit: Unit) -> bool:
    """Secretaries and liaisons see their unit and everything below it."""
    standing = standing_of(user)
    return standing.sees_school or standing.reports_for(unit)


def can_read_scope(user: User, unit: Unit | None) -> bool:
    return can_read_unit(user, unit) if unit else can_read_school(user)


def can_read_any(user: User) -> bool:
    """Whether there is anything at all for this person in reports."""
    standing = standing_of(user)
    return standing.sees_school or standing.is_reporter


def can_download(user: User, job: ReportJob) -> bool:
    """One's own finished paper, as long as one may still see what it is about."""
    return (
        job.status == JobStatus.DONE
        and job.requested_by_id == user.pk
        and can_read_scope(user, job.unit)
    )
