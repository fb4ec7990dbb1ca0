from campaign.reading.clauses import Clause, read_clauses

PLAN = """某校建设方案（虚构）
一、建设目标
到2022年，办学水平明显提升。
二、建设任务
（一）加强党的建设
1.健全组织体系。完善党总支、党支部设置。
2.抓实思想教育。
（1）开展集中学习。
（2）开展主题党日。
（二）打造人才培养高地
深化产教融合。
"""


def test_headings_become_clauses_with_their_path_depth_and_text():
    assert read_clauses(PLAN) == (
        Clause("1", "一、", 1, "建设目标", "到2022年，办学水平明显提升。"),
        Clause("2", "二、", 1, "建设任务", ""),
        Clause("2.1", "（一）", 2, "加强党的建设", ""),
        Clause("2.1.1", "1.", 3, "健全组织体系", "完善党总支、党支部设置。"),
        Clause("2.1.2", "2.", 3, "抓实思想教育", ""),
        Clause("2.1.2.1", "（1）", 4, "开展集中学习", ""),
        Clause("2.1.2.2", "（2）", 4, "开展主题党日", ""),
        Clause("2.2", "（二）", 2, "打造人才培养高地", "深化产教融合。"),
    )


def test_a_long_numbered_paragraph_is_all_text():
    long_paragraph = "完善治理体系，" * 12 + "形成长效机制。"

    (clause,) = read_clauses(f"1.{long_paragraph}")

    assert (clause.number, clause.title, clause.text) == ("1", "", long_paragraph)


def test_a_number_printed_twice_does_not_give_two_clauses_one_address():
    numbers = [clause.number for clause in read_clauses("一、目标\n一、任务\n三、保障")]

    assert numbers == ["1", "2", "3"]


def test_a_text_without_headings_has_no_clauses():
    assert read_clauses("为深入贯彻落实上级部署，制定本方案。") == ()


def test_clauses_under_an_attachment_are_found():
    (clause,) = read_clauses("附件\n建设方案\n一、建设目标\n明显提升。")

    assert (clause.number, clause.title) == ("1", "建设目标")


def test_bullets_and_bare_headings_stay_in_the_text_of_their_clause():
    (clause,) = read_clauses("一、任务\n工作目标\n● 建成基地。\n一是加强领导。")

    assert clause.text == "工作目标\n● 建成基地。\n一是加强领导。"
