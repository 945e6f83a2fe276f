"""What one head of a bloc hands to the next: the list, and the signatures of both sides."""

import hashlib
import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from blocs.domain import audit, organisation, receipts
from blocs.enums import MEMBER_UNIT_ROLES, ConferenceKind, HandoverKind, MemberRole, Milestone, Role
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.models import BlocYear, ConferenceTask, Covenant, Handover, HandoverItem, NextLeader, Seat, UnitYear
from blocs.templatetags.vietnamese import day, moment

SIDES = {"giver": "bên giao", "receiver": "bên nhận"}
MAX_ITEMS = 200
BOARD = "Ban Thi đua - Khen thưởng"


def why_not_yet(bloc_year):
    """What stands before the handover; empty when it can begin.

    Shape:   BlocYear -> str
    """
    if not bloc_year.conferences.held().filter(kind=ConferenceKind.YEAR_END).exists():
        return "Bàn giao làm từ hội nghị tổng kết trở đi; khối chưa ghi hội nghị tổng kết."
    if not bloc_year.memberships.filter(role=MemberRole.HEAD).exists():
        return f"{bloc_year.get_kind_display()} chưa có {bloc_year.head_word} trong năm này."
    return ""


def chosen(bloc_year):
    """The head that was chosen for the next year, where that is recorded.

    Shape:   BlocYear -> UnitYear or None
    """
    row = NextLeader.objects.filter(bloc_year=bloc_year, role=MemberRole.HEAD).select_related("unit").first()
    return row.unit if row else None


def stays(bloc_year):
    """The head that was chosen again: then nothing is handed over.

    Shape:   BlocYear -> UnitYear or None
    """
    unit = chosen(bloc_year)
    heads = bloc_year.memberships.filter(role=MemberRole.HEAD, unit=unit)
    return unit if unit and heads.exists() else None


def settled_at(bloc_year):
    """When the duty was done: by both signatures, or because the head stays.

    Shape:   BlocYear -> datetime or None
    """
    return receipts.first_moment(bloc_year.pk, Milestone.HANDOVER)


def receivers(bloc_year):
    """Who may receive: the head chosen for the next year; where none is recorded, any other member.

    Shape:   BlocYear -> UnitYear queryset
    """
    if unit := chosen(bloc_year):
        return UnitYear.objects.filter(pk=unit.pk)
    members = bloc_year.memberships.exclude(role=MemberRole.HEAD)
    return UnitYear.objects.filter(pk__in=members.values("unit")).order_by("position", "pk")


@transaction.atomic
def begin(bloc_year_id, *, receiver_id, by):
    """Begin the record, with what the system knows as its first list.

    Shape:   (BlocYear id, UnitYear id) -> Handover
    Locks:   the bloc year row
    Raises:  NotAllowed, WrongState, RuleBroken
    """
    bloc_year = _locked_bloc(bloc_year_id)
    if not by.has_perm("blocs.write_handover", bloc_year):
        raise NotAllowed("Chỉ Khối trưởng, Khối phó lập biên bản bàn giao.")
    if unit := stays(bloc_year):
        raise RuleBroken(f"{unit.name} tiếp tục làm {bloc_year.head_word}, không có gì phải bàn giao.")
    if Handover.objects.filter(bloc_year=bloc_year).exists():
        raise WrongState("Biên bản bàn giao đã được lập.")
    if reason := why_not_yet(bloc_year):
        raise RuleBroken(reason)
    giver = bloc_year.memberships.select_related("unit").get(role=MemberRole.HEAD).unit
    receiver = _receiver(bloc_year, receiver_id, giver)
    row = Handover.objects.create(bloc_year=bloc_year, giver=giver, receiver=receiver)
    HandoverItem.objects.bulk_create(
        HandoverItem(handover=row, kind=kind, text=text[:1000], position=position)
        for position, (kind, text) in enumerate(proposed(bloc_year))
    )
    audit.record("handover.begin", by=by, target=row, after={"unit": receiver.name})
    return row


def _receiver(bloc_year, unit_id, giver):
    found = receivers(bloc_year).filter(pk=unit_id).first()
    if found is None or found == giver:
        word = bloc_year.head_word
        raise RuleBroken(f"Bên nhận là {word} năm sau, khác đơn vị {word} năm nay.")
    return found


