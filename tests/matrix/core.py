from tests.matrix.row import EVERYONE, Row, people

ROWS = [
    Row("healthz", get=people("nobody") | EVERYONE),
    Row("readyz", get=people("nobody") | EVERYONE),
    Row("styleguide", get=people("admin")),
]
