"""What a reviewer does with a proposal besides scoring and deciding it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from proposals.assignment import members_of_plan_group
from proposals.deliberation import AlreadySeen, abstain, add_note, recuse
from proposals.desk_forms import MergeForm, NoteForm, ReturnForm, ScoreForm
from proposals.forms import RecusalForm
from proposals.permissions import can_declare_recusal
from proposals.services import NotEditable
from proposals.views.desk_page import desk_page, on_desk
from proposals.views.lookup import plan_group_only, proposal_or_404
from proposals.views.queue import next_address
from proposals.workflow import Closed, IllegalStep, merge, send_back, unmerge

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from accounts.requests import SignedInRequest
    from proposals.models import Proposal

SEEN = "您已看到他人的评分，自己的评分不能再改。"
MOVED_ON = "该建议的状态刚刚被他人更改，请核对后再操作。"


def take(
    request: SignedInRequest,
    proposal: Proposal,
    done: str,
    action: Callable[[SignedInRequest, Proposal], object],
) -> HttpResponse:
    """Do it, say so, and go on with the queue."""
    following = next_address(request, proposal.campaign, proposal)
    try:
        action(request, proposal)
    except AlreadySeen:
        messages.warning(request, SEEN)
    except (IllegalStep, NotEditable):
        messages.warning(request, MOVED_ON)
    except Closed as closed:
        messages.warning(request, str(closed))
    except ValidationError as error:
        messages.warning(request, error.messages[0])
    else:
        messages.success(request, done)
    return redirect(following)


def give_no_score(request: SignedInRequest, proposal: Proposal) -> None:
    comment = ScoreForm.base_fields["comment"].clean(request.POST.get("comment", ""))
    abstain(proposal, by=request.user, now=timezone.now(), comment=comment)


@require_POST
def give_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Return a proposal for more, with reason and deadline."""
    campaign = plan_group_only(request)
    proposal = on_desk(request, pk)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return desk_page(request, campaign, proposal, status=422, return_form=form)
    cleaned = form.cleaned_data
    if cleaned["due_on"] <= timezone.localdate():
        form.add_error("due_on", "完善期限须晚于今天。")
        return desk_page(request, campaign, proposal, status=422, return_form=form)

    def action(request: SignedInRequest, proposal: Proposal) -> None:
        send_back(proposal, by=request.user, now=timezone.now(), **cleaned)

    return take(request, proposal, f"{proposal.number}已退回完善，并已通知执笔人。", action)


@require_POST
def join(request: SignedInRequest, pk: int) -> HttpResponse:
    """Merge the proposal into another one."""
    campaign = plan_group_only(request)
    proposal = on_desk(request, pk)
    form = MergeForm(request.POST, proposal=proposal)
    if not form.is_valid():
        return desk_page(request, campaign, proposal, status=422, merge_form=form)
    target = form.cleaned_data["target"]

    def action(request: SignedInRequest, proposal: Proposal) -> None:
        merge(proposal, target, by=request.user, now=timezone.now(), note=form.cleaned_data["note"])

    return take(request, proposal, f"{proposal.number}已并入{target.number}。", action)


@require_POST
def part(request: SignedInRequest, pk: int) -> HttpResponse:
    """Undo a merge."""
    plan_group_only(request)
    proposal = on_desk(request, pk)
    target = proposal.merged_into_id
    try:
        unmerge(proposal, by=request.user, now=timezone.now())
    except IllegalStep:
        messages.warning(request, "主案已有答复，或者并案已被撤销。")
    except Closed as closed:
        messages.warning(request, str(closed))
    else:
        messages.success(request, f"{proposal.number}已恢复为单独审议。")
    return redirect("proposals:desk_one", target or pk)


@require_POST
def note(request: SignedInRequest, pk: int) -> HttpResponse:
    campaign = plan_group_only(request)
    proposal = on_desk(request, pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return desk_page(request, campaign, proposal, status=422, note_form=form)
    try:
        add_note(proposal, by=request.user, now=timezone.now(), text=form.cleaned_data["text"])
    except (NotEditable, ValidationError):
        messages.warning(request, MOVED_ON)
    query = request.GET.urlencode()
    address = reverse("proposals:desk_one", args=[pk])
    return redirect(f"{address}?{query}#notes" if query else f"{address}#notes")


@require_http_methods(["GET", "HEAD", "POST"])
def step_aside(request: SignedInRequest, pk: int) -> HttpResponse:
    """Declare a conflict, one's own or that of another reviewer (N11)."""
    proposal = proposal_or_404(request, pk)
    if not can_declare_recusal(request.user, proposal):
        raise PermissionDenied(f"{request.user.pk} may not ask for recusal on {pk}")
    members = members_of_plan_group(proposal.campaign, timezone.localdate())
    initial = {"reviewer": request.user} if request.user in members else {}
    form = RecusalForm(request.POST or None, members=members, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            recuse(
                proposal,
                form.cleaned_data["reviewer"],
                by=request.user,
                now=timezone.now(),
                reason=form.cleaned_data["reason"],
            )
        except NotEditable:
            messages.warning(request, MOVED_ON)
        else:
            messages.success(request, "回避已登记，该成员不再参与这件建议的评分和讨论。")
        return redirect("proposals:detail", pk)
    context = {
        "heading": f"回避：《{proposal.title}》",
        "consequence": "登记后，该成员看不到评分和讨论，已有的评分作废，所需评分人数重新计算。",
        "submit": "登记回避",
        "cancel_url": reverse("proposals:detail", args=[pk]),
        "form": form,
    }
    return render(request, "confirm.html", context, status=422 if form.errors else 200)
