"""Who may do what with activities, opinions and problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign.choices import CampaignState
from units.standing import standing_of

if TYPE_CHECKING:
    from accounts.models import User
    from seminars.models import Activity, Opinion, Problem
    from units.models import Unit


def can_log(user: User, unit: Unit) -> bool:
    """Secretaries and liaisons log for their unit and the units below it, while it exists."""
    return unit.closed_on is None and standing_of(user).reports_for(unit)


def can_edit(user: User, activity: Activity) -> bool:
    """Whoever logs for the unit may correct its records until the campaign is sealed."""
    return activity.campaign.state == CampaignState.RUNNING and can_log(user, activity.unit)


def can_voice(user: User, unit: Unit) -> bool:
    """Everyone may voice an opinion in a unit they belong to."""
    return unit.closed_on is None and standing_of(user).belongs_to(unit.pk)


def can_settle(user: User, opinion: Opinion) -> bool:
    """The unit's reporters say what became of an opinion; organisers look after the idea box."""
    if opinion.campaign.state != CampaignState.RUNNING:
        return False
    return can_triage(user, opinion.unit)


def can_triage(user: User, unit: Unit) -> bool:
    """May settle the opinions and keep the problem list of `unit`."""
    standing = standing_of(user)
    return standing.reports_for(unit) or (standing.is_organiser and standing.belongs_to(unit.pk))


def can_close_problem(user: User, problem: Problem) -> bool:
    """Those who keep the unit's problem list."""
    return problem.campaign.state == CampaignState.RUNNING and can_triage(user, problem.unit)
