from datetime import date

import pytest
from django.db import connection

from campaign.choices import ActivityKind, DemandKind
from campaign.models import Demand
from reports.assembly import assemble_progress
from reports.facts import Figure, ProgressFacts, content_hash, from_plain, to_plain
from tests.factories import ActivityFactory, CampaignFactory, ThemeFactory, UnitFactory
from tests.reports.world import AS_OF, NOW, school_world
from units.choices import UnitKind

pytestmark = pytest.mark.django_db

#: What a figure must equal, written without our own code; `end` is the day's end in UTC.
COUNTS = {
    "activities": """
        SELECT count(*) FROM seminars_activity
        WHERE campaign_id=%(campaign)s AND status='logged' AND held_on<=%(day)s""",
    "attendances": """
        SELECT sum(present) FROM seminars_activity
        WHERE campaign_id=%(campaign)s AND status='logged' AND held_on<=%(day)s""",
    "opinions": """
        SELECT count(*) FROM seminars_opinion
        WHERE campaign_id=%(campaign)s AND raised_on<=%(day)s""",
    "problems": """
        SELECT count(*) FROM seminars_problem
        WHERE campaign_id=%(campaign)s AND created_at<%(end)s""",
    "answered": """
        SELECT count(*) FROM proposals_decision d
        JOIN proposals_proposal p ON p.id=d.proposal_id
        WHERE p.campaign_id=%(campaign)s AND d.published_at<%(end)s""",
    "clauses_revised": """
        SELECT count(*) FROM proposals_clauserevision r
        JOIN proposals_decision d ON d.id=r.decision_id
        JOIN proposals_proposal p ON p.id=d.proposal_id
        WHERE p.campaign_id=%(campaign)s AND r.clause_id IS NOT NULL AND d.published_at<%(end)s""",
    "outcomes": """
        SELECT count(*) FROM outcomes_outcome
        WHERE campaign_id=%(campaign)s AND achieved_on<=%(day)s""",
}
VERDICT_COUNT = """
    SELECT count(*) FROM proposals_decision d JOIN proposals_proposal p ON p.id=d.proposal_id
    WHERE p.campaign_id=%(campaign)s AND d.verdict=%(verdict)s AND d.published_at<%(end)s"""


@pytest.fixture
def world():
    return school_world()


def progress(world, **scope):
    return assemble_progress(world.campaign, now=NOW, **scope)


def sql(query, world, day, **more):
    params = {"campaign": world.campaign.pk, "day": day, "end": f"{day} 16:00:00", **more}
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return int(cursor.fetchone()[0] or 0)


@pytest.mark.parametrize("name", COUNTS)
def test_a_figure_equals_an_independent_count_now_and_a_week_ago(world, name):
    figure = getattr(progress(world).figures, name)

    now, week_ago = (sql(COUNTS[name], world, day) for day in ("2019-10-15", "2019-10-08"))
    assert figure == Figure(now, week_ago)
    assert now > 0


@pytest.mark.parametrize(
    "verdict", ["adopted", "partly_adopted", "declined", "already_covered", "referred"]
)
def test_each_verdict_equals_an_independent_count(world, verdict):
    expected = sql(VERDICT_COUNT, world, "2019-10-15", verdict=verdict)

    assert getattr(progress(world).figures, verdict) == expected


def test_what_became_of_the_proposals_adds_up_to_all_of_them(world):
    figures = progress(world).figures

    verdicts = (
        figures.adopted,
        figures.partly_adopted,
        figures.declined,
        figures.already_covered,
        figures.referred,
    )
    assert sum(verdicts) == figures.answered.now == 5
    rest = (figures.merged, figures.returned, figures.waiting)
    assert rest == (1, 1, 4)
    assert figures.answered.now + sum(rest) == figures.proposals.now


def test_only_waiting_proposals_past_their_day_are_overdue(world):
    assert progress(world).figures.overdue == 1


def test_measures_outcomes_and_cases_are_counted_without_drafts_and_later_ones(world):
    figures = progress(world).figures

    assert (figures.measures, figures.measures_closed) == (2, 1)
    assert (figures.outcomes, figures.cases) == (Figure(2, 1), 2)


def test_people_are_headcounts_summed_up_the_tree_and_never_attendances(world):
    facts = progress(world)

    assert facts.figures.people == 168
    assert {unit.name: unit.people for unit in facts.units if not unit.is_base} == {
        "机电工程学院": 120,
        "教务处": 30,
        "图书馆": 18,
    }


def test_the_rows_are_the_units_below_the_school_in_the_order_of_the_tree(world):
    units = progress(world).units

    assert [(unit.name, unit.activities, unit.by_theme) for unit in units] == [
        ("校级", 1, (0, 0, 0)),
        ("机电工程学院", 2, (2, 1, 0)),
        ("教务处", 3, (3, 0, 0)),
        ("图书馆", 0, (0, 0, 0)),
    ]


