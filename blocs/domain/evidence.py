"""Results that a unit notes during the year, and the files that prove a result."""

from django.db import transaction

from blocs.domain import attachments, audit
from blocs.domain import covenant as covenants
from blocs.enums import Milestone
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.models import BlocYear, Membership, Receipt, ResultEvidence, Target, TargetResult

MAX_FILES = 20
NOT_CLOSED = "Văn bản giao ước chưa chốt; đơn vị ghi kết quả khi văn bản đã chốt để ký."


@transaction.atomic
def record_unit_result(membership_id, target_id, *, by, value, note="", opened=""):
    """Note what a unit has reached so far, towards its own target or the bloc's; others read it with its report.

    Shape:   (Membership id, Target id, Decimal or None, text, ``covenants.opened_with`` or empty) -> TargetResult or
             None
    Locks:   the bloc year row
    Raises:  NotAllowed, WrongState, RuleBroken, EditedMeanwhile
    """
    membership = _locked(membership_id)
    if not by.has_perm("blocs.record_unit_result", membership):
        raise NotAllowed("Chỉ đơn vị mình mới ghi được kết quả này.")
    target = targets_of(membership).filter(pk=target_id).first()
    if target is None:
        raise RuleBroken("Chỉ tiêu này không còn trong giao ước.")
    if not target.covenant.is_closed:
        raise WrongState(NOT_CLOSED)
    _check_before_report(membership.bloc_year, membership.unit_id)
    of = membership.unit
    return covenants.record_result(target, by=by, of=of, value=value, note=note, draft=True, opened=opened)


def targets_of(membership):
    """What a unit answers: its own targets, and those of the bloc that it has none of its own for.

    Shape:   Membership -> Target queryset
    """
    rows = Target.objects.filter(covenant__bloc_year=membership.bloc_year_id).select_related("covenant", "of")
    own = rows.filter(of=membership.unit_id)
    return own | rows.filter(of=None).exclude(code__in=own.values("code"))


@transaction.atomic
def add(result_id, judged, *, by):
    """Attach a file that proves a result.

    Shape:   (TargetResult id, attachments.Judged) -> ResultEvidence
    Locks:   the bloc year row
    Raises:  NotAllowed, WrongState, RuleBroken
    """
    result = _writable(result_id, by)
    if result.evidence.count() >= MAX_FILES:
        raise RuleBroken(f"Mỗi kết quả nhiều nhất {MAX_FILES} minh chứng.")
    if result.evidence.filter(sha256=attachments.digest_of(judged)).exists():
        raise RuleBroken("Tệp này đã đính rồi.")
    return attachments.attach(
        ResultEvidence, judged, by=by, target=result.target, action="covenant.add_evidence", result=result
    )


@transaction.atomic
def remove(evidence_id, *, by):
    """Take a file away from its result; its bytes stay where they are kept.

    Locks:   the bloc year row
    Raises:  NotAllowed, WrongState, RuleBroken
    """
    found = ResultEvidence.objects.filter(pk=evidence_id).first()
    if found is None:
        raise WrongState("Minh chứng này vừa được gỡ.")
    result = _writable(found.result_id, by)
    before = {"name": found.name, "sha256": found.sha256}
    audit.record("covenant.remove_evidence", by=by, target=result.target, before=before)
    found.delete()


def may_write(result, user):
    """Whether the user may change a result and its evidence now: of a unit its own people, of the bloc its leaders.

    Shape:   (TargetResult with target.covenant.bloc_year and of, User) -> bool
    """
    try:
        _check_writer(result, user)
    except (NotAllowed, WrongState, RuleBroken):
        return False
    return True


def _writable(result_id, by):
    rows = TargetResult.objects.select_related("target__covenant__bloc_year__year", "of")
    result = rows.filter(pk=result_id).first()
    if result is None:
        raise WrongState("Kết quả này vừa được xóa.")
    BlocYear.objects.select_for_update().get(pk=result.target.covenant.bloc_year_id)
    _check_writer(result, by)
    return result


def _check_writer(result, by):
    bloc_year = result.target.covenant.bloc_year
    if result.of is None:
        if not by.has_perm("blocs.edit_covenant", bloc_year):
            raise NotAllowed("Chỉ Khối trưởng, Khối phó đính minh chứng cho kết quả của khối.")
        covenants.check_not_closed(bloc_year)
        return
    membership = Membership.objects.filter(bloc_year=bloc_year, unit=result.of).select_related("unit").first()
    if membership is None or not by.has_perm("blocs.record_unit_result", membership):
        raise NotAllowed("Chỉ đơn vị mình mới đính minh chứng cho kết quả này.")
    _check_before_report(bloc_year, result.of_id)


def _check_before_report(bloc_year, unit_id):
    covenants.check_not_closed(bloc_year)
    if Receipt.objects.filter(bloc_year=bloc_year, unit=unit_id, kind=Milestone.UNIT_REPORT).exists():
        raise WrongState("Báo cáo năm của đơn vị đã gửi; kết quả chỉ sửa được trong báo cáo khi bị trả lại.")


def _locked(membership_id):
    membership = Membership.objects.select_related("unit", "bloc_year__year").get(pk=membership_id)
    BlocYear.objects.select_for_update().get(pk=membership.bloc_year_id)
    return membership
