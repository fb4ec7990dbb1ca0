from datetime import date

from tests.factories import DemandFactory
from tests.matrix.row import EVERYONE, Row, people
from tests.matrix.world import World


def overdue_demand(world: World) -> dict[str, str]:
    """A forum the branch has not held in time; the sibling branch has none of its business."""
    demand = DemandFactory.create(
        campaign=world.campaign, quota=9, opens_on=date(2019, 9, 1), due_on=date(2019, 9, 2)
    )
    return {"key": f"demand-{demand.pk}-{world.branch.pk}"}


ROWS = [
    Row("supervision:owed_list", get=EVERYONE),
    Row(
        "supervision:owed",
        get=EVERYONE - people("sibling"),
        hidden=people("sibling"),
        at=overdue_demand,
    ),
    Row(
        "supervision:confirm_red",
        post=people("organiser leader"),
        hidden=people("sibling"),
        at=overdue_demand,
    ),
]
