"""The construction plan and the task book, their versions, and what changed each clause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campaign.models import Campaign, Clause, PlanDocument
from campaign.permissions import can_load_document
from core.wording_diff import Piece, changes
from proposals.models import ClauseRevision, Proposal
from proposals.plan_text import ClauseChange, compare_versions, texts_at
from proposals.views.lookup import campaign_or_404

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import SignedInRequest
    from campaign.models import ClauseWording, PlanVersion


@require_safe
def documents(request: SignedInRequest) -> HttpResponse:
    """The plan's documents; everybody signed in may read them."""
    campaign = campaign_or_404()
    context = {
        "campaign": campaign,
        "documents": campaign.documents.prefetch_related("versions").order_by("pk"),
        "may_load": can_load_document(request.user, campaign),
    }
    return render(request, "proposals/documents.html", context)


def _document_or_404(request: SignedInRequest, pk: int) -> PlanDocument:
    """A document of any campaign the person may see, also one in preparation."""
    seen = PlanDocument.objects.filter(campaign__in=Campaign.objects.visible_to(request.user))
    return get_object_or_404(seen, pk=pk)


def _version(versions: list[PlanVersion], asked: str, fallback: int) -> int:
    """The asked version's number if there is one of it, else `fallback`."""
    numbers = {str(version.number): version.number for version in versions}
    return numbers.get(asked, fallback)


@dataclass(frozen=True)
class ClauseLine:
    """A clause as a version words it; without text the version has left it out."""

    clause: Clause
    text: str

    @property
    def is_its_heading(self) -> bool:
        """The words are those of the heading; printing them again would say nothing."""
        return bool(self.text) and self.clause.title.endswith(self.text.rstrip("。；"))


@require_safe
def document(request: SignedInRequest, pk: int) -> HttpResponse:
    """One version of a document, the newest unless another is asked for."""
    found = _document_or_404(request, pk)
    versions = list(found.versions.order_by("number"))
    newest = versions[-1].number if versions else 0
    number = _version(versions, request.GET.get("version", ""), newest)
    texts = texts_at(found, number)
    clauses = [
        ClauseLine(clause, texts[clause.pk])
        for clause in found.clauses.order_by("order")
        if clause.pk in texts
    ]
    context = {"document": found, "versions": versions, "number": number, "clauses": clauses}
    return render(request, "proposals/document.html", context)


@require_safe
def compare(request: SignedInRequest, pk: int) -> HttpResponse:
    """Two versions side by side, changed clauses only unless all are asked for."""
    found = _document_or_404(request, pk)
    versions = list(found.versions.order_by("number"))
    newest = versions[-1].number if versions else 0
    old = _version(versions, request.GET.get("old", ""), max(newest - 1, 0))
    new = _version(versions, request.GET.get("new", ""), newest)
    rows: list[ClauseChange] = compare_versions(found, min(old, new), max(old, new))
    shows_all = request.GET.get("all") == "1"
    context = {
        "document": found,
        "versions": versions,
        "old": min(old, new),
        "new": max(old, new),
        "shows_all": shows_all,
        "changed": sum(row.is_changed for row in rows),
        "rows": rows if shows_all else [row for row in rows if row.is_changed],
    }
    return render(request, "proposals/compare.html", context)


@dataclass(frozen=True)
class WordingStep:
    """What a clause came to say in a version, against the wording before."""

    wording: ClauseWording
    pieces: list[Piece]
    revisions: list[ClauseRevision]


@require_safe
def clause(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every wording of one clause, newest first, with the proposals behind it."""
    rows = Clause.objects.filter(document__campaign__in=Campaign.objects.visible_to(request.user))
    found = get_object_or_404(rows.select_related("document"), pk=pk)
    visible = set(
        Proposal.objects.visible_to(request.user)
        .filter(decision__revisions__clause=found)
        .values_list("pk", flat=True)
    )
    context = {
        "clause": found,
        "steps": _steps(found)[::-1],
        "visible": visible,
        "aimed_at": _aimed_at(request, found),
    }
    return render(request, "proposals/clause.html", context)


def _steps(clause: Clause) -> list[WordingStep]:
    revisions = list(
        ClauseRevision.objects.filter(clause=clause, version__isnull=False)
        .select_related("decision__proposal")
        .order_by("pk")
    )
    steps: list[WordingStep] = []
    before = ""
    for wording in clause.wordings.select_related("version").order_by("version__number"):
        brought = [row for row in revisions if row.version_id == wording.version_id]
        pieces = changes(before, wording.text) if before else [Piece("same", wording.text)]
        steps.append(WordingStep(wording, pieces, brought))
        before = wording.text
    return steps


def _aimed_at(request: SignedInRequest, clause: Clause) -> list[Proposal]:
    """Proposals that want this clause changed and are not answered yet."""
    rows = Proposal.objects.visible_to(request.user).waiting().filter(target_clause=clause)
    return list(rows.newest_first()[:20])
