from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import ProtectedError

from outcomes.integrity import orphans
from proposals.choices import Status, Verdict
from proposals.models import ClauseRevision, Decision, Proposal, Reply
from proposals.workflow import submit
from seminars.choices import OpinionStatus
from seminars.models import Opinion
from tests.factories import OpinionFactory, at
from tests.outcomes.test_chain import adopted

NOW = at(10)


@pytest.fixture
def whole(college):
    """One proposal all the way to its clause."""
    proposal = college.draft()
    submit(proposal, by=college.secretary, now=NOW)
    adopted(college, proposal)
    return proposal


def found():
    return {(orphan.table, orphan.key, orphan.fault) for orphan in orphans()}


def test_a_chain_made_by_the_portal_holds(whole):
    said = StringIO()

    call_command("check_chain", stdout=said)

    assert "the chain holds" in said.getvalue()


def test_planted_orphans_are_listed_exactly(college, whole):
    decision = whole.decision
    lost = OpinionFactory(
        campaign=college.campaign, unit=college.branch, status=OpinionStatus.PROPOSAL
    )
    listed = OpinionFactory(
        campaign=college.campaign, unit=college.branch, status=OpinionStatus.PROBLEM
    )
    unsourced = college.submitted()
    unsourced.opinions.clear()
    Reply.objects.filter(decision=decision, recipient=whole.author).delete()
    ClauseRevision.objects.filter(decision=decision).update(version=None)
    undecided = college.draft()
    submit(undecided, by=college.secretary, now=NOW)
    Proposal.objects.filter(pk=undecided.pk).update(status=Status.DECIDED, decided_at=NOW)
    Decision.objects.create(
        proposal=undecided,
        verdict=Verdict.DECLINED,
        reasons="条件尚不具备。",
        prepared_by=college.reviewer,
        prepared_at=NOW,
    )

    assert found() == {
        ("seminars.Opinion", str(lost.pk), "became a proposal, but no proposal names it"),
        ("seminars.Opinion", str(listed.pk), "listed as a problem, but in no problem"),
        ("proposals.Proposal", str(unsourced.pk), "sent in without a source"),
        (
            "proposals.Proposal",
            str(unsourced.pk),
            "no step of its history leads to its state",
        ),
        ("proposals.Decision", str(decision.pk), "its author got no reply"),
        (
            "proposals.ClauseRevision",
            str(decision.revisions.get().pk),
            "published, but in no version of the plan",
        ),
        (
            "proposals.Proposal",
            str(undecided.pk),
            "no step of its history leads to its state",
        ),
        (
            "proposals.Proposal",
            str(undecided.pk),
            "answered without a published decision",
        ),
    }


def test_a_row_torn_out_below_the_portal_is_named(whole):
    opinion = whole.opinions.get()
    with transaction.atomic():  # rolled back, before the database looks at its keys
        with connection.cursor() as cursor:
            key = Opinion._meta.pk.get_db_prep_value(opinion.pk, connection)
            cursor.execute("DELETE FROM seminars_opinion WHERE id = %s", [key])

        torn = found()
        transaction.set_rollback(True)

    assert torn == {("proposals.Proposal", str(whole.pk), "opinions leads to no seminars.Opinion")}


def test_the_command_fails_and_names_the_row(college, whole):
    ClauseRevision.objects.update(version=None)
    said = StringIO()

    with pytest.raises(CommandError, match="1 places"):
        call_command("check_chain", stderr=said)

    revision = ClauseRevision.objects.get()
    assert said.getvalue().strip() == (
        f"proposals.ClauseRevision {revision.pk}: published, but in no version of the plan"
    )


def test_a_middle_link_cannot_be_deleted(whole):
    with pytest.raises(ProtectedError):
        Proposal.objects.get(pk=whole.pk).delete()
