"""Meetings of a bloc, or of the council: planned, opened, closed; what was concluded; pictures."""

import hashlib
import secrets
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from blocs.domain import attachments, audit, obligations, organisation
from blocs.domain.files import HANOI
from blocs.enums import ConferenceKind
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.models import AgendaItem, AuditEvent, BlocYear, Conference, ConferencePicture, Handover, Year
from blocs.templatetags.vietnamese import day, moment

FIELDS = ("kind", "held_on", "starts_at", "place", "chair", "secretary", "guests", "quorum", "quorum_of")
LABELS = {
    "kind": "Loại", "held_on": "Ngày họp", "starts_at": "Giờ bắt đầu", "place": "Địa điểm", "chair": "Chủ trì",
    "secretary": "Thư ký", "guests": "Đại biểu", "quorum": "Cần có mặt (phần)", "quorum_of": "Trên tổng số (phần)",
}  # fmt: skip
MAX_PICTURES = 60
MINUTES = "conference-minutes"  # the kind of paper, as the app above names it
SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that people take for another
BEFORE, AFTER = timedelta(days=92), timedelta(days=304)  # how far a meeting lies from its year, as in the year file


@transaction.atomic
def call(bloc_year_id, *, by, **values):
    """Plan a meeting of a bloc, or note one that was held.

    Shape:   (BlocYear id, the ``FIELDS``) -> Conference
    Locks:   the bloc year row
    Raises:  NotAllowed, RuleBroken
    """
    bloc_year = BlocYear.objects.select_for_update(of=("self",)).select_related("year").get(pk=bloc_year_id)
    conference = Conference(year=bloc_year.year, bloc_year=bloc_year, position=_next(bloc_year.year_id), **values)
    return _save_new(conference, by)


@transaction.atomic
def call_council(year_id, *, by, **values):
    """Plan a meeting of the council of a year.

    Shape:   (Year id, the ``FIELDS``) -> Conference
    Raises:  NotAllowed, RuleBroken
    """
    year = Year.objects.select_for_update(no_key=True).get(pk=year_id)
    return _save_new(Conference(year=year, position=_next(year_id), **values), by)


def _save_new(conference, by):
    _check_may_run(conference, by)
    _check_day(conference)
    conference.save()
    _renew(conference)
    audit.record("conference.call", by=by, target=conference, after=shown(conference))
    return conference


@transaction.atomic
def edit(conference_id, *, by, opened="", **values):
    """Correct a meeting's day, place, people or quorum; ``opened`` is the digest that the form was opened with.

    Raises:  NotAllowed, WrongState, RuleBroken, EditedMeanwhile
    """
    conference = locked(conference_id, by=by)
    organisation.check_unchanged(conference, shown(conference), opened)
    before = shown(conference)
    if conference.opened_at and (values["held_on"], values["kind"]) != (conference.held_on, conference.kind):
        raise WrongState("Hội nghị đã khai mạc, không đổi loại và ngày họp nữa.")
    for name, value in values.items():
        setattr(conference, name, value)
    _check_day(conference)
    if (after := shown(conference)) != before:
        conference.save()
        _renew(conference)
        audit.record("conference.edit", by=by, target=conference, before=before, after=after)
    return conference


@transaction.atomic
def remove(conference_id, *, by):
    """Take away a meeting that was not opened and of which nobody was noted as present.

    Raises:  NotAllowed, WrongState
    """
    conference = locked(conference_id, by=by)
    if conference.opened_at or conference.attendances.exists() or conference.tasks.exists():
        raise WrongState("Hội nghị đã khai mạc hoặc đã có người điểm danh, có việc giao: không xóa được.")
    if conference.pictures.exists() or conference.renderings.exists():
        raise WrongState("Hội nghị đã có ảnh hoặc văn bản đã tạo: không xóa được.")
    bloc_year_id = conference.bloc_year_id
    audit.record("conference.remove", by=by, target=conference, before=shown(conference))
    conference.delete()
    if bloc_year_id:
        obligations.renew_bloc(bloc_year_id)


