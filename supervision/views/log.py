"""What was sent to whom and why, and what did not arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from notices.models import Delivery, Notice
from supervision.forms import LogForm
from supervision.models import LadderStep
from supervision.permissions import can_read_log
from supervision.sent import KINDS, notices_of
from supervision.services.deliveries import send_again
from supervision.views.lookup import person

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from notices.querysets import NoticeQuerySet

PAGE_ROWS = 50
_LONGEST_KEY = 80


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Every notice of supervision, newest first, with its reason and how it travelled."""
    _require_reader(request)
    form = LogForm(request.GET, owed=_obligation(request.GET.get("owed", "")))
    notices = Notice.objects.of_kinds(KINDS).newest_first()
    if form.is_valid():
        notices = _narrowed(notices, form)
    rows = notices.select_related("recipient").prefetch_related("deliveries")
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "undelivered": Delivery.objects.given_up().count(),
    }
    return render(request, "supervision/log.html", context)


def _narrowed(notices: NoticeQuerySet, form: LogForm) -> NoticeQuerySet:
    wanted = form.cleaned_data
    if wanted["q"]:
        notices = notices.about(wanted["q"])
    if wanted["kind"]:
        notices = notices.of_kinds([wanted["kind"]])
    if wanted["since"]:
        notices = notices.filter(created_at__date__gte=wanted["since"])
    if wanted.get("owed"):
        notices = notices & notices_of(wanted["owed"])
    return notices


def _obligation(key: str) -> tuple[str, str] | None:
    """Its key, and its title with the unit, if the ladder has ever spoken of it."""
    step = LadderStep.objects.filter(obligation=key[:_LONGEST_KEY]).select_related("unit").first()
    if step is None:
        return None
    return key, f"{step.title}（{step.unit.short_name}）" if step.unit else step.title


@require_safe
def undelivered(request: HttpRequest) -> HttpResponse:
    """What was given up, whatever it was about; only supervision's own is shown in words."""
    _require_reader(request)
    rows = Delivery.objects.given_up().with_recipients()
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    return render(request, "supervision/undelivered.html", {"page": page, "kinds": KINDS})


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    _require_reader(request)
    delivery = get_object_or_404(Delivery, pk=pk)
    if send_again(delivery, person(request), timezone.now()):
        messages.success(request, "已放回待发送，几分钟内会再次发出。")
    else:
        messages.warning(request, "这一条已经重新发送过了。")
    return redirect("supervision:undelivered")


def _require_reader(request: HttpRequest) -> None:
    if not can_read_log(person(request)):
        raise PermissionDenied
