import json
from pathlib import Path

from benchmarks.frame import table, time_of, write_json


def test_warm_up_runs_do_not_count():
    slow_at_first = iter([1.0] * 2 + [0.0] * 20)
    runs = []

    times = time_of(lambda: runs.append(next(slow_at_first)), repetitions=20, warm_up=2)

    assert len(runs) == 22
    assert 0 <= times.median_ms <= times.p95_ms


def test_figures_stand_to_the_right_and_chinese_takes_two_columns():
    rows = [{"page": "首页", "ms": 3.25}, {"page": "list", "ms": 1234.5}]

    assert table("Pages", rows).splitlines() == [
        "Pages",
        "page       ms",
        "首页      3.2",
        "list  1,234.5",
    ]


def test_the_figures_are_kept_as_json(tmp_path: Path):
    file = write_json(tmp_path / "bench", "pages", [{"page": "首页", "ms": 3.25}])

    report = json.loads(file.read_text())

    assert file.name == "pages.json"
    assert (report["benchmark"], report["rows"]) == ("pages", [{"page": "首页", "ms": 3.25}])
