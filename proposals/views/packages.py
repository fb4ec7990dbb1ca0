"""Submission packages: compile, look, send; receive, return."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.audit import record
from core.downloads import as_download
from core.spreadsheets import write_xlsx
from proposals import packages
from proposals.choices import PackageStatus
from proposals.desk_forms import PackageReturnForm
from proposals.forms import SummaryForm
from proposals.models import SubmissionPackage
from proposals.permissions import can_compile, can_receive, is_in_plan_group
from proposals.sheets import package_sheets
from proposals.views.exports import IN_MEMORY_BYTES, XLSX
from proposals.views.lookup import campaign_or_404
from proposals.views.writing import units_to_write_for
from units.models import Unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from accounts.requests import SignedInRequest

_MOVED_ON = "这份报送材料刚刚被他人更改，请核对后再操作。"


def _package_or_404(request: SignedInRequest, pk: int) -> SubmissionPackage:
    rows = SubmissionPackage.objects.visible_to(request.user).with_page_facts()
    return get_object_or_404(rows, pk=pk)


@require_safe
def package_list(request: SignedInRequest) -> HttpResponse:
    """The units one compiles for, begun or not; for both bodies what was sent in."""
    campaign = campaign_or_404()
    visible = SubmissionPackage.objects.visible_to(request.user).filter(campaign=campaign)
    listed = list(visible.with_page_facts().order_by("unit__path"))
    begun = {package.unit_id for package in listed}
    context = {
        "packages": listed,
        "units": [unit for unit in units_to_write_for(request.user) if unit.pk not in begun],
        "may_receive": is_in_plan_group(request.user, campaign),
    }
    return render(request, "proposals/packages.html", context)


@require_POST
def begin(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open the package of unit `pk`."""
    campaign = campaign_or_404()
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    package = packages.open_package(campaign, unit, by=request.user, now=timezone.now())
    return redirect("proposals:package", package.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def package(request: SignedInRequest, pk: int) -> HttpResponse:
    """The package as it will be, or was, read; POST saves the summary."""
    found = _package_or_404(request, pk)
    form = SummaryForm(request.POST or None, package=found)
    if request.method == "POST":
        if not can_compile(request.user, found.unit):
            raise PermissionDenied(f"{request.user.pk} does not compile package {pk}")
        if form.is_valid():
            return _do(request, found, "综述已保存。", lambda: _save(request, found, form))
    return _page(request, found, form, status=422 if form.errors else 200)


def _save(request: SignedInRequest, found: SubmissionPackage, form: SummaryForm) -> None:
    packages.save_summary(found, by=request.user, now=timezone.now(), **form.cleaned_data)


def _page(
    request: SignedInRequest, found: SubmissionPackage, form: SummaryForm, *, status: int
) -> HttpResponse:
    open_states = {PackageStatus.DRAFT, PackageStatus.RETURNED}
    context = {
        "package": found,
        "contents": packages.contents_of(found, timezone.now()),
        "form": form,
        "may_compile": can_compile(request.user, found.unit) and found.status in open_states,
        "may_receive": can_receive(request.user, found),
    }
    return render(request, "proposals/package.html", context, status=status)


def _do(
    request: SignedInRequest, found: SubmissionPackage, done: str, action: Callable[[], None]
) -> HttpResponse:
    try:
        action()
    except ValidationError as error:
        messages.warning(request, error.messages[0])
    except packages.PackageMoved:
        messages.warning(request, _MOVED_ON)
    else:
        messages.success(request, done)
    return redirect("proposals:package", found.pk)


@require_POST
def send(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _package_or_404(request, pk)
    seen = request.POST.get("seen_version", "")

    def action() -> None:
        version = int(seen) if seen.isdecimal() and len(seen) <= 9 else -1  # noqa: PLR2004
        packages.send(found, by=request.user, now=timezone.now(), seen_version=version)

    return _do(request, found, "已报送，内容已锁定。签收后会通知您。", action)


@require_POST
def receive(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _package_or_404(request, pk)
    return _do(
        request,
        found,
        "已签收，并已通知报送单位。",
        lambda: packages.receive(found, by=request.user, now=timezone.now()),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _package_or_404(request, pk)
    if not is_in_plan_group(request.user, found.campaign):
        raise PermissionDenied(f"{request.user.pk} may not return package {pk}")
    form = PackageReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        return _do(
            request,
            found,
            "已退回，并已通知报送单位。",
            lambda: packages.give_back(found, by=request.user, now=timezone.now(), reason=reason),
        )
    context = {
        "heading": f"退回{found.unit.short_name}的报送材料",
        "consequence": "退回后报送单位可以修改并再次报送。",
        "submit": "退回报送材料",
        "cancel_url": reverse("proposals:package", args=[pk]),
        "form": form,
    }
    return render(request, "confirm.html", context, status=422 if form.errors else 200)


@require_safe
def export(request: SignedInRequest, pk: int) -> FileResponse:
    """The package as a workbook, one sheet for each table."""
    found = _package_or_404(request, pk)
    target = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - the response closes it
    write_xlsx(target, package_sheets(packages.contents_of(found, timezone.now())))
    target.seek(0)
    record(request.user, "proposals.export", found)
    name = f"{found.unit.short_name}报送材料.xlsx"
    return as_download(FileResponse(target, content_type=XLSX), name)
