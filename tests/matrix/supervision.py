from datetime import date

from django.core.files.base import ContentFile

from campaign.choices import DemandKind
from notices.choices import Channel
from notices.models import Delivery, Notice, RestPeriod
from supervision.choices import FindingStatus
from supervision.feeds import open_feed
from supervision.models import (
    Evidence,
    Extension,
    Finding,
    Fulfilment,
    FulfilmentFile,
    Inspection,
    Sending,
)
from tests.factories import DemandFactory, at
from tests.matrix.campaign import STEERING, campaign, demand, phase, step
from tests.matrix.row import EVERYONE, Row, people
from tests.matrix.world import World

CHAIRS = people("leader admin")
#: They belong to branches below the unit, which does not show them the unit itself.
OTHERS = people("staff secretary sibling")
TEAM_MAKERS = people("general admin")


def addressed(world: World) -> dict[str, str]:
    """The general branch, to which the plan is sent."""
    return {"code": world.people["general"].memberships.get().unit.code}


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


def the_inspection(world: World) -> Inspection:
    """Of the branch, by the organiser."""
    inspection, made = Inspection.objects.get_or_create(
        campaign=world.campaign,
        unit=world.branch,
        defaults={
            "title": "研讨开展情况",
            "planned_on": date(2019, 9, 20),
            "planned_by": world.people["organiser"],
            "planned_at": at(9),
        },
    )
    if made:
        inspection.inspectors.add(world.people["organiser"])
    return inspection


def the_finding(world: World) -> Finding:
    finding, _made = Finding.objects.get_or_create(
        inspection=the_inspection(world),
        defaults={
            "title": "记录不全",
            "text": "补记",
            "owner": world.people["secretary"],
            "due_on": date(2019, 9, 30),
            "found_by": world.people["organiser"],
            "found_at": at(9),
        },
    )
    return finding


def an_inspection(world: World) -> dict[str, int]:
    return {"pk": the_inspection(world).pk}


def a_record_of_it(world: World) -> dict[str, int]:
    return {"pk": the_inspection(world).pk, "activity_pk": world.activity.pk}


def a_finding(world: World) -> dict[str, int]:
    return {"pk": the_finding(world).pk}


def an_answered_finding(world: World) -> dict[str, int]:
    finding = the_finding(world)
    finding.status, finding.answered_on = FindingStatus.ANSWERED, finding.due_on
    finding.save()
    return {"pk": finding.pk}


def a_proof(world: World) -> dict[str, int]:
    evidence = Evidence.objects.create(
        finding=the_finding(world),
        text="已补记",
        file=ContentFile(b"text", name="a.txt"),
        file_name="说明.txt",
        by=world.people["secretary"],
        at=at(9),
    )
    return {"pk": evidence.finding_id, "evidence_pk": evidence.pk}


def a_sending(world: World) -> dict[str, int]:
    sending = Sending.objects.create(
        campaign=world.campaign,
        about="demand-1",
        about_title="组织研讨",
        title="请尽快组织研讨",
        body="有困难请告诉我们。",
        written_by=world.people["organiser"],
        written_at=at(9),
    )
    return {"pk": sending.pk}


def the_blue_rung(_world: World) -> dict[str, str]:
    return {"rung": "blue"}


def rest_days(_world: World) -> dict[str, int]:
    day = date(2019, 10, 8)
    return {"pk": RestPeriod.objects.create(name="校庆", starts_on=day, ends_on=day).pk}


def handed_in(world: World) -> dict[str, int]:
    demand = DemandFactory.create(
        campaign=world.campaign, kind=DemandKind.REPORT, needs_approval=True, due_on=None
    )
    row = Fulfilment.objects.create(
        demand=demand,
        unit=world.branch,
        note="工作报告",
        done_on=date(2019, 9, 2),
        by=world.people["secretary"],
        at=at(10),
    )
    return {"pk": row.pk}


def hand_in_file(world: World) -> dict[str, int]:
    row = FulfilmentFile(fulfilment_id=handed_in(world)["pk"], name="报告.txt", size_bytes=9)
    row.file.save("a.txt", ContentFile("报告".encode()))
    return {"pk": row.pk}


def feed_of_the_secretary(world: World) -> dict[str, int]:
    feed, _secret = open_feed(world.people["secretary"], None, at(10))
    return {"pk": feed.pk}


def secret(world: World) -> dict[str, str]:
    _feed, words = open_feed(world.people["secretary"], None, at(10))
    return {"secret": words}


