"""Targets of a covenant and what was reached."""

from copy import copy
from decimal import Decimal
from itertools import chain

from django.db import transaction
from django.db.models import Max, Q

from blocs.domain import audit, organisation
from blocs.enums import MEMBER_UNIT_ROLES, Direction, Operator
from blocs.errors import NotAllowed, RuleBroken
from blocs.models import BlocYear, Covenant, ResultEvidence, Target, TargetResult
from blocs.templatetags.vietnamese import figure

PROMISE = ("unit_of_measure", "op", "value", "direction", "source")


@transaction.atomic
def save_target(bloc_year_id, *, by, target_id=None, code="", of=None, text, opened="", **columns):
    """Add a target to the bloc's covenant or change one, as long as the text is not closed.

    Without a ``code`` a target keeps its own, a new one gets the next free ``T1``, ``T2``, …

    Shape:   (BlocYear id, columns of ``PROMISE``, those that are not named stay; ``target_digest`` that the form
             carries) -> the saved Target
    Locks:   the bloc year row
    Raises:  NotAllowed, RuleBroken, EditedMeanwhile
    """
    covenant = open_covenant(bloc_year_id, by)
    target = _target(covenant, target_id) if target_id else Target(covenant=covenant, position=next_position(covenant))
    code = code or target.code or free_code(covenant)
    if covenant.targets.filter(code=code, of=of).exclude(pk=target_id).exists():
        raise RuleBroken(f"Đã có chỉ tiêu mã “{code}”.")
    if of is not None and not covenant.bloc_year.memberships.filter(unit=of).exists():
        raise RuleBroken("Chỉ tiêu riêng phải là của một đơn vị thành viên.")
    if target_id:
        organisation.check_unchanged(target, _in_words(target), opened)
    before = _shown(target) if target_id else None
    target.code, target.of, target.text = code, of, text
    for name in PROMISE:
        setattr(target, name, columns.get(name, getattr(target, name)))
    check_promise(target)
    target.save()
    if of is not None and not target.results.exists():  # what the unit answered to the bloc's target of this code
        TargetResult.objects.filter(target__covenant=covenant, target__of=None, target__code=code, of=of).update(
            target=target
        )
    audit.record("covenant.save_target", by=by, target=target, before=before, after=_shown(target))
    return target


@transaction.atomic
def delete_target(bloc_year_id, target_id, *, by):
    """Take a target out of a covenant whose text is not closed, with what units have noted and not sent.

    Raises:  NotAllowed, RuleBroken
    """
    covenant = open_covenant(bloc_year_id, by)
    target = _target(covenant, target_id)
    if target.results.exclude(is_draft=True, was_sent=False).exists():
        raise RuleBroken("Chỉ tiêu đã có kết quả, không xóa được.")
    drop_results(target, by=by)
    audit.record("covenant.delete_target", by=by, target=target, before=_shown(target))
    target.delete()


def drop_results(target, *, by):
    """Take away what was reached towards a target that is taken out, and its evidence; the trail keeps each of them.

    Shape:   Target -> None
    Call it inside the transaction and under the lock of the act that takes the target out.
    """
    for row in target.results.select_related("of").prefetch_related("evidence"):
        files = [f"{file.name} ({file.sha256})" for file in row.evidence.all()]
        before = {"of": row.of and row.of.name, "value": row.value, "note": row.note, "files": files}
        audit.record("covenant.drop_result", by=by, target=target, before=before)
        row.delete()


def dropped_of(target):
    """What goes with a target that is taken out, for the page before the act.

    Shape:   Target -> str, empty where there is nothing
    """
    return dropped_words(target.results.count(), ResultEvidence.objects.filter(result__target=target).count())


def dropped_words(results, files):
    """Shape: (number of results, number of files) -> str, empty where there is nothing"""
    if not results:
        return ""
    words = f"{figure(results)} kết quả" + (f" và {figure(files)} minh chứng" if files else "")
    return f"Chỉ tiêu đang có {words}; bỏ chỉ tiêu thì các kết quả này mất theo, nhật ký giữ giá trị và của đơn vị nào."


@transaction.atomic
def record_bloc_result(bloc_year_id, target_id, *, by, value, note="", opened=""):
    """Note what the bloc as a whole reached towards one of its own targets; signed or not.

    Shape:   (BlocYear id, Target id, Decimal or None, text, ``opened_with`` that the form carries) -> TargetResult
             or None
    Locks:   the bloc year row
    Raises:  NotAllowed, RuleBroken, EditedMeanwhile
    """
    bloc_year = BlocYear.objects.select_for_update().get(pk=bloc_year_id)
    if not by.has_perm("blocs.edit_covenant", bloc_year):
        raise NotAllowed("Chỉ Khối trưởng, Khối phó được ghi kết quả chung của khối.")
    check_not_closed(bloc_year)
    own = Target.objects.select_related("covenant").filter(covenant__bloc_year=bloc_year, of=None)
    target = own.filter(pk=target_id).first()
    if target is None:
        raise RuleBroken("Chỉ tiêu này không còn trong giao ước của khối.")
    return record_result(target, by=by, value=value, note=note, opened=opened)


