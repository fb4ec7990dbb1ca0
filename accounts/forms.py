"""Signing in and the person's own settings."""

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm

_REFUSED = "用户名或密码不正确，请核对后再试。忘记密码请联系管理员重置。"


class SignInForm(AuthenticationForm):
    """One sentence for every refusal, so that it tells nothing about which names exist."""

    error_messages = {"invalid_login": _REFUSED, "inactive": _REFUSED}


class NewPasswordForm(PasswordChangeForm):
    """Django's form; named here so that every form of the app is found in one module."""
