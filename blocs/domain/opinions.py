"""What is said at a meeting: registered speeches, opinions, questions and the answers to them."""

from django.db import transaction
from django.db.models import Max

from blocs.domain import attendance, audit, organisation
from blocs.enums import OpinionKind
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.models import Conference, Opinion, UnitYear

MAX_TEXT = 20_000


@transaction.atomic
def save(conference_id, *, by, opinion_id=None, kind, unit=None, speaker="", minutes=None, text="",
         answer="", answered_by="", opened=""):  # fmt: skip
    """Write down a speech, an opinion or a question; a member unit registers its own until the meeting ends.

    Shape:   (Conference id, fields of an Opinion, ``opened_with`` that the form carries) -> Opinion
    Locks:   the conference row
    Raises:  NotAllowed, WrongState, RuleBroken, EditedMeanwhile
    """
    conference = _locked(conference_id)
    runs = by.has_perm("blocs.run_conference", conference)
    row = _row(conference, opinion_id) if opinion_id else None
    if not runs:
        _check_own(conference, unit, row, by)
        answer, answered_by = (row.answer, row.answered_by) if row else ("", "")
    if unit and not UnitYear.objects.filter(year=conference.year_id, pk=unit.pk).exists():
        raise RuleBroken("Không có đơn vị này trong năm.")
    _check_texts(kind, unit, speaker, text, answer)
    if row:
        organisation.check_same(_in_words(row), opened)
    before = _shown(row) if row else None
    row = row or Opinion(conference=conference, position=_next(conference), registered_by=by)
    row.kind, row.unit, row.speaker, row.minutes = kind, unit, speaker, minutes
    row.text, row.answer, row.answered_by = text, answer, answered_by
    row.save()
    if (after := _shown(row)) != before:
        audit.record("conference.save_opinion", by=by, target=conference, before=before, after=after)
    return row


@transaction.atomic
def remove(conference_id, opinion_id, *, by):
    """Raises: NotAllowed, WrongState, RuleBroken"""
    conference = _locked(conference_id)
    row = _row(conference, opinion_id)
    if not by.has_perm("blocs.run_conference", conference):
        _check_own(conference, row.unit, row, by)
    audit.record("conference.remove_opinion", by=by, target=conference, before=_shown(row))
    row.delete()


@transaction.atomic
def put_forward(conference_id, opinion_id, *, by):
    """One place nearer to the front of the order in which people speak.

    Raises:  NotAllowed, RuleBroken
    """
    conference = _locked(conference_id)
    if not by.has_perm("blocs.run_conference", conference):
        raise NotAllowed("Chỉ người điều hành hội nghị xếp thứ tự phát biểu.")
    rows = list(conference.opinions.all())
    place = next((place for place, row in enumerate(rows) if row.pk == opinion_id), None)
    if place is None:
        raise RuleBroken("Ý kiến này vừa được người khác bỏ.")
    if place:
        rows[place - 1], rows[place] = rows[place], rows[place - 1]
    for position, row in enumerate(rows):
        row.position = position
    Opinion.objects.bulk_update(rows, ["position"])
    audit.record("conference.order_opinion", by=by, target=conference, after={"position": max(place - 1, 0) + 1})


def may_write(conference, opinion, user, *, units=None):
    """Whether a user changes or withdraws an entry: who runs the meeting; its unit until the end.

    Shape:   (Conference, Opinion, User) -> bool; ``units`` are the user's own, where they were read already
    """
    own = attendance.units_of(user, conference) if units is None else units
    return conference.ended_at is None and not opinion.answer and opinion.unit_id in {unit.pk for unit in own}


def _check_own(conference, unit, row, by):
    if conference.ended_at:
        raise WrongState("Hội nghị đã bế mạc; chỉ người điều hành sửa biên bản.")
    own = {member.pk for member in attendance.units_of(by, conference)}
    if unit is None or unit.pk not in own or (row and row.unit_id not in own):
        raise NotAllowed("Bạn chỉ đăng ký phát biểu, đặt câu hỏi cho đơn vị của mình.")
    if row and row.answer:
        raise WrongState("Câu hỏi đã có trả lời, không sửa được nữa.")


def _check_texts(kind, unit, speaker, text, answer):
    if unit is None and not speaker:
        raise RuleBroken("Ghi đơn vị hoặc người phát biểu.")
    if answer and kind != OpinionKind.QUESTION:
        raise RuleBroken("Chỉ câu hỏi mới có trả lời. Chọn loại “Câu hỏi”.")
    if max(len(text), len(answer)) > MAX_TEXT:
        raise RuleBroken(f"Nội dung dài quá {MAX_TEXT} chữ; ghi ý chính.")


def _row(conference, opinion_id):
    row = conference.opinions.select_related("unit").filter(pk=opinion_id).first()
    if row is None:
        raise RuleBroken("Ý kiến này vừa được người khác bỏ.")
    return row


def _locked(conference_id):
    Conference.objects.select_for_update().get(pk=conference_id)
    return Conference.objects.for_page().get(pk=conference_id)


def _next(conference):
    last = conference.opinions.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def opened_with(row):
    """Shape: Opinion -> the digest that its form carries"""
    return organisation.digest(_in_words(row))


def _in_words(row):
    return organisation.labelled(Opinion, _shown(row))


def _shown(row):
    return {
        "kind": row.get_kind_display(), "unit": row.unit.name if row.unit else "", "speaker": row.speaker,
        "minutes": row.minutes, "text": row.text, "answer": row.answer, "answered_by": row.answered_by,
    }  # fmt: skip