@transaction.atomic
def record_result(target, *, by, of=None, value=None, note="", draft=False, opened=""):
    """Note what the bloc, or the unit ``of``, reached. An empty value and note take the result away.

    Shape:   (Target, UnitYear or None, Decimal or None, ``opened_with`` of what the writer started from or empty) ->
             TargetResult or None
    Locks:   the covenant's bloc year row
    Raises:  RuleBroken where a result with evidence would be taken away, EditedMeanwhile
    The caller has checked the right to do so; ``draft`` marks what a unit has not sent yet.
    """
    BlocYear.objects.select_for_update().get(pk=target.covenant.bloc_year_id)
    result = target.results.filter(of=of).first()
    before = result and {"value": result.value, "note": result.note}
    what = "unit_result" if draft else "result"
    if (before or {"value": None, "note": ""}) != {"value": value, "note": note}:
        organisation.check_same(result_values(**before or {}), opened)
    if value is None and not note:
        if result and before != {"value": None, "note": ""}:
            if result.evidence.exists():
                raise RuleBroken("Kết quả này có minh chứng; gỡ minh chứng trước khi xóa kết quả.")
            audit.record(f"covenant.clear_{what}", by=by, target=target, before=before)
            _clear(result, draft)
        return None
    if before == {"value": value, "note": note}:
        return result
    result = result or TargetResult(target=target, of=of, position=_next_result(target.covenant_id), is_draft=True)
    _write(result, value, note, draft)
    after = {"value": value, "note": note}
    audit.record(f"covenant.record_{what}", by=by, target=target, before=before, after=after)
    return result


def _write(result, value, note, draft):
    """What was sent stays beside what is not sent yet."""
    sent = result.sent
    result.value, result.note = value, note
    keeps = draft and sent is not None and sent != (value, note)
    result.is_draft, result.was_sent = draft and (keeps or sent is None), keeps
    result.sent_value, result.sent_note = sent if keeps else (None, "")
    result.save()


def _clear(result, draft):
    if draft and result.sent is not None:
        _write(result, None, "", draft)
    else:
        result.delete()


def result_values(value=None, note=""):
    """A result as its form is opened with it.

    Shape:   (Decimal or None, text) -> {label: text}
    """
    return {"Kết quả": figure(value), "Ghi chú": note}


def opened_with(value=None, note=""):
    """Shape: (Decimal or None, text) -> the digest that the form of a result carries"""
    return organisation.digest(result_values(value, note))


def verdict(target, value):
    """What a value means for a target: ``met``, ``exceeded``, ``missed`` or ``unknown``.

    Shape:   (Target, Decimal or None) -> str
    Without an operator, a target with a number reads as "at least"; as "at most" where less is better.
    """
    if value is None or target.value is None:
        return "unknown"
    promised, op = target.value, operator_of(target)
    met = {
        Operator.AT_LEAST: value >= promised,
        Operator.MORE: value > promised,
        Operator.EQUAL: value == promised,
        Operator.AT_MOST: value <= promised,
        Operator.LESS: value < promised,
    }[op]
    better = value > promised if direction_of(target) == Direction.UP else value < promised
    if op == Operator.EQUAL and target.direction and better:
        return "exceeded"
    if not met:
        return "missed"
    return "exceeded" if better and op in (Operator.AT_LEAST, Operator.AT_MOST) else "met"


def operator_of(target):
    """Shape: Target -> Operator; what an empty one means"""
    return target.op or (Operator.AT_MOST if target.direction == Direction.DOWN else Operator.AT_LEAST)


def direction_of(target):
    """Which way is better: as the target says, else as its operator does.

    Shape:   Target -> Direction
    """
    if target.direction:
        return target.direction
    return Direction.DOWN if target.op in (Operator.AT_MOST, Operator.LESS) else Direction.UP


VERDICTS = {"met": "Đạt", "exceeded": "Vượt", "missed": "Chưa đạt", "unknown": "Chưa có số liệu"}
SIGNS = {">=": "≥ ", ">": "> ", "=": "", "<=": "≤ ", "<": "< ", "": ""}


def promised(target):
    """The promise as a table cell: ``≥ 1.200``; empty for a target in words."""
    return f"{SIGNS[target.op]}{figure(target.value)}" if target.value is not None else ""


def verdict_words(target, value):
    """``Đạt``, ``Vượt``, ``Chưa đạt (94,98 %)``, ``Chưa có số liệu``; the share where more is better."""
    found = verdict(target, value)
    if found == "missed" and target.value > 0 and direction_of(target) == Direction.UP:
        share = (100 * value / target.value).quantize(Decimal("0.01"))
        return f"{VERDICTS[found]} ({figure(share)}\u00a0%)"
    if found == "exceeded" and direction_of(target) == Direction.DOWN:
        return "Tốt hơn giao ước"
    return VERDICTS[found]


