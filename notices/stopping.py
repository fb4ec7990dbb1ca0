"""One click stops reminder mail: an address signed by the portal, which needs no sign-in.

Mail programs post to it by themselves when a person presses their own button (RFC 8058); looking
at it changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse

from accounts.audit import record
from accounts.models import User
from notices.choices import DeliveryStatus
from notices.models import Delivery, Preference

if TYPE_CHECKING:
    from notices.models import Notice

_signer = Signer(salt="notices.stop")


def may_be_stopped(notice: Notice) -> bool:
    """Reminders the portal sends by itself; what a person sends or confirms is not one."""
    return notice.is_automatic


def stop_address(user: User) -> str:
    """Where this person, and whoever holds their mail, stops reminder mail."""
    return settings.SITE_URL + stop_path(user)


def stop_path(user: User) -> str:
    return reverse("notices:stop", args=[_signer.sign(str(user.pk))])


def person_of(token: str) -> User | None:
    """The person an address was signed for; None for any other text."""
    try:
        key = _signer.unsign(token)
    except BadSignature:
        return None
    return User.objects.filter(pk=key, is_active=True).first()


@transaction.atomic
def stop_reminder_mail(person: User) -> None:
    """No reminder mail from now on, nor what is still waiting; in the portal all stays visible."""
    Preference.objects.update_or_create(user=person, defaults={"reminders_on": False})
    waiting = Delivery.objects.reminders_by_mail(person.pk).pending()
    keys = list(waiting.values_list("pk", flat=True))
    Delivery.objects.pending().filter(pk__in=keys).update(status=DeliveryStatus.STOPPED)
    record(person, "notices.stop_reminder_mail", person, after={"stopped": len(keys)})
