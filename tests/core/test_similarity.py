import itertools
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import similarity
from core.chinese_text import fold_for_search
from core.similarity import Corpus, Known, Likeness, Match, Pair, compare, likeness, probes
from tests.core.similarity_texts import ALL, POLICY, STUDY, TEACHERS, TEMPLATE

KNOWN = Known(policies=[POLICY], templates=[TEMPLATE])
SWAPS = {
    "眼视光工程学院": "汽车工程学院",
    "赵老师": "陈老师",
    "钱老师": "林老师",
    "孙主任": "黄主任",
    "周师傅": "马师傅",
    "李院长": "胡院长",
    "郑老师": "郭老师",
    "国际交流处": "外事办公室",
    "图书馆": "档案馆",
    "包装印刷工程学院": "电子信息工程学院",
    "会议": "大会",
    "九月十七日": "九月二十四日",
}
ADDED = (
    "会后，与会同志还参观了新建的成果展示区，对展板的文字提出了若干修改意见。大家约定两周以后再碰一次头，"
    "届时由联络员通报各项事情的进展，没有办成的要说明缘由。散会前主持人强调了安全与纪律方面的要求。"
)


def swapped(text):
    for old, new in SWAPS.items():
        text = text.replace(old, new)
    return text


def reordered(text):
    sentences = re.findall("[^。]+。", text)
    return "".join(sentences[1::2] + sentences[::2])


def partly_rewritten(text, other):
    """The last sentence is another's."""
    sentences = re.findall("[^。]+。", text)
    return "".join(sentences[:-1]) + re.findall("[^。]+。", other)[-1]


def in_the_usual_frame(text):
    return (
        "根据学校统一部署，本周我单位召开座谈会，全体教师参加，会议由党总支书记主持。"
        f"{text}会议要求，与会同志要提高认识，把讨论成果落到实处。"
    )


def quoting(text, start):
    return f"会上首先学习了“{POLICY[start : start + 150]}”随后进行讨论。{text}"


def filled_in(text):
    return f"{TEMPLATE}{text}"


#: (left, right, is a repetition)
LABELLED = [
    *((text, text, True) for text in ALL),
    *((text, swapped(text), True) for text in ALL),
    *((text, reordered(text), True) for text in ALL),
    *((text, f"{text}{ADDED}", True) for text in ALL),
    *((text, swapped(reordered(text)) + ADDED, True) for text in ALL),
    *(
        (text, partly_rewritten(text, other), True)
        for text, other in zip(ALL, [*ALL[1:], ALL[0]], strict=True)
    ),
    *((one, other, False) for one, other in itertools.combinations(ALL, 2)),
    *(
        (in_the_usual_frame(one), in_the_usual_frame(other), False)
        for one, other in itertools.combinations(ALL, 2)
    ),
    *(
        (quoting(one[:50], 10), quoting(other[:50], 10), False)
        for one, other in itertools.combinations(ALL, 2)
    ),
    *(
        (filled_in(one[:30]), filled_in(other[:30]), False)
        for one, other in itertools.combinations(ALL, 2)
    ),
]


# --- Judgement --------------------------------------------------------------------------


def test_at_least_nine_of_ten_repetitions_are_found_and_nine_of_ten_finds_are_repetitions():
    verdicts = [
        (likeness(left, right, KNOWN).is_flagged, repeated) for left, right, repeated in LABELLED
    ]

    found = sum(flagged and repeated for flagged, repeated in verdicts)
    flagged = sum(flagged for flagged, _ in verdicts)
    repeated = sum(repeated for _, repeated in verdicts)
    assert (repeated, len(verdicts) - repeated) == (72, 264)
    assert found / repeated >= 0.9
    assert found / flagged >= 0.9


def test_every_repetition_shares_a_probe_with_what_it_repeats():
    missed = [
        (left, right)
        for left, right, repeated in LABELLED
        if repeated and not any(probe in fold_for_search(left) for probe in probes(right))
    ]

    assert missed == []


@pytest.mark.parametrize("text", ["", "太短了", "。，、！", "短句，短句，短句。"])
def test_a_text_without_a_long_stretch_has_no_probe(text):
    assert probes(text) == []


def test_a_long_text_is_probed_from_its_beginning_to_its_end():
    text = "".join(ALL)
    places = [fold_for_search(text).index(probe) for probe in probes(text)]

    assert len(places) <= 10
    assert places == sorted(places)
    assert places[0] < len(text) / 10 < 0.8 * len(text) < places[-1]


def test_without_knowing_the_quotation_and_the_template_honest_texts_would_be_flagged():
    quoted = [quoting(text[:50], 10) for text in TEACHERS[:2]]
    formed = [filled_in(text[:30]) for text in STUDY[:2]]

    assert [likeness(*quoted).is_flagged, likeness(*formed).is_flagged] == [True, True]
    assert likeness(*quoted, KNOWN).is_flagged is False
    assert likeness(*formed, KNOWN).is_flagged is False


def test_a_short_quotation_counts_only_where_it_is_marked_as_one():
    marked, unmarked = f"“{POLICY[10:21]}”", POLICY[10:21]

    assert [piece.quoted for piece in compare(marked, "", KNOWN).left] == [False, True, False]
    assert [piece.quoted for piece in compare(unmarked, "", KNOWN).left] == [False]


def test_a_marked_passage_that_no_policy_contains_is_not_a_quotation():
    invented = f"“{ALL[0]}”"

    assert likeness(invented, ALL[0], KNOWN).is_flagged


def test_the_limits_are_included():
    assert Likeness(jaccard=0.5, containment=0.5).is_flagged
    assert Likeness(jaccard=0.3, containment=0.75).is_flagged
    assert not Likeness(jaccard=0.4999, containment=0.7499).is_flagged


