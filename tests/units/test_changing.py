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
        ({"username": "li", "position": "emperor", "starts_on": "2019-09-01"}, "里没有这一项了"),
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

    send(office, "move", unit, {"to": new.pk, "on": "2019-09-01"})

    branch.refresh_from_db()
    assert list(Unit.objects.above(branch)) == [Unit.objects.get(pk=new.pk), unit]
    assert (activity.unit_id, AuditEntry.objects.get(action="units.move").after) == (
        branch.pk,
        {"parent": new.code, "on": "2019-09-01"},
    )


def test_a_unit_cannot_be_hung_below_itself(office):
    unit = UnitFactory()
    branch = UnitFactory(parent=unit)

    answer = send(office, "move", unit, {"to": branch.pk, "on": "2019-09-01"})

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
        lambda by, unit: services.move_unit(by, unit, unit, date(2019, 9, 1)),
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


def test_a_new_order_number_moves_a_unit_among_its_siblings(admin):
    school = UnitFactory(kind=UnitKind.SCHOOL)
    first = UnitFactory(parent=school, order=1)
    second = UnitFactory(parent=school, order=2)

    services.edit_unit(admin, first, order=9)

    assert list(Unit.objects.filter(depth=2)) == [second, first]


def test_a_moved_unit_keeps_where_it_was_and_its_records(office, admin):
    school = UnitFactory(kind=UnitKind.SCHOOL)
    old, new = UnitFactory(parent=school, name="甲总支"), UnitFactory(parent=school, name="乙总支")
    branch = UnitFactory(parent=old)
    activity = ActivityFactory(unit=branch)

    services.move_unit(admin, branch, new, date(2019, 9, 1))

    page = office.get(reverse("units:detail", args=[branch.code])).content.decode()
    activity.refresh_from_db()
    assert "由“甲总支”划归“乙总支”" in page
    assert activity.unit == branch


def test_a_unit_is_not_moved_to_where_it_is(admin):
    school = UnitFactory(kind=UnitKind.SCHOOL)
    branch = UnitFactory(parent=school)

    with pytest.raises(services.IllegalChange):
        services.move_unit(admin, branch, school, date(2019, 9, 1))

    assert not branch.moves.exists()


def test_a_closed_unit_is_taken_back_once_the_one_above_is_open(office, admin):
    school = UnitFactory(kind=UnitKind.SCHOOL, closed_on=date(2019, 9, 2))
    branch = UnitFactory(parent=school, closed_on=date(2019, 9, 1))

    refused = send(office, "reopen", branch, {})
    services.reopen_unit(admin, school)
    send(office, "reopen", branch, {})

    branch.refresh_from_db()
    assert refused.status_code == 422
    assert "已经撤销，请先恢复它" in refused.content.decode()
    assert branch.closed_on is None


def test_the_tree_of_a_day_shows_its_posts_headcounts_and_units(office):
    unit = UnitFactory(name="机电学院", closed_on=date(2019, 10, 1))
    MembershipFactory(
        unit=unit,
        position=Position.SECRETARY,
        user__name="张前任",
        starts_on=date(2018, 1, 1),
        ends_on=date(2019, 6, 30),
    )
    Headcount.objects.create(unit=unit, on=date(2018, 9, 1), people=40)
    Headcount.objects.create(unit=unit, on=date(2019, 9, 1), people=52)

    shown = {
        day: office.get(reverse("units:tree"), {"on": day}).content.decode()
        for day in ("2019-06-30", "2019-09-30", "2019-10-01")
    }

    assert "张前任" in shown["2019-06-30"]
    assert "40人" in shown["2019-06-30"]
    assert "张前任" not in shown["2019-09-30"]
    assert "52人" in shown["2019-09-30"]
    assert "机电学院" not in shown["2019-10-01"]


def test_a_wrong_day_is_told_and_today_is_shown(office):
    unit = UnitFactory()

    page = office.get(reverse("units:tree"), {"on": "昨天"}).content.decode()

    assert "“昨天”不是日期" in page
    assert unit.name in page


def test_former_and_coming_terms_stand_on_the_units_page(office):
    unit = UnitFactory()
    MembershipFactory(
        unit=unit, user__name="赵前任", starts_on=date(2015, 1, 1), ends_on=date(2016, 1, 1)
    )
    MembershipFactory(unit=unit, user__name="钱后任", starts_on=date(2999, 1, 1))

    page = office.get(reverse("units:detail", args=[unit.code]))

    assert [post.user.name for post in page.context["former"]] == ["赵前任"]
    assert [post.user.name for post in page.context["coming"]] == ["钱后任"]


def test_a_disabled_person_keeps_their_posts_on_the_persons_page(office):
    person = UserFactory(is_active=False)
    MembershipFactory(user=person, unit__name="机电学院", ends_on=date(2019, 8, 31))

    page = office.get(reverse("units:edit_person", args=[person.pk])).content.decode()

    assert "机电学院" in page
    assert "2019年8月31日" in page
