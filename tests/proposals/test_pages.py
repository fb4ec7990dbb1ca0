"""Every page answers, costs no more with more rows, and keeps what was typed."""

import re
from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from proposals.choices import Status, Verdict
from proposals.decisions import Draft, look_over, prepare
from proposals.deliberation import recuse, score
from proposals.models import Decision, Proposal, Reply, Review, ReviewRules
from proposals.publishing import publish
from proposals.queue import DRAWERS
from proposals.workflow import merge
from tests.factories import (
    A_MONDAY,
    ActivityFactory,
    OpinionFactory,
    ProposalFactory,
    ThemeFactory,
    at,
)
from tests.queries import MOST_FOR_A_PAGE, queries_of

NOW = at(10)
DECLINED = Draft(Verdict.DECLINED, "本建设期内条件尚不具备。")


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def text_of(response):
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", response.content.decode()))


def prepared(college, proposal, draft=DECLINED):
    score(proposal, by=college.reviewer, now=NOW, accuracy=4, practicality=5)
    decision = prepare(proposal, draft, by=college.reviewer, now=NOW, seen_version=None)
    look_over(decision, by=college.reviewer, now=NOW)
    return decision


def answered(college, **kwargs):
    proposal = college.submitted(**kwargs)
    decision = prepared(college, proposal)
    publish(college.campaign, [decision.pk], by=college.reviewer, now=NOW)
    return proposal


def sourced(proposal, count):
    for _ in range(count):
        facts = {"campaign": proposal.campaign, "unit": proposal.unit}
        proposal.opinions.add(OpinionFactory(**facts))
        proposal.activities.add(ActivityFactory(**facts))
    return proposal


# --- Costs -------------------------------------------------------------------------------


def pages(college):
    """Address and reader of every page, over proposals that already exist."""
    waiting = Proposal.objects.filter(status=Status.SUBMITTED).first()
    draft = Proposal.objects.filter(status=Status.DRAFT).first()
    decided = Proposal.objects.filter(status=Status.DECIDED).first()
    document = college.campaign.documents.first()
    one = {"pk": waiting.pk}
    return {
        "list": (college.secretary, reverse("proposals:list")),
        "detail": (college.secretary, reverse("proposals:detail", kwargs={"pk": decided.pk})),
        "edit": (college.secretary, reverse("proposals:edit", kwargs={"pk": draft.pk})),
        "sources": (college.secretary, reverse("proposals:sources", kwargs={"pk": draft.pk})),
        "submit": (college.secretary, reverse("proposals:submit", kwargs={"pk": draft.pk})),
        "versions": (college.secretary, reverse("proposals:versions", kwargs={"pk": draft.pk})),
        "queue": (college.reviewer, reverse("proposals:desk")),
        "desk": (college.reviewer, reverse("proposals:desk_one", kwargs=one)),
        "desk_other": (college.reviewer2, reverse("proposals:desk_one", kwargs=one)),
        "table": (college.reviewer, reverse("proposals:table")),
        "publish": (college.reviewer, reverse("proposals:publish")),
        "minutes": (college.reviewer, reverse("proposals:minutes")),
        "documents": (college.staff, reverse("proposals:documents")),
        "document": (college.staff, reverse("proposals:document", kwargs={"pk": document.pk})),
        "compare": (college.staff, reverse("proposals:compare", kwargs={"pk": document.pk})),
        "clause": (
            college.staff,
            reverse("proposals:clause", kwargs={"pk": document.clauses.first().pk}),
        ),
        "export": (college.secretary, reverse("proposals:export")),
        "export_reviews": (college.reviewer, reverse("proposals:export_reviews")),
    }


def fill(college, count):
    """`count` of everything a page may list."""
    theme = college.theme
    for _ in range(count):
        clause = college.clause()
        whole = sourced(college.submitted(theme=theme, target_clause=clause), count)
        merge(college.submitted(), whole, by=college.reviewer, now=NOW, note="")
        prepared(college, whole)
        score(whole, by=college.reviewer2, now=NOW, accuracy=3, practicality=3)
        sourced(college.draft(), count)
        answered(college)


def cost(as_, page):
    user, address = page
    client = as_(user)
    return queries_of(lambda: client.get(address).getvalue())


def test_no_page_costs_more_with_three_rows_than_with_one(college, as_):
    ReviewRules.objects.create(campaign=college.campaign)
    fill(college, 1)
    with_one = {name: cost(as_, page) for name, page in pages(college).items()}

    fill(college, 2)

    with_three = {name: cost(as_, page) for name, page in pages(college).items()}
    assert with_three == with_one
    assert {name: n for name, n in with_three.items() if n > MOST_FOR_A_PAGE} == {}


# --- Writing -----------------------------------------------------------------------------


def start(college, **changed):
    return {
        "title": "延长实训室开放时间",
        "kind": "method",
        "theme": college.theme.pk,
        "unit": college.branch.pk,
        "client_key": str(uuid4()),
        **changed,
    }


