import pytest

from core.chinese_numerals import parse_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("１２", 12),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("三十一", 31),
        ("一百零五", 105),
        ("两", 2),
        ("二〇二二", 2022),
        ("二○一九", 2019),
        ("三千", 3000),
        ("1.5万", 15000),
        ("2千", 2000),
        ("三万二千", 32000),
        ("1 500", 1500),
    ],
)
def test_numbers_are_read_as_documents_write_them(text, value):
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["", "条", "十条", "1.5", "若干", "9" * 40])
def test_what_is_not_a_whole_number_is_none(text):
    assert parse_number(text) is None
