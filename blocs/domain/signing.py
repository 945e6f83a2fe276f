"""Signing a covenant: each unit's leader with the digest of the closed text, or by a paper that was signed."""

from django.db import transaction
from django.utils import timezone

from blocs.domain import attachments, audit, conferences, covenant_text, deadlines, obligations, receipts
from blocs.domain import covenant as covenants
from blocs.enums import Milestone
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.models import BlocYear, Covenant, CovenantPaper, Membership, Receipt, Signature
from blocs.templatetags.vietnamese import day, moment

CHANGED = "Nội dung giao ước đã thay đổi sau khi bạn mở trang. Đọc lại bản mới rồi ký."


@transaction.atomic
def sign(membership_id, *, by, digest, confirmed="", now=None):
    """A unit's leader signs the text whose digest the page showed; the view had him confirmed, in words for the trail.

    Shape:   (Membership id, digest, how) -> Signature; the last one of the bloc makes the covenant signed
    Locks:   the bloc year row
    Raises:  NotAllowed, WrongState, RuleBroken after the lock, unless the unit had signed a text that was opened again
    Source:  due-and-lock
    """
    now = now or timezone.now()
    membership = Membership.objects.select_related("unit", "bloc_year__year").get(pk=membership_id)
    bloc_year = membership.bloc_year
    BlocYear.objects.select_for_update().get(pk=bloc_year.pk)
    if not by.has_perm("blocs.sign_covenant", membership):
        raise NotAllowed("Chỉ lãnh đạo đơn vị ký giao ước cho đơn vị mình.")
    covenant = Covenant.objects.filter(bloc_year=bloc_year).first()
    if covenant is None or not covenant.closed_at:
        raise WrongState("Văn bản giao ước chưa chốt, chưa ký được.")
    _check_unsigned(covenant, [membership.unit])
    covenant.bloc_year = bloc_year
    if digest != covenant.digest:
        raise WrongState(CHANGED)
    covenant_text.check_as_closed(covenant)
    _check_open(bloc_year.pk, [membership.unit], now)
    signature = Signature.objects.create(
        covenant=covenant,
        unit=membership.unit,
        position=covenant.signatures.count(),
        signed_on=timezone.localtime(now).date(),
        signed_at=now,
        signed_by=by,
        signer=_name_and_post(by),
        digest=covenant.digest,
    )
    receipts.record(bloc_year, membership.unit, Milestone.COVENANT, at=now, as_unit=True)
    after = {"unit": membership.unit.name, "signer": signature.signer, "digest": digest, "confirmed": confirmed}
    audit.record("covenant.sign", by=by, target=covenant, after=after)
    _conclude_when_all(covenant, by)
    return signature


@transaction.atomic
def attach_paper(bloc_year_id, judged, *, by, units, signed_on):
    """A scan of the covenant that these units signed on paper, perhaps before its text was closed here; it comes in
    now, whatever day stands on it.

    Shape:   (BlocYear id, attachments.Judged, [UnitYear], date) -> CovenantPaper
    Locks:   the bloc year row
    Raises:  NotAllowed, WrongState, RuleBroken after the lock
    Source:  due-and-lock
    """
    covenant, now = covenant_text.locked(bloc_year_id, by, perm="blocs.edit_covenant"), timezone.now()
    if not covenant.is_closed:
        raise WrongState("Chốt văn bản giao ước rồi mới đính bản giấy đã ký.")
    members = {row.unit_id for row in covenant.bloc_year.memberships.all()}
    if not units or any(unit.pk not in members for unit in units):
        raise RuleBroken("Chọn những đơn vị thành viên đã ký trên bản giấy.")
    _check_unsigned(covenant, units)
    covenant_text.check_as_closed(covenant)
    _check_day(covenant, signed_on, is_paper=True)
    _check_open(bloc_year_id, units, now)
    paper = attachments.attach(
        CovenantPaper, judged, by=by, target=covenant, action="covenant.attach_paper", covenant=covenant
    )
    first = covenant.signatures.count()
    for position, unit in enumerate(units, first):
        Signature.objects.create(covenant=covenant, unit=unit, position=position, signed_on=signed_on, paper=paper)
        receipts.record(covenant.bloc_year, unit, Milestone.COVENANT, at=now, as_unit=True)
    after = {"units": [unit.name for unit in units], "signed_on": signed_on, "name": paper.name}
    audit.record("covenant.sign_paper", by=by, target=covenant, after=after)
    _conclude_when_all(covenant, by)
    return paper


@transaction.atomic
def withdraw_paper(bloc_year_id, paper_id, *, by, reason):
    """Take back a scan that was attached by mistake: the units on it have not signed; a covenant that was signed by it
    waits again for its last signature, or to be concluded.

    Shape:   (BlocYear id, CovenantPaper id, words) -> how many signatures became void
    Locks:   the bloc year row
    Raises:  NotAllowed, WrongState, RuleBroken
    """
    covenant = covenant_text.locked(bloc_year_id, by)
    covenants.check_not_closed(covenant.bloc_year)
    paper = CovenantPaper.objects.filter(covenant=covenant, pk=paper_id).first()
    if paper is None:
        raise WrongState("Bản giấy này không còn.")
    if not may_go_back(covenant):
        raise WrongState("Giao ước đã có đề nghị điều chỉnh; không gỡ bản giấy đã ký được nữa.")
    if not reason.strip():
        raise RuleBroken("Cần ghi rõ lý do gỡ bản giấy.")
    void = [row.unit for row in paper.signatures.select_related("unit")]
    before = {"name": paper.name, "sha256": paper.sha256, "units": [unit.name for unit in void]}
    before["signed_on"] = covenant.signed_on
    receipts_of_units = Receipt.objects.filter(bloc_year=bloc_year_id, kind=Milestone.COVENANT, as_unit=True)
    if covenant.closed_at:  # what a unit signed before the text was opened again keeps its moment
        receipts_of_units = receipts_of_units.filter(at__gte=covenant.closed_at)
    receipts_of_units.filter(unit__in=void).delete()
    paper.signatures.all().delete()
    paper.delete()
    covenant.signed_on = None
    covenant.save(update_fields=["signed_on"])
    obligations.renew_bloc(bloc_year_id)
    audit.record("covenant.withdraw_paper", by=by, target=covenant, before=before, note=reason.strip())
    return len(void)


