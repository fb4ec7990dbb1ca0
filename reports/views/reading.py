"""A report on the screen: read it, add words to it, freeze it, check a printed copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reports import services
from reports.addresses import address_of_wish, fields_of_wish
from reports.choices import NarrativePart, ReportFormat
from reports.forms import CodeForm, NarrativeForm, ReportForm
from reports.freezing import freeze, is_unaltered, sealed, thawed, typed_code
from reports.kinds import KINDS
from reports.models import FrozenReport
from reports.narratives import NarrativeMoved, narrative_of, save_narrative
from reports.permissions import can_freeze, can_write_narrative
from reports.production import assemble, compose, wish_of
from reports.views.entrance import reader, running_campaign

if TYPE_CHECKING:
    from django.http import HttpResponse, QueryDict

    from accounts.requests import SignedInRequest
    from reports.dossier import Wish


def _wish(request: SignedInRequest, data: QueryDict) -> Wish:
    """The report asked for; a scope one may not see, or a wish that makes no sense, is 404."""
    user, campaign = reader(request), running_campaign()
    form = ReportForm(data, user=user, campaign=campaign, today=timezone.localdate())
    kind = KINDS[form.wish.kind] if form.is_valid() else None
    if kind is None or kind.is_volume or not kind.may_have(user, form.wish):
        raise Http404("no such report for this person")
    return form.wish


@require_safe
def read(request: SignedInRequest) -> HttpResponse:
    wish = _wish(request, request.GET)
    paper = compose(wish.kind, assemble(wish, timezone.now()))
    has_narrative = KINDS[wish.kind].has_narrative
    context = {
        "paper": paper,
        "fields": fields_of_wish(wish),
        "formats": ReportFormat.choices,
        "ask_url": reverse("reports:ask"),
        "narrative_url": address_of_wish("reports:narrative", wish)
        if has_narrative and can_write_narrative(request.user, wish.unit)
        else "",
        "freeze_url": reverse("reports:freeze") if can_freeze(request.user, wish.unit) else "",
        "trail": _trail(),
    }
    return render(request, "reports/read.html", context)


def _trail() -> list[tuple[str, str]]:
    return [("报告", reverse("reports:index"))]


# --- Words --------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def narrative(request: SignedInRequest) -> HttpResponse:
    """The parts a person writes; a late save is shown beside what was saved meanwhile."""
    wish = _wish(request, request.GET)
    if not KINDS[wish.kind].has_narrative:
        raise Http404(f"{wish.kind} has no part to write")
    if not can_write_narrative(request.user, wish.unit):
        raise PermissionDenied
    if request.method != "POST":
        return _narrative_page(request, wish, NarrativeForm(**_stored(wish)))
    form = NarrativeForm(request.POST, cancel_url=address_of_wish("reports:read", wish))
    if not form.is_valid():
        return _narrative_page(request, wish, form, status=422)
    try:
        save_narrative(wish, form.texts, by=request.user, seen_version=form.cleaned_data["version"])
    except NarrativeMoved:
        return _moved_page(request, wish, form)
    messages.success(request, "文字已保存。数据更新后，这些文字会保留。")
    return redirect(address_of_wish("reports:read", wish))


def _stored(wish: Wish) -> dict[str, Any]:
    known = narrative_of(wish)
    initial = {**known.texts, "version": known.version} if known else {"version": 0}
    return {"initial": initial, "cancel_url": address_of_wish("reports:read", wish)}


def _narrative_page(
    request: SignedInRequest,
    wish: Wish,
    form: NarrativeForm,
    *,
    theirs: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    known = narrative_of(wish)
    context = {
        "form": form,
        "paper": compose(wish.kind, assemble(wish, timezone.now())),
        "theirs": theirs or [],
        "known": known,
        "trail": [*_trail(), ("查看报告", address_of_wish("reports:read", wish))],
    }
    return render(request, "reports/narrative.html", context, status=status)


def _moved_page(request: SignedInRequest, wish: Wish, form: NarrativeForm) -> HttpResponse:
    """Both texts, the own one in the boxes; saving once more is then a choice."""
    known = narrative_of(wish)
    if known is None:
        raise Http404("the narrative is gone")
    data = {**form.data.dict(), "version": known.version}  # type: ignore[attr-defined]  # a QueryDict
    mine = NarrativeForm(data, cancel_url=address_of_wish("reports:read", wish))
    theirs = [(str(part.label), str(known.texts.get(part, ""))) for part in NarrativePart]
    return _narrative_page(request, wish, mine, theirs=theirs, status=409)


# --- Frozen -------------------------------------------------------------------------------


@require_POST
def freeze_report(request: SignedInRequest) -> HttpResponse:
    wish = _wish(request, request.POST)
    if not can_freeze(request.user, wish.unit):
        raise PermissionDenied
    frozen = freeze(wish, by=request.user, now=timezone.now())
    messages.success(request, f"已定稿，核验码{frozen.printed_code}。数据不再变化。")
    return redirect("reports:frozen", frozen.pk)


def _frozen(request: SignedInRequest, pk: int) -> FrozenReport:
    visible = FrozenReport.objects.visible_to(request.user).for_list()
    return get_object_or_404(visible, pk=pk)


@require_safe
def frozen(request: SignedInRequest, pk: int) -> HttpResponse:
    known = _frozen(request, pk)
    context = {
        "frozen": known,
        "paper": sealed(compose(known.kind, thawed(known)), known),
        "formats": ReportFormat.choices,
        "ask_url": reverse("reports:ask_frozen", args=[pk]),
        "trail": _trail(),
    }
    return render(request, "reports/read.html", context)


@require_POST
def ask_frozen(request: SignedInRequest, pk: int) -> HttpResponse:
    known = _frozen(request, pk)
    wanted = request.POST.get("format", ReportFormat.PDF)
    if wanted not in ReportFormat.values:
        raise Http404(f"no format {wanted}")
    job = services.ask(request.user, wish_of(known), wanted, frozen=known)
    return redirect("reports:job", job.pk)


@require_safe
def verify(request: SignedInRequest, code: str = "") -> HttpResponse:
    """Whether a printed report is one of ours, and what its facts were. For anyone signed in.

    The figures themselves are shown only to those who may see them.
    """
    code = typed_code(code or request.GET.get("code", ""))
    known = FrozenReport.objects.for_list().filter(code=code).first() if code else None
    may_read = known is not None and (
        FrozenReport.objects.visible_to(request.user).filter(pk=known.pk).exists()
    )
    context = {
        "form": CodeForm({"code": code} if code else None),
        "code": code,
        "frozen": known,
        "is_unaltered": known is not None and is_unaltered(known),
        "read_url": reverse("reports:frozen", args=[known.pk]) if known and may_read else "",
    }
    return render(
        request, "reports/verify.html", context, status=404 if code and not known else 200
    )
