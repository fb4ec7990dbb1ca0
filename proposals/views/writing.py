"""Drafting a proposal and sending it in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from core.local_time import local
from proposals.choices import EDITABLE
from proposals.forms import StartForm, TextForm, WithdrawForm
from proposals.models import Proposal
from proposals.permissions import can_write
from proposals.services import (
    ChangedMeanwhile,
    NotEditable,
    add_sources,
    missing_for_submission,
    remove_source,
    save_text,
    start_draft,
)
from proposals.similar import similar_to
from proposals.views.lookup import campaign_or_404, proposal_or_404
from proposals.views.reading import COMPARED_FIELDS
from proposals.workflow import Closed, IllegalStep, submit, withdraw
from seminars.models import Activity, Opinion, Problem
from units.choices import SCHOOL_WIDE_KINDS
from units.models import Unit
from units.querysets import below
from units.standing import standing_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from accounts.models import User
    from accounts.requests import SignedInRequest
    from campaign.models import Campaign

#: How many of each kind of source one search shows.
_SOURCES_SHOWN = 20
_LONGEST_QUERY = 60


def writable_or_404(request: SignedInRequest, pk: int) -> Proposal:
    proposal = proposal_or_404(request, pk)
    if not can_write(request.user, proposal):
        raise PermissionDenied(f"{request.user.pk} may not write proposal {pk}")
    return proposal


def _gone(request: SignedInRequest, pk: int) -> HttpResponse:
    messages.warning(request, "该建议的状态刚刚被他人更改，请核对后再操作。")
    return redirect("proposals:detail", pk)


# --- Starting ----------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: SignedInRequest) -> HttpResponse:
    """A new draft; `?opinion=KEY` and `?problem=KEY` make it rest on those, several if given."""
    campaign = campaign_or_404()
    units = units_to_write_for(request.user)
    if not units:
        raise PermissionDenied(f"{request.user.pk} reports for no unit")
    rests_on = _named(request, campaign)
    first = next((source for source in rests_on["opinions"] + rests_on["problems"]), None)
    initial = {"theme": first.theme_id} if first else {}
    form = StartForm(request.POST or None, campaign=campaign, units=units, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            draft = _start(request.user, campaign, form.cleaned_data, rests_on)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("proposals:edit", draft.pk)
    status = 422 if form.errors else 200
    return render(request, "proposals/start.html", {"form": form, **rests_on}, status=status)


def units_to_write_for(user: User) -> list[Unit]:
    mine = Unit.objects.filter(below(standing_of(user).reporting_paths), closed_on__isnull=True)
    return list(mine.exclude(kind__in=SCHOOL_WIDE_KINDS))


def _named(request: SignedInRequest, campaign: Campaign) -> dict[str, list[Any]]:
    """The sources the address names, as far as the person may see them."""
    opinions, _, problems = _visible_sources(request.user, campaign)
    return {
        "opinions": _ticked(opinions, request.GET.getlist("opinion")),
        "problems": _ticked(problems, request.GET.getlist("problem")),
    }


def _start(
    user: User, campaign: Campaign, cleaned: dict[str, Any], rests_on: dict[str, list[Any]]
) -> Proposal:
    now = timezone.now()
    draft = start_draft(campaign, by=user, now=now, **cleaned)
    if any(rests_on.values()):
        add_sources(draft, by=user, now=now, **rests_on)
    return draft


# --- Writing -----------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    proposal = writable_or_404(request, pk)
    if proposal.status not in EDITABLE:
        return _gone(request, pk)
    form = TextForm(request.POST or None, proposal=proposal)
    if request.method != "POST":
        return _edit_page(request, proposal, form)
    if not form.is_valid():
        return _edit_page(request, proposal, form, status=422)
    return _save_and_go_on(request, proposal, form)


def _save_and_go_on(request: SignedInRequest, proposal: Proposal, form: TextForm) -> HttpResponse:
    try:
        _save(request, proposal, form)
    except ChangedMeanwhile as late:
        return _both_texts(request, proposal, form, late.current)
    except NotEditable:
        return _gone(request, proposal.pk)
    if request.POST.get("then") == "submit":
        return redirect("proposals:submit", proposal.pk)
    messages.success(request, "草稿已保存。")
    return redirect("proposals:edit", proposal.pk)


def _save(
    request: SignedInRequest, proposal: Proposal, form: TextForm, *, keeps_version: bool = True
) -> None:
    save_text(
        proposal,
        by=request.user,
        now=timezone.now(),
        seen_version=form.cleaned_data["seen_version"],
        keeps_version=keeps_version,
        **form.written(),
    )


def _edit_page(
    request: SignedInRequest, proposal: Proposal, form: TextForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "proposal": proposal,
        "form": form,
        "sources": _sources_of(proposal),
        "last_return": proposal.status_changes.filter(step="return").last(),
        **more,
    }
    return render(request, "proposals/edit.html", context, status=status)


def _both_texts(
    request: SignedInRequest, proposal: Proposal, form: TextForm, current: Proposal
) -> HttpResponse:
    """Somebody saved first: their text beside the typed one, which stays in the form."""
    data = request.POST.copy()
    data["seen_version"] = str(current.version)
    again = TextForm(data, proposal=proposal)
    mine = form.cleaned_data
    compared = [
        (label, getattr(current, name), mine[name])
        for name, label in COMPARED_FIELDS
        if getattr(current, name) != mine[name]
    ]
    return _edit_page(request, proposal, again, status=409, current=current, compared=compared)


@require_POST
def autosave(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep what is typed, without a version of its own; answers with the save mark."""
    proposal = writable_or_404(request, pk)
    form = TextForm(request.POST, proposal=proposal)
    context: dict[str, Any] = {}
    if not form.is_valid():
        context["text"] = "还没有自动保存：请先填好标题、类别和主题。"
    else:
        try:
            _save(request, proposal, form, keeps_version=False)
            saved_at = local(proposal.updated_at)
            context = {"text": f"已于 {saved_at:%H:%M} 自动保存草稿", "version": proposal.version}
        except ChangedMeanwhile:
            context["text"] = "没有自动保存：他人刚刚改过这份草稿。请点“保存草稿”核对两份文字。"
        except NotEditable:
            context["text"] = "没有自动保存：这件建议已经提交，不能再改。"
    return render(request, "proposals/_saved.html", context)


