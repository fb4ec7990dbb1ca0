"""One proposal on the desk, with everything needed to judge it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F, Prefetch
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from campaign.models import Clause
from core.working_calendar import WorkingCalendar
from proposals.choices import Status
from proposals.decisions import text_in_force
from proposals.deliberation import quorum_of, visible_reviews, weighted_mean
from proposals.desk_forms import DecisionForm, MergeForm, NoteForm, ReturnForm, ScoreForm
from proposals.models import Proposal
from proposals.paging import neighbours
from proposals.permissions import can_review, conflict_of
from proposals.services import rules_of
from proposals.views.queue import KEYS, queue_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.models import User
    from accounts.requests import SignedInRequest
    from campaign.models import Campaign
    from proposals.models import Decision

#: How much of the queue stands beside a proposal.
_ROWS_BEFORE, _ROWS_AFTER = 5, 20
#: Working days a writer gets unless the reviewer says otherwise.
_DAYS_TO_MEND = 5


def on_desk(request: SignedInRequest, pk: int) -> Proposal:
    rows = Proposal.objects.visible_to(request.user).with_conflict_of(request.user)
    sent_in = rows.filter(submitted_at__isnull=False).exclude(status=Status.WITHDRAWN)
    merged = Prefetch("merged", Proposal.objects.select_related("unit"))
    return get_object_or_404(sent_in.with_page_facts().prefetch_related(merged), pk=pk)


def desk_page(
    request: SignedInRequest,
    campaign: Campaign,
    proposal: Proposal,
    *,
    status: int = 200,
    **forms: Any,
) -> HttpResponse:
    found = queue_of(request, campaign)
    beside = found.rows.values("pk", "number", "title", about=F("theme__short_title"))
    earlier, later = neighbours(beside, proposal, _ROWS_BEFORE, _ROWS_AFTER)
    target_text = text_in_force(proposal.target_clause) if proposal.target_clause else ""
    context = {
        "proposal": proposal,
        "queue": found,
        "earlier": earlier,
        "later": later,
        "previous": earlier[-1] if earlier else None,
        "next": later[0] if later else None,
        "conflict": conflict_of(request.user, proposal),
        "opinions": list(proposal.opinions.select_related("unit")),
        "activities": list(proposal.activities.select_related("unit")),
        "problems": list(proposal.problems.select_related("unit")),
        "target_text": target_text,
        "keyboard_rows": KEYS,
        "today": timezone.localdate(),
        **_deliberation(request.user, proposal, target_text, forms),
    }
    return render(request, "proposals/desk.html", context, status=status)


def _deliberation(
    user: User, proposal: Proposal, target_text: str, forms: dict[str, Any]
) -> dict[str, Any]:
    """Scores, notes and the prepared decision; nothing at all for those who stay out of it."""
    if not can_review(user, proposal):
        return {"may_review": False}
    reviews = list(proposal.reviews.select_related("reviewer"))
    own = next((review for review in reviews if review.reviewer_id == user.pk), None)
    rules = rules_of(proposal.campaign)
    decision = decision_of(proposal) if own else None
    waiting = proposal.status == Status.SUBMITTED
    late = forms.get("late_decision")
    score_form = forms.get("score_form") or ScoreForm(own=own, campaign=proposal.campaign)
    decision_form = forms.get("decision_form") or DecisionForm(
        proposal=proposal, decision=decision, in_force=target_text
    )
    return {
        "may_review": True,
        "own": own,
        "reviews": visible_reviews(proposal, reviews, user),
        "mean": weighted_mean(reviews, rules) if own else None,
        "quorum": quorum_of(proposal, reviews, timezone.localdate()) if waiting else None,
        "hides_origin": rules.is_blind and own is None,
        "notes": list(proposal.notes.select_related("author")) if own else [],
        "decision": decision,
        "is_open": waiting,
        "may_change_score": waiting and (own is None or len(reviews) == 1),
        "may_decide": waiting and (own is not None or late or not decision_of(proposal)),
        "score_form": score_form,
        "decision_form": decision_form,
        "return_form": forms.get("return_form") or ReturnForm(initial={"due_on": _mend_by()}),
        "merge_form": forms.get("merge_form") or MergeForm(proposal=proposal),
        "note_form": forms.get("note_form") or NoteForm(),
        "late_decision": late,
    }


def decision_of(proposal: Proposal) -> Decision | None:
    """The decision read with the proposal."""
    return getattr(proposal, "decision", None)


def _mend_by() -> str:
    day = WorkingCalendar().add_working_days(timezone.localdate(), _DAYS_TO_MEND)
    return day.isoformat()


def chosen_clause(proposal: Proposal, key: str) -> Clause | None:
    if not key.isdecimal():
        return None
    clauses = Clause.objects.filter(document__campaign_id=proposal.campaign_id)
    return clauses.filter(pk=int(key[:18])).first()