def results_seen_by(user, bloc_year):
    """The results of a bloc's covenant that the user may read: a unit's unsent ones are its own. ``as_seen`` gives
    their words.

    Shape:   (User, BlocYear) -> TargetResult queryset
    """
    results = TargetResult.objects.filter(target__covenant__bloc_year=bloc_year)
    own = user.seats.having(*MEMBER_UNIT_ROLES).values("unit")
    return results.filter(Q(is_draft=False) | Q(was_sent=True) | Q(of__unit__in=own))


def as_seen(user, results):
    """Results as the user reads them: of other units what was sent last.

    Shape:   (User, TargetResults with ``of``) -> [TargetResult]; what ``published`` changed is not to be saved
    """
    own = set(user.seats.having(*MEMBER_UNIT_ROLES).values_list("unit", flat=True))
    found = [[row] if row.of and row.of.unit_id in own else published([row]) for row in results]
    return list(chain(*found))


def published(results):
    """What everybody reads: each result as it was sent last, without those that never were.

    Shape:   TargetResults -> [TargetResult]; not to be saved
    """
    found = [copy(result) for result in results if result.sent is not None]
    for result in found:
        result.value, result.note = result.sent
    return found


def release_results(bloc_year, unit):
    """A unit's results are read by all once its report is sent; call it inside the act that sends."""
    drafts = TargetResult.objects.filter(target__covenant__bloc_year=bloc_year, of=unit, is_draft=True)
    drafts.filter(value=None, note="", evidence=None).delete()  # taken back since it was sent
    drafts.update(is_draft=False, was_sent=False, sent_value=None, sent_note="")


def check_not_closed(bloc_year):
    """Refuse a change of what a sent report or a decision rests on; the caller holds the lock of the bloc year.

    Raises:  RuleBroken
    """
    if bloc_year.is_closed:
        raise RuleBroken(
            "Khối đã gửi báo cáo tổng kết hoặc đã có quyết định khen thưởng; số liệu này không sửa được nữa."
        )


def check_promise(target):
    """Refuse a promise that contradicts itself.

    Shape:   Target, not yet saved
    Raises:  RuleBroken
    """
    if target.op and target.value is None:
        raise RuleBroken(f"Chỉ tiêu “{target}” có yêu cầu so sánh nhưng chưa có số giao ước.")
    against = {Direction.DOWN: (Operator.AT_LEAST, Operator.MORE), Direction.UP: (Operator.AT_MOST, Operator.LESS)}
    if target.op in against.get(target.direction, ()):
        op, way = Operator(target.op).label, Direction(target.direction).label.lower()
        raise RuleBroken(f"Yêu cầu “{op}” không đi cùng “{way}”.")


def open_covenant(bloc_year_id, by):
    """The covenant of a bloc's year, locked, where the user may change its text now; begun when there is none.

    Shape:   (BlocYear id, User) -> Covenant
    Locks:   the bloc year row
    Raises:  NotAllowed, RuleBroken
    """
    bloc_year = BlocYear.objects.select_for_update().get(pk=bloc_year_id)
    if not by.has_perm("blocs.edit_covenant", bloc_year):
        raise NotAllowed("Chỉ Khối trưởng, Khối phó được sửa giao ước.")
    covenant, _ = Covenant.objects.get_or_create(bloc_year=bloc_year)
    if covenant.signed_on:
        raise RuleBroken("Giao ước đã ký, chỉ tiêu chỉ đổi bằng đề nghị điều chỉnh.")
    if covenant.is_closed:
        raise RuleBroken("Văn bản giao ước đã chốt để ký; Khối trưởng mở lại văn bản rồi mới sửa được.")
    return covenant


def _target(covenant, target_id):
    target = covenant.targets.filter(pk=target_id).first()
    if target is None:
        raise RuleBroken("Chỉ tiêu này vừa được người khác xóa.")
    return target


def free_code(covenant):
    """Shape: Covenant -> the next code ``T1``, ``T2``, … that none of its targets has"""
    taken = set(covenant.targets.values_list("code", flat=True))
    return next(f"T{number}" for number in range(1, len(taken) + 2) if f"T{number}" not in taken)


def next_position(covenant):
    """Shape: Covenant -> int, behind its last target"""
    last = covenant.targets.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _next_result(covenant_id):
    last = TargetResult.objects.filter(target__covenant=covenant_id).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def promise_of(target):
    """What a target promises, as plain values.

    Shape:   Target -> {column: value}
    """
    return {name: getattr(target, name) for name in ("text", *PROMISE)}


def target_digest(target):
    """Shape: Target -> the digest that its form carries"""
    return organisation.digest(_in_words(target))


def _in_words(target):
    words = {"op": target.get_op_display(), "direction": target.get_direction_display(), "value": figure(target.value)}
    return organisation.labelled(Target, _shown(target) | words)


def _shown(target):
    return {"code": target.code, "of": target.of and target.of.name} | promise_of(target)
