"""Who may ask about proposals. The world's proposal is sent in by the branch's secretary."""

from datetime import date

from django.utils import timezone

from campaign.choices import DocumentKind
from campaign.models import Clause, ClauseWording, PlanDocument, PlanVersion
from proposals.choices import PackageStatus, Satisfaction, Status, Verdict
from proposals.decisions import Draft, prepare
from proposals.models import Decision, Proposal, Reply
from proposals.packages import open_package, send
from tests.factories import ProposalFactory, at
from tests.matrix.row import EVERYONE, Row, people
from tests.matrix.world import World

#: The unit's own people and those above it; the working bodies; the administrator reads too.
READERS = people("staff secretary general reviewer organiser leader admin")
WRITERS = people("secretary general")
PLAN_GROUP = people("reviewer")
SIBLING = people("sibling")
#: Who reports for the unit that a proposal of the branch is referred to.
DEPARTMENT = people("sibling general")
#: Whoever steers the campaign; a plain member of the plan group does not set its rules.
RULERS = people("organiser leader admin")


def sent_in(world: World) -> dict[str, int]:
    return {"pk": world.proposal.pk}


def draft(world: World) -> dict[str, int]:
    """A draft of the branch; only its writers know of it."""
    proposal: Proposal = ProposalFactory.create(
        campaign=world.campaign,
        unit=world.branch,
        author=world.people["secretary"],
        theme=world.proposal.theme,
    )
    proposal.opinions.add(world.opinion)
    return {"pk": proposal.pk}


def prepared(world: World) -> dict[str, int]:
    now = at(10)  # a day on which reviewing is open
    plan = Draft(Verdict.DECLINED, "条件尚不具备。")
    reviewer = world.people["reviewer"]
    known = Decision.objects.filter(proposal=world.proposal).first()
    decision = known or prepare(world.proposal, plan, by=reviewer, now=now, seen_version=None)
    return {"pk": decision.pk}


def own_reply(world: World) -> dict[str, int]:
    """The reply to the secretary."""
    reply, _ = Reply.objects.get_or_create(
        decision_id=prepared(world)["pk"],
        recipient=world.people["secretary"],
        defaults={"text": "不采纳。", "sent_at": timezone.now()},
    )
    return {"pk": reply.pk}


def passed_on(world: World) -> dict[str, int]:
    """The proposal sent in, decided and referred to the sibling branch."""
    pk = prepared(world)["pk"]
    sibling = world.people["sibling"].memberships.get().unit
    Decision.objects.filter(pk=pk).update(
        verdict=Verdict.REFERRED, referred_to=sibling, published_at=at(10)
    )
    Proposal.objects.filter(pk=world.proposal.pk).update(status=Status.DECIDED, decided_at=at(10))
    return sent_in(world)


def unhappy_reply(world: World) -> dict[str, int]:
    pk = own_reply(world)["pk"]
    Reply.objects.filter(pk=pk).update(satisfaction=Satisfaction.DISSATISFIED)
    return {"pk": pk}


def unsent(world: World) -> dict[str, int]:
    """A package of the branch that is being compiled; nobody but its compilers knows of it."""
    by = world.people["secretary"]
    return {"pk": open_package(world.campaign, world.branch, by=by, now=at(10)).pk}


def unit_of_the_branch(world: World) -> dict[str, int]:
    return {"pk": world.branch.pk}


def sent_package(world: World) -> dict[str, int]:
    package = open_package(world.campaign, world.branch, by=world.people["secretary"], now=at(10))
    if package.status == PackageStatus.DRAFT:
        send(package, by=world.people["secretary"], now=at(10), seen_version=package.version)
    return {"pk": package.pk}


def clause(world: World) -> dict[str, int]:
    document, _ = PlanDocument.objects.get_or_create(
        campaign=world.campaign, kind=DocumentKind.TASK_BOOK, defaults={"title": "任务书"}
    )
    found, made = Clause.objects.get_or_create(document=document, order=1, number="1.1")
    if made:
        version = PlanVersion.objects.create(document=document, number=1, made_on=date(2019, 9, 1))
        ClauseWording.objects.create(clause=found, version=version, text="原文。")
    return {"pk": found.pk}


def document(world: World) -> dict[str, int]:
    return {"pk": Clause.objects.get(pk=clause(world)["pk"]).document_id}


