"""Pages for the ordered lists of a campaign, and the progress of its targets."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from campaign.entries import note_progress, save_entries
from campaign.entry_forms import LISTS, ProgressForm, entry_lines, rows_of
from campaign.models import Target
from campaign.permissions import can_steer
from campaign.services import InUse
from campaign.views.steering import page, steered, who

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "POST"])
def entries(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """One list, whole: change words, order and entries, then save once."""
    campaign = steered(request, slug)
    kind = LISTS.get(name)
    if kind is None:
        raise Http404(name)
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    lines = entry_lines(kind, campaign, *bound)
    fault = ""
    if bound and lines.is_valid():
        try:
            save_entries(who(request), campaign, kind.model, rows_of(lines))
        except InUse as refused:
            fault = f"{refused}请取消“去掉这一项”后再保存。"
        else:
            messages.success(request, f"已保存{kind.heading}。")
            return redirect(f"{reverse('campaign:plan_of', args=[slug])}#{name}")
    context = {"campaign": campaign, "kind": kind, "lines": lines, "fault": fault}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if bound else HTTPStatus.OK
    return render(request, "campaign/entries.html", context, status=status)


@require_http_methods(["GET", "POST"])
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how many of a target are reached by now."""
    target = get_object_or_404(Target.objects.select_related("campaign"), pk=pk)
    if not can_steer(request.user, target.campaign):
        raise PermissionDenied
    now = timezone.now()
    form = ProgressForm(request.POST or None, initial={"on": timezone.localdate(now)})
    if form.is_valid():
        note_progress(who(request), target, now=now, **form.cleaned_data)
        messages.success(request, f"已登记“{target}”的进展。")
        return redirect(f"{reverse('campaign:plan_of', args=[target.campaign.slug])}#targets")
    return page(request, form, f"登记进展：{target}", target.campaign)
