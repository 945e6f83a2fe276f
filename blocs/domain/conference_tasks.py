"""What follows from a meeting: who does it, until when, and that it was done."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from blocs.domain import audit, conferences, organisation
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.models import Conference, ConferenceTask, UnitYear
from blocs.templatetags.vietnamese import day, moment


@transaction.atomic
def save(conference_id, *, by, task_id=None, text, unit=None, person="", due_on, opened=""):
    """Give a task of a meeting to a unit, or to the board where no unit is named.

    Shape:   (Conference id, fields of a ConferenceTask, ``opened_with`` that the form carries) -> ConferenceTask
    Locks:   the conference row
    Raises:  NotAllowed, WrongState, RuleBroken, EditedMeanwhile
    """
    conference = conferences.locked(conference_id, by=by)
    if unit and not UnitYear.objects.filter(year=conference.year_id, pk=unit.pk).exists():
        raise RuleBroken("Không có đơn vị này trong năm.")
    if conference.held_on and due_on < conference.held_on:
        raise RuleBroken(f"Hạn phải từ ngày họp ({day(conference.held_on)}) trở đi.")
    row = _row(conference, task_id) if task_id else None
    if row and row.done_at:
        raise WrongState("Việc này đã xong, không sửa được nữa.")
    if row:
        organisation.check_same(_in_words(row), opened)
    before = _shown(row) if row else None
    row = row or ConferenceTask(conference=conference, position=_next(conference))
    row.text, row.unit, row.person, row.due_on = text, unit, person, due_on
    row.save()
    if (after := _shown(row)) != before:
        audit.record("conference.save_task", by=by, target=conference, before=before, after=after)
    return row


@transaction.atomic
def remove(conference_id, task_id, *, by):
    """Raises: NotAllowed, WrongState, RuleBroken"""
    conference = conferences.locked(conference_id, by=by)
    row = _row(conference, task_id)
    if row.done_at:
        raise WrongState("Việc này đã xong, không bỏ được nữa.")
    audit.record("conference.remove_task", by=by, target=conference, before=_shown(row))
    row.delete()


@transaction.atomic
def finish(task_id, *, note, by, now=None):
    """Say that a task is done, and what came of it.

    Shape:   id -> ConferenceTask
    Locks:   the conference row, then the task row
    Raises:  NotAllowed, WrongState
    """
    row = _locked(task_id)
    if not by.has_perm("blocs.finish_task", row):
        raise NotAllowed("Chỉ nơi được giao việc và người điều hành hội nghị ghi việc đã xong.")
    if row.done_at:
        raise WrongState(f"Việc này đã ghi xong lúc {moment(row.done_at)}.")
    row.done_at, row.done_by, row.done_note = now or timezone.now(), by, note
    row.save(update_fields=["done_at", "done_by", "done_note"])
    audit.record("conference.finish_task", by=by, target=row.conference, after=_shown(row) | {"note": note})
    return row


@transaction.atomic
def reopen(task_id, *, by):
    """A task that was called done too early; who runs the meeting says so.

    Raises:  NotAllowed, WrongState
    """
    row = _locked(task_id)
    if not by.has_perm("blocs.run_conference", row.conference):
        raise NotAllowed("Chỉ người điều hành hội nghị mở lại việc.")
    if row.done_at is None:
        raise WrongState("Việc này chưa ghi xong.")
    audit.record("conference.reopen_task", by=by, target=row.conference, before=_shown(row) | {"note": row.done_note})
    row.done_at, row.done_by, row.done_note = None, None, ""
    row.save(update_fields=["done_at", "done_by", "done_note"])
    return row


def _locked(task_id):
    place = ConferenceTask.objects.filter(pk=task_id).values_list("conference", flat=True).first()
    if place is None:
        raise WrongState("Việc này vừa được người khác bỏ.")
    Conference.objects.select_for_update().get(pk=place)
    rows = ConferenceTask.objects.select_related("unit", "conference__bloc_year", "conference__year")
    return rows.get(pk=task_id)


def _row(conference, task_id):
    row = conference.tasks.select_related("unit").filter(pk=task_id).first()
    if row is None:
        raise RuleBroken("Việc này vừa được người khác bỏ.")
    return row


def _next(conference):
    last = conference.tasks.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def opened_with(row):
    """Shape: ConferenceTask -> the digest that its form carries"""
    return organisation.digest(_in_words(row))


def _in_words(row):
    return organisation.labelled(ConferenceTask, _shown(row))


def _shown(row):
    unit = row.unit.name if row.unit else "Ban Thi đua - Khen thưởng"
    return {"text": row.text, "unit": unit, "person": row.person, "due_on": day(row.due_on)}
