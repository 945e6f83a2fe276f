"""Rooms, lower first: audit < people < organisation < year < covenant < conference."""

from blocs.models.audit import AuditEvent
from blocs.models.conference import Attendance, Conference
from blocs.models.covenant import Covenant, Registration, Signature, Target, TargetResult
from blocs.models.organisation import Authority, Bloc, Succession, Unit
from blocs.models.people import Seat, User
from blocs.models.year import BlocYear, Membership, MilestoneDate, NextLeader, Receipt, UnitYear, Year

__all__ = [
    "Attendance",
    "AuditEvent",
    "Authority",
    "Bloc",
    "BlocYear",
    "Conference",
    "Covenant",
    "Membership",
    "MilestoneDate",
    "NextLeader",
    "Receipt",
    "Registration",
    "Seat",
    "Signature",
    "Succession",
    "Target",
    "TargetResult",
    "Unit",
    "UnitYear",
    "User",
    "Year",
]
