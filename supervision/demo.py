"""How far the fictional units are with what comes first: receipts, teams, plans (S1, S31, S35)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from campaign.choices import DemandKind
from campaign.models import Receipt, SubTopic
from core.local_time import SHANGHAI
from supervision.choices import FindingStatus, HandInState, InspectionStatus
from supervision.models import Evidence, Finding, Fulfilment, Inspection
from supervision.services.bodies import new_team
from supervision.services.fulfilments import length_of
from units.choices import Position
from units.models import Membership

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from accounts.models import User
    from campaign.models import Campaign
    from units.demo import DemoSchool
    from units.models import Unit


class _State(NamedTuple):
    """How far one unit is; `plan` is None while it has handed in none."""

    is_signed: bool
    has_team: bool
    plan: HandInState | None


#: The units take turns; the first one's secretary is among the people one can sign in as.
_STATES = (
    _State(is_signed=True, has_team=True, plan=HandInState.APPROVED),
    _State(is_signed=True, has_team=True, plan=HandInState.HANDED_IN),
    _State(is_signed=True, has_team=True, plan=HandInState.RETURNED),
    _State(is_signed=True, has_team=True, plan=None),
    _State(is_signed=False, has_team=False, plan=None),
)
_ANSWERS = {
    HandInState.HANDED_IN: "",
    HandInState.APPROVED: "结合本单位实际，分工和时间安排清楚。",
    HandInState.RETURNED: "请写明各支部的研讨主题和牵头人后重交。",
}
_PLAN = """一、成立工作小组，由党总支书记和院长任组长。
二、学习讨论阶段每个支部集中学习不少于2次、组织研讨不少于1次。
三、围绕本单位的具体研讨主题走访合作企业，梳理问题清单，提出对策建议。
四、实践转化阶段把采纳的建议列入任务清单，落实责任人和完成时间。"""
_SUB_TOPICS = ("本专业群如何对接区域产业", "企业导师怎样参与课堂教学", "实训室如何向社会开放")
#: Themes whose order a sub-topic stands under, in the order of `_SUB_TOPICS`.
_THEMES = (4, 5, 7)


def make_ready(campaign: Campaign, school: DemoSchool) -> None:
    """Every state a general branch can be in with receipt, working team and plan, in turn."""
    start = campaign.phases.all()[0].starts_on
    rows = [
        (college, _STATES[number % len(_STATES)]) for number, college in enumerate(school.colleges)
    ]
    people = _people(school.colleges)
    signed = [college for college, state in rows if state.is_signed]
    Receipt.objects.bulk_create(
        Receipt(
            campaign=campaign,
            unit=college,
            by=people[college.pk][0],
            at=_at(start + timedelta(days=1 + number % 3)),
        )
        for number, college in enumerate(signed)
    )
    Membership.objects.bulk_create(
        membership
        for college, state in rows
        if state.has_team
        for membership in _team(college, people[college.pk], start + timedelta(days=5))
    )
    _hand_in_plans(campaign, school, rows, people)
    _name_sub_topics(campaign, signed)


_FINDINGS = (
    ("两次研讨没有写明列席人员", "补记列席人员，以后随会随记。", FindingStatus.OPEN),
    ("走访记录缺少企业意见", "补记企业代表的意见，逐条登记。", FindingStatus.ANSWERED),
    ("学习记录的主题选错", "改为实际学习的主题。", FindingStatus.CLOSED),
)


def inspect(campaign: Campaign, school: DemoSchool, on: date) -> None:
    """One visit to the first general branch, with a finding in every state (S34)."""
    unit, organiser = school.colleges[0], school.sign_ins["organiser"]
    went = on - timedelta(days=6)
    inspection = Inspection.objects.create(
        campaign=campaign,
        unit=unit,
        title="学习讨论阶段工作（演示）",
        purpose="看活动记录和意见处理，不另备材料。",
        planned_on=went,
        planned_by=organiser,
        planned_at=_at(went - timedelta(days=5)),
        status=InspectionStatus.VISITED,
        visited_on=went,
        summary="活动按方案开展，个别记录不完整。",
    )
    inspection.inspectors.add(organiser)
    owner = _people([unit])[unit.pk][0]
    for title, text, status in _FINDINGS:
        finding = Finding.objects.create(
            inspection=inspection,
            title=title,
            text=text,
            owner=owner,
            due_on=on + timedelta(days=9),
            found_by=organiser,
            found_at=_at(went),
            status=status,
            **_ending(status, organiser, on),
        )
        if status != FindingStatus.OPEN:
            Evidence.objects.create(
                finding=finding, text="已补记，请核对。", by=owner, at=_at(on - timedelta(days=2))
            )


def _ending(status: FindingStatus, organiser: User, on: date) -> dict[str, object]:
    if status == FindingStatus.OPEN:
        return {}
    answered: dict[str, object] = {"answered_on": on - timedelta(days=2)}
    if status == FindingStatus.ANSWERED:
        return answered
    closed: dict[str, object] = {
        "closed_by": organiser,
        "closed_on": on,
        "closing_note": "已核对记录。",
    }
    return answered | closed


def _people(colleges: Sequence[Unit]) -> dict[int, list[User]]:
    """Who belongs to each college, secretary first."""
    posts = Membership.objects.filter(unit__in=colleges).by_rank().select_related("user")
    people: dict[int, list[User]] = {college.pk: [] for college in colleges}
    for post in posts:
        people[post.unit_id].append(post.user)
    return people


def _team(college: Unit, people: Sequence[User], since: date) -> Iterator[Membership]:
    """Its secretary chairs, the next is deputy, three more are members; as many as there are."""
    team = new_team(college)
    places = (Position.CHAIR, Position.DEPUTY_CHAIR, *[Position.MEMBER] * 3)
    for position, person in zip(places, people, strict=False):
        yield Membership(unit=team, user=person, position=position, starts_on=since)


def _hand_in_plans(
    campaign: Campaign,
    school: DemoSchool,
    rows: Sequence[tuple[Unit, _State]],
    people: dict[int, list[User]],
) -> None:
    """Units' implementation plans, which the (fictional) campaign group means to approve."""
    demand = campaign.demands.get(kind=DemandKind.IMPLEMENTATION_PLAN)
    campaign.demands.filter(pk=demand.pk).update(needs_approval=True)
    handed_in = _at(campaign.phases.all()[0].starts_on + timedelta(days=9))
    Fulfilment.objects.bulk_create(
        Fulfilment(
            demand=demand,
            unit=college,
            note=f"{college.short_name}实施方案（演示文本）",
            done_on=handed_in.date(),
            by=people[college.pk][0],
            at=handed_in,
            text=_PLAN,
            words=length_of(_PLAN),
            state=state.plan,
            decision_note=_ANSWERS[state.plan],
            **_decided(state.plan, school, handed_in + timedelta(days=4)),
        )
        for college, state in rows
        if state.plan is not None
    )


def _decided(state: HandInState, school: DemoSchool, at: datetime) -> dict[str, object]:
    if state == HandInState.HANDED_IN:
        return {}
    return {"decided_by": school.sign_ins["organiser"], "decided_at": at}


def _name_sub_topics(campaign: Campaign, units: Sequence[Unit]) -> None:
    themes = {theme.order: theme for theme in campaign.themes.all()}
    SubTopic.objects.bulk_create(
        SubTopic(theme=themes[order], unit=unit, title=title)
        for unit in units
        for order, title in zip(_THEMES, _SUB_TOPICS, strict=True)
    )


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10), SHANGHAI)
