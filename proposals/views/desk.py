"""The review desk: the queue, one proposal with everything needed to judge it, and the steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.models import Clause
from core.working_calendar import WorkingCalendar
from proposals.assignment import members_of_plan_group
from proposals.choices import Status
from proposals.decisions import DecisionChanged, pending_revision, prepare, text_in_force
from proposals.deliberation import (
    AlreadySeen,
    abstain,
    add_note,
    quorum_of,
    recuse,
    score,
    visible_reviews,
    weighted_mean,
)
from proposals.desk_forms import (
    DecisionForm,
    MergeForm,
    NoteForm,
    QueueFilter,
    ReturnForm,
    ScoreForm,
    wording_of,
)
from proposals.forms import RecusalForm
from proposals.models import Proposal, Reply
from proposals.paging import neighbours, page_of
from proposals.permissions import (
    can_declare_recusal,
    can_review,
    can_set_rules,
    conflict_of,
    is_in_plan_group,
)
from proposals.queue import DRAWERS, Drawer, count_drawers, drawer_called, waiting_for
from proposals.replies import mean_days_to_decision
from proposals.services import NotEditable, rules_of
from proposals.similar import similar_to
from proposals.views.reading import campaign_or_404, proposal_or_404
from proposals.workflow import Closed, IllegalStep, merge, send_back, unmerge

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from accounts.models import User
    from accounts.requests import SignedInRequest
    from campaign.models import Campaign
    from proposals.models import Decision
    from proposals.querysets import ProposalQuerySet

PAGE_ROWS = 30
#: How much of the queue stands beside a proposal.
_ROWS_BEFORE, _ROWS_AFTER = 5, 20
#: Working days a writer gets unless the reviewer says otherwise.
_DAYS_TO_MEND = 5
_SEEN = "您已看到他人的评分，自己的评分不能再改。"
_MOVED_ON = "该建议的状态刚刚被他人更改，请核对后再操作。"

KEYS = (
    ("j / k", "下一件、上一件"),
    ("1—5", "给亮起的一项打分，然后轮到下一项"),
    ("a", "采纳"),
    ("p", "部分采纳"),
    ("d", "不采纳"),
    ("c", "已有规定"),
    ("r", "退回完善"),
    ("s", "保存评分"),
    ("Ctrl+Enter", "保存正在填写的表单"),
)


def plan_group_only(request: SignedInRequest) -> Campaign:
    campaign = campaign_or_404()
    if not is_in_plan_group(request.user, campaign):
        raise PermissionDenied(f"{request.user.pk} is not in the plan group")
    return campaign


# --- The queue ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Queue:
    """The queue as the query string narrows it."""

    rows: ProposalQuerySet
    everything: ProposalQuerySet
    drawer: Drawer
    form: QueueFilter
    query: str

    def drawers(self) -> list[tuple[Drawer, int]]:
        counts = count_drawers(self.everything)
        return [(drawer, counts[drawer.name]) for drawer in DRAWERS]


def _queue(request: SignedInRequest, campaign: Campaign) -> Queue:
    form = QueueFilter(request.GET, campaign=campaign)
    everything = form.narrow(waiting_for(request.user, campaign))
    drawer = drawer_called(request.GET.get("show", ""))
    kept = request.GET.copy()
    for name in ("before", "after"):
        kept.pop(name, None)
    return Queue(everything.filter(drawer.condition), everything, drawer, form, kept.urlencode())


@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    campaign = plan_group_only(request)
    found = _queue(request, campaign)
    page = page_of(found.rows.select_related("unit", "theme"), request.GET, PAGE_ROWS)
    context = {
        "page": page,
        "queue": found,
        "drawers": found.drawers(),
        "is_blind": rules_of(campaign).is_blind,
        "complaints": Reply.objects.in_campaign(campaign).unhappy().count(),
        "mean_days": mean_days_to_decision(campaign),
        "may_set_rules": can_set_rules(request.user, campaign),
        "today": timezone.localdate(),
        "keyboard_rows": KEYS,
    }
    return render(request, "proposals/queue.html", context)


# --- One proposal on the desk ------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET shows the proposal; POST takes scores, a prepared decision, or both."""
    campaign = plan_group_only(request)
    proposal = _on_desk(request, pk)
    if request.method != "POST":
        return _desk_page(request, campaign, proposal)
    if not can_review(request.user, proposal):
        raise PermissionDenied(f"{request.user.pk} stays out of proposal {pk}")
    if request.POST.get("then") == "abstain":
        return _step(request, proposal, "您已弃权。", _abstain)
    return _score_and_decide(request, campaign, proposal)