@transaction.atomic
def set_agenda(conference_id, items, *, by, opened=""):
    """Write the agenda as it is to be printed.

    Shape:   (id, [(time or None, text, presenter)] in their order) -> None
    Raises:  NotAllowed, EditedMeanwhile
    """
    conference = locked(conference_id, by=by)
    organisation.check_unchanged(conference, agenda_values(conference), opened)
    before = agenda_values(conference)
    conference.agenda.all().delete()
    AgendaItem.objects.bulk_create(
        AgendaItem(conference=conference, starts_at=starts_at, text=text, presenter=presenter, position=position)
        for position, (starts_at, text, presenter) in enumerate(items)
    )
    if (after := agenda_values(conference)) != before:
        audit.record("conference.agenda", by=by, target=conference, before=before, after=after)


@transaction.atomic
def start(conference_id, *, by, now=None):
    """Open the meeting: attendance by phone is open from now on. One of an earlier day is noted as held then.

    Shape:   id -> Conference
    Raises:  NotAllowed, WrongState, RuleBroken
    """
    now = now or timezone.now()
    conference = locked(conference_id, by=by)
    if conference.opened_at:
        raise WrongState(f"Hội nghị đã khai mạc lúc {moment(conference.opened_at)}.")
    if conference.held_on is None:
        raise RuleBroken("Chưa ghi ngày họp. Sửa thông tin hội nghị rồi khai mạc.")
    if conference.held_on > timezone.localdate(now):
        raise RuleBroken(f"Hội nghị ghi họp ngày {day(conference.held_on)}; khai mạc sớm hơn thì sửa ngày họp trước.")
    if conference.held_on == timezone.localdate(now):
        conference.opened_at, conference.code = now, conference.code or _fresh_code()
    else:
        conference.opened_at = datetime.combine(conference.held_on, conference.starts_at or time(8), HANOI)
    conference.save(update_fields=["opened_at", "code"])
    _renew(conference)
    audit.record("conference.open", by=by, target=conference, after={"at": moment(conference.opened_at)})
    return conference


@transaction.atomic
def undo_start(conference_id, *, reason, by):
    """Take back an opening by mistake; the meeting is a planned one again, its code opens nothing any more.

    Shape:   (id, text) -> Conference
    Locks:   the conference row, then the bloc year row
    Raises:  NotAllowed, WrongState, RuleBroken
    """
    conference = locked(conference_id, by=by)
    if not conference.is_running:
        raise WrongState("Hội nghị chưa khai mạc." if conference.opened_at is None else "Hội nghị đã bế mạc.")
    if not reason.strip():
        raise RuleBroken("Cần ghi rõ lý do.")
    if rests := _rests_on(conference):
        raise RuleBroken(f"Không hủy khai mạc được: {rests}.")
    before = {"at": moment(conference.opened_at)}
    audit.record("conference.undo_open", by=by, target=conference, before=before, note=reason.strip())
    conference.opened_at, conference.code = None, ""
    conference.save(update_fields=["opened_at", "code"])
    _renew(conference)
    return conference


def _rests_on(conference):
    """What could not be without this meeting, in words; empty where nothing rests on it."""
    rows = {
        "đã có đơn vị được ghi có mặt; bỏ ghi có mặt trước": conference.attendances,
        "đã tạo biên bản": conference.renderings.filter(kind=MINUTES),
        "đã ghi trao thưởng tại hội nghị này": conference.presentations,
    }
    if found := next((words for words, of_kind in rows.items() if of_kind.exists()), ""):
        return found
    if conference.bloc_year_id is None or conference.kind != ConferenceKind.YEAR_END:
        return ""
    bloc_year = BlocYear.objects.select_for_update().filter(pk=conference.bloc_year_id)
    list(bloc_year.values_list("pk"))
    if BlocYear.objects.filter(pk=conference.bloc_year_id, summary_report__adopted_on=conference.held_on).exists():
        return "hội nghị đã thông qua báo cáo tổng kết"
    others = Conference.objects.held().filter(bloc_year=conference.bloc_year_id, kind=conference.kind)
    if not others.exclude(pk=conference.pk).exists() and Handover.objects.filter(bloc_year__in=bloc_year).exists():
        return "đã lập biên bản bàn giao"
    return ""


