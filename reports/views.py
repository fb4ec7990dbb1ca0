"""The cockpit, and the papers a person asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record
from campaign.models import Campaign
from core.downloads import send_file
from reports import services
from reports.choices import ReportFormat, ReportKind
from reports.cockpit import address_of, blank_spots_of, cockpit_of, tables_of
from reports.composition import moment_of
from reports.forms import AskForm, ScopeForm, readable_units
from reports.models import ReportJob
from reports.permissions import can_download, can_read_any, can_read_school
from reports.production import Wish
from reports.progress import progress_of
from reports.snapshots import latest

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User
    from reports.facts import ProgressFacts

LISTED = 30


def _reader(request: HttpRequest) -> User:
    """Whoever asks, if there is anything for them here at all."""
    user = cast("User", request.user)
    if not can_read_any(user):
        raise PermissionDenied
    return user


def _campaign() -> Campaign:
    campaign = Campaign.objects.current()
    if campaign is None:
        raise Http404("no campaign is running")
    return campaign


# --- The cockpit ------------------------------------------------------------------------


@require_safe
def cockpit(request: HttpRequest) -> HttpResponse:
    form, facts = _facts_asked_for(request)
    context = {"form": form, "cockpit": cockpit_of(facts), "pdf": ReportFormat.PDF}
    return render(request, "reports/cockpit.html", context)


@require_safe
def blanks(request: HttpRequest) -> HttpResponse:
    """Units × themes: a piece that the cockpit loads, or a page of its own."""
    _, facts = _facts_asked_for(request)
    is_piece = bool(request.headers.get("HX-Request"))
    context = {
        "facts": facts,
        "moment": moment_of(facts),
        "graph": blank_spots_of(facts),
        "trail": _trail(facts),
    }
    template = "reports/_graph.html" if is_piece else "reports/blanks.html"
    return render(request, template, context)


def _trail(facts: ProgressFacts) -> list[tuple[str, str]]:
    return [(f"{facts.scope.name}进展", address_of("reports:cockpit", facts.scope))]


@require_safe
def tables(request: HttpRequest) -> HttpResponse:
    """The figures behind the graphs of the cockpit, as tables."""
    _, facts = _facts_asked_for(request)
    context = {
        "facts": facts,
        "moment": moment_of(facts),
        "tables": tables_of(facts),
        "trail": _trail(facts),
    }
    return render(request, "reports/tables.html", context)


def _facts_asked_for(request: HttpRequest) -> tuple[ScopeForm, ProgressFacts]:
    """The figures of the school, a unit or a theme; a scope one may not see is 404."""
    user, campaign = _reader(request), _campaign()
    form = ScopeForm(_scope_asked(request, user), user=user, campaign=campaign)
    if not form.is_valid():
        raise Http404("no such unit or theme for this person")
    chosen = form.cleaned_data
    wish = Wish(ReportKind.PROGRESS, campaign, unit=chosen["unit"], theme=chosen.get("theme"))
    return form, latest(wish, timezone.now())


def _scope_asked(request: HttpRequest, user: User) -> dict[str, str]:
    """The query; whoever sees only units starts with the first of them."""
    asked = {name: request.GET.get(name, "") for name in ("unit", "theme")}
    if not asked["unit"] and not can_read_school(user):
        first = readable_units(user).first()
        asked["unit"] = first.code if first else ""
    return asked


# --- Papers -----------------------------------------------------------------------------


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    user, campaign = _reader(request), _campaign()
    return _index_page(request, user, _ask_form(user, campaign))


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    user, campaign = _reader(request), _campaign()
    form = _ask_form(user, campaign, request.POST)
    if not form.is_valid():
        return _index_page(request, user, form, status=422)
    chosen = form.cleaned_data
    wish = Wish(ReportKind.PROGRESS, campaign, chosen["as_of"], chosen["unit"], chosen.get("theme"))
    job = services.ask(user, wish, chosen["format"])
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
    context = {"form": form, "jobs": [progress_of(job) for job in jobs]}
    return render(request, "reports/index.html", context, status=status)


@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "reports/job.html", _job_context(request, pk))


def _job_context(request: HttpRequest, pk: int) -> dict[str, Any]:
    trail = [("报告", reverse("reports:index"))]
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
    if not can_download(user, mine):
        raise Http404(f"report job {pk} has no file for this person")
    response = send_file(mine.file, mine.file_name)
    record(user, "reports.download", mine)
    return cast("HttpResponse", response)


def _job(request: HttpRequest, pk: int) -> ReportJob:
    visible = ReportJob.objects.visible_to(cast("User", request.user)).for_list()
    return get_object_or_404(visible, pk=pk)
