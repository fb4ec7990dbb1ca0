"""The queue, the desk and the meeting as pages, and what is exported from them."""

from io import BytesIO

from django.urls import reverse
from openpyxl import load_workbook

from proposals.choices import Status
from proposals.decisions import prepare
from proposals.deliberation import recuse, score
from proposals.models import Decision, Reply, Review, ReviewRules
from proposals.publishing import preview
from proposals.queue import DRAWERS
from tests.factories import (
    A_MONDAY,
)
from tests.proposals.deeds import DECLINED, NOW, prepared, text_of


def test_the_drawers_count_what_they_hold(college, as_):
    open_one, own = college.submitted(), college.submitted(author=college.reviewer)
    reviewed = college.submitted()
    score(reviewed, by=college.reviewer, now=NOW, accuracy=4, practicality=5)
    client = as_(college.reviewer)
    shown = {}
    for drawer in DRAWERS:
        context = client.get(reverse("proposals:desk"), {"show": drawer.name}).context
        counts = {each.name: count for each, count in context["drawers"]}
        shown[drawer.name] = {proposal.pk for proposal in context["page"].rows}
        assert len(shown[drawer.name]) == counts[drawer.name]

    assert shown == {
        "todo": {open_one.pk},
        "mine": set(),
        "undecided": {open_one.pk, reviewed.pk},
        "prepared": set(),
        "conflict": {own.pk},
        "all": {open_one.pk, own.pk, reviewed.pk},
    }


def desk(proposal):
    return reverse("proposals:desk_one", args=[proposal.pk])


def test_scoring_leads_to_the_next_in_the_queue_with_the_same_filters(college, as_):
    first, second = college.submitted(), college.submitted()

    response = as_(college.reviewer).post(
        f"{desk(first)}?show=undecided",
        {"accuracy": 4, "practicality": 5, "comment": "", "then": "score"},
    )

    review = Review.objects.get()
    assert (review.proposal, review.accuracy, review.practicality) == (first, 4, 5)
    assert response.url == f"{desk(second)}?show=undecided"


def test_both_criteria_are_mandatory_and_what_was_typed_stays(college, as_):
    proposal = college.submitted()

    response = as_(college.reviewer).post(
        desk(proposal),
        {"accuracy": 4, "comment": "写了一半", "reasons": "理由也在", "then": "score"},
    )

    page = response.content.decode()
    assert (response.status_code, Review.objects.count()) == (422, 0)
    assert "写了一半" in page
    assert "理由也在" in page


def test_scores_and_decision_are_saved_together(college, as_):
    clause = college.clause("实训室开放至17:00。")
    proposal = college.submitted()

    as_(college.reviewer).post(
        desk(proposal),
        {
            "accuracy": 4,
            "practicality": 5,
            "comment": "",
            "verdict": "adopted",
            "reasons": "问题找得准。",
            "clause": clause.pk,
            "base_text": "实训室开放至17:00。",
            "new_text": "实训室开放至21:30。",
            "seen_version": "",
            "then": "decide",
        },
    )

    decision = Decision.objects.get()
    assert (decision.verdict, Review.objects.count()) == ("adopted", 1)
    assert decision.revisions.get().new_text == "实训室开放至21:30。"


def test_an_adoption_without_wording_saves_neither_score_nor_decision(college, as_):
    proposal = college.submitted()

    response = as_(college.reviewer).post(
        desk(proposal),
        {
            "accuracy": 4,
            "practicality": 5,
            "comment": "",
            "verdict": "adopted",
            "reasons": "好。",
            "then": "decide",
        },
    )

    assert response.status_code == 422
    assert (Review.objects.count(), Decision.objects.count()) == (0, 0)
    assert "请选择要修改的条款，或写明不改条文的理由" in text_of(response)


