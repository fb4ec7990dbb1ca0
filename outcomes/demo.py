"""What came of the fictional school's first decisions: a few measures, their results and a case."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from campaign.demo import wishes
from outcomes.choices import (
    CaseKind,
    Horizon,
    MeasureStatus,
    NewsKind,
    NewsStatus,
    OutcomeKind,
)
from outcomes.models import Case, Measure, Milestone, News, Outcome, Progress
from proposals.models import ClauseRevision
from seminars.models import Activity
from units.models import Membership

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from campaign.models import Campaign
    from units.demo import DemoSchool


#: Days until it is to be done and how far it reaches, for one measure after the other.
_TERMS = (
    (45, Horizon.CURRENT),
    (80, Horizon.CURRENT),
    (120, Horizon.LONG_TERM),
    (60, Horizon.CURRENT),
    (150, Horizon.LONG_TERM),
)


def make_measures(campaign: Campaign, school: DemoSchool, on: date) -> None:
    """One measure for each of the first revised clauses; the first is done, the last a draft."""
    revisions = ClauseRevision.objects.filter(
        decision__proposal__campaign=campaign, clause__isnull=False
    ).select_related("decision__proposal")
    indicators = {wish.title: wish.indicator for _, wish in wishes().values()}
    pairs = list(zip(_TERMS, revisions.order_by("clause__order", "pk"), strict=False))
    for number, ((days, horizon), revision) in enumerate(pairs):
        is_first, is_last = number == 0, number == len(pairs) - 1
        wished = revision.decision.proposal.title
        unit = school.colleges[number % len(school.colleges)]
        post = unit.memberships.filter(position="secretary").order_by("-user_id").first()
        measure = Measure.objects.create(
            campaign=campaign,
            revision=revision,
            theme_id=revision.decision.proposal.theme_id,
            title=wished,
            unit=unit,
            owner_id=post.user_id if post and not is_last else None,
            indicator=indicators[wished],
            horizon=horizon,
            due_on=on + timedelta(days=days),
            status=_status(is_done=is_first, is_draft=is_last or post is None),
            closed_on=on if is_first else None,
            is_demo=True,
        )
        _set_milestones(measure, on)
        if is_first and measure.owner is not None:
            _finish(measure, measure.owner, on)


def _status(*, is_done: bool, is_draft: bool) -> MeasureStatus:
    if is_draft:
        return MeasureStatus.DRAFT
    return MeasureStatus.CLOSED if is_done else MeasureStatus.OPEN


def _set_milestones(measure: Measure, on: date) -> None:
    days = ((measure.due_on or on) - on).days
    for title, part in (("形成实施细则", 3), ("全面实施", 1)):
        Milestone.objects.create(
            measure=measure, title=title, due_on=on + timedelta(days=days // part)
        )


def _finish(measure: Measure, owner: User, on: date) -> None:
    """All milestones reached, a result with its evidence, and the case written from it."""
    for milestone in measure.milestones.all():
        milestone.done_on = on
        milestone.save()
        Progress.objects.create(
            measure=measure,
            milestone=milestone,
            text=f"“{milestone.title}”已完成，情况见本单位活动记录。",
            by=owner,
            at=timezone.make_aware(datetime.combine(on, time(9))),
        )
    outcome = Outcome.objects.create(
        campaign=measure.campaign,
        unit=measure.unit,
        theme=measure.theme,
        kind=OutcomeKind.PRACTICE,
        title=f"“{measure.title}”见到成效",
        text=f"{measure.indicator}，已按时做到。",
        measure=measure,
        achieved_on=on,
        is_demo=True,
    )
    records = Activity.objects.logged().in_campaign(measure.campaign).of_subtree(measure.unit)
    outcome.activities.set(records.newest_first()[:2])
    Case.objects.create(
        outcome=outcome,
        kind=CaseKind.EXPERIENCE,
        summary="先在一个专业试行一个月，按反馈改好办法再铺开；责任人和时间表在校内公布，"
        "每月通报一次进展。其他学院可以直接采用。",
        published_at=timezone.make_aware(datetime.combine(on, time(10))),
    )


_NEWS = (
    (
        NewsKind.UPDATE,
        "实训教师和企业师傅同桌谈课程",
        "围绕“课程跟着岗位走”，实训教师和企业师傅对照岗位清单逐项讨论，当场列出需要调整的内容。",
    ),
    (
        NewsKind.EXCHANGE,
        "三句话讲清学分银行",
        "先认定，再转换，后兑换。支部把学习体会写成一页问答，其他支部可以直接采用。",
    ),
    (
        NewsKind.EXAMPLE,
        "把意见箱搬进实训车间",
        "党员教师每周在实训车间值守一小时，当面听学生意见，能办的当天答复。",
    ),
)


def make_news(campaign: Campaign, school: DemoSchool, on: date) -> None:
    """Two published, the last one waiting for the campaign group."""
    chair = Membership.objects.filter(unit=campaign.campaign_group).earliest("pk").user
    for number, (kind, title, text) in enumerate(_NEWS):
        unit = school.colleges[number % len(school.colleges)]
        is_out = number < len(_NEWS) - 1
        day = on - timedelta(days=2 * number + 1)
        News.objects.create(
            campaign=campaign,
            unit=unit,
            kind=kind,
            title=title,
            text=text,
            author=unit.memberships.filter(position="secretary").earliest("pk").user,
            status=NewsStatus.PUBLISHED if is_out else NewsStatus.SUBMITTED,
            approved_by=chair if is_out else None,
            published_at=timezone.make_aware(datetime.combine(day, time(10))) if is_out else None,
        )
