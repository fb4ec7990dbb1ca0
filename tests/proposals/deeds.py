"""What tests of proposals' pages do before they look: prepare, answer, link sources."""

import re

from proposals.choices import Verdict
from proposals.decisions import Draft, look_over, prepare
from proposals.deliberation import score
from proposals.publishing import publish
from tests.factories import (
    ActivityFactory,
    OpinionFactory,
    at,
)

NOW = at(10)
DECLINED = Draft(Verdict.DECLINED, "本建设期内条件尚不具备。")


def text_of(response):
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", response.content.decode()))


def prepared(college, proposal, draft=DECLINED):
    score(proposal, by=college.reviewer, now=NOW, accuracy=4, practicality=5)
    decision = prepare(proposal, draft, by=college.reviewer, now=NOW, seen_version=None)
    look_over(decision, by=college.reviewer, now=NOW)
    return decision


def answered(college, **kwargs):
    proposal = college.submitted(**kwargs)
    decision = prepared(college, proposal)
    publish(college.campaign, [decision.pk], by=college.reviewer, now=NOW)
    return proposal


def sourced(proposal, count):
    for _ in range(count):
        facts = {"campaign": proposal.campaign, "unit": proposal.unit}
        proposal.opinions.add(OpinionFactory(**facts))
        proposal.activities.add(ActivityFactory(**facts))
    return proposal


def typed(proposal, **changed):
    return {
        "title": proposal.title,
        "kind": proposal.kind,
        "theme": proposal.theme_id,
        "problem": proposal.problem,
        "measures": proposal.measures,
        "target": "",
        "seen_version": proposal.version,
        **changed,
    }
