"""What an officer grants about one thing that is owed, and what is written down about it by hand."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from blocs.domain import audit, calendars, facts, owed, rulesets
from blocs.domain.obligations import renew_bloc
from blocs.enums import Role
from blocs.errors import EditedMeanwhile, NotAllowed, RuleBroken
from blocs.models import BlocYear, Extension, Obligation, Waiver
from blocs.rules import leaders_note, own_units
from blocs.templatetags.vietnamese import day, moment


@transaction.atomic
def extend(obligation_id, *, by, locks_at: datetime, due_at: datetime | None = None, reason: str, seen: str = ""):
    """Give one who owes a later day; others keep theirs. ``seen`` are the ``dates_seen`` of the one who decides.

    Shape:   (Obligation id, new lock, new due moment or None) -> Obligation
    Raises:  NotAllowed, RuleBroken, EditedMeanwhile
    Source:  due-and-lock
    """
    row = _locked(obligation_id, by, "blocs.extend_obligation", reason)
    _check_seen(row, seen)
    if due_at and locks_at < due_at:
        raise RuleBroken("Thời điểm khóa không được trước hạn nộp mới.")
    _check_later(owed.entry_of(row) or row, due_at, locks_at)
    if row.received_at:
        raise RuleBroken("Việc này đã nộp, không cần gia hạn.")
    before = {"due_at": row.due_at, "locks_at": row.locks_at}
    Extension.objects.update_or_create(
        obligation=row, defaults={"due_at": due_at, "locks_at": locks_at, "reason": reason.strip(), "given_by": by}
    )
    renew_bloc(row.bloc_year_id)
    audit.record(
        "obligation.extend",
        by=by,
        target=row,
        before=before,
        after={"due_at": due_at, "locks_at": locks_at},
        note=reason.strip(),
    )
    return Obligation.objects.get(pk=row.pk)


def _check_later(general, due_at, locks_at):
    """Both must be later than what the calendar says for everybody, whatever was granted before."""
    if general.locks_at is None and due_at is None:
        raise RuleBroken("Mốc này không đặt thời điểm khóa, lúc nào cũng nhận; chỉ cần gia hạn khi ghi hạn nộp mới.")
    if general.locks_at and locks_at <= general.locks_at:
        raise RuleBroken(f"Gia hạn phải muộn hơn thời điểm khóa chung ({moment(general.locks_at)}).")
    if due_at and general.due_at is None:
        raise RuleBroken("Mốc này chưa đặt hạn nộp nên chưa có hạn để lùi; chỉ ghi thời điểm khóa.")
    if due_at and due_at <= general.due_at:
        raise RuleBroken(f"Hạn nộp mới phải muộn hơn hạn chung ({moment(general.due_at)}).")


def dates_seen(row):
    """The dates of a row as one text; another text means that somebody changed them.

    Shape:   Obligation -> str
    """
    return "|".join(at.isoformat() if at else "" for at in (row.due_at, row.locks_at))


def _check_seen(row, seen):
    now = dates_seen(row)
    if seen and seen != now:
        theirs = f"hạn {moment(row.due_at) or 'chưa đặt'}, nhận đến {moment(row.locks_at) or 'chưa đặt'}"
        extension = getattr(row, "extension", None)
        who = f"{extension.given_by} vừa gia hạn ({extension.reason})" if extension else "Lịch của khối vừa đổi"
        text = f"{who}: {theirs}. Bấm lần nữa để thay bằng ngày bạn ghi ở dưới, hoặc quay lại để giữ nguyên."
        raise EditedMeanwhile(text, theirs=theirs, version=now)


@transaction.atomic
def waive(obligation_id, *, by, reason):
    """Count what came in late as on time.

    Raises:  NotAllowed, RuleBroken
    Source:  due-and-lock
    """
    row = _locked(obligation_id, by, "blocs.waive_lateness", reason)
    _check_waiver(row, by)
    if row.is_on_time is not False:
        raise RuleBroken("Chỉ miễn tính chậm cho việc đã nộp và đang tính là chậm.")
    Waiver.objects.create(obligation=row, reason=reason.strip(), given_by=by)
    renew_bloc(row.bloc_year_id)
    audit.record("obligation.waive", by=by, target=row, note=reason.strip())
    return Obligation.objects.get(pk=row.pk)


def _check_waiver(row, by):
    if why := _who_waives(row, by):
        raise NotAllowed(why)


def _who_waives(row, by):
    """Who the rule set names may waive, without a word of it the desk officer: a sentence where that is another."""
    bloc_year = row.bloc_year
    rule_set = rulesets.of(bloc_year)
    lateness = rulesets.read(rule_set).lateness if rule_set else None
    who = (lateness and lateness.waived_by) or "desk_officer"
    if who == "head" and not by.seats.having(Role.BLOC_HEAD).filter(bloc_year=bloc_year).exists():
        return "Theo bộ quy tắc, Khối trưởng quyết định miễn tính chậm."
    if who != "head" and not by.has_perm("blocs.extend_obligation", row):
        return "Ban Thi đua - Khen thưởng quyết định miễn tính chậm."
    if who == "desk_officer" and bloc_year.desk_officer_id not in (None, by.pk):
        return f"Chuyên viên theo dõi khối ({bloc_year.desk_officer}) quyết định miễn tính chậm."
    return ""


def why_not(act, row, *, by):
    """Why one who has the right cannot do this now; empty where he can.

    Shape:   ("extend" | "waive" | "receipt", Obligation) -> str
    """
    if act == "waive":
        if row.received_at is None:
            return "Chưa nhận nên chưa có gì để miễn."
        return "Đang tính là đúng hạn, không cần miễn." if row.is_on_time else _who_waives(row, by)
    if row.received_at is not None:
        return f"Đã nhận lúc {moment(row.received_at)}."
    return _who_notes(row, by) if act == "receipt" else ""


def may_note(rows, bloc_year, *, by, now=None):
    """Which of a bloc's rows somebody may write down as received, as ``note_receipt`` would let him.

    Shape:   ([Obligation], BlocYear) -> {Obligation id}; a constant number of queries
    """
    if by.has_perm("blocs.extend_obligation", bloc_year):
        return {row.pk for row in rows}
    if not by.has_perm("blocs.note_receipt", bloc_year):
        return set()
    own, now = own_units(by, bloc_year), now or timezone.now()
    return {
        row.pk for row in rows if leaders_note(row) and row.unit_id not in own and not owed.is_past(row.locks_at, now)
    }


@transaction.atomic
def note_receipt(obligation_id, *, by, at: datetime, reason):
    """Write down that something came in on paper, or was done outside, and when.

    Shape:   (Obligation id, moment in the year's window, text) -> Obligation
    Raises:  NotAllowed, RuleBroken
    Source:  due-and-lock
    """
    row = _locked(obligation_id, by, "blocs.note_receipt", reason)
    if row.received_at:
        raise RuleBroken("Việc này đã ghi nhận rồi.")
    if why := _who_notes(row, by):
        raise NotAllowed(why)
    _check_moment(row.bloc_year.year, at)
    facts.note(row, at=at)
    renew_bloc(row.bloc_year_id)
    audit.record("obligation.note_receipt", by=by, target=row, after={"at": at}, note=reason.strip())
    return Obligation.objects.get(pk=row.pk)


def _check_moment(year, at):
    first, last = calendars.window(year)
    if at > timezone.now():
        raise RuleBroken("Thời điểm nhận không được ở tương lai.")
    if not first <= timezone.localdate(at) <= last:
        raise RuleBroken(f"Ngày {day(at)} ở ngoài năm {year.label} (nhận từ {day(first)} đến {day(last)}).")


def _who_notes(row, by):
    """After the lock the board decides what still counts: a sentence for those who lead the bloc."""
    if owed.is_past(row.locks_at, timezone.now()) and not by.has_perm("blocs.extend_obligation", row):
        return f"Đã khóa nhận từ {moment(row.locks_at)}; Ban Thi đua - Khen thưởng ghi."
    return ""


def _locked(obligation_id, by, permission, reason):
    bloc_year_id = Obligation.objects.values_list("bloc_year", flat=True).get(pk=obligation_id)
    BlocYear.objects.select_for_update().get(pk=bloc_year_id)
    rows = Obligation.objects.select_related("bloc_year__year__authority", "bloc_year__bloc", "unit", "extension")
    row = rows.get(pk=obligation_id)
    if not by.has_perm(permission, row):
        raise NotAllowed("Bạn không có quyền quyết định việc này.")
    if not reason.strip():
        raise RuleBroken("Cần ghi rõ lý do.")
    return row
