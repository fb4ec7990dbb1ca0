"""The chain of N1 as one picture: from what was said to what came of it, as far as one may see."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse

from core.chinese_text import excerpt, month_day
from outcomes.models import Measure, Outcome
from proposals.choices import Status
from proposals.models import ClauseRevision, Decision, Proposal
from seminars.models import Opinion, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from uuid import UUID

    from accounts.models import User
    from campaign.models import Clause

#: For each source what it leads to.
_Links = dict[object, list[object]]

STAGES = ("意见", "问题", "建议", "决定", "条款", "举措", "成果")
_OPINION, _PROBLEM, _PROPOSAL, _DECISION, _CLAUSE, _MEASURE, _OUTCOME = range(7)
#: So many nodes of a stage stand in the picture; the others are counted below it.
MOST_SHOWN = 30
_EXCERPT = 44
#: The lines' own units: a column's width, and a row's height (8 rem of 16).
_WIDTH, _PITCH, _EDGE, _MIDDLE = 100, 128, 5, 56


@dataclass(frozen=True)
class Node:
    """One thing in the picture. Without `url` the reader may know of it but not open it."""

    key: str
    stage: int
    label: str
    text: str = ""
    note: str = ""
    url: str = ""
    sources: tuple[str, ...] = ()
    is_root: bool = False


@dataclass(frozen=True)
class Stage:
    """One column: its name, its nodes, and how many more there are, or lie out of sight."""

    name: str
    nodes: list[Node]
    more: int
    unseen: int


@dataclass(frozen=True)
class Chain:
    stages: list[Stage]

    @property
    def rows(self) -> int:
        """How many nodes stand in the longest column."""
        return max(len(stage.nodes) for stage in self.stages)

    @property
    def width(self) -> int:
        return _WIDTH * len(self.stages)

    @property
    def height(self) -> int:
        return _PITCH * self.rows

    @property
    def height_rem(self) -> int:
        return self.height // 16

    @property
    def paths(self) -> list[str]:
        """A curve in SVG's words from each source to what came of it."""
        place = {
            node.key: (column, row)
            for column, stage in enumerate(self.stages)
            for row, node in enumerate(stage.nodes)
        }
        return [
            _curve(place[source], place[node.key])
            for stage in self.stages
            for node in stage.nodes
            for source in node.sources
            if source in place
        ]

    def named(self) -> Iterator[tuple[Stage, list[tuple[Node, str]]]]:
        """Each stage with its nodes and, in words, where each of them comes from."""
        labels = {node.key: node.label for stage in self.stages for node in stage.nodes}
        for stage in self.stages:
            yield (
                stage,
                [
                    (node, "、".join(labels[key] for key in node.sources if key in labels))
                    for node in stage.nodes
                ],
            )


def _curve(start: tuple[int, int], end: tuple[int, int]) -> str:
    x1, y1 = (start[0] + 1) * _WIDTH - _EDGE, start[1] * _PITCH + _MIDDLE
    x2, y2 = end[0] * _WIDTH + _EDGE, end[1] * _PITCH + _MIDDLE
    middle = (x1 + x2) // 2
    return f"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}"


# --- Where a chain starts ----------------------------------------------------------------


def chain_of_proposal(proposal: Proposal, reader: User) -> Chain:
    return _Drawer(reader, root=_key(proposal)).draw({proposal.pk})


def chain_of_clause(clause: Clause, reader: User) -> Chain:
    """Everything that changed the clause."""
    revised = ClauseRevision.objects.filter(clause=clause, decision__published_at__isnull=False)
    keys = set(revised.values_list("decision__proposal_id", flat=True))
    return _Drawer(reader, root=f"c{clause.pk}", clause=clause).draw(keys)


def chain_of_opinion(opinion: Opinion, reader: User) -> Chain:
    """What became of an opinion; of one that was merged, what became of the main one."""
    said = {opinion.pk, opinion.merged_into_id or opinion.pk}
    problems = set(Problem.objects.filter(opinions__in=said).values_list("pk", flat=True))
    named = Proposal.objects.filter(Q(opinions__in=said) | Q(problems__in=problems))
    keys = set(named.values_list("pk", flat=True))
    return _Drawer(reader, root=_key(opinion)).draw(keys, said, problems)


def chain_of_problem(problem: Problem, reader: User) -> Chain:
    keys = set(problem.proposals.values_list("pk", flat=True))
    return _Drawer(reader, root=_key(problem)).draw(keys, set(), {problem.pk})


def _key(row: Opinion | Problem | Proposal) -> str:
    letters = {Opinion: "o", Problem: "q", Proposal: "p"}
    return f"{letters[type(row)]}{row.pk}"


# --- Drawing -----------------------------------------------------------------------------


