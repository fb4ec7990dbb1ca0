"""What the fictional school did and heard, from the first day of the demo campaign to its today."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from campaign.choices import ActivityKind
from campaign.demo import texts, wishes
from core.working_calendar import WorkingCalendar
from seminars.choices import AWAY, ActivityStatus, OpinionSource, OpinionStatus, ProblemStatus
from seminars.models import Activity, Opinion, Problem
from units.choices import Position
from units.models import Membership

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from random import Random

    from campaign.models import AudienceGroup, Campaign, Theme
    from units.demo import DemoSchool
    from units.models import Unit

_CHUNK = 5_000
_PLACES = (
    "第一会议室",
    "第二会议室",
    "报告厅",
    "教工之家",
    "实训中心201",
    "图书馆研讨室",
    "党员活动室",
)
_HOSTS = ("支部书记", "党总支书记", "副书记", "教研室主任", "专业带头人")
_GROUPS = ("教师", "行政人员", "教辅人员", "学生", "企业人员")
#: Kinds with their weight: study and discussion make up most of what units do.
_KINDS = {
    ActivityKind.CENTRAL_GROUP_STUDY: 6,
    ActivityKind.THEMED_PARTY_DAY: 12,
    ActivityKind.STAFF_POLITICAL_STUDY: 14,
    ActivityKind.SELF_STUDY: 4,
    ActivityKind.FORUM: 18,
    ActivityKind.SEMINAR: 14,
    ActivityKind.EXCHANGE_MEETING: 8,
    ActivityKind.FIELD_VISIT: 6,
    ActivityKind.QUESTIONNAIRE: 4,
    ActivityKind.EXPERT_LECTURE: 4,
    ActivityKind.PUBLICITY: 6,
}
_PEOPLE_COUNTED = frozenset(_KINDS) - {
    ActivityKind.QUESTIONNAIRE,
    ActivityKind.PUBLICITY,
    ActivityKind.SELF_STUDY,
}
_STUDY_KINDS = frozenset(
    {
        ActivityKind.CENTRAL_GROUP_STUDY,
        ActivityKind.THEMED_PARTY_DAY,
        ActivityKind.STAFF_POLITICAL_STUDY,
        ActivityKind.SELF_STUDY,
    }
)


def log_activities(
    campaign: Campaign, school: DemoSchool, rng: Random, count: int, on: date
) -> None:
    """`count` activities spread over the units and the working days up to `on`.

    The last two reporting units hold nothing, so that blanks have something to show.
    """
    units = school.reporting_units[:-2]
    days = _working_days(campaign.phases.all()[0].starts_on, on)
    themes = list(campaign.themes.all())
    rows = _activities(campaign, school, units, days, themes, rng, count)
    while chunk := list(islice(rows, _CHUNK)):
        made = Activity.objects.bulk_create([activity for activity, _ in chunk], batch_size=1_000)
        _link_themes(made, [theme for _, theme in chunk])
        _link_groups(made, campaign, rng)
        _link_study_documents(made, campaign)


def _working_days(first: date, last: date) -> list[date]:
    days = ((first + timedelta(days=n)) for n in range((last - first).days + 1))
    return [day for day in days if WorkingCalendar().is_working_day(day)]


def _activities(
    campaign: Campaign,
    school: DemoSchool,
    units: Sequence[Unit],
    days: Sequence[date],
    themes: Sequence[Theme],
    rng: Random,
    count: int,
) -> Iterator[tuple[Activity, Theme]]:
    recorders = _secretaries()
    kick_offs = [unit for unit in units if unit in school.colleges][:count]
    kinds, weights = list(_KINDS), list(_KINDS.values())
    for number in range(count):
        if number < len(kick_offs):
            unit, kind, day = kick_offs[number], ActivityKind.KICK_OFF, days[number % 5]
        else:
            unit = units[number % len(units)]
            kind, day = rng.choices(kinds, weights)[0], rng.choice(days)
        theme = rng.choice(themes)
        yield _activity(campaign, unit, kind, theme, day, rng, recorders[unit.pk]), theme


def _secretaries() -> dict[int, int]:
    """Who writes down what a unit does, by the key of the unit."""
    posts = Membership.objects.filter(position=Position.SECRETARY).order_by("pk")
    return dict(posts.values_list("unit_id", "user_id"))


def _activity(
    campaign: Campaign,
    unit: Unit,
    kind: ActivityKind,
    theme: Theme,
    day: date,
    rng: Random,
    by_id: int,
) -> Activity:
    expected = rng.randint(8, 45)
    present = expected - rng.choice((0, 0, 1, 2, 3))
    counted = kind in _PEOPLE_COUNTED or kind == ActivityKind.KICK_OFF
    start = rng.choice((time(9), time(14), time(14, 30), time(15)))
    at = _at(day, time(17))
    activity = Activity(
        campaign=campaign,
        unit=unit,
        kind=kind,
        status=ActivityStatus.DRAFT if rng.randrange(50) == 0 else ActivityStatus.LOGGED,
        title=_title(kind, theme),
        held_on=day,
        starts_at=start,
        ends_at=time(start.hour + 2, start.minute),
        place=rng.choice(_PLACES),
        host=rng.choice(_HOSTS),
        recorder="支部联络员",
        expected=expected if counted else None,
        present=present if counted else None,
        **(_away(expected - present, rng) if counted else {}),
        sitting_in=rng.choice((0, 0, 0, 1, 2)) if counted else 0,
        content=f"围绕“{theme.title}”，结合本单位实际交流讨论。{rng.choice(_opinions(theme))}",
        created_by_id=by_id,
        created_at=at,
        updated_at=at,
        is_demo=True,
    )
    _fill_kind(activity, rng)
    return activity


def _away(missing: int, rng: Random) -> dict[str, int]:
    """Some of those missing gave a reason, the four of them by turns."""
    return Counter(islice(cycle(AWAY), rng.randint(0, missing)))


def _title(kind: ActivityKind, theme: Theme) -> str:
    return f"{theme.short_title}专题{kind.label}"


def _fill_kind(activity: Activity, rng: Random) -> None:
    """The fields that belong to one kind only."""
    if activity.kind == ActivityKind.EXPERT_LECTURE:
        activity.speaker, activity.speaker_title = "特邀专家", "某高职研究机构研究员"
    elif activity.kind == ActivityKind.FIELD_VISIT:
        activity.visited, activity.team = "某合作企业、某兄弟院校", "支部书记、专业带头人、骨干教师"
    elif activity.kind == ActivityKind.QUESTIONNAIRE:
        activity.issued = rng.randint(60, 200)
        activity.returned = activity.issued - rng.randint(0, 20)
        activity.valid = activity.returned - rng.randint(0, 5)
    elif activity.kind == ActivityKind.PUBLICITY:
        activity.channel = rng.choice(("微信公众号", "校报", "橱窗", "电子屏"))
    elif activity.kind == ActivityKind.SELF_STUDY:
        activity.takeaway = "结合岗位谈了三点体会，整理成学习笔记。"


def _link_themes(activities: Sequence[Activity], themes: Sequence[Theme]) -> None:
    through = Activity.themes.through
    through.objects.bulk_create(
        (
            through(activity_id=activity.pk, theme_id=theme.pk)
            for activity, theme in zip(activities, themes, strict=True)
        ),
        batch_size=2_000,
    )


def _link_groups(activities: Sequence[Activity], campaign: Campaign, rng: Random) -> None:
    groups = list(campaign.audiencegroups.all())[: len(_GROUPS) - 1]
    through = Activity.audience_groups.through
    through.objects.bulk_create(
        (
            through(activity_id=activity.pk, audiencegroup_id=rng.choice(groups).pk)
            for activity in activities
        ),
        batch_size=2_000,
    )


def _link_study_documents(activities: Sequence[Activity], campaign: Campaign) -> None:
    """One document for each study activity; earlier ones of the list are further along (S13).

    Every unit goes through the list at a pace of its own, and nobody has come to the last one.
    """
    documents = list(campaign.studydocuments.all())[:-1]
    through = Activity.study_documents.through
    through.objects.bulk_create(
        (
            through(
                activity_id=activity.pk,
                studydocument_id=documents[at // 7 % (1 + activity.unit.order % len(documents))].pk,
            )
            for at, activity in enumerate(activities)
            if activity.kind in _STUDY_KINDS
        ),
        batch_size=2_000,
    )


def collect_opinions(campaign: Campaign, school: DemoSchool, rng: Random, count: int) -> None:
    """`count` opinions: most from activities, some from the idea box, about half dealt with."""
    logged = list(
        Activity.objects.filter(campaign=campaign, status=ActivityStatus.LOGGED)
        .order_by("pk")
        .values_list("pk", "unit_id", "held_on", "themes")[: max(count // 2, 1)]
    )
    themes = campaign.themes.in_bulk()
    groups = list(campaign.audiencegroups.all())
    staff = school.sign_ins["staff"]
    heard = [  # nobody says the same twice in one activity
        (activity, themes[theme_id], words)
        for *activity, theme_id in logged
        for words in _opinions(themes[theme_id])
    ]
    rows = (
        _opinion(campaign, *said, rng.choice(groups), rng, number)
        for number, said in enumerate(rng.sample(heard, count))
    )
    while chunk := list(islice(rows, _CHUNK)):
        Opinion.objects.bulk_create(chunk, batch_size=1_000)
    own = Opinion.objects.filter(campaign=campaign, source=OpinionSource.IDEA_BOX).order_by("pk")
    Opinion.objects.filter(pk__in=list(own.values_list("pk", flat=True)[:3])).update(
        contributor=staff, is_anonymous=False
    )


def _opinion(
    campaign: Campaign,
    activity: Sequence[Any],
    theme: Theme,
    words: str,
    group: AudienceGroup,
    rng: Random,
    number: int,
) -> Opinion:
    activity_id, unit_id, held_on = activity
    from_activity = number % 8 != 0
    status = rng.choices(
        (OpinionStatus.NEW, OpinionStatus.SOLVED, OpinionStatus.NOT_ADOPTED), (5, 3, 1)
    )[0]
    return Opinion(
        id=UUID(int=rng.getrandbits(128), version=4),
        campaign=campaign,
        unit_id=unit_id,
        source=OpinionSource.ACTIVITY if from_activity else OpinionSource.IDEA_BOX,
        activity_id=activity_id if from_activity else None,
        text=words,
        audience_group=group,
        theme=theme,
        raised_on=held_on,
        status=status,
        reason="" if status == OpinionStatus.NEW else _REASONS[status],
        is_demo=True,
    )


_REASONS = {
    OpinionStatus.SOLVED: "会上已作说明并当场落实。",
    OpinionStatus.NOT_ADOPTED: "不属于本次讨论范围，已转告相关部门参考。",
}


def list_problems(campaign: Campaign, school: DemoSchool, rng: Random) -> None:
    """A problem in each college but the last, found in opinions that say the same."""
    by = school.sign_ins["general"]
    for college in school.colleges[:-1]:
        waiting = Opinion.objects.filter(
            campaign=campaign, unit__path__startswith=college.path, status=OpinionStatus.NEW
        ).order_by("pk")
        said = [text for text in waiting.values_list("text", flat=True) if text in wishes()]
        if not said:
            continue
        text = rng.choice(said)
        order, wish = wishes()[text]
        problem = Problem.objects.create(
            campaign=campaign,
            unit=college,
            theme=campaign.themes.get(order=order),
            text=wish.problem,
            status=ProblemStatus.OPEN,
            created_by=by,
            created_at=timezone.now(),
            is_demo=True,
        )
        problem.opinions.set(waiting.filter(text=text)[:3])
        Opinion.objects.filter(problems=problem).update(status=OpinionStatus.PROBLEM)


def _opinions(theme: Theme) -> list[str]:
    return texts()[theme.order - 1].opinions


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))
