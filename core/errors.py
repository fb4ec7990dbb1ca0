"""Error handlers that can tell more than Django's own: which trouble, and what was typed."""

import sys

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views import defaults

DATABASE_AWAY = (OperationalError, InterfaceError)
RETRY_AFTER_SECONDS = 30
#: Shorter answers are quickly typed again; what took thought is longer.
WORTH_KEEPING = 10
#: More than a form holds; an answer to a flood need not repeat the flood.
MOST_KEPT = 20


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """503 while the database is away, 500 for everything else.

    Rendered without the request: context processors might need what has just failed.
    """
    if isinstance(sys.exception(), DATABASE_AWAY):
        page = HttpResponse(render_to_string("503.html"), status=503)
        page["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return page
    return HttpResponse(render_to_string("500.html"), status=500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """413 for a request above the limits, 400 for every other broken one."""
    if isinstance(exception, RequestDataTooBig):
        return HttpResponse(render_to_string("413.html"), status=413)
    return defaults.bad_request(request, exception)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """A form without a valid token: nothing was done, what was typed is shown again."""
    return render(request, "403_csrf.html", {"typed": typed_texts(request)}, status=403)


def typed_texts(request: HttpRequest) -> list[str]:
    """Longer texts of a refused form, for the person to copy; never a password."""
    texts = [
        text
        for name, texts in request.POST.lists()
        if "password" not in name and name != "csrfmiddlewaretoken"
        for text in texts
        if isinstance(text, str) and len(text) >= WORTH_KEEPING
    ]
    return texts[:MOST_KEPT]
