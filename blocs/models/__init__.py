"""Rooms, lower first: audit < people < organisation < rules < year < obligation < covenant < conference."""

from blocs.models.audit import AuditEvent
from blocs.models.conference import Attendance, Conference
from blocs.models.covenant import Covenant, Registration, Signature, Target, TargetResult
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
    "Attendance",
    "AuditEvent",
    "Authority",
    "Bloc",
    "BlocType",
    "BlocYear",
    "Conference",
    "Covenant",
    "DivisionDecision",
    "Extension",
    "Holiday",
    "Invitation",
    "LegalDocument",
    "Membership",
    "MilestoneDate",
    "NextLeader",
    "Obligation",
    "Receipt",
    "Registration",
    "RetentionClass",
    "RuleSet",
    "RuleSource",
    "Seat",
    "Signature",
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
