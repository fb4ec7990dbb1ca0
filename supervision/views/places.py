"""Which pages of supervision a person can use; the list of what is owed leads to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from campaign.permissions import can_steer
from supervision.permissions import can_read_log, can_send
from units.standing import standing_of

if TYPE_CHECKING:
    from accounts.models import User
    from campaign.models import Campaign


@dataclass(frozen=True)
class Place:
    label: str
    url: str


def places_of(user: User, campaign: Campaign | None) -> list[Place]:
    standing = standing_of(user)
    found = [
        ("审核材料", "handed_in", standing.is_organiser or standing.is_reviewer),
        ("督促检查", "inspections", True),
        ("减负", "burden", True),
        ("延期申请", "extensions", True),
        ("群发通知", "sendings", can_send(user)),
        ("发送记录", "log", can_read_log(user)),
        ("督办规则", "rules", campaign is not None and can_steer(user, campaign)),
    ]
    return [Place(label, reverse(f"supervision:{name}")) for label, name, shown in found if shown]
