"""A person's own notices. Reading a page changes nothing; opening one is a POST."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notices import services
from notices.forms import PreferenceForm, initial_of
from notices.models import Notice
from notices.stopping import may_be_stopped, person_of, stop_path, stop_reminder_mail

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User

PAGE_ROWS = 30
_LONGEST_NUMBER = 18  # digits; a longer one is no key of ours


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    mine = Notice.objects.visible_to(request.user)
    last_seen = _notice_or_none(request, request.GET.get("after", ""))
    rows = mine.newest_first() if last_seen is None else mine.newest_first().older_than(last_seen)
    shown = list(rows[: PAGE_ROWS + 1])
    context = {
        "notices": shown[:PAGE_ROWS],
        "next_after": shown[PAGE_ROWS - 1].pk if len(shown) > PAGE_ROWS else None,
        "is_first_page": last_seen is None,
        "unread": mine.unread().count(),
    }
    return render(request, "notices/inbox.html", context)


def _notice_or_none(request: HttpRequest, key: str) -> Notice | None:
    if not key.isdecimal() or len(key) > _LONGEST_NUMBER:
        return None
    return Notice.objects.visible_to(request.user).filter(pk=int(key)).first()


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the link of an e-mail leads."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    may_stop = (
        may_be_stopped(notice) and services.preference_of(cast("User", request.user)).reminders_on
    )
    context = {
        "notice": notice,
        "deliveries": notice.deliveries.order_by("pk"),
        "stop_path": stop_path(cast("User", request.user)) if may_stop else "",
    }
    return render(request, "notices/detail.html", context)


@require_POST
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark the notice as opened and go where it points, if that is within this portal."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    services.open_notice(notice, timezone.now())
    if notice.url and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None):
        return redirect(notice.url)
    return redirect("notices:detail", pk)


@require_POST
def open_all(request: HttpRequest) -> HttpResponse:
    count = services.open_all(cast("User", request.user), timezone.now())
    if count:
        messages.success(request, f"已将{count}条消息标为已读。")
    return redirect("notices:inbox")


@login_not_required
@never_cache
@csrf_exempt  # a mail program posts here by itself; the signed address says for whom
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Asks, and by POST stops, whether signed in or not."""
    person = person_of(token)
    if person is None:
        raise Http404(token)
    if request.method == "POST":
        stop_reminder_mail(person)
    is_stopped = not services.preference_of(person).reminders_on
    return render(request, "notices/stop.html", {"person": person, "is_stopped": is_stopped})


@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """How the person who asks wants to be told."""
    user = cast("User", request.user)
    robot = getattr(user, "robot", None)
    start = initial_of(services.preference_of(user), robot)
    form = PreferenceForm(request.POST or None, initial=start, robot=robot)
    if form.is_valid():
        given = dict(form.cleaned_data)
        robot_fields = {name: given.pop(f"robot_{name}") for name in ("kind", "url", "secret")}
        services.save_preference(user, **given)
        services.connect_robot(user, **robot_fields)
        messages.success(request, "已保存接收方式。")
        return redirect("notices:preferences")
    status = 422 if form.errors else 200
    return render(request, "notices/preferences.html", {"form": form}, status=status)
