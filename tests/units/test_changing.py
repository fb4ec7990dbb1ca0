from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import AuditEntry, User
from tests.factories import ActivityFactory, MembershipFactory, UnitFactory, UserFactory
from units import services
from units.choices import Position, UnitKind
from units.models import Headcount, Membership, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return UserFactory(is_superuser=True)


@pytest.fixture
def office(client, admin):
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    return client


def send(office, route, unit, data):
    return office.post(reverse(f"units:{route}", args=[unit.code]), data)


def test_an_empty_portal_is_filled_by_its_administrator(office):
    school = UnitFactory(kind=UnitKind.SCHOOL)

    send(
        office,
        "add",
        school,
        {
            "name": "机电工程学院党总支",
            "short_name": "机电学院",
            "kind": "general_branch",
            "order": 1,
            "code": "jidian",
        },
    )
    office.post(reverse("units:add_person"), {"username": "wang", "name": "王 一"})
    unit = Unit.objects.get(code="jidian")
    send(
        office,
        "appoint",
        unit,
        {"username": "wang", "position": "secretary", "starts_on": "2019-09-01"},
    )
    send(office, "headcount", unit, {"on": "2019-09-01", "people": 42})

    post = Membership.objects.get(user__username="wang")
    assert (post.unit, post.position, post.ends_on) == (unit, Position.SECRETARY, None)
    assert Unit.objects.get_parent(unit) == school
    assert Headcount.objects.get(unit=unit).people == 42


def test_the_new_password_is_shown_once_and_works(office):
    answer = office.post(reverse("units:add_person"), {"username": "wang", "name": "王一"})

    assert User.objects.get(username="wang").check_password(answer.context["password"])
    assert answer.context["password"] in answer.content.decode()


def test_resetting_a_password_ends_the_old_one(office):
    person = UserFactory()
    person.set_password("old old old")
    person.save()

    answer = office.post(reverse("units:reset_password", args=[person.pk]))

    person.refresh_from_db()
    assert not person.check_password("old old old")
    assert person.check_password(answer.context["password"])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"username": "nobody", "position": "liaison", "starts_on": "2019-09-01"}, "没有用户名为"),
        (
            {
                "username": "li",
                "position": "liaison",
                "starts_on": "2019-09-02",
                "ends_on": "2019-09-01",
            },
            "离任日期早于任职日期",
        ),
        ({"username": "li", "position": "emperor", "starts_on": "2019-09-01"}, "emperor"),
        ({"username": "li", "position": "liaison"}, "任职日期"),
    ],
)
def test_a_wrong_appointment_says_what_to_mend_and_keeps_what_was_typed(office, data, sentence):
    UserFactory(username="li")
    unit = UnitFactory()

    answer = send(office, "appoint", unit, data)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert f'value="{data["username"]}"' in answer.content.decode()
    assert not Membership.objects.exists()


def test_a_unit_moves_with_everything_below_it_and_keeps_its_records(office):
    old, new = UnitFactory(), UnitFactory()
    unit = UnitFactory(parent=old)
    branch = UnitFactory(parent=unit)
    activity = ActivityFactory(unit=branch)

    send(office, "move", unit, {"to": new.pk})

    branch.refresh_from_db()
    assert list(Unit.objects.above(branch)) == [Unit.objects.get(pk=new.pk), unit]
    assert (activity.unit_id, AuditEntry.objects.get(action="units.move").after) == (
        branch.pk,
        {"parent": new.code},
    )


def test_a_unit_cannot_be_hung_below_itself(office):
    unit = UnitFactory()
    branch = UnitFactory(parent=unit)

    answer = send(office, "move", unit, {"to": branch.pk})

    assert (answer.status_code, "不能作为它的上级" in answer.content.decode()) == (422, True)
    assert list(Unit.objects.above(Unit.objects.get(pk=branch.pk))) == [unit]


def test_a_unit_with_open_units_below_it_cannot_be_closed(office):
    unit = UnitFactory()
    branch = UnitFactory(parent=unit, name="教师第一党支部")

    answer = send(office, "close", unit, {"on": "2019-12-31"})
    assert "教师第一党支部" in answer.content.decode()
    send(office, "close", branch, {"on": "2019-12-31"})
    send(office, "close", unit, {"on": "2019-12-31"})

    assert set(Unit.objects.values_list("closed_on", flat=True)) == {date(2019, 12, 31)}


def test_a_post_cannot_end_before_it_began(office):
    post = MembershipFactory(starts_on=date(2019, 9, 2))
    address = reverse("units:end_post", args=[post.pk])

    refused = office.post(address, {"on": "2019-09-01"})
    office.post(address, {"on": "2019-09-02"})

    post.refresh_from_db()
    assert (refused.status_code, post.ends_on) == (422, date(2019, 9, 2))


def test_administrators_cannot_lock_themselves_out(admin, office):
    answer = office.post(
        reverse("units:edit_person", args=[admin.pk]), {"name": admin.name, "email": ""}
    )

    admin.refresh_from_db()
    assert (answer.status_code, admin.is_active) == (403, True)


def test_a_sign_in_name_is_given_once_whatever_its_case(office):
    UserFactory(username="wang")

    answer = office.post(reverse("units:add_person"), {"username": "WANG", "name": "王一"})

    assert "已有人使用" in answer.content.decode()
    assert User.objects.filter(username__iexact="wang").count() == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda by, unit: services.add_unit(by, unit, code="x", name="x", short_name="x"),
        lambda by, unit: services.edit_unit(by, unit, name="x"),
        lambda by, unit: services.move_unit(by, unit, unit),
        lambda by, unit: services.close_unit(by, unit, date(2019, 1, 1)),
        lambda by, unit: services.appoint(by, unit, by, "chair", date(2019, 1, 1)),
        lambda by, unit: services.set_headcount(by, unit, date(2019, 1, 1), 5),
        lambda by, unit: services.end_post(by, unit.memberships.get(), date(2019, 1, 1)),
    ],
)
def test_the_services_refuse_who_is_not_an_administrator(change):
    post = MembershipFactory(position=Position.SECRETARY)

    with pytest.raises(PermissionDenied):
        change(post.user, post.unit)

    assert AuditEntry.objects.count() == 0


def test_people_are_found_by_part_of_their_name(office, django_assert_max_num_queries):
    for number in range(3):
        MembershipFactory(user__name=f"王{number}")
    MembershipFactory(user__name="李四")

    with django_assert_max_num_queries(12):
        answer = office.get(reverse("units:people"), {"q": "王"})

    assert [person.name for person in answer.context["people"]] == ["王0", "王1", "王2"]