def test_the_late_one_of_two_who_prepare_sees_both(college, as_):
    proposal = college.submitted()
    prepare(proposal, DECLINED, by=college.reviewer, now=NOW, seen_version=None)

    response = as_(college.reviewer2).post(
        desk(proposal),
        {
            "accuracy": 4,
            "practicality": 5,
            "comment": "",
            "verdict": "already_covered",
            "reasons": "第三条已经写明。",
            "then": "decide",
        },
    )

    page = text_of(response)
    assert (response.status_code, Review.objects.count()) == (409, 0)
    assert "本建设期内条件尚不具备" in page
    assert "第三条已经写明" in response.content.decode()


def test_the_desk_names_the_field_and_the_mend(college, as_):
    proposal = college.submitted()

    response = as_(college.reviewer).post(desk(proposal), {"comment": "长" * 2001, "then": "score"})

    page = text_of(response)
    assert "有3处需要修改，改好后请再提交" in page
    assert "请选择“发现问题要准”。" in page
    assert "评分说明：最多2000个字，现在有2001个字，请删减。" in page


def test_an_adoption_that_leaves_its_clause_as_it_is_needs_a_reason_only(college, as_):
    clause = college.clause("实训室开放至17:00。")
    proposal = college.submitted()
    typed = {
        "accuracy": 4,
        "practicality": 5,
        "verdict": "adopted",
        "reasons": "问题找得准。",
        "clause": clause.pk,
        "base_text": "实训室开放至17:00。",
        "new_text": "实训室开放至17:00。",
        "then": "decide",
    }

    refused = as_(college.reviewer).post(desk(proposal), typed)
    as_(college.reviewer).post(desk(proposal), {**typed, "no_change_reason": "条文已经够用。"})

    assert "请在“不改条文的理由”里写明理由" in text_of(refused)
    revision = Decision.objects.get().revisions.get()
    assert (revision.clause, revision.no_change_reason) == (None, "条文已经够用。")


def adoption(clause, base_text, new_text):
    return {
        "accuracy": 4,
        "practicality": 5,
        "verdict": "adopted",
        "reasons": "问题找得准。",
        "clause": clause.pk,
        "base_text": base_text,
        "new_text": new_text,
        "then": "decide",
    }


def test_a_clause_of_several_paragraphs_is_reworded_as_browsers_send_it(college, as_):
    """Browsers send line breaks as CR LF; the clause is stored with LF."""
    clause = college.clause("实训室开放至17:00。\n周末不开放。")
    proposal = college.submitted()

    as_(college.reviewer).post(
        desk(proposal),
        adoption(clause, "实训室开放至17:00。\r\n周末不开放。", "至21:30。\r\n周末开放。"),
    )

    decision = Decision.objects.get()
    assert decision.revisions.get().base_text == "实训室开放至17:00。\n周末不开放。"
    assert preview(college.campaign, [decision.pk])[1] == [
        f"{proposal.number}《{proposal.title}》尚未过会。"
    ]


def test_wording_of_another_clause_is_laid_beside_the_chosen_one_before_it_is_kept(college, as_):
    """Chosen anew without loading its text, as happens without scripts or on a slow network."""
    other = college.clause("实训室开放至17:00。")
    chosen = college.clause("图书馆开放至21:00。")
    proposal = college.submitted()
    typed = adoption(chosen, "实训室开放至17:00。", "实训室开放至21:30。")

    refused = as_(college.reviewer).post(desk(proposal), typed)

    page = refused.content.decode()
    assert (refused.status_code, Decision.objects.count(), Review.objects.count()) == (422, 0, 0)
    assert "请对照着改好，再保存一次" in page
    assert 'value="图书馆开放至21:00。"' in page
    assert "实训室开放至21:30。" in page
    assert other.wordings.get().text not in page.replace("实训室开放至21:30。", "")

    as_(college.reviewer).post(desk(proposal), {**typed, "base_text": "图书馆开放至21:00。"})
    assert Decision.objects.get().revisions.get().base_text == "图书馆开放至21:00。"


