"""Starting a draft: for whom, when, and once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from proposals.choices import ProposalKind
from proposals.models import Proposal
from proposals.services import start_draft
from tests.factories import at

NOW = at(10)


def start(college, by, unit, now=NOW, **changed):
    written = {
        "title": "延长实训室开放时间",
        "kind": ProposalKind.METHOD,
        "theme": college.theme,
        "client_key": uuid4(),
    }
    return start_draft(college.campaign, unit, by=by, now=now, **(written | changed))


def test_whoever_reports_for_a_unit_drafts_for_it_and_for_those_below(college):
    own = start(college, college.secretary, college.branch)
    below = start(college, college.committee_secretary, college.branch)

    assert (own.unit, own.author) == (college.branch, college.secretary)
    assert below.author == college.committee_secretary


@pytest.mark.parametrize("who", ["sibling_secretary", "reviewer", "staff"])
def test_nobody_drafts_for_a_unit_they_do_not_report_for(college, who):
    with pytest.raises(PermissionDenied):
        start(college, getattr(college, who), college.branch)

    assert not Proposal.objects.exists()


def test_nothing_is_drafted_while_no_phase_takes_proposals(college):
    with pytest.raises(ValidationError, match="不能起草建议"):
        start(college, college.secretary, college.branch, now=NOW + timedelta(days=400))

    assert not Proposal.objects.exists()


def test_a_draft_sent_twice_is_made_once(college):
    key = uuid4()

    first, again = (
        start(college, college.secretary, college.branch, client_key=key) for _ in range(2)
    )

    assert first == again
    assert Proposal.objects.count() == 1
