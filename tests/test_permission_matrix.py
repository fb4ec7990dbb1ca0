"""Every route × person × method equals the declared matrix (safety 11).

Rows stand in tests/matrix/<app>.py. A route without a row fails here, and so does a row
without a route.
"""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

import tests.matrix
from tests.matrix.row import PEOPLE, Row, people
from tests.matrix.world import make_world

ROWS: list[Row] = [
    row
    for module in pkgutil.iter_modules(tests.matrix.__path__)
    for row in getattr(importlib.import_module(f"tests.matrix.{module.name}"), "ROWS", [])
]
#: The Django admin has rights of its own; administrators only, tested in tests/accounts.
OUTSIDE = ("admin:",)


def routes(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name or pattern.pattern}"


def undeclared(patterns: list[URLPattern | URLResolver]) -> set[str]:
    declared = {row.route for row in ROWS}
    return {route for route in routes(patterns) if not route.startswith(OUTSIDE)} - declared


def expected(row: Row, method: str, person: str) -> str:
    answered = row.get if method == "GET" else row.post
    if person in answered:
        return "answered"
    is_public = "nobody" in row.get | row.post
    if person == "nobody" and not is_public:
        return "sign in"
    if not answered:
        return "405"
    return "404" if person in row.hidden else "403"


def outcome(world, row, method, person):
    client = Client(raise_request_exception=True)
    if person != "nobody":
        client.force_login(
            world.people[person], backend="django.contrib.auth.backends.ModelBackend"
        )
    address = reverse(row.route, kwargs=row.at(world)) + row.query
    response = (
        client.get(address) if method == "GET" else client.post(address, data=row.data(world))
    )
    if response.streaming:
        b"".join(response.streaming_content)  # reading to the end closes the file
    if response.status_code in {403, 404, 405}:
        return str(response.status_code)
    if response.status_code == 401:  # a form sent without a session, or an interface without a key
        return "answered" if "WWW-Authenticate" in response else "sign in"
    asked_to_sign_in = response.status_code == 302 and "/sign-in/?next=" in response["Location"]
    return "sign in" if asked_to_sign_in else "answered"


def test_every_route_has_a_row():
    assert undeclared(get_resolver().url_patterns) == set()


def test_every_row_has_a_route():
    known = set(routes(get_resolver().url_patterns))

    assert {row.route for row in ROWS} - known == set()


def test_a_route_without_a_row_is_noticed():
    planted = path("secret/", lambda request: None, name="planted")  # noqa: ARG005 - never called

    assert "planted" in undeclared([*get_resolver().url_patterns, planted])


def test_a_name_that_stands_for_nobody_is_refused():
    with pytest.raises(ValueError, match="secretry"):
        people("staff secretry")


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.route}{row.query}{row.note}")
def test_the_answers_equal_the_matrix(row):
    world = make_world()
    cases = [(method, person) for method in ("GET", "POST") for person in PEOPLE]

    answers = {case: outcome(world, row, *case) for case in cases}

    assert answers == {case: expected(row, *case) for case in cases}
