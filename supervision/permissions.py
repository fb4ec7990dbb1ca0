"""Who may do what in supervision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign.choices import CampaignState
from supervision.addressees import is_addressed
from supervision.choices import Duty, FindingStatus, InspectionStatus
from units.choices import REPORTING_POSITIONS
from units.standing import standing_of

if TYPE_CHECKING:
    from accounts.models import User
    from campaign.models import Campaign, Demand
    from supervision.models import Extension, Finding, Inspection
    from supervision.owing import Obligation
    from units.models import Unit

#: What the campaign group may put off for a unit or a person.
EXTENSIBLE = frozenset(
    {
        Duty.DEMAND,
        Duty.SETTLING,
        Duty.PACKAGE,
        Duty.MEASURE,
        Duty.MILESTONE,
        Duty.FINDING,
        Duty.REFERRAL,
    }
)


def can_confirm_red(user: User) -> bool:
    """The campaign group confirms that something is overdue before leadership hears of it."""
    return standing_of(user).is_organiser


def can_read_log(user: User) -> bool:
    """The campaign group sees what was sent and why; administrators, because they mend it."""
    standing = standing_of(user)
    return standing.is_organiser or standing.is_administrator


def can_ask_extension(user: User, owed: Obligation) -> bool:
    """Whoever owes it, in person or for a unit, while it is not done and has a deadline."""
    if owed.duty not in EXTENSIBLE or owed.is_met or owed.due_on is None:
        return False
    reports = owed.unit is not None and standing_of(user).reports_for(owed.unit)
    return reports or owed.person_id == user.pk


def can_decide_extension(user: User, extension: Extension) -> bool:
    """The campaign group, but nobody on their own request."""
    return standing_of(user).is_organiser and extension.asked_by_id != user.pk


def can_say_done(user: User, unit: Unit) -> bool:
    """Whoever reports for the unit."""
    return standing_of(user).reports_for(unit)


def can_plan_inspection(user: User) -> bool:
    """Any member of the campaign group (S34)."""
    return standing_of(user).is_organiser


def can_inspect(user: User, inspection: Inspection) -> bool:
    """Those who go there, and who planned it, as long as they belong to the campaign group."""
    is_one_of_them = (
        inspection.planned_by_id == user.pk or inspection.inspectors.filter(pk=user.pk).exists()
    )
    return (
        standing_of(user).is_organiser
        and inspection.status != InspectionStatus.CALLED_OFF
        and inspection.campaign.state != CampaignState.SEALED
        and is_one_of_them
    )


def can_give_evidence(user: User, finding: Finding) -> bool:
    """Whoever answers for it, in person or for the unit, while it is open."""
    is_theirs = finding.owner_id == user.pk or standing_of(user).reports_for(
        finding.inspection.unit
    )
    return _is_open(finding) and is_theirs


def _is_open(finding: Finding) -> bool:
    """Not closed, in a campaign that is not sealed."""
    is_sealed = finding.inspection.campaign.state == CampaignState.SEALED
    return finding.status != FindingStatus.CLOSED and not is_sealed


def can_close_finding(user: User, finding: Finding) -> bool:
    """The finder, and nobody who answers for it.

    Where the finder has left the campaign group, another inspector of the same visit.
    """
    if not _is_open(finding) or finding.owner_id == user.pk:
        return False
    if standing_of(finding.found_by).is_organiser:
        return finding.found_by_id == user.pk
    return can_inspect(user, finding.inspection)


def can_return_finding(user: User, finding: Finding) -> bool:
    """Whoever may close it, once there is an answer that does not do."""
    return finding.status == FindingStatus.ANSWERED and can_close_finding(user, finding)


def can_send(user: User) -> bool:
    """The campaign group writes to those who still owe something."""
    return standing_of(user).is_organiser


def can_waive(user: User) -> bool:
    """A chair of the campaign group alone (N5)."""
    return standing_of(user).is_chair


def can_approve(user: User, demand: Demand) -> bool:
    """Members of the group that asked; of the campaign group if the demand names none."""
    group = demand.asked_by_id or demand.campaign.campaign_group_id
    return group is not None and standing_of(user).belongs_to(group)


def can_sign(user: User, campaign: Campaign, unit: Unit) -> bool:
    """Secretaries and liaisons of an addressed unit itself confirm that the plan reached it."""
    posts = standing_of(user).posts
    reports = any(
        post.unit_id == unit.pk and post.position in REPORTING_POSITIONS for post in posts
    )
    return reports and is_addressed(campaign, unit)


def can_set_up_team(user: User, unit: Unit) -> bool:
    """Whoever reports for the unit names its working team; so may an administrator."""
    standing = standing_of(user)
    return unit.closed_on is None and (standing.reports_for(unit) or standing.is_administrator)
