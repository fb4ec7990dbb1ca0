from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outcomes.chain import (
    STAGES,
    chain_of_clause,
    chain_of_opinion,
    chain_of_problem,
    chain_of_proposal,
)
from outcomes.choices import MeasureStatus, OutcomeKind
from outcomes.models import Measure, Outcome
from proposals.choices import Verdict
from proposals.decisions import Draft, NewWording, look_over, prepare
from proposals.deliberation import score
from proposals.models import Decision
from proposals.publishing import publish
from proposals.workflow import merge, submit
from seminars.choices import OpinionSource
from seminars.services.opinions import list_as_problem
from tests.factories import ActivityFactory, OpinionFactory, at
from tests.queries import MOST_FOR_A_PAGE, queries_of

NOW = at(10)


def labels(chain):
    return {
        stage.name: [node.label for node in stage.nodes] for stage in chain.stages if stage.nodes
    }


def origins(chain):
    """Where each node comes from, in words."""
    return {node.label: origin for _, nodes in chain.named() for node, origin in nodes if origin}


def adopted(college, *proposals, text="实训室工作日开放至21:30。"):
    """Prepared, looked over and published together."""
    clause = college.clause()
    for number, proposal in enumerate(proposals):
        score(proposal, by=college.reviewer, now=NOW, accuracy=5, practicality=4)
        base = clause.wordings.latest("pk").text if number == 0 else text * number
        plan = Draft(
            Verdict.ADOPTED,
            "问题具体。",
            revisions=[NewWording(clause, base, text * (number + 1))],
        )
        decision = prepare(proposal, plan, by=college.reviewer, now=NOW, seen_version=None)
        look_over(decision, by=college.reviewer, now=NOW)
    keys = Decision.objects.values_list("pk", flat=True)
    publish(college.campaign, list(keys), by=college.reviewer2, now=NOW)
    return clause


@pytest.fixture
def walked(college):
    """An opinion of a seminar, listed as a problem, proposed, adopted, made into a measure."""
    activity = ActivityFactory(
        campaign=college.campaign, unit=college.branch, created_by=college.secretary
    )
    opinion = OpinionFactory(
        campaign=college.campaign,
        unit=college.branch,
        activity=activity,
        source=OpinionSource.ACTIVITY,
        contributor=college.staff,
        is_anonymous=False,
        text="晚上想练手，实训室却锁着门。",
    )
    problem = list_as_problem(
        [opinion],
        by=college.secretary,
        unit=college.branch,
        text="实训室晚间不开放",
        theme=college.theme,
        now=NOW,
    )
    proposal = college.draft()
    proposal.opinions.clear()
    proposal.problems.add(problem)
    submit(proposal, by=college.secretary, now=NOW)
    clause = adopted(college, proposal)
    measure = Measure.objects.create(
        campaign=college.campaign,
        revision=proposal.decision.revisions.get(),
        theme=college.theme,
        title="实训室晚间排班",
        unit=college.branch,
        owner=college.secretary,
        indicator="工作日开放到21:30",
        due_on=date(2019, 12, 31),
        status=MeasureStatus.OPEN,
    )
    Outcome.objects.create(
        campaign=college.campaign,
        unit=college.branch,
        theme=college.theme,
        kind=OutcomeKind.PRACTICE,
        title="晚间开放已满一月",
        measure=measure,
        achieved_on=date(2019, 9, 16),
    )
    return opinion, problem, proposal, clause


def test_the_same_chain_is_walked_from_either_end_and_from_the_middle(college, walked):
    opinion, problem, proposal, clause = walked
    reader = college.secretary

    chains = [
        chain_of_opinion(opinion, reader),
        chain_of_problem(problem, reader),
        chain_of_proposal(proposal, reader),
        chain_of_clause(clause, reader),
    ]

    assert [labels(chain) for chain in chains] == 4 * [
        {
            "意见": ["意见1"],
            "问题": ["问题1"],
            "建议": ["JY00001"],
            "决定": ["采纳"],
            "条款": ["1.1"],
            "举措": ["举措1"],
            "成果": ["成果1"],
        }
    ]
    assert origins(chains[0]) == {
        "问题1": "意见1",
        "JY00001": "问题1",
        "采纳": "JY00001",
        "1.1": "采纳",
        "举措1": "1.1",
        "成果1": "举措1",
    }
    assert all(len(chain.paths) == len(STAGES) - 1 for chain in chains)


def test_each_node_of_the_way_back_from_the_clause_can_be_opened(college, walked):
    *_, clause = walked
    client = Client()
    client.force_login(college.secretary, backend="django.contrib.auth.backends.ModelBackend")
    chain = chain_of_clause(clause, college.secretary)

    opened = [
        client.get(node.url.partition("#")[0]).status_code
        for stage in chain.stages[:5]
        for node in stage.nodes
    ]

    assert opened == [200] * 5


def test_merged_proposals_lead_into_the_decision_of_the_main_one(college):
    main, part = college.submitted(number="JY00001"), college.submitted(number="JY00002")
    merge(part, main, by=college.reviewer, now=NOW, note="")
    adopted(college, main)

    chain = chain_of_proposal(part, college.secretary)

    assert labels(chain)["建议"] == ["JY00001", "JY00002"]
    assert origins(chain)["采纳"] == "JY00001、JY00002"


def test_a_sibling_sees_number_and_clause_but_neither_words_nor_ways_in(college, walked):
    *_, clause = walked

    chain = chain_of_clause(clause, college.sibling_secretary)

    seen = [(node.label, node.text, node.url) for stage in chain.stages for node in stage.nodes]
    assert seen[:2] == [("JY00001", "", ""), ("已有决定", "", "")]
    assert (chain.stages[0].unseen, chain.stages[1].unseen) == (1, 1)


def test_a_prepared_decision_is_in_no_picture(college):
    proposal = college.submitted()
    score(proposal, by=college.reviewer, now=NOW, accuracy=5, practicality=4)
    prepare(
        proposal,
        Draft(Verdict.DECLINED, "条件尚不具备。"),
        by=college.reviewer,
        now=NOW,
        seen_version=None,
    )

    assert set(labels(chain_of_proposal(proposal, college.reviewer))) == {"意见", "建议"}


def test_drafts_of_others_are_not_in_the_picture(college):
    proposal, other = college.submitted(), college.draft()
    other.opinions.set(proposal.opinions.all())

    chain = chain_of_opinion(proposal.opinions.get(), college.secretary)

    assert len(labels(chain)["建议"]) == 1


def test_what_does_not_fit_is_counted(college, monkeypatch):
    monkeypatch.setattr("outcomes.chain.MOST_SHOWN", 2)
    proposal = college.submitted()
    proposal.opinions.add(
        *OpinionFactory.create_batch(3, campaign=college.campaign, unit=college.branch)
    )

    said = chain_of_proposal(proposal, college.secretary).stages[0]

    assert (len(said.nodes), said.more) == (2, 2)


def test_the_page_costs_the_same_with_many_sources_as_with_one(college):
    client = Client()
    client.force_login(college.secretary, backend="django.contrib.auth.backends.ModelBackend")
    proposal = college.submitted(submitted_at=timezone.now())
    address = reverse("outcomes:proposal_chain", args=[proposal.pk])
    client.get(address)

    one = queries_of(lambda: client.get(address))
    proposal.opinions.add(
        *OpinionFactory.create_batch(3, campaign=college.campaign, unit=college.branch)
    )
    many = queries_of(lambda: client.get(address))

    assert (many, one <= MOST_FOR_A_PAGE) == (one, True)