def test_a_decision_that_others_built_on_is_changed_on_its_own_ground(college, as_):
    clause = college.clause("实训室开放至17:00。")
    first, second = college.submitted(), college.submitted()
    as_(college.reviewer).post(desk(first), adoption(clause, "实训室开放至17:00。", "至19:00。"))
    as_(college.reviewer).post(desk(second), adoption(clause, "至19:00。", "至20:00。"))

    again = adoption(clause, "实训室开放至17:00。", "至18:00。")
    as_(college.reviewer).post(desk(first), {**again, "seen_version": 0})

    assert first.decision.revisions.get().new_text == "至18:00。"


def test_who_was_overtaken_while_scoring_again_keeps_the_decision_they_typed(college, as_):
    proposal = college.submitted()
    score(proposal, by=college.reviewer, now=NOW, accuracy=4, practicality=5)
    score(proposal, by=college.reviewer2, now=NOW, accuracy=2, practicality=2)

    response = as_(college.reviewer).post(
        desk(proposal),
        {
            "accuracy": 5,
            "practicality": 5,
            "comment": "",
            "verdict": "already_covered",
            "reasons": "第三条已经写明。",
            "then": "decide",
        },
    )

    assert (response.status_code, Decision.objects.count()) == (409, 0)
    assert "您已看到他人的评分" in text_of(response)
    assert "第三条已经写明" in response.content.decode()
    assert Review.objects.get(reviewer=college.reviewer).accuracy == 4


def test_an_abstention_keeps_the_remark_typed_with_it(college, as_):
    proposal = college.submitted()

    as_(college.reviewer).post(desk(proposal), {"comment": "曾参与起草。", "then": "abstain"})

    review = Review.objects.get()
    assert (review.is_abstention, review.comment) == (True, "曾参与起草。")


def test_scores_and_prepared_decision_are_hidden_until_ones_own_score_is_in(college, as_):
    proposal = college.submitted()
    score(proposal, by=college.reviewer, now=NOW, accuracy=4, practicality=5, comment="抓得准")
    prepare(proposal, DECLINED, by=college.reviewer, now=NOW, seen_version=None)
    client = as_(college.reviewer2)

    before = client.get(desk(proposal)).content.decode()
    score(proposal, by=college.reviewer2, now=NOW, accuracy=3, practicality=3)
    after = client.get(desk(proposal)).content.decode()

    assert "抓得准" not in before
    assert "条件尚不具备" not in before
    assert "抓得准" in after
    assert "条件尚不具备" in after


def test_the_conflicted_see_the_proposal_but_nothing_of_the_deliberation(college, as_):
    proposal = college.submitted(problem="问题正文在此")
    score(proposal, by=college.reviewer, now=NOW, accuracy=4, practicality=5, comment="抓得准")
    recuse(proposal, college.reviewer2, by=college.reviewer2, now=NOW, reason="参与起草。")
    client = as_(college.reviewer2)

    page = client.get(desk(proposal)).content.decode()
    refused = client.post(desk(proposal), {"accuracy": 1, "practicality": 1, "then": "score"})

    assert "问题正文在此" in page
    assert "抓得准" not in page
    assert refused.status_code == 403


def test_a_blind_review_hides_unit_and_author_until_one_has_scored(college, as_):
    ReviewRules.objects.create(campaign=college.campaign, is_blind=True)
    proposal = college.submitted()
    client = as_(college.reviewer)

    before = client.get(desk(proposal)).content.decode()
    score(proposal, by=college.reviewer, now=NOW, accuracy=4, practicality=5)
    after = client.get(desk(proposal)).content.decode()

    assert college.secretary.name not in before
    assert college.secretary.name in after


