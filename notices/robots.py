"""Group robots of 企业微信 and 钉钉: how each wants to be spoken to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from django.conf import settings

from core.outgoing import checked, post_json
from notices.choices import RobotKind

if TYPE_CHECKING:
    from datetime import datetime

    from notices.models import Robot

#: What both accept in one text message, in bytes of UTF-8.
MOST_BYTES = 2_000


def check_robot_url(url: str) -> None:
    """Raises core.outgoing.ForbiddenAddress if the portal may not speak to that address."""
    checked(url, settings.WEBHOOK_HOSTS, settings.WEBHOOK_CAMPUS_HOSTS)


def post_text(robot: Robot, text: str, now: datetime) -> None:
    """Post a text to the robot's group.

    Raises ForbiddenAddress, or OSError if the robot refuses or does not answer.
    """
    answer = post_json(
        _signed_url(robot, now),
        text_message(text),
        hosts=settings.WEBHOOK_HOSTS,
        campus_hosts=settings.WEBHOOK_CAMPUS_HOSTS,
    )
    try:
        fields = json.loads(answer)
        code = fields["errcode"]
    except (ValueError, KeyError, TypeError) as error:
        raise OSError("群机器人的回应无法识别") from error
    if code != 0:
        raise OSError(f"群机器人拒绝（{code}）：{fields.get('errmsg', '')}")


def text_message(text: str) -> dict[str, Any]:
    """The plain-text form, which is the same for both."""
    short = text.encode()[:MOST_BYTES].decode(errors="ignore")
    return {"msgtype": "text", "text": {"content": short}}


def _signed_url(robot: Robot, now: datetime) -> str:
    """钉钉 signs the millisecond with the robot's secret; 企业微信 has its key in the address."""
    if robot.kind != RobotKind.DINGTALK or not robot.secret:
        return robot.url
    milliseconds = int(now.timestamp() * 1000)
    digest = hmac.new(
        robot.secret.encode(), f"{milliseconds}\n{robot.secret}".encode(), hashlib.sha256
    ).digest()
    sign = quote_plus(base64.b64encode(digest))
    joint = "&" if "?" in robot.url else "?"
    return f"{robot.url}{joint}timestamp={milliseconds}&sign={sign}"
