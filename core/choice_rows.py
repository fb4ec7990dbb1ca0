"""Choices among rows of the database, read in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.forms.models import ModelChoiceField, ModelChoiceIterator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.forms import BaseForm


class _RowsAtOnce(ModelChoiceIterator):
    """Django fetches the rows of a choice piece by piece through a cursor, again for each reader.

    That spares memory with a million rows; with some dozen it asks the database three times
    where once does.
    """

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for row in self.queryset:
            yield self.choice(row)


def read_at_once(form: BaseForm) -> None:
    """Let the choices of `form` keep their rows as long as the form lives."""
    for field in form.fields.values():
        if isinstance(field, ModelChoiceField):
            field.iterator = _RowsAtOnce
            field.widget.choices = field.choices
