"""The text of a covenant: drafted by the head, closed so that the units can sign it, opened again if need be."""

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from blocs.domain import audit, obligations
from blocs.domain import covenant as covenants
from blocs.domain.organisation import check_unchanged
from blocs.domain.organisation import digest as short_digest
from blocs.domain.words import clean
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.fields import plain
from blocs.models import BlocYear, Covenant, Target

TEMPLATE = Path(__file__).parents[1] / "data" / "covenant_template.yaml"
MAX_LINES, MAX_LINE, MAX_MOTTO = 60, 2000, 500
CLOSING = ["closed_at", "closed_by", "digest", "closed_with"]


@dataclass(frozen=True)
class Offer:
    """What a draft may begin with: goals, solutions, and targets as plain values."""

    goals: tuple[str, ...] = ()
    solutions: tuple[str, ...] = ()
    targets: tuple[dict, ...] = ()

    def __bool__(self):
        return bool(self.goals or self.solutions or self.targets)


def text_values(covenant):
    """What the drafting form is opened with, as it is called on the page.

    Shape:   Covenant, saved or not -> {label: value}
    """
    return {
        "Khẩu hiệu": covenant.bloc_year.motto,
        "Mục tiêu": list(covenant.goals),
        "Giải pháp": list(covenant.solutions),
    }


def opened_with(covenant):
    """Shape: Covenant -> the digest that the form carries"""
    return short_digest(text_values(covenant))


@transaction.atomic
def save_text(bloc_year_id, *, by, motto, goals, solutions, opened=""):
    """Store motto, goals and solutions of a covenant whose text is not closed.

    Shape:   (BlocYear id, str, [str], [str], ``opened_with`` that the form carries) -> Covenant
    Locks:   the bloc year row
    Raises:  NotAllowed, RuleBroken, EditedMeanwhile
    """
    covenant = covenants.open_covenant(bloc_year_id, by)
    before, bloc_year = text_values(covenant), covenant.bloc_year
    bloc_year.motto = clean(motto, at_most=MAX_MOTTO)
    covenant.goals, covenant.solutions = _lines(goals), _lines(solutions)
    after = text_values(covenant)
    if after != before:
        check_unchanged(covenant, before, opened)
        bloc_year.save(update_fields=["motto"])
        covenant.save(update_fields=["goals", "solutions"])
        audit.record("covenant.save_text", by=by, target=covenant, before=before, after=after)
    return covenant


@transaction.atomic
def take(bloc_year_id, *, by, goals=(), solutions=(), targets=()):
    """Take goals, solutions and targets into the draft; what it already says in the same words is left out.

    Shape:   (BlocYear id, [str], [str], [values of a Target with ``text`` and perhaps ``of``]) -> how many were taken
    Locks:   the bloc year row
    Raises:  NotAllowed, RuleBroken
    """
    covenant = covenants.open_covenant(bloc_year_id, by)
    before = text_values(covenant)
    covenant.goals = _lines([*covenant.goals, *goals])
    covenant.solutions = _lines([*covenant.solutions, *solutions])
    after = text_values(covenant)
    if after != before:
        covenant.save(update_fields=["goals", "solutions"])
        audit.record("covenant.save_text", by=by, target=covenant, before=before, after=after)
    held = {(row.text, row.of_id) for row in covenant.targets.all()}
    fresh = [one for one in targets if (one["text"], one.get("of") and one["of"].pk) not in held]
    taken = {(row.code, row.of_id) for row in covenant.targets.all()}
    for one in fresh:
        place = (one.get("code"), one.get("of") and one["of"].pk)
        code = one["code"] if one.get("code") and place not in taken else ""
        row = covenants.save_target(bloc_year_id, by=by, **(one | {"code": code}))
        taken.add((row.code, row.of_id))
    grown = sum(len(after[name]) - len(before[name]) for name in ("Mục tiêu", "Giải pháp"))
    return grown + len(fresh)


