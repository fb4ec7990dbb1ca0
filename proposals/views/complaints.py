"""Replies that did not satisfy: each is handled once more (N2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from proposals.desk_forms import SecondAnswerForm
from proposals.models import Reply
from proposals.permissions import can_answer_again
from proposals.replies import AlreadyAnswered, answer_again, revisions_of
from proposals.views.lookup import plan_group_only

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import SignedInRequest

_SHOWN = 50


@require_safe
def complaints(request: SignedInRequest) -> HttpResponse:
    """Those that still wait, the longest waiting first; below them what was answered again."""
    campaign = plan_group_only(request)
    rows = Reply.objects.in_campaign(campaign).with_page_facts()
    context = {
        "waiting": [
            (reply, can_answer_again(request.user, reply)) for reply in rows.unhappy()[:_SHOWN]
        ],
        "answered": rows.answered_again().order_by("-second_at", "-pk")[:_SHOWN],
    }
    return render(request, "proposals/complaints.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def complaint(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was answered, what the recipient said to it, and the second answer to be written."""
    campaign = plan_group_only(request)
    rows = Reply.objects.in_campaign(campaign).with_page_facts()
    reply = get_object_or_404(rows.exclude(satisfaction=""), pk=pk)
    if not can_answer_again(request.user, reply):
        raise PermissionDenied(f"{request.user.pk} may not answer reply {pk} again")
    form = SecondAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_again(reply, by=request.user, now=timezone.now(), text=form.cleaned_data["text"])
        except AlreadyAnswered:
            messages.warning(request, "这份答复刚刚已有再次答复，每份只再办一次。")
        else:
            messages.success(request, "再次答复已发出。")
        return redirect("proposals:complaints")
    context = {
        "reply": reply,
        "revisions": list(revisions_of(reply.decision)),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "proposals/complaint.html", context, status=status)
