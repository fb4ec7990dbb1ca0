from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from campaign.choices import CampaignState, Edge
from campaign.cloning import clone_campaign
from campaign.definition import read_definition
from campaign.models import Campaign
from campaign.services import load_campaign
from campaign.setting_up import AlreadySetUp
from tests.campaign.conftest import SHIPPED
from tests.factories import (
    ActivityFactory,
    DemandFactory,
    MembershipFactory,
    UnitFactory,
    UserFactory,
)
from units.choices import Position, UnitKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser():
    group = UnitFactory(kind=UnitKind.CAMPAIGN_GROUP)
    return MembershipFactory(unit=group, position=Position.MEMBER).user


@pytest.fixture
def campaign(organiser):
    campaign = load_campaign(read_definition(SHIPPED))
    Campaign.objects.update(campaign_group=organiser.memberships.get().unit)
    return Campaign.objects.get(pk=campaign.pk)


def clone(by, campaign, **facts):
    wanted = {"title": "新方案", "short_title": "新活动", "slug": "next", "years": 1}
    return clone_campaign(by, campaign, **wanted | facts)


def test_next_years_campaign_has_the_same_words_on_its_own_days(organiser, campaign):
    ActivityFactory(campaign=campaign)
    copy = clone(organiser, campaign)

    assert (copy.state, copy.doc_number, copy.activities.count()) == (CampaignState.DRAFT, "", 0)
    assert [
        (phase.name, phase.label, phase.starts_on, phase.ends_on, phase.departments.count())
        for phase in copy.phases.all()
    ] == [
        ("宣传发动阶段", "8月底—9月上旬", date(2020, 8, 25), date(2020, 9, 10), 4),
        ("学习讨论阶段", "9月中旬—10月中旬", date(2020, 9, 11), date(2020, 10, 20), 5),
        ("实践转化阶段", "10月下旬—12月底", date(2020, 10, 21), date(2020, 12, 31), 1),
    ]
    assert (copy.themes.count(), copy.targets.count(), copy.demands.count()) == (10, 3, 4)
    assert campaign.phases.first().starts_on == date(2019, 8, 25)


def test_relative_deadlines_count_from_the_copys_own_phases(organiser, campaign):
    second = campaign.phases.get(order=2)
    DemandFactory(
        campaign=campaign,
        order=9,
        offset=-5,
        anchor_edge=Edge.ENDS,
        anchor_phase=second,
        due_on=date(2019, 10, 14),
        opens_on=date(2016, 2, 29),
    )

    demand = clone(organiser, campaign).demands.get(order=9)

    assert demand.anchor_phase == demand.campaign.phases.get(order=2)
    assert (demand.due_on, demand.opens_on) == (date(2020, 10, 13), date(2017, 2, 28))


def test_only_who_sets_campaigns_up_may_and_an_address_is_used_once(organiser, campaign):
    with pytest.raises(PermissionDenied):
        clone(UserFactory(), campaign)
    clone(organiser, campaign)
    with pytest.raises(AlreadySetUp):
        clone(organiser, campaign)


def test_the_page_suggests_the_year_and_finds_a_free_address(client, organiser, campaign):
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    for _ in range(2):
        client.post(
            reverse("campaign:clone", args=[campaign.slug]),
            {"title": "2020年方案", "short_title": "2020年活动", "years": 1},
        )

    assert set(Campaign.objects.values_list("slug", flat=True)) == {
        "jinzhi-2019-68",
        "jinzhi-2020-68",
        "jinzhi-2020-68-2",
    }
