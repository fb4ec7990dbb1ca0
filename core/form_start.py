"""The moment at which a form was shown, carried by the form itself and signed by the portal."""

import time

from django.core.signing import BadSignature, Signer

#: Name of the hidden field.
FIELD = "form_began"
_signer = Signer(salt="core.form_start")


def start_mark() -> str:
    """What a form shown now carries."""
    return _signer.sign(str(int(time.time())))


def seconds_since(mark: str) -> int | None:
    """Whole seconds since the form was shown; None for a mark that is not ours."""
    try:
        return int(time.time()) - int(_signer.unsign(mark))
    except (BadSignature, ValueError):
        return None
