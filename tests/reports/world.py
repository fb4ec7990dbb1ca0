"""A small school in the middle of its campaign, with every kind of record and some blanks."""

from dataclasses import dataclass
from datetime import date, timedelta

from campaign.choices import CampaignState, DocumentKind
from campaign.models import (
    AudienceGroup,
    Campaign,
    Clause,
    ClauseWording,
    PlanDocument,
    PlanVersion,
    Theme,
)
from outcomes.choices import CaseKind, MeasureStatus, OutcomeKind
from outcomes.models import Case, Measure, Outcome
from proposals.choices import Status, Verdict
from proposals.models import ClauseRevision, Decision, StatusChange
from seminars.choices import ActivityStatus
from seminars.models import Problem
from tests.factories import (
    ActivityFactory,
    AudienceGroupFactory,
    CampaignFactory,
    OfferedKindFactory,
    OpinionFactory,
    PhaseFactory,
    ProposalFactory,
    ThemeFactory,
    UnitFactory,
    UserFactory,
    at,
)
from units.choices import UnitKind
from units.models import Headcount, Unit

AS_OF = date(2019, 10, 15)
NOW = at(16, 32, on=AS_OF)


@dataclass(frozen=True)
class World:
    campaign: Campaign
    school: Unit
    committee: Unit
    branch: Unit
    department: Unit
    idle: Unit
    themes: list[Theme]
    groups: list[AudienceGroup]


def school_world():
    """Five units, three themes, two groups; `idle` has nothing yet."""
    campaign = CampaignFactory(title="“双高计划”建设大学习、大讨论、大推动工作实施方案")
    PhaseFactory(
        campaign=campaign,
        name="宣传发动阶段",
        order=1,
        starts_on=date(2019, 8, 25),
        ends_on=date(2019, 9, 10),
    )
    PhaseFactory(
        campaign=campaign,
        name="学习讨论阶段",
        order=2,
        starts_on=date(2019, 9, 11),
        ends_on=date(2019, 10, 20),
    )
    OfferedKindFactory(campaign=campaign, kind="forum")
    OfferedKindFactory(campaign=campaign, kind="seminar")
    school = UnitFactory(kind=UnitKind.SCHOOL, name="学校", short_name="学校")
    committee = UnitFactory(
        parent=school,
        kind=UnitKind.GRASSROOTS_COMMITTEE,
        name="机电工程学院党委",
        short_name="机电工程学院",
    )
    branch = UnitFactory(parent=committee, name="机电教工第一党支部", short_name="机电一支部")
    department = UnitFactory(
        parent=school, kind=UnitKind.DEPARTMENT, name="教务处", short_name="教务处"
    )
    idle = UnitFactory(
        parent=school, kind=UnitKind.GENERAL_BRANCH, name="图书馆党总支", short_name="图书馆"
    )
    for unit, people in ((committee, 120), (department, 30), (idle, 18)):
        Headcount.objects.create(unit=unit, on=date(2019, 9, 1), people=people)
    world = World(
        campaign=campaign,
        school=school,
        committee=committee,
        branch=branch,
        department=department,
        idle=idle,
        themes=[ThemeFactory(campaign=campaign) for _ in range(3)],
        groups=[AudienceGroupFactory(campaign=campaign, name=name) for name in ("教师", "学生")],
    )
    _activities(world)
    _opinions(world)
    _proposals(world)
    _outcomes(world)
    return world


def _activities(world):
    first, second, _ = world.themes
    days = [date(2019, 9, 2), date(2019, 9, 16), date(2019, 9, 30), date(2019, 10, 12), AS_OF]
    for number, day in enumerate(days):
        activity = ActivityFactory(
            campaign=world.campaign,
            unit=world.branch if number % 2 else world.department,
            kind="seminar" if number == 3 else "forum",
            held_on=day,
            present=20 + number,
        )
        activity.themes.set([first, second] if number == 1 else [first])
        activity.audience_groups.set(world.groups[:1])
    ActivityFactory(campaign=world.campaign, unit=world.school, kind="other", held_on=days[1])
    # Neither a draft nor what comes after the day may count.
    ActivityFactory(campaign=world.campaign, unit=world.branch, status=ActivityStatus.DRAFT)
    ActivityFactory(campaign=world.campaign, unit=world.branch, held_on=AS_OF + timedelta(days=1))
    over = CampaignFactory(state=CampaignState.SEALED)
    ActivityFactory(campaign=over, unit=world.branch)  # of another campaign


