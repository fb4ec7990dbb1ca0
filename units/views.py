"""The organisation, and where the person who asks stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from units.models import Membership

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """What is stored about the person who asks."""
    memberships = Membership.objects.filter(user_id=request.user.pk).select_related("unit")
    return render(request, "units/me.html", {"memberships": memberships})
