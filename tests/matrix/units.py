from tests.matrix.row import EVERYONE, Row, people

SCHOOL = people("reviewer organiser leader admin")
BRANCH = people("staff secretary general") | SCHOOL

ROWS = [
    Row("units:me", get=EVERYONE),
    Row("units:tree", get=EVERYONE),
    Row(
        "units:detail",
        get=BRANCH,
        hidden=people("sibling"),
        at=lambda world: {"code": world.branch.code},
    ),
]
