"""The form that names a unit's working team."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.forms import DayInput, PortalForm, PortalFormHelper, TextBox
from units.choices import Position

if TYPE_CHECKING:
    from collections.abc import Sequence


class PeopleField(forms.CharField):
    """People by sign-in name or by a name nobody else has, parted by 、 or blanks."""

    def clean(self, value: Any) -> list[User]:
        words = list(dict.fromkeys(re.split(r"[、，,;；\s]+", super().clean(value).strip())))
        words = [word for word in words if word]
        known = _known(words)
        faults = [fault for word in words if (fault := _fault(word, known[word]))]
        if faults:
            raise forms.ValidationError(faults)
        return [known[word][0] for word in words]


def as_typed(people: Sequence[User]) -> str:
    """These people as the field takes them: names, and sign-in names of those who share one."""
    names = User.objects.filter(name__in={person.name for person in people}, is_active=True)
    bearers = Counter(names.values_list("name", flat=True))
    return "、".join(
        person.name if bearers[person.name] == 1 else person.username for person in people
    )


def _known(words: list[str]) -> dict[str, list[User]]:
    found: dict[str, list[User]] = defaultdict(list)
    people = User.objects.filter(Q(username__in=words) | Q(name__in=words), is_active=True)
    for person in people.order_by("username"):
        if person.username in words:
            found[person.username] = [person]
        if person.name in words and person.name != person.username:
            found[person.name].append(person)
    return found


def _fault(word: str, people: list[User]) -> str:
    if not people:
        return f"没有叫“{word}”的在用账户，请核对姓名或用户名。"
    if len(people) > 1:
        names = "、".join(person.username for person in people)
        return f"有{len(people)}个人叫“{word}”，请改填用户名（{names}）。"
    return ""


class TeamForm(PortalForm):
    chair = PeopleField(label="组长", help_text="姓名或用户名。双组长用顿号分开。")
    deputy_chair = PeopleField(label="副组长", required=False, help_text="几个人用顿号分开。")
    member = PeopleField(
        label="成员",
        required=False,
        widget=TextBox({"rows": 3}),
        help_text="几个人用顿号分开。",
    )
    on = forms.DateField(label="从哪天起", widget=DayInput, initial=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(
            self, submit="保存工作小组", cancel_url=reverse("supervision:bodies")
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        seen: dict[int, str] = {}
        for name in ("chair", "deputy_chair", "member"):
            for person in data.get(name) or []:
                if person.pk in seen:
                    label = self.fields[seen[person.pk]].label
                    self.add_error(name, f"{person.name}已经填在“{label}”里，请只填一处。")
                seen.setdefault(person.pk, name)
        return data

    def people(self) -> dict[str, list[User]]:
        return {
            Position.CHAIR: self.cleaned_data["chair"],
            Position.DEPUTY_CHAIR: self.cleaned_data["deputy_chair"],
            Position.MEMBER: self.cleaned_data["member"],
        }
