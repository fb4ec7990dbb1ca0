"""From the text of a plan to a proposal: the one function everything else calls."""

from dataclasses import replace
from datetime import date

from campaign.reading import bodies, particulars
from campaign.reading.activities import activity_kinds
from campaign.reading.dates import PlanDates
from campaign.reading.deadlines import read_deadlines
from campaign.reading.drafts import Draft
from campaign.reading.head import read_head
from campaign.reading.lines import PlanText
from campaign.reading.outline import outline
from campaign.reading.phases import read_phases
from campaign.reading.places import Places
from campaign.reading.proposal import Found, Phase, PlanProposal
from campaign.reading.quotas import read_quotas
from campaign.reading.study_documents import names_an_open_list, read_study_documents
from campaign.reading.tables import find_tables
from campaign.reading.themes import read_themes
from campaign.reading.understanding import not_understood
from core.chinese_dates import MONTH_END_FIRST_DAY, DateContext


def propose_campaign(text: str, *, month_end_first_day: int = MONTH_END_FIRST_DAY) -> PlanProposal:
    """What the plan says, each finding with its sentence; never raises on any text.

    `month_end_first_day` is the day from which 月底 counts.
    """
    plan = PlanText(text)
    root = outline(plan)
    tables = find_tables(plan)
    head = read_head(plan)
    context = DateContext(
        year=head.year.value if head.year else None,
        issued_on=head.issued_on.value if head.issued_on else None,
        month_end_first_day=month_end_first_day,
    )
    dates = PlanDates(plan, context)
    phases, drafts = read_phases(plan, root, tables, dates)
    labels = [(draft.period.start, draft.period.end) for draft in drafts if draft.period]
    targets = particulars.read_targets(plan)
    themes = read_themes(plan, root, tables)
    title = head.title.value if head.title else None
    documents = read_study_documents(plan, root, title)
    phase_places = [(draft.start, draft.end) for draft in drafts]
    proposal = PlanProposal(
        text=plan.text,
        head=head,
        short_name=particulars.read_short_name(title, head.issuer.value if head.issuer else None)
        if title
        else None,
        basis=particulars.read_basis(plan),
        audience=particulars.read_audience(plan, root),
        goal=particulars.read_goal(plan, root),
        channels=particulars.read_channels(plan),
        phases=phases,
        activity_kinds=activity_kinds(plan, phase_places),
        themes=themes,
        study_documents=documents,
        study_list_open=names_an_open_list(plan, documents),
        linked_works=particulars.read_linked_works(plan),
        targets=targets,
        aims=particulars.read_aims(plan, phase_places, themes),
        safeguards=particulars.read_safeguards(plan, root),
        campaign_group=bodies.read_campaign_group(plan),
        plan_group=bodies.read_plan_group(plan),
        demands=bodies.read_demands(plan),
        quotas=read_quotas(plan, root, Places([*labels, *((t.start, t.end) for t in targets)])),
        deadlines=read_deadlines(plan, tables, Places(labels), dates, _first_day(phases)),
    )
    used = Places(_used_places(proposal, drafts, labels))
    return replace(proposal, not_understood=not_understood(plan, dates, used, phases))


def _first_day(phases: tuple[Found[Phase], ...]) -> date | None:
    days = [phase.value.starts_on or phase.value.ends_on for phase in phases]
    return min((day for day in days if day), default=None)


def _used_places(
    proposal: PlanProposal, drafts: tuple[Draft, ...], labels: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Places some finding rests on. A phase uses its label and its departments' words."""
    places = [
        (item.start, item.end)
        for items in (
            proposal.themes,
            proposal.targets,
            proposal.quotas,
            proposal.deadlines,
            proposal.demands,
        )
        for item in items
    ]
    head = proposal.head
    parts = (head.title, head.doc_number, head.issuer, head.issued_on, head.year)
    places += [(part.start, part.end) for part in parts if part is not None]
    places += labels
    places += [(draft.start, draft.end) for draft in drafts if draft.departments is None]
    return places
