from awards.models.ballots import Ballot, Tally
from awards.models.catalogue import AwardKind, AwardName, LawVersion
from awards.models.proposals import (
    AwardGiven,
    Decision,
    DecisionItem,
    FlagNotice,
    Hold,
    Presentation,
    Proposal,
    ProposedCount,
    Quota,
    Recognition,
    Withdrawal,
)

__all__ = [
    "AwardGiven",
    "AwardKind",
    "AwardName",
    "Ballot",
    "Decision",
    "DecisionItem",
    "FlagNotice",
    "Hold",
    "LawVersion",
    "Presentation",
    "Proposal",
    "ProposedCount",
    "Quota",
    "Recognition",
    "Tally",
    "Withdrawal",
]
