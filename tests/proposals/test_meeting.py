"""The meeting one by one, and the replies that did not satisfy."""

from django.test import Client
from django.urls import reverse

from proposals.decisions import prepare
from proposals.models import Decision, Reply
from proposals.replies import rate
from tests.proposals.test_decisions import DECLINED, NOW, prepared, publish_all
from tests.queries import queries_of


def client_of(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_meeting_goes_from_one_decision_to_the_next(college):
    first, second = college.submitted(title="第一件"), college.submitted(title="第二件")
    for proposal in (first, second):
        decision = prepared(college, proposal)
        Decision.objects.filter(pk=decision.pk).update(looked_over_at=None, looked_over_by=None)
    client = client_of(college.reviewer)
    one, two = Decision.objects.order_by("pk")

    page = client.get(reverse("proposals:meeting")).content.decode()
    answer = client.post(
        reverse("proposals:look_over", args=[one.pk]),
        {"version": one.version, "then": "agree", "meeting": two.pk},
        follow=True,
    )

    assert ("第一件" in page, "第1项，共2项" in page) == (True, True)
    assert "第2项，共2项" in answer.content.decode()
    one.refresh_from_db()
    assert one.looked_over_by == college.reviewer


def test_an_empty_meeting_and_a_senseless_place_are_answered(college):
    client = client_of(college.reviewer)
    assert client.get(reverse("proposals:meeting"), {"at": "x"}).status_code == 200

    prepare(college.submitted(), DECLINED, by=college.reviewer, now=NOW, seen_version=None)

    assert "第1项" in client.get(reverse("proposals:meeting"), {"at": "99"}).content.decode()


def test_a_complaint_is_listed_answered_and_then_gone(college):
    publish_all(college, prepared(college, college.submitted(title="延长开放")))
    reply = Reply.objects.get()
    rate(reply, by=college.secretary, now=NOW, satisfaction="dissatisfied", note="没有说明原因")
    client = client_of(college.reviewer)
    address = reverse("proposals:complaint", args=[reply.pk])

    listed = client.get(reverse("proposals:complaints")).content.decode()
    empty = client.post(address, {"text": " "})
    answered = client.post(address, {"text": "已约谈说明。"}, follow=True)
    again = client.post(address, {"text": "又一次。"}, follow=True)

    assert ("没有说明原因" in listed, "待再次答复" in listed) == (True, True)
    assert empty.status_code == 422
    assert "再次答复已发出" in answered.content.decode()
    assert "每份只再办一次" in again.content.decode()
    reply.refresh_from_db()
    assert reply.second_text == "已约谈说明。"


def test_the_lists_cost_the_same_with_three_as_with_one(college):
    client = client_of(college.reviewer)
    pages = [reverse("proposals:complaints"), reverse("proposals:meeting")]

    def unhappy():
        publish_all(college, prepared(college, college.submitted()))
        reply = Reply.objects.latest("pk")
        rate(reply, by=college.secretary, now=NOW, satisfaction="dissatisfied", note="不清楚")
        prepared(college, college.submitted())

    unhappy()
    [client.get(page) for page in pages]
    one = [queries_of(lambda page=page: client.get(page)) for page in pages]
    unhappy()
    unhappy()
    three = [queries_of(lambda page=page: client.get(page)) for page in pages]

    assert three == one
