from tests.matrix.row import EVERYONE, Row, people

ROWS = [
    Row("accounts:sign_in", get=people("nobody") | EVERYONE, post=people("nobody") | EVERYONE),
    Row("accounts:sign_out", post=EVERYONE),
    Row("accounts:token", get=EVERYONE),
    Row("accounts:password", get=EVERYONE, post=EVERYONE),
]