def _on_desk(request: SignedInRequest, pk: int) -> Proposal:
    rows = Proposal.objects.visible_to(request.user).with_conflict_of(request.user)
    sent_in = rows.filter(submitted_at__isnull=False).exclude(status=Status.WITHDRAWN)
    merged = Prefetch("merged", Proposal.objects.select_related("unit"))
    return get_object_or_404(sent_in.with_page_facts().prefetch_related(merged), pk=pk)


def _desk_page(
    request: SignedInRequest,
    campaign: Campaign,
    proposal: Proposal,
    *,
    status: int = 200,
    **forms: Any,
) -> HttpResponse:
    found = _queue(request, campaign)
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
    decision = _decision(proposal) if own else None
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
        "may_decide": waiting and (own is not None or late or not _decision(proposal)),
        "score_form": score_form,
        "decision_form": decision_form,
        "return_form": forms.get("return_form") or ReturnForm(initial={"due_on": _mend_by()}),
        "merge_form": forms.get("merge_form") or MergeForm(proposal=proposal),
        "note_form": forms.get("note_form") or NoteForm(),
        "late_decision": late,
    }


def _decision(proposal: Proposal) -> Decision | None:
    """The decision read with the proposal."""
    return getattr(proposal, "decision", None)


def _mend_by() -> str:
    day = WorkingCalendar().add_working_days(timezone.localdate(), _DAYS_TO_MEND)
    return day.isoformat()


# --- Scoring and preparing a decision ----------------------------------------------------


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
        DecisionForm(request.POST, proposal=proposal, decision=_decision(proposal)),
        then == "decide",
    )


def _score_and_decide(
    request: SignedInRequest, campaign: Campaign, proposal: Proposal
) -> HttpResponse:
    typed = _typed(request, proposal)
    if typed.then == "wording":
        return _desk_page(request, campaign, proposal, **_with_wording(request, proposal))
    if not typed.is_valid:
        return _back_to_desk(request, campaign, proposal, typed, status=422)
    following = _following(request, campaign, proposal)
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
        messages.warning(request, _MOVED_ON)
    else:
        done = "已保存评分和拟定的决定" if typed.wants_decision else "已保存评分"
        messages.success(request, f"{done}：{proposal.number}《{proposal.title}》。")
    return redirect(following)


def _back_to_desk(
    request: SignedInRequest, campaign: Campaign, proposal: Proposal, typed: Typed, *, status: int
) -> HttpResponse:
    decision = typed.decision if typed.wants_decision else _unchecked(request, proposal)
    forms = {"score_form": typed.scores, "decision_form": decision}
    return _desk_page(request, campaign, proposal, status=status, **forms)


def _unchecked(request: SignedInRequest, proposal: Proposal, **changed: Any) -> DecisionForm:
    """What was typed for the decision, without complaining about what is not being saved."""
    written = {name: request.POST.get(name, "") for name in DecisionForm.base_fields}
    return DecisionForm(proposal=proposal, decision=None, initial=written | changed)


def _with_wording(request: SignedInRequest, proposal: Proposal) -> dict[str, Any]:
    """The same page with the text of the chosen clause; for browsers without JavaScript."""
    clause = _chosen_clause(proposal, request.POST.get("clause", ""))
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
    return _desk_page(request, campaign, proposal, status=409, late_decision=late.current, **forms)


def _scored_meanwhile(
    request: SignedInRequest, campaign: Campaign, proposal: Proposal
) -> HttpResponse:
    """Somebody else scored first: one's own scores stand, what was typed for the decision stays."""
    messages.warning(request, _SEEN)
    decision = _unchecked(request, proposal)
    return _desk_page(request, campaign, proposal, status=409, decision_form=decision)


