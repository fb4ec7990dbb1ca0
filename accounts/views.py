"""The door."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.audit import record
from accounts.forms import NewPasswordForm, SignInForm
from accounts.services import change_password

if TYPE_CHECKING:
    from django.contrib.auth.forms import AuthenticationForm
    from django.http import HttpRequest, HttpResponse


class SignInView(auth_views.LoginView):
    """Signs in; the session id changes, the trail gets a line."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        record(form.get_user(), "accounts.sign_in")
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response


class SignOutView(auth_views.LogoutView):
    """Signs out by POST only, so that no link or image can do it."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            record(request.user, "accounts.sign_out")
        return super().post(request, *args, **kwargs)


def too_many_tries(request: HttpRequest, credentials: dict[str, Any]) -> HttpResponse:  # noqa: ARG001 - axes' signature
    """The page axes shows while sign-in is locked for this name or this address."""
    form = SignInForm(request)
    response = render(request, "accounts/locked.html", {"form": form})
    response.status_code = HTTPStatus.TOO_MANY_REQUESTS
    response["Retry-After"] = "900"
    return response


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    form = NewPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        change_password(request, form)
        messages.success(request, "密码已修改，其他设备上的登录已退出。")
        return redirect(settings.LOGIN_REDIRECT_URL)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "accounts/password.html", {"form": form}, status=status)


@require_safe
def token(request: HttpRequest) -> JsonResponse:
    """What a page needs to send its form after its writer signed in again somewhere else."""
    return JsonResponse({"token": get_token(request)})
