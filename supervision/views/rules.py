"""The rules of supervision, the words of reminders, the school's own rest days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from campaign.models import Campaign
from campaign.permissions import can_steer
from core.chinese_text import date_range
from notices.calendar import school_calendar
from notices.models import RestPeriod
from supervision.burden import rule_of
from supervision.choices import Rung
from supervision.obligations import of_campaign
from supervision.phrasing import FACTS, USUAL, Phrasing, Template, phrasing_of
from supervision.rule_forms import RestDaysForm, RulesForm, TemplateForm
from supervision.services import rules as service
from supervision.services.ladder import thresholds_of
from supervision.views.lookup import person

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

_EXAMPLES = 3


@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    campaign = _campaign(request)
    shares = thresholds_of(campaign)
    start = {
        "blue": shares.blue,
        "yellow": shares.yellow,
        "orange": shares.orange,
        "weekly_requests": rule_of(campaign),
    }
    form = RulesForm(request.POST or None, initial=start)
    if form.is_valid():
        service.set_rules(campaign, person(request), **form.cleaned_data)
        messages.success(request, "已保存规则，从下一次提醒起生效；已经发过的不会再发。")
        return redirect("supervision:rules")
    context = {"form": form, "rungs": Rung.choices}
    status = 422 if form.errors else 200
    return render(request, "supervision/rules.html", context, status=status)


@require_http_methods(["GET", "POST"])
def template(request: HttpRequest, rung: str) -> HttpResponse:
    """The words of one rung, shown on what is owed just now before they are kept."""
    campaign = _campaign(request)
    known = _rung(rung)
    current = phrasing_of(campaign).templates.get(known, USUAL)
    form = TemplateForm(
        request.POST or None, initial={"title": current.title, "body": current.body}
    )
    shown = current
    if form.is_valid():
        shown = form.template
        if "preview" not in request.POST:
            service.word_reminder(campaign, person(request), known, shown)
            messages.success(request, f"已保存{known.label}色提醒的模板。")
            return redirect("supervision:template", rung)
    context = {
        "form": form,
        "rung": known,
        "facts": [(f"{{{name}}}", meaning) for name, meaning in FACTS.items()],
        "examples": _examples(campaign, known, shown, timezone.localdate()),
        "is_usual": current == USUAL,
    }
    status = 422 if form.errors else 200
    return render(request, "supervision/template.html", context, status=status)


def _examples(
    campaign: Campaign, rung: Rung, template: Template, on: date
) -> list[tuple[str, str]]:
    """How it would read for the next things that are due."""
    phrasing = Phrasing({rung: template})
    waiting = (one for one in of_campaign(campaign, on) if one.due_on and not one.is_met)
    return [
        (phrasing.title(owed, rung, on), phrasing.body(owed, rung, on, to_doer=True))
        for owed, _number in zip(waiting, range(_EXAMPLES), strict=False)
    ]


@require_POST
def usual_words(request: HttpRequest, rung: str) -> HttpResponse:
    service.use_usual_words(_campaign(request), person(request), _rung(rung))
    messages.success(request, "已恢复通常的写法。")
    return redirect("supervision:template", rung)


@require_http_methods(["GET", "POST"])
def rest_days(request: HttpRequest) -> HttpResponse:
    """The school's own rest days, and which years are reckoned by weekday so far."""
    campaign = _campaign(request)
    form = RestDaysForm(request.POST or None)
    if form.is_valid():
        service.add_rest_days(campaign, person(request), **form.cleaned_data)
        messages.success(request, "已登记，这些天不会发出自动提醒。")
        return redirect("supervision:rest_days")
    today = timezone.localdate()
    last = max([today, *(phase.ends_on for phase in campaign.phases.all())])
    context = {
        "form": form,
        "periods": RestPeriod.objects.order_by("starts_on", "pk"),
        "reservation": school_calendar().reservation(today, last),
    }
    status = 422 if form.errors else 200
    return render(request, "supervision/rest_days.html", context, status=status)


@require_http_methods(["GET", "POST"])
def remove_rest_days(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then let these be working days again."""
    campaign = _campaign(request)
    period = get_object_or_404(RestPeriod, pk=pk)
    if request.method == "POST":
        service.remove_rest_days(campaign, person(request), period)
        messages.success(request, "已取消，这些天照常发出提醒。")
        return redirect("supervision:rest_days")
    context = {
        "heading": f"取消休息日“{period.name}”",
        "consequence": f"{date_range(period.starts_on, period.ends_on)}将按国家的安排发出提醒。",
        "submit": "取消休息日",
        "cancel_url": reverse("supervision:rest_days"),
        "is_final": True,
    }
    return render(request, "confirm.html", context)


def _campaign(request: HttpRequest) -> Campaign:
    campaign = Campaign.objects.current()
    if campaign is None:
        raise Http404("no running campaign")
    if not can_steer(request.user, campaign):
        raise PermissionDenied
    return campaign


def _rung(name: str) -> Rung:
    if name not in Rung.values:
        raise Http404(name)
    return Rung(name)
