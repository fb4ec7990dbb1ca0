from tests.matrix.row import EVERYONE, Row, people
from tests.matrix.world import World

SCHOOL = people("reviewer organiser leader admin")
BRANCH = people("staff secretary general") | SCHOOL
ADMIN = people("admin")


def branch(world: World) -> dict[str, str]:
    return {"code": world.branch.code}


def post(world: World) -> dict[str, int]:
    return {"pk": world.people["secretary"].memberships.get().pk}


def person(world: World) -> dict[str, int]:
    return {"pk": world.people["staff"].pk}


ROWS = [
    Row("units:me", get=EVERYONE),
    Row("units:tree", get=EVERYONE),
    Row("units:detail", get=BRANCH, hidden=people("sibling"), at=branch),
    *(
        Row(f"units:{name}", get=ADMIN, post=ADMIN, hidden=people("sibling"), at=branch)
        for name in ("add", "edit", "move", "close", "reopen", "appoint", "headcount")
    ),
    Row("units:end_post", get=ADMIN, post=ADMIN, at=post),
    Row("units:people", get=ADMIN),
    Row("units:import_people", get=ADMIN, post=ADMIN),
    Row("units:import_template", get=ADMIN),
    Row("units:add_person", get=ADMIN, post=ADMIN),
    Row("units:edit_person", get=ADMIN, post=ADMIN, at=person),
    Row("units:reset_password", post=ADMIN, at=person),
]
