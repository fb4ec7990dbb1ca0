"""Pages with which the campaign group sets head, bodies, order of phases and gates.

Changing the days of something asks first what it would move; those pages are in `supervision`.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from campaign import steering
from campaign.choices import Gate
from campaign.forms import CampaignForm, PhaseForm, StepForm, SwitchForm
from campaign.models import Campaign, GateSwitch, Phase, PhaseStep
from campaign.permissions import can_steer
from campaign.schedule import Unsettled

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = steered(request, slug)
    form = CampaignForm(request.POST or None, instance=Campaign.objects.get(pk=campaign.pk))
    if form.is_valid():
        try:
            steering.edit_campaign(who(request), campaign, **form.cleaned_data)
        except Unsettled as fault:
            form.add_error("issued_on", str(fault))
        else:
            messages.success(request, "已保存活动设置。")
            return redirect("campaign:plan_of", slug)
    return page(request, form, "活动设置", campaign)


@require_http_methods(["GET", "POST"])
def add_phase(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = steered(request, slug)
    form = PhaseForm(request.POST or None, campaign=campaign)
    if form.is_valid():
        phase = steering.add_phase(who(request), campaign, **form.cleaned_data)
        messages.success(request, f"已增加{phase.name}。")
        return redirect("campaign:plan_of", slug)
    return page(request, form, "增加阶段", campaign)


@require_POST
def move_phase(request: HttpRequest, pk: int) -> HttpResponse:
    phase = get_object_or_404(Phase.objects.select_related("campaign"), pk=pk)
    steering.move_phase(who(request), phase, up=request.POST.get("to") != "down")
    return redirect(f"{reverse('campaign:plan_of', args=[phase.campaign.slug])}#phase-{pk}")


@require_http_methods(["GET", "POST"])
def remove_phase(request: HttpRequest, pk: int) -> HttpResponse:
    phase = get_object_or_404(Phase.objects.select_related("campaign"), pk=pk)
    _ask(request, phase.campaign)
    consequence = "阶段和其中的步骤会从方案中去掉；已有的活动、意见和建议不受影响。"
    if request.method == "POST":
        return _remove(
            request, phase.campaign, lambda: steering.remove_phase(who(request), phase), phase.name
        )
    return _confirm(request, phase.campaign, f"去掉{phase.name}", consequence, "去掉这个阶段")


@require_http_methods(["GET", "POST"])
def add_step(request: HttpRequest, pk: int) -> HttpResponse:
    phase = get_object_or_404(Phase.objects.select_related("campaign"), pk=pk)
    _ask(request, phase.campaign)
    form = StepForm(request.POST or None, campaign=phase.campaign)
    if form.is_valid():
        step = steering.add_step(who(request), phase, **form.cleaned_data)
        messages.success(request, f"已在{phase.name}增加步骤“{step.title}”。")
        return redirect("campaign:plan_of", phase.campaign.slug)
    return page(request, form, f"在{phase.name}增加步骤", phase.campaign)


@require_http_methods(["GET", "POST"])
def remove_step(request: HttpRequest, pk: int) -> HttpResponse:
    step = get_object_or_404(PhaseStep.objects.select_related("phase__campaign"), pk=pk)
    campaign = step.phase.campaign
    _ask(request, campaign)
    if request.method == "POST":
        return _remove(
            request, campaign, lambda: steering.remove_step(who(request), step), step.title
        )
    consequence = "这一步会从方案中去掉；已有的记录不受影响。"
    return _confirm(request, campaign, f"去掉步骤“{step.title}”", consequence, "去掉这一步")


@require_http_methods(["GET", "POST"])
def switch_gate(request: HttpRequest, slug: str, gate: str) -> HttpResponse:
    """Close what is open, or open what is closed, with a reason."""
    campaign = steered(request, slug)
    if gate not in Gate.values:
        raise Http404(gate)
    label = Gate(gate).label
    opens = not _is_open_today(campaign, gate)
    form = SwitchForm(request.POST or None)
    if form.is_valid():
        wanted = request.POST.get("opens", str(opens)) == "True"
        try:
            steering.switch_gate(
                who(request),
                campaign,
                Gate(gate),
                opens=wanted,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except steering.NothingToSwitch:
            messages.warning(request, f"“{label}”已经是这样了，没有再改。请核对后再操作。")
        else:
            messages.success(request, f"已{'开放' if wanted else '关闭'}“{label}”。")
        return redirect(f"{reverse('campaign:plan_of', args=[slug])}#gates")
    verb = "开放" if opens else "关闭"
    context = {
        "heading": f"{verb}“{label}”",
        "consequence": _said_of_switch(label, opens=opens),
        "submit": f"{verb}{label}",
        "is_final": not opens,
        "cancel_url": f"{reverse('campaign:plan_of', args=[slug])}#gates",
        "form": form,
        "hidden": [("opens", str(opens))],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "confirm.html", context, status=status)


@require_POST
def restore_gate(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the phases decide again."""
    switch = get_object_or_404(GateSwitch.objects.select_related("campaign"), pk=pk)
    try:
        steering.restore_gate(who(request), switch, timezone.now())
    except steering.NothingToSwitch:
        messages.warning(request, "刚刚已由他人恢复，没有再改。")
    else:
        messages.success(request, f"“{switch.get_gate_display()}”恢复按阶段执行。")
    return redirect(f"{reverse('campaign:plan_of', args=[switch.campaign.slug])}#gates")


def _is_open_today(campaign: Campaign, gate: str) -> bool:
    from campaign.gates import is_open

    return is_open(campaign, Gate(gate), timezone.localdate())


def _said_of_switch(label: str, *, opens: bool) -> str:
    if opens:
        return (
            f"“{label}”今天没有开放。开放后各单位马上可以做；"
            "到期以后，或者有人恢复后，重新按阶段执行。"
        )
    return f"关闭后各单位不能再做“{label}”，已有的记录不受影响；可以随时恢复。"


def _remove(request: HttpRequest, campaign: Campaign, act: Any, name: str) -> HttpResponse:
    try:
        act()
    except steering.Anchoring as fault:
        messages.warning(
            request, f"没有去掉“{name}”：{fault}的时间从它算起。请先改写这些时间，再来去掉。"
        )
    else:
        messages.success(request, f"已去掉“{name}”。")
    return redirect("campaign:plan_of", campaign.slug)


def _confirm(
    request: HttpRequest, campaign: Campaign, heading: str, consequence: str, submit: str
) -> HttpResponse:
    context = {
        "heading": heading,
        "consequence": consequence,
        "submit": submit,
        "is_final": True,
        "cancel_url": reverse("campaign:plan_of", args=[campaign.slug]),
    }
    return render(request, "confirm.html", context)


def steered(request: HttpRequest, slug: str) -> Campaign:
    """The campaign, once it is known that the person may steer it."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), slug=slug)
    _ask(request, campaign)
    return campaign


def _ask(request: HttpRequest, campaign: Campaign) -> None:
    if not can_steer(request.user, campaign):
        raise PermissionDenied


def who(request: HttpRequest) -> User:
    return cast("User", request.user)


def page(request: HttpRequest, form: Any, heading: str, campaign: Campaign) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"form": form, "heading": heading, "campaign": campaign}
    return render(request, "campaign/form.html", context, status=status)