def typed(proposal, **changed):
    return {
        "title": proposal.title,
        "kind": proposal.kind,
        "theme": proposal.theme_id,
        "problem": proposal.problem,
        "measures": proposal.measures,
        "target": "",
        "seen_version": proposal.version,
        **changed,
    }


def test_a_double_click_starts_one_draft(college, as_):
    client, data = as_(college.secretary), start(college)

    first = client.post(reverse("proposals:start"), data)
    second = client.post(reverse("proposals:start"), data)

    draft = Proposal.objects.get()
    assert first.url == second.url == reverse("proposals:edit", args=[draft.pk])


def test_a_proposal_started_from_an_opinion_rests_on_it(college, as_):
    opinion = OpinionFactory(campaign=college.campaign, unit=college.branch)

    as_(college.secretary).post(
        f"{reverse('proposals:start')}?opinion={opinion.pk}", start(college)
    )

    assert list(Proposal.objects.get().opinions.all()) == [opinion]


@pytest.mark.parametrize("key", ["nonsense", "'", "5f0c7f1e-3f5b-4c1e-9b52-0a8e6f1d2c33"])
def test_an_unknown_opinion_is_passed_over(college, as_, key):
    response = as_(college.secretary).get(reverse("proposals:start"), {"opinion": key})

    assert response.status_code == 200


def test_a_foreign_unit_is_refused_and_the_title_kept(college, as_):
    response = as_(college.secretary).post(
        reverse("proposals:start"), start(college, unit=college.sibling.pk)
    )

    assert (response.status_code, Proposal.objects.count()) == (422, 0)
    assert "延长实训室开放时间" in response.content.decode()


def test_the_text_is_saved_and_status_author_and_unit_are_not_listened_to(college, as_):
    draft = college.draft()

    as_(college.secretary).post(
        reverse("proposals:edit", args=[draft.pk]),
        typed(
            draft,
            problem="新写的问题",
            status="decided",
            author=college.staff.pk,
            unit=college.sibling.pk,
        ),
    )

    draft.refresh_from_db()
    assert (draft.problem, draft.status, draft.author, draft.unit) == (
        "新写的问题",
        Status.DRAFT,
        college.secretary,
        college.branch,
    )


def test_an_empty_title_gets_a_sentence_and_the_rest_stays_typed(college, as_):
    draft = college.draft()

    response = as_(college.secretary).post(
        reverse("proposals:edit", args=[draft.pk]), typed(draft, title=" ", problem="留住这段话")
    )

    assert response.status_code == 422
    assert "留住这段话" in response.content.decode()


def test_of_two_who_edit_the_late_one_gets_both_texts_and_loses_nothing(college, as_):
    draft = college.draft()
    client = as_(college.secretary)
    address = reverse("proposals:edit", args=[draft.pk])
    client.post(address, typed(draft, problem="先保存的问题"))

    late = client.post(address, typed(draft, problem="后保存的问题"))

    draft.refresh_from_db()
    assert (late.status_code, draft.problem) == (409, "先保存的问题")
    assert "现在保存的" in late.content.decode()
    again = client.post(address, typed(draft, problem="合并后的问题"))
    draft.refresh_from_db()
    assert (again.status_code, draft.problem) == (302, "合并后的问题")


def test_autosave_keeps_the_text_without_a_version_of_its_own(college, as_):
    draft = college.draft()
    before = draft.history.count()

    response = as_(college.secretary).post(
        reverse("proposals:autosave", args=[draft.pk]), typed(draft, measures="写到一半")
    )

    draft.refresh_from_db()
    assert (draft.measures, draft.history.count()) == ("写到一半", before)
    assert "已于10:00自动保存草稿" in text_of(response)
    assert f'value="{draft.version}"' in response.content.decode()


def test_sources_are_found_by_search_and_added_by_ticking(college, as_):
    draft = college.draft()
    wanted = OpinionFactory(campaign=college.campaign, unit=college.branch, text="食堂太远")
    client = as_(college.secretary)
    address = reverse("proposals:sources", args=[draft.pk])

    found = client.get(address, {"q": "食堂"}).context["opinions"]
    client.post(address, {"opinions": [str(wanted.pk)]})

    assert found == [wanted]
    assert wanted in draft.opinions.all()


def test_a_number_no_database_can_hold_is_no_source(college, as_):
    proposal = college.draft()
    sources = reverse("proposals:sources", args=[proposal.pk])

    response = as_(college.secretary).post(sources, {"activities": [str(10**30)]})

    assert (response.status_code, proposal.activities.count()) == (302, 0)


def test_what_one_may_not_see_cannot_be_made_a_source(college, as_):
    draft = college.draft()
    foreign = OpinionFactory(campaign=college.campaign, unit=college.sibling)

    as_(college.secretary).post(
        reverse("proposals:sources", args=[draft.pk]),
        {"opinions": [str(foreign.pk), "nonsense"]},
    )

    assert foreign not in draft.opinions.all()


