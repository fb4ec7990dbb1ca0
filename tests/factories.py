"""Valid, dull objects. A test names only what matters to it."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import User
from campaign.choices import ActivityKind, CampaignState, DemandKind, Gate, Strand
from campaign.models import AudienceGroup, Campaign, Demand, OfferedKind, Phase, Theme
from proposals.choices import ProposalKind, Status
from proposals.models import Proposal
from seminars.choices import ActivityStatus, OpinionSource
from seminars.models import Activity, Opinion
from units.choices import Position, UnitKind
from units.models import Membership, Unit

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: A working Monday in the middle of the second phase.
A_MONDAY = date(2019, 9, 16)


def at(hour: int, minute: int = 0, on: date = A_MONDAY) -> datetime:
    """A moment in Shanghai."""
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=SHANGHAI)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"教师{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.edu.cn")


class UnitFactory(DjangoModelFactory[Unit]):
    """A unit; `parent=None` makes a root."""

    class Meta:
        model = Unit

    code = factory.Sequence(lambda n: f"unit-{n:06}")  # sorted as text by the tree
    name = factory.Sequence(lambda n: f"第{n}党支部")
    short_name = factory.LazyAttribute(lambda unit: unit.name)
    kind = UnitKind.BRANCH

    @classmethod
    def _create(cls, model_class: type[Unit], *_args: Any, **kwargs: Any) -> Unit:
        parent: Unit | None = kwargs.pop("parent", None)
        if parent is None:
            return model_class.objects.add_root(kwargs)  # type: ignore[no-any-return]
        return model_class.objects.add_child(parent, kwargs)  # type: ignore[no-any-return]


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    unit = factory.SubFactory(UnitFactory)
    position = Position.STAFF
    starts_on = date(2019, 1, 1)


class CampaignFactory(DjangoModelFactory[Campaign]):
    class Meta:
        model = Campaign

    slug = factory.Sequence(lambda n: f"campaign-{n}")
    title = factory.Sequence(lambda n: f"第{n}次大学习大讨论大推动工作实施方案")
    short_title = "大学习、大讨论、大推动"
    state = CampaignState.RUNNING


class PhaseFactory(DjangoModelFactory[Phase]):
    class Meta:
        model = Phase

    campaign = factory.SubFactory(CampaignFactory)
    order = factory.Sequence(lambda n: n + 1)
    name = "学习讨论阶段"
    label = "9月中旬—10月中旬"
    strand = Strand.STUDY_AND_DISCUSSION
    starts_on = date(2019, 9, 11)
    ends_on = date(2019, 10, 20)
    opens = factory.LazyFunction(lambda: list(Gate.values))


class ThemeFactory(DjangoModelFactory[Theme]):
    class Meta:
        model = Theme

    campaign = factory.SubFactory(CampaignFactory)
    order = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"提升第{n}项水平")
    short_title = factory.Sequence(lambda n: f"主题{n}")


class AudienceGroupFactory(DjangoModelFactory[AudienceGroup]):
    class Meta:
        model = AudienceGroup

    campaign = factory.SubFactory(CampaignFactory)
    order = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"群体{n}")


class OfferedKindFactory(DjangoModelFactory[OfferedKind]):
    class Meta:
        model = OfferedKind

    campaign = factory.SubFactory(CampaignFactory)
    order = factory.Sequence(lambda n: n + 1)
    kind = ActivityKind.FORUM
    wording = factory.LazyAttribute(lambda offered: ActivityKind(offered.kind).label)


class DemandFactory(DjangoModelFactory[Demand]):
    """One forum by 20 October, asked of every branch by the campaign group."""

    class Meta:
        model = Demand

    campaign = factory.SubFactory(CampaignFactory)
    order = factory.Sequence(lambda n: n + 1)
    kind = DemandKind.ACTIVITY
    title = "组织研讨"
    unit_kinds = factory.LazyFunction(lambda: [UnitKind.BRANCH])
    opens_on = date(2019, 9, 11)
    due_on = date(2019, 10, 20)


class ActivityFactory(DjangoModelFactory[Activity]):
    class Meta:
        model = Activity

    campaign = factory.SubFactory(CampaignFactory)
    unit = factory.SubFactory(UnitFactory)
    kind = ActivityKind.FORUM
    status = ActivityStatus.LOGGED
    title = factory.Sequence(lambda n: f"第{n}次座谈会")
    held_on = A_MONDAY
    place = "第一会议室"
    host = "主持人"
    content = "围绕实训条件交流讨论。"
    expected = 30
    present = 28
    created_by = factory.SubFactory(UserFactory)
    created_at = factory.LazyFunction(lambda: at(10))
    updated_at = factory.LazyFunction(lambda: at(10))


class OpinionFactory(DjangoModelFactory[Opinion]):
    class Meta:
        model = Opinion

    campaign = factory.SubFactory(CampaignFactory)
    unit = factory.SubFactory(UnitFactory)
    source = OpinionSource.IDEA_BOX
    text = factory.Sequence(lambda n: f"第{n}条意见：希望实训室晚间开放")
    raised_on = A_MONDAY


class ProposalFactory(DjangoModelFactory[Proposal]):
    class Meta:
        model = Proposal

    campaign = factory.SubFactory(CampaignFactory)
    unit = factory.SubFactory(UnitFactory)
    author = factory.SubFactory(UserFactory)
    title = factory.Sequence(lambda n: f"第{n}条建议")
    problem = "实训室晚间不开放，学生课后无处练习。"
    measures = "由二级学院排班，工作日开放到21:30。"
    kind = ProposalKind.METHOD
    theme = factory.SubFactory(ThemeFactory)
    created_at = factory.LazyFunction(lambda: at(10))
    updated_at = factory.LazyFunction(lambda: at(10))

    #: What a proposal in that state always has.
    return_due_on = factory.LazyAttribute(
        lambda proposal: date(2019, 9, 23) if proposal.status == Status.RETURNED else None
    )
    decided_at = factory.LazyAttribute(
        lambda proposal: at(16) if proposal.status == Status.DECIDED else None
    )
    status = Status.DRAFT

    class Params:
        submitted = factory.Trait(
            status="submitted",
            submitted_at=factory.LazyFunction(timezone.now),
            review_due_on=factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=10)),
        )
