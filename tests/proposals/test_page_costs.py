"""No page costs more with more rows."""

from django.urls import reverse

from proposals.choices import Status
from proposals.deliberation import score
from proposals.models import Proposal, ReviewRules
from proposals.workflow import merge
from tests.proposals.deeds import NOW, answered, prepared, sourced
from tests.queries import MOST_FOR_A_PAGE, queries_of


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
