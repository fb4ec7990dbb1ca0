"""The cockpit: where the campaign stands, and the records behind every figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reports.choices import ReportFormat, ReportKind
from reports.cockpit import address_of, blank_spots_of, cockpit_of, tables_of
from reports.composition import moment_of
from reports.dossier import Wish
from reports.forms import ScopeForm, readable_units
from reports.permissions import can_read_school
from reports.snapshots import latest
from reports.views.entrance import reader, running_campaign

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User
    from reports.facts import ProgressFacts


@require_safe
def cockpit(request: HttpRequest) -> HttpResponse:
    form, facts = _facts_asked_for(request)
    context = {
        "form": form,
        "cockpit": cockpit_of(facts),
        "kind": ReportKind.PROGRESS,
        "pdf": ReportFormat.PDF,
    }
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
    user, campaign = reader(request), running_campaign()
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
