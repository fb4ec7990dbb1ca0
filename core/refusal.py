"""Why a file was not taken, in words for the person who sent it."""

from django.core.exceptions import ValidationError


class FileRefused(ValidationError):
    """Raised with one Chinese sentence; a form shows it beside its field like any other error."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, code="file_refused")

    @property
    def reason(self) -> str:
        return str(self.message)
