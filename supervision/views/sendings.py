"""A notice to many: written, looked over person by person, sent or dropped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.models import Campaign
from core.chinese_text import counted
from notices.models import Notice
from supervision.burden import Load, OverBudget, loads_of, over_budget_words, week_of
from supervision.choices import SendingStatus
from supervision.models import Sending
from supervision.permissions import can_send
from supervision.sending_forms import SeenForm, SendingForm
from supervision.services import sendings as service
from supervision.views.lookup import person

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest, HttpResponse

    from accounts.models import User

PAGE_ROWS = 50


@require_safe
def sendings(request: HttpRequest) -> HttpResponse:
    """What was written, latest first."""
    _require_sender(request)
    rows = Sending.objects.select_related("written_by")
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    return render(request, "supervision/sendings.html", {"page": page})


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    _require_sender(request)
    campaign = Campaign.objects.current()
    if campaign is None:
        raise Http404("no running campaign")
    now = timezone.now()
    form = SendingForm(
        request.POST or None,
        topics=service.topics(campaign, timezone.localdate(now)),
        initial={"about": request.GET.get("about"), "positions": list(service.POSITIONS)},
    )
    if form.is_valid():
        made = service.write(campaign, person(request), now=now, **form.cleaned_data)
        return redirect("supervision:sending", made.pk)
    status = 422 if form.errors else 200
    return render(request, "supervision/write_sending.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def rewrite(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft; the next page shows again who would get what."""
    _require_sender(request)
    shown = _sending(pk)
    if shown.status != SendingStatus.DRAFT:
        messages.warning(request, "这份通知已发送或放弃，不能再改。")
        return redirect("supervision:sending", pk)
    form = SendingForm(
        request.POST or None,
        topics=service.topics(shown.campaign, timezone.localdate()),
        initial={
            "about": shown.about,
            "positions": shown.positions,
            "title": shown.title,
            "body": shown.body,
            "written_at": shown.written_at.isoformat(),
        },
    )
    if form.is_valid() and _is_rewritten(form, shown, person(request)):
        return redirect("supervision:sending", pk)
    status = 422 if form.errors else 200
    return render(request, "supervision/write_sending.html", {"form": form}, status=status)


def _is_rewritten(form: SendingForm, shown: Sending, by: User) -> bool:
    """Whether the draft is changed; if not, the form says why."""
    try:
        if form.was_shown(shown):
            service.rewrite(shown, by, now=timezone.now(), **form.cleaned_data)
            return True
    except service.AlreadyHandled:
        shown = _sending(shown.pk)
    form.say_what_changed(shown)
    return False


@require_safe
def sending(request: HttpRequest, pk: int) -> HttpResponse:
    """Before it is sent: who would get what, and why. Afterwards: how it travelled."""
    _require_sender(request)
    shown = _sending(pk)
    if shown.status != SendingStatus.DRAFT:
        told = Notice.objects.filter(key=f"sending:{pk}").select_related("recipient")
        context: dict[str, Any] = {
            "sending": shown,
            "notices": told.prefetch_related("deliveries").order_by("pk"),
        }
        return render(request, "supervision/sent.html", context)
    on = timezone.localdate()
    told_now = service.addressees(shown, on)
    loads = {load.unit.pk: load for load in loads_of(shown.campaign, week_of(on))}
    rows = [Row(one, tuple(loads[unit.pk] for unit in one.units)) for one in told_now]
    context = {
        "sending": shown,
        "rows": rows,
        "full": any(row.is_full for row in rows),
        "example": service.message_to(shown, told_now[0]) if told_now else None,
        "seen": " ".join(str(one.person.pk) for one in told_now),
    }
    return render(request, "supervision/look_over.html", context)


@dataclass(frozen=True)
class Row:
    """Somebody who would get it, and how much their units were asked for this week."""

    addressee: service.Addressee
    loads: tuple[Load, ...]

    @property
    def is_full(self) -> bool:
        """Whether one of the units may not be asked for more; to begin with, nobody there is."""
        return any(load.is_full for load in self.loads)


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    _require_sender(request)
    form = SeenForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else frozenset()
    if not form.chosen:
        messages.warning(request, "没有发出：请至少勾选一位收件人。")
        return redirect("supervision:sending", pk)
    try:
        told = service.send(_sending(pk), person(request), seen, timezone.now(), chosen=form.chosen)
    except service.NotAsSeen:
        messages.warning(request, "名单刚刚有变化，没有发出。请核对新的名单后再发送。")
    except service.AlreadyHandled:
        messages.warning(request, "这份通知刚刚已发送或放弃。")
    except OverBudget as error:
        messages.warning(request, over_budget_words(error))
    else:
        messages.success(request, f"已发送给{counted(len(told), '人')}。")
    return redirect("supervision:sending", pk)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    _require_sender(request)
    try:
        service.drop(_sending(pk), person(request))
    except service.AlreadyHandled:
        messages.warning(request, "这份通知刚刚已发送或放弃。")
    else:
        messages.success(request, "已放弃，没有发给任何人。")
    return redirect("supervision:sendings")


def _sending(pk: int) -> Sending:
    rows = Sending.objects.select_related("campaign", "written_by", "sent_by")
    return get_object_or_404(rows, pk=pk)


def _require_sender(request: HttpRequest) -> None:
    if not can_send(person(request)):
        raise PermissionDenied
