"""Letters about what is owed: by the calendar each morning, and by the board to those who are missing.

``remind`` may run any number of times a day: who has his letter of a kind and day gets no second one.
"""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from blocs.domain import audit
from blocs.errors import NotAllowed, RuleBroken
from blocs.models import Authority, Obligation
from reports.domain import letters, messages, recipients
from reports.enums import MessageKind
from reports.models import Message, Reminder

DAYS_BEFORE = 7
HOUR = time(7)  # what locks before this hour of a day is closed when the digest of that day is written


def remind(day: date):
    """Write the letters of one day, for all authorities; those that send by themselves begin at once.

    Shape:   date -> [Message id] to send tasks for
    Source:  due-and-lock
    """
    open_ids = Authority.objects.filter(years__is_open=True).order_by("pk").values_list("pk", flat=True).distinct()
    return [message_id for pk in list(open_ids) for message_id in _remind_authority(pk, day)]


@transaction.atomic
def _remind_authority(authority_id, day):
    authority = Authority.objects.select_for_update().get(pk=authority_id)
    rows = Obligation.objects.by_day().missing()
    rows = rows.filter(bloc_year__year__authority=authority, bloc_year__year__is_open=True)
    messages.retire(authority, day)
    made = []
    for kind, condition in _conditions(day).items():
        made += _write(kind, list(_for_letters(rows.filter(condition))), day, authority)
    if not authority.sends_reminders:
        return []
    messages.begin(made, by=None)
    return [message.pk for message in made]


def _conditions(day):
    """{kind: which obligations a letter of this day is about}"""
    start = timezone.make_aware(datetime.combine(day, time.min))
    one, before = timedelta(days=1), start + timedelta(days=DAYS_BEFORE)
    still_open = Q(locks_at__gte=timezone.make_aware(datetime.combine(day, HOUR)))
    still_open |= Q(locks_at=None, bloc_year__year__ends_on__gte=day)
    return {
        MessageKind.REMINDER: Q(day__gte=before, day__lt=before + one),
        MessageKind.DUE: Q(day__gte=start, day__lt=start + one),
        MessageKind.DIGEST: Q(due_at__lt=start) & still_open,
    }


def _for_letters(rows):
    return rows.select_related("unit", "bloc_year__year").order_by("due_at", "bloc_year__position", "position", "pk")


def _write(kind, obligations, day, authority, *, body=""):
    """One letter a person over what is his, and a row for each thing; the caller holds the authority's row, so that
    of two runs at once the second finds what the first wrote."""
    people = recipients.of(kind, obligations, day)
    had = set(Reminder.objects.filter(kind=kind, on=day, obligation__in=people).values_list("obligation", "person"))
    served = set()
    if kind != MessageKind.LETTER:
        rows = Message.objects.filter(kind=kind, on=day, year__authority=authority)
        served = set(rows.values_list("recipient", flat=True))
    by_person: dict = {}
    for row in obligations:
        for person in sorted(people[row.pk], key=lambda user: user.pk):
            if person.pk not in served and (row.pk, person.pk) not in had:
                by_person.setdefault(person, []).append(row)
    made = [_message(kind, person, rows, day, body) for person, rows in by_person.items()]
    Message.objects.bulk_create(made, batch_size=500)
    Reminder.objects.bulk_create(
        [
            Reminder(obligation=row, person=message.recipient, kind=kind, on=day, message=message)
            for message in made
            for row in by_person[message.recipient]
        ],
        batch_size=500,
    )
    return made


def _message(kind, person, rows, day, body):
    return Message(
        year=rows[0].bloc_year.year,
        recipient=person,
        kind=kind,
        on=day,
        subject=letters.subject_of(kind, rows, day),
        body=body or letters.body_of(kind, rows, day),
    )


# ---------------------------------------------------------------- by the board


def preview(obligations, *, day=None):
    """Who would get a letter, and whom nobody answers for.

    Shape:   Obligation queryset -> (number of things, number of people, [Obligation] without anybody)
    """
    rows = list(_for_letters(obligations.missing()))
    people = recipients.of(MessageKind.LETTER, rows, day or timezone.localdate())
    return len(rows), len(set().union(*people.values())), [row for row in rows if not people[row.pk]]


@transaction.atomic
def prepare_letters(obligations, text, *, year, by):
    """Letters to all who owe these things and have not delivered; they wait in the outbox.

    Shape:   (Obligation queryset, words, Year) -> [Message]; nobody gets two in a day for the same thing
    Locks:   the authority row
    Raises:  NotAllowed, RuleBroken
    """
    if not by.has_perm("reports.send_messages", year):
        raise NotAllowed("Chỉ Ban Thi đua - Khen thưởng soạn thư nhắc.")
    if not text.strip():
        raise RuleBroken("Thư cần có nội dung.")
    authority = Authority.objects.select_for_update().get(pk=year.authority_id)
    rows = _for_letters(obligations.missing().filter(bloc_year__year=year))
    made = _write(MessageKind.LETTER, list(rows), timezone.localdate(), authority, body=text.strip())
    if not made:
        raise RuleBroken(
            "Không có ai để nhắc: đã nộp đủ, chưa có người phụ trách, hoặc hôm nay đã soạn thư cho họ rồi."
        )
    audit.record("message.prepare", by=by, target=year, after={"messages": len(made), "body": text.strip()})
    return made
