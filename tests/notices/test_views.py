from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from notices.models import Notice
from notices.services import Message, announce_all
from notices.views import PAGE_ROWS
from tests.factories import UserFactory, at
from tests.queries import MOST_FOR_A_PAGE, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client: Client) -> User:
    """Somebody signed in."""
    user: User = UserFactory.create()
    client.force_login(user)
    return user


def tell(person: User, count: int = 1, url: str = "/notices/") -> list[Notice]:
    """That many notices, the first the oldest."""
    for number in range(count):
        message = Message(
            person, f"event:{number}", "decision", f"消息{number:02}", "正文", "执笔人", url
        )
        announce_all([message], at(10) + timedelta(minutes=number))
    return list(Notice.objects.filter(recipient=person).order_by("pk"))


def test_the_newest_notice_stands_first(client: Client, person: User):
    tell(person, 2)

    notices = client.get(reverse("notices:inbox")).context["notices"]

    assert [notice.title for notice in notices] == ["消息01", "消息00"]


def test_pages_follow_each_other_without_gap_or_double(client: Client, person: User):
    tell(person, PAGE_ROWS + 1)

    first = client.get(reverse("notices:inbox")).context
    second = client.get(reverse("notices:inbox"), {"after": first["next_after"]}).context

    titles = [notice.title for notice in [*first["notices"], *second["notices"]]]
    assert titles == [f"消息{number:02}" for number in range(PAGE_ROWS, -1, -1)]
    assert second["next_after"] is None


def test_notices_of_the_same_moment_are_not_lost_between_pages(client: Client, person: User):
    tell(person, PAGE_ROWS + 2)
    Notice.objects.update(created_at=at(10))

    first = client.get(reverse("notices:inbox")).context
    second = client.get(reverse("notices:inbox"), {"after": first["next_after"]}).context

    keys = {notice.pk for notice in [*first["notices"], *second["notices"]]}
    assert len(keys) == PAGE_ROWS + 2


@pytest.mark.parametrize("after", ["", "x", "0", "9" * 5_000, "-1"])
def test_a_position_that_is_none_shows_the_first_page(client: Client, person: User, after: str):
    tell(person)

    response = client.get(reverse("notices:inbox"), {"after": after})

    assert response.status_code == 200
    assert len(response.context["notices"]) == 1


def test_opening_marks_the_notice_and_goes_where_it_points(client: Client, person: User):
    [notice] = tell(person, url="/notices/?from=notice")

    response = client.post(reverse("notices:open", args=[notice.pk]))

    notice.refresh_from_db()
    assert response.headers["Location"] == "/notices/?from=notice"
    assert notice.opened_at is not None


@pytest.mark.parametrize("url", ["https://example.com/", "//example.com/", ""])
def test_opening_never_leaves_the_portal(client: Client, person: User, url: str):
    [notice] = tell(person, url=url)

    response = client.post(reverse("notices:open", args=[notice.pk]))

    assert response.headers["Location"] == reverse("notices:detail", args=[notice.pk])


def test_looking_changes_nothing(client: Client, person: User):
    [notice] = tell(person)

    client.get(reverse("notices:inbox"))
    client.get(reverse("notices:detail", args=[notice.pk]))
    refused = client.get(reverse("notices:open", args=[notice.pk]))

    notice.refresh_from_db()
    assert refused.status_code == 405
    assert notice.opened_at is None


def test_all_can_be_marked_at_once_and_only_ones_own(client: Client, person: User):
    tell(person, 2)
    other = UserFactory.create()
    tell(other)

    client.post(reverse("notices:open_all"))

    assert Notice.objects.unread().filter(recipient=person).count() == 0
    assert Notice.objects.unread().filter(recipient=other).count() == 1


@pytest.mark.parametrize(("name", "method"), [("detail", "get"), ("open", "post")])
def test_another_persons_notice_does_not_exist(
    client: Client, person: User, name: str, method: str
):
    [notice] = tell(UserFactory.create())

    response = getattr(client, method)(reverse(f"notices:{name}", args=[notice.pk]))

    notice.refresh_from_db()
    assert response.status_code == 404
    assert notice.opened_at is None


def test_a_notice_says_why_it_came_and_how_it_was_sent(client: Client, person: User):
    [notice] = tell(person)

    page = client.get(reverse("notices:detail", args=[notice.pk])).content.decode()

    assert "为什么收到" in page
    assert "执笔人" in page
    assert "电子邮件：待发送" in page


def test_an_empty_inbox_says_what_will_stand_there(client: Client, person: User):
    page = client.get(reverse("notices:inbox")).content.decode()

    assert "这里会列出发给您的消息" in page


def test_the_inbox_costs_the_same_queries_for_one_notice_and_for_three(
    client: Client, person: User
):
    tell(person, 1)
    one = queries_of(lambda: client.get(reverse("notices:inbox")))
    tell(person, 3)
    three = queries_of(lambda: client.get(reverse("notices:inbox")))

    assert one == three <= MOST_FOR_A_PAGE
