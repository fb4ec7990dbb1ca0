"""Signing in and changing one's password."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm

from core.forms import PortalFormHelper

_REFUSED = "用户名或密码不正确，请核对后再试。忘记密码请联系管理员重置。"


class SignInForm(AuthenticationForm):
    """One sentence for every refusal, so that it tells nothing about which names exist."""

    error_messages = {"invalid_login": _REFUSED, "inactive": _REFUSED}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "用户名"
        self.helper = PortalFormHelper(self, submit="登录")


class NewPasswordForm(PasswordChangeForm):
    """The old password once, the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit="修改密码")
