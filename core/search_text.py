"""A column that holds the text of a row in the form in which it is searched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from core.chinese_text import fold_for_search

if TYPE_CHECKING:
    TextField = models.TextField[str, str]
else:  # Django's own class takes no parameters at run time
    TextField = models.TextField


class SearchTextField(TextField):
    """The folded text of the columns named in `sources`, written whenever the row is saved.

    `bulk_create` fills it too; a bare `update()` does not, so whoever changes a source that way
    sets this column with `search_text_of`. Look in it with `contains` and a folded word.
    """

    def __init__(self, *args: Any, sources: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.sources = sources
        kwargs.update(editable=False, default="", blank=True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for implied in ("editable", "default", "blank"):
            kwargs.pop(implied, None)
        return name, path, list(args), kwargs

    def search_text_of(self, row: models.Model) -> str:
        texts = (str(getattr(row, source)) for source in self.sources)
        return fold_for_search("\n".join(text for text in texts if text))

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: FBT001 - Django's signature
        folded = self.search_text_of(model_instance)
        setattr(model_instance, self.attname, folded)
        return folded
