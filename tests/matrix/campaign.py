from campaign.choices import DemandKind
from campaign.models import Demand
from tests.matrix.row import EVERYONE, Row, people
from tests.matrix.world import World

STEERING = people("organiser leader admin")


def campaign(world: World) -> dict[str, str]:
    return {"slug": world.campaign.slug}


def phase(world: World) -> dict[str, int]:
    return {"pk": world.campaign.phases.get().pk}


def demand(world: World) -> dict[str, int]:
    row, _ = Demand.objects.get_or_create(
        campaign=world.campaign, order=1, defaults={"kind": DemandKind.KICK_OFF, "title": "动员"}
    )
    return {"pk": row.pk}


ROWS = [
    Row("campaign:plan", get=EVERYONE),
    Row("campaign:read_plan", get=STEERING, post=STEERING),
    Row("campaign:confirm_plan", post=STEERING),
    Row("campaign:settings", get=STEERING, post=STEERING, at=campaign),
    Row("campaign:add_demand", get=STEERING, post=STEERING, at=campaign),
    Row("campaign:phase", get=STEERING, post=STEERING, at=phase),
    Row("campaign:edit_demand", get=STEERING, post=STEERING, at=demand),
    Row("campaign:withdraw_demand", get=STEERING, post=STEERING, at=demand),
]
