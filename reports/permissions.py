"""Who may see which figures and ask for which paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.choices import JobStatus
from units.standing import standing_of

if TYPE_CHECKING:
    from accounts.models import User
    from reports.models import Bulletin, ReportJob
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
    """One's own finished paper. Whether one may still see what it is about, its kind says."""
    return job.status == JobStatus.DONE and job.requested_by_id == user.pk


def can_write_narrative(user: User, unit: Unit | None) -> bool:
    """The campaign group writes for the school; a unit's own reporters for the unit."""
    standing = standing_of(user)
    if standing.is_organiser or standing.is_administrator:
        return True
    return unit is not None and standing.reports_for(unit)


def can_freeze(user: User, unit: Unit | None) -> bool:
    """Who may write a report may also declare it final."""
    return can_write_narrative(user, unit)


def can_make_bulletins(user: User) -> bool:
    """The campaign group and administrators draft, edit and publish."""
    standing = standing_of(user)
    return standing.is_organiser or standing.is_administrator


def can_approve_bulletin(user: User, bulletin: Bulletin) -> bool:
    """A chair or deputy chair, but never whoever wrote it last."""
    return standing_of(user).is_leader and bulletin.edited_by_id != user.pk


def can_set_bulletin_rules(user: User) -> bool:
    """The red head stands for the body that issues; its chairs answer for it."""
    standing = standing_of(user)
    return standing.is_leader or standing.is_administrator


def can_schedule(user: User) -> bool:
    """Who steers the campaign decides which reports go out every week."""
    return can_make_bulletins(user)