def drafted(route: str, *, get: bool = True, post: bool = True) -> Row:
    """A page of the writers, asked about a draft: to all others it does not exist."""
    return Row(
        route,
        get=WRITERS if get else people(""),
        post=WRITERS if post else people(""),
        hidden=EVERYONE - WRITERS,
        at=draft,
    )


def judged(route: str, *, get: bool = False, post: bool = True) -> Row:
    """A step of the review desk, asked about the proposal sent in."""
    return Row(
        route,
        get=PLAN_GROUP if get else people(""),
        post=PLAN_GROUP if post else people(""),
        at=sent_in,
    )


ROWS = [
    Row("proposals:list", get=EVERYONE),
    Row("proposals:export", get=EVERYONE),
    Row("proposals:start", get=WRITERS | SIBLING, post=WRITERS | SIBLING),
    Row("proposals:detail", get=READERS, hidden=SIBLING, at=sent_in),
    Row("proposals:versions", get=WRITERS | PLAN_GROUP, hidden=SIBLING, at=sent_in),
    Row(
        "proposals:co_sign",
        post=people("staff general organiser leader admin"),
        hidden=SIBLING,
        at=sent_in,
    ),
    Row("proposals:unsign", post=READERS, hidden=SIBLING, at=sent_in),
    Row(
        "proposals:recuse",
        get=WRITERS | PLAN_GROUP,
        post=WRITERS | PLAN_GROUP,
        hidden=SIBLING,
        at=sent_in,
    ),
    drafted("proposals:edit"),
    drafted("proposals:autosave", get=False),
    drafted("proposals:sources"),
    drafted("proposals:take_source_away", get=False),
    drafted("proposals:submit"),
    drafted("proposals:withdraw"),
    Row(
        "proposals:rate",
        post=people("secretary"),
        hidden=EVERYONE - people("secretary"),
        at=own_reply,
    ),
    Row("proposals:report_back", get=DEPARTMENT, post=DEPARTMENT, at=passed_on),
    Row("proposals:packages", get=EVERYONE),
    Row(
        "proposals:begin_package",
        post=WRITERS,
        hidden=SIBLING,
        at=unit_of_the_branch,
    ),
    Row(
        "proposals:package",
        get=WRITERS,
        post=WRITERS,
        hidden=EVERYONE - WRITERS,
        at=unsent,
    ),
    Row("proposals:send_package", post=WRITERS, hidden=EVERYONE - WRITERS, at=unsent),
    Row("proposals:export_package", get=WRITERS, hidden=EVERYONE - WRITERS, at=unsent),
    Row(
        "proposals:receive_package",
        post=PLAN_GROUP,
        hidden=people("staff sibling"),
        at=sent_package,
    ),
    Row(
        "proposals:return_package",
        get=PLAN_GROUP,
        post=PLAN_GROUP,
        hidden=people("staff sibling"),
        at=sent_package,
    ),
    Row("proposals:documents", get=EVERYONE),
    Row("proposals:document", get=EVERYONE, at=document),
    Row("proposals:compare", get=EVERYONE, at=document),
    Row("proposals:clause", get=EVERYONE, at=clause),
    Row("proposals:desk", get=PLAN_GROUP),
    Row("proposals:export_reviews", get=PLAN_GROUP),
    Row("proposals:table", get=PLAN_GROUP),
    Row("proposals:meeting", get=PLAN_GROUP),
    Row("proposals:publish", get=PLAN_GROUP, post=PLAN_GROUP),
    Row("proposals:minutes", get=PLAN_GROUP),
    Row("proposals:rules", get=RULERS, post=RULERS),
    Row("proposals:duties", post=RULERS),
    Row("proposals:complaints", get=PLAN_GROUP),
    Row("proposals:complaint", get=PLAN_GROUP, post=PLAN_GROUP, at=unhappy_reply),
    Row("proposals:look_over", post=PLAN_GROUP, at=prepared),
    judged("proposals:desk_one", get=True),
    judged("proposals:wording", get=True, post=False),
    judged("proposals:similar", get=True, post=False),
    judged("proposals:return"),
    judged("proposals:merge"),
    judged("proposals:unmerge"),
    judged("proposals:note"),
]
