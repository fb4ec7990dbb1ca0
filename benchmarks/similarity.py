"""雷同自查: 5,000 records compared with one another, in CPU time of one core."""

import random
import time
from collections.abc import Iterator

from benchmarks.frame import Row
from core.similarity import Corpus

RECORDS = 5_000
COPIES = 50

_STOCK = (
    "与会人员围绕{subject}踊跃发言，认为应当进一步{wish}。",
    "会上，大家结合岗位实际就{subject}谈了体会，建议{wish}。",
    "针对{subject}中存在的突出问题，提出要{wish}。",
    "有教师提出，{subject}还需{wish}，并请相关部门研究。",
    "主持人强调，要把{subject}落到实处，{wish}。",
    "大家一致认为，{subject}是当前工作的重点，必须{wish}。",
)
_SUBJECTS = [
    "人才培养模式改革",
    "产教融合",
    "双师队伍建设",
    "校企合作",
    "社会服务",
    "学校治理",
    "信息化建设",
    "国际交流",
]
_WISHES = [
    "完善考核激励办法",
    "加大经费投入",
    "健全长效机制",
    "引进企业导师",
    "优化课程设置",
    "细化任务分工",
]


def run() -> list[Row]:
    """Records in everyone's own words, and the worst case: records made of six stock sentences."""
    rng = random.Random(RECORDS)  # noqa: S311  the same records every time
    return [
        _measured("own words", _own_words(rng)),
        _measured("stock sentences", _stock_sentences(rng)),
    ]


def _own_words(rng: random.Random) -> Iterator[str]:
    """300 letters each: a common vocabulary with a long tail, in any order."""
    letters = [chr(0x4E00 + at) for at in range(1_500)]
    words = ["".join(rng.choices(letters, k=2)) for _ in range(4_000)]
    weights = [1 / (at + 10) for at in range(len(words))]
    while True:
        yield "".join(rng.choices(words, weights, k=150))


def _stock_sentences(rng: random.Random) -> Iterator[str]:
    while True:
        yield "".join(
            rng.choice(_STOCK).format(subject=rng.choice(_SUBJECTS), wish=rng.choice(_WISHES))
            for _ in range(10)
        )


def _measured(name: str, writer: Iterator[str]) -> Row:
    texts = [next(writer) for _ in range(RECORDS - COPIES)]
    texts += texts[:COPIES]
    started = time.process_time()
    corpus = Corpus(enumerate(texts))
    read = time.process_time()
    pairs = corpus.all_pairs()
    compared = time.process_time()
    corpus.similar_to(texts[0])
    asked = time.process_time()
    return {
        "records": name,
        "read s": read - started,
        "all pairs s": compared - read,
        "one text ms": (asked - compared) * 1000,
        "pairs found": len(pairs),
    }
