"""Writing a proposal: drafts, sources, handing in; what was typed is kept."""

from uuid import uuid4

import pytest
from django.urls import reverse

from proposals.choices import Status
from proposals.models import Proposal
from tests.factories import (
    OpinionFactory,
    ProposalFactory,
)
from tests.proposals.deeds import text_of, typed


def start(college, **changed):
    return {
        "title": "延长实训室开放时间",
        "kind": "method",
        "theme": college.theme.pk,
        "unit": college.branch.pk,
        "client_key": str(uuid4()),
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
