"""A small college: a committee with two branches, and one person in each place that matters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from accounts.models import User
from campaign.models import Campaign
from tests.factories import (
    ActivityFactory,
    AudienceGroupFactory,
    CampaignFactory,
    MembershipFactory,
    PhaseFactory,
    ThemeFactory,
    UnitFactory,
)
from units.choices import Position, UnitKind
from units.models import Unit

if TYPE_CHECKING:
    from playwright.sync_api import ViewportSize

PHONE: ViewportSize = {"width": 360, "height": 640}


@dataclass(frozen=True)
class College:
    campaign: Campaign
    school: Unit
    committee: Unit
    branch: Unit
    sibling: Unit
    campaign_group: Unit
    secretary: User
    liaison: User
    staff: User
    stranger: User
    committee_secretary: User
    organiser: User
    reviewer: User


@pytest.fixture
def college(db):
    school = UnitFactory(kind=UnitKind.SCHOOL, name="示例职业大学")
    committee = UnitFactory(
        parent=school, kind=UnitKind.GRASSROOTS_COMMITTEE, name="机电工程学院党委"
    )
    branch = UnitFactory(parent=committee, name="机电第一党支部")
    sibling = UnitFactory(parent=committee, name="机电第二党支部")
    campaign_group = UnitFactory(parent=school, kind=UnitKind.CAMPAIGN_GROUP, name="三大工作组")
    plan_group = UnitFactory(parent=school, kind=UnitKind.PLAN_GROUP, name="“双高计划”工作组")
    campaign = CampaignFactory(campaign_group=campaign_group, plan_group=plan_group)
    PhaseFactory(campaign=campaign)

    def person(unit, position):
        return MembershipFactory(unit=unit, position=position).user

    return College(
        campaign=campaign,
        school=school,
        committee=committee,
        branch=branch,
        sibling=sibling,
        campaign_group=campaign_group,
        secretary=person(branch, Position.SECRETARY),
        liaison=person(branch, Position.LIAISON),
        staff=person(branch, Position.STAFF),
        stranger=person(sibling, Position.SECRETARY),
        committee_secretary=person(committee, Position.SECRETARY),
        organiser=person(campaign_group, Position.MEMBER),
        reviewer=person(plan_group, Position.MEMBER),
    )


@pytest.fixture
def college_today(college):
    """The college in a phase that includes the real today, because the browser's clock is real."""
    today = timezone.localdate()
    college.campaign.phases.update(
        starts_on=today - timedelta(days=30), ends_on=today + timedelta(days=30)
    )
    ThemeFactory(campaign=college.campaign, short_title="校企合作")
    AudienceGroupFactory(campaign=college.campaign, name="教师")
    ActivityFactory(
        campaign=college.campaign,
        unit=college.branch,
        held_on=date(2019, 9, 9),
        place="教工之家",
        host="陈示例",
    )
    return college
