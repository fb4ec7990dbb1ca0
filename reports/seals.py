"""The address of a frozen report as a picture that a phone reads."""

from collections.abc import Iterator

from core.qr_code import LONGEST, qr_matrix
from core.svg import INK, Box, Drawing

_SIDE = 83  # CSS px: 22 mm, large enough to be read from a photocopy


def code_picture(address: str) -> Drawing | None:
    """The QR code of an address; None for one too long to be read when printed so small."""
    if len(address.encode()) > LONGEST:
        return None
    rows = qr_matrix(address)
    side = len(rows)
    boxes = tuple(
        Box(at * 100 / side, line * _SIDE / side, length * 100 / side, _SIDE / side, INK)
        for line, row in enumerate(rows)
        for at, length in _runs(row)
    )
    return Drawing("核验二维码", address, _SIDE, boxes)


def _runs(row: list[int]) -> Iterator[tuple[int, int]]:
    """Where each dark stretch of a row begins and how long it is."""
    at = 0
    for stretch in "".join(map(str, row)).split("0"):
        if stretch:
            yield at, len(stretch)
        at += len(stretch) + 1
