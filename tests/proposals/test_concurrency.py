"""Two at once (safety 31): real threads, each with its own connection, on either database."""

import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from notices.models import Notice
from proposals import workflow
from proposals.choices import Status, Verdict
from proposals.decisions import Draft, look_over, prepare
from proposals.deliberation import score
from proposals.models import Decision, Proposal, Reply, StatusChange
from proposals.workflow import IllegalStep, advance, merge, submit
from seminars.choices import OpinionStatus
from seminars.models import Opinion
from seminars.services.opinions import SettledMeanwhile, settle
from tests.factories import A_MONDAY, OpinionFactory, at
from tests.proposals.conftest import build_college

pytestmark = pytest.mark.django_db(transaction=True)

NOW = at(10)
DECLINED = Draft(Verdict.DECLINED, "本建设期内条件尚不具备。")


@pytest.fixture
def college(transactional_db):
    return build_college()


def at_once(count, act):
    """What `act(number)` gave in each of so many threads that start together."""
    gate = threading.Barrier(count)

    def run(number):
        try:
            gate.wait(timeout=30)
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def client_of(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def tried(step):
    """`won` or the name of what stopped it."""
    try:
        step()
    except (IllegalStep, SettledMeanwhile, ValidationError) as error:
        return type(error).__name__
    return "won"


def test_of_twenty_who_publish_one_decision_over_http_one_wins(college):
    proposal = college.submitted()
    score(proposal, by=college.reviewer, now=NOW, accuracy=4, practicality=5)
    decision = prepare(proposal, DECLINED, by=college.reviewer, now=NOW, seen_version=None)
    look_over(decision, by=college.reviewer, now=NOW)
    clients = [client_of(college.reviewer2) for _ in range(20)]
    address = reverse("proposals:publish")

    answers = at_once(20, lambda n: clients[n].post(address, {"decisions": [decision.pk]}))

    assert {answer.status_code for answer in answers} == {302}
    assert Counter(answer.url for answer in answers)[reverse("proposals:table")] == 1
    assert StatusChange.objects.filter(step="publish").count() == 1
    assert (Reply.objects.count(), Notice.objects.filter(kind="reply").count()) == (1, 1)


def returned_at_once(college, count):
    """So many reviewers who all read the proposal before any of them returned it."""
    proposal = college.submitted()
    read = [Proposal.objects.get(pk=proposal.pk) for _ in range(count)]
    facts = {"by": college.reviewer, "now": NOW, "return_due_on": A_MONDAY}
    return at_once(count, lambda n: tried(lambda: advance(read[n], "return", **facts)))


def test_of_twenty_parallel_steps_one_wins_and_writes_one_history_row(college):
    outcomes = Counter(returned_at_once(college, 20))

    assert outcomes == {"won": 1, "IllegalStep": 19}
    assert StatusChange.objects.count() == 1


def test_without_the_guard_several_would_win(college, monkeypatch):
    """The negative control: what the guarded UPDATE is for."""

    def move_unguarded(proposals, read_as, name, **facts):
        target = workflow.STEPS[name].target
        Proposal.objects.filter(pk__in=[p.pk for p in proposals]).update(status=target, **facts)

    monkeypatch.setattr(workflow, "_move", move_unguarded)

    outcomes = Counter(returned_at_once(college, 5))

    assert outcomes == {"won": 5}
    assert StatusChange.objects.count() == 5


def test_of_fifty_parallel_edits_none_is_silently_lost(college):
    draft = college.draft()
    clients = [client_of(college.secretary) for _ in range(50)]
    address = reverse("proposals:edit", args=[draft.pk])

    def edit(number):
        data = {
            "title": draft.title,
            "kind": draft.kind,
            "theme": draft.theme_id,
            "problem": f"第{number}人写的问题",
            "measures": draft.measures,
            "target": "",
            "seen_version": 0,
        }
        return clients[number].post(address, data)

    answers = at_once(50, edit)

    winners = [n for n, answer in enumerate(answers) if answer.status_code == 302]
    draft.refresh_from_db()
    assert (draft.problem, draft.version) == (f"第{winners[0]}人写的问题", 1)
    assert len(winners) == 1
    for number, answer in enumerate(answers):
        if number != winners[0]:
            page = re.sub(r"<[^>]+>", "", answer.content.decode())
            assert answer.status_code == 409
            assert f"第{number}人写的问题" in page
            assert f"第{winners[0]}人写的问题" in page


def test_of_twenty_who_prepare_a_decision_one_is_first_and_the_others_see_it(college):
    proposal = college.submitted()
    clients = [client_of(college.reviewer) for _ in range(20)]
    address = reverse("proposals:desk_one", args=[proposal.pk])

    def decide(number):
        return clients[number].post(
            address,
            {
                "accuracy": 4,
                "practicality": 4,
                "comment": "",
                "verdict": "declined",
                "reasons": f"理由{number}。",
                "then": "decide",
            },
        )

    answers = at_once(20, decide)

    winner = next(n for n, answer in enumerate(answers) if answer.status_code == 302)
    assert Counter(answer.status_code for answer in answers) == {302: 1, 409: 19}
    assert Decision.objects.get().reasons == f"理由{winner}。"
    assert Decision.objects.get().version == 0


def test_merging_each_into_the_other_at_once_merges_one(college):
    one, other = college.submitted(), college.submitted()
    pairs = [(one, other), (other, one)]

    outcomes = at_once(
        2,
        lambda n: tried(lambda: merge(*pairs[n], by=college.reviewer, now=NOW, note="")),
    )

    assert sorted(outcomes) != ["won", "won"]
    assert Proposal.objects.filter(status=Status.MERGED).count() == 1


def test_settling_the_same_opinions_in_another_order_waits_instead_of_deadlocking(college):
    opinions = OpinionFactory.create_batch(6, campaign=college.campaign, unit=college.branch)
    orders = [opinions, opinions[::-1]] * 3

    outcomes = at_once(
        6,
        lambda n: tried(
            lambda: settle(
                [Opinion.objects.get(pk=opinion.pk) for opinion in orders[n]],
                OpinionStatus.SOLVED,
                by=college.secretary,
                reason="已解决。",
                now=NOW,
            )
        ),
    )

    assert Counter(outcomes) == {"won": 1, "SettledMeanwhile": 5}
    assert set(Opinion.objects.values_list("status", flat=True)) == {OpinionStatus.SOLVED}


def test_numbers_given_at_once_have_neither_doubles_nor_gaps(college):
    drafts = [college.draft() for _ in range(8)]

    at_once(8, lambda n: submit(drafts[n], by=college.secretary, now=NOW))

    numbers = sorted(Proposal.objects.values_list("number", flat=True))
    assert numbers == [f"JY{n:05}" for n in range(1, 9)]


def test_a_form_sent_ten_times_at_once_starts_one_draft(college):
    clients = [client_of(college.secretary) for _ in range(10)]
    data = {
        "title": "延长实训室开放时间",
        "kind": "method",
        "theme": college.theme.pk,
        "unit": college.branch.pk,
        "client_key": str(uuid4()),
    }

    answers = at_once(10, lambda n: clients[n].post(reverse("proposals:start"), data))

    draft = Proposal.objects.get()
    assert {answer.url for answer in answers} == {reverse("proposals:edit", args=[draft.pk])}
