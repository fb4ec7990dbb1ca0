"""What a phone may keep of a person's writing while there is no network (N8).

Drafts kept on a device are sealed with a key that follows from the person and the portal's
secret. The device is given it after sign-in and drops it at sign-out, so that on a shared phone
nobody else can read them; after the person's next sign-in they can be read and sent.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from django import forms
from django.utils.crypto import salted_hmac

from campaign.choices import ActivityKind
from core.forms import PortalForm
from seminars.checks import label
from seminars.fields import TextField
from seminars.forms import field_of
from seminars.habits import offered_kinds
from seminars.kinds import HEAD, SHAPES, UNITS_OWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.forms import BoundField

    from accounts.models import User
    from campaign.models import Campaign

_SALT = "seminars.device"


def person_mark(user: User) -> str:
    """Stands for the person on a device without naming them."""
    return salted_hmac(f"{_SALT}.person", str(user.pk), algorithm="sha256").hexdigest()[:32]


def sealing_key(user: User) -> str:
    """The person's 256-bit key in base64, the same after every sign-in."""
    digest = salted_hmac(f"{_SALT}.key", str(user.pk), algorithm="sha256").digest()
    return base64.b64encode(digest).decode()


class DeviceForm(PortalForm):
    """The log form as a device shows it by itself: the fields of all kinds, shown as they belong.

    It never comes back here: the device sends what was written to the log form.
    """

    unit = forms.ChoiceField(label="单位", choices=())
    kind = forms.ChoiceField(label="形式")

    def __init__(self, campaign: Campaign) -> None:
        super().__init__(auto_id="device-%s", use_required_attribute=False)
        kinds = offered_kinds(campaign)
        self._kinds_of: dict[str, list[str]] = {}
        self._first = {name for kind in kinds for name in SHAPES[kind].first}
        for kind in kinds:
            for name in (*SHAPES[kind].first, *SHAPES[kind].second):
                if name == UNITS_OWN:  # a public page knows nothing of one unit
                    continue
                self._kinds_of.setdefault(name, []).append(kind)
                self.fields.setdefault(name, _anyones(name, kind, campaign))
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (kind, ActivityKind(kind).label) for kind in kinds
        ]
        self.fields["opinions"] = TextField(
            label="提出的意见", help_text="每条意见写一行。", rows=4, required=False
        )

    def first_rows(self) -> Iterator[tuple[BoundField, str]]:
        """What some kind asks for on its screen, with the kinds that have it as one string."""
        return (row for row in self._rows() if row[0].name in self._first)

    def second_rows(self) -> Iterator[tuple[BoundField, str]]:
        """The fields that no kind asks for on its screen."""
        return (row for row in self._rows() if row[0].name not in self._first)

    def _rows(self) -> Iterator[tuple[BoundField, str]]:
        for name, kinds in self._kinds_of.items():
            yield self[name], " ".join(kinds)


def _anyones(name: str, kind: str, campaign: Campaign) -> forms.Field:
    """The field as it reads whatever the kind; the server asks for what a kind requires."""
    field = field_of(name, kind, campaign)
    field.label, field.required = label(name), name in HEAD
    return field
