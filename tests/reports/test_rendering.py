import socket
import subprocess
from dataclasses import replace
from datetime import date

import pytest

from reports import rendering
from reports.drawings import funnel
from reports.paper import (
    Column,
    Imprint,
    Masthead,
    Paper,
    Picture,
    Seal,
    Section,
    Subheading,
    Table,
)
from reports.rendering import (
    Caps,
    MissingFont,
    PaperNotMade,
    PrintingStopped,
    render_pdf,
    run_press,
)
from reports.seals import code_picture
from tests.reports.pdf_reading import decoded, faces, fonts, missing_glyphs, pages

MM = 72 / 25.4
LEFT, TOP, RIGHT, BOTTOM = 28 * MM, 37 * MM, (28 + 156) * MM, (37 + 225) * MM
RARE = "犇翀瑄喆堃镕𠮷"
SENTENCE = "全校各单位围绕建设任务开展学习讨论，征集意见建议，形成对策建议，推动落实。"


def paper(**changes):
    content = {
        "title": ("“双高计划”建设", "大学习、大讨论、大推动工作", "进展情况报告"),
        "subtitle": "数据截至2019年10月15日16:32",
        "sections": (Section("总体进展", (SENTENCE * 14,)), Section("存在问题", (RARE,))),
        "pictures": (),
        "tables": (),
        "signed_by": "大学习、大讨论、大推动工作组",
        "signed_on": date(2019, 10, 15),
        **changes,
    }
    return Paper(**content)


def long_table(rows, **changes):
    columns = (Column("序号", 10), Column("内容", 60), Column("活动", 30, "场"))
    body = tuple(
        (number, f"开始{number}" + SENTENCE * 2 + f"结束{number}", 3) for number in range(rows)
    )
    return Table(**{"title": "长表", "columns": columns, "rows": body, **changes})


@pytest.fixture(scope="module")
def text_pdf():
    return render_pdf(paper())


@pytest.fixture(scope="module")
def table_pdf():
    wide = long_table(3, title="宽表", is_wide=True)
    return render_pdf(paper(tables=(long_table(60), wide)))


def test_the_page_is_a4_and_nothing_leaves_the_type_area(text_pdf):
    for page in pages(text_pdf):
        assert (page.width, page.height) == pytest.approx((210 * MM, 297 * MM), abs=0.1)
        for word in page.words:
            if not word.text.strip("—0123456789 "):
                continue  # the page number stands below
            assert word.left > LEFT - 1
            assert word.right < RIGHT + 1
            assert word.top > TOP - 1
            assert word.bottom < BOTTOM + 1


def test_a_full_page_has_22_lines_of_28_characters():
    full = pages(render_pdf(paper(sections=(Section("总体进展", ("学" * 28 * 50,)),))))[1]

    lines = ["".join(word.text for word in line) for line in full.lines]
    assert lines == ["学" * 28] * 22 + ["—2—"]


def test_lines_are_flush_at_the_right(text_pdf):
    lines = pages(text_pdf)[1].lines[:-1]
    full = [line for line in lines[:-1] if sum(len(word.text) for word in line) >= 26]

    assert len(full) > 3
    for line in full:
        assert max(word.right for word in line) == pytest.approx(RIGHT, abs=1.5)


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages(text_pdf):
    first, second = pages(text_pdf)[:2]

    odd, even = first.lines[-1], second.lines[-1]
    assert "".join(word.text for word in odd) == "—1—"
    assert max(word.right for word in odd) == pytest.approx(RIGHT - 14, abs=1)
    assert min(word.left for word in even) == pytest.approx(LEFT + 14, abs=1)
    assert odd[0].top == pytest.approx(BOTTOM + 7 * MM, abs=4)


def test_every_font_is_embedded_and_cut_down_to_what_is_used(table_pdf):
    found = fonts(table_pdf)

    assert len(found) >= 5
    assert all(found.values())
    assert all(len(name.split("+")[0]) == len("/ABCDEF") for name in found)


def test_rare_name_characters_are_printed_and_can_be_copied(text_pdf):
    assert missing_glyphs(text_pdf) == 0
    assert RARE in "".join(page.text for page in pages(text_pdf))


def test_an_empty_box_would_be_noticed():
    unmarked = run_press("<p>此处有字\U00013000")

    assert missing_glyphs(unmarked) == 1


def test_a_character_no_font_has_is_printed_as_the_mark_for_it():
    without = paper(sections=(Section("总体进展", ("此处有字\U00013000",)),))

    assert "此处有字〓" in "".join(page.text for page in pages(render_pdf(without)))


def test_headings_are_set_in_hei_and_text_in_fang(text_pdf):
    found = faces(text_pdf)

    heading = next(face for text, face in found.items() if text.startswith("一、总体进展"))
    body = next(face for text, face in found.items() if text.startswith("全校各单位围绕"))
    assert heading in {"SimHei", "FandolHei", "FandolHei-Regular"}
    assert body in {"FangSong_GB2312", "FangSong", "FandolFang", "FandolFang-Regular"}


def test_second_level_headings_are_numbered_and_set_in_kai():
    section = Section(
        "活动记录", (Subheading("开放实训室"), SENTENCE, Subheading("结对共建"), SENTENCE)
    )
    found = faces(render_pdf(paper(sections=(section,))))

    kai = [face for text, face in found.items() if text.startswith(("（一）开放", "（二）结对"))]
    assert len(kai) == 2
    assert set(kai) <= {"KaiTi_GB2312", "KaiTi", "FandolKai", "FandolKai-Regular"}


