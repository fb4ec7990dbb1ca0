from datetime import date

from django.core.files.base import ContentFile

from campaign.choices import DemandKind, Gate
from campaign.models import Demand, GateSwitch, StudyDocument, SubTopic, Target
from tests.factories import PhaseFactory, at
from tests.matrix.row import EVERYONE, Row, people
from tests.matrix.world import World

STEERING = people("organiser leader admin")
REPORTERS = people("secretary general")
PLAN_GROUP = people("reviewer")


def campaign(world: World) -> dict[str, str]:
    return {"slug": world.campaign.slug}


def phase(world: World) -> dict[str, int]:
    return {"pk": world.campaign.phases.order_by("order")[0].pk}


def a_further_phase(world: World) -> dict[str, int]:
    """One that is there whoever took it away before."""
    phase = world.campaign.phases.filter(order=2).first()
    phase = phase or PhaseFactory.create(campaign=world.campaign, order=2)
    return {"pk": phase.pk}


def step(world: World) -> dict[str, int]:
    phase = world.campaign.phases.order_by("order")[0]
    row, _ = phase.steps.get_or_create(order=1, defaults={"title": "动员"})
    return {"pk": row.pk}


def demand(world: World) -> dict[str, int]:
    row, _ = Demand.objects.get_or_create(
        campaign=world.campaign, order=1, defaults={"kind": DemandKind.KICK_OFF, "title": "动员"}
    )
    return {"pk": row.pk}


def list_name(world: World) -> dict[str, str]:
    return {"slug": world.campaign.slug, "name": "themes"}


def gate(world: World) -> dict[str, str]:
    return {"slug": world.campaign.slug, "gate": Gate.STUDY.value}


def switch(world: World) -> dict[str, int]:
    row = GateSwitch.objects.filter(campaign=world.campaign).first()
    row = row or GateSwitch.objects.create(
        campaign=world.campaign,
        gate=Gate.STUDY,
        is_open=True,
        reason="延长",
        by=world.people["organiser"],
        at=at(10),
    )
    return {"pk": row.pk}


def target(world: World) -> dict[str, int]:
    row, _ = Target.objects.get_or_create(
        campaign=world.campaign,
        order=1,
        defaults={"level": "国家级", "subject": "专业群", "count": 2},
    )
    return {"pk": row.pk}


def study_file(world: World) -> dict[str, int]:
    row, is_new = StudyDocument.objects.get_or_create(
        campaign=world.campaign, order=1, defaults={"title": "学校章程", "file_name": "章程.txt"}
    )
    if is_new:
        row.file.save("a.txt", ContentFile("第一条".encode()))
    return {"pk": row.pk}


def sub_topic(world: World) -> dict[str, int]:
    row, _ = SubTopic.objects.get_or_create(
        theme=world.campaign.themes.get(), unit=world.branch, title="实训室开放"
    )
    return {"pk": row.pk}


def a_document(world: World) -> dict[str, str]:
    del world
    return {
        "kind": "construction_plan",
        "title": "建设方案",
        "made_on": date(2019, 9, 1).isoformat(),
        "text": "一、总体要求\n建成一流。",
    }


ROWS = [
    Row("campaign:plan", get=EVERYONE),
    Row("campaign:campaigns", get=EVERYONE),
    Row("campaign:plan_of", get=EVERYONE, at=campaign),
    Row("campaign:timeline", get=EVERYONE, at=campaign),
    Row("campaign:read_plan", get=STEERING, post=STEERING),
    Row("campaign:confirm_plan", post=STEERING),
    Row("campaign:clone", get=STEERING, post=STEERING, at=campaign),
    Row("campaign:settings", get=STEERING, post=STEERING, at=campaign),
    Row("campaign:add_phase", get=STEERING, post=STEERING, at=campaign),
    Row("campaign:move_phase", post=STEERING, at=phase),
    Row("campaign:remove_phase", get=STEERING, post=STEERING, at=a_further_phase),
    Row("campaign:add_step", get=STEERING, post=STEERING, at=phase),
    Row("campaign:remove_step", get=STEERING, post=STEERING, at=step),
    Row("campaign:entries", get=STEERING, post=STEERING, at=list_name),
    Row("campaign:progress", get=STEERING, post=STEERING, at=target),
    Row("campaign:switch_gate", get=STEERING, post=STEERING, at=gate),
    Row("campaign:restore_gate", post=STEERING, at=switch),
    Row("campaign:study_file", get=EVERYONE, at=study_file),
    Row(
        "campaign:sub_topics",
        get=EVERYONE,
        post=REPORTERS | people("sibling"),
        at=campaign,
    ),
    Row(
        "campaign:remove_sub_topic",
        post=REPORTERS,
        hidden=people("sibling"),
        at=sub_topic,
    ),
    Row(
        "campaign:load_document", get=STEERING | PLAN_GROUP, post=STEERING | PLAN_GROUP, at=campaign
    ),
    Row(
        "campaign:confirm_document",
        post=STEERING | PLAN_GROUP,
        at=campaign,
        data=a_document,
    ),
]