@transaction.atomic
def conclude(bloc_year_id, *, by, signed_on):
    """The head records that the covenant is signed, although some units have not signed yet; they may still do so.

    Shape:   (BlocYear id, date) -> Covenant
    Locks:   the bloc year row
    Raises:  NotAllowed, WrongState, RuleBroken
    """
    covenant = covenant_text.locked(bloc_year_id, by)
    if covenant.signed_on:
        raise WrongState(f"Giao ước đã ghi nhận ký ngày {day(covenant.signed_on)}.")
    if not covenant.closed_at:
        raise WrongState("Chốt văn bản giao ước rồi mới ghi nhận ký kết.")
    if not covenant.signatures.exists():
        raise RuleBroken("Chưa đơn vị nào ký.")
    covenant_text.check_as_closed(covenant)
    _check_day(covenant, signed_on, is_paper=covenant.signatures.exclude(paper=None).exists())
    return _conclude(covenant, signed_on, by)


@transaction.atomic
def withdraw_conclusion(bloc_year_id, *, by, reason):
    """Take back that the covenant is signed, or on which day: the signatures stay, the head records it anew.

    Shape:   (BlocYear id, words) -> Covenant
    Locks:   the bloc year row
    Raises:  NotAllowed, WrongState, RuleBroken
    """
    covenant = covenant_text.locked(bloc_year_id, by)
    covenants.check_not_closed(covenant.bloc_year)
    if covenant.signed_on is None or covenant.closed_at is None:
        raise WrongState("Giao ước chưa được ghi nhận ký kết ở đây.")
    if not may_go_back(covenant):
        raise WrongState("Giao ước đã có đề nghị điều chỉnh; không rút ghi nhận ký kết được nữa.")
    if not reason.strip():
        raise RuleBroken("Cần ghi rõ lý do rút ghi nhận ký kết.")
    before, covenant.signed_on = {"signed_on": covenant.signed_on}, None
    covenant.save(update_fields=["signed_on"])
    obligations.renew_bloc(bloc_year_id)
    audit.record("covenant.withdraw_conclusion", by=by, target=covenant, before=before, note=reason.strip())
    return covenant


def may_go_back(covenant):
    """Whether nothing rests on the covenant's being signed: no amendment but those that were refused.

    Shape:   Covenant -> bool
    """
    return not covenant.amendments.filter(refused_at=None).exists()


def _check_open(bloc_year_id, units, now):
    """The lock of each unit; who had signed a text that was opened again may sign the new one after it too."""
    known = Receipt.objects.filter(bloc_year=bloc_year_id, kind=Milestone.COVENANT)
    had_signed = set(known.values_list("unit", flat=True))
    for unit in units:
        if unit.pk not in had_signed:
            deadlines.of_unit(bloc_year_id, Milestone.COVENANT, unit.pk).check_open(now)


def _check_day(covenant, signed_on, *, is_paper):
    """A day on which this text could be signed: here from its closing on; on paper also earlier, near its year."""
    if signed_on > timezone.localdate():
        raise RuleBroken("Ngày ký không thể sau hôm nay.")
    if is_paper:
        year = covenant.bloc_year.year
        if signed_on < year.starts_on - conferences.BEFORE:
            raise RuleBroken(f"Ngày {day(signed_on)} quá xa năm {year.label}; xem lại năm của ngày ký.")
    elif signed_on < (first := timezone.localdate(covenant.closed_at)):
        raise RuleBroken(f"Ngày ký không thể trước ngày chốt văn bản ({day(first)}).")


def _check_unsigned(covenant, units):
    for row in covenant.signatures.filter(unit__in=units).select_related("unit"):
        when = f" lúc {moment(row.signed_at)}" if row.signed_at else ""
        when = when or (f" ngày {day(row.signed_on)}" if row.signed_on else "")
        who = f", người ký: {row.signer}" if row.signer else ""
        raise WrongState(f"{row.unit.name} đã ký giao ước{when}{who}. Mỗi đơn vị ký một lần.")


def _conclude_when_all(covenant, by):
    members = set(covenant.bloc_year.memberships.values_list("unit", flat=True))
    signed = dict(covenant.signatures.values_list("unit", "signed_on"))
    if covenant.signed_on is None and members <= signed.keys():
        _conclude(covenant, max(filter(None, signed.values())), by)


def _conclude(covenant, signed_on, by):
    covenant.signed_on = signed_on
    covenant.save(update_fields=["signed_on"])
    obligations.renew_bloc(covenant.bloc_year_id)
    count = covenant.signatures.count()
    audit.record("covenant.conclude", by=by, target=covenant, after={"signed_on": signed_on, "signatures": count})
    return covenant


def _name_and_post(user):
    return ", ".join(filter(None, (user.full_name, user.post))) or user.username
