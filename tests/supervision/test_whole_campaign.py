"""One campaign from its first to its last day, with the clock standing where the test says.

`whole_campaign.txt` is the expected account, written out in full and read by a person: each day,
who is told what on which rung, and what happened in between. To look at a change, run with
WRITE_WHOLE_CAMPAIGN=1 and read the difference before keeping it.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from accounts.models import User
from campaign.choices import ActivityKind, DemandKind
from campaign.models import Campaign, Demand
from core.chinese_text import weekday
from notices.models import Notice
from outcomes.choices import MeasureStatus
from outcomes.models import Measure
from proposals.choices import Status
from proposals.models import Proposal
from supervision.choices import Rung
from supervision.models import Extension
from supervision.services.ladder import Sent, confirm_red, send_due
from tests.factories import (
    ActivityFactory,
    CampaignFactory,
    DemandFactory,
    PhaseFactory,
    ProposalFactory,
    ThemeFactory,
    UnitFactory,
    at,
)
from tests.supervision.conftest import person
from units.choices import Position, UnitKind
from units.models import Unit

EXPECTED = Path(__file__).with_name("whole_campaign.txt")
FIRST, LAST = date(2019, 8, 25), date(2019, 12, 31)
#: Passes of each day: one that may send and one that may not.
HOURS = (8, 20)


@dataclass
class Story:
    """The school, and what its people do on which day."""

    campaign: Campaign
    committee: Unit
    branches: dict[str, Unit]
    forums: Demand
    proposals: Demand
    organiser: User
    liaison: User

    def hold(self, branch: str, kind: ActivityKind, on: date) -> None:
        ActivityFactory.create(
            campaign=self.campaign, unit=self.branches[branch], kind=kind, held_on=on
        )

    def hand_in(self, on: date, due_on: date) -> None:
        ProposalFactory.create(
            campaign=self.campaign,
            unit=self.committee,
            status=Status.SUBMITTED,
            submitted_at=at(15, on=on),
            review_due_on=due_on,
        )

    def move_deadline_of_proposals(self, due_on: date) -> None:
        Demand.objects.filter(pk=self.proposals.pk).update(due_on=due_on)

    def grant_extension(self, branch: str, on: date, until: date) -> None:
        assert self.forums.due_on is not None
        Extension.objects.create(
            campaign=self.campaign,
            obligation=f"demand-{self.forums.pk}-{self.branches[branch].pk}",
            title=self.forums.title,
            unit=self.branches[branch],
            old_due_on=self.forums.due_on,
            wanted_due_on=until,
            reason="教师集中外出实践",
            asked_by=self.liaison,
            asked_at=at(16, on=on),
            is_granted=True,
            decided_by=self.organiser,
            decided_on=on,
        )

    def hold_and_extend(self, on: date) -> None:
        self.hold("数控支部", ActivityKind.FORUM, on)
        self.grant_extension("电气支部", on, date(2019, 11, 15))

    def confirm_red_of_forums(self, branch: str, on: date) -> Sent:
        key = f"demand-{self.forums.pk}-{self.branches[branch].pk}"
        return confirm_red(self.campaign, key, self.organiser, at(16, on=on))

    def answer_all(self, on: date) -> None:
        Proposal.objects.update(status=Status.DECIDED, decided_at=at(16, on=on))

    def close_measure(self, on: date) -> None:
        Measure.objects.update(status=MeasureStatus.CLOSED, closed_on=on)


@pytest.fixture
def story(db: None) -> Story:
    campaign = CampaignFactory.create()
    for first, last in (
        (FIRST, date(2019, 9, 10)),
        (date(2019, 9, 11), date(2019, 10, 20)),
        (date(2019, 10, 21), LAST),
    ):
        PhaseFactory.create(campaign=campaign, starts_on=first, ends_on=last)
    school = UnitFactory.create(name="学校", kind=UnitKind.SCHOOL)
    committee = UnitFactory.create(name="机电党总支", kind=UnitKind.GENERAL_BRANCH, parent=school)
    branches = {
        name: UnitFactory.create(name=name, parent=committee) for name in ("数控支部", "电气支部")
    }
    campaign_group = UnitFactory.create(kind=UnitKind.CAMPAIGN_GROUP, parent=school)
    plan_group = UnitFactory.create(kind=UnitKind.PLAN_GROUP, parent=school)
    person("总支书记王", committee, Position.SECRETARY)
    person("总支联络员李", committee, Position.LIAISON)
    liaison = person("数控联络员张", branches["数控支部"], Position.LIAISON)
    person("数控书记赵", branches["数控支部"], Position.SECRETARY)
    person("电气书记钱", branches["电气支部"], Position.SECRETARY)  # has no liaison
    person("三大成员孙", campaign_group, Position.MEMBER)
    person("组长周", campaign_group, Position.CHAIR)
    person("副组长吴", campaign_group, Position.DEPUTY_CHAIR)
    person("审议郑", plan_group, Position.MEMBER)
    person("审议冯", plan_group, Position.MEMBER)
    person("审议组长陈", plan_group, Position.CHAIR)
    DemandFactory.create(
        campaign=campaign,
        kind=DemandKind.KICK_OFF,
        title="动员部署",
        opens_on=FIRST,
        due_on=date(2019, 9, 10),
    )
    forums = DemandFactory.create(campaign=campaign, title="组织研讨", quota=2)
    proposals = DemandFactory.create(
        campaign=campaign,
        kind=DemandKind.PROPOSAL,
        title="提交对策建议",
        unit_kinds=[UnitKind.GENERAL_BRANCH],
    )
    Measure.objects.create(
        campaign=campaign,
        theme=ThemeFactory.create(campaign=campaign),
        title="实训室晚间开放",
        unit=branches["数控支部"],
        owner=liaison,
        indicator="每周五晚",
        due_on=date(2019, 12, 20),
        status=MeasureStatus.OPEN,
    )
    organiser = User.objects.get(name="三大成员孙")
    return Story(campaign, committee, branches, forums, proposals, organiser, liaison)


#: What happens at the end of a day's sending hours, and what the account says of it.
Event = tuple[str, Callable[[Story, date], Sent | None]]
EVENTS: dict[date, Event] = {
    date(2019, 9, 5): (
        "数控支部记录动员部署",
        lambda story, on: story.hold("数控支部", ActivityKind.KICK_OFF, on),
    ),
    date(2019, 9, 12): (
        "电气支部补记动员部署",
        lambda story, on: story.hold("电气支部", ActivityKind.KICK_OFF, on),
    ),
    date(2019, 9, 20): (
        "数控支部记录座谈会",
        lambda story, on: story.hold("数控支部", ActivityKind.FORUM, on),
    ),
    date(2019, 10, 10): (
        "提交对策建议的截止日期调整为10月31日",
        lambda story, _on: story.move_deadline_of_proposals(date(2019, 10, 31)),
    ),
    date(2019, 10, 16): (
        "数控支部记录第二场座谈会；批准电气支部延期至11月15日",
        lambda story, on: story.hold_and_extend(on),
    ),
    date(2019, 10, 24): (
        "机电党总支提交一件建议，应于11月7日前答复",
        lambda story, on: story.hand_in(on, date(2019, 11, 7)),
    ),
    date(2019, 11, 8): (
        "工作组答复建议",
        lambda story, on: story.answer_all(on),
    ),
    date(2019, 11, 18): (
        "三大工作组确认电气支部红色督办",
        lambda story, on: story.confirm_red_of_forums("电气支部", on),
    ),
    date(2019, 12, 3): (
        "举措办结",
        lambda story, on: story.close_measure(on),
    ),
}


def play(story: Story) -> list[str]:
    """The account of the whole campaign, day by day."""
    lines: list[str] = []
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=number)
        for hour in HOURS:
            lines += [_line(day, hour, one) for one in send_due(at(hour, on=day)).sent]
        if day in EVENTS:
            what, act = EVENTS[day]
            lines.append(f"{day} {weekday(day)}        {what}")
            result = act(story, day)
            lines += [_line(day, 16, result)] if isinstance(result, Sent) else []
    return lines


def _line(day: date, hour: int, sent: Sent) -> str:
    who = "、".join(person.name for person in sent.audience.people)
    unit = sent.owed.unit.name if sent.owed.unit else "工作组"
    return (
        f"{day} {weekday(day)} {hour:02}:00 {sent.rung.label} {unit} {sent.owed.title}"
        f"（{sent.due_on}截止）→ {sent.audience.role}：{who}"
    )


def test_everyone_is_told_what_the_written_account_says(story: Story):
    lines = play(story)
    if os.environ.get("WRITE_WHOLE_CAMPAIGN"):
        EXPECTED.write_text("\n".join(lines) + "\n", encoding="utf-8")

    assert lines == EXPECTED.read_text(encoding="utf-8").splitlines()
    told = sum(line.split("：", 1)[1].count("、") + 1 for line in lines if "→" in line)
    assert Notice.objects.count() == told
    assert Notice.objects.filter(key__endswith=Rung.RED).count() == 2  # both leaders, once each