def _following(request: SignedInRequest, campaign: Campaign, proposal: Proposal) -> str:
    """Where to go after a step: the next one in the queue, with the same filters."""
    found = _queue(request, campaign)
    _, later = neighbours(found.rows, proposal, 0, 1)
    address = reverse("proposals:desk")
    if later:
        address = reverse("proposals:desk_one", args=[later[0].pk])
    return f"{address}?{found.query}" if found.query else address


@require_safe
def wording(request: SignedInRequest, pk: int) -> HttpResponse:
    """The text of the clause chosen in the decision form; a fragment for htmx."""
    plan_group_only(request)
    proposal = _on_desk(request, pk)
    clause = _chosen_clause(proposal, request.GET.get("clause", ""))
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
    proposal = _on_desk(request, pk)
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


def _chosen_clause(proposal: Proposal, key: str) -> Clause | None:
    if not key.isdecimal():
        return None
    clauses = Clause.objects.filter(document__campaign_id=proposal.campaign_id)
    return clauses.filter(pk=int(key[:18])).first()


# --- Other steps -------------------------------------------------------------------------


def _step(
    request: SignedInRequest,
    proposal: Proposal,
    done: str,
    action: Callable[[SignedInRequest, Proposal], object],
) -> HttpResponse:
    """Do it, say so, and go on with the queue."""
    following = _following(request, proposal.campaign, proposal)
    try:
        action(request, proposal)
    except AlreadySeen:
        messages.warning(request, _SEEN)
    except (IllegalStep, NotEditable):
        messages.warning(request, _MOVED_ON)
    except Closed as closed:
        messages.warning(request, str(closed))
    except ValidationError as error:
        messages.warning(request, error.messages[0])
    else:
        messages.success(request, done)
    return redirect(following)


def _abstain(request: SignedInRequest, proposal: Proposal) -> None:
    comment = ScoreForm.base_fields["comment"].clean(request.POST.get("comment", ""))
    abstain(proposal, by=request.user, now=timezone.now(), comment=comment)


@require_POST
def give_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Return a proposal for more, with reason and deadline."""
    campaign = plan_group_only(request)
    proposal = _on_desk(request, pk)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _desk_page(request, campaign, proposal, status=422, return_form=form)
    cleaned = form.cleaned_data
    if cleaned["due_on"] <= timezone.localdate():
        form.add_error("due_on", "完善期限须晚于今天。")
        return _desk_page(request, campaign, proposal, status=422, return_form=form)

    def action(request: SignedInRequest, proposal: Proposal) -> None:
        send_back(proposal, by=request.user, now=timezone.now(), **cleaned)

    return _step(request, proposal, f"{proposal.number}已退回完善，并已通知执笔人。", action)


@require_POST
def join(request: SignedInRequest, pk: int) -> HttpResponse:
    """Merge the proposal into another one."""
    campaign = plan_group_only(request)
    proposal = _on_desk(request, pk)
    form = MergeForm(request.POST, proposal=proposal)
    if not form.is_valid():
        return _desk_page(request, campaign, proposal, status=422, merge_form=form)
    target = form.cleaned_data["target"]

    def action(request: SignedInRequest, proposal: Proposal) -> None:
        merge(proposal, target, by=request.user, now=timezone.now(), note=form.cleaned_data["note"])

    return _step(request, proposal, f"{proposal.number}已并入{target.number}。", action)


@require_POST
def part(request: SignedInRequest, pk: int) -> HttpResponse:
    """Undo a merge."""
    plan_group_only(request)
    proposal = _on_desk(request, pk)
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
    proposal = _on_desk(request, pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _desk_page(request, campaign, proposal, status=422, note_form=form)
    try:
        add_note(proposal, by=request.user, now=timezone.now(), text=form.cleaned_data["text"])
    except (NotEditable, ValidationError):
        messages.warning(request, _MOVED_ON)
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
            messages.warning(request, _MOVED_ON)
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
