"""The phases of the current campaign, read once for one request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign.models import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest


def lend_phases(request: HttpRequest, phases: Sequence[Phase]) -> None:
    """Let the frame around a page use what the page has read; nothing if there are none."""
    if phases:
        request.current_phases = phases  # type: ignore[attr-defined]


def current_phases(request: HttpRequest) -> Sequence[Phase]:
    """In their order, each with its campaign; one query unless a page lent them."""
    lent: Sequence[Phase] | None = getattr(request, "current_phases", None)
    return lent if lent is not None else Phase.objects.of_current_campaign()
