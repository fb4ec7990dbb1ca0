"""The papers a person asked for: asked, watched, cancelled, tried again, downloaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record
from core.downloads import send_file
from reports import services
from reports.addresses import address_of_wish
from reports.forms import AskForm
from reports.models import FrozenReport, ReportJob
from reports.permissions import can_download, can_read_any, can_schedule
from reports.production import may_have
from reports.progress import progress_of
from reports.views.entrance import reader, running_campaign

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User
    from campaign.models import Campaign

LISTED = 30


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    user, campaign = reader(request), running_campaign()
    return _index_page(request, user, _ask_form(user, campaign))


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    user, campaign = reader(request), running_campaign()
    form = _ask_form(user, campaign, request.POST)
    if not form.is_valid():
        return _index_page(request, user, form, status=422)
    if request.POST.get("look"):
        return redirect(address_of_wish("reports:read", form.wish))
    job = services.ask(user, form.wish, form.cleaned_data["format"])
    return redirect("reports:job", job.pk)


def _ask_form(user: User, campaign: Campaign, data: Any = None) -> AskForm:
    return AskForm(
        data,
        user=user,
        campaign=campaign,
        today=timezone.localdate(),
        action=reverse("reports:ask"),
    )


def _index_page(request: HttpRequest, user: User, form: AskForm, status: int = 200) -> HttpResponse:
    jobs = ReportJob.objects.visible_to(user).for_list()[:LISTED]
    context = {
        "form": form,
        "jobs": [progress_of(job) for job in jobs],
        "may_schedule": can_schedule(user),
        "frozen": FrozenReport.objects.visible_to(user).for_list()[:LISTED],
    }
    return render(request, "reports/index.html", context, status=status)


@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "reports/job.html", _job_context(request, pk))


def _job_context(request: HttpRequest, pk: int) -> dict[str, Any]:
    reads_reports = can_read_any(cast("User", request.user))
    home = ("报告", "reports:index") if reads_reports else ("方案文本", "proposals:documents")
    trail = [(home[0], reverse(home[1]))]
    return {"progress": progress_of(_job(request, pk)), "trail": trail}


@require_safe
def job_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """What the job's page asks for every two seconds."""
    return render(request, "reports/_job.html", _job_context(request, pk))


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    mine = _job(request, pk)
    try:
        services.cancel(mine)
    except services.NotPossible:
        messages.warning(request, "该报告已经结束，无需取消。")
    else:
        messages.success(request, f"已取消生成“{mine}”。")
    return redirect("reports:job", pk)


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    mine = _job(request, pk)
    try:
        services.retry(mine)
    except services.NotPossible:
        messages.warning(request, "该报告正在生成或已经生成，无需重新生成。")
    return redirect("reports:job", pk)


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The finished file, if its reader may still see what it is about."""
    mine = _job(request, pk)
    user = cast("User", request.user)
    if not (can_download(user, mine) and may_have(user, mine)):
        raise Http404(f"report job {pk} has no file for this person")
    response = send_file(mine.file, mine.file_name)
    record(user, "reports.download", mine)
    return cast("HttpResponse", response)


def _job(request: HttpRequest, pk: int) -> ReportJob:
    visible = ReportJob.objects.visible_to(cast("User", request.user)).for_list()
    return get_object_or_404(visible, pk=pk)
