"""A small school in which every row of the permission matrix is tried.

    school ─┬─ general branch ─┬─ branch          (secretary, staff)
            │                  └─ sibling branch  (sibling)
            ├─ plan group       (reviewer)
            └─ campaign group   (organiser, leader as chair)

The records belong to the branch; the secretary made them.
"""

from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from campaign.models import Campaign
from tests.factories import (
    ActivityFactory,
    CampaignFactory,
    MembershipFactory,
    OpinionFactory,
    PhaseFactory,
    ProposalFactory,
    ThemeFactory,
    UnitFactory,
    UserFactory,
)
from units.choices import Position, UnitKind
from units.models import Unit


@dataclass
class World:
    people: dict[str, User]
    branch: Unit
    campaign: Campaign
    activity: Any
    opinion: Any
    proposal: Any
    #: Further records that one app's rows need, kept by name.
    more: dict[str, Any] = field(default_factory=dict)


def make_world():
    school = UnitFactory(kind=UnitKind.SCHOOL)
    general = UnitFactory(parent=school, kind=UnitKind.GENERAL_BRANCH)
    branch = UnitFactory(parent=general)
    sibling = UnitFactory(parent=general)
    plan_group = UnitFactory(parent=school, kind=UnitKind.PLAN_GROUP)
    campaign_group = UnitFactory(parent=school, kind=UnitKind.CAMPAIGN_GROUP)
    posts = {
        "staff": (branch, Position.STAFF),
        "secretary": (branch, Position.SECRETARY),
        "sibling": (sibling, Position.SECRETARY),
        "general": (general, Position.SECRETARY),
        "reviewer": (plan_group, Position.MEMBER),
        "organiser": (campaign_group, Position.MEMBER),
        "leader": (campaign_group, Position.CHAIR),
    }
    people = {
        name: MembershipFactory(user__username=name, unit=unit, position=position).user
        for name, (unit, position) in posts.items()
    }
    people["admin"] = UserFactory(username="admin", is_staff=True, is_superuser=True)
    campaign = CampaignFactory(plan_group=plan_group, campaign_group=campaign_group)
    PhaseFactory(campaign=campaign)
    theme = ThemeFactory(campaign=campaign)
    secretary = people["secretary"]
    activity = ActivityFactory(campaign=campaign, unit=branch, created_by=secretary)
    opinion = OpinionFactory(campaign=campaign, unit=branch, theme=theme)
    proposal = ProposalFactory(
        campaign=campaign, unit=branch, author=secretary, theme=theme, submitted=True
    )
    proposal.opinions.add(opinion)
    return World(people, branch, campaign, activity, opinion, proposal)
