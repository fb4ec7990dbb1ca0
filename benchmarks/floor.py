"""The floor: what Django itself takes in this process for pages of nearly nothing."""

import gzip
import statistics
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path

from benchmarks.frame import Row, Times, time_of, times_from, times_in_turns

ROWS_ON_A_PAGE = 50
#: What even a bare list page needs; the portal's own list comes on top.
MIDDLEWARE = [
    "benchmarks.floor.own_addresses",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
LIST_TEMPLATE = """<table>{% for person in people %}
<tr><td>{{ person.pk }}</td><td>{{ person.username }}</td><td>{{ person.email }}</td>
<td>{{ person.date_joined|date:"Y-m-d" }}</td></tr>{% endfor %}</table>{{ total }}{{ active }}"""


def own_addresses(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A middleware that looks addresses up here instead of in the portal."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__  # type: ignore[attr-defined]  # Django reads it
        return get_response(request)

    return answer


def bare(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def signed_in(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.user.get_username())


def listing(request: HttpRequest) -> HttpResponse:
    """Four queries: session, person, a count and the rows."""
    if isinstance(request.user, AnonymousUser):
        return HttpResponse(status=403)
    people = get_user_model().objects.order_by("pk")
    shown = {"people": people[:ROWS_ON_A_PAGE], "total": people.count()}
    return HttpResponse(engines["django"].from_string(LIST_TEMPLATE).render(shown, request))


urlpatterns = [path("bare", bare), path("signed-in", signed_in), path("list", listing)]


def run() -> list[Row]:
    return [
        {"page": name, "median ms": times.median_ms, "p95 ms": times.p95_ms}
        for name, times in (
            ("bare view", page_time("/bare")),
            ("with session and person", page_time("/signed-in")),
            (f"bare list page, {ROWS_ON_A_PAGE} rows", page_time("/list")),
        )
    ]


def beside_bare_list(name: str, ask: Callable[[], bytes], *, repetitions: int = 40) -> Row:
    """What `ask` costs, in turns with the bare list page; it returns the content it got."""
    ask()  # what the first reader makes for all others is not counted
    with CaptureQueriesContext(connection) as captured:
        content = ask()
    queries = len(captured)  # the next request clears the log
    bare, own = times_in_turns([_asking("/list"), ask], repetitions=repetitions, warm_up=2)
    times = times_from(own)
    return {
        "page": name,
        "median ms": times.median_ms,
        "p95 ms": times.p95_ms,
        "times": statistics.median(mine / floor for mine, floor in zip(own, bare, strict=True)),
        "queries": queries,
        "KB": len(content) / 1024,
        "KB gzip": len(gzip.compress(content)) / 1024,
    }


def page_of(client: Client, address: str, query: Mapping[str, Any] | None = None) -> bytes:
    """The content of a page; RuntimeError if there is none, so that no refusal is measured."""
    answer = client.get(address, query)
    if answer.status_code != HTTPStatus.OK:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return b"".join(answer) if answer.streaming else answer.content


def page_time(address: str) -> Times:
    return time_of(_asking(address))


def _asking(address: str) -> Callable[[], object]:
    """Asks for one of the addresses above as somebody who is signed in.

    The client keeps the few middlewares it starts with. Changing the settings for each turn would
    make Django forget all addresses, and the portal's page would pay for finding them again.
    """
    client = Client()
    client.force_login(
        get_user_model().objects.order_by("pk")[0],
        backend="django.contrib.auth.backends.ModelBackend",
    )
    with override_settings(MIDDLEWARE=MIDDLEWARE):
        client.get(address)
    return lambda: client.get(address)
