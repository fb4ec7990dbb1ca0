from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.urls import reverse

from accounts.models import AuditEntry
from seminars.choices import OpinionStatus
from seminars.models import Opinion
from seminars.views import ideas
from tests.factories import CampaignFactory

IDEAS = reverse("seminars:ideas")
FOLLOW = reverse("seminars:follow")


@pytest.fixture(autouse=True)
def _nobody_counted_yet():
    cache.clear()


def an_idea(**changed):
    return {"key": str(uuid4()), "text": "希望食堂延长供餐", **changed}


def test_anyone_leaves_an_idea_and_follows_it_by_its_code(client, college):
    received = client.post(IDEAS, an_idea())
    code = received.context["code"]
    waiting = client.post(FOLLOW, {"code": code.lower()})
    Opinion.objects.update(status=OpinionStatus.SOLVED, reason="已延长到20点")
    answered = client.post(FOLLOW, {"code": code})

    assert code in received.content.decode()
    assert "还在处理" in waiting.content.decode()
    assert "已延长到20点" in answered.content.decode()


def test_the_box_asks_for_one_thing_only(client, college):
    form = client.get(IDEAS).context["form"]

    asked = [field.name for field in form if field.field.required and not field.is_hidden]
    assert asked == ["text"]


def test_a_signed_in_person_leaves_no_trace_and_stays_signed_in(client, college):
    client.force_login(college.staff, backend="django.contrib.auth.backends.ModelBackend")
    before = Session.objects.get().expire_date
    entries = AuditEntry.objects.count()

    client.get(IDEAS)
    client.post(IDEAS, an_idea())

    assert Session.objects.get().expire_date == before
    assert AuditEntry.objects.count() == entries
    assert Opinion.objects.get().contributor is None
    assert client.get(reverse("seminars:my_opinions")).status_code == 200


def test_nothing_but_the_two_rows_is_written(client, college, django_assert_max_num_queries):
    with django_assert_max_num_queries(10) as queries:
        client.post(IDEAS, an_idea())

    written = [
        query["sql"].split(" ")[2].strip('"')
        for query in queries.captured_queries
        if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
    ]
    assert written == ["seminars_opinion", "seminars_idea"]


def test_sent_twice_it_is_one_idea_with_the_same_code(client, college):
    data = an_idea()

    codes = {client.post(IDEAS, data).context["code"] for _ in range(2)}

    assert (len(codes), Opinion.objects.count()) == (1, 1)


def test_a_wrong_code_is_told_politely(client, college):
    response = client.post(FOLLOW, {"code": "AAAA-0000"})

    assert response.status_code == 422
    assert "没有找到这个查询码" in response.content.decode()


def test_too_many_ideas_from_one_address_have_to_wait(client, college, monkeypatch):
    monkeypatch.setattr(ideas, "IDEAS_AN_HOUR", 2)

    answers = [client.post(IDEAS, an_idea()).status_code for _ in range(3)]
    elsewhere = client.post(IDEAS, an_idea(), REMOTE_ADDR="198.51.100.7").status_code

    assert (answers, elsewhere) == ([200, 200, 429], 200)
    assert Opinion.objects.count() == 3


def test_a_forged_forwarding_header_does_not_get_round_the_limit(client, college, monkeypatch):
    monkeypatch.setattr(ideas, "IDEAS_AN_HOUR", 1)

    answers = [
        client.post(IDEAS, an_idea(), headers={"X-Forwarded-For": f"198.51.100.{n}"}).status_code
        for n in range(3)
    ]

    assert answers == [200, 429, 429]


def test_too_many_look_ups_have_to_wait(client, college, monkeypatch):
    monkeypatch.setattr(ideas, "LOOK_UPS_AN_HOUR", 1)

    assert client.post(FOLLOW, {"code": "x"}).status_code == 422
    assert client.post(FOLLOW, {"code": "x"})["Retry-After"] == "3600"


@pytest.mark.parametrize(
    "strange", [{"text": "\x00"}, {"key": "x"}, {"theme": "9" * 40}, {"text": "长" * 9000}]
)
def test_strange_input_is_refused_and_kept(client, college, strange):
    assert client.post(IDEAS, an_idea(**strange)).status_code == 422


def test_a_theme_of_another_campaign_is_refused(client, college):
    foreign = CampaignFactory(state="sealed")
    theme = foreign.themes.create(order=1, title="外", short_title="外")

    assert client.post(IDEAS, an_idea(theme=theme.pk)).status_code == 422