def test_rows_phases_kinds_and_weeks_each_add_up_to_the_whole(world):
    facts = progress(world)
    figures = facts.figures

    for parts in (facts.units, facts.phases, facts.kinds, facts.weeks):
        assert sum(part.activities for part in parts) == figures.activities.now
        assert sum(part.attendances for part in parts) == figures.attendances.now
    for parts in (facts.units, facts.phases, facts.weeks):
        assert sum(part.opinions for part in parts) == figures.opinions.now
        assert sum(part.proposals for part in parts) == figures.proposals.now
    for parts in (facts.themes, facts.groups):
        assert sum(part.opinions or 0 for part in parts) == figures.opinions.now


def test_a_kind_that_the_campaign_does_not_offer_is_still_shown(world):
    kinds = [(kind.label, kind.activities) for kind in progress(world).kinds]

    assert kinds == [("座谈会", 4), ("研讨会", 1), (str(ActivityKind.OTHER.label), 1)]


def test_an_activity_with_two_themes_stands_under_both_and_counts_once(world):
    facts = progress(world)

    assert [theme.activities for theme in facts.themes] == [5, 1, 0, 1]
    assert facts.themes[-1].title == "未注明"
    assert facts.figures.activities.now == 6


def test_a_unit_without_anything_is_named(world):
    assert [unit.name for unit in progress(world).units_without_activity] == ["图书馆"]


def test_a_unit_report_counts_its_subtree_and_nothing_else(world):
    facts = progress(world, unit=world.committee)

    assert facts.figures.activities.now == 2
    assert facts.figures.opinions.now == 5
    assert facts.figures.people == 120
    assert [(unit.name, unit.opinions, unit.proposals) for unit in facts.units] == [
        ("本级", 5, 0),
        ("机电一支部", 0, 11),
    ]


def test_a_unit_report_does_not_break_opinions_down_by_group(world):
    assert {group.opinions for group in progress(world, unit=world.committee).groups} == {None}


def test_a_theme_report_counts_that_theme_only(world):
    facts = progress(world, theme=world.themes[1])

    assert facts.figures.activities.now == 1
    assert facts.figures.opinions.now == 2
    assert facts.figures.proposals.now == 0
    assert [theme.title for theme in facts.themes] == [world.themes[1].title]
    assert [unit.by_theme for unit in facts.units if unit.activities] == [(1,)]


def test_the_day_of_the_phase_counts_from_one(world):
    first = progress(world, as_of=world.campaign.phases.get(order=2).starts_on)

    assert first.phase is not None
    assert (first.phase.day, first.phase.days) == (1, 40)
    assert progress(world).phase.day == 35


def test_a_later_day_than_today_is_today(world):
    facts = progress(world, as_of=AS_OF.replace(day=20))

    assert (facts.as_of, facts.as_of_at) == (AS_OF, NOW)


def test_an_empty_campaign_has_facts_without_figures():
    facts = assemble_progress(CampaignFactory(), now=NOW)

    assert (facts.figures.activities, facts.weeks, facts.phase) == (Figure(0, 0), (), None)


def test_the_weeks_leave_no_gap(world):
    weeks = progress(world).weeks

    assert weeks[0].starts_on.isoformat() == "2019-08-25"
    assert weeks[-1].ends_on == AS_OF
    assert [week.activities for week in weeks] == [0, 0, 1, 0, 2, 0, 1, 1, 1]


def test_facts_survive_being_stored_as_json(world):
    facts = progress(world)

    assert from_plain(ProgressFacts, to_plain(facts)) == facts


def test_the_same_facts_taken_later_have_the_same_content_hash(world):
    earlier = progress(world)
    later = assemble_progress(world.campaign, now=NOW.replace(hour=18))
    ActivityFactory(campaign=world.campaign, unit=world.branch, held_on=AS_OF)
    changed = progress(world)

    assert content_hash(earlier) == content_hash(later)
    assert content_hash(earlier) != content_hash(changed)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_depend_on_the_rows(rows, django_assert_num_queries):
    campaign = CampaignFactory()
    school = UnitFactory(kind=UnitKind.SCHOOL)
    for _ in range(rows):
        unit = UnitFactory(parent=school)
        activity = ActivityFactory(campaign=campaign, unit=unit)
        activity.themes.add(ThemeFactory(campaign=campaign))

    with django_assert_num_queries(31):
        assemble_progress(campaign, now=NOW)


def demand(world, **values):
    return Demand.objects.create(
        campaign=world.campaign,
        order=1,
        kind=DemandKind.ACTIVITY,
        title="组织研讨不少于1次",
        unit_kinds=["all"],
        quota=1,
        due_on=date(2019, 10, 18),
        **values,
    )


def test_a_deadline_says_how_many_units_still_owe_it(world):
    demand(world)

    deadlines = progress(world).deadlines

    [deadline] = [one for one in deadlines if one.measure == "个单位"]

    assert (deadline.title, deadline.due_on) == ("组织研讨不少于1次", date(2019, 10, 18))
    assert (deadline.done, deadline.needed, deadline.measure) == (2, 3, "个单位")


def test_a_unit_with_nothing_names_what_it_owes(world):
    demand(world)

    [idle] = progress(world).units_without_activity

    assert (idle.name, idle.owes) == ("图书馆", ("组织研讨不少于1次",))


def test_what_was_owed_on_an_earlier_day_is_not_guessed(world):
    demand(world)

    assert progress(world, as_of=date(2019, 10, 1)).deadlines == ()
