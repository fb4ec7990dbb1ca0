"""Calendar subscriptions: making an address, stopping it, and answering to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.forms import PortalForm, PortalFormHelper
from supervision.feeds import address, open_feed, read_feed, stop_feed
from supervision.models import CalendarFeed
from supervision.views.lookup import person
from units.models import Unit
from units.querysets import below
from units.standing import standing_of

if TYPE_CHECKING:
    from django.http import HttpRequest


class FeedForm(PortalForm):
    """For whom the calendar is: the person, or one of the person's units."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="订阅哪个日历", required=False, empty_label="我本人的应办事项"
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(self, submit="生成订阅地址")


@require_http_methods(["GET", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """The person's subscriptions; a new address is shown on this answer and never again."""
    user = person(request)
    units = Unit.objects.open().filter(below(standing_of(user).paths))
    form = FeedForm(request.POST or None, units=units)
    shown = ""
    if request.method == "POST":
        form = FeedForm(request.POST, units=units)
        if form.is_valid():
            _, secret = open_feed(user, form.cleaned_data["unit"], timezone.now())
            shown = request.build_absolute_uri(address(secret))
            form = FeedForm(units=units)
    feeds = CalendarFeed.objects.filter(owner=user, revoked_at__isnull=True)
    context = {"form": form, "shown": shown, "feeds": feeds.select_related("unit")}
    return render(request, "supervision/calendar.html", context, status=422 if form.errors else 200)


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    feed = get_object_or_404(CalendarFeed.objects.filter(owner=person(request)), pk=pk)
    stop_feed(person(request), feed, timezone.now())
    messages.success(request, "已停用，日历程序不能再读取这个地址。")
    return redirect("supervision:calendar")


@login_not_required
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:  # noqa: ARG001 - Django hands it over
    """What a calendar program reads; the address itself is the key."""
    text = read_feed(secret, timezone.now())
    if text is None:
        raise Http404
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="sanda.ics"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