@transaction.atomic
def settle(bloc_year_id, *, by, now=None):
    """Note that nothing is handed over, because the head was chosen again: the duty is done.

    Shape:   BlocYear id -> Receipt
    Locks:   the bloc year row
    Raises:  NotAllowed, WrongState, RuleBroken
    """
    bloc_year = _locked_bloc(bloc_year_id)
    if not by.has_perm("blocs.write_handover", bloc_year):
        raise NotAllowed("Chỉ Khối trưởng, Khối phó ghi việc bàn giao.")
    if reason := why_not_yet(bloc_year):
        raise RuleBroken(reason)
    unit = stays(bloc_year)
    if unit is None:
        raise RuleBroken(f"{bloc_year.head_word} năm sau là đơn vị khác hoặc chưa được ghi: lập biên bản bàn giao.")
    if Handover.objects.filter(bloc_year=bloc_year).exists():
        raise WrongState("Đã có biên bản bàn giao; bỏ biên bản đó trước.")
    if settled_at(bloc_year):
        raise WrongState("Việc bàn giao đã xong.")
    audit.record("handover.settle", by=by, target=bloc_year, after={"unit": unit.name})
    return receipts.record(bloc_year, unit, Milestone.HANDOVER, at=now or timezone.now())


@transaction.atomic
def change_receiver(handover_id, *, receiver_id, reason, by):
    """Name another receiver, as long as nobody has signed.

    Shape:   (id, UnitYear id, text) -> Handover
    Locks:   the bloc year row
    Raises:  NotAllowed, WrongState, RuleBroken
    """
    row = _unsigned(handover_id, reason, by)
    before, row.receiver = row.receiver, _receiver(row.bloc_year, receiver_id, row.giver)
    if row.receiver == before:
        raise RuleBroken("Bên nhận vẫn là đơn vị này.")
    row.save(update_fields=["receiver"])
    trail = {"before": {"unit": before.name}, "after": {"unit": row.receiver.name}}
    audit.record("handover.receiver", by=by, target=row, note=reason.strip(), **trail)
    return row


@transaction.atomic
def remove(handover_id, *, reason, by):
    """Take away a record that nobody has signed; the trail keeps what stood in it.

    Shape:   (id, text) -> BlocYear
    Locks:   the bloc year row
    Raises:  NotAllowed, WrongState, RuleBroken
    """
    row = _unsigned(handover_id, reason, by)
    audit.record("handover.remove", by=by, target=row, before=content(row), note=reason.strip())
    row.delete()
    return row.bloc_year


def mismatch(handover):
    """Where the head that was recorded for the next year is another than the receiver, that in words.

    Shape:   Handover -> str
    """
    unit = chosen(handover.bloc_year)
    if unit is None or unit.pk == handover.receiver_id:
        return ""
    word = handover.bloc_year.head_word
    return f"{word} năm sau được ghi là {unit.name}, khác bên nhận {handover.receiver.name}. Đổi bên nhận rồi ký."


def _unsigned(handover_id, reason, by):
    row = _locked(handover_id)
    if not by.has_perm("blocs.write_handover", row):
        raise NotAllowed("Chỉ Khối trưởng, Khối phó soạn biên bản bàn giao.")
    if row.giver_signed_at or row.receiver_signed_at:
        raise WrongState("Biên bản đã có bên ký. Bên đã ký rút chữ ký trước.")
    if not reason.strip():
        raise RuleBroken("Cần ghi rõ lý do.")
    return row


