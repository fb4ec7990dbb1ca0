"""Who may walk the chain of N1, and who does what with measures, outcomes and cases.

What somebody may not see is not a way in either. The world's measure belongs to the branch.
"""

from datetime import datetime

from outcomes.choices import CaseKind, MeasureStatus, NewsKind, NewsStatus, OutcomeKind
from outcomes.models import Case, Measure, News, Outcome
from tests.factories import A_MONDAY, at
from tests.matrix.proposals import READERS, SIBLING, clause, sent_in
from tests.matrix.row import EVERYONE, Row, people
from tests.matrix.seminars import a_problem
from tests.matrix.world import World

KEEPERS = people("reviewer organiser leader admin")
STEERING = people("organiser leader admin")
REPORTERS = people("secretary general")
#: Whoever reports for some unit may record an outcome of it.
WRITERS = people("secretary sibling general")
RECORDERS = people("secretary sibling general organiser leader admin")


def the_opinion(world: World) -> dict[str, object]:
    return {"pk": world.opinion.pk}


def _measure(world: World, status: MeasureStatus) -> Measure:
    return Measure.objects.get_or_create(
        campaign=world.campaign,
        theme=world.proposal.theme,
        title=f"举措（{status}）",
        unit=world.branch,
        owner=world.people["secretary"],
        indicator="开放到21:30",
        due_on=A_MONDAY,
        status=status,
    )[0]


def draft(world: World) -> dict[str, int]:
    return {"pk": _measure(world, MeasureStatus.DRAFT).pk}


def published(world: World) -> dict[str, int]:
    return {"pk": _measure(world, MeasureStatus.OPEN).pk}


def _outcome(world: World, title: str) -> Outcome:
    return Outcome.objects.get_or_create(
        campaign=world.campaign,
        unit=world.branch,
        theme=world.proposal.theme,
        kind=OutcomeKind.PRACTICE,
        title=title,
        independent_reason="来自日常工作",
        achieved_on=A_MONDAY,
    )[0]


def outcome(world: World) -> dict[str, int]:
    return {"pk": _outcome(world, "晚间开放").pk}


def _case(world: World, title: str, *, published_at: datetime | None) -> Case:
    facts = {"kind": CaseKind.MODEL, "summary": "排班表每周公布。", "published_at": published_at}
    return Case.objects.get_or_create(outcome=_outcome(world, title), defaults=facts)[0]


def case_draft(world: World) -> dict[str, int]:
    return {"pk": _case(world, "待发布", published_at=None).pk}


def case_out(world: World) -> dict[str, int]:
    return {"pk": _case(world, "已发布", published_at=at(10)).pk}


def _news(world: World, status: NewsStatus) -> dict[str, int]:
    is_out = status == NewsStatus.PUBLISHED
    facts = {
        "kind": NewsKind.UPDATE,
        "text": "大家谈了三个办法。",
        "author": world.people["secretary"],
        "approved_by": world.people["organiser"] if is_out else None,
        "published_at": at(10) if is_out else None,
    }
    news, _ = News.objects.get_or_create(
        campaign=world.campaign,
        unit=world.branch,
        title=f"动态（{status}）",
        status=status,
        defaults=facts,
    )
    return {"pk": news.pk}


def news_draft(world: World) -> dict[str, int]:
    return _news(world, NewsStatus.DRAFT)


def news_waiting(world: World) -> dict[str, int]:
    return _news(world, NewsStatus.SUBMITTED)


def news_out(world: World) -> dict[str, int]:
    return _news(world, NewsStatus.PUBLISHED)


ROWS = [
    Row("outcomes:proposal_chain", get=READERS, hidden=SIBLING, at=sent_in),
    Row("outcomes:clause_chain", get=EVERYONE, at=clause),
    Row("outcomes:opinion_chain", get=READERS, hidden=SIBLING, at=the_opinion),
    Row("outcomes:problem_chain", get=READERS, hidden=SIBLING, at=a_problem),
    Row("outcomes:measures", get=EVERYONE),
    Row("outcomes:measure", get=EVERYONE, at=published),
    Row("outcomes:measure", get=KEEPERS, hidden=EVERYONE - KEEPERS, at=draft),
    Row("outcomes:draft_measure", get=KEEPERS, post=KEEPERS),
    Row("outcomes:change_measure", get=KEEPERS, post=KEEPERS, at=published),
    Row(
        "outcomes:publish_measure",
        get=KEEPERS,
        post=KEEPERS,
        hidden=EVERYONE - KEEPERS,
        at=draft,
    ),
    Row("outcomes:add_milestone", get=KEEPERS, post=KEEPERS, at=published),
    Row("outcomes:report_progress", get=REPORTERS, post=REPORTERS, at=published),
    Row("outcomes:close_measure", get=KEEPERS, post=KEEPERS, at=published),
    Row("outcomes:outcomes", get=EVERYONE),
    Row("outcomes:outcome", get=EVERYONE, at=outcome),
    Row(
        "outcomes:change_outcome",
        get=REPORTERS | STEERING,
        post=REPORTERS | STEERING,
        at=outcome,
    ),
    Row("outcomes:record_outcome", get=RECORDERS, post=RECORDERS),
    Row(
        "outcomes:write_case",
        get=REPORTERS | STEERING,
        post=REPORTERS | STEERING,
        at=outcome,
    ),
    Row("outcomes:cases", get=EVERYONE),
    Row("outcomes:case", get=EVERYONE, at=case_out),
    Row(
        "outcomes:case",
        get=REPORTERS | KEEPERS,
        hidden=people("staff sibling"),
        at=case_draft,
    ),
    Row(
        "outcomes:publish_case",
        get=STEERING,
        post=STEERING,
        hidden=people("staff sibling"),
        at=case_draft,
    ),
    Row(
        "outcomes:reuse_case",
        get=people("sibling general"),
        post=people("sibling general"),
        at=case_out,
        note="the general branch reports for the sibling branch",
    ),
    Row("outcomes:news", get=EVERYONE),
    Row("outcomes:write_news", get=WRITERS, post=WRITERS),
    Row("outcomes:news_item", get=EVERYONE, at=news_out),
    Row(
        "outcomes:news_item",
        get=REPORTERS,
        hidden=EVERYONE - REPORTERS,
        at=news_draft,
    ),
    Row(
        "outcomes:news_item",
        get=REPORTERS | STEERING,
        hidden=people("staff sibling reviewer"),
        at=news_waiting,
    ),
    Row(
        "outcomes:edit_news",
        get=REPORTERS,
        post=REPORTERS,
        hidden=EVERYONE - REPORTERS,
        at=news_draft,
    ),
    Row(
        "outcomes:publish_news",
        post=STEERING,
        hidden=people("staff sibling reviewer"),
        at=news_waiting,
    ),
    Row(
        "outcomes:return_news",
        get=STEERING,
        post=STEERING,
        hidden=people("staff sibling reviewer"),
        at=news_waiting,
    ),
    Row("outcomes:take_down_news", get=STEERING, post=STEERING, at=news_out),
]
