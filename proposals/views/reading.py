"""The list of proposals and the page of one, for everybody who may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.chinese_text import counted
from core.wording_diff import changes
from proposals import replies
from proposals.choices import EDITABLE, Status
from proposals.forms import ListFilter, RatingForm
from proposals.models import Proposal, Reply
from proposals.paging import page_of
from proposals.permissions import (
    can_co_sign,
    can_report_back,
    can_review,
    can_set_rules,
    can_write,
    is_in_plan_group,
)
from proposals.referrals import report_of
from proposals.services import NotEditable, co_sign, take_back_co_signature
from proposals.views.lookup import campaign_or_404, proposal_or_404
from units.standing import standing_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from accounts.models import User
    from accounts.requests import SignedInRequest
    from proposals.models import Decision, StatusChange

PAGE_ROWS = 30
#: What a list of versions, or of two competing texts, sets side by side.
COMPARED_FIELDS = (("title", "标题"), ("problem", "发现的问题"), ("measures", "建议措施"))
#: The steps a reader sees in the timeline, and what each is called there.
_STEP_TITLES = {
    "submit": ("提交", ""),
    "withdraw": ("撤回", ""),
    "return": ("退回完善", "warn"),
    "merge": ("并案审议", ""),
    "unmerge": ("撤销并案", ""),
    "publish": ("公布决定", "good"),
}


# --- List --------------------------------------------------------------------------------


@dataclass(frozen=True)
class StatusCount:
    label: str
    value: str
    count: int


@require_safe
def proposal_list(request: SignedInRequest) -> HttpResponse:
    campaign = campaign_or_404()
    form = ListFilter(request.GET, campaign=campaign, user=request.user)
    visible = Proposal.objects.visible_to(request.user).in_campaign(campaign)
    rows = form.narrow(visible).with_list_facts().newest_first()
    page = page_of(rows, request.GET, PAGE_ROWS)
    counts = form.narrow(visible, besides_status=True).count_by_status()
    chosen = form.chosen()
    context = {
        "form": form,
        "page": page,
        "counts": [StatusCount(s.label, s.value, counts.get(s.value, 0)) for s in Status],
        "total": sum(counts.values()),
        "count_text": f"共{counted(_found(counts, chosen), '件')}",
        "is_narrowed": bool(chosen),
        "chosen_status": chosen.get("status", ""),
        "may_write": standing_of(request.user).is_reporter,
        "may_review": is_in_plan_group(request.user, campaign),
        "may_set_rules": can_set_rules(request.user, campaign),
    }
    return render(request, "proposals/list.html", context)


def _found(counts: dict[str, int], chosen: dict[str, Any]) -> int:
    """How many rows all the filters leave, the status among them."""
    return counts.get(chosen["status"], 0) if "status" in chosen else sum(counts.values())


# --- One proposal ------------------------------------------------------------------------


@dataclass(frozen=True)
class TimelineEntry:
    """What `components/timeline.html` needs."""

    at: datetime
    title: str
    by: str = ""
    text: str = ""
    tone: str = ""


@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return render_detail(request, proposal_or_404(request, pk))


def render_detail(
    request: SignedInRequest,
    proposal: Proposal,
    *,
    rating: RatingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = request.user
    decision = published_decision(proposal)
    reply = own_reply(user, decision)
    report = report_of(decision)
    context = {
        "proposal": proposal,
        "opinions": proposal.opinions.select_related("unit", "audience_group"),
        "activities": proposal.activities.select_related("unit"),
        "problems": proposal.problems.select_related("unit"),
        "co_signatures": proposal.co_signatures.select_related("person"),
        "timeline": timeline(proposal, user),
        "decision": decision,
        "revisions": list(replies.revisions_of(decision)) if decision else [],
        "report": report,
        "may_report_back": decision and not report and can_report_back(user, decision),
        "reply": reply,
        "rating": rating or (RatingForm() if reply and not reply.satisfaction else None),
        "merged": _visible(user, proposal.merged.all()),
        "merged_into": _visible_target(user, proposal),
        "may": _rights(user, proposal),
    }
    return render(request, "proposals/detail.html", context, status=status)


def _rights(user: User, proposal: Proposal) -> dict[str, bool]:
    """Which actions the page offers; the services ask again."""
    may_write = can_write(user, proposal)
    signed = any(row.person_id == user.pk for row in proposal.co_signatures.all())
    may_sign = can_co_sign(user, proposal) and proposal.status in {*EDITABLE, Status.SUBMITTED}
    waiting = proposal.status == Status.SUBMITTED
    return {
        "edit": may_write and proposal.status in EDITABLE,
        "withdraw": may_write and (waiting or proposal.status in {Status.DRAFT, Status.RETURNED}),
        "co_sign": may_sign and not signed,
        "unsign": may_sign and signed,
        "review": waiting and can_review(user, proposal),
        "recuse": waiting and may_write,
        "see_versions": may_write or is_in_plan_group(user, proposal.campaign),
    }


def published_decision(proposal: Proposal) -> Decision | None:
    """The decision that answers the proposal, or what it was merged into; None before it is out."""
    answered = proposal.merged_into or proposal
    if answered.status != Status.DECIDED:
        return None
    return answered.decision


def own_reply(user: User, decision: Decision | None) -> Reply | None:
    return Reply.objects.filter(decision=decision, recipient=user).first() if decision else None


def timeline(proposal: Proposal, reader: User) -> list[TimelineEntry]:
    """Oldest first. Outside the plan group its members act as one, and its notes stay inside."""
    inside = is_in_plan_group(reader, proposal.campaign)
    entries = [TimelineEntry(proposal.created_at, "起草", proposal.author.name)]
    entries += [
        _entry(change, inside=inside)
        for change in proposal.status_changes.select_related("by")
        if inside or change.step != "unmerge"
    ]
    return entries


def _entry(change: StatusChange, *, inside: bool) -> TimelineEntry:
    title, tone = _STEP_TITLES.get(change.step, (change.get_new_display(), ""))
    by_writer = change.step in {"submit", "withdraw"}
    by = change.by.name if inside or by_writer else "“双高计划”工作组"
    text = change.note if inside or change.step in {"return", "withdraw"} else ""
    return TimelineEntry(change.at, title, by, text, tone)


def _visible(user: User, proposals: Any) -> list[Proposal]:
    return list(proposals.visible_to(user).order_by("pk"))


def _visible_target(user: User, proposal: Proposal) -> Proposal | None:
    if proposal.merged_into_id is None:
        return None
    return Proposal.objects.visible_to(user).filter(pk=proposal.merged_into_id).first()


@require_safe
def versions(request: SignedInRequest, pk: int) -> HttpResponse:
    """Each kept version with what changed since the one before."""
    proposal = proposal_or_404(request, pk)
    if not (can_write(request.user, proposal) or is_in_plan_group(request.user, proposal.campaign)):
        raise PermissionDenied
    kept = list(proposal.history.select_related("history_user").order_by("history_id"))
    context = {"proposal": proposal, "versions": _compared(kept)[::-1]}
    return render(request, "proposals/versions.html", context)


@dataclass(frozen=True)
class FieldChange:
    label: str
    pieces: list[Any]


@dataclass(frozen=True)
class Version:
    at: datetime
    by: str
    status: str
    fields: list[FieldChange]


def _compared(kept: list[Any]) -> list[Version]:
    versions = []
    before = None
    for record in kept:
        fields = [
            FieldChange(label, changes(getattr(before, name, ""), getattr(record, name)))
            for name, label in (
                ("title", "标题"),
                ("problem", "发现的问题"),
                ("measures", "建议措施"),
            )
            if getattr(before, name, "") != getattr(record, name)
        ]
        by = record.history_user.name if record.history_user else ""
        status = record.get_status_display()
        versions.append(Version(record.history_date, by, status, fields))
        before = record
    return versions


# --- Co-signing and rating ---------------------------------------------------------------


@require_POST
def sign(request: SignedInRequest, pk: int) -> HttpResponse:
    proposal = proposal_or_404(request, pk)
    try:
        if co_sign(proposal, by=request.user, now=timezone.now()):
            messages.success(request, "已附议。建议有答复时会通知您。")
    except NotEditable:
        messages.warning(request, "这件建议已有答复或已撤回，不能再附议。")
    return redirect("proposals:detail", pk)


@require_POST
def unsign(request: SignedInRequest, pk: int) -> HttpResponse:
    proposal = proposal_or_404(request, pk)
    try:
        if take_back_co_signature(proposal, by=request.user):
            messages.success(request, "已取消附议。")
    except NotEditable:
        messages.warning(request, "这件建议已有答复，附议记录不再更改。")
    return redirect("proposals:detail", pk)


@require_POST
def rate(request: SignedInRequest, pk: int) -> HttpResponse:
    """The recipient says whether the reply satisfies them; once."""
    reply = get_object_or_404(
        Reply.objects.filter(recipient=request.user).select_related("decision__proposal"), pk=pk
    )
    form = RatingForm(request.POST)
    proposal = reply.decision.proposal
    if not form.is_valid():
        read = proposal_or_404(request, proposal.pk)
        return render_detail(request, read, rating=form, status=422)
    rated = replies.rate(reply, by=request.user, now=timezone.now(), **form.cleaned_data)
    if rated:
        messages.success(request, "评价已记下，谢谢。")
    else:
        messages.warning(request, "您已经评价过这件答复。")
    return redirect("proposals:detail", proposal.pk)
