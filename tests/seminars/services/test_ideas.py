from uuid import UUID, uuid4

from accounts.models import AuditEntry
from seminars.models import Idea, Opinion
from seminars.services.ideas import drop_idea, idea_behind
from tests.factories import A_MONDAY, AudienceGroupFactory, at


def drop(college, key: UUID, text: str = "希望食堂延长供餐") -> str:
    return drop_idea(
        campaign=college.campaign,
        text=text,
        audience_group=None,
        theme=None,
        key=key,
        now=at(23, 59),
    )


def test_an_idea_is_kept_by_the_campaign_group_without_a_person_or_an_hour(college):
    drop(college, uuid4())

    opinion = Opinion.objects.get()
    assert (opinion.unit, opinion.raised_on) == (college.campaign_group, A_MONDAY)
    assert (opinion.contributor, opinion.is_anonymous) == (None, True)
    assert not AuditEntry.objects.exists()


def test_no_column_of_the_two_rows_can_name_a_person_or_a_moment(db):
    people_and_moments = {"contributor", "is_anonymous", "raised_on"}
    columns = {field.name for model in (Opinion, Idea) for field in model._meta.concrete_fields}

    assert columns - people_and_moments == {
        "id",
        "campaign",
        "unit",
        "source",
        "activity",
        "text",
        "search_text",
        "audience_group",
        "theme",
        "status",
        "reason",
        "answer",
        "merged_into",
        "is_demo",
        "opinion",
        "code_digest",
    }


def test_the_code_finds_the_idea_however_it_is_typed(college):
    AudienceGroupFactory(campaign=college.campaign)
    code = drop(college, uuid4())
    full_width = (
        code.lower()
        .replace("-", "　")
        .translate({ord(char): ord(char) + 0xFEE0 for char in "23456789"})
    )

    assert idea_behind(code) == Opinion.objects.get()
    assert idea_behind(full_width) == Opinion.objects.get()
    assert idea_behind("2222-2222-2222") is None


def test_only_a_digest_of_the_code_is_stored(college):
    code = drop(college, uuid4())

    stored = Idea.objects.get().code_digest
    assert len(stored) == 64
    assert code.replace("-", "").lower() not in stored


def test_the_same_page_sent_twice_is_one_idea_with_one_code(college):
    key = uuid4()

    assert drop(college, key) == drop(college, key)
    assert Opinion.objects.count() == 1


def test_two_pages_are_two_ideas_with_two_codes(college):
    assert drop(college, uuid4()) != drop(college, uuid4())
    assert Opinion.objects.count() == 2