def proposed(bloc_year):
    """The first list: papers of the year, tasks that are open, the flag, who to speak to, by post.

    Shape:   BlocYear -> [(HandoverKind, text)]
    """
    held = bloc_year.conferences.held().order_by("held_on", "position")
    papers = [f"Biên bản {row.get_kind_display().replace('Hội', 'hội', 1)} ngày {day(row.held_on)}" for row in held]
    if Covenant.objects.filter(bloc_year=bloc_year, signed_on__isnull=False).exists():
        papers.insert(0, f"Giao ước thi đua năm {bloc_year.year.label}")
    papers += [f"Báo cáo tổng kết năm {bloc_year.year.label}", "Quy chế hoạt động của khối, bảng tiêu chí chấm điểm"]
    papers.append("Sổ theo dõi hoạt động của khối")
    tasks = ConferenceTask.objects.filter(conference__bloc_year=bloc_year, done_at=None).select_related("unit")
    open_tasks = [
        f"{row.text} ({row.unit.short if row.unit else BOARD}, hạn {day(row.due_on)})"
        for row in tasks.order_by("due_on", "pk")
    ]
    return [
        *((HandoverKind.DOCUMENT, text) for text in papers),
        *((HandoverKind.TASK, text) for text in open_tasks),
        (HandoverKind.FLAG, "Cờ luân lưu của khối (nếu có)"),
        *((HandoverKind.CONTACT, text) for text in _contacts(bloc_year)),
    ]


def _contacts(bloc_year):
    """People as posts; telephone numbers stay in the directory."""
    members = bloc_year.memberships.select_related("unit").order_by("position", "pk")
    seats = Seat.objects.in_force().filter(
        role__in=MEMBER_UNIT_ROLES, unit__in=members.values("unit__unit"), user__is_active=True
    )
    posts: dict[int, set[str]] = {}
    for seat in seats.select_related("user"):
        posts.setdefault(seat.unit_id, set()).add(seat.user.post or seat.get_role_display())
    found = [
        f"{row.unit.name}: {', '.join(sorted(posts[row.unit.unit_id]))}" for row in members if row.unit.unit_id in posts
    ]
    if bloc_year.desk_officer:
        found.append(f"Chuyên viên theo dõi khối: {bloc_year.desk_officer.post or BOARD}")
    return found + ([f"Ủy viên Hội đồng theo dõi khối: {bloc_year.supervisor}"] if bloc_year.supervisor else [])


@transaction.atomic
def save(handover_id, items, *, handed_on, place, witness, note, by, opened=""):
    """Write the record anew, as long as nobody has signed it.

    Shape:   (id, [(kind, text, is_handed, note)] in their order, columns) -> Handover
    Locks:   the bloc year row
    Raises:  NotAllowed, WrongState, RuleBroken, EditedMeanwhile
    """
    row = _locked(handover_id)
    if not by.has_perm("blocs.write_handover", row):
        raise NotAllowed("Chỉ Khối trưởng, Khối phó soạn biên bản bàn giao.")
    if row.giver_signed_at or row.receiver_signed_at:
        raise WrongState("Biên bản đã có bên ký, không sửa được nữa. Cần sửa thì bên đã ký rút chữ ký trước.")
    if len(items) > MAX_ITEMS:
        raise RuleBroken(f"Nhiều nhất {MAX_ITEMS} mục.")
    before = content(row)
    organisation.check_unchanged(row, before, opened)
    row.handed_on, row.place, row.witness, row.note = handed_on, place, witness, note
    row.save(update_fields=["handed_on", "place", "witness", "note"])
    row.items.all().delete()
    HandoverItem.objects.bulk_create(
        HandoverItem(handover=row, kind=kind, text=text, is_handed=is_handed, note=remark, position=position)
        for position, (kind, text, is_handed, remark) in enumerate(items)
    )
    if (after := content(row)) != before:
        audit.record("handover.save", by=by, target=row, before=before, after=after)
    return row


