"""Data for other systems: the JSON interface, its description, the keys, the data package."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AuditEntry
from reports.datasets import DATASETS
from reports.models import ApiToken
from reports.openapi import document
from reports.tokens import make_token, revoke_token, user_of
from seminars.models import Opinion
from tests.factories import ActivityFactory, MembershipFactory, OpinionFactory, UnitFactory
from tests.reports.world import school_world
from units.choices import Position, UnitKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return school_world()


@pytest.fixture
def leader(world):
    group = UnitFactory(parent=world.school, kind=UnitKind.CAMPAIGN_GROUP)
    return MembershipFactory(unit=group, position=Position.CHAIR).user


def key_of(user, days=30):
    return make_token(user, "同步", days, timezone.now())[1]


def get(client, name, key, **query):
    return client.get(f"/api/v1/{name}", query, headers={"Authorization": f"Bearer {key}"})


def test_without_a_key_nothing_is_answered_even_to_who_is_signed_in(client, leader):
    client.force_login(leader)

    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic x"}):
        response = client.get("/api/v1/activities", headers=headers)
        assert response.status_code == 401
        assert response.json() == {"error": "请在 Authorization 头中给出有效的接口密钥。"}


def test_a_key_that_was_revoked_or_has_expired_opens_nothing(client, leader):
    token, key = make_token(leader, "同步", 30, timezone.now())
    assert get(client, "units", key).status_code == 200

    assert user_of(key, timezone.now() + timedelta(days=32)) is None
    revoke_token(token, by=leader, now=timezone.now())

    assert get(client, "units", key).status_code == 401


def test_a_key_of_somebody_who_left_opens_nothing(client, leader):
    key = key_of(leader)
    leader.is_active = False
    leader.save()

    assert get(client, "units", key).status_code == 401


def test_the_key_itself_is_not_kept(leader):
    key = key_of(leader)

    assert key not in str(ApiToken.objects.values_list().get())
    assert not AuditEntry.objects.filter(after__icontains=key).exists()


def test_a_secretary_reads_the_own_units_records_and_no_others(client, world):
    secretary = MembershipFactory(unit=world.committee, position=Position.SECRETARY).user

    answer = get(client, "activities", key_of(secretary)).json()

    assert {row["unit"] for row in answer["rows"]} == {world.branch.code}
    assert get(client, "progress", key_of(secretary)).status_code == 404
    assert (
        get(client, "progress", key_of(secretary), unit=world.committee.code).json()["facts"][
            "scope"
        ]["name"]
        == world.committee.name
    )


@pytest.mark.parametrize("name", DATASETS)
def test_every_row_has_exactly_the_fields_that_are_described(client, world, leader, name):
    described = document("")["components"]["schemas"][name]["properties"]

    rows = get(client, name, key_of(leader)).json()["rows"]

    assert rows
    for row in rows:
        assert list(row) == list(described)
        for field, value in row.items():
            kinds = described[field]["type"]
            written = {str: "string", int: "integer", type(None): "null"}[type(value)]
            assert written in (kinds if isinstance(kinds, list) else [kinds])


def test_every_path_of_the_description_answers(client, world, leader):
    key = key_of(leader)

    for path in document("")["paths"]:
        assert get(client, path[1:], key).status_code == 200


def test_pages_follow_each_other_without_gap_or_double(client, world, leader):
    key, seen, after = key_of(leader), [], ""
    while after is not None:
        answer = get(client, "opinions", key, limit=2, **({"after": after} if after else {})).json()
        seen += [row["id"] for row in answer["rows"]]
        after = answer["next"]

    assert sorted(seen) == sorted(str(pk) for pk in Opinion.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(("query", "fault"), [("limit=0", "limit"), ("after=x", "after")])
def test_a_wrong_parameter_is_named(client, world, leader, query, fault):
    response = client.get(
        f"/api/v1/opinions?{query}", headers={"Authorization": f"Bearer {key_of(leader)}"}
    )

    assert response.status_code == 400
    assert response.json()["error"].startswith(fault)


def test_nothing_names_a_contributor(client, world, leader):
    voice = MembershipFactory(unit=world.branch, user__name="张三丰").user
    OpinionFactory(
        campaign=world.campaign, unit=world.branch, contributor=voice, is_anonymous=False
    )

    for name in DATASETS:
        text = get(client, name, key_of(leader)).content.decode()
        assert "张三丰" not in text
        assert voice.username not in text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queries_of_a_page_do_not_grow_with_its_rows(
    client, world, leader, rows, django_assert_max_num_queries
):
    for _ in range(rows):
        ActivityFactory(campaign=world.campaign, unit=world.branch).themes.set(world.themes)
    key = key_of(leader)

    with django_assert_max_num_queries(9):
        get(client, "activities", key)


def test_the_package_has_a_sheet_a_dataset_and_a_dictionary_of_all_columns(client, world, leader):
    client.force_login(leader)

    response = client.post(reverse("reports:package"))

    book = load_workbook(BytesIO(b"".join(response)))
    assert book.sheetnames == ["数据字典", *(dataset.title for dataset in DATASETS.values())]
    explained = {
        (row[0], row[1]) for row in book["数据字典"].iter_rows(min_row=2, values_only=True)
    }
    for sheet in book.sheetnames[1:]:
        heads = next(book[sheet].iter_rows(max_row=1, values_only=True))
        assert {(sheet, head) for head in heads} <= explained
    assert book["意见建议"].max_row == 1 + Opinion.objects.filter(campaign=world.campaign).count()


def test_a_key_is_made_and_revoked_on_the_page(client, world, leader):
    client.force_login(leader)

    shown = client.post(reverse("reports:data"), {"name": "数据中心", "days": 30}).content.decode()
    key = shown.partition("<code>")[2].partition("</code>")[0]
    assert user_of(key, timezone.now()) == leader
    assert key not in client.get(reverse("reports:data")).content.decode()

    client.post(reverse("reports:revoke_token", args=[ApiToken.objects.get().pk]))
    assert user_of(key, timezone.now()) is None
