"""Meetings: ``running`` is one of the own bloc that was opened, ``conference`` a planned one."""

from datetime import date
from types import SimpleNamespace

from django.utils import timezone

from blocs.models import Attendance, Conference, ConferencePicture, ConferenceTask, Opinion
from tests.factories import make_user, members_of

TABLE = """
address             method  in the address           place      staff head depu repo lead owne asse memb secr admi none anon
conference_list      GET    -                        -          200  200  200  200  200  200  200  200  200  200  200  302
council_conference_add GET  -                        -          200  404  404  404  404  404  404  404  200  404  404  302
council_conference_add POST -                        -          422  404  404  404  404  404  404  404  422  404  404  302
conference_add       GET    bloc_year                own        404  200  200  404  404  404  404  404  404  404  404  302
conference_add       POST   bloc_year                own        404  422  422  404  404  404  404  404  404  404  404  302
conference_add       POST   bloc_year                foreign    404  404  404  404  404  404  404  404  404  404  404  302
conference           GET    conference               own        200  200  200  200  200  404  404  200  200  200  404  302
conference           GET    conference               foreign    404  404  404  404  404  404  404  404  404  404  404  302
conference_edit      GET    conference               own        404  200  200  404  404  404  404  404  404  404  404  302
conference_edit      POST   conference               own        404  422  422  404  404  404  404  404  404  404  404  302
conference_edit      POST   conference               foreign    404  404  404  404  404  404  404  404  404  404  404  302
conference_agenda    GET    conference               own        404  200  200  404  404  404  404  404  404  404  404  302
conference_agenda    POST   conference               own        404  302  302  404  404  404  404  404  404  404  404  302
conference_conclude  GET    conference               own        404  200  200  404  404  404  404  404  404  404  404  302
conference_conclude  POST   conference               own        404  302  302  404  404  404  404  404  404  404  404  302
conference_start     POST   conference               own        404  302  302  404  404  404  404  404  404  404  404  302
conference_undo_start GET   running                  own        404  200  200  404  404  404  404  404  404  404  404  302
conference_undo_start POST  running                  own        404  422  422  404  404  404  404  404  404  404  404  302
conference_undo_start POST  running                  foreign    404  404  404  404  404  404  404  404  404  404  404  302
conference_end       POST   running                  own        404  302  302  404  404  404  404  404  404  404  404  302
conference_resume    POST   running                  own        404  302  302  404  404  404  404  404  404  404  404  302
conference_remove    GET    conference               own        404  200  200  404  404  404  404  404  404  404  404  302
conference_remove    POST   conference               own        404  302  302  404  404  404  404  404  404  404  404  302
attend_enter         GET    -                        -          200  200  200  200  200  200  200  200  200  200  200  302
attend               GET    code                     own        200  200  200  200  200  404  404  200  200  200  404  302
attend               POST   code                     own        422  422  422  200  200  404  404  422  422  422  404  302
attend               GET    code                     foreign    404  404  404  404  404  404  404  404  404  404  404  302
attendance_note      POST   running                  own        404  302  302  404  404  404  404  404  404  404  404  302
attendance_withdraw  GET    running present          own        404  200  200  404  404  404  404  404  404  404  404  302
attendance_withdraw  POST   running present          own        404  302  302  404  404  404  404  404  404  404  404  302
projector            GET    running                  own        200  200  200  200  200  404  404  200  200  200  404  302
projector            GET    running                  foreign    404  404  404  404  404  404  404  404  404  404  404  302
opinion_add          GET    running                  own        404  200  200  200  200  404  404  404  404  404  404  302
opinion_add          POST   running                  own        404  302  302  302  302  404  404  404  404  404  404  302
opinion_edit         GET    running opinion          own        404  200  200  200  200  404  404  404  404  404  404  302
opinion_edit         POST   running opinion          own        404  302  302  302  302  404  404  404  404  404  404  302
opinion_edit         POST   running opinion          foreign    404  404  404  404  404  404  404  404  404  404  404  302
opinion_remove       GET    running opinion          own        404  200  200  200  200  404  404  404  404  404  404  302
opinion_remove       POST   running opinion          own        302  302  302  302  302  404  404  302  302  302  404  302
opinion_forward      POST   running opinion          own        404  302  302  404  404  404  404  404  404  404  404  302
task_add             GET    running                  own        404  200  200  404  404  404  404  404  404  404  404  302
task_add             POST   running                  own        404  302  302  404  404  404  404  404  404  404  404  302
task_edit            GET    running task             own        404  200  200  404  404  404  404  404  404  404  404  302
task_edit            POST   running task             own        404  302  302  404  404  404  404  404  404  404  404  302
task_remove          GET    running task             own        404  200  200  404  404  404  404  404  404  404  404  302
task_remove          POST   running task             own        404  302  302  404  404  404  404  404  404  404  404  302
task_reopen          POST   running task             own        404  302  302  404  404  404  404  404  404  404  404  302
task_finish          GET    task                     own        404  200  200  200  200  404  404  404  404  404  404  302
task_finish          POST   task                     own        404  302  302  302  302  404  404  404  404  404  404  302
task_finish          POST   task                     foreign    404  404  404  404  404  404  404  404  404  404  404  302
picture_add          POST   running                  own        404  302  302  404  404  404  404  404  404  404  404  302
picture_file         GET    running picture          foreign    404  404  404  404  404  404  404  404  404  404  404  302
picture_file         GET    running picture          own        404  404  404  404  404  404  404  404  404  404  404  302
picture_remove       GET    running picture          own        404  200  200  404  404  404  404  404  404  404  404  302
picture_remove       POST   running picture          own        404  302  302  404  404  404  404  404  404  404  404  302
rendering_request    POST   conference-minutes meeting own      302  302  302  302  302  404  404  302  302  302  404  302
rendering_request    POST   conference-minutes meeting foreign  404  404  404  404  404  404  404  404  404  404  404  302
"""

NAMES = {line.split()[0] for line in TABLE.strip().splitlines()[1:]}


def add_rows(places, people):
    """The file of a picture is not on this machine: who sees the meeting is told so."""
    for place in ("own", "foreign"):
        bloc_year = places[place]["bloc_year"]
        common = {"year": bloc_year.year, "bloc_year": bloc_year, "kind": "year_end", "held_on": timezone.localdate()}
        running = Conference.objects.create(**common, opened_at=timezone.now(), code=f"AAAA-{place[:4].upper():B<4}")
        unit = members_of(bloc_year)[0]
        by, present = make_user(), members_of(bloc_year)[1]
        Attendance.objects.create(
            conference=running, unit=present, way="secretary", noted_by=by, arrived_at=timezone.now()
        )
        places[place] |= {
            "conference": Conference.objects.create(**common),
            "running": running,
            "meeting": SimpleNamespace(pk=f"hoi-nghi-{running.pk}"),
            "present": present,
            "code": SimpleNamespace(pk=running.code),
            "opinion": Opinion.objects.create(conference=running, kind="question", unit=unit, text="Hỏi"),
            "task": ConferenceTask.objects.create(
                conference=running, unit=unit, text="Việc", due_on=date(2099, 1, 1), position=1
            ),
            "picture": ConferencePicture.objects.create(
                conference=running, name="a.png", media_type="image/png", size=1, sha256="0" * 64, added_by=by
            ),
        }


def form_of(name, rows):
    if name not in NAMES:
        return {}
    form = {"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0", "kind": "question", "person": "Chánh Văn phòng"}
    if "running" in rows:
        unit = members_of(rows["running"].bloc_year)[0]
        form |= {"unit": unit.pk, "due_on": "01/01/2099"}
    return form
