"""Meetings that were held, with what was said and what follows; one that is planned."""

from datetime import time, timedelta

from blocs.domain import attendance, conference_tasks, conferences, opinions
from blocs.enums import ConferenceKind
from blocs.models import Conference
from reports.domain.sample.place import SECRETARY, SHOWN_YEAR, account, bloc_of, day_in, head_of, leader_of, unit_of

QUORUM = {"quorum": 2, "quorum_of": 3}


def hold(spec):
    """Write down a meeting of which the year file knows only the day and who came."""
    bloc_year = spec["bloc"] and bloc_of(spec["bloc"])
    meeting = Conference.objects.select_related("year").get(
        bloc_year=bloc_year, year__label=SHOWN_YEAR, kind=spec["kind"]
    )
    if not meeting.is_over:
        return  # the clock of this machine stands before the sample's year
    by = head_of(bloc_year) if bloc_year else account(SECRETARY)
    kept = {name: getattr(meeting, name) for name in conferences.FIELDS}
    said = {name: spec[name] for name in ("place", "chair", "secretary")}
    conferences.edit(meeting.pk, by=by, **kept | said | {"starts_at": time.fromisoformat(spec["starts_at"])})
    conferences.start(meeting.pk, by=by)
    for code, person in spec.get("persons", {}).items():
        attendance.note(meeting.pk, unit_of(meeting.year, code).pk, person=person, by=by)
    _fill(meeting, spec, by=by)
    conferences.conclude(meeting.pk, directions=meeting.directions, conclusions=spec["conclusions"], by=by)
    for one in spec["tasks"]:
        _give(meeting, one, by=by)
    conferences.end(meeting.pk, by=by, at=time.fromisoformat(spec["ended_at"]))


def plan(spec):
    """The year-end meeting to come, with what its invitation says and who wants to speak."""
    bloc_year = bloc_of(spec["bloc"])
    by = head_of(bloc_year)
    last = bloc_year.year.ends_on + conferences.AFTER
    meeting = conferences.call(
        bloc_year.pk,
        by=by,
        kind=ConferenceKind.YEAR_END,
        held_on=min(day_in(spec["in_days"]), last),
        starts_at=time.fromisoformat(spec["starts_at"]),
        **{name: spec[name] for name in ("place", "chair", "secretary", "guests")},
        **QUORUM,
    )
    _fill(meeting, spec)


def _fill(meeting, spec, *, by=None):
    """Agenda and opinions; who runs the meeting writes them down, before it each unit registers its own."""
    items = [(time.fromisoformat(at), text, presenter) for at, text, presenter in spec["agenda"]]
    conferences.set_agenda(meeting.pk, items, by=by or head_of(meeting.bloc_year))
    for one in spec["opinions"]:
        unit = unit_of(meeting.year, one["unit"])
        opinions.save(meeting.pk, by=by or leader_of(unit), **one | {"unit": unit})


def _give(meeting, one, *, by):
    """A task with its date: ``due`` days after the meeting, or ``today`` and some days."""
    due_on = meeting.held_on + timedelta(days=one["due"]) if "due" in one else day_in(one["today"])
    columns = {"text": one["text"], "unit": unit_of(meeting.year, one.get("unit")), "person": one.get("person", "")}
    row = conference_tasks.save(meeting.pk, by=by, due_on=max(due_on, meeting.held_on), **columns)
    if "done" in one:
        conference_tasks.finish(row.pk, note=one["done"], by=by)
