"""Campaigns of every shape, loaded and walked: each page answers for each of them."""

from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from campaign.choices import CampaignState, Gate
from campaign.entry_forms import LISTS
from campaign.gates import is_open, phase_on
from campaign.models import Campaign
from tests.campaign.conftest import SHIPPED
from tests.factories import MembershipFactory, UnitFactory, at
from units.choices import Position, UnitKind

pytestmark = pytest.mark.django_db

SHAPES = sorted((Path(__file__).parent / "definitions").glob("*.toml"))


def loaded(file):
    call_command("load_campaign", str(file), verbosity=0)
    return Campaign.objects.latest("pk")


@pytest.fixture
def school():
    return UnitFactory(kind=UnitKind.SCHOOL)


@pytest.fixture
def organiser(school):
    group = UnitFactory(kind=UnitKind.CAMPAIGN_GROUP, parent=school)
    return MembershipFactory(unit=group, position=Position.MEMBER).user


@pytest.fixture
def secretary(school):
    college = UnitFactory(kind=UnitKind.GENERAL_BRANCH, parent=school)
    return MembershipFactory(unit=college, position=Position.SECRETARY).user


#: Pages that need no argument; who may not see one is sent away or refused, but never an error.
PLAIN = (
    "home",
    "campaign:plan",
    "campaign:campaigns",
    "seminars:activities",
    "seminars:opinions",
    "seminars:problems",
    "seminars:study",
    "proposals:list",
    "proposals:documents",
    "supervision:owed_list",
    "supervision:calendar",
    "supervision:handed_in",
    "reports:cockpit",
    "reports:index",
    "units:tree",
)
OF_A_CAMPAIGN = (
    "campaign:plan_of",
    "campaign:timeline",
    "campaign:settings",
    "campaign:add_phase",
    "campaign:sub_topics",
    "campaign:clone",
    "campaign:load_document",
    "supervision:add_demand",
)


def addresses(campaign):
    slug = campaign.slug
    yield from (reverse(route) for route in PLAIN)
    yield from (reverse(route, args=[slug]) for route in OF_A_CAMPAIGN)
    yield from (reverse("campaign:entries", args=[slug, name]) for name in LISTS)
    yield from (reverse("campaign:switch_gate", args=[slug, gate]) for gate in Gate)
    for phase in campaign.phases.all():
        yield reverse("supervision:phase", args=[phase.pk])
        yield from (reverse("supervision:step", args=[step.pk]) for step in phase.steps.all())
    yield from (reverse("supervision:edit_demand", args=[one.pk]) for one in campaign.demands.all())


@pytest.mark.parametrize("file", [SHIPPED, *SHAPES], ids=lambda file: file.stem)
def test_every_page_answers_for_a_campaign_of_this_shape(client, organiser, secretary, file):
    campaign = loaded(file)
    first = campaign.phases.first()
    group = organiser.memberships.get().unit
    Campaign.objects.filter(pk=campaign.pk).update(campaign_group=group, plan_group=group)

    with time_machine.travel(at(10, on=first.starts_on if first else date(2021, 4, 7))):
        for person, allowed in ((organiser, {200}), (secretary, {200, 403, 404})):
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
            answers = {address: client.get(address).status_code for address in addresses(campaign)}
            wrong = {address: code for address, code in answers.items() if code not in allowed}
            assert wrong == {}
        assert client.get(reverse("seminars:log")).status_code == 200


def test_a_campaign_in_preparation_is_seen_by_its_group_only(client, organiser, secretary):
    campaign = loaded(SHAPES[0])
    group = organiser.memberships.get().unit
    Campaign.objects.update(campaign_group=group, state=CampaignState.DRAFT)
    address = reverse("campaign:plan_of", args=[campaign.slug])

    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(address).status_code == 200
    client.force_login(secretary, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(address).status_code == 404


def shape(name):
    return next(file for file in SHAPES if file.stem == name)


def test_relative_times_of_a_definition_are_resolved_over_national_day():
    campaign = loaded(shape("relative"))

    second = campaign.phases.get(order=2)
    before = campaign.phases.get(order=1).steps.get(order=2)
    assert (second.starts_on, second.ends_on) == (date(2019, 9, 21), date(2019, 10, 16))
    assert (before.starts_on, before.ends_on) == (date(2019, 9, 17), date(2019, 9, 19))
    assert list(campaign.demands.values_list("due_label", "due_on")) == [
        ("会后10个工作日内", date(2019, 10, 10)),
        ("学习结束前5个工作日", date(2019, 10, 10)),
    ]


def test_loading_again_keeps_what_the_group_set(tmp_path):
    campaign = loaded(shape("no_phases"))
    campaign.demands.update(due_on=date(2021, 6, 10), grace_days=2)
    file = shape("no_phases").read_text(encoding="utf-8").replace("due_on = 2021-05-31\n", "")
    again = tmp_path / "again.toml"
    again.write_text(file, encoding="utf-8")

    loaded(again)

    demand = campaign.demands.get()
    assert (demand.due_on, demand.grace_days, demand.quota) == (date(2021, 6, 10), 2, 5)


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        ("days_and_hours", date(2022, 5, 15), None),
        ("days_and_hours", date(2022, 5, 16), "开幕"),
        ("days_and_hours", date(2022, 5, 17), "专题交流"),
        ("days_and_hours", date(2022, 5, 18), None),
        ("parallel", date(2023, 3, 10), "作风建设行动"),
        ("parallel", date(2023, 3, 11), "作风建设行动"),
        ("parallel", date(2023, 5, 20), "教学改革行动"),
        ("parallel", date(2023, 5, 21), None),
        ("relative", date(2019, 10, 16), "学习"),
        ("relative", date(2019, 10, 17), None),
        ("no_phases", date(2021, 4, 7), None),
    ],
)
def test_the_first_and_last_day_of_each_phase_belong_to_it(name, day, expected):
    phase = phase_on(loaded(shape(name)), day)

    assert (phase.name if phase else None) == expected


def test_where_phases_overlap_what_either_opens_is_open():
    campaign = loaded(shape("parallel"))
    day = date(2023, 3, 20)

    assert (is_open(campaign, Gate.STUDY, day), is_open(campaign, Gate.PROPOSALS, day)) == (
        True,
        True,
    )
    assert not is_open(campaign, Gate.STUDY, date(2023, 5, 1))
