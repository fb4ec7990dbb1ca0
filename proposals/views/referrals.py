"""The department a proposal was passed on to says what it did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from proposals import referrals
from proposals.forms import ReferralReportForm
from proposals.permissions import can_report_back
from proposals.views.lookup import proposal_or_404
from proposals.views.reading import published_decision

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import SignedInRequest
    from proposals.models import Decision


@require_http_methods(["GET", "HEAD", "POST"])
def report_back(request: SignedInRequest, pk: int) -> HttpResponse:
    proposal = proposal_or_404(request, pk)
    decision = published_decision(proposal)
    if decision is None or decision.referred_to is None:
        raise Http404(f"proposal {pk} was not passed on")
    if not can_report_back(request.user, decision):
        raise PermissionDenied(f"{request.user.pk} may not report back on proposal {pk}")
    form = ReferralReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _is_done(request, decision, form):
        return redirect(reverse("proposals:detail", args=[pk]) + "#answer")
    context = {
        "heading": "反馈办理情况",
        "consequence": f"{proposal.number}《{proposal.title}》已转{decision.referred_to}办理。"
        "写下的情况会告知这件建议的各位参与人，只反馈这一次。",
        "submit": "发出办理情况",
        "cancel_url": reverse("proposals:detail", args=[pk]),
        "form": form,
    }
    return render(request, "confirm.html", context, status=422 if form.errors else 200)


def _is_done(request: SignedInRequest, decision: Decision, form: ReferralReportForm) -> bool:
    """False if the form goes back with what is wrong in it."""
    try:
        referrals.report_back(decision, by=request.user, now=timezone.now(), **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    except referrals.AlreadyReported:
        messages.warning(request, "办理情况刚刚已有人反馈，请核对。")
    else:
        messages.success(request, "办理情况已发给各位参与人。")
    return True
