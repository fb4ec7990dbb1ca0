from datetime import date

import pytest
from django.urls import reverse

from tests.factories import MembershipFactory, UnitFactory
from units.choices import Position, UnitKind
from units.models import Headcount, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser(client):
    group = UnitFactory(kind=UnitKind.CAMPAIGN_GROUP)
    user = MembershipFactory(unit=group, position=Position.MEMBER).user
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def grow(parent, branches):
    for _ in range(branches):
        branch = UnitFactory(parent=parent)
        MembershipFactory(unit=branch, position=Position.SECRETARY)
        Headcount.objects.create(unit=branch, on=date(2019, 1, 1), people=30)


@pytest.mark.parametrize("route", ["units:tree", "units:detail"])
def test_the_number_of_queries_does_not_grow_with_the_tree(
    organiser, django_assert_max_num_queries, route
):
    school = UnitFactory(kind=UnitKind.SCHOOL, code="school")
    address = reverse(route, args=["school"] if route == "units:detail" else [])
    grow(school, 1)
    with django_assert_max_num_queries(20) as first:
        organiser.get(address)
    grow(school, 2)

    with django_assert_max_num_queries(20) as second:
        organiser.get(address)

    assert len(second) == len(first)


def test_the_tree_shows_the_headcount_in_force_today(organiser):
    unit = UnitFactory()
    Headcount.objects.create(unit=unit, on=date(2019, 1, 1), people=30)
    Headcount.objects.create(unit=unit, on=date(2019, 9, 1), people=28)
    Headcount.objects.create(unit=unit, on=date(2999, 1, 1), people=99)

    rows = organiser.get(reverse("units:tree")).context["rows"]

    assert {row.unit: row.people for row in rows}[unit] == 28


def test_a_closed_unit_leaves_the_tree_but_keeps_its_page(organiser):
    unit = UnitFactory(closed_on=date(2019, 1, 1))

    rows = organiser.get(reverse("units:tree")).context["rows"]
    page = organiser.get(reverse("units:detail", args=[unit.code]))

    assert unit not in {row.unit for row in rows}
    assert "撤销" in page.content.decode()


def test_a_sibling_units_page_is_the_same_404_as_one_that_does_not_exist(client):
    general = UnitFactory(kind=UnitKind.GENERAL_BRANCH)
    sibling = UnitFactory(parent=general)
    user = MembershipFactory(unit=UnitFactory(parent=general), position=Position.SECRETARY).user
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    answers = [client.get(reverse("units:detail", args=[c])) for c in (sibling.code, "nowhere")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert Unit.objects.filter(pk=sibling.pk).exists()


def test_a_folded_unit_says_how_many_are_below_it(organiser, monkeypatch):
    monkeypatch.setattr("units.rows.LONGEST_LIST", 2)
    school = UnitFactory(name="学校", kind=UnitKind.SCHOOL)
    for _ in range(2):
        UnitFactory(parent=UnitFactory(parent=school))

    page = organiser.get(reverse("units:detail", args=[school.code]))

    assert [row.folded for row in page.context["below"]] == [1, 1]
    assert "下属1个单位" in page.content.decode()
