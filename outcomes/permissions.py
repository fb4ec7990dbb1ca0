"""Who may do what with measures, outcomes and cases. Nobody, once the campaign is sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign.choices import CampaignState
from campaign.permissions import can_steer
from outcomes.choices import MeasureStatus, NewsStatus
from units.standing import standing_of

if TYPE_CHECKING:
    from accounts.models import User
    from campaign.models import Campaign
    from outcomes.models import Case, Measure, News, Outcome
    from units.models import Unit


def can_keep_measures(user: User, campaign: Campaign) -> bool:
    """The plan group, which revised the plan, and those who steer the campaign (S26)."""
    revises = campaign.plan_group_id is not None and standing_of(user).belongs_to(
        campaign.plan_group_id
    )
    return can_steer(user, campaign) or (revises and _is_unsealed(campaign))


def can_report_on(user: User, measure: Measure) -> bool:
    """The person responsible, and whoever reports for the responsible unit."""
    is_theirs = measure.owner_id == user.pk or standing_of(user).reports_for(measure.unit)
    return _is_unsealed(measure.campaign) and measure.status == MeasureStatus.OPEN and is_theirs


def can_close(user: User, measure: Measure) -> bool:
    """Whoever keeps the measures, but nobody what they answer for themselves."""
    is_open = measure.status == MeasureStatus.OPEN
    return is_open and measure.owner_id != user.pk and can_keep_measures(user, measure.campaign)


def can_record_outcome(user: User, campaign: Campaign, unit: Unit) -> bool:
    """Whoever reports for the unit, and those who steer the campaign."""
    reports = standing_of(user).reports_for(unit) and _is_unsealed(campaign)
    return reports or can_steer(user, campaign)


def can_write_case(user: User, outcome: Outcome) -> bool:
    """As long as it is not published, whoever may record an outcome of the unit."""
    case = getattr(outcome, "case", None)
    is_published = case is not None and case.published_at is not None
    return not is_published and can_record_outcome(user, outcome.campaign, outcome.unit)


def can_publish_case(user: User, case: Case) -> bool:
    """Those who steer the campaign decide what stands as a model for others (S29)."""
    return can_steer(user, case.outcome.campaign)


def can_reuse(user: User, case: Case, unit: Unit) -> bool:
    """Another unit's reporters say that they took it up."""
    is_another = unit.pk != case.outcome.unit_id
    is_open = case.published_at is not None and _is_unsealed(case.outcome.campaign)
    return is_open and is_another and standing_of(user).reports_for(unit)


def _is_unsealed(campaign: Campaign) -> bool:
    return campaign.state != CampaignState.SEALED


def can_write_news(user: User, campaign: Campaign, unit: Unit) -> bool:
    """Whoever reports for the unit."""
    return _is_unsealed(campaign) and standing_of(user).reports_for(unit)


def can_edit_news(user: User, news: News) -> bool:
    return news.status == NewsStatus.DRAFT and can_write_news(user, news.campaign, news.unit)


def can_approve_news(user: User, news: News) -> bool:
    """Those who steer the campaign, but nobody what they wrote themselves."""
    is_waiting = news.status == NewsStatus.SUBMITTED
    return is_waiting and news.author_id != user.pk and can_steer(user, news.campaign)


def can_take_down_news(user: User, news: News) -> bool:
    return news.status == NewsStatus.PUBLISHED and can_steer(user, news.campaign)
