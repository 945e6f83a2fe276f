"""A list that somebody brings: kept as it came, looked at, then taken whole or not at all."""

import hashlib

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from blocs.domain import audit, files, obligations, organisation
from blocs.domain.plans import Plan
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.models import AuditEvent, Authority
from reports.domain.workbooks import year_file
from reports.domain.workbooks.container import MAX_BYTES
from reports.domain.workbooks.kinds import KINDS, PERMISSIONS, read
from reports.domain.workbooks.place import TRIAL, Place
from reports.enums import UploadKind
from reports.models import Upload

KEPT = 600  # seconds that the plan of a preview is kept for its further pages
NEEDS_REASON = frozenset({UploadKind.UNITS, UploadKind.BLOCS})


def may(user, kind, at):
    """Whether the user brings such a list there; before the first year there are only people.

    Shape:   (User, kind, BlocYear, Year or Authority) -> bool
    """
    return (kind == UploadKind.PEOPLE or not isinstance(at, Authority)) and user.has_perm(PERMISSIONS[kind], at)


def most_bytes(kind):
    """Shape: UploadKind -> how large a file may be"""
    return files.MAX_BYTES if kind == UploadKind.YEAR else MAX_BYTES


@transaction.atomic
def keep(kind, authority, year, *, by, content, name="", bloc_year=None):
    """Keep a file, or with an empty ``name`` what was pasted, to look at; nothing of it is taken yet.

    Shape:   (UploadKind, Authority, Year or None before the first, bytes) -> Upload
    Raises:  NotAllowed, FileRefused where the file as a whole is unfit
    """
    upload = Upload(
        kind=kind,
        authority=authority,
        year=year,
        bloc_year=bloc_year,
        name=_shortened(name),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        by=by,
    )
    if len(content) > (most := most_bytes(kind)):
        raise RuleBroken(f"Tệp lớn hơn {most // 1024 // 1024} MB.")
    plan = preview(upload, by=by)
    upload.save()
    cache.set(_kept_name(upload, "first"), plan, KEPT)
    return upload


def preview(upload, *, by):
    """What the list would do now. Everything is done as it will be, and undone.

    Shape:   Upload -> Plan
    Raises:  NotAllowed, FileRefused
    """
    with transaction.atomic():
        plan = _run(upload, by=by, reason=TRIAL)
        transaction.set_rollback(True)
    return plan


def look(upload, *, by, on=False):
    """``preview`` for a page. The first look takes what ``keep`` found; who leafs ``on`` reads on in the plan of his
    last look. Both may be older than the data by then: ``take`` says so.

    Shape:   Upload, saved -> Plan
    Raises:  NotAllowed, FileRefused
    """
    _check_may(upload, by)
    first, last = _kept_name(upload, "first"), _kept_name(upload, "last")
    plan = cache.get(first) or (cache.get(last) if on else None) or preview(upload, by=by)
    cache.delete(first)
    cache.set(last, plan, KEPT)
    return plan


def _kept_name(upload, look):
    return f"upload-{look}-{upload.pk}-{upload.by_id}-{upload.at.timestamp()}"


@transaction.atomic
def take(upload_id, *, by, seen, reason=""):
    """Take a list, all rows or none, as long as it does what its preview showed.

    Shape:   (Upload id, fingerprint of the plan that was shown) -> Plan
    Locks:   the upload row, the rows of the years that change
    Raises:  NotAllowed, WrongState, RuleBroken, FileRefused
    """
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    if upload.applied_at:
        raise WrongState("Tệp này đã nhận rồi; không nhận lần nữa.")
    if upload.year_id and upload.kind != UploadKind.YEAR:  # a year file locks the year that it speaks of
        organisation.lock_years(upload.year_id)
    running = _running(upload)
    if running and not reason.strip():
        raise RuleBroken(f"Năm {running} đang chạy: cần ghi rõ lý do thay đổi.")
    plan = _run(upload, by=by, reason=reason.strip())
    plan.check()
    if plan.fingerprint != seen:
        raise WrongState("Dữ liệu đã thay đổi từ lúc bạn xem. Chưa nhận dòng nào; hãy xem lại bảng dưới đây.")
    upload.applied_at = timezone.now()
    upload.save(update_fields=["applied_at"])
    after = {"loại": upload.get_kind_display(), "tệp": upload.name, "sha256": upload.sha256, **plan.counts}
    audit.record("upload.take", by=by, target=upload, after=after, note=reason.strip())
    return plan


@transaction.atomic
def discard(upload_id, *, by):
    """Throw away the bytes of a file; what was taken from it stays.

    Raises:  NotAllowed
    """
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    if upload.by_id != by.pk:
        raise NotAllowed("Chỉ người đưa tệp lên được bỏ tệp.")
    audit.record("upload.discard", by=by, target=upload, before={"tệp": upload.name, "sha256": upload.sha256})
    upload.delete()


def asks_password(upload):
    """Whether the person signs in once more before the list is taken: a year file changes a whole year at once."""
    return upload.kind == UploadKind.YEAR


def done(upload):
    """Shape:   Upload -> {state: number of rows} as they were taken, or None"""
    event = AuditEvent.objects.filter(action="upload.take", target=f"reports.upload:{upload.pk}").first()
    return event and event.after


def _check_may(upload, by):
    if not may(by, upload.kind, upload.bloc_year or upload.year or upload.authority):
        raise NotAllowed("Bạn không có quyền nhập danh sách này.")


def _run(upload, *, by, reason):
    _check_may(upload, by)
    place = Place(upload.authority, upload.year, by, upload.bloc_year, reason)
    content = bytes(upload.content)
    if upload.kind == UploadKind.YEAR:
        return year_file.run(place, content)
    tables = read(upload.kind, content, pasted=not upload.name)
    with obligations.renewed_once():
        lines = KINDS[UploadKind(upload.kind)].run(place, tables)
    return Plan(lines, running=_running(upload))


def _running(upload):
    """The running year of a list whose changes are written down with a reason; of a year file the file says it."""
    return upload.year.label if upload.kind in NEEDS_REASON and upload.year.is_open else ""


def _shortened(name):
    """The name of a file as its sender calls it: shown, and nothing else."""
    return "".join(sign for sign in name if sign.isprintable())[-200:]
