from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import AuditEntry
from proposals.choices import Status
from seminars.choices import ActivityStatus
from supervision.services.handover import hand_over
from tests.factories import (
    ActivityFactory,
    MembershipFactory,
    ProposalFactory,
    UnitFactory,
    UserFactory,
    at,
)
from units.choices import Position
from units.models import Membership
from units.services import IllegalChange

pytestmark = pytest.mark.django_db
LAST_DAY = date(2019, 9, 30)


@pytest.fixture
def admin():
    return UserFactory(is_superuser=True)


@pytest.fixture
def post():
    return MembershipFactory(position=Position.SECRETARY, user__name="张离任")


@pytest.fixture
def successor():
    return UserFactory(username="next", name="李接任")


def test_the_successor_holds_the_post_from_the_day_after(admin, post, successor):
    hand_over(admin, post, successor, LAST_DAY)

    terms = Membership.objects.filter(unit=post.unit).order_by("starts_on")
    assert [(term.user, term.starts_on, term.ends_on) for term in terms] == [
        (post.user, date(2019, 1, 1), LAST_DAY),
        (successor, date(2019, 10, 1), None),
    ]
    assert AuditEntry.objects.filter(action="supervision.hand_over").count() == 1


def test_open_drafts_go_over_and_what_was_recorded_keeps_its_author(admin, post, successor):
    ours = {"unit": post.unit, "created_by": post.user}
    draft = ActivityFactory(**ours, status=ActivityStatus.DRAFT)
    logged = ActivityFactory(**ours)
    elsewhere = ActivityFactory(
        unit=UnitFactory(), created_by=post.user, status=ActivityStatus.DRAFT
    )
    unsent = ProposalFactory(unit=post.unit, author=post.user)
    sent = ProposalFactory(unit=post.unit, author=post.user, submitted=True)

    passed = hand_over(admin, post, successor, LAST_DAY)

    for row in (draft, logged, elsewhere, unsent, sent):
        row.refresh_from_db()
    assert (draft.created_by, unsent.author) == (successor, successor)
    assert (logged.created_by, elsewhere.created_by, sent.author) == (post.user,) * 3
    assert sent.status == Status.SUBMITTED
    assert passed == {"activities": 1, "proposals": 1, "measures": 0}


def test_it_is_not_handed_to_the_same_or_a_disabled_person_or_before_its_first_day(admin, post):
    disabled = UserFactory(is_active=False)

    for to, day in (
        (post.user, LAST_DAY),
        (disabled, LAST_DAY),
        (UserFactory(), date(2018, 12, 31)),
    ):
        with pytest.raises(IllegalChange):
            hand_over(admin, post, to, day)

    post.refresh_from_db()
    assert post.ends_on is None
    assert Membership.objects.count() == 1


def test_only_an_administrator_hands_a_post_over(post, successor):
    with pytest.raises(PermissionDenied):
        hand_over(post.user, post, successor, LAST_DAY)


@time_machine.travel(at(10), tick=False)
def test_the_page_lists_what_goes_over_and_keeps_what_was_typed(client, admin, post, successor):
    ActivityFactory(
        unit=post.unit, created_by=post.user, status=ActivityStatus.DRAFT, title="没写完的座谈会"
    )
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("supervision:hand_over", args=[post.pk])

    before = client.get(page)
    wrong = client.post(page, {"username": "nobody", "last_day": "2019-09-30"})
    right = client.post(page, {"username": "next", "last_day": "2019-09-30"}, follow=True)

    assert "没写完的座谈会" in before.content.decode()
    assert wrong.status_code == 422
    assert "没有用户名为“nobody”的在用账户" in wrong.content.decode()
    assert "张离任已交接给李接任：活动草稿1份" in right.content.decode()
