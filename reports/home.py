"""What the home page tells one person: where things stand, what is due, what waits for them.

Assembled from all apps; looks and addresses are in the view and its templates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Value

from campaign.gates import phase_on
from campaign.models import Campaign
from core.chinese_text import counted, month_day
from notices.models import Delivery, Notice
from proposals.choices import Status
from proposals.models import Proposal
from reports.permissions import can_read_any
from seminars.models import Activity, Opinion
from supervision.choices import Duty
from supervision.lines import Line, line
from supervision.models import Extension
from supervision.obligations import of_campaign, owed_by, within_reach
from supervision.services.ladder import thresholds_of, waiting_for_red
from units.standing import standing_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.db.models import QuerySet

    from accounts.models import User
    from campaign.models import Phase
    from supervision.owing import Obligation

#: How many of each list the page shows; the rest is a click away.
MOST_DUE = 8
MOST_OTHERS = 5


@dataclass(frozen=True)
class Waiting:
    """Something that waits for this person, with how much of it."""

    title: str
    count: int
    word: str
    route: str
    query: str = ""
    note: str = ""


@dataclass(frozen=True)
class Figure:
    label: str
    value: int
    word: str


@dataclass(frozen=True)
class Home:
    """One person's home page. Everything but the sentence may be empty."""

    sentence: str
    due: tuple[Line, ...] = ()
    due_count: int = 0
    waiting: tuple[Waiting, ...] = ()
    figures: tuple[Figure, ...] = ()
    activity_drafts: tuple[Activity, ...] = ()
    proposal_drafts: tuple[Proposal, ...] = ()
    returned_proposals: tuple[Proposal, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    news: tuple[Notice, ...] = ()
    can_log: bool = False
    can_review: bool = False
    can_report: bool = False
    can_voice: bool = False
    #: Of the campaign, in their order; the frame above the page draws them too.
    phases: tuple[Phase, ...] = ()


def assemble_home(user: User, on: date) -> Home:
    """The page of `user` on a day; the number of queries does not depend on the records."""
    campaign = Campaign.objects.select_related("ladder_rule").current()
    news = tuple(Notice.objects.visible_to(user).newest_first()[:MOST_OTHERS])
    if campaign is None:
        return Home("目前没有进行中的活动。", news=news)
    standing = standing_of(user)
    is_organiser = standing.is_organiser
    known = of_campaign(campaign, on) if is_organiser else within_reach(campaign, user, on)
    mine = owed_by(user, known)
    due = [owed for owed in mine if not owed.is_met and not owed.is_of_plan_group]
    counts = _counts(campaign) if is_organiser or standing.is_leader else {}
    waiting = _waiting(campaign, user, known, counts, on)
    thresholds = thresholds_of(campaign)
    written = _written_by(user, campaign)
    return Home(
        sentence=_sentence(campaign, on, len(due), len(waiting)),
        due=tuple(line(owed, thresholds, on) for owed in due[:MOST_DUE]),
        due_count=len(due),
        waiting=waiting,
        figures=_figures(counts) if standing.is_leader else (),
        activity_drafts=_activity_drafts(user, campaign) if standing.is_reporter else (),
        proposal_drafts=tuple(one for one in written if one.status == Status.DRAFT),
        returned_proposals=tuple(one for one in written if one.status == Status.RETURNED),
        opinions=_opinions(user, campaign),
        news=news,
        can_log=standing.is_reporter,
        can_review=standing.is_reviewer,
        can_report=can_read_any(user),
        can_voice=bool(standing.posts),
        phases=tuple(campaign.phases.all()),
    )


def _sentence(campaign: Campaign, on: date, due: int, waiting: int) -> str:
    """学习讨论阶段 第12天，还差1项."""
    phase = phase_on(campaign, on)
    parts = [f"还差{counted(due, '项')}"] if due else []
    parts += [f"{counted(waiting, '件')}事等我处理"] if waiting else []
    rest = "，".join(parts) or "没有待办事项"
    if phase is not None:
        return f"{phase.name} 第{phase.day_number(on)}天，{rest}"
    upcoming = [one for one in campaign.phases.all() if one.starts_on > on]
    if upcoming:
        first = min(upcoming, key=lambda one: one.starts_on)
        return f"{first.name}{month_day(first.starts_on)}开始，{rest}"
    return f"各阶段已经结束，{rest}"


def _waiting(
    campaign: Campaign, user: User, known: list[Obligation], counts: Mapping[str, int], on: date
) -> tuple[Waiting, ...]:
    """What others expect this person to look at, without what there is none of."""
    standing = standing_of(user)
    behind = [owed for owed in known if _is_behind(owed)]
    found = []
    if standing.is_reviewer:
        found += _for_reviewer(campaign, user, known, on)
    if standing.is_organiser:
        found += _for_organiser(campaign, known, behind, counts, on)
    elif standing.is_reporter:
        below = [owed for owed in behind if owed not in owed_by(user, behind)]
        found.append(Waiting("下属单位还没完成的事项", len(below), "项", "supervision:owed_list"))
    return tuple(one for one in found if one.count)


def _is_behind(owed: Obligation) -> bool:
    return owed.duty == Duty.DEMAND and owed.due_on is not None and not owed.is_met


def _for_reviewer(
    campaign: Campaign, user: User, known: list[Obligation], on: date
) -> list[Waiting]:
    unseen = Proposal.objects.in_campaign(campaign).reviewable_by(user).not_reviewed_by(user)
    reviews = [owed for owed in known if owed.duty == Duty.REVIEW]
    late = sum(owed.missing for owed in reviews if owed.is_overdue(on))
    note = f"其中{counted(late, '件')}已超期" if late else ""
    second = sum(owed.duty == Duty.SECOND_REPLY for owed in known)
    unanswered = sum(owed.missing for owed in reviews)
    return [
        Waiting("等我审议的建议", unseen.count(), "件", "proposals:desk"),
        Waiting("待工作组答复的建议", unanswered, "件", "proposals:desk", note=note),
        Waiting("等待再次答复的不满意评价", second, "条", "supervision:owed_list"),
    ]


def _for_organiser(
    campaign: Campaign,
    known: list[Obligation],
    behind: list[Obligation],
    counts: Mapping[str, int],
    on: date,
) -> list[Waiting]:
    red = waiting_for_red(known, campaign, on)
    units = {owed.unit.pk for owed in behind if owed.unit}
    return [
        Waiting("等待确认的红色督办", len(red), "项", "supervision:owed_list", "?show=overdue"),
        Waiting("等待批复的延期申请", counts.get("extensions", 0), "份", "supervision:extensions"),
        Waiting("没有送达的消息", counts.get("undelivered", 0), "条", "supervision:undelivered"),
        Waiting("还有事项未完成的单位", len(units), "个", "supervision:owed_list"),
    ]


def _counts(campaign: Campaign) -> dict[str, int]:
    """How many of each there are, proposals by their status; one query."""
    return dict(
        _count(campaign.activities.logged(), Value("activities")).union(
            _count(campaign.opinions.all(), Value("opinions")),
            _count(campaign.proposals.all(), F("status")),
            _count(Extension.objects.filter(campaign=campaign).waiting(), Value("extensions")),
            _count(Delivery.objects.given_up(), Value("undelivered")),
            all=True,
        )
    )


def _figures(counts: Mapping[str, int]) -> tuple[Figure, ...]:
    answered = counts.get(Status.DECIDED, 0) + counts.get(Status.MERGED, 0)
    return (
        Figure("活动", counts.get("activities", 0), "场"),
        Figure("意见建议", counts.get("opinions", 0), "条"),
        Figure("待答复的对策建议", counts.get(Status.SUBMITTED, 0), "件"),
        Figure("已答复的对策建议", answered, "件"),
    )


def _count(records: QuerySet[Any], group: F | Value) -> QuerySet[Any]:
    """Pairs of group and number of records."""
    pairs: QuerySet[Any] = (
        records.order_by()
        .values(group=group)
        .annotate(count=Count("pk"))
        .values_list("group", "count")
    )
    return pairs


def _written_by(user: User, campaign: Campaign) -> list[Proposal]:
    """The person's proposals that are with them, last touched first."""
    with_author = campaign.proposals.filter(author=user, status__in=[Status.DRAFT, Status.RETURNED])
    return list(with_author.order_by("-updated_at")[:MOST_OTHERS])


def _activity_drafts(user: User, campaign: Campaign) -> tuple[Activity, ...]:
    mine = campaign.activities.visible_to(user).drafts().filter(created_by=user)
    return tuple(mine.order_by("-updated_at")[:MOST_OTHERS])


def _opinions(user: User, campaign: Campaign) -> tuple[Opinion, ...]:
    """What the person said under their own name, newest first."""
    mine = Opinion.objects.voiced_by(user).filter(campaign=campaign)
    return tuple(mine.newest_first()[:MOST_OTHERS])
