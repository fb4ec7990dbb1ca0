from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.db.models import F

from accounts.models import User
from campaign.demo import wishes
from campaign.gates import phase_on
from campaign.models import Campaign, Demand
from notices.models import Notice
from outcomes.integrity import orphans
from outcomes.models import Measure
from proposals.choices import Status
from proposals.models import Decision, Proposal, Reply, Review
from seminars.models import Activity, Opinion, Problem
from seminars.study import study_coverage
from supervision.choices import Duty, FindingStatus
from supervision.models import Finding, Fulfilment
from supervision.obligations import of_duty
from supervision.readiness import readiness
from tests.factories import ProposalFactory
from units.choices import Position, UnitKind
from units.models import Membership, Unit

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


def seed(*args):
    call_command("seed_demo", "--on", TODAY.isoformat(), *args, verbosity=0)


def test_the_demo_stands_on_day_twenty_of_the_second_phase():
    seed()

    phase = phase_on(Campaign.objects.get(), TODAY)

    assert (phase.order, phase.day_number(TODAY)) == (2, 20)


def test_everything_fictional_is_marked():
    seed()

    unmarked = [
        model.objects.filter(is_demo=False).count()
        for model in (User, Unit, Campaign, Activity, Opinion, Proposal)
    ]

    assert unmarked == [0, 0, 0, 0, 0, 0]


def facts():
    return (
        list(Activity.objects.order_by("pk").values_list("title", "held_on", "present")),
        set(Opinion.objects.values_list("pk", "text")),
        list(Proposal.objects.order_by("pk").values_list("title", "status")),
        list(Decision.objects.order_by("pk").values_list("proposal__number", "verdict")),
        Review.objects.count(),
    )


def test_the_same_seed_gives_the_same_records():
    """Whatever keys the database hands out: PostgreSQL counts on after what is rolled back."""
    with transaction.atomic():
        seed("--seed", "7")
        first = facts()
        ProposalFactory()  # 72 keys alone would leave every key the same modulo two and three
        transaction.set_rollback(True)
    seed("--seed", "7")

    assert facts() == first


def test_there_are_exactly_two_chairs_of_the_campaign_group():
    seed()

    chairs = Membership.objects.filter(unit__kind=UnitKind.CAMPAIGN_GROUP, position=Position.CHAIR)

    assert chairs.count() == 2


def test_no_deadline_is_attributed_to_the_plan():
    seed()

    assert set(Demand.objects.filter(is_from_plan=True).values_list("due_on", flat=True)) == {None}


def test_every_submitted_proposal_rests_on_an_opinion():
    seed()

    assert not Proposal.objects.exclude(status=Status.DRAFT).filter(opinions=None).exists()


def test_every_decided_proposal_is_answered():
    seed()

    decided = Proposal.objects.filter(status=Status.DECIDED)

    assert decided.count() > 0
    assert Decision.objects.published().count() == decided.count()
    assert not decided.exclude(decision__replies__recipient=F("author")).exists()


def test_people_who_sign_in_find_answers_and_reminders():
    seed()

    kinds = dict(Notice.objects.order_by("pk").values_list("recipient__username", "kind"))

    assert (kinds["secretary"], kinds["reviewer"]) == ("reply", "ladder")


def test_no_activity_expects_more_people_than_its_unit_has():
    seed()

    crowded = Activity.objects.filter(expected__gt=F("unit__headcounts__people"))

    assert not crowded.exists()


def test_the_chain_of_the_demo_holds_and_its_desk_has_something_to_do():
    seed()

    assert list(orphans()) == []
    assert Decision.objects.unpublished().exists()
    assert Reply.objects.unhappy().count() == 1
    assert not Proposal.objects.waiting().filter(assignment=None).exists()


def test_the_demo_tells_stories_that_hang_together():
    """From what people said to the measure: one subject along the whole chain."""
    seed()

    for proposal in Proposal.objects.prefetch_related("opinions").select_related("theme"):
        said = {opinion.text for opinion in proposal.opinions.all()}
        assert {wishes()[text][1].title for text in said} == {proposal.title}
        assert {opinion.theme_id for opinion in proposal.opinions.all()} == {proposal.theme_id}
    for problem in Problem.objects.prefetch_related("opinions", "proposals"):
        assert {wishes()[opinion.text][1].problem for opinion in problem.opinions.all()} == {
            problem.text
        }
        assert {proposal.problem for proposal in problem.proposals.all()} <= {problem.text}
    assert not Measure.objects.exclude(title=F("revision__decision__proposal__title")).exists()
    strays = Opinion.objects.exclude(activity=None).exclude(theme__in=F("activity__themes"))
    assert not strays.exists()


def test_referrals_and_findings_stand_in_every_state():
    seed()

    campaign = Campaign.objects.get()
    referred = of_duty(campaign, Duty.REFERRAL, TODAY)
    assert sorted(owed.is_met for owed in referred) == [False, True]
    assert [finding.status for finding in Finding.objects.order_by("pk")] == FindingStatus.values
    assert len(of_duty(campaign, Duty.CLOSING, TODAY)) == 1


def test_receipts_teams_and_plans_stand_in_every_state():
    seed()

    campaign = Campaign.objects.get()
    reader = User.objects.get(username="organiser")

    gaps = [row.gaps for row in readiness(campaign, reader, TODAY)]
    assert gaps == [
        (),
        (),
        ("实施方案被退回",),
        ("没有实施方案",),
        ("未签收方案", "未成立工作小组", "没有实施方案"),
    ]
    assert [plan.unit.code for plan in Fulfilment.objects.to_be_answered_by(reader)] == ["demo-c2"]


def test_some_study_documents_are_studied_and_one_by_nobody():
    seed()

    coverage = study_coverage(Campaign.objects.get(), User.objects.get(username="organiser"))

    assert coverage.unstudied == (coverage.documents[-1].title,)
    assert any(0 in row.counts[:-1] for row in coverage.rows)


def test_every_activity_was_written_down_by_the_secretary_of_its_unit():
    seed()

    own = Activity.objects.filter(
        created_by__memberships__unit=F("unit"),
        created_by__memberships__position=Position.SECRETARY,
    )

    assert own.count() == Activity.objects.count()


def test_seeding_again_changes_nothing():
    seed()
    before = (Activity.objects.count(), User.objects.count())

    seed()

    assert (Activity.objects.count(), User.objects.count()) == before


def test_the_eight_people_can_sign_in_with_the_given_password(settings):
    settings.DEMO_PASSWORD = "演示-password-42"
    seed()

    names = ["secretary", "general", "reviewer", "reviewer2", "organiser", "leader", "staff"]

    assert all(
        User.objects.get(username=name).check_password("演示-password-42")
        for name in [*names, "admin"]
    )


def test_demo_data_refuses_production_settings(settings):
    settings.REHEARSAL = False

    with pytest.raises(CommandError, match="refuses production"):
        seed()

    assert User.objects.count() == 0
