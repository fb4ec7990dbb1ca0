"""No sequence of calls, legal or not, leads a proposal anywhere the table does not."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import sampled_from

from accounts.models import AuditEntry
from proposals.choices import Status
from proposals.models import Proposal, StatusChange
from proposals.workflow import STEPS, Closed, IllegalStep, advance
from tests.factories import A_MONDAY, at
from tests.proposals.conftest import build_college

NOW = at(10)
REFUSALS = (IllegalStep, PermissionDenied, Closed, ValidationError)
PEOPLE = ("secretary", "sibling_secretary", "staff", "reviewer", "organiser")
#: The columns each step changes along with the status.
FACTS = {
    "submit": {"submitted_at": NOW, "review_due_on": A_MONDAY},
    "return": {"return_due_on": A_MONDAY},
    "publish": {"decided_at": NOW},
    "unmerge": {"merged_into": None},
}


class ProposalMachine(RuleBasedStateMachine):
    """Any person tries any step on any proposal, read now or some steps ago."""

    proposals = Bundle("proposals")
    stale = Bundle("stale")

    @initialize()
    def found(self):
        self.example = transaction.atomic()
        self.example.__enter__()
        self.college = build_college()
        self.target = self.college.submitted()
        self.taken = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @rule(target=proposals)
    def write(self):
        return self.college.draft().pk

    @rule(target=stale, pk=proposals)
    def read(self, pk):
        return Proposal.objects.get(pk=pk)

    @rule(pk=proposals, name=sampled_from(sorted(STEPS)), person=sampled_from(PEOPLE))
    def step(self, pk, name, person):
        self._try(Proposal.objects.get(pk=pk), name, person)

    @rule(proposal=consumes(stale), name=sampled_from(sorted(STEPS)), person=sampled_from(PEOPLE))
    def late_step(self, proposal, name, person):
        self._try(proposal, name, person)

    def _try(self, proposal, name, person):
        facts = {"merged_into": self.target} if name == "merge" else FACTS.get(name, {})
        by = getattr(self.college, person)
        stored = Proposal.objects.values().get(pk=proposal.pk)
        legal = stored["status"] in STEPS[name].sources and stored["status"] == proposal.status
        try:
            advance(proposal, name, by=by, now=NOW, **facts)
        except REFUSALS:
            assert Proposal.objects.values().get(pk=proposal.pk) == stored
        else:
            self.taken += 1
            assert legal
            assert STEPS[name].allowed(by, proposal)

    @invariant()
    def every_step_has_one_history_row_and_one_line_in_the_trail(self):
        assert StatusChange.objects.count() == self.taken
        steps = [f"proposals.{name}" for name in STEPS]
        assert AuditEntry.objects.filter(action__in=steps).count() == self.taken

    @invariant()
    def the_history_of_each_proposal_leads_to_its_state_without_a_jump(self):
        for proposal in Proposal.objects.exclude(pk=self.target.pk):
            status = Status.DRAFT
            for change in proposal.status_changes.order_by("pk"):
                assert change.old == status
                assert change.old in STEPS[change.step].sources
                status = STEPS[change.step].target
                assert change.new == status
            assert proposal.status == status


@pytest.mark.django_db
def test_no_sequence_of_calls_leads_where_the_table_does_not():
    run_state_machine_as_test(
        ProposalMachine,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_every_state_that_can_be_left_is_reached_by_some_step():
    reached = {step.target for step in STEPS.values()} | {Status.DRAFT}

    assert {source for step in STEPS.values() for source in step.sources} <= reached
    assert reached == set(Status)
