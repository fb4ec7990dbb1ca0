from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import AuditEntry
from campaign import steering
from campaign.choices import CampaignState, DemandKind
from campaign.definition import read_definition
from campaign.models import Campaign, Demand
from campaign.services import load_campaign
from tests.campaign.conftest import SHIPPED
from tests.factories import CampaignFactory, MembershipFactory, UnitFactory
from units.choices import Position, UnitKind

pytestmark = pytest.mark.django_db

ASKED = {
    "kind": "activity",
    "title": "集中学习不少于2次",
    "unit_kinds": ["branch"],
    "activity_kinds": ["themed_party_day"],
    "quota": 2,
    "opens_on": "2019-09-11",
    "due_on": "2019-10-12",
}


@pytest.fixture
def campaign():
    group = UnitFactory(kind=UnitKind.CAMPAIGN_GROUP)
    campaign = load_campaign(read_definition(SHIPPED))
    Campaign.objects.filter(pk=campaign.pk).update(campaign_group=group)
    return Campaign.objects.get(pk=campaign.pk)


@pytest.fixture
def organiser(campaign):
    return MembershipFactory(unit=campaign.campaign_group, position=Position.MEMBER).user


@pytest.fixture
def desk(client, organiser):
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_demand_is_added_behind_the_plans_and_marked_as_the_groups(desk, campaign):
    desk.post(reverse("campaign:add_demand", args=[campaign.slug]), ASKED)

    demand = campaign.demands.order_by("-order").first()
    assert (demand.title, demand.unit_kinds, demand.due_on, demand.is_from_plan) == (
        "集中学习不少于2次",
        ["branch"],
        date(2019, 10, 12),
        False,
    )
    assert AuditEntry.objects.filter(action="campaign.add_demand").exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"due_on": "2019-09-10"}, "截止日期早于开始日期"),
        ({"quota": 0}, "数量至少为1"),
        ({"unit_kinds": ["emperor"]}, "emperor"),
        ({"title": ""}, "要求"),
    ],
)
def test_a_wrong_demand_says_what_to_mend_and_keeps_what_was_typed(
    desk, campaign, change, sentence
):
    before = campaign.demands.count()

    answer = desk.post(reverse("campaign:add_demand", args=[campaign.slug]), ASKED | change)

    page = answer.content.decode()
    assert (answer.status_code, sentence in page, "2019-09-11" in page) == (422, True, True)
    assert campaign.demands.count() == before


def test_of_a_demand_of_the_plan_only_number_and_days_can_be_set(desk, campaign):
    demand = campaign.demands.filter(is_from_plan=True).first()

    desk.post(
        reverse("campaign:edit_demand", args=[demand.pk]),
        {"title": "别的", "kind": "opinion", "quota": 3, "due_on": "2019-10-15"},
    )

    changed = Demand.objects.get(pk=demand.pk)
    assert (changed.title, changed.kind, changed.quota, changed.due_on) == (
        demand.title,
        demand.kind,
        3,
        date(2019, 10, 15),
    )


def test_a_demand_of_the_plan_cannot_be_withdrawn(desk, campaign, organiser):
    demand = campaign.demands.filter(is_from_plan=True).first()

    with pytest.raises(PermissionDenied):
        steering.withdraw_demand(organiser, demand)
    answer = desk.post(reverse("campaign:withdraw_demand", args=[demand.pk]))

    assert (answer.status_code, Demand.objects.filter(pk=demand.pk).exists()) == (403, True)


def test_a_phases_days_move_and_the_printed_label_stays(desk, campaign):
    second = campaign.phases.get(order=2)

    desk.post(
        reverse("campaign:phase", args=[second.pk]),
        {"starts_on": "2019-09-16", "ends_on": "2019-10-25", "opens": ["study", "discussion"]},
    )

    moved = campaign.phases.get(order=2)
    assert (moved.starts_on, moved.ends_on, moved.label, moved.opens) == (
        date(2019, 9, 16),
        date(2019, 10, 25),
        "9月中旬—10月中旬",
        ["study", "discussion"],
    )
    assert moved.history.count() == 2


def test_another_campaigns_group_and_a_sealed_campaign_are_refused(organiser, campaign):
    other = CampaignFactory(campaign_group=UnitFactory(kind=UnitKind.CAMPAIGN_GROUP))
    Campaign.objects.filter(pk=campaign.pk).update(state=CampaignState.SEALED)
    sealed = Campaign.objects.get(pk=campaign.pk)

    for refused in (other, sealed):
        with pytest.raises(PermissionDenied):
            steering.add_demand(organiser, refused, kind=DemandKind.KICK_OFF, title="动员")

    assert not other.demands.exists()


def test_sealing_is_not_a_setting(desk, campaign):
    answer = desk.post(
        reverse("campaign:settings", args=[campaign.slug]),
        {
            "campaign_group": campaign.campaign_group_id,
            "review_working_days": 10,
            "state": "sealed",
        },
    )

    campaign.refresh_from_db()
    assert (answer.status_code, campaign.state) == (422, CampaignState.RUNNING)