def test_shares_are_counted_in_two_letter_pairs():
    first = "".join(map(chr, range(0x4E00, 0x4E00 + 31)))
    second = first[:21] + "".join(map(chr, range(0x5E00, 0x5E00 + 30)))

    assert likeness(first, second) == Likeness(jaccard=20 / 60, containment=20 / 30)


@pytest.mark.parametrize("text", ["", "学习文件。", "、。！" * 50, "学习" * 100])
def test_texts_that_say_too_little_are_like_nothing(text):
    assert likeness(text, text) == Likeness(0.0, 0.0)


def test_width_case_and_punctuation_do_not_hide_a_copy():
    text = "本次座谈会围绕１＋Ｘ证书与ABC课程体系衔接问题展开，共有二十三人发言。"

    disguised = "本次座谈会围绕1+x证书与abc课程体系　衔接问题展开——共有二十三人发言"

    assert likeness(text, disguised).jaccard == 1


# --- Corpus -----------------------------------------------------------------------------


def test_the_most_alike_text_comes_first_and_others_not_at_all():
    corpus = Corpus(enumerate(ALL), KNOWN)

    matches = corpus.similar_to(f"{ALL[3]}{ADDED}")

    assert [match.key for match in matches] == [3]
    assert matches[0].likeness.containment == 1


def test_the_text_itself_can_be_left_out():
    corpus = Corpus([("mine", ALL[0]), ("copy", ALL[0]), ("other", ALL[1])])

    assert corpus.similar_to(ALL[0], leaving_out=["mine"]) == [Match("copy", Likeness(1.0, 1.0))]


def test_nothing_is_like_an_empty_text():
    assert Corpus(enumerate(ALL)).similar_to("") == []
    assert Corpus([("empty", "")]).similar_to(ALL[0]) == []


def test_all_pairs_names_the_earlier_text_first():
    corpus = Corpus([("a", f"{ALL[0]}{ADDED}"), ("b", ALL[1]), ("c", ALL[0])])

    pairs = corpus.all_pairs()

    assert [(pair.first, pair.second) for pair in pairs] == [("a", "c")]


def test_many_copies_are_each_paired_with_the_first_only():
    corpus = Corpus([(n, ALL[0]) for n in range(4)])

    assert corpus.all_pairs() == [Pair(0, n, Likeness(1.0, 1.0)) for n in (1, 2, 3)]


def test_the_search_ends_where_there_are_too_many_pairs_to_look_at():
    corpus = Corpus((n, f"{ALL[0]}第{n}次") for n in range(10))

    assert len(corpus.all_pairs()) == 45
    assert len(corpus.all_pairs(most=7)) == 7


@pytest.mark.parametrize("own_bits", [4096, 8])
@given(st.integers(min_value=0, max_value=2**32), st.integers(min_value=4, max_value=40))
def test_all_pairs_finds_exactly_what_comparing_each_with_each_finds(own_bits, seed, alphabet):
    rng = random.Random(seed)  # noqa: S311  nothing secret
    letters = [chr(0x4E00 + n) for n in range(alphabet)]
    texts = ["".join(rng.choices(letters, k=rng.randint(0, 120))) for _ in range(12)]
    texts += [rng.choice(texts)[: rng.randint(0, 120)] for _ in range(4)]
    wordings = {frozenset(itertools.pairwise(text)): text for text in texts}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(similarity, "_OWN_BITS", own_bits)
        patch.setattr(similarity, "_OWN", (1 << own_bits) - 1)
        pairs = Corpus((text, text) for text in wordings.values()).all_pairs()

    assert {(pair.first, pair.second) for pair in pairs} == {
        (one, other)
        for one, other in itertools.combinations(wordings.values(), 2)
        if likeness(one, other).is_flagged
    }


# --- Side by side -----------------------------------------------------------------------


def test_the_pieces_of_each_side_are_its_whole_text():
    left, right = ALL[0], swapped(reordered(ALL[0])) + ADDED

    comparison = compare(left, right, KNOWN)

    assert "".join(piece.text for piece in comparison.left) == left
    assert "".join(piece.text for piece in comparison.right) == right


def test_shared_passages_carry_the_same_number_on_both_sides_in_any_order():
    first, second = "青年教师入职三年内几乎没有进过门店。", "轮岗集中安排在小学期，课程由同事代。"

    comparison = compare(f"甲说：{first}乙说：{second}", f"一是{second}二是{first}")

    left = {piece.shared: piece.text for piece in comparison.left if piece.shared}
    right = {piece.shared: piece.text for piece in comparison.right if piece.shared}
    assert left == {1: first[:-1], 2: second[:-1]}
    assert right == left


def test_quotations_are_marked_and_never_shared():
    comparison = compare(quoting(ALL[0], 10), quoting(ALL[1], 10), KNOWN)

    assert [piece.shared for piece in comparison.left if piece.quoted] == [0]
    assert POLICY[20:150] in next(piece.text for piece in comparison.left if piece.quoted)


def test_texts_with_nothing_in_common_are_one_piece_each():
    comparison = compare("天地玄黄宇宙洪荒日月盈昃", "寒来暑往秋收冬藏闰余成岁")

    assert [piece.text for piece in comparison.left] == ["天地玄黄宇宙洪荒日月盈昃"]
    assert comparison.likeness.is_flagged is False


@given(st.text(alphabet="甲乙丙丁。，", max_size=80), st.text(alphabet="甲乙丙丁。，", max_size=80))
def test_comparing_never_loses_a_character(left, right):
    comparison = compare(left, right)

    assert "".join(piece.text for piece in comparison.left) == left
    assert "".join(piece.text for piece in comparison.right) == right
