"""A campaign as data: what the issued plan says, and the documents it means to revise."""

from campaign.models.campaign import (
    Campaign,
    GateSwitch,
    Phase,
    PhaseDepartment,
    PhaseStep,
    Receipt,
)
from campaign.models.demands import Demand, DemandQuota
from campaign.models.documents import Clause, ClauseWording, PlanDocument, PlanVersion
from campaign.models.lists import (
    AudienceGroup,
    LinkedWork,
    OfferedKind,
    StudyDocument,
    SubTopic,
    Target,
    TargetProgress,
    Theme,
)

__all__ = [
    "AudienceGroup",
    "Campaign",
    "Clause",
    "ClauseWording",
    "Demand",
    "DemandQuota",
    "GateSwitch",
    "LinkedWork",
    "OfferedKind",
    "Phase",
    "PhaseDepartment",
    "PhaseStep",
    "PlanDocument",
    "PlanVersion",
    "Receipt",
    "StudyDocument",
    "SubTopic",
    "Target",
    "TargetProgress",
    "Theme",
]
