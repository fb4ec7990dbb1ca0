"""From a sentence said in a seminar to the clause it changed, and back by links alone."""

import re
from html import unescape

from django.test import Client
from django.urls import reverse

from notices.models import Notice
from proposals.models import Reply
from tests.outcomes.test_chain import walked  # noqa: F401 - a fixture


def client_of(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def link(page, words):
    """Where the link of these words leads."""
    links = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return next(unescape(href) for href, inner in links if words in re.sub("<[^>]+>", "", inner))


def test_who_said_it_reads_the_decision_and_the_new_wording_everywhere(college, walked):  # noqa: F811
    opinion, _, proposal, _ = walked
    client = client_of(college.staff)

    mine = client.get(reverse("seminars:my_opinions")).content.decode()
    page = client.get(reverse("proposals:detail", args=[proposal.pk])).content.decode()

    reply = Reply.objects.get(recipient=college.staff)
    assert reply.text.startswith(f"您提出的意见“{opinion.text}”形成了建议")
    assert "实训室工作日开放至21:30。" in reply.text
    assert Notice.objects.filter(recipient=college.staff, kind="reply").count() == 1
    assert "实训室工作日开放至21:30。" in mine
    assert "答复：采纳" in page


def test_from_the_clause_back_to_the_seminar_by_links_alone(college, walked):  # noqa: F811
    opinion, problem, proposal, clause = walked
    client = client_of(college.secretary)

    def follow(page, words):
        return client.get(link(page, words)).content.decode()

    document = client.get(reverse("proposals:document", args=[clause.document_id]))
    page = client.get(link(document.content.decode(), clause.number)).content.decode()
    assert proposal.title in page
    chain = follow(page, "来龙去脉")
    assert "已答复" in follow(chain, proposal.number or "JY00001")
    assert problem.text in follow(chain, "问题1")
    said = follow(chain, "意见1")
    assert opinion.text in said
    seminar = follow(said, opinion.activity.title)

    assert opinion.text in seminar
