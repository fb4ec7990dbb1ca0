"""The register of people, kept by administrators."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services
from accounts.models import User
from accounts.permissions import can_manage_people
from units.forms import EditPersonForm, PersonForm
from units.querysets import find_people

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_SHOWN = 50


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The first people whose name or sign-in name holds the words asked for."""
    _ask(request)
    words = request.GET.get("q", "").strip()
    found = list(find_people(words)[: _SHOWN + 1])
    context = {"people": found[:_SHOWN], "words": words, "has_more": len(found) > _SHOWN}
    return render(request, "units/people.html", context)


@require_http_methods(["GET", "POST"])
def add_person(request: HttpRequest) -> HttpResponse:
    _ask(request)
    form = PersonForm(request.POST or None)
    if form.is_valid():
        person, password = services.add_person(_who(request), **form.cleaned_data)
        return _hand_over(request, person, password)
    return _page(request, form, "登记人员")


@require_http_methods(["GET", "POST"])
def edit_person(request: HttpRequest, pk: int) -> HttpResponse:
    _ask(request)
    person = get_object_or_404(User, pk=pk)
    facts = {"name": person.name, "email": person.email, "is_active": person.is_active}
    form = EditPersonForm(request.POST or None, initial=facts)
    if form.is_valid():
        services.edit_person(_who(request), person, **form.cleaned_data)
        messages.success(request, f"已保存{form.cleaned_data['name']}。")
        return redirect("units:people")
    return _page(request, form, f"修改{person.name}", person)


@require_POST
def reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    _ask(request)
    person = get_object_or_404(User, pk=pk)
    return _hand_over(request, person, services.reset_password(_who(request), person))


def _ask(request: HttpRequest) -> None:
    if not can_manage_people(request.user):
        raise PermissionDenied


def _who(request: HttpRequest) -> User:
    return cast("User", request.user)


def _hand_over(request: HttpRequest, person: User, password: str) -> HttpResponse:
    """Show the new password once; it is stored hashed and cannot be shown again."""
    return render(request, "units/hand_over.html", {"person": person, "password": password})


def _page(
    request: HttpRequest,
    form: PersonForm | EditPersonForm,
    heading: str,
    person: User | None = None,
) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    posts = person.memberships.select_related("unit").order_by("-starts_on") if person else ()
    context = {"form": form, "heading": heading, "person": person, "posts": posts}
    return render(request, "units/person_form.html", context, status=status)