CAMPAIGN_GROUP = people("organiser leader")
INSPECTOR = people("organiser")
#: Who may not know of an inspection of the branch: its staff, and the branch beside it.
UNCONCERNED = people("staff sibling")
INSPECTED = EVERYONE - UNCONCERNED
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
    Row("supervision:bodies", get=EVERYONE),
    Row("supervision:sign_receipt", post=people("general"), hidden=OTHERS, at=addressed),
    Row("supervision:team", get=TEAM_MAKERS, post=TEAM_MAKERS, hidden=OTHERS, at=addressed),
    Row("supervision:hand_over", get=people("admin"), post=people("admin"), at=secretary_post),
    Row("supervision:rules", get=LOG_READERS, post=LOG_READERS),
    Row("supervision:template", get=LOG_READERS, post=LOG_READERS, at=the_blue_rung),
    Row("supervision:usual_words", post=LOG_READERS, at=the_blue_rung),
    Row("supervision:rest_days", get=LOG_READERS, post=LOG_READERS),
    Row("supervision:remove_rest_days", get=LOG_READERS, post=LOG_READERS, at=rest_days),
    Row("supervision:sendings", get=CAMPAIGN_GROUP),
    Row("supervision:write_sending", get=CAMPAIGN_GROUP, post=CAMPAIGN_GROUP),
    Row("supervision:sending", get=CAMPAIGN_GROUP, at=a_sending),
    Row("supervision:rewrite_sending", get=CAMPAIGN_GROUP, post=CAMPAIGN_GROUP, at=a_sending),
    Row("supervision:send", post=CAMPAIGN_GROUP, at=a_sending),
    Row("supervision:drop", post=CAMPAIGN_GROUP, at=a_sending),
    Row("supervision:burden", get=EVERYONE),
    Row("supervision:waive", get=people("leader"), post=people("leader")),
    Row("supervision:inspections", get=EVERYONE),
    Row("supervision:plan_inspection", get=CAMPAIGN_GROUP, post=CAMPAIGN_GROUP),
    Row("supervision:inspection", get=INSPECTED, hidden=UNCONCERNED, at=an_inspection),
    Row("supervision:visit", get=INSPECTOR, post=INSPECTOR, hidden=UNCONCERNED, at=an_inspection),
    Row(
        "supervision:call_off", get=INSPECTOR, post=INSPECTOR, hidden=UNCONCERNED, at=an_inspection
    ),
    Row(
        "supervision:add_finding",
        get=INSPECTOR,
        post=INSPECTOR,
        hidden=UNCONCERNED,
        at=an_inspection,
    ),
    Row("supervision:inspected_records", get=INSPECTOR, hidden=UNCONCERNED, at=an_inspection),
    Row("supervision:inspected_record", get=INSPECTOR, hidden=UNCONCERNED, at=a_record_of_it),
    Row("supervision:finding", get=INSPECTED, post=REPORTERS, hidden=UNCONCERNED, at=a_finding),
    Row("supervision:evidence", get=INSPECTED, hidden=UNCONCERNED, at=a_proof),
    Row(
        "supervision:close_finding",
        get=INSPECTOR,
        post=INSPECTOR,
        hidden=UNCONCERNED,
        at=a_finding,
        note=" the finder alone",
    ),
    Row(
        "supervision:return_finding",
        get=INSPECTOR,
        post=INSPECTOR,
        hidden=UNCONCERNED,
        at=an_answered_finding,
        note=" the finder alone",
    ),
    Row("supervision:extensions", get=EVERYONE),
    Row("supervision:log", get=LOG_READERS),
    Row("supervision:undelivered", get=LOG_READERS),
    Row("supervision:retry", post=LOG_READERS, at=given_up_mail),
    Row("supervision:handed_in", get=EVERYONE),
    Row(
        "supervision:decide_hand_in",
        get=CAMPAIGN_GROUP,
        post=CAMPAIGN_GROUP,
        hidden=SIBLING,
        at=handed_in,
    ),
    Row("supervision:hand_in_file", get=EVERYONE - SIBLING, hidden=SIBLING, at=hand_in_file),
    Row("supervision:calendar", get=EVERYONE, post=EVERYONE),
    Row(
        "supervision:stop_feed",
        post=people("secretary"),
        hidden=EVERYONE - people("secretary"),
        at=feed_of_the_secretary,
    ),
    Row("supervision:feed", get=EVERYONE | people("nobody"), at=secret),
    Row("supervision:seal", get=CHAIRS, post=CHAIRS, at=campaign),
    Row("supervision:phase", get=STEERING, post=STEERING, at=phase),
    Row("supervision:step", get=STEERING, post=STEERING, at=step),
    Row("supervision:add_demand", get=STEERING, post=STEERING, at=campaign),
    Row("supervision:edit_demand", get=STEERING, post=STEERING, at=demand),
    Row("supervision:withdraw_demand", get=STEERING, post=STEERING, at=demand),
    Row(
        "supervision:answer_extension",
        get=CAMPAIGN_GROUP,
        post=CAMPAIGN_GROUP,
        hidden=SIBLING,
        at=wish_for_more_time,
    ),
]
