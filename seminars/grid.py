"""Many activities at once: a grid whose rows are checked and stored as those of a ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from campaign.choices import ActivityKind
from campaign.models import SubTopic
from core.forms import DayInput, PortalForm, TextBox
from core.spreadsheets import Row
from seminars.kinds import UNITS_OWN
from seminars.ledger import HEADER_OF

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from campaign.models import Campaign
    from units.models import Unit

#: What is asked in a grid, in order; everything else is added to the record afterwards.
COLUMNS = ("held_on", "kind", "title", "place", "host", "expected", "present", "content")
#: A row in which none of these is filled in is no row.
_TYPED = ("title", "present", "content")
_LARGE = ("content",)
#: What a row is about stands behind its title.
_TOPICS_AFTER = "title"
_NUMBERS = ("expected", "present")
ROWS_AT_FIRST = 5
MOST_ROWS = 60


class GridRow(PortalForm):
    """One row. Its cells are texts as in a file: the import reads and judges them."""

    def __init__(
        self,
        *args: Any,
        units: Sequence[Unit],
        kinds: Sequence[str],
        topics: Mapping[str, Sequence[str]],
        **kwargs: Any,
    ) -> None:
        """`topics` are the titles one may be chosen of, by column: themes, units' own topics."""
        super().__init__(*args, **kwargs)
        self._units = {str(unit.pk): unit for unit in units}
        if len(units) > 1:
            choices = [(key, unit.short_name) for key, unit in self._units.items()]
            self.fields["unit"] = forms.ChoiceField(label="单位", choices=choices, required=False)
        for name in COLUMNS:
            self.fields[name] = _cell(name, kinds)
            if name == _TOPICS_AFTER:
                self.fields |= {name: _choice(name, titles) for name, titles in topics.items()}

    def row(self, number: int) -> Row | None:
        """The row as a ledger would have it, under the number people see; None if left empty."""
        typed = {name: self.data.get(self.add_prefix(name), "").strip() for name in self.fields}
        if not any(typed[name] for name in _TYPED):
            return None
        unit = self._units.get(typed.pop("unit", "")) or next(iter(self._units.values()))
        kind = dict(ActivityKind.choices).get(typed.pop("kind"), "")
        cells = {HEADER_OF[name]: text for name, text in typed.items()}
        return Row(number, {**cells, "形式": str(kind), "单位编码": unit.code, "单位": unit.name})


def _cell(name: str, kinds: Sequence[str]) -> forms.Field:
    label = HEADER_OF[name]
    if name == "kind":
        words = [(kind, ActivityKind(kind).label) for kind in kinds]
        return forms.ChoiceField(label=label, choices=words, required=False)
    widget: forms.Widget = forms.TextInput()
    if name == "held_on":
        widget = DayInput()
    elif name in _NUMBERS:
        widget = forms.TextInput({"inputmode": "numeric", "size": 4})
    elif name in _LARGE:
        widget = TextBox({"rows": 2})
    return forms.CharField(label=label, widget=widget, required=False)


def _choice(name: str, titles: Sequence[str]) -> forms.Field:
    choices = [("", "不选"), *((title, title) for title in titles)]
    return forms.ChoiceField(label=HEADER_OF[name], choices=choices, required=False)


def topics_of(campaign: Campaign, units: Sequence[Unit]) -> dict[str, list[str]]:
    """What a row may be about: the themes, and the topics these units named for themselves."""
    themes = [theme.short_title for theme in campaign.themes.all()]
    own = SubTopic.objects.in_campaign(campaign).usable_by(units)
    titles = list(dict.fromkeys(own.values_list("title", flat=True)))
    return {"themes": themes, **({UNITS_OWN: titles} if titles else {})}


GridRows = forms.formset_factory(
    GridRow, extra=0, min_num=ROWS_AT_FIRST, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)


def first_rows(guesses: Mapping[str, Any], count: int = ROWS_AT_FIRST) -> list[dict[str, Any]]:
    """What the empty rows are filled in with."""
    known = {name: guesses[name] for name in ("kind", "place", "host", "expected", "unit")}
    return [dict(known) for _ in range(count)]
