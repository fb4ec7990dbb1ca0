"""What every request carries for the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axes.helpers import get_client_ip_address

from accounts.audit import current_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class AuditAddressMiddleware:
    """Remembers the client's address, as the trusted proxies tell it, while a request runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = current_address.set(get_client_ip_address(request))
        try:
            return self.get_response(request)
        finally:
            current_address.reset(token)
