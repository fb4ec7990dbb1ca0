from typing import Any

from django import forms

from core.forms import NumberWithUnit, PortalForm, PortalFormHelper


class TokenForm(PortalForm):
    """What a key is for, and how long it holds."""

    name = forms.CharField(label="用途", max_length=60, help_text="例如：数据中心同步。")
    days = forms.IntegerField(
        label="有效期", min_value=1, max_value=366, initial=180, widget=NumberWithUnit("天")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit="建立密钥")
