"""The rules of supervision, the words of reminders, the school's own rest days."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
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
from core.chinese_text import counted, date_range
from core.working_calendar import RestDays
from notices.calendar import school_calendar
from notices.models import RestPeriod
from supervision.choices import Rung
from supervision.lines import rung_of
from supervision.obligations import of_campaign
from supervision.phrasing import FACTS, USUAL, Phrasing, Template, phrasing_of
from supervision.rule_forms import RestDaysForm, RulesForm, TemplateForm
from supervision.services import rules as service
from supervision.views.lookup import person

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from accounts.models import User
    from supervision.services.rules import Rules

_EXAMPLES = 3


@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    campaign = _campaign(request)
    now = service.rules_of(campaign)
    form = RulesForm(request.POST or None, initial={**asdict(now), "seen": str(now)})
    effects: list[Effect] = []
    if form.is_valid():
        if "preview" in request.POST:
            effects = _effects(campaign, now, form.rules, timezone.localdate())
        elif _is_set(form, campaign, person(request)):
            messages.success(request, "已保存规则，从下一次提醒起生效；已经发过的不会再发。")
            return redirect("supervision:rules")
    context = {
        "form": form,
        "rungs": Rung.choices,
        "effects": effects,
        "changes": service.changes_of_rules(campaign),
    }
    status = 422 if form.errors else 200
    return render(request, "supervision/rules.html", context, status=status)


@dataclass(frozen=True)
class Effect:
    """How many things owed stand on a rung, by the rules of now and by those typed."""

    rung: Rung
    now: int
    then: int


def _effects(campaign: Campaign, now: Rules, then: Rules, on: date) -> list[Effect]:
    owed = of_campaign(campaign, on)
    counts = [Counter(rung_of(one, rules.thresholds, on) for one in owed) for rules in (now, then)]
    return [Effect(rung, *(count[rung] for count in counts)) for rung in Rung]


def _is_set(form: RulesForm, campaign: Campaign, by: User) -> bool:
    """Whether the rules are kept; if not, the form says why."""
    try:
        service.set_rules(campaign, by, form.rules, seen=form.cleaned_data["seen"])
    except service.SetMeanwhile as fault:
        form.say_what_was_set(str(fault))
        return False
    return True


@require_http_methods(["GET", "POST"])
def template(request: HttpRequest, rung: str) -> HttpResponse:
    """The words of one rung, shown on what is owed just now before they are kept."""
    campaign = _campaign(request)
    known = _rung(rung)
    current = phrasing_of(campaign).templates.get(known, USUAL)
    start = {"title": current.title, "body": current.body, "seen": str(current)}
    form = TemplateForm(request.POST or None, initial=start)
    shown = current
    if form.is_valid():
        shown = form.template
        if "preview" not in request.POST and _is_worded(form, campaign, person(request), known):
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


def _is_worded(form: TemplateForm, campaign: Campaign, by: User, rung: Rung) -> bool:
    """Whether the words are kept; if not, the form says why."""
    try:
        service.word_reminder(campaign, by, rung, form.template, seen=form.cleaned_data["seen"])
    except service.SetMeanwhile as fault:
        form.say_what_was_set(str(fault))
        return False
    return True


def _examples(
    campaign: Campaign, rung: Rung, template: Template, on: date
) -> list[tuple[str, str]]:
    """How it would read for the next things that stand on that rung or will.

    Only red speaks of what is overdue, the other rungs only of what is not.
    """
    phrasing = Phrasing({rung: template})
    unmet = (one for one in of_campaign(campaign, on) if one.due_on and not one.is_met)
    waiting = (one for one in unmet if one.is_overdue(on) == (rung == Rung.RED))
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
        period = service.add_rest_days(campaign, person(request), **form.cleaned_data)
        messages.success(
            request, f"已登记，这些天不会发出自动提醒。{_due_within(campaign, period)}"
        )
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


def _due_within(campaign: Campaign, period: RestPeriod) -> str:
    """How much is due on these days, for whoever might rather move it; empty if nothing is."""
    days = RestDays(period.starts_on, period.ends_on)
    owed = of_campaign(campaign, timezone.localdate())
    due = [one for one in owed if one.due_on and not one.is_met and one.due_on in days]
    return f"有{counted(len(due), '项')}未完成的事项在这些天到期，期限没有变动。" if due else ""


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