@dataclass
class _Drawer:
    """Reads what belongs to some proposals, in a constant number of queries, and lays it out."""

    reader: User
    root: str
    clause: Clause | None = None
    nodes: dict[int, list[Node]] = field(default_factory=lambda: defaultdict(list))
    unseen: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def draw(
        self,
        proposals: set[int],
        opinions: Collection[UUID] = (),
        problems: Collection[int] = (),
    ) -> Chain:
        family = list(
            Proposal.objects.filter(pk__in=_with_merged(proposals)).order_by("number", "pk")
        )
        family = [proposal for proposal in family if self._belongs(proposal)]
        keys = [proposal.pk for proposal in family]
        by_opinion = _links(Proposal.opinions.through, "opinion_id", "proposal_id", keys)
        by_problem = _links(Proposal.problems.through, "problem_id", "proposal_id", keys)
        in_problem = _links(
            Problem.opinions.through, "opinion_id", "problem_id", {*by_problem, *problems}
        )
        self._add_opinions({*by_opinion, *in_problem, *opinions}, by_opinion, in_problem)
        self._add_problems({*by_problem, *problems}, in_problem)
        self._add_proposals(family, by_opinion, by_problem)
        self._add_decided(family)
        return Chain([self._stage(number) for number in range(len(STAGES))])

    def _belongs(self, proposal: Proposal) -> bool:
        """A draft, or what was taken back, is its writers' own affair."""
        is_before_the_group = proposal.status not in {Status.DRAFT, Status.WITHDRAWN}
        return is_before_the_group or _key(proposal) == self.root

    def _stage(self, number: int) -> Stage:
        found = self.nodes[number]
        shown = found[:MOST_SHOWN]
        if not any(node.is_root for node in shown):
            shown = [*(node for node in found if node.is_root), *shown][:MOST_SHOWN]
        return Stage(STAGES[number], shown, len(found) - len(shown), self.unseen[number])

    def _add(self, key: str, stage: int, label: str, **facts: str | tuple[str, ...]) -> None:
        self.nodes[stage].append(
            Node(key, stage, label, is_root=key == self.root, **facts)  # type: ignore[arg-type]
        )

    def _add_opinions(self, keys: set[object], by_opinion: _Links, in_problem: _Links) -> None:
        """With those that were merged into them, which then lead where the main ones do."""
        merged = Opinion.objects.filter(merged_into__in=keys).values_list("pk", "merged_into")
        for part, main in merged:
            keys.add(part)
            for links in (by_opinion, in_problem):
                if main in links:
                    links[part] = links[main]
        seen = list(Opinion.objects.visible_to(self.reader).filter(pk__in=keys).newest_first())
        self.unseen[_OPINION] = len(keys) - len(seen)
        for number, opinion in enumerate(seen, start=1):
            self._add(
                _key(opinion),
                _OPINION,
                f"意见{number}",
                text=excerpt(opinion.text, _EXCERPT),
                note=month_day(opinion.raised_on),
                url=reverse("outcomes:opinion_chain", args=[opinion.pk]),
            )

    def _add_problems(self, keys: Collection[object], in_problem: _Links) -> None:
        rows = Problem.objects.visible_to(self.reader).filter(pk__in=keys).order_by("pk")
        seen = list(rows)
        self.unseen[_PROBLEM] = len(keys) - len(seen)
        for number, problem in enumerate(seen, start=1):
            self._add(
                _key(problem),
                _PROBLEM,
                f"问题{number}",
                text=excerpt(problem.text, _EXCERPT),
                note=problem.get_status_display(),
                url=reverse("outcomes:problem_chain", args=[problem.pk]),
                sources=_sources("o", in_problem, problem.pk),
            )

    def _add_proposals(
        self,
        family: Collection[Proposal],
        by_opinion: _Links,
        by_problem: _Links,
    ) -> None:
        self._visible = set(
            Proposal.objects.visible_to(self.reader)
            .filter(pk__in=[proposal.pk for proposal in family])
            .values_list("pk", flat=True)
        )
        for proposal in family:
            sources = (
                *_sources("o", by_opinion, proposal.pk),
                *_sources("q", by_problem, proposal.pk),
            )
            label = proposal.number or "草稿"
            if proposal.pk not in self._visible:
                masked = "不在您的查看范围内"
                self._add(_key(proposal), _PROPOSAL, label, note=masked, sources=sources)
                continue
            self._add(
                _key(proposal),
                _PROPOSAL,
                label,
                text=excerpt(proposal.title, _EXCERPT),
                note=proposal.get_status_display(),
                url=reverse("proposals:detail", args=[proposal.pk]),
                sources=sources,
            )

    def _add_decided(self, family: Collection[Proposal]) -> None:
        """Only what was published: nobody meets a prepared decision here."""
        decisions = list(
            Decision.objects.published()
            .filter(proposal__in=family)
            .select_related("proposal", "referral_report", "referred_to")
            .order_by("published_at", "pk")
        )
        merged = defaultdict(list)
        for proposal in family:
            merged[proposal.merged_into_id or proposal.pk].append(_key(proposal))
        for decision in decisions:
            self._add_decision(decision, tuple(merged[decision.proposal_id]))
            self._add_referral(decision)
        revisions = list(
            ClauseRevision.objects.filter(decision__in=decisions)
            .select_related("clause__document", "version")
            .order_by("clause__order", "pk")
        )
        self._add_clauses(revisions)
        self._add_measures(revisions, family)

    def _add_decision(self, decision: Decision, sources: tuple[str, ...]) -> None:
        if decision.proposal_id not in self._visible:
            self._add(f"d{decision.pk}", _DECISION, "已有决定", sources=sources)
            return
        proposal = decision.proposal
        self._add(
            f"d{decision.pk}",
            _DECISION,
            decision.get_verdict_display(),
            text=excerpt(decision.reasons, _EXCERPT),
            note=month_day(decision.published_at) if decision.published_at else "",
            url=reverse("proposals:detail", args=[proposal.pk]) + "#answer",
            sources=sources,
        )

    def _add_referral(self, decision: Decision) -> None:
        """What the department did that the matter was passed on to, once it has said so."""
        report = getattr(decision, "referral_report", None)
        if report is None or decision.proposal_id not in self._visible:
            return
        self._add(
            f"f{report.pk}",
            _MEASURE,
            f"{decision.referred_to}办理",
            text=excerpt(report.text, _EXCERPT),
            note=month_day(report.done_on),
            url=reverse("proposals:detail", args=[decision.proposal_id]) + "#answer",
            sources=(f"d{decision.pk}",),
        )

    def _add_clauses(self, revisions: Iterable[ClauseRevision]) -> None:
        """A clause once, however many decisions changed it; and each reason to change none."""
        changed: dict[Clause, list[ClauseRevision]] = defaultdict(list)
        for revision in revisions:
            if revision.clause is not None:
                changed[revision.clause].append(revision)
            else:
                self._add(
                    f"n{revision.pk}",
                    _CLAUSE,
                    "不改条文",
                    text=excerpt(revision.no_change_reason, _EXCERPT),
                    sources=(f"d{revision.decision_id}",),
                )
        if self.clause is not None and self.clause not in changed:
            changed[self.clause] = []
        for clause, rows in changed.items():
            versions = {row.version.number for row in rows if row.version}
            self._add(
                f"c{clause.pk}",
                _CLAUSE,
                clause.number,
                text=excerpt(clause.title or (rows[-1].new_text if rows else ""), _EXCERPT),
                note="、".join(f"第{number}版" for number in sorted(versions)),
                url=reverse("proposals:clause", args=[clause.pk]),
                sources=tuple(f"d{row.decision_id}" for row in rows),
            )

    def _add_measures(
        self, revisions: Collection[ClauseRevision], family: Collection[Proposal]
    ) -> None:
        places = {row.pk: _clause_key(row) for row in revisions}
        rows = Measure.objects.visible_to(self.reader).filter(revision__in=places)
        measures = list(rows.order_by("pk"))
        for number, measure in enumerate(measures, start=1):
            self._add(
                f"m{measure.pk}",
                _MEASURE,
                f"举措{number}",
                text=excerpt(measure.title, _EXCERPT),
                note=measure.get_status_display(),
                url=reverse("outcomes:measure", args=[measure.pk]),
                sources=(places[measure.revision_id or 0],),
            )
        outcomes = Outcome.objects.visible_to(self.reader).filter(
            Q(measure__in=measures) | Q(proposal__in=family)
        )
        for number, outcome in enumerate(outcomes.order_by("pk"), start=1):
            source = f"m{outcome.measure_id}" if outcome.measure_id else f"p{outcome.proposal_id}"
            self._add(
                f"r{outcome.pk}",
                _OUTCOME,
                f"成果{number}",
                text=excerpt(outcome.title, _EXCERPT),
                note=outcome.get_kind_display(),
                url=reverse("outcomes:outcome", args=[outcome.pk]),
                sources=(source,),
            )


def _clause_key(revision: ClauseRevision) -> str:
    return f"c{revision.clause_id}" if revision.clause_id else f"n{revision.pk}"


def _with_merged(keys: set[int]) -> set[int]:
    """The proposals, what they were merged into, and all that was merged into those."""
    targets = Proposal.objects.filter(pk__in=keys, merged_into__isnull=False)
    main = keys | {key for key in targets.values_list("merged_into_id", flat=True) if key}
    parts = Proposal.objects.filter(merged_into__in=main).values_list("pk", flat=True)
    return main | set(parts)


def _links(through: type, source: str, target: str, targets: Collection[object]) -> _Links:
    """For each source the targets among `targets` it is linked with."""
    found: _Links = defaultdict(list)
    rows = through.objects.filter(**{f"{target}__in": targets})  # type: ignore[attr-defined]
    for key, linked in rows.values_list(source, target):
        found[key].append(linked)
    return found


def _sources(letter: str, links: _Links, target: object) -> tuple[str, ...]:
    return tuple(f"{letter}{key}" for key, targets in links.items() if target in targets)
