"""Proposing units for awards, never above the quota."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from awards.domain.quotas import limits, refusal, taken
from awards.models import AwardKind, Proposal
from blocs.domain import audit, facts
from blocs.domain.covenant import check_not_closed
from blocs.enums import Milestone
from blocs.errors import NotAllowed, RuleBroken
from blocs.models import BlocYear, Receipt


@transaction.atomic
def propose(bloc_year_id, award_code, unit_id, *, by):
    """Put a member unit on the bloc's list for an award.

    Shape:   (BlocYear id, award code, UnitYear id) -> Proposal
    Locks:   the bloc year row, which owns the quota
    Raises:  NotAllowed, RuleBroken
    Source:  bloc-quota
    """
    bloc_year = _locked(bloc_year_id, by)
    membership = bloc_year.memberships.filter(unit=unit_id).select_related("unit").first()
    if membership is None:
        raise RuleBroken("Chỉ đề nghị được đơn vị thành viên của khối.")
    award = AwardKind.objects.filter(code=award_code).first()
    if award is None:
        raise RuleBroken("Không có danh hiệu, hình thức khen thưởng này.")
    if bloc_year.proposals.filter(award=award, unit=unit_id).exists():
        raise RuleBroken(f"{membership.unit.short} đã có trong danh sách đề nghị {award}.")
    check_quota(bloc_year, award)
    if bloc_year.proposed_counts.filter(award=award).exists():
        raise RuleBroken(f"Năm này {award} chỉ ghi số lượng, không ghi danh sách đơn vị.")
    proposal = Proposal.objects.create(
        bloc_year=bloc_year, award=award, unit=membership.unit, position=bloc_year.proposals.count()
    )
    audit.record("proposal.propose", by=by, target=bloc_year, after={"award": str(award), "unit": membership.unit.name})
    return proposal


@transaction.atomic
def withdraw(bloc_year_id, proposal_id, *, by, note):
    """Take a unit off the list, with the reason.

    Raises:  NotAllowed, RuleBroken
    """
    bloc_year = _locked(bloc_year_id, by)
    if not note.strip():
        raise RuleBroken("Cần ghi rõ lý do đưa ra khỏi danh sách.")
    proposal = bloc_year.proposals.select_related("award", "unit").filter(pk=proposal_id).first()
    if proposal is None:
        raise RuleBroken("Đề nghị này không còn trong danh sách.")
    before = {"award": str(proposal.award), "unit": proposal.unit.name}
    audit.record("proposal.withdraw", by=by, target=bloc_year, before=before, note=note.strip())
    proposal.delete()


def check_quota(bloc_year, award):
    """Refuse one more proposal of this award; the caller holds the lock of the bloc year.

    Raises:  RuleBroken with the number, how it came about and its source
    Source:  bloc-quota
    """
    words = refusal(award, limits(bloc_year), taken(bloc_year))
    if words:
        raise RuleBroken(words)


def _locked(bloc_year_id, by):
    bloc_year = BlocYear.objects.select_for_update().get(pk=bloc_year_id)
    if not by.has_perm("awards.propose", bloc_year):
        raise NotAllowed("Chỉ Khối trưởng, Khối phó lập danh sách đề nghị.")
    check_not_closed(bloc_year)
    return bloc_year


def _sent(bloc_years, moments):
    """The list of proposals goes to the board with the summary report."""
    sent = Receipt.objects.filter(bloc_year__in=bloc_years, kind=Milestone.SUMMARY_REPORT)
    proposing = Exists(Proposal.objects.filter(bloc_year=OuterRef("bloc_year")))
    for receipt in sent.filter(proposing):
        moments.note(receipt.bloc_year_id, Milestone.PROPOSAL, receipt.unit_id, receipt.at)


def register():
    """Tell the obligations when proposals were sent."""
    facts.add_source(_sent)
