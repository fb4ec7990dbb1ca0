"""How a person wants to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms.layout import Layout
from django import forms

from core.forms import ChipRadio, Pair, PortalForm, PortalFormHelper, Section, TimeInput
from core.outgoing import ForbiddenAddress
from notices.choices import RobotKind
from notices.robots import check_robot_url

if TYPE_CHECKING:
    from notices.models import Preference, Robot

_NO_ROBOT = ""


class PreferenceForm(PortalForm):
    """Mail, quiet hours and a group robot. The robot's address is never shown again."""

    email_on = forms.BooleanField(label="用邮件告诉我", required=False)
    reminders_on = forms.BooleanField(
        label="到期提醒也发邮件",
        required=False,
        help_text="关闭后，到期提醒只在本系统内显示。",
    )
    digest_on = forms.BooleanField(
        label="到期提醒合并为每天最多一封",
        required=False,
        help_text="经确认的红色督办不合并，单独发送。",
    )
    quiet_from = forms.TimeField(label="免打扰从", required=False, widget=TimeInput)
    quiet_until = forms.TimeField(
        label="到",
        required=False,
        widget=TimeInput,
        help_text="自动提醒本来就只在工作日8:00—20:00发送，这里可以再避开一段时间。",
    )
    robot_kind = forms.ChoiceField(
        label="群机器人",
        required=False,
        choices=[(_NO_ROBOT, "不使用"), *RobotKind.choices],
        widget=ChipRadio,
    )
    robot_url = forms.CharField(
        label="Webhook 地址",
        required=False,
        max_length=500,
        help_text="在群里添加机器人后复制得到。已设置的地址不再显示，留空表示不改。",
    )
    robot_secret = forms.CharField(
        label="加签密钥",
        required=False,
        max_length=200,
        help_text="仅钉钉需要。留空表示不改。",
    )

    def __init__(self, *args: Any, robot: Robot | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.robot = robot
        layout = Layout(
            Section("邮件", "email_on", "reminders_on", "digest_on"),
            Section("免打扰", Pair("quiet_from", "quiet_until")),
            Section("群机器人", "robot_kind", "robot_url", "robot_secret"),
        )
        self.helper = PortalFormHelper(self, submit="保存接收方式", layout=layout)

    def clean_robot_url(self) -> str:
        url: str = self.cleaned_data["robot_url"].strip()
        if url:
            try:
                check_robot_url(url)
            except ForbiddenAddress as error:
                raise forms.ValidationError(f"{error}。") from error
        return url

    def clean(self) -> None:
        super().clean()
        given = self.cleaned_data
        if (given.get("quiet_from") is None) != (given.get("quiet_until") is None):
            self.add_error("quiet_until", "免打扰的开始和结束请一起填写。")
        is_new = self.robot is None or self.robot.kind != given.get("robot_kind")
        if given.get("robot_kind") and is_new and given.get("robot_url") == "":
            self.add_error("robot_url", "请填写机器人的 Webhook 地址。")


def initial_of(preference: Preference, robot: Robot | None) -> dict[str, Any]:
    """What the form shows before anything is changed."""
    return {
        "email_on": preference.email_on,
        "reminders_on": preference.reminders_on,
        "digest_on": preference.digest_on,
        "quiet_from": preference.quiet_from,
        "quiet_until": preference.quiet_until,
        "robot_kind": robot.kind if robot is not None and robot.is_active else _NO_ROBOT,
    }
