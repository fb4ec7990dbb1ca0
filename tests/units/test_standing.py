from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import User
from tests.factories import MembershipFactory, UnitFactory, UserFactory
from units.choices import Position, UnitKind
from units.models import Unit
from units.standing import Standing, standing_of

pytestmark = pytest.mark.django_db


def family():
    general = UnitFactory(kind=UnitKind.GENERAL_BRANCH)
    return general, UnitFactory(parent=general), UnitFactory(parent=general)


@pytest.mark.parametrize("position", [Position.SECRETARY, Position.LIAISON])
def test_who_reports_for_a_unit_reports_for_what_is_below_it_and_nothing_else(position):
    general, branch, sibling = family()
    of_general = standing_of(MembershipFactory(unit=general, position=position).user)
    of_branch = standing_of(MembershipFactory(unit=branch, position=position).user)

    assert [of_general.reports_for(unit) for unit in (general, branch, sibling)] == [True] * 3
    assert [of_branch.reports_for(unit) for unit in (general, branch, sibling)] == [
        False,
        True,
        False,
    ]


def test_staff_see_their_unit_but_do_not_report_for_it():
    _, branch, _ = family()

    standing = standing_of(MembershipFactory(unit=branch, position=Position.STAFF).user)

    assert (standing.is_within(branch), standing.reports_for(branch)) == (True, False)


@pytest.mark.parametrize(("days", "counts"), [(-1, False), (0, True), (1, True)])
def test_a_membership_counts_from_its_first_to_its_last_day(days, counts):
    last_day = date(2019, 9, 16)
    post = MembershipFactory(
        starts_on=last_day - timedelta(days=1), ends_on=last_day, position=Position.SECRETARY
    )

    standing = standing_of(post.user, on=last_day - timedelta(days=days))

    assert standing.is_reporter is counts


def test_a_membership_does_not_count_before_it_starts():
    post = MembershipFactory(starts_on=date(2019, 9, 16))

    assert standing_of(post.user, on=date(2019, 9, 15)) == Standing(())


def test_nobody_and_the_disabled_stand_nowhere():
    post = MembershipFactory(user__is_active=False)

    assert [standing_of(person) for person in (AnonymousUser(), post.user)] == [Standing(())] * 2


def test_a_position_in_a_closed_unit_gives_no_rights():
    post = MembershipFactory(unit__closed_on=date(2019, 1, 1), position=Position.SECRETARY)

    assert not standing_of(post.user).is_reporter


def test_a_change_of_membership_bites_on_the_next_request():
    post = MembershipFactory(position=Position.SECRETARY)
    assert standing_of(post.user).is_reporter
    post.ends_on = timezone.localdate() - timedelta(days=1)
    post.save()

    next_request = User.objects.get(pk=post.user_id)

    assert not standing_of(next_request).is_reporter


@pytest.mark.parametrize(
    ("kind", "position", "flags"),
    [
        (UnitKind.CAMPAIGN_GROUP, Position.CHAIR, (True, True, True, False, True)),
        (UnitKind.CAMPAIGN_GROUP, Position.DEPUTY_CHAIR, (True, False, True, False, True)),
        (UnitKind.CAMPAIGN_GROUP, Position.MEMBER, (False, False, True, False, True)),
        (UnitKind.PLAN_GROUP, Position.MEMBER, (False, False, False, True, True)),
        (UnitKind.BRANCH, Position.CHAIR, (False, False, False, False, False)),
    ],
)
def test_the_working_bodies_give_their_rights(kind, position, flags):
    standing = standing_of(MembershipFactory(unit__kind=kind, position=position).user)

    assert (
        standing.is_leader,
        standing.is_chair,
        standing.is_organiser,
        standing.is_reviewer,
        standing.sees_school,
    ) == flags


def test_the_visible_units_are_ones_own_subtree():
    general, branch, sibling = family()
    other = UnitFactory()
    of_branch = MembershipFactory(unit=branch).user
    of_general = MembershipFactory(unit=general).user
    of_body = MembershipFactory(unit=UnitFactory(kind=UnitKind.CAMPAIGN_GROUP)).user
    nowhere = UserFactory()

    seen = [set(Unit.objects.visible_to(user)) for user in (of_branch, of_general, nowhere)]

    assert seen == [{branch}, {general, branch, sibling}, set()]
    assert other in Unit.objects.visible_to(of_body)


def test_the_units_above_are_the_way_from_the_root():
    school = UnitFactory(kind=UnitKind.SCHOOL)
    general = UnitFactory(parent=school)
    branch = UnitFactory(parent=general)
    UnitFactory(parent=school)

    assert list(Unit.objects.above(branch)) == [school, general]
    assert list(Unit.objects.above(school)) == []
