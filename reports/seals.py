"""The address of a frozen report as a picture that a phone reads."""

from collections.abc import Iterable, Iterator

import segno

from core.svg import INK, Box, Drawing

_SIDE = 83  # CSS px: 22 mm, large enough to be read from a photocopy
_FINEST_VERSION = 6  # 41 modules a side; more would be too small in print


def code_picture(address: str) -> Drawing | None:
    """The QR code of an address; None for one too long to be read when printed so small."""
    code = segno.make_qr(address, error="m", boost_error=False)
    if int(code.version) > _FINEST_VERSION:
        return None
    rows = code.matrix
    side = len(rows)
    boxes = tuple(
        Box(at * 100 / side, line * _SIDE / side, length * 100 / side, _SIDE / side, INK)
        for line, row in enumerate(rows)
        for at, length in _runs(row)
    )
    return Drawing("核验二维码", address, _SIDE, boxes)


def _runs(row: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Where each dark stretch of a row begins and how long it is."""
    at = 0
    for stretch in "".join(map(str, row)).split("0"):
        if stretch:
            yield at, len(stretch)
        at += len(stretch) + 1
