"""The calls people make, in any order: each change of state is in the table and in the history."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import sampled_from

from notices.models import Notice
from proposals import workflow
from proposals.choices import Status, Verdict
from proposals.decisions import DecisionChanged, Draft, look_over, prepare
from proposals.deliberation import AlreadySeen, abstain, recuse, score
from proposals.models import Decision, Proposal, Recusal, Reply, Review, StatusChange
from proposals.publishing import publish
from proposals.services import NotEditable
from proposals.workflow import STEPS, Closed, IllegalStep
from tests.factories import A_MONDAY, at
from tests.proposals.conftest import build_college

NOW = at(10)
DECLINED = Draft(Verdict.DECLINED, "本建设期内条件尚不具备。")
REFUSALS = (
    IllegalStep, PermissionDenied, Closed, ValidationError, DecisionChanged, NotEditable,
    AlreadySeen,
)  # fmt: skip
KEPT = (Proposal, StatusChange, Decision, Review, Recusal, Reply, Notice)
#: Mostly those who may, so that chains of legal calls come about; and some who may not.
writers = sampled_from(("secretary", "secretary", "sibling_secretary", "reviewer"))
judges = sampled_from(("reviewer", "reviewer2", "reviewer", "secretary", "staff"))
proposals = Bundle("proposals")


def picture():
    return {model: list(model.objects.order_by("pk").values()) for model in KEPT}


def statuses():
    return dict(Proposal.objects.values_list("pk", "status"))


class WorkflowMachine(RuleBasedStateMachine):
    @initialize(target=proposals)
    def found(self):
        self.example = transaction.atomic()
        self.example.__enter__()
        self.college = build_college()
        self.succeeded = set()
        return multiple(self.write(), self.hand_in(), self.hand_in())

    def teardown(self):
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @rule(target=proposals)
    def write(self):
        return self.college.draft().pk

    @rule(target=proposals)
    def hand_in(self):
        pk = self.college.draft().pk
        self.submit(pk, "secretary")
        return pk

    @rule(pk=proposals, person=writers)
    def submit(self, pk, person):
        self._call("submit", workflow.submit, pk, person)

    @rule(pk=proposals, person=writers)
    def withdraw(self, pk, person):
        self._call("withdraw", workflow.withdraw, pk, person)

    @rule(pk=proposals, person=judges)
    def send_back(self, pk, person):
        due_on = A_MONDAY + timedelta(days=7)
        self._call("return", workflow.send_back, pk, person, reason="请补充。", due_on=due_on)

    @rule(pk=proposals, other=proposals, person=judges)
    def merge(self, pk, other, person):
        target = Proposal.objects.get(pk=other)
        self._call("merge", workflow.merge, pk, person, target=target, note="同一件事。")

    @rule(pk=proposals, person=judges)
    def unmerge(self, pk, person):
        """A merged one if there is any: few are, so chance alone would mostly be refused."""
        merged = Proposal.objects.filter(status=Status.MERGED).first()
        self._call("unmerge", workflow.unmerge, merged.pk if merged else pk, person)

    @rule(pk=proposals, person=judges)
    def score(self, pk, person):
        self._call(None, score, pk, person, accuracy=4, practicality=5)

    @rule(pk=proposals, person=judges)
    def abstain(self, pk, person):
        self._call(None, abstain, pk, person)

    @rule(pk=proposals, reviewer=judges, person=judges)
    def recuse(self, pk, reviewer, person):
        whom = getattr(self.college, reviewer)
        self._call(None, recuse, pk, person, reviewer=whom, reason="项目合作。")

    @rule(pk=proposals, person=judges)
    def prepare(self, pk, person):
        known = Decision.objects.filter(proposal=pk).first()
        seen = known.version if known else None
        self._call(None, prepare, pk, person, draft=DECLINED, seen_version=seen)

    @rule(pk=proposals, person=judges)
    def look_over(self, pk, person):
        if decision := Decision.objects.filter(proposal=pk).first():
            self._try(None, look_over, decision, by=getattr(self.college, person), now=NOW)

    @rule(pk=proposals, person=judges)
    def publish(self, pk, person):
        """What is ready of the proposal; mostly nothing, which is refused or does nothing."""
        keys = list(Decision.objects.filter(proposal=pk).values_list("pk", flat=True))
        by = getattr(self.college, person)
        if keys:
            self._try("publish", publish, self.college.campaign, keys, by=by, now=NOW)

    @rule(pk=proposals)
    def decide(self, pk):
        """The whole way in a row, which chance alone would seldom find."""
        self.submit(pk, "secretary")
        for person in ("reviewer", "reviewer2"):
            self.score(pk, person)
        self.prepare(pk, "reviewer")
        self.look_over(pk, "reviewer")
        self.publish(pk, "reviewer2")

    def _call(self, step, act, pk, person, **facts):
        proposal = Proposal.objects.get(pk=pk)
        self._try(step, act, proposal, by=getattr(self.college, person), now=NOW, **facts)

    def _try(self, step, act, *args, **facts):
        before, was, told = picture(), statuses(), StatusChange.objects.count()
        try:
            act(*args, **facts)
        except REFUSALS:
            assert picture() == before
            return
        self.succeeded.add(act.__name__)
        moved = {(pk, was[pk], status) for pk, status in statuses().items() if was[pk] != status}
        new = StatusChange.objects.order_by("pk")[told:]
        assert {(c.proposal_id, c.old, c.new) for c in new} == moved
        assert len(new) == len(moved)
        assert {change.step for change in new} <= {step}
        assert all(c.old in STEPS[c.step].sources for c in new)
        assert all(c.new == STEPS[c.step].target for c in new)

    @invariant()
    def every_state_is_a_declared_one(self):
        assert set(statuses().values()) <= set(Status.values)

    @invariant()
    def a_merged_proposal_names_an_undecided_or_decided_main_one_and_no_other_names_any(self):
        for proposal in Proposal.objects.select_related("merged_into"):
            assert (proposal.status == Status.MERGED) == (proposal.merged_into is not None)
            if proposal.merged_into:
                assert proposal.merged_into.status in {Status.SUBMITTED, Status.DECIDED}

    @invariant()
    def who_wrote_a_decided_proposal_was_answered_once_and_nobody_before(self):
        for proposal in Proposal.objects.all():
            replies = Reply.objects.filter(decision__proposal=proposal)
            told = replies.filter(recipient=proposal.author).count()
            assert told == (proposal.status == Status.DECIDED)


@pytest.mark.django_db
def test_no_sequence_of_calls_leaves_the_table_or_the_history():
    reached = set()

    class Watched(WorkflowMachine):
        def teardown(self):
            reached.update(self.succeeded)
            super().teardown()

    run_state_machine_as_test(
        Watched,
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )

    assert reached == {
        "abstain", "look_over", "merge", "prepare", "publish", "recuse", "score", "send_back",
        "submit", "unmerge", "withdraw",
    }  # fmt: skip
