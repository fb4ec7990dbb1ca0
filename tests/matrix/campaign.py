from tests.matrix.row import EVERYONE, Row

ROWS = [
    Row("campaign:plan", get=EVERYONE),
]
