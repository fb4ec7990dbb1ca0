"""The floor: what Django as `startproject` leaves it takes for pages of nearly nothing.

"A bare Django page" is one with the middleware, the context processors and the database connection
a new project has. It is asked for in this process, so no web server's time is in it nor in the
portal's pages beside it.
"""

import gzip
import statistics
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import cache
from http import HTTPStatus
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.backends.django import DjangoTemplates
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path

from benchmarks.frame import Row, Times, time_of, times_from, times_in_turns

ROWS_ON_A_PAGE = 50
#: What `startproject` leaves a newcomer with, on a connection of each request's own.
MIDDLEWARE = [
    "benchmarks.floor.own_addresses",
    "benchmarks.floor.own_connection",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
LIST_TEMPLATE = """<!doctype html><title>People</title><p>{{ user.username }}
<form method="post">{% csrf_token %}<button>Sign out</button></form>
<table>{% for person in page %}
<tr><td><a href="{% url 'person' person.pk %}">{{ person.username }}</a></td>
<td>{{ person.name }}</td><td>{{ person.email|default:"-" }}</td>
<td>{{ person.is_active|yesno }}</td><td>{{ person.date_joined|date:"Y-m-d H:i" }}</td></tr>
{% endfor %}</table>
<p>{{ page.number }} of {{ page.paginator.num_pages }}, {{ page.paginator.count }} people
{% if page.has_next %}<a href="?page={{ page.next_page_number }}">Next</a>{% endif %}"""
_BESIDE = ThreadPoolExecutor(1)
_Handler = Callable[[HttpRequest], HttpResponse]


def own_addresses(get_response: _Handler) -> _Handler:
    """A middleware that looks addresses up here instead of in the portal."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__  # type: ignore[attr-defined]  # Django reads it
        return get_response(request)

    return answer


def own_connection(get_response: _Handler) -> _Handler:
    """A middleware that leaves the database after each answer, as Django does by default."""

    def answer(request: HttpRequest) -> HttpResponse:
        with closing(connection):
            return get_response(request)

    return answer


def bare(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def signed_in(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.user.get_username())


def listing(request: HttpRequest) -> HttpResponse:
    """Four queries: session, person, a count and the rows."""
    if isinstance(request.user, AnonymousUser):
        return HttpResponse(status=HTTPStatus.FORBIDDEN)
    people = Paginator(get_user_model().objects.order_by("pk"), ROWS_ON_A_PAGE)
    page = people.get_page(request.GET.get("page"))
    return HttpResponse(_template().render({"page": page}, request))


@cache
def _template() -> Any:
    """Compiled once, as Django's own loader does it, and without the portal's frame."""
    engine = DjangoTemplates(
        {
            "NAME": "bare",
            "DIRS": [],
            "APP_DIRS": False,
            "OPTIONS": {"context_processors": CONTEXT_PROCESSORS},
        }
    )
    return engine.from_string(LIST_TEMPLATE)


urlpatterns = [
    path("bare", bare),
    path("signed-in", signed_in),
    path("list", listing),
    path("person/<int:pk>", bare, name="person"),
]


def run() -> list[Row]:
    with override_settings(ALLOWED_HOSTS=["testserver"]):
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

    The client keeps the middlewares it starts with. Changing the settings for each turn would
    make Django forget all addresses, and the portal's page would pay for finding them again. For
    the same reason it asks in a thread of its own: the portal keeps its connection to the database.
    """
    client = Client()
    client.force_login(
        get_user_model().objects.order_by("pk")[0],
        backend="django.contrib.auth.backends.ModelBackend",
    )
    with override_settings(MIDDLEWARE=MIDDLEWARE):
        _BESIDE.submit(page_of, client, address).result()
    return lambda: _BESIDE.submit(page_of, client, address).result()