# --- Sources -----------------------------------------------------------------------------


def _sources_of(proposal: Proposal) -> dict[str, Any]:
    return {
        "opinions": list(proposal.opinions.select_related("unit")),
        "activities": list(proposal.activities.select_related("unit")),
        "problems": list(proposal.problems.select_related("unit")),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def sources(request: SignedInRequest, pk: int) -> HttpResponse:
    """Search what one may see, tick, add; works without JavaScript."""
    proposal = writable_or_404(request, pk)
    if proposal.status not in EDITABLE:
        return _gone(request, pk)
    if request.method == "POST":
        return _add(request, proposal)
    text = request.GET.get("q", "")[:_LONGEST_QUERY]
    context = {"proposal": proposal, "q": text, **_found(request.user, proposal, text)}
    return render(request, "proposals/sources.html", context)


def _found(user: User, proposal: Proposal, text: str) -> dict[str, Any]:
    opinions, activities, problems = _visible_sources(user, proposal.campaign)
    if text:
        opinions, activities = opinions.matching(text), activities.matching(text)
        problems = problems.filter(text__icontains=text)
    chosen = _sources_of(proposal)
    rows = {
        "opinions": opinions.newest_first().select_related("unit"),
        "activities": activities.newest_first().select_related("unit"),
        "problems": problems.newest_first().select_related("unit"),
    }
    return {
        name: list(found.exclude(pk__in=[source.pk for source in chosen[name]])[:_SOURCES_SHOWN])
        for name, found in rows.items()
    }


def _visible_sources(user: User, campaign: Campaign) -> tuple[Any, Any, Any]:
    return (
        Opinion.objects.visible_to(user).filter(campaign=campaign, merged_into__isnull=True),
        Activity.objects.visible_to(user).logged().filter(campaign=campaign),
        Problem.objects.visible_to(user).filter(campaign=campaign),
    )


def _add(request: SignedInRequest, proposal: Proposal) -> HttpResponse:
    opinions, activities, problems = _visible_sources(request.user, proposal.campaign)
    chosen = {
        "opinions": _ticked(opinions, request.POST.getlist("opinions")),
        "activities": _ticked(activities, request.POST.getlist("activities")),
        "problems": _ticked(problems, request.POST.getlist("problems")),
    }
    count = sum(len(rows) for rows in chosen.values())
    if not count:
        messages.warning(request, "请先勾选要作为来源的意见、活动或问题。")
        return redirect("proposals:sources", proposal.pk)
    try:
        add_sources(proposal, by=request.user, now=timezone.now(), **chosen)
    except (NotEditable, ChangedMeanwhile):
        return _gone(request, proposal.pk)
    messages.success(request, f"已加入{count}条来源。")
    return redirect("proposals:edit", proposal.pk)


def _ticked(rows: QuerySet[Any], keys: list[str]) -> list[Any]:
    """The ticked rows the person may see; anything that is no key is passed over."""
    field = rows.model._meta.pk
    assert field is not None  # noqa: S101 - every model has one
    known = []
    for key in keys[: 3 * _SOURCES_SHOWN]:
        try:
            value = field.to_python(key)
            field.run_validators(value)  # a number too large for the database is no key either
        except ValidationError:
            continue
        known.append(value)
    return list(rows.filter(pk__in=known))


@require_POST
def take_source_away(request: SignedInRequest, pk: int) -> HttpResponse:
    proposal = writable_or_404(request, pk)
    kinds = {
        "opinion": proposal.opinions.all(),
        "activity": proposal.activities.all(),
        "problem": proposal.problems.all(),
    }
    rows = kinds.get(request.POST.get("kind", ""), proposal.opinions.none())
    found = _ticked(rows, [request.POST.get("key", "")])
    try:
        for source in found:
            remove_source(proposal, source, by=request.user, now=timezone.now())
    except (NotEditable, ChangedMeanwhile):
        return _gone(request, pk)
    return redirect("proposals:edit", pk)


# --- Sending in and taking back ----------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def send_in(request: SignedInRequest, pk: int) -> HttpResponse:
    """The proposal as the plan group will read it, what is missing, and the button."""
    proposal = writable_or_404(request, pk)
    if proposal.status not in EDITABLE:
        return _gone(request, pk)
    missing = missing_for_submission(proposal)
    if request.method == "POST":
        try:
            submit(proposal, by=request.user, now=timezone.now())
        except ValidationError as error:
            missing = error.messages
        except Closed as closed:
            missing = [str(closed)]
        except IllegalStep:
            return _gone(request, pk)
        else:
            messages.success(request, f"建议已提交，编号{proposal.number}。")
            return redirect("proposals:detail", pk)
    visible = Proposal.objects.visible_to(request.user).in_campaign(proposal.campaign)
    context = {
        "proposal": proposal,
        "missing": missing,
        "sources": _sources_of(proposal),
        "similar": similar_to(proposal, visible),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "proposals/submit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    proposal = writable_or_404(request, pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw(proposal, by=request.user, now=timezone.now(), note=form.cleaned_data["note"])
        except (IllegalStep, Closed):
            return _gone(request, pk)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "建议已撤回，可以修改后再次提交。")
            return redirect("proposals:detail", pk)
    context = {
        "heading": f"撤回建议《{proposal.title}》",
        "consequence": "撤回后不再审议这件建议。文字和来源都保留，可以改好后再提交。",
        "submit": "撤回建议",
        "cancel_url": reverse("proposals:detail", args=[pk]),
        "form": form,
    }
    return render(request, "confirm.html", context, status=422 if form.errors else 200)
