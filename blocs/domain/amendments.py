"""Changing a target of a signed covenant: proposed with a reason, in force once head and desk officer agree."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from blocs.domain import audit, covenant_text
from blocs.domain import covenant as covenants
from blocs.domain.words import clean
from blocs.enums import AmendmentKind
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.fields import plain
from blocs.models import Amendment, BlocYear, Covenant, Target

CHANGED = "Chỉ tiêu đã đổi sau khi lập đề nghị này. Không đồng ý, rồi lập đề nghị mới."

SIDES = {"head": "blocs.close_covenant", "officer": "blocs.agree_amendment"}


@transaction.atomic
def propose(bloc_year_id, *, by, kind, reason, target_id=None, values=None):
    """Propose to add, change or remove a target of a signed covenant.

    Shape:   (BlocYear id, AmendmentKind, Target id unless one is added, columns of a Target unless one is removed,
             ``of`` a UnitYear or None) -> Amendment; the head's own proposal has the head's consent
    Locks:   the bloc year row
    Raises:  NotAllowed, WrongState, RuleBroken
    """
    covenant = _signed(bloc_year_id)
    target = covenant.targets.filter(pk=target_id).first() if target_id else None
    if kind not in AmendmentKind.values or (target is None) is not (kind == AmendmentKind.ADD):
        raise RuleBroken("Chỉ tiêu này không còn trong giao ước.")
    owner = target.of if target else (values or {}).get("of")
    _check_proposer(covenant.bloc_year, owner, by)
    if target and covenant.amendments.filter(target=target, applied_at=None, refused_at=None).exists():
        raise WrongState("Chỉ tiêu này đang có một đề nghị điều chỉnh chờ đồng ý.")
    words = clean(reason, at_most=1000)
    if not words:
        raise RuleBroken("Cần ghi rõ lý do điều chỉnh.")
    amendment = Amendment(covenant=covenant, target=target, kind=kind, reason=words, proposed_by=by)
    amendment.before = values_of(target) if target else None
    amendment.after = None if kind == AmendmentKind.REMOVE else _after(covenant, target, values)
    if kind == AmendmentKind.CHANGE and amendment.after == amendment.before:
        raise RuleBroken("Đề nghị không đổi gì so với chỉ tiêu hiện tại.")
    amendment.save()
    shown = {"kind": kind, "before": amendment.before, "after": amendment.after}
    audit.record("covenant.propose_amendment", by=by, target=amendment, after=shown, note=words)
    if by.has_perm("blocs.close_covenant", covenant.bloc_year):
        _consent(amendment, "head", by)
    return amendment


@transaction.atomic
def agree(amendment_id, *, by):
    """Give the consent of one's own side; once both have agreed, the covenant is changed.

    Shape:   Amendment id -> Amendment
    Locks:   the bloc year row
    Raises:  NotAllowed, WrongState, RuleBroken
    """
    amendment = _open(amendment_id)
    side = _side(amendment, by)
    other = amendment.officer_agreed_by_id if side == "head" else amendment.head_agreed_by_id
    if other == by.pk:
        raise NotAllowed("Một người không đồng ý thay cả hai bên.")
    _consent(amendment, side, by)
    if amendment.head_agreed_at and amendment.officer_agreed_at:
        _apply(amendment, by)
    return amendment


@transaction.atomic
def refuse(amendment_id, *, by, reason):
    """Refuse a proposal; who proposed it may take it back the same way.

    Shape:   Amendment id -> Amendment
    Locks:   the bloc year row
    Raises:  NotAllowed, WrongState, RuleBroken
    """
    amendment = _open(amendment_id)
    if by.pk != amendment.proposed_by_id:
        _side(amendment, by, is_refusal=True)
    words = clean(reason, at_most=1000)
    if not words:
        raise RuleBroken("Cần ghi rõ lý do không đồng ý.")
    amendment.refused_at, amendment.refused_by, amendment.refusal = timezone.now(), by, words
    amendment.save(update_fields=["refused_at", "refused_by", "refusal"])
    audit.record("covenant.refuse_amendment", by=by, target=amendment, note=words)
    return amendment


def values_of(target):
    """Shape: Target -> {column: plain value}, as an amendment keeps them"""
    value = None if target.value is None else f"{plain(target.value):f}"
    return covenants.promise_of(target) | {"value": value, "code": target.code, "of": target.of_id}


def words_of(values):
    """A promise in one line: ``Hội viên mới: ≥ 1.200 người``.

    Shape:   values as an amendment keeps them, or None -> str
    """
    if not values:
        return ""
    number = Target(op=values["op"], value=None if values["value"] is None else Decimal(values["value"]))
    promise = " ".join(filter(None, (covenants.promised(number), values["unit_of_measure"])))
    text = f"{values['text']}: {promise}" if promise else values["text"]
    return f"{text} (căn cứ: {values['source']})" if values.get("source") else text


def _after(covenant, target, values):
    wanted = {name: values.get(name) for name in covenants.PROMISE} | {"text": clean(values["text"], at_most=1000)}
    if not wanted["text"]:
        raise RuleBroken("Chỉ tiêu cần có nội dung.")
    of = target.of if target else values.get("of")
    code = target.code if target else ""
    columns = {name: value or "" for name, value in wanted.items()} | {"value": wanted["value"]}
    row = Target(covenant=covenant, of=of, code=code, **columns)
    covenants.check_promise(row)
    return values_of(row)


def _check_proposer(bloc_year, owner, by):
    if by.has_perm("blocs.edit_covenant", bloc_year):
        return
    membership = bloc_year.memberships.filter(unit=owner).select_related("unit").first() if owner else None
    if membership is None or not by.has_perm("blocs.sign_covenant", membership):
        raise NotAllowed("Khối trưởng, Khối phó đề nghị điều chỉnh; đơn vị chỉ đề nghị với chỉ tiêu riêng của mình.")


def _signed(bloc_year_id):
    bloc_year = BlocYear.objects.select_for_update(of=("self",)).select_related("year").get(pk=bloc_year_id)
    covenants.check_not_closed(bloc_year)
    covenant = Covenant.objects.filter(bloc_year=bloc_year).first()
    if covenant is None or covenant.signed_on is None:
        raise WrongState("Giao ước chưa ký kết; Khối trưởng, Khối phó sửa chỉ tiêu ngay trong văn bản.")
    covenant.bloc_year = bloc_year
    return covenant


def _open(amendment_id):
    found = Amendment.objects.select_related("covenant").get(pk=amendment_id)
    covenant = _signed(found.covenant.bloc_year_id)
    amendment = Amendment.objects.select_related("target", "proposed_by").get(pk=amendment_id)
    amendment.covenant = covenant
    if not amendment.is_open:
        raise WrongState("Đề nghị này đã được giải quyết.")
    return amendment


def _side(amendment, by, *, is_refusal=False):
    """Whose consent the user gives: the head's, or the desk officer's."""
    bloc_year = amendment.covenant.bloc_year
    for side, perm in SIDES.items():
        if by.has_perm(perm, bloc_year) and (is_refusal or getattr(amendment, f"{side}_agreed_at") is None):
            return side
    raise NotAllowed("Chỉ Khối trưởng và chuyên viên Ban TĐKT, mỗi bên một lần, đồng ý hoặc không đồng ý.")


def _consent(amendment, side, by):
    setattr(amendment, f"{side}_agreed_at", timezone.now())
    setattr(amendment, f"{side}_agreed_by", by)
    amendment.save(update_fields=[f"{side}_agreed_at", f"{side}_agreed_by"])
    audit.record("covenant.agree_amendment", by=by, target=amendment, after={"side": side})


def _apply(amendment, by):
    covenant, target = amendment.covenant, amendment.target
    covenant_text.check_as_closed(covenant)
    if amendment.kind != AmendmentKind.ADD and (target is None or values_of(target) != amendment.before):
        raise WrongState(CHANGED)
    if amendment.kind == AmendmentKind.REMOVE:
        covenants.drop_results(target, by=by)
        amendment.target = None
        target.delete()
    else:
        _write(amendment, target or Target(covenant=covenant, position=covenants.next_position(covenant)))
    amendment.applied_at = timezone.now()
    amendment.save(update_fields=["applied_at", "target"])
    before = covenant.digest
    if covenant.closed_at:
        covenant.digest = covenant_text.digest_of(covenant)
        covenant.save(update_fields=["digest"])
    after = {"digest": covenant.digest}
    audit.record("covenant.apply_amendment", by=by, target=amendment, before={"digest": before}, after=after)


def _write(amendment, target):
    values = dict(amendment.after)
    values["value"] = None if values["value"] is None else Decimal(values["value"])
    target.of_id = values.pop("of")
    target.code = values.pop("code") or target.code or covenants.free_code(amendment.covenant)
    for name, value in values.items():
        setattr(target, name, value)
    target.save()
    amendment.target = target
