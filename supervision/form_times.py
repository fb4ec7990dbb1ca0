"""Notes how long a form took, without noting whose (N5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.form_start import FIELD, seconds_since
from supervision.burden import FORMS
from supervision.models import FormTime

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

#: A form left open longer than this was not being filled in.
LONGEST_SECONDS = 2 * 60 * 60
_MOVED = (302, 303)


class FormTimesMiddleware:
    """Counts a form that was taken in: its answer leads to another page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if request.method == "POST" and response.status_code in _MOVED and match is not None:
            _note(match.view_name, request.POST.get(FIELD, ""))
        return response


def _note(route: str, start: str) -> None:
    if route not in FORMS:
        return
    seconds = seconds_since(start)
    if seconds is not None and 0 < seconds <= LONGEST_SECONDS:
        FormTime.objects.create(form=route, seconds=seconds)
