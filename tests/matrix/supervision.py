from datetime import date

from campaign.choices import DemandKind
from notices.choices import Channel
from notices.models import Delivery, Notice
from supervision.models import Extension
from tests.factories import DemandFactory, at
from tests.matrix.row import EVERYONE, Row, people
from tests.matrix.world import World


def secretary_post(world: World) -> dict[str, int]:
    return {"pk": world.people["secretary"].memberships.get().pk}


def overdue_demand(world: World) -> dict[str, str]:
    """A plan the branch does not have in time; the sibling branch has none of its business."""
    demand = DemandFactory.create(
        campaign=world.campaign,
        kind=DemandKind.IMPLEMENTATION_PLAN,
        opens_on=date(2019, 9, 1),
        due_on=date(2019, 9, 2),
    )
    return {"key": f"demand-{demand.pk}-{world.branch.pk}"}


def wish_for_more_time(world: World) -> dict[str, int]:
    extension, _created = Extension.objects.get_or_create(
        campaign=world.campaign,
        obligation="demand-1-1",
        defaults={
            "title": "组织研讨",
            "unit": world.branch,
            "old_due_on": date(2019, 9, 2),
            "wanted_due_on": date(2019, 9, 9),
            "reason": "集中外出实践",
            "asked_by": world.people["secretary"],
            "asked_at": at(10),
        },
    )
    return {"pk": extension.pk}


def given_up_mail(world: World) -> dict[str, int]:
    notice, _created = Notice.objects.get_or_create(
        recipient=world.people["secretary"],
        key="ladder:1",
        defaults={"kind": "ladder", "title": "还差1项", "created_at": at(9)},
    )
    delivery, _created = Delivery.objects.get_or_create(
        notice=notice, channel=Channel.EMAIL, defaults={"not_before": at(9)}
    )
    return {"pk": delivery.pk}


CAMPAIGN_GROUP = people("organiser leader")
LOG_READERS = CAMPAIGN_GROUP | people("admin")
REPORTERS = people("secretary general")
SIBLING = people("sibling")
ROWS = [
    Row("supervision:owed_list", get=EVERYONE),
    Row("supervision:owed", get=EVERYONE - SIBLING, hidden=SIBLING, at=overdue_demand),
    Row("supervision:confirm_red", post=CAMPAIGN_GROUP, hidden=SIBLING, at=overdue_demand),
    Row(
        "supervision:ask_extension",
        get=REPORTERS,
        post=REPORTERS,
        hidden=SIBLING,
        at=overdue_demand,
    ),
    Row("supervision:done", get=REPORTERS, post=REPORTERS, hidden=SIBLING, at=overdue_demand),
    Row("supervision:hand_over", get=people("admin"), post=people("admin"), at=secretary_post),
    Row("supervision:extensions", get=EVERYONE),
    Row("supervision:log", get=LOG_READERS),
    Row("supervision:undelivered", get=LOG_READERS),
    Row("supervision:retry", post=LOG_READERS, at=given_up_mail),
    Row(
        "supervision:answer_extension",
        get=CAMPAIGN_GROUP,
        post=CAMPAIGN_GROUP,
        hidden=SIBLING,
        at=wish_for_more_time,
    ),
]