def _opinions(world):
    for number in range(7):
        OpinionFactory(
            campaign=world.campaign,
            unit=world.committee if number < 5 else world.department,
            theme=world.themes[number % 3] if number else None,
            audience_group=world.groups[0] if number % 2 else None,
            raised_on=date(2019, 9, 12) + timedelta(days=6 * number),
        )
    Problem.objects.create(
        campaign=world.campaign,
        unit=world.committee,
        theme=world.themes[0],
        text="实训室晚间不开放",
        created_by=UserFactory(),
        created_at=at(9, on=date(2019, 10, 14)),
    )


def _proposals(world):
    published = at(17, on=date(2019, 10, 10))
    _decided(world, Verdict.ADOPTED, at(17, on=date(2019, 10, 1)), revises=True)
    _decided(world, Verdict.ADOPTED, published, revises=True)
    _decided(world, Verdict.PARTLY_ADOPTED, published)
    _decided(world, Verdict.DECLINED, published)
    _decided(world, Verdict.ALREADY_COVERED, published)
    target = _proposal(world, review_due_on=date(2019, 10, 14))
    _proposal(world, status=Status.MERGED, merged_into=target)
    _proposal(world, status=Status.RETURNED)
    _proposal(world, status=Status.WITHDRAWN)
    # Withdrawn, merged and decided only later: on the day all three were waiting.
    tomorrow = at(9, on=AS_OF + timedelta(days=1))
    for status, merged_into in ((Status.WITHDRAWN, None), (Status.MERGED, target)):
        later = _proposal(world, status=status, merged_into=merged_into)
        StatusChange.objects.create(
            proposal=later, step="x", old=Status.SUBMITTED, new=status, by=later.author, at=tomorrow
        )
    _decided(world, Verdict.ADOPTED, tomorrow)
    ProposalFactory(campaign=world.campaign, unit=world.branch, theme=world.themes[0])  # a draft


def _proposal(world, **values):
    return ProposalFactory(
        campaign=world.campaign,
        unit=world.branch,
        theme=world.themes[0],
        **{
            "status": Status.SUBMITTED,
            "submitted_at": at(10, on=date(2019, 9, 26)),
            "review_due_on": date(2019, 10, 16),
            **values,
        },
    )


def _decided(world, verdict, published_at, *, revises=False):
    proposal = _proposal(world, status=Status.DECIDED, decided_at=published_at)
    decision = Decision.objects.create(
        proposal=proposal,
        verdict=verdict,
        reasons="经研究。",
        prepared_by=UserFactory(),
        prepared_at=published_at,
        published_at=published_at,
    )
    if revises:
        _revise(world, decision)
    elif verdict == Verdict.PARTLY_ADOPTED:
        ClauseRevision.objects.create(decision=decision, no_change_reason="已在任务书中体现。")
    return decision


def _revise(world, decision):
    document, _ = PlanDocument.objects.get_or_create(
        campaign=world.campaign, kind=DocumentKind.CONSTRUCTION_PLAN, title="建设方案"
    )
    version, _ = PlanVersion.objects.get_or_create(
        document=document, number=1, made_on=date(2019, 8, 20)
    )
    order = document.clauses.count() + 1
    clause = Clause.objects.create(document=document, order=order, number=f"（{order}）")
    wording = ClauseWording.objects.create(clause=clause, version=version, text="原条文")
    ClauseRevision.objects.create(
        decision=decision, clause=clause, old_wording=wording, new_text="新条文"
    )


def _outcomes(world):
    owner = UserFactory()
    for status in MeasureStatus:
        Measure.objects.create(
            campaign=world.campaign,
            theme=world.themes[0],
            title="实训室晚间开放",
            unit=world.committee,
            owner=owner,
            indicator="每周5晚",
            due_on=date(2019, 12, 1),
            status=status,
            closed_on=date(2019, 10, 14) if status == MeasureStatus.CLOSED else None,
        )
    for day in (date(2019, 10, 1), date(2019, 10, 14), AS_OF + timedelta(days=3)):
        outcome = Outcome.objects.create(
            campaign=world.campaign,
            unit=world.committee,
            theme=world.themes[1],
            kind=OutcomeKind.PRACTICE,
            title="晚间开放办法",
            independent_reason="先行先试",
            achieved_on=day,
        )
        Case.objects.create(
            outcome=outcome,
            kind=CaseKind.RULE,
            summary="做法",
            published_at=at(9, on=day),
        )
