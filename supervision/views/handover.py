"""Handing a secretary's or liaison's post on, with everything left open."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from supervision.services.handover import hand_over as pass_on
from supervision.services.handover import unfinished
from supervision.views.lookup import person
from units.forms import HandOverForm
from units.models import Membership
from units.permissions import can_manage_organisation
from units.services import IllegalChange

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    if not can_manage_organisation(request.user):
        raise PermissionDenied
    today = timezone.localdate()
    posts = Membership.objects.current(today).select_related("user", "unit")
    post = get_object_or_404(posts, pk=pk)
    form = HandOverForm(request.POST or None)
    if form.is_valid():
        to, last_day = form.cleaned_data["username"], form.cleaned_data["last_day"]
        try:
            passed = pass_on(person(request), post, to, last_day)
        except IllegalChange as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _said(post, to.name, passed))
            return redirect("units:detail", post.unit.code)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"form": form, "post": post, "left": unfinished(post)}
    return render(request, "supervision/hand_over.html", context, status=status)


def _said(post: Membership, successor: str, passed: dict[str, int]) -> str:
    return (
        f"{post.user.name}已交接给{successor}：活动草稿{passed['activities']}份、"
        f"未提交或退回的建议{passed['proposals']}条、未办结的举措{passed['measures']}项。"
    )
