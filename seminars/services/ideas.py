"""The idea box (S44): anyone may leave an idea, and whoever holds its code may follow it.

Nothing here knows a person (safety 30): the two rows are written in a transaction of their own,
without account, address or session, under random keys and with a date that has no time.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.chinese_text import fold_for_search
from seminars.choices import OpinionSource
from seminars.models import Idea, Opinion
from units.choices import UnitKind
from units.models import Unit

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from campaign.models import AudienceGroup, Campaign, Theme

#: Without 0 O 1 I L and vowels: nothing to misread, and no words.
_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
_GROUPS, _GROUP_LENGTH = 3, 4


def drop_idea(
    *,
    campaign: Campaign,
    text: str,
    audience_group: AudienceGroup | None,
    theme: Theme | None,
    key: UUID,
    now: datetime,
) -> str:
    """Put an idea into the box; returns the code to follow it by. The same key twice is one idea.

    The code is made from the page's random key, so a replayed request is told the same code.
    """
    code = _code_from(key)
    try:
        with transaction.atomic():
            opinion = Opinion.objects.create(
                campaign=campaign,
                unit=keeper_of(campaign),
                source=OpinionSource.IDEA_BOX,
                text=text,
                audience_group=audience_group,
                theme=theme,
                raised_on=timezone.localdate(now),
            )
            Idea.objects.create(opinion=opinion, code_digest=_digest(code))
    except IntegrityError:  # the same page was sent before
        if idea_behind(code) is None:
            raise
    return code


def idea_behind(code: str) -> Opinion | None:
    """The opinion a code belongs to, however it was typed; None if there is none."""
    rows = Opinion.objects.select_related("theme")
    return rows.filter(idea__code_digest=_digest(code)).first()


def keeper_of(campaign: Campaign) -> Unit:
    """The unit that looks after the box: the campaign group, or the school before there is one."""
    return campaign.campaign_group or Unit.objects.of_kind(UnitKind.SCHOOL).get()


def _code_from(key: UUID) -> str:
    number = int.from_bytes(salted_hmac("seminars.idea", str(key), algorithm="sha256").digest())
    letters = ""
    for _ in range(_GROUPS * _GROUP_LENGTH):
        number, index = divmod(number, len(_LETTERS))
        letters += _LETTERS[index]
    return "-".join(
        letters[start : start + _GROUP_LENGTH] for start in range(0, len(letters), _GROUP_LENGTH)
    )


def _digest(code: str) -> str:
    plain = "".join(char for char in fold_for_search(code) if char.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