def test_a_bulletin_has_its_name_number_office_and_recipients_and_is_red_only_when_told():
    head = Masthead("工作简报", "第3期", "工作组办公室", date(2019, 10, 18), is_red=True)
    imprint = Imprint(("报：学校党委。", "发：各单位。"), "共印60份")
    text = (Section("", ("津职大党〔2019〕68号印发后，各单位开展研讨。",)),)
    red = render_pdf(paper(subtitle="", sections=text, masthead=head, imprint=imprint))
    plain = render_pdf(
        paper(subtitle="", sections=text, masthead=replace(head, is_red=False), imprint=imprint)
    )

    lines = ["".join(word.text for word in line) for line in pages(red)[0].lines]
    assert lines[:3] == ["工作简报", "第3期", "工作组办公室2019年10月18日"]
    assert lines[-4:-1] == ["报：学校党委。", "发：各单位。", "共印60份"]
    assert "津职大党〔2019〕68号" in pages(red)[0].text
    assert missing_glyphs(red) == 0
    assert (b"0.843137" in decoded(red), b"0.843137" in decoded(plain)) == (True, False)


def test_the_seal_stands_beside_the_signature_and_costs_no_page(text_pdf):
    seal = Seal(
        "ABCD-EFGH-JKMN",
        "https://sanda.example.edu.cn/reports/verify/ABCDEFGHJKMN/",
        "0" * 64,
        date(2019, 10, 15),
        code_picture("https://sanda.example.edu.cn/reports/verify/ABCDEFGHJKMN/"),
    )
    sealed = pages(render_pdf(paper(seal=seal)))

    assert len(sealed) == len(pages(text_pdf))
    assert "ABCD-EFGH-JKMN" in sealed[-1].text
    assert "大学习、大讨论、大推动工作组" in sealed[-1].text


def test_a_long_table_repeats_its_head_and_cuts_no_row(table_pdf):
    tables = [page for page in pages(table_pdf) if "开始" in page.text]

    assert len(tables) > 3
    for page in tables:
        assert "序号内容活动（场）" in page.text.replace("\n", "")
    for number in range(60):
        on = [page for page in tables if f"开始{number}全" in page.text]
        assert len(on) >= 1
        assert all(f"结束{number}" in page.text for page in on)


def test_a_wide_table_lies_on_its_side(table_pdf):
    last = pages(table_pdf)[-1]

    assert "宽表" in last.text
    assert (last.width, last.height) == pytest.approx((297 * MM, 210 * MM), abs=0.1)


def test_a_heading_never_stands_alone_at_the_foot_of_a_page():
    filler = Section("总体进展", tuple("学" * 20 for _ in range(11)))
    pdf = render_pdf(paper(sections=(filler, Section("存在问题", ("学" * 20, "学" * 20)))))

    for page in pages(pdf):
        last_line = "".join(word.text for word in page.lines[-2])
        assert "存在问题" not in last_line


def test_the_same_paper_gives_the_same_bytes(text_pdf):
    assert render_pdf(paper()) == text_pdf  # every paper is printed in a process of its own


def test_markup_in_a_record_stays_text():
    injected = '<script>alert(1)</script><img src="file:///etc/hostname">'
    pdf = render_pdf(paper(sections=(Section("总体进展", (injected,)),)))

    assert "<script>alert(1)</script>" in "".join(page.text for page in pages(pdf))


def test_a_paper_fetches_nothing():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x.png"
        pdf = run_press(f'<img src="{address}"><link rel="attachment" href="file:///etc/hostname">')

        with pytest.raises(BlockingIOError):
            server.accept()
    assert b"EmbeddedFile" not in pdf


def test_a_missing_font_fails_by_name_instead_of_printing(monkeypatch):
    monkeypatch.setattr(rendering, "_installed_families", lambda: frozenset({"FandolSong"}))

    with pytest.raises(MissingFont, match="FandolFang"):
        render_pdf(paper())


def test_a_press_that_takes_too_long_is_stopped_with_a_sentence():
    with pytest.raises(PaperNotMade, match="排版超过1秒"):
        run_press("<p>学" * 200_000, caps=Caps(seconds=1))


def test_a_press_that_takes_too_much_memory_is_stopped_with_a_sentence():
    with pytest.raises(PaperNotMade, match="内存"):
        run_press("<p>学" * 30_000, caps=Caps(megabytes=120))


def test_a_paper_nobody_wants_any_more_is_not_printed_to_its_end():
    def changed_their_mind(_percent):
        raise PrintingStopped

    with pytest.raises(PrintingStopped):
        run_press("<p>学" * 200_000, report=changed_their_mind)


def test_the_press_says_how_far_it_is():
    said = []
    run_press("<p>学" * 3_000, report=said.append)

    assert said == sorted(said)
    assert said[-1] >= 35


def test_the_press_is_started_without_the_secrets_of_the_portal(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "not for the press")
    started = {}

    class Press(subprocess.Popen):
        def __init__(self, *args, **kwargs) -> None:
            started.update(kwargs["env"])
            super().__init__(*args, **kwargs)

    monkeypatch.setattr(subprocess, "Popen", Press)
    run_press("<p>学")

    assert "SECRET_KEY" not in started
    assert "PATH" in started


def test_a_picture_on_paper_is_the_drawing_of_the_page(django_db_blocker, db):
    from reports.assembly import assemble_progress
    from tests.reports.world import NOW, school_world

    drawing = funnel(assemble_progress(school_world().campaign, now=NOW))
    pdf = render_pdf(paper(pictures=(Picture("从意见到成果", drawing),)))

    assert "对策建议11件" in "".join(page.text for page in pages(pdf))
