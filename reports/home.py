"""What the home page tells one person: where things stand, what is due, what waits for them.

Assembled from all apps; looks and addresses are in the view and its templates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from campaign.gates import phase_on
from campaign.models import Campaign
from core.chinese_text import counted, month_day
from core.local_time import local_day
from notices.models import Delivery, Notice
from outcomes.models import News
from proposals.choices import Status
from proposals.models import Proposal
from reports.outlook import behind, counts_of
from reports.permissions import can_read_any
from reports.snapshots import latest_outlook
from seminars.models import Activity, Opinion
from supervision.choices import Duty, Rung
from supervision.lines import Line, line
from supervision.models import Extension, LadderStep
from supervision.obligations import owed_by, within_reach
from supervision.services.ladder import thresholds_of
from units.standing import standing_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import User
    from campaign.models import Phase
    from reports.outlook import Outlook
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
    #: When the figures and what waits in the whole school were counted.
    counted_at: datetime | None = None
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


def assemble_home(user: User, now: datetime) -> Home:
    """The page of `user` at a moment; the number of queries does not depend on the records."""
    on = local_day(now)
    campaign = Campaign.objects.running().select_related("ladder_rule").first()
    news = _news(user)
    if campaign is None:
        return Home("目前没有进行中的活动。", news=news)
    standing = standing_of(user)
    outlook = latest_outlook(campaign, now) if standing.is_organiser else None
    known = within_reach(campaign, user, on)
    mine = owed_by(user, known)
    due = [owed for owed in mine if not owed.is_met and not owed.is_of_plan_group]
    waiting = _waiting(campaign, user, known, outlook, on)
    thresholds = thresholds_of(campaign)
    written = _written_by(user, campaign)
    return Home(
        sentence=_sentence(campaign, on, len(due), len(waiting)),
        due=tuple(line(owed, thresholds, on) for owed in due[:MOST_DUE]),
        due_count=len(due),
        waiting=waiting,
        counted_at=outlook.counted_at if outlook else None,
        figures=_figures(outlook) if outlook and standing.is_leader else (),
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
    campaign: Campaign, user: User, known: list[Obligation], outlook: Outlook | None, on: date
) -> tuple[Waiting, ...]:
    """What others expect this person to look at, without what there is none of."""
    standing = standing_of(user)
    found = []
    if standing.is_reviewer:
        found += _for_reviewer(campaign, user, known, on)
    if outlook:
        found += _for_organiser(campaign, outlook)
    elif standing.is_reporter:
        others = behind(known)
        below = len(others) - len(owed_by(user, others))
        found.append(Waiting("下属单位还没完成的事项", below, "项", "supervision:owed_list"))
    return tuple(one for one in found if one.count)


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


def _for_organiser(campaign: Campaign, outlook: Outlook) -> list[Waiting]:
    """What is acted on from here is counted anew; the rest is from the outlook."""
    steps = LadderStep.objects.filter(campaign=campaign, rung=Rung.RED, at__gt=outlook.counted_at)
    extensions = Extension.objects.filter(campaign=campaign).waiting()
    undelivered = Delivery.objects.given_up()
    news = News.objects.in_campaign(campaign).waiting()
    confirmed, asked, lost, unread = counts_of(steps, extensions, undelivered, news)
    red = max(outlook.unconfirmed - confirmed, 0)
    return [
        Waiting("等待确认的红色督办", red, "项", "supervision:owed_list", "?show=overdue"),
        Waiting("等待批复的延期申请", asked, "份", "supervision:extensions"),
        Waiting("没有送达的消息", lost, "条", "supervision:undelivered"),
        Waiting("等待审核的动态", unread, "条", "outcomes:news"),
        Waiting("还有事项未完成的单位", outlook.units_behind, "个", "supervision:owed_list"),
    ]


def _figures(outlook: Outlook) -> tuple[Figure, ...]:
    return (
        Figure("活动", outlook.activities, "场"),
        Figure("意见建议", outlook.opinions, "条"),
        Figure("待答复的对策建议", outlook.proposals_waiting, "件"),
        Figure("已答复的对策建议", outlook.proposals_answered, "件"),
    )


def _news(user: User) -> tuple[Notice, ...]:
    shown = Notice.objects.visible_to(user).newest_first()
    return tuple(shown.only("title", "opened_at", "created_at")[:MOST_OTHERS])


def _written_by(user: User, campaign: Campaign) -> list[Proposal]:
    """The person's proposals that are with them, last touched first."""
    with_author = campaign.proposals.filter(author=user, status__in=[Status.DRAFT, Status.RETURNED])
    shown = with_author.order_by("-updated_at").only("campaign", "title", "status", "updated_at")
    return list(shown.with_return_reason()[:MOST_OTHERS])


def _activity_drafts(user: User, campaign: Campaign) -> tuple[Activity, ...]:
    mine = campaign.activities.drafts_of(user)
    shown = mine.order_by("-updated_at").only("campaign", "title", "kind", "updated_at")
    return tuple(shown[:MOST_OTHERS])


def _opinions(user: User, campaign: Campaign) -> tuple[Opinion, ...]:
    """What the person said under their own name, newest first."""
    mine = Opinion.objects.voiced_by(user).filter(campaign=campaign)
    shown = mine.newest_first().only("text", "status", "reason", "raised_on")
    return tuple(shown[:MOST_OTHERS])
