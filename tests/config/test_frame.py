"""The frame around every page."""

from datetime import date

import pytest
from django.test import RequestFactory

from campaign.choices import CampaignState
from config.frame import ENTRIES, Entry, _places, build_frame
from core.frame import PhaseState
from tests.factories import CampaignFactory, MembershipFactory, PhaseFactory, UserFactory
from units.choices import Position

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of_a_person():
    request = RequestFactory().get("/notices/")
    request.user = UserFactory.create(name="李样")
    return request


def test_the_frame_costs_three_queries(request_of_a_person, django_assert_num_queries):
    campaign = CampaignFactory.create(state=CampaignState.RUNNING)
    PhaseFactory.create_batch(3, campaign=campaign)

    with django_assert_num_queries(3):
        build_frame(request_of_a_person, on=date(2019, 9, 16))


def test_a_page_that_does_not_show_the_frame_asks_nothing(
    request_of_a_person, django_assert_num_queries
):
    from config.frame import frame

    with django_assert_num_queries(0):
        frame(request_of_a_person)


def test_only_the_newest_running_campaign_gives_its_phases(request_of_a_person):
    old = CampaignFactory.create(state=CampaignState.RUNNING)
    PhaseFactory.create(campaign=old, name="旧阶段")
    new = CampaignFactory.create(state=CampaignState.RUNNING, short_title="大学习")
    PhaseFactory.create(
        campaign=new, name="学习讨论", starts_on=date(2019, 9, 11), ends_on=date(2019, 10, 20)
    )
    sealed = CampaignFactory.create(state=CampaignState.SEALED)
    PhaseFactory.create(campaign=sealed)

    shown = build_frame(request_of_a_person, on=date(2019, 9, 11))

    assert shown.campaign_title == "大学习"
    assert [(mark.name, mark.state, mark.day) for mark in shown.phases] == [
        ("学习讨论", PhaseState.CURRENT, 1)
    ]


def test_what_the_rail_has_no_room_for_goes_into_the_menu(request_of_a_person, monkeypatch):
    entries = [Entry(f"第{n}项", "notices:inbox", "inbox") for n in range(9)]
    monkeypatch.setattr("config.frame.ENTRIES", entries)

    shown = build_frame(request_of_a_person, on=date(2019, 9, 16))

    assert [place.label for place in shown.places] == [f"第{n}项" for n in range(7)]
    assert [place.label for place in shown.more_places] == ["第7项", "第8项"]


def test_an_entry_for_others_is_not_shown(request_of_a_person, monkeypatch):
    entries = [Entry("审议", "notices:inbox", "review", can_see=lambda user: user.is_staff)]
    monkeypatch.setattr("config.frame.ENTRIES", entries)

    assert build_frame(request_of_a_person, on=date(2019, 9, 16)).places == ()


def test_the_bottom_bar_has_at_most_four_places():
    assert sum(entry.on_phone for entry in ENTRIES) <= 4


def test_without_a_campaign_the_frame_still_names_the_person(request_of_a_person):
    shown = build_frame(request_of_a_person, on=date(2019, 9, 16))

    assert (shown.person_name, shown.phases, shown.phase) == ("李样", (), None)


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", ["首页"]),
        ("/notices/", ["消息"]),
        ("/notices/7/", ["消息"]),
        ("/units/", ["消息"]),
        ("/me/", []),
    ],
)
def test_the_place_that_leads_furthest_is_current(path, current):
    entries = (
        Entry("首页", "home", "home"),
        Entry("消息", "notices:inbox", "inbox", also=("units:tree",)),
    )

    places = _places(entries, path)

    assert [place.label for _, place in places if place.current] == current


def test_only_those_who_report_for_a_unit_are_offered_to_log(request_of_a_person):
    assert build_frame(request_of_a_person, on=date(2019, 9, 16)).log_url == ""

    reporter = MembershipFactory.create(position=Position.SECRETARY).user
    request_of_a_person.user = reporter

    assert build_frame(request_of_a_person, on=date(2019, 9, 16)).log_url == "/activities/new/"
