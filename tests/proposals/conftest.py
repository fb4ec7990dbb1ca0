"""A small college with a plan group, and a proposal that is ready to be sent in."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import time_machine

from accounts.models import User
from campaign.choices import DocumentKind
from campaign.models import Campaign, Clause, ClauseWording, PlanDocument, PlanVersion
from tests.factories import (
    A_MONDAY,
    CampaignFactory,
    MembershipFactory,
    OpinionFactory,
    PhaseFactory,
    ProposalFactory,
    ThemeFactory,
    UnitFactory,
    at,
)
from units.choices import Position, UnitKind
from units.models import Unit

NOW = at(10)


@dataclass(frozen=True)
class College:
    campaign: Campaign
    school: Unit
    committee: Unit
    branch: Unit
    sibling: Unit
    plan_group: Unit
    secretary: User
    committee_secretary: User
    sibling_secretary: User
    staff: User
    reviewer: User
    reviewer2: User
    organiser: User

    def draft(self, **kwargs):
        """A draft by the branch's secretary that rests on an opinion."""
        facts = {"unit": self.branch, "author": self.secretary, "theme": self.theme, **kwargs}
        proposal = ProposalFactory(campaign=self.campaign, **facts)
        proposal.opinions.add(OpinionFactory(campaign=self.campaign, unit=proposal.unit))
        return proposal

    def submitted(self, **kwargs):
        return self.draft(submitted=True, **kwargs)

    @property
    def theme(self):
        return self.campaign.themes.first() or ThemeFactory(campaign=self.campaign)

    def clause(self, text: str = "实训室工作日开放至17:00。") -> Clause:
        """The only clause of version 1 of the construction plan."""
        document, _ = PlanDocument.objects.get_or_create(
            campaign=self.campaign,
            kind=DocumentKind.CONSTRUCTION_PLAN,
            defaults={"title": "“双高计划”建设方案"},
        )
        version, _ = PlanVersion.objects.get_or_create(
            document=document, number=1, defaults={"made_on": A_MONDAY}
        )
        order = document.clauses.count() + 1
        clause = Clause.objects.create(document=document, order=order, number=f"1.{order}")
        ClauseWording.objects.create(clause=clause, version=version, text=text)
        return clause


def build_college():
    school = UnitFactory(kind=UnitKind.SCHOOL, name="示例职业大学")
    committee = UnitFactory(parent=school, kind=UnitKind.GRASSROOTS_COMMITTEE, name="机电学院党委")
    branch = UnitFactory(parent=committee, name="机电第一党支部")
    sibling = UnitFactory(parent=committee, name="机电第二党支部")
    plan_group = UnitFactory(parent=school, kind=UnitKind.PLAN_GROUP, name="“双高计划”工作组")
    campaign_group = UnitFactory(parent=school, kind=UnitKind.CAMPAIGN_GROUP, name="三大工作组")
    for unit in (school, committee, branch, sibling, plan_group, campaign_group):
        unit.refresh_from_db()  # a later sibling may have moved it in the tree
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
        plan_group=plan_group,
        secretary=person(branch, Position.SECRETARY),
        committee_secretary=person(committee, Position.SECRETARY),
        sibling_secretary=person(sibling, Position.SECRETARY),
        staff=person(branch, Position.STAFF),
        reviewer=person(plan_group, Position.MEMBER),
        reviewer2=person(plan_group, Position.MEMBER),
        organiser=person(campaign_group, Position.MEMBER),
    )


@pytest.fixture
def college(db):
    return build_college()


@pytest.fixture(autouse=True)
def _on_a_monday():
    """A working day in the middle of the second phase."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
