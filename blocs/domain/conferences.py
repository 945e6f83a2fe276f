"""Meetings of a bloc."""

from blocs.domain import audit, obligations
from blocs.enums import ConferenceKind
from blocs.models import Conference


def withdraw_year_end(bloc_year, *, held_on, by):
    """Take back a year-end conference of which nothing but the day was noted.

    Shape:   (BlocYear, date); the same call conditions as ``note_year_end``
    """
    rows = bloc_year.conferences.filter(
        kind=ConferenceKind.YEAR_END, held_on=held_on, attendances__isnull=True, guests=[], directions=[]
    )
    if rows.exists():
        audit.record("conference.withdraw", by=by, target=bloc_year, before={"held_on": held_on})
        rows.delete()
        obligations.renew_bloc(bloc_year.pk)


def note_year_end(bloc_year, *, held_on, by):
    """Note the day of the year-end conference unless one is noted already.

    Shape:   (BlocYear, date) -> Conference
    Call it inside the transaction and under the lock of the act that happened there.
    """
    conference = bloc_year.conferences.filter(kind=ConferenceKind.YEAR_END).exclude(held_on=None).first()
    if conference is None:
        position = Conference.objects.filter(year=bloc_year.year_id).count()
        conference = Conference.objects.create(
            year_id=bloc_year.year_id,
            bloc_year=bloc_year,
            kind=ConferenceKind.YEAR_END,
            held_on=held_on,
            position=position,
        )
        obligations.renew_bloc(bloc_year.pk)
        audit.record("conference.note", by=by, target=bloc_year, after={"kind": conference.kind, "held_on": held_on})
    return conference
