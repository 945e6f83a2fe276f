"""Rooms, lower first: audit < people < files < organisation < rules < year < obligation < comment < covenant
< conference < handover."""

from blocs.models.audit import AuditEvent
from blocs.models.comment import Comment
from blocs.models.conference import (
    AgendaItem,
    Attendance,
    Conference,
    ConferencePicture,
    ConferenceTask,
    ExpectedUnit,
    Opinion,
)
from blocs.models.covenant import (
    Amendment,
    Covenant,
    CovenantPaper,
    Registration,
    ResultEvidence,
    Signature,
    Target,
    TargetResult,
)
from blocs.models.files import StoredFile
from blocs.models.handover import Handover, HandoverItem
from blocs.models.obligation import Extension, Obligation, Waiver
from blocs.models.organisation import Authority, Bloc, BlocType, Succession, Unit, UnitRename
from blocs.models.people import Invitation, RetentionClass, Seat, User
from blocs.models.rules import Holiday, LegalDocument, RuleSet, RuleSource
from blocs.models.year import (
    BlocYear,
    DivisionDecision,
    Membership,
    MilestoneDate,
    NextLeader,
    Receipt,
    UnitYear,
    Year,
)

__all__ = [
    "AgendaItem",
    "Amendment",
    "Attendance",
    "AuditEvent",
    "Authority",
    "Bloc",
    "BlocType",
    "BlocYear",
    "Comment",
    "Conference",
    "ConferencePicture",
    "ConferenceTask",
    "Covenant",
    "CovenantPaper",
    "DivisionDecision",
    "ExpectedUnit",
    "Extension",
    "Handover",
    "HandoverItem",
    "Holiday",
    "Invitation",
    "LegalDocument",
    "Membership",
    "MilestoneDate",
    "NextLeader",
    "Obligation",
    "Opinion",
    "Receipt",
    "Registration",
    "ResultEvidence",
    "RetentionClass",
    "RuleSet",
    "RuleSource",
    "Seat",
    "Signature",
    "StoredFile",
    "Succession",
    "Target",
    "TargetResult",
    "Unit",
    "UnitRename",
    "UnitYear",
    "User",
    "Waiver",
    "Year",
]
