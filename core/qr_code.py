"""A short text as a QR code (ISO/IEC 18004): bytes, error correction M, versions 1 to 6.

Enough for an address of 106 bytes, which is all the portal prints. Mask 0 is always used: any
mask is valid, and the same text gives the same picture.
"""

from itertools import chain, zip_longest

#: Bytes of the longest text.
LONGEST = 106
#: By version: data bytes of each block, blocks, correction bytes of each block.
_LEVEL_M = {
    1: (16, 1, 10),
    2: (28, 1, 16),
    3: (44, 1, 26),
    4: (32, 2, 18),
    5: (43, 2, 24),
    6: (27, 4, 16),
}
_BYTE_MODE, _HEADER_BITS = 0b0100, 12  # the mode, and the length of what follows
_PADDING = (0xEC, 0x11)
#: Level M with mask 0, protected and masked as the standard writes it.
_FORMAT = 0b101010000010010
_FINDER = 7

Grid = list[list[int | None]]


def qr_matrix(text: str) -> list[list[int]]:
    """Rows of modules, 1 for dark, without the quiet zone of four around it.

    Raises ValueError for a text of more than LONGEST bytes.
    """
    content = text.encode()
    version = next((v for v in _LEVEL_M if len(content) <= _capacity(v)), None)
    if version is None:
        raise ValueError(f"{len(content)} bytes are too many for a small QR code")
    grid = _frame(version)
    _fill(grid, _bits(_codewords(content, version)))
    return [[cell or 0 for cell in row] for row in grid]


def _capacity(version: int) -> int:
    size, blocks, _ = _LEVEL_M[version]
    return (size * blocks * 8 - _HEADER_BITS) // 8


# --- The bytes ----------------------------------------------------------------------------


def _codewords(content: bytes, version: int) -> list[int]:
    """Data and correction bytes, block by block, taken in turns."""
    size, count, correction = _LEVEL_M[version]
    data = _padded(content, size * count)
    blocks = [data[at : at + size] for at in range(0, len(data), size)]
    repairs = [_correction(block, correction) for block in blocks]
    turns = chain(zip_longest(*blocks), zip_longest(*repairs))
    return list(chain.from_iterable(turns))


def _padded(content: bytes, length: int) -> list[int]:
    bits = f"{_BYTE_MODE:04b}{len(content):08b}" + "".join(f"{byte:08b}" for byte in content)
    bits += "0" * min(4, length * 8 - len(bits))
    bits += "0" * (-len(bits) % 8)
    data = [int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)]
    return data + [_PADDING[at % 2] for at in range(length - len(data))]


def _field() -> tuple[list[int], list[int]]:
    """Powers and logarithms of 2 in the field of 256 the standard uses."""
    powers, logarithms, value = [0] * 512, [0] * 256, 1
    for exponent in range(255):
        powers[exponent] = powers[exponent + 255] = value
        logarithms[value] = exponent
        value = value << 1 ^ (0x11D if value & 0x80 else 0)
    return powers, logarithms


_POWERS, _LOGARITHMS = _field()


def _times(a: int, b: int) -> int:
    return _POWERS[_LOGARITHMS[a] + _LOGARITHMS[b]] if a and b else 0


def _correction(block: list[int], length: int) -> list[int]:
    """The remainder of the block divided by the generator polynomial (Reed–Solomon)."""
    generator = [1]
    for exponent in range(length):
        root = _POWERS[exponent]
        shifted = [*generator, 0]
        generator = [
            high ^ _times(low, root) for high, low in zip(shifted, [0, *generator], strict=True)
        ]
    rest = [*block, *[0] * length]
    for at in range(len(block)):
        factor = rest[at]
        for place, coefficient in enumerate(generator):
            rest[at + place] ^= _times(coefficient, factor)
    return rest[len(block) :]


def _bits(codewords: list[int]) -> str:
    return "".join(f"{word:08b}" for word in codewords)


# --- The picture --------------------------------------------------------------------------


def _frame(version: int) -> Grid:
    """Everything but the data: the places still None are for it."""
    size = 17 + 4 * version
    grid: Grid = [[None] * size for _ in range(size)]
    for top, left in ((0, 0), (0, size - _FINDER), (size - _FINDER, 0)):
        _draw_finder(grid, top, left)
    for at in range(_FINDER + 1, size - _FINDER - 1):
        grid[6][at] = grid[at][6] = 1 - at % 2
    if version > 1:
        _draw_alignment(grid, size - 9)
    grid[size - 8][8] = 1
    _draw_format(grid)
    return grid


def _draw_finder(grid: Grid, top: int, left: int) -> None:
    for row in range(-1, _FINDER + 1):
        for column in range(-1, _FINDER + 1):
            y, x = top + row, left + column
            if 0 <= y < len(grid) and 0 <= x < len(grid):
                ring = max(abs(row - 3), abs(column - 3))
                grid[y][x] = int(ring not in {2, 4})


def _draw_alignment(grid: Grid, corner: int) -> None:
    """The one small square of versions 2 to 6."""
    for row in range(5):
        for column in range(5):
            ring = max(abs(row - 2), abs(column - 2))
            grid[corner + row][corner + column] = int(ring != 1)


def _draw_format(grid: Grid) -> None:
    size = len(grid)
    around = [(8, at) for at in (0, 1, 2, 3, 4, 5, 7, 8)] + [
        (at, 8) for at in (7, 5, 4, 3, 2, 1, 0)
    ]
    apart = [(size - 1 - at, 8) for at in range(7)] + [(8, size - 8 + at) for at in range(8)]
    for bit, places in enumerate(zip(around, apart, strict=True)):
        for row, column in places:
            grid[row][column] = _FORMAT >> (14 - bit) & 1


def _fill(grid: Grid, bits: str) -> None:
    """Up and down in pairs of columns from the right, left out what is drawn already."""
    rest = iter(bits)
    for pair, right in enumerate(_pairs(len(grid))):
        rows = range(len(grid))
        for row in rows if pair % 2 else reversed(rows):
            for column in (right, right - 1):
                if grid[row][column] is None:
                    bit = int(next(rest, "0"))
                    grid[row][column] = bit ^ int((row + column) % 2 == 0)


def _pairs(size: int) -> list[int]:
    """The right column of each pair; the column of the timing pattern is stepped over."""
    return [right if right > 6 else right - 1 for right in range(size - 1, 0, -2)]  # noqa: PLR2004
