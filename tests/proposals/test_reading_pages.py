"""The list, one proposal, its reply and its versions."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from proposals.models import Proposal, Reply
from proposals.replies import rate
from tests.factories import (
    ThemeFactory,
)
from tests.proposals.deeds import NOW, answered, prepared, text_of, typed


def test_the_author_sees_nothing_of_a_prepared_decision(college, as_):
    proposal = college.submitted()
    prepared(college, proposal)

    page = text_of(as_(college.secretary).get(reverse("proposals:detail", args=[proposal.pk])))

    assert "不采纳" not in page
    assert "条件尚不具备" not in page


def test_the_author_sees_the_reply_and_rates_it_once(college, as_):
    proposal = answered(college)
    client = as_(college.secretary)
    reply = Reply.objects.get()
    address = reverse("proposals:rate", args=[reply.pk])

    page = text_of(client.get(reverse("proposals:detail", args=[proposal.pk])))
    client.post(address, {"satisfaction": "satisfied"})
    client.post(address, {"satisfaction": "dissatisfied", "note": "改主意"})

    reply.refresh_from_db()
    assert "答复：不采纳" in page
    assert "本建设期内条件尚不具备。" in page
    assert reply.satisfaction == "satisfied"


def test_dissatisfaction_needs_words(college, as_):
    answered(college)
    reply = Reply.objects.get()

    response = as_(college.secretary).post(
        reverse("proposals:rate", args=[reply.pk]), {"satisfaction": "dissatisfied"}
    )

    reply.refresh_from_db()
    assert (response.status_code, reply.satisfaction) == (422, "")


def test_only_the_recipient_rates_a_reply(college, as_):
    answered(college)
    reply = Reply.objects.get()

    response = as_(college.staff).post(
        reverse("proposals:rate", args=[reply.pk]), {"satisfaction": "satisfied"}
    )

    assert response.status_code == 404
    with pytest.raises(PermissionDenied):
        rate(reply, by=college.staff, now=NOW, satisfaction="satisfied", note="")
    assert Reply.objects.get().satisfaction == ""


def test_the_list_narrows_and_counts(college, as_):
    theme = ThemeFactory(campaign=college.campaign)
    college.draft(title="食堂排队", theme=theme)
    college.submitted(title="实训室开放", theme=theme)
    other = ThemeFactory(campaign=college.campaign)
    college.submitted(title="图书馆开放", theme=other)
    client = as_(college.secretary)

    found = client.get(
        reverse("proposals:list"), {"q": "开放", "theme": theme.pk, "status": "submitted"}
    )

    assert [p.title for p in found.context["page"].rows] == ["实训室开放"]
    assert "共1件" in text_of(found)


@pytest.mark.parametrize(
    "query", ["theme=x", "after=99999999999999999999", "before=-1", "status=x", "unit=0"]
)
def test_a_senseless_filter_narrows_nothing(college, as_, query):
    college.submitted()

    response = as_(college.secretary).get(f"{reverse('proposals:list')}?{query}")

    assert len(response.context["page"].rows) == 1


def test_pages_follow_each_other_without_gap_or_double(college, as_, monkeypatch):
    monkeypatch.setattr("proposals.views.reading.PAGE_ROWS", 2)
    for _ in range(5):
        college.submitted()
    client, address = as_(college.secretary), reverse("proposals:list")

    shown, query = [], {}
    while True:
        page = client.get(address, query).context["page"]
        shown += [proposal.pk for proposal in page.rows]
        if not page.next:
            break
        query = {"after": page.next}
    back = client.get(address, {"before": page.previous}).context["page"]

    assert shown == sorted(Proposal.objects.values_list("pk", flat=True), reverse=True)
    assert [proposal.pk for proposal in back.rows] == shown[2:4]


def test_a_version_shows_what_changed_since_the_one_before(college, as_):
    draft = college.draft()
    client = as_(college.secretary)
    client.post(
        reverse("proposals:edit", args=[draft.pk]),
        typed(draft, measures="由二级学院排班，工作日开放到22:00。"),
    )

    page = client.get(reverse("proposals:versions", args=[draft.pk])).content.decode()

    assert "<ins>" in page
    assert "<del>" in page
