from django.utils import timezone

from notices.services import announce
from notices.stopping import stop_path
from tests.matrix.row import EVERYONE, Row, people
from tests.matrix.world import World


def own_notice(world: World) -> dict[str, int]:
    """A notice to the secretary; nobody else may know that it exists."""
    announce(
        world.people["secretary"],
        "matrix",
        kind="reminder",
        title="还差1项",
        body="",
        reason="",
        url="/me/",
        now=timezone.now(),
    )
    return {"pk": world.people["secretary"].notices.get().pk}


def signed_address(world: World) -> dict[str, str]:
    """Whoever holds the secretary's mail may stop its reminders; nothing else follows from it."""
    return {"token": stop_path(world.people["secretary"]).split("/")[-2]}


OTHERS = EVERYONE - people("secretary")
ROWS = [
    Row("notices:inbox", get=EVERYONE),
    Row("notices:open_all", post=EVERYONE),
    Row("notices:preferences", get=EVERYONE, post=EVERYONE),
    Row(
        "notices:stop",
        get=EVERYONE | people("nobody"),
        post=EVERYONE | people("nobody"),
        at=signed_address,
    ),
    Row("notices:detail", get=people("secretary"), hidden=OTHERS, at=own_notice),
    Row("notices:open", post=people("secretary"), hidden=OTHERS, at=own_notice),
]
