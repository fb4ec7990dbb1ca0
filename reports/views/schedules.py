"""Reports made every week: the list, a new one, stopping one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from reports.models import ReportSchedule
from reports.permissions import can_schedule
from reports.schedule_forms import ScheduleForm
from reports.schedules import add_schedule, stop_schedule
from reports.views.entrance import running_campaign

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def schedules(request: SignedInRequest) -> HttpResponse:
    if not can_schedule(request.user):
        raise PermissionDenied
    campaign = running_campaign()
    back = reverse("reports:index")
    form = ScheduleForm(request.POST or None, user=request.user, campaign=campaign, cancel_url=back)
    if form.is_valid():
        chosen = form.cleaned_data
        add_schedule(
            form.wish(campaign),
            chosen["format"],
            weekday=chosen["weekday"],
            at=chosen["at"],
            recipients=chosen["names"],
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, "定期报告已保存。")
        return redirect("reports:schedules")
    rows = ReportSchedule.objects.filter(campaign=campaign, is_on=True)
    context = {
        "form": form,
        "schedules": rows.select_related("unit", "theme").prefetch_related("recipients"),
        "trail": [("报告", back)],
    }
    status = 422 if form.is_bound else 200
    return render(request, "reports/schedules.html", context, status=status)


@require_POST
def stop(request: SignedInRequest, pk: int) -> HttpResponse:
    if not can_schedule(request.user):
        raise PermissionDenied
    schedule = get_object_or_404(ReportSchedule.objects.select_related("unit", "theme"), pk=pk)
    stop_schedule(schedule, by=request.user)
    messages.success(request, f"已停用“{schedule}”。")
    return redirect("reports:schedules")
