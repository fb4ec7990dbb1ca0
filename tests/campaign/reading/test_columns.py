from campaign.reading.columns import tabulated


def test_a_table_drawn_with_bars_becomes_rows_without_its_rule():
    lines = ["| 阶段 | 时间 |", "|---|---|", "| 启动 | 3月上旬 |"]

    assert tabulated(lines) == ["阶段\t时间", "启动\t3月上旬"]


def test_cells_one_a_line_are_counted_from_the_serial_number():
    lines = [
        "序号 |",
        "时间 |",
        "内容 |",
        "1 |",
        "3月 |",
        "动员 |",
        "2 |",
        "4月 |",
        "总结 |",
        "完。",
    ]

    assert tabulated(lines) == ["序号\t时间\t内容", "1\t3月\t动员", "2\t4月\t总结", "完。"]


def test_columns_at_wide_blanks_need_three_rows():
    rows = ["阶段    时间    部门", "准备    3月    教务处", "总结    4月    教务处"]

    assert tabulated(rows) == ["阶段\t时间\t部门", "准备\t3月\t教务处", "总结\t4月\t教务处"]
    assert tabulated(rows[:2]) == rows[:2]


def test_ordinary_lines_are_left_alone():
    lines = ["一、总体要求", "组  长：校长", "甲|乙"]

    assert tabulated(lines) == lines