@transaction.atomic
def end(conference_id, *, by, at=None, now=None):
    """Close the meeting: nobody reports his presence by phone any more.

    Shape:   (id, time of day or None for now, on its own day only) -> Conference
    Raises:  NotAllowed, WrongState, RuleBroken
    """
    now = now or timezone.now()
    conference = locked(conference_id, by=by)
    if not conference.is_running:
        raise WrongState("Hội nghị chưa khai mạc." if conference.opened_at is None else "Hội nghị đã bế mạc.")
    if at is None and timezone.localdate(now) != conference.held_on:
        raise RuleBroken(f"Hội nghị họp ngày {day(conference.held_on)}: ghi giờ bế mạc của ngày đó.")
    ended_at = datetime.combine(conference.held_on, at, HANOI) if at else now
    if not conference.opened_at <= ended_at <= now:
        raise RuleBroken("Giờ bế mạc phải sau giờ khai mạc và không ở tương lai.")
    conference.ended_at = ended_at
    conference.save(update_fields=["ended_at"])
    audit.record("conference.end", by=by, target=conference, after={"at": moment(ended_at)})
    return conference


@transaction.atomic
def resume(conference_id, *, by):
    """Undo a closing that came too early.

    Raises:  NotAllowed, WrongState
    """
    conference = locked(conference_id, by=by)
    if conference.ended_at is None:
        raise WrongState("Hội nghị chưa bế mạc.")
    audit.record("conference.resume", by=by, target=conference, before={"at": moment(conference.ended_at)})
    conference.ended_at = None
    conference.save(update_fields=["ended_at"])
    return conference


@transaction.atomic
def conclude(conference_id, *, directions, conclusions, by, opened=""):
    """Write down what the leader directed and what the meeting concluded.

    Shape:   (id, [text], [text]) -> Conference
    Raises:  NotAllowed, EditedMeanwhile
    """
    conference = locked(conference_id, by=by)
    before = conclusion_values(conference)
    organisation.check_unchanged(conference, before, opened)
    conference.directions, conference.conclusions = directions, conclusions
    if (after := conclusion_values(conference)) != before:
        conference.save(update_fields=["directions", "conclusions"])
        audit.record("conference.conclude", by=by, target=conference, before=before, after=after)
    return conference


@transaction.atomic
def add_picture(conference_id, judged, *, caption, by):
    """Keep a picture of the meeting; also after its end.

    Shape:   (id, Judged) -> ConferencePicture
    Raises:  NotAllowed, RuleBroken
    """
    conference = locked(conference_id, by=by)
    if conference.pictures.filter(sha256=hashlib.sha256(judged.content).hexdigest()).exists():
        raise RuleBroken("Ảnh này đã có trong hội nghị.")
    if conference.pictures.count() >= MAX_PICTURES:
        raise RuleBroken(f"Mỗi hội nghị nhiều nhất {MAX_PICTURES} ảnh.")
    columns = {"conference": conference, "caption": caption}
    return attachments.attach(
        ConferencePicture, judged, by=by, target=conference, action="conference.add_picture", **columns
    )


@transaction.atomic
def remove_picture(conference_id, picture_id, *, by):
    """Raises: NotAllowed, RuleBroken"""
    conference = locked(conference_id, by=by)
    picture = conference.pictures.filter(pk=picture_id).first()
    if picture is None:
        raise RuleBroken("Ảnh này vừa được người khác bỏ.")
    before = {"name": picture.name, "sha256": picture.sha256}
    audit.record("conference.remove_picture", by=by, target=conference, before=before)
    picture.delete()


def withdraw_year_end(bloc_year, *, held_on, by):
    """Take back the year-end conference that ``note_year_end`` wrote, as long as nobody wrote anything to it since.

    Shape:   (BlocYear, date); the same call conditions as ``note_year_end``
    """
    rows = bloc_year.conferences.filter(
        kind=ConferenceKind.YEAR_END, held_on=held_on, starts_at=None, opened_at=None, attendances__isnull=True,
        agenda__isnull=True, opinions__isnull=True, tasks__isnull=True, pictures__isnull=True, renderings__isnull=True,
        guests=[], directions=[], conclusions=[], place="", chair="", secretary="",
    )  # fmt: skip
    for row in [row for row in rows if _only_noted(row)]:
        audit.record("conference.withdraw", by=by, target=row, before={"held_on": held_on})
        row.delete()
        obligations.renew_bloc(bloc_year.pk)


