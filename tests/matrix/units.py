from tests.matrix.row import EVERYONE, Row

ROWS = [
    Row("units:me", get=EVERYONE),
]
