"""Who may walk the chain of N1. What somebody may not see is not a way in either."""

from tests.matrix.proposals import READERS, SIBLING, clause, sent_in
from tests.matrix.row import EVERYONE, Row
from tests.matrix.seminars import a_problem
from tests.matrix.world import World


def the_opinion(world: World) -> dict[str, object]:
    return {"pk": world.opinion.pk}


ROWS = [
    Row("outcomes:proposal_chain", get=READERS, hidden=SIBLING, at=sent_in),
    Row("outcomes:clause_chain", get=EVERYONE, at=clause),
    Row("outcomes:opinion_chain", get=READERS, hidden=SIBLING, at=the_opinion),
    Row("outcomes:problem_chain", get=READERS, hidden=SIBLING, at=a_problem),
]