def _only_noted(conference):
    """Whether the trail knows nothing of it but that an act noted its day."""
    events = AuditEvent.objects.filter(target=f"{conference._meta.label_lower}:{conference.pk}")  # noqa: SLF001 -- as audit
    return {event.action for event in events} == {"conference.note"}


def note_year_end(bloc_year, *, held_on, by):
    """Note the day of the year-end conference unless one is noted already.

    Shape:   (BlocYear, date) -> Conference
    Call it inside the transaction and under the lock of the act that happened there.
    """
    conference = bloc_year.conferences.filter(kind=ConferenceKind.YEAR_END).exclude(held_on=None).first()
    if conference is None:
        conference = Conference.objects.create(
            year_id=bloc_year.year_id,
            bloc_year=bloc_year,
            kind=ConferenceKind.YEAR_END,
            held_on=held_on,
            position=_next(bloc_year.year_id),
        )
        obligations.renew_bloc(bloc_year.pk)
        audit.record("conference.note", by=by, target=conference, after={"kind": conference.kind, "held_on": held_on})
    return conference


# ---------------------------------------------------------------- what all acts share


def locked(conference_id, *, by):
    """The meeting, locked, where the user may run it.

    Shape:   id -> Conference with bloc_year, year and authority
    Locks:   the conference row
    Raises:  NotAllowed, WrongState
    """
    if not Conference.objects.select_for_update().filter(pk=conference_id).exists():
        raise WrongState("Hội nghị này vừa được người khác xóa.")
    conference = Conference.objects.for_page().get(pk=conference_id)
    _check_may_run(conference, by)
    return conference


def shown(conference):
    """Shape: Conference -> {label: value}, for the form's digest and the trail"""
    found = {LABELS[name]: getattr(conference, name) for name in FIELDS}
    return found | {
        "Loại": conference.get_kind_display(),
        "Ngày họp": day(conference.held_on),
        "Giờ bắt đầu": f"{conference.starts_at:%H:%M}" if conference.starts_at else "",
    }


def agenda_values(conference):
    """Shape: Conference -> {"Chương trình": [line]}"""
    return {"Chương trình": [agenda_line(item) for item in conference.agenda.all()]}


def agenda_line(item):
    """Shape: AgendaItem -> ``08:00 - Khai mạc - Khối trưởng``"""
    parts = [f"{item.starts_at:%H:%M}" if item.starts_at else "", item.text, item.presenter]
    return " - ".join(part for part in parts if part)


def conclusion_values(conference):
    """Shape: Conference -> {label: [text]}"""
    return {"Ý kiến chỉ đạo": list(conference.directions), "Kết luận": list(conference.conclusions)}


def _check_may_run(conference, by):
    if not by.has_perm("blocs.run_conference", conference):
        raise NotAllowed(
            "Chỉ Khối trưởng, Khối phó điều hành hội nghị của khối."
            if conference.bloc_year_id
            else "Chỉ Ban Thi đua - Khen thưởng, Thư ký Hội đồng điều hành hội nghị của Hội đồng."
        )


def _check_day(conference):
    """A meeting lies near its year: the covenant's may come before it, the year-end one after it. A day without an
    hour says that it was held, so that day has come."""
    year, held_on = conference.year, conference.held_on
    if held_on and not year.starts_on - BEFORE <= held_on <= year.ends_on + AFTER:
        raise RuleBroken(f"Ngày {day(held_on)} quá xa năm {year.label}; xem lại năm của ngày họp.")
    if held_on and conference.starts_at is None and held_on > timezone.localdate():
        raise RuleBroken(f"Ngày {day(held_on)} chưa tới: hội nghị dự kiến cần ghi cả giờ bắt đầu.")


def _fresh_code():
    """``K7QF-3M2X``: what the QR code of the hall holds, short enough to be typed."""
    signs = "".join(secrets.choice(SIGNS) for _ in range(8))
    return f"{signs[:4]}-{signs[4:]}"


def _renew(conference):
    if conference.bloc_year_id:
        obligations.renew_bloc(conference.bloc_year_id)


def _next(year_id):
    last = Conference.objects.filter(year=year_id).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1
