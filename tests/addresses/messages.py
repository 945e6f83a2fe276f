"""Letters: those that I was sent, and the board's outbox. ``waiting`` is in the outbox; ``mine`` was sent to the staff."""

from datetime import date

from django.utils import timezone

from blocs.enums import Role
from reports.enums import MessageKind, MessageState
from reports.models import Message
from tests.factories import make_user

TABLE = """
address             method  in the address           place      staff head depu repo lead owne asse memb secr admi none anon
message_list         GET    -                        -           200  200  200  200  200  200  200  200  200  200  200  302
message_detail       GET    mine                     own         200  404  404  404  404  404  404  404  404  404  404  302
message_detail       GET    waiting                  foreign     404  404  404  404  404  404  404  404  404  404  404  302
outbox               GET    -                        -           200  404  404  404  404  404  404  404  404  404  404  302
outbox_act           POST   -                        -           302  404  404  404  404  404  404  404  404  404  404  302
outbox_prepare       GET    -                        -           200  404  404  404  404  404  404  404  404  404  404  302
outbox_prepare       POST   -                        -           422  404  404  404  404  404  404  404  404  404  404  302
outbox_message       GET    waiting                  own         200  404  404  404  404  404  404  404  404  404  404  302
outbox_message       POST   waiting                  own         302  404  404  404  404  404  404  404  404  404  404  302
outbox_message       GET    waiting                  foreign     404  404  404  404  404  404  404  404  404  404  404  302
outbox_message       POST   waiting                  foreign     404  404  404  404  404  404  404  404  404  404  404  302
"""


def add_rows(places, people):
    for name in ("own", "foreign"):
        places[name]["waiting"] = letter(places[name]["year"], make_user())
    sent = {"state": MessageState.SENT, "sent_at": timezone.now()}
    places["own"]["mine"] = letter(places["own"]["year"], people[Role.BOARD_STAFF], **sent)


def letter(year, person, **columns):
    kind = MessageKind.REMINDER
    return Message.objects.create(
        year=year, recipient=person, kind=kind, on=date(2026, 11, 13), subject="Sắp đến hạn", body="Lời.", **columns
    )


def form_of(name, rows):
    return {"subject": "Sắp đến hạn", "body": "Lời mới.", "version": 0} if name == "outbox_message" else {}
