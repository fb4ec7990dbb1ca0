"""QR codes, compared with the ones another library drew."""

import hashlib

import pytest

from core.qr_code import LONGEST, qr_matrix


def digest(rows):
    written = "\n".join("".join(map(str, row)) for row in rows)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("https://sanda.example.edu.cn/reports/verify/ABCDEFGHJKMN/12345", "d9eb1c1835d4b634"),
        ("a" * 106, "b475c4d26c17d543"),
        ("b" * 84, "ed238e1f243b913d"),
        ("c" * 14, "d1983d2ab8665f18"),
    ],
)
def test_a_code_equals_the_one_segno_draws(text, drawn):
    """segno 1.6.6, level M, mask 0; it pads shorter texts with a byte the standard lacks."""
    assert digest(qr_matrix(text)) == drawn


@pytest.mark.parametrize("length", [1, 13, 27, 44, 63, 85])
def test_every_code_has_its_three_corners_and_its_lines(length):
    rows = qr_matrix("d" * length)

    finder = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]
    for top, left in ((0, 0), (0, -7), (-7, 0)):
        corner = [rows[top + at] for at in range(7)]
        assert ["".join(map(str, row[left:][:7])) for row in corner] == finder
    assert [row[6] for row in rows[8:-8]] == [1 - at % 2 for at in range(8, len(rows) - 8)]


def test_a_text_too_long_is_refused():
    with pytest.raises(ValueError, match="107 bytes"):
        qr_matrix("x" * (LONGEST + 1))
