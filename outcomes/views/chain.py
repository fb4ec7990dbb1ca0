"""The chain of N1, from wherever one comes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campaign.models import Clause
from outcomes import chain
from proposals.models import Proposal
from seminars.choices import OpinionStatus
from seminars.models import Opinion, Problem
from seminars.permissions import can_settle

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import SignedInRequest


@require_safe
def proposal_chain(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = Proposal.objects.visible_to(request.user)
    proposal = get_object_or_404(rows, pk=pk)
    heading = f"{proposal.number}《{proposal.title}》" if proposal.number else proposal.title
    return _page(request, heading, chain.chain_of_proposal(proposal, request.user))


@require_safe
def clause_chain(request: SignedInRequest, pk: int) -> HttpResponse:
    """Everybody signed in may read the plan; of what changed it each sees their part."""
    clause = get_object_or_404(Clause.objects.select_related("document"), pk=pk)
    heading = f"《{clause.document.title}》{clause}"
    return _page(request, heading, chain.chain_of_clause(clause, request.user))


@require_safe
def opinion_chain(request: SignedInRequest, pk: UUID) -> HttpResponse:
    rows = Opinion.objects.visible_to(request.user).for_table().select_related("campaign")
    opinion = get_object_or_404(rows, pk=pk)
    found = chain.chain_of_opinion(opinion, request.user)
    may_part = (
        opinion.merged_into_id is not None
        and opinion.status == OpinionStatus.NEW
        and can_settle(request.user, opinion)
    )
    return _page(request, "一条意见", found, opinion=opinion, may_part=may_part)


@require_safe
def problem_chain(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = Problem.objects.visible_to(request.user).select_related("unit", "theme")
    problem = get_object_or_404(rows, pk=pk)
    found = chain.chain_of_problem(problem, request.user)
    return _page(request, "一个问题", found, problem=problem)


def _page(
    request: SignedInRequest, heading: str, found: chain.Chain, **about: object
) -> HttpResponse:
    context = {"heading": heading, "chain": found, "stages": list(found.named()), **about}
    return render(request, "outcomes/chain.html", context)
