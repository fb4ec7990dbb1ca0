"""One school in which every role has somebody."""

from dataclasses import dataclass
from datetime import date

import pytest

from accounts.models import User
from campaign.models import Campaign, Demand
from tests.factories import (
    CampaignFactory,
    DemandFactory,
    MembershipFactory,
    PhaseFactory,
    UnitFactory,
    UserFactory,
)
from units.choices import Position, UnitKind
from units.models import Unit


@dataclass
class School:
    campaign: Campaign
    demand: Demand
    school: Unit
    committee: Unit
    branch: Unit
    liaison: User
    secretary: User
    committee_secretary: User
    organiser: User
    leader: User
    reviewer: User


def person(name: str, unit: Unit, position: Position) -> User:
    user = UserFactory.create(name=name)
    MembershipFactory.create(user=user, unit=unit, position=position)
    return user


@pytest.fixture
def school(db: None) -> School:
    campaign = CampaignFactory.create()
    PhaseFactory.create(campaign=campaign, starts_on=date(2019, 9, 11), ends_on=date(2019, 12, 31))
    root = UnitFactory.create(name="学校", kind=UnitKind.SCHOOL)
    committee = UnitFactory.create(name="第一党总支", kind=UnitKind.GENERAL_BRANCH, parent=root)
    branch = UnitFactory.create(name="第一党支部", parent=committee)
    campaign_group = UnitFactory.create(kind=UnitKind.CAMPAIGN_GROUP, parent=root)
    plan_group = UnitFactory.create(kind=UnitKind.PLAN_GROUP, parent=root)
    campaign.plan_group, campaign.campaign_group = plan_group, campaign_group
    campaign.save()
    return School(
        campaign=campaign,
        demand=DemandFactory.create(campaign=campaign),
        school=root,
        committee=committee,
        branch=branch,
        liaison=person("联络员", branch, Position.LIAISON),
        secretary=person("书记", branch, Position.SECRETARY),
        committee_secretary=person("总支书记", committee, Position.SECRETARY),
        organiser=person("三大成员", campaign_group, Position.MEMBER),
        leader=person("组长", campaign_group, Position.CHAIR),
        reviewer=person("审议人", plan_group, Position.MEMBER),
    )
