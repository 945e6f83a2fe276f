"""The titles at which a unit aims, registered by its leader."""

from django.db import transaction
from django.utils import timezone

from awards.models import AwardKind
from blocs.domain import audit, deadlines, receipts
from blocs.domain.covenant import check_not_closed
from blocs.enums import Milestone
from blocs.errors import NotAllowed, RuleBroken
from blocs.models import BlocYear, Membership, Registration


@transaction.atomic
def register(membership_id, codes, *, by, now=None):
    """Register a unit for titles and forms of the catalogue; it may be changed until the lock.

    Shape:   (Membership id, [award code]) -> Registration
    Locks:   the bloc year row
    Raises:  NotAllowed, RuleBroken
    Source:  due-and-lock
    """
    now = now or timezone.now()
    membership = Membership.objects.select_related("unit", "bloc_year__year").get(pk=membership_id)
    bloc_year = membership.bloc_year
    BlocYear.objects.select_for_update().get(pk=bloc_year.pk)
    bloc_year.refresh_from_db(fields=["is_closed"])
    if not by.has_perm("awards.register", membership):
        raise NotAllowed("Chỉ lãnh đạo đơn vị đăng ký thi đua cho đơn vị mình.")
    check_not_closed(bloc_year)
    deadlines.of_unit(bloc_year.pk, Milestone.REGISTRATION, membership.unit_id).check_open(now)
    known = {row.code: row for row in AwardKind.objects.all()}
    wanted = list(dict.fromkeys(codes))
    if not wanted:
        raise RuleBroken("Chọn ít nhất một danh hiệu, hình thức khen thưởng để đăng ký.")
    if any(code not in known for code in wanted):
        raise RuleBroken("Không có danh hiệu, hình thức khen thưởng này.")
    row = Registration.objects.filter(bloc_year=bloc_year, unit=membership.unit).first()
    before = row and {"awards": _names(row.awards, known)}
    if row and row.awards == wanted:
        return row
    position = Registration.objects.filter(bloc_year=bloc_year).count()
    row = row or Registration(bloc_year=bloc_year, unit=membership.unit, position=position)
    row.awards, row.registered_at = wanted, now
    row.save()
    receipts.record(bloc_year, membership.unit, Milestone.REGISTRATION, at=now, as_unit=True)
    after = {"unit": membership.unit.name, "awards": _names(wanted, known)}
    audit.record("award.register", by=by, target=bloc_year, before=before, after=after)
    return row


def lines(bloc_year):
    """Who registered for what, in the order of the members; a unit without a registration has none.

    Shape:   BlocYear -> [(Membership with unit, [AwardKind or str])]; three queries
    """
    known = {row.code: row for row in AwardKind.objects.all()}
    held = {row.unit_id: row.awards for row in Registration.objects.filter(bloc_year=bloc_year)}
    members = Membership.objects.filter(bloc_year=bloc_year).select_related("unit").order_by("position", "pk")
    return [(row, [known.get(code, code) for code in held.get(row.unit_id, [])]) for row in members]


def _names(codes, known):
    return [str(known.get(code, code)) for code in codes]
