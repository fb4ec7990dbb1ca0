"""What holds for every page: it is private, and a lapsed session is said plainly."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url

from core.errors import typed_texts

Answer = Callable[[HttpRequest], HttpResponse]


def private_pages(get_response: Answer) -> Answer:
    """No browser and no proxy keeps a page unless the view says otherwise."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return answer


def readable_addresses(get_response: Answer) -> Answer:
    """No address holds a NUL: PostgreSQL cannot even be asked about one."""

    def answer(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in the address")
        return get_response(request)

    return answer


def lapsed_sessions(get_response: Answer) -> Answer:
    """Replaces the way to the sign-in page where following it would do harm.

    A fragment must not show the sign-in page inside itself, so htmx is told to move the whole
    window. A sent form would be lost on the way, so its texts are shown for copying.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not _leads_to_sign_in(response):
            return response
        if request.headers.get("HX-Request") == "true":
            whole_window = HttpResponse(status=HTTPStatus.OK)
            whole_window["HX-Redirect"] = _sign_in_url(_page_of_fragment(request))
            return whole_window
        if request.method == "POST":
            content = {"sign_in_url": _sign_in_url("/"), "typed": typed_texts(request)}
            return render(
                request, "errors/session_expired.html", content, status=HTTPStatus.UNAUTHORIZED
            )
        return response

    return answer


def _leads_to_sign_in(response: HttpResponse) -> bool:
    if not isinstance(response, HttpResponseRedirect):
        return False
    target = urlsplit(response.url)
    return target.path == resolve_url(settings.LOGIN_URL) and "next=" in target.query


def _page_of_fragment(request: HttpRequest) -> str:
    """The address in the browser's bar while the fragment was asked for."""
    page = urlsplit(request.headers.get("HX-Current-URL", ""))
    return f"{page.path}?{page.query}" if page.query else page.path or "/"


def _sign_in_url(back_to: str) -> str:
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back_to})}"