@transaction.atomic
def sign(handover_id, side, *, by, confirmed="", now=None):
    """One side says yes to the record as it stands; with the second yes the duty is done.

    Shape:   (id, ``giver`` or ``receiver``, how the view had him confirmed) -> Handover
    Locks:   the bloc year row
    Raises:  NotAllowed, WrongState, RuleBroken
    """
    now = now or timezone.now()
    row = _locked(handover_id)
    other = "receiver" if side == "giver" else "giver"
    if not signs(by, row, side):
        raise NotAllowed(f"Chỉ lãnh đạo đơn vị {SIDES[side]} ký.")
    if getattr(row, f"{side}_signed_at"):
        raise WrongState(f"{SIDES[side].capitalize()} đã ký lúc {moment(getattr(row, f'{side}_signed_at'))}.")
    if row.handed_on is None:
        raise RuleBroken("Chưa ghi ngày bàn giao.")
    if words := mismatch(row):
        raise RuleBroken(words)
    if row.handed_on > timezone.localdate(now):
        raise RuleBroken(f"Ngày bàn giao {day(row.handed_on)} chưa tới.")
    if getattr(row, f"{other}_signed_by_id") == by.pk:
        raise RuleBroken("Hai bên phải do hai người ký.")
    mark = digest(row)
    if row.digest and row.digest != mark:
        raise WrongState("Nội dung đã khác bản mà bên kia ký. Bên kia rút chữ ký rồi hai bên ký lại.")
    setattr(row, f"{side}_signed_at", now)
    setattr(row, f"{side}_signed_by", by)
    row.digest = mark
    row.save(update_fields=[f"{side}_signed_at", f"{side}_signed_by", "digest"])
    after = {"side": SIDES[side], "digest": mark, "confirmed": confirmed}
    audit.record("handover.sign", by=by, target=row, after=after)
    if row.giver_signed_at and row.receiver_signed_at:
        receipts.record(row.bloc_year, row.giver, Milestone.HANDOVER, at=now)
    return row


@transaction.atomic
def unsign(handover_id, side, *, by):
    """Take one's own yes back, until the other side has signed too.

    Raises:  NotAllowed, WrongState
    """
    row = _locked(handover_id)
    if not signs(by, row, side):
        raise NotAllowed(f"Chỉ lãnh đạo đơn vị {SIDES[side]} rút chữ ký.")
    if row.giver_signed_at and row.receiver_signed_at:
        raise WrongState("Hai bên đã ký, biên bản không đổi được nữa.")
    if getattr(row, f"{side}_signed_at") is None:
        raise WrongState(f"{SIDES[side].capitalize()} chưa ký.")
    audit.record("handover.unsign", by=by, target=row, before={"side": SIDES[side], "digest": row.digest})
    setattr(row, f"{side}_signed_at", None)
    setattr(row, f"{side}_signed_by", None)
    row.digest = ""
    row.save(update_fields=[f"{side}_signed_at", f"{side}_signed_by", "digest"])
    return row


def signs(user, handover, side):
    """The head of the year or the leader of the giving unit; the leader of the receiving one, or the bloc's later head.

    Shape:   (User, Handover, side) -> bool
    """
    unit = getattr(handover, side).unit_id
    seats = user.seats.in_force()
    if seats.filter(role=Role.UNIT_LEADER, unit=unit).exists():
        return True
    heads = seats.filter(role=Role.BLOC_HEAD, bloc_year__bloc=handover.bloc_year.bloc_id)
    if side == "giver":
        return heads.filter(bloc_year=handover.bloc_year_id).exists()
    return heads.filter(
        bloc_year__year__starts_on__gt=handover.bloc_year.year.starts_on,
        bloc_year__memberships__role=MemberRole.HEAD,
        bloc_year__memberships__unit__unit=unit,
    ).exists()


def content(handover):
    """What is signed, in words.

    Shape:   Handover -> {label: value}
    """
    items = [
        f"{item.get_kind_display()}: {item.text}" + (" (đã giao)" if item.is_handed else "") + f" {item.note}".rstrip()
        for item in handover.items.all()
    ]
    return {
        "Bên giao": handover.giver.name, "Bên nhận": handover.receiver.name, "Ngày bàn giao": day(handover.handed_on),
        "Địa điểm": handover.place, "Người chứng kiến": handover.witness, "Ghi chú": handover.note, "Nội dung": items,
    }  # fmt: skip


def digest(handover):
    """Shape: Handover -> 64 hexadecimal digits of its content"""
    text = json.dumps(content(handover), cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _locked_bloc(bloc_year_id):
    BlocYear.objects.select_for_update().get(pk=bloc_year_id)
    return BlocYear.objects.select_related("year__authority", "desk_officer").get(pk=bloc_year_id)


def _locked(handover_id):
    place = Handover.objects.filter(pk=handover_id).values_list("bloc_year", flat=True).first()
    if place is None:
        raise WrongState("Biên bản bàn giao vừa được người khác bỏ.")
    BlocYear.objects.select_for_update().get(pk=place)
    rows = Handover.objects.select_related("bloc_year__year__authority", "giver", "receiver")
    return rows.get(pk=handover_id)
