from tests.matrix.row import EVERYONE, Row

ROWS = [Row("home", get=EVERYONE)]