def test_submitting_without_a_source_says_so_and_changes_nothing(college, as_):
    proposal = ProposalFactory(
        campaign=college.campaign, unit=college.branch, author=college.secretary
    )

    response = as_(college.secretary).post(reverse("proposals:submit", args=[proposal.pk]))

    proposal.refresh_from_db()
    assert (response.status_code, proposal.status) == (422, Status.DRAFT)
    assert "请至少选择一条来源意见、活动或问题" in text_of(response)


def test_submitting_from_the_page_leads_to_the_proposal(college, as_):
    proposal = college.draft()

    response = as_(college.secretary).post(reverse("proposals:submit", args=[proposal.pk]))

    proposal.refresh_from_db()
    assert (response.url, proposal.status) == (
        reverse("proposals:detail", args=[proposal.pk]),
        Status.SUBMITTED,
    )


def test_what_was_sent_in_can_no_longer_be_edited(college, as_):
    proposal = college.submitted()

    response = as_(college.secretary).post(
        reverse("proposals:edit", args=[proposal.pk]), typed(proposal, problem="改口")
    )

    proposal.refresh_from_db()
    assert response.status_code == 302
    assert proposal.problem != "改口"


# --- Reading -----------------------------------------------------------------------------


def test_the_author_sees_nothing_of_a_prepared_decision(college, as_):
    proposal = college.submitted()
    prepared(college, proposal)

    page = text_of(as_(college.secretary).get(reverse("proposals:detail", args=[proposal.pk])))

    assert "不采纳" not in page
    assert "条件尚不具备" not in page


def test_the_author_sees_the_reply_and_rates_it_once(college, as_):
    proposal = answered(college)
    client = as_(college.secretary)
    reply = Reply.objects.get()
    address = reverse("proposals:rate", args=[reply.pk])

    page = text_of(client.get(reverse("proposals:detail", args=[proposal.pk])))
    client.post(address, {"satisfaction": "satisfied"})
    client.post(address, {"satisfaction": "dissatisfied", "note": "改主意"})

    reply.refresh_from_db()
    assert "答复：不采纳" in page
    assert "本建设期内条件尚不具备。" in page
    assert reply.satisfaction == "satisfied"


def test_dissatisfaction_needs_words(college, as_):
    answered(college)
    reply = Reply.objects.get()

    response = as_(college.secretary).post(
        reverse("proposals:rate", args=[reply.pk]), {"satisfaction": "dissatisfied"}
    )

    reply.refresh_from_db()
    assert (response.status_code, reply.satisfaction) == (422, "")


def test_only_the_recipient_rates_a_reply(college, as_):
    answered(college)
    reply = Reply.objects.get()

    response = as_(college.staff).post(
        reverse("proposals:rate", args=[reply.pk]), {"satisfaction": "satisfied"}
    )

    assert response.status_code == 404


def test_the_list_narrows_and_counts(college, as_):
    theme = ThemeFactory(campaign=college.campaign)
    college.draft(title="食堂排队", theme=theme)
    college.submitted(title="实训室开放", theme=theme)
    other = ThemeFactory(campaign=college.campaign)
    college.submitted(title="图书馆开放", theme=other)
    client = as_(college.secretary)

    found = client.get(
        reverse("proposals:list"), {"q": "开放", "theme": theme.pk, "status": "submitted"}
    )

    assert [p.title for p in found.context["page"].rows] == ["实训室开放"]
    assert "共1件" in text_of(found)


@pytest.mark.parametrize(
    "query", ["theme=x", "after=99999999999999999999", "before=-1", "status=x", "unit=0"]
)
def test_a_senseless_filter_narrows_nothing(college, as_, query):
    college.submitted()

    response = as_(college.secretary).get(f"{reverse('proposals:list')}?{query}")

    assert len(response.context["page"].rows) == 1


def test_pages_follow_each_other_without_gap_or_double(college, as_, monkeypatch):
    monkeypatch.setattr("proposals.views.reading.PAGE_ROWS", 2)
    for _ in range(5):
        college.submitted()
    client, address = as_(college.secretary), reverse("proposals:list")

    shown, query = [], {}
    while True:
        page = client.get(address, query).context["page"]
        shown += [proposal.pk for proposal in page.rows]
        if not page.next:
            break
        query = {"after": page.next}
    back = client.get(address, {"before": page.previous}).context["page"]

    assert shown == sorted(Proposal.objects.values_list("pk", flat=True), reverse=True)
    assert [proposal.pk for proposal in back.rows] == shown[2:4]


def test_a_version_shows_what_changed_since_the_one_before(college, as_):
    draft = college.draft()
    client = as_(college.secretary)
    client.post(
        reverse("proposals:edit", args=[draft.pk]),
        typed(draft, measures="由二级学院排班，工作日开放到22:00。"),
    )

    page = client.get(reverse("proposals:versions", args=[draft.pk])).content.decode()

    assert "<ins>" in page
    assert "<del>" in page


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


# --- Reviewing ---------------------------------------------------------------------------


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


# --- Exports -----------------------------------------------------------------------------


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