def last_year(bloc_year):
    """What the same bloc promised the year before; targets of units that are still members keep their owner.

    Shape:   BlocYear -> Offer, empty where there is none
    """
    before = (
        Covenant.objects.filter(
            bloc_year__bloc=bloc_year.bloc_id, bloc_year__year__starts_on__lt=bloc_year.year.starts_on
        )
        .order_by("-bloc_year__year__starts_on")
        .first()
    )
    if before is None:
        return Offer()
    members = {row.unit.unit_id: row.unit for row in bloc_year.memberships.select_related("unit")}
    targets = []
    for row in before.targets.select_related("of"):
        of = members.get(row.of.unit_id) if row.of else None
        if row.of is None or of is not None:
            targets.append({"code": row.code, "of": of} | covenants.promise_of(row))
    return Offer(tuple(before.goals), tuple(before.solutions), tuple(targets))


@cache
def template():
    """The outline that a bloc without a past begins with.

    Shape:   -> Offer
    """
    data = yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))
    targets = [one | {"value": Decimal(one["value"])} for one in data["targets"]]
    return Offer(tuple(data["goals"]), tuple(data["solutions"]), tuple(targets))


# ---------------------------------------------------------------- the text that is signed


NOT_AS_CLOSED = (
    "Nội dung giao ước không còn như lúc chốt, chưa ghi nhận được. "
    "Khối trưởng mở lại văn bản rồi chốt lại; giao ước đã ký kết thì báo Ban TĐKT."
)
FRAME = {"bloc": "Tên khối", "year": "Năm", "theme": "Chủ đề thi đua của tỉnh", "motto": "Khẩu hiệu của khối"}


def frame_of(covenant):
    """Name, year, theme and motto: of a closed text those that it was closed with.

    Shape:   Covenant -> {key of ``FRAME``: str}
    """
    if covenant.closed_with is None:
        return _frame_now(covenant.bloc_year)
    return {key: covenant.closed_with.get(key, "") for key in FRAME}


def moved_on(covenant):
    """What is called otherwise since the text was closed.

    Shape:   Covenant -> [(label, what it is now)]
    """
    now, kept = _frame_now(covenant.bloc_year), frame_of(covenant)
    return [(label, now[key]) for key, label in FRAME.items() if now[key] != kept[key]]


def _frame_now(bloc_year):
    year = bloc_year.year
    return {"bloc": bloc_year.name, "year": year.label, "theme": year.theme, "motto": bloc_year.motto}


def text_of(covenant):
    """The whole text that the units sign, in one order: the same text gives the same values.

    Shape:   Covenant -> plain data; two queries
    """
    rows = covenant.targets.select_related("of__unit").order_by("position", "pk")
    return frame_of(covenant) | {
        "goals": list(covenant.goals),
        "solutions": list(covenant.solutions),
        "targets": [_target(row) for row in rows],
    }


