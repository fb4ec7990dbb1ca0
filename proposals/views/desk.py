"""The desk of a proposal: scores and a prepared decision, saved together or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from proposals.decisions import DecisionChanged, pending_revision, prepare
from proposals.deliberation import AlreadySeen, score
from proposals.desk_forms import DecisionForm, ScoreForm, wording_of
from proposals.models import Proposal
from proposals.permissions import can_review
from proposals.services import NotEditable
from proposals.similar import similar_to
from proposals.views.desk_page import chosen_clause, decision_of, desk_page, on_desk
from proposals.views.lookup import plan_group_only
from proposals.views.queue import next_address
from proposals.views.steps import MOVED_ON, SEEN, give_no_score, take

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import SignedInRequest
    from campaign.models import Campaign


@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET shows the proposal; POST takes scores, a prepared decision, or both."""
    campaign = plan_group_only(request)
    proposal = on_desk(request, pk)
    if request.method != "POST":
        return desk_page(request, campaign, proposal)
    if not can_review(request.user, proposal):
        raise PermissionDenied(f"{request.user.pk} stays out of proposal {pk}")
    if request.POST.get("then") == "abstain":
        return take(request, proposal, "您已弃权。", give_no_score)
    return _score_and_decide(request, campaign, proposal)


@dataclass(frozen=True)
class Typed:
    """What a reviewer sent: the scores, if they may still change, and the decision, if wanted."""

    then: str
    scores: ScoreForm | None
    decision: DecisionForm
    wants_decision: bool

    @property
    def is_valid(self) -> bool:
        forms = [self.scores, self.decision if self.wants_decision else None]
        # Every form is asked, so that all mistakes are shown at once.
        return all([form.is_valid() for form in forms if form is not None])  # noqa: C419


def _typed(request: SignedInRequest, proposal: Proposal) -> Typed:
    then = request.POST.get("then", "score")
    sends_scores = "comment" in request.POST or then == "score"
    return Typed(
        then,
        ScoreForm(request.POST, campaign=proposal.campaign) if sends_scores else None,
        DecisionForm(request.POST, proposal=proposal, decision=decision_of(proposal)),
        then == "decide",
    )


def _score_and_decide(
    request: SignedInRequest, campaign: Campaign, proposal: Proposal
) -> HttpResponse:
    typed = _typed(request, proposal)
    if typed.then == "wording":
        return desk_page(request, campaign, proposal, **_with_wording(request, proposal))
    if not typed.is_valid:
        return _back_to_desk(request, campaign, proposal, typed, status=422)
    following = next_address(request, campaign, proposal)
    try:
        _save(request, proposal, typed)
    except DecisionChanged as late:
        return _late(request, campaign, proposal, typed, late)
    except ValidationError as error:
        typed.decision.add_error(None, error.messages[0])
        return _back_to_desk(request, campaign, proposal, typed, status=422)
    except AlreadySeen:
        return _scored_meanwhile(request, campaign, proposal)
    except NotEditable:
        messages.warning(request, MOVED_ON)
    else:
        done = "已保存评分和拟定的决定" if typed.wants_decision else "已保存评分"
        messages.success(request, f"{done}：{proposal.number}《{proposal.title}》。")
    return redirect(following)


def _back_to_desk(
    request: SignedInRequest, campaign: Campaign, proposal: Proposal, typed: Typed, *, status: int
) -> HttpResponse:
    decision = typed.decision if typed.wants_decision else _unchecked(request, proposal)
    forms = {"score_form": typed.scores, "decision_form": decision}
    return desk_page(request, campaign, proposal, status=status, **forms)


def _unchecked(request: SignedInRequest, proposal: Proposal, **changed: Any) -> DecisionForm:
    """What was typed for the decision, without complaining about what is not being saved."""
    written = {name: request.POST.get(name, "") for name in DecisionForm.base_fields}
    return DecisionForm(proposal=proposal, decision=None, initial=written | changed)


def _with_wording(request: SignedInRequest, proposal: Proposal) -> dict[str, Any]:
    """The same page with the text of the chosen clause; for browsers without JavaScript."""
    clause = chosen_clause(proposal, request.POST.get("clause", ""))
    return {
        "score_form": ScoreForm(initial=request.POST.dict(), campaign=proposal.campaign),
        "decision_form": _unchecked(request, proposal, **wording_of(proposal, clause)),
    }


def _save(request: SignedInRequest, proposal: Proposal, typed: Typed) -> None:
    """Both or neither."""
    now = timezone.now()
    with transaction.atomic():
        if typed.scores is not None:
            score(proposal, by=request.user, now=now, **typed.scores.scores())
        if typed.wants_decision:
            prepare(
                proposal,
                typed.decision.draft(),
                by=request.user,
                now=now,
                seen_version=typed.decision.cleaned_data["seen_version"],
            )


def _late(
    request: SignedInRequest,
    campaign: Campaign,
    proposal: Proposal,
    typed: Typed,
    late: DecisionChanged,
) -> HttpResponse:
    """Somebody else prepared a decision first: both stand on the page, nothing is lost."""
    version = late.current.version if late.current else ""
    forms = {
        "score_form": typed.scores,
        "decision_form": _unchecked(request, proposal, seen_version=version),
    }
    return desk_page(request, campaign, proposal, status=409, late_decision=late.current, **forms)


def _scored_meanwhile(
    request: SignedInRequest, campaign: Campaign, proposal: Proposal
) -> HttpResponse:
    """Somebody else scored first: one's own scores stand, what was typed for the decision stays."""
    messages.warning(request, SEEN)
    decision = _unchecked(request, proposal)
    return desk_page(request, campaign, proposal, status=409, decision_form=decision)


@require_safe
def wording(request: SignedInRequest, pk: int) -> HttpResponse:
    """The text of the clause chosen in the decision form; a fragment for htmx."""
    plan_group_only(request)
    proposal = on_desk(request, pk)
    clause = chosen_clause(proposal, request.GET.get("clause", ""))
    form = DecisionForm(proposal=proposal, decision=None, initial=wording_of(proposal, clause))
    pending = pending_revision(clause, besides=proposal) if clause else None
    return render(
        request,
        "proposals/_wording.html",
        {"decision_form": form, "pending": pending, "proposal": proposal},
    )


@require_safe
def similar(request: SignedInRequest, pk: int) -> HttpResponse:
    """Proposals much like this one; a fragment for htmx, a page without it."""
    plan_group_only(request)
    proposal = on_desk(request, pk)
    among = Proposal.objects.visible_to(request.user).in_campaign(proposal.campaign)
    context = {
        "proposal": proposal,
        "similar": similar_to(proposal, among),
        "may_merge": can_review(request.user, proposal),
        "query": request.GET.urlencode(),
    }
    is_fragment = request.htmx  # type: ignore[attr-defined]
    name = "proposals/_similar.html" if is_fragment else "proposals/similar.html"
    return render(request, name, context)
