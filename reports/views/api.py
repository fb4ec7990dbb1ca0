"""The read-only JSON interface. No session: a key in the header says who asks, each time."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.audit import record
from campaign.models import Campaign
from reports.assembly import assemble_progress
from reports.choices import ReportKind
from reports.datasets import DATASETS, plain
from reports.facts import content_hash, to_plain
from reports.forms import ReportForm
from reports.openapi import PAGE_AT_MOST, document
from reports.permissions import can_read_scope
from reports.tokens import user_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User

_DEFAULT_PAGE = 100


def _fault(status: int, text: str) -> JsonResponse:
    response = JsonResponse({"error": text}, status=status, json_dumps_params=_AS_IS)
    if status == 401:  # noqa: PLR2004  the number is the name
        response["WWW-Authenticate"] = "Bearer"
    return response


_AS_IS = {"ensure_ascii": False}


def _by_token(
    answer: Callable[..., JsonResponse],
) -> Callable[..., JsonResponse]:
    """Reads the key, answers in its owner's name, and notes the reading on the trail."""

    @wraps(answer)
    def view(request: HttpRequest, **kwargs: Any) -> JsonResponse:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        user = user_of(key.strip(), timezone.now()) if scheme.lower() == "bearer" else None
        if user is None:
            return _fault(401, "请在 Authorization 头中给出有效的接口密钥。")
        campaign = Campaign.objects.current()
        if campaign is None:
            return _fault(404, "没有正在进行的活动。")
        record(user, "reports.api", None, after={"path": request.path})
        return answer(request, user, campaign, **kwargs)

    return login_not_required(require_safe(view))


@_by_token
def progress(request: HttpRequest, user: User, campaign: Campaign) -> JsonResponse:
    form = ReportForm(
        {**request.GET.dict(), "kind": ReportKind.PROGRESS},
        user=user,
        campaign=campaign,
        today=timezone.localdate(),
    )
    if not form.is_valid() or not can_read_scope(user, form.wish.unit):
        return _fault(404, "没有这个范围，或无权查看。")
    wish = form.wish
    facts = assemble_progress(
        campaign, now=timezone.now(), as_of=wish.as_of, unit=wish.unit, theme=wish.theme
    )
    answer = {"facts": to_plain(facts), "content_hash": content_hash(facts)}
    return JsonResponse(answer, json_dumps_params=_AS_IS)


@_by_token
def rows(request: HttpRequest, user: User, campaign: Campaign, *, name: str) -> JsonResponse:
    dataset = DATASETS.get(name)
    if dataset is None:
        return _fault(404, f"没有“{name}”这张表。")
    limit = request.GET.get("limit", str(_DEFAULT_PAGE))
    if not limit.isdecimal() or not 1 <= int(limit) <= PAGE_AT_MOST:
        return _fault(400, f"limit 应为1到{PAGE_AT_MOST}的整数。")
    found = dataset.rows(user, campaign).order_by("pk")
    if after := request.GET.get("after"):
        try:
            found = found.filter(pk__gt=after)
        except (ValueError, ValidationError):
            return _fault(400, "after 应为上一页答复中的 next。")
    page = list(found[: int(limit) + 1])
    shown = page[: int(limit)]
    answer = {
        "rows": [{field.name: plain(field.read(row)) for field in dataset.fields} for row in shown],
        "next": str(shown[-1].pk) if len(page) > len(shown) else None,
    }
    return JsonResponse(answer, json_dumps_params=_AS_IS)


@login_not_required
@require_safe
def openapi(_request: HttpRequest) -> JsonResponse:
    """What can be asked and what comes back; it says nothing about this school."""
    return JsonResponse(document(settings.SITE_URL), json_dumps_params=_AS_IS)