def test_returning_from_the_desk_needs_a_reason_and_a_day_to_come(college, as_):
    proposal = college.submitted()
    client, address = as_(college.reviewer), reverse("proposals:return", args=[proposal.pk])

    nothing = client.post(address, {"reason": "", "due_on": "2019-09-23"})
    too_early = client.post(address, {"reason": "请补充。", "due_on": A_MONDAY.isoformat()})
    done = client.post(address, {"reason": "请补充。", "due_on": "2019-09-17"})

    proposal.refresh_from_db()
    assert [nothing.status_code, too_early.status_code, done.status_code] == [422, 422, 302]
    assert proposal.status == Status.RETURNED


def test_merging_by_number_and_undoing_it(college, as_):
    part, whole = college.submitted(number="JY00001"), college.submitted(number="JY00002")
    client = as_(college.reviewer)

    client.post(reverse("proposals:merge", args=[part.pk]), {"target": "jy00002"})
    part.refresh_from_db()
    assert (part.status, part.merged_into) == (Status.MERGED, whole)

    client.post(reverse("proposals:unmerge", args=[part.pk]))
    part.refresh_from_db()
    assert part.status == Status.SUBMITTED


def test_an_unknown_number_to_merge_into_gets_a_sentence(college, as_):
    part = college.submitted(number="JY00001")

    response = as_(college.reviewer).post(
        reverse("proposals:merge", args=[part.pk]), {"target": "JY99999"}
    )

    assert response.status_code == 422
    assert "没有编号为“JY99999”的另一件待审议建议" in text_of(response)


def test_the_meeting_agrees_only_to_the_words_it_saw(college, as_):
    proposal = college.submitted()
    score(proposal, by=college.reviewer, now=NOW, accuracy=4, practicality=5)
    decision = prepare(proposal, DECLINED, by=college.reviewer, now=NOW, seen_version=None)
    client = as_(college.reviewer)
    client.get(reverse("proposals:table"))
    prepare(proposal, DECLINED, by=college.reviewer, now=NOW, seen_version=0)

    client.post(reverse("proposals:look_over", args=[decision.pk]), {"version": 0})

    decision.refresh_from_db()
    assert decision.looked_over_at is None


def test_publishing_from_the_preview_answers_everyone(college, as_):
    proposal = college.submitted()
    decision = prepared(college, proposal)
    client = as_(college.reviewer)

    preview = text_of(client.get(reverse("proposals:publish")))
    client.post(reverse("proposals:publish"), {"decisions": [decision.pk]})

    assert "您执笔的建议" in preview
    assert Reply.objects.get().recipient == college.secretary


def test_publishing_twice_says_so_and_answers_once(college, as_):
    decision = prepared(college, college.submitted())
    client = as_(college.reviewer)
    for _ in range(2):
        client.post(reverse("proposals:publish"), {"decisions": [decision.pk, "x"]})

    assert Reply.objects.count() == 1


def rows_of(response):
    sheet = load_workbook(BytesIO(response.getvalue())).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_the_export_has_every_row_of_the_list(college, as_):
    for number in range(35):
        college.submitted(number=f"JY{number:05}")
    foreign = college.submitted(
        unit=college.sibling, author=college.sibling_secretary, number="JY99999"
    )

    rows = rows_of(as_(college.secretary).get(reverse("proposals:export")))

    assert len(rows) == 36
    assert foreign.number not in {row[0] for row in rows}


def test_the_review_export_keeps_conflicted_rows_and_masks_their_cells(college, as_):
    open_one = college.submitted(number="JY00001")
    own = college.submitted(number="JY00002", author=college.reviewer)
    score(open_one, by=college.reviewer, now=NOW, accuracy=4, practicality=5)
    score(own, by=college.reviewer2, now=NOW, accuracy=1, practicality=1)

    rows = rows_of(as_(college.reviewer).get(reverse("proposals:export_reviews")))

    assert [row[0] for row in rows[1:]] == ["JY00001", "JY00002"]
    assert rows[1][5:8] == [college.reviewer.name, 1, 4.5]
    assert rows[2][5:] == ["（回避）"] * 6
