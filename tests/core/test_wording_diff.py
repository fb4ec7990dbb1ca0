"""What changed between two wordings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.wording_diff import Piece, changes

WORDS = st.text(alphabet="建设实训基地5个20", max_size=30)


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("", "", []),
        ("学分银行", "学分银行", [Piece("same", "学分银行")]),
        ("", "新增", [Piece("ins", "新增")]),
        ("删去", "", [Piece("del", "删去")]),
        (
            "每年培训2000人次",
            "每年培训3000人次",
            [
                Piece("same", "每年培训"),
                Piece("del", "2000"),
                Piece("ins", "3000"),
                Piece("same", "人次"),
            ],
        ),
        (
            "逐步完善制度",
            "建立并完成制度",
            [Piece("del", "逐步完善"), Piece("ins", "建立并完成"), Piece("same", "制度")],
        ),
    ],
)
def test_pieces_are_long_enough_to_read(old, new, pieces):
    assert changes(old, new) == pieces


@given(WORDS, WORDS)
def test_both_wordings_can_be_read_back_from_the_pieces(old, new):
    pieces = changes(old, new)

    assert "".join(piece.text for piece in pieces if piece.kind != "ins") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "del") == new
