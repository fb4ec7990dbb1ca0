"""Data for other systems: the package to download, and the keys a person has."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.audit import record
from core.downloads import CONTENT_TYPES, as_download
from reports.data_package import write_package
from reports.datasets import DATASETS
from reports.models import ApiToken
from reports.token_forms import TokenForm
from reports.tokens import make_token, revoke_token
from reports.views.entrance import reader, running_campaign

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def data(request: SignedInRequest) -> HttpResponse:
    """What can be taken away; a new key is shown once, right here."""
    user, now = reader(request), timezone.now()
    form, key = TokenForm(request.POST or None), ""
    if form.is_valid():
        _, key = make_token(user, form.cleaned_data["name"], form.cleaned_data["days"], now)
        form = TokenForm()
    context = {
        "form": form,
        "key": key,
        "tokens": ApiToken.objects.filter(user=user).in_force(timezone.localdate(now)),
        "datasets": DATASETS.values(),
        "trail": [("报告", reverse("reports:index"))],
    }
    status = 422 if form.is_bound else 200
    return render(request, "reports/data.html", context, status=status)


@require_POST
def revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken.objects.filter(user=request.user), pk=pk)
    revoke_token(token, by=request.user, now=timezone.now())
    return redirect("reports:data")


@require_POST
def package(request: SignedInRequest) -> HttpResponse:
    """Everything this person may see, as one workbook."""
    user, campaign = reader(request), running_campaign()
    made = TemporaryFile()  # noqa: SIM115  FileResponse closes it
    write_package(made, user, campaign)
    made.seek(0)
    record(user, "reports.data_package", campaign)
    response = FileResponse(made, content_type=CONTENT_TYPES["xlsx"])
    name = f"{campaign.short_title}数据（{timezone.localdate().isoformat()}）.xlsx"
    return as_download(response, name)  # type: ignore[return-value]  # a streaming answer
