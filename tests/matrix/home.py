from tests.matrix.row import EVERYONE, Row

ROWS = [Row("home", get=EVERYONE), Row("search", get=EVERYONE, query="?q=座谈")]