def digest_of(covenant):
    """Shape: Covenant -> the SHA-256 of its text as it stands"""
    text = json.dumps(text_of(covenant), cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def check_as_closed(covenant):
    """Refuse what rests on a closed text that is no longer what its digest says; of a text that a file brought as
    signed there is no digest.

    Raises:  WrongState
    """
    if covenant.closed_at and digest_of(covenant) != covenant.digest:
        raise WrongState(NOT_AS_CLOSED)


def faults(covenant):
    """What must be mended before the text can be closed.

    Shape:   Covenant -> [sentence]
    """
    targets, found = list(covenant.targets.all()), []
    if not covenant.goals:
        found.append("Chưa có mục tiêu.")
    if not targets:
        found.append("Chưa có chỉ tiêu.")
    if not covenant.solutions:
        found.append("Chưa có giải pháp.")
    for target in targets:
        try:
            covenants.check_promise(target)
        except RuleBroken as error:
            found.append(str(error))
        if not target.text.strip():
            found.append(f"Chỉ tiêu mã “{target.code}” chưa có nội dung.")
    return found


@transaction.atomic
def close(bloc_year_id, *, by):
    """Close the text: from now on it is what the units sign.

    Shape:   BlocYear id -> Covenant with its digest
    Locks:   the bloc year row
    Raises:  NotAllowed, RuleBroken, WrongState
    """
    covenant = locked(bloc_year_id, by)
    if covenant.is_closed:
        raise WrongState("Văn bản giao ước đã chốt rồi.")
    if found := faults(covenant):
        raise RuleBroken("Chưa chốt được: " + " ".join(found))
    covenant.closed_at, covenant.closed_by, covenant.digest = timezone.now(), by, digest_of(covenant)
    members = covenant.bloc_year.memberships.order_by("position", "pk")
    covenant.closed_with = _frame_now(covenant.bloc_year) | {
        "units": [list(row) for row in members.values_list("unit", "role")],
        "digest": covenant.digest,
    }
    covenant.save(update_fields=CLOSING)
    audit.record("covenant.close", by=by, target=covenant, after={"digest": covenant.digest})
    return covenant


@transaction.atomic
def reopen(bloc_year_id, *, by, reason):
    """Open a closed text that is not signed by all: signatures that were given are void, and each unit signs anew;
    for lateness the first moment goes on to count.

    Shape:   BlocYear id -> how many signatures became void
    Locks:   the bloc year row
    Raises:  NotAllowed, RuleBroken, WrongState
    """
    covenant = locked(bloc_year_id, by)
    if covenant.signed_on:
        raise WrongState("Giao ước đã ký kết; muốn đổi chỉ tiêu thì lập đề nghị điều chỉnh.")
    if not covenant.closed_at:
        raise WrongState("Văn bản giao ước đang mở.")
    if not reason.strip():
        raise RuleBroken("Cần ghi rõ lý do mở lại.")
    void = list(covenant.signatures.select_related("unit"))
    before = {"digest": covenant.digest, "signatures": [f"{row.unit.name}: {row.signer}" for row in void]}
    covenant.closed_at = covenant.closed_by = covenant.closed_with = None
    covenant.digest = ""
    covenant.save(update_fields=CLOSING)
    covenant.signatures.all().delete()
    obligations.renew_bloc(bloc_year_id)
    audit.record("covenant.reopen", by=by, target=covenant, before=before, note=reason.strip())
    return len(void)


def locked(bloc_year_id, by, *, perm="blocs.close_covenant"):
    """The covenant of a bloc's year, locked, for one who may fix its text.

    Shape:   (BlocYear id, User) -> Covenant with bloc_year.year
    Locks:   the bloc year row
    Raises:  NotAllowed, RuleBroken
    """
    BlocYear.objects.select_for_update().get(pk=bloc_year_id)
    bloc_year = BlocYear.objects.select_related("year").get(pk=bloc_year_id)
    if not by.has_perm(perm, bloc_year):
        raise NotAllowed("Chỉ Khối trưởng chốt, mở lại và ghi nhận ký giao ước.")
    covenant = Covenant.objects.filter(bloc_year=bloc_year).first()
    if covenant is None:
        raise RuleBroken("Khối chưa soạn giao ước.")
    covenant.bloc_year = bloc_year
    return covenant


def _target(row: Target):
    value = "" if row.value is None else f"{plain(row.value):f}"
    promise = covenants.promise_of(row) | {"value": value}
    return {"code": row.code, "of": row.of.unit.code if row.of else ""} | promise


def _lines(texts):
    """One by one, cleaned, none twice."""
    found = dict.fromkeys(filter(None, (clean(" ".join(text.split()), at_most=MAX_LINE) for text in texts)))
    if len(found) > MAX_LINES:
        raise RuleBroken(f"Nhiều nhất {MAX_LINES} mục trong một phần.")
    return list(found)
