"""Making papers outside the request. The ``Rendering`` row is the truth: a message may be lost, late or doubled."""

import logging
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from blocs.domain import attachments, audit
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.models import BlocYear
from reports.domain.papers import pdf, seals, subjects
from reports.domain.papers.registry import KINDS
from reports.enums import DocumentKind, RenderingState
from reports.models import Rendering, RenderingBatch

logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 3
OWNERS = (
    "bloc_year__year__authority", "bloc_year__bloc", "year__authority", "unit_report__unit",
    "unit_report__bloc_year__year__authority", "conference__bloc_year__year__authority", "conference__year__authority",
)  # fmt: skip


def request(thing, kind, *, by):
    """Ask for a paper; one that waits to be made is not asked for twice, one that is being made may hold older data.

    Shape:   (row that papers of the kind are about, DocumentKind) -> Rendering, queued or running; the caller sends
             the message after commit
    Locks:   that row
    Raises:  NotAllowed
    """
    place = subjects.columns(kind, thing)
    if not by.has_perm(subjects.permission(kind), thing):
        raise NotAllowed("Bạn không có quyền tạo văn bản này.")
    with transaction.atomic():
        type(thing).objects.select_for_update().get(pk=thing.pk)  # two people who ask at once are served one by one
        waiting = Rendering.objects.filter(state=RenderingState.QUEUED, kind=kind, place=place["place"]).first()
        if waiting:
            return waiting
        rendering = Rendering.objects.create(kind=kind, requested_by=by, queued_at=timezone.now(), **place)
        audit.record("rendering.request", by=by, target=thing, after={"kind": kind})
    return rendering


@transaction.atomic
def request_all(year, *, by):
    """Ask for the summary reports of all blocs of a year.

    Shape:   Year -> RenderingBatch with one rendering a bloc
    Raises:  NotAllowed, RuleBroken
    """
    if not by.has_perm("reports.render_all", year):
        raise NotAllowed("Chỉ Ban Thi đua - Khen thưởng tạo báo cáo của tất cả các khối.")
    kind, now = DocumentKind.SUMMARY_REPORT, timezone.now()
    bloc_years = list(BlocYear.objects.select_for_update().filter(year=year).order_by("position", "pk"))
    if not bloc_years:
        raise RuleBroken("Năm này chưa có cụm, khối nào.")
    rows = Rendering.objects.filter(state=RenderingState.QUEUED, bloc_year__year=year, kind=kind)
    waiting = {row.bloc_year_id: row for row in rows}
    fresh = [
        Rendering(kind=kind, requested_by=by, queued_at=now, **subjects.columns(kind, bloc_year))
        for bloc_year in bloc_years
        if bloc_year.pk not in waiting
    ]
    Rendering.objects.bulk_create(fresh)
    batch = RenderingBatch.objects.create(year=year, requested_by=by)
    batch.renderings.set([*waiting.values(), *fresh])
    audit.record("rendering.request_all", by=by, target=year, after={"kind": kind, "blocs": len(bloc_years)})
    return batch


def retry(rendering_id, *, by):
    """Ask again for a paper that failed.

    Shape:   id -> a new Rendering, in the batches of the old one
    Raises:  WrongState, NotAllowed
    """
    with transaction.atomic():
        rows = Rendering.objects.select_for_update(of=("self",)).select_related(*OWNERS)
        old = rows.get(pk=rendering_id)
        if old.state != RenderingState.FAILED:
            raise WrongState("Chỉ tạo lại được bản in bị lỗi.")
        fresh = request(subjects.of_rendering(old), old.kind, by=by)
        for batch in old.batches.all():
            batch.renderings.remove(old)
            batch.renderings.add(fresh)
    return fresh


def make(rendering_id):
    """Make one paper; called by a worker, any number of times, by any number of workers.

    Shape:   id -> True when this call finished the paper
    The row is claimed by one compare-and-set, and finished by another that names the attempt: of two workers one wins.
    """
    now = timezone.now()
    claimed = Rendering.objects.filter(pk=rendering_id, state=RenderingState.QUEUED).update(
        state=RenderingState.RUNNING, started_at=now, attempts=F("attempts") + 1
    )
    if not claimed:
        return False
    rendering = Rendering.objects.select_related(*OWNERS).get(pk=rendering_id)
    mine = Rendering.objects.filter(pk=rendering_id, state=RenderingState.RUNNING, attempts=rendering.attempts)
    try:
        result = _produce(rendering)
    except Exception as error:  # whatever failed is told to people and may be tried again
        logger.exception("rendering %s failed", rendering_id)
        return bool(mine.update(state=RenderingState.FAILED, finished_at=timezone.now(), error=_words(error)))
    return bool(mine.update(state=RenderingState.DONE, finished_at=timezone.now(), error="", **result))


def _produce(rendering):
    kind = KINDS[DocumentKind(rendering.kind)]
    paper = kind.build(subjects.of_rendering(rendering))
    mark = pdf.fingerprint(paper, kind.template)
    found = {"fingerprint": mark, "code": seals.code_of(mark), "is_draft": getattr(paper, "is_draft", False)}
    same = Rendering.objects.filter(
        kind=rendering.kind, place=rendering.place, fingerprint=mark, state=RenderingState.DONE
    )
    earlier = same.exclude(pk=rendering.pk).first()
    if earlier and path_of(earlier).exists():
        return found | {"file": earlier.file, "sha256": earlier.sha256, "pages": earlier.pages, "reused": True}
    content, pages = pdf.render(pdf.html_of(paper, kind.template, mark))
    digest, name = attachments.keep(content, "papers", ".pdf")
    return found | {"file": name, "sha256": digest, "pages": pages, "reused": False}


def path_of(rendering):
    return Path(settings.MEDIA_ROOT) / rendering.file


def bytes_of(thing, kind):
    """The paper as the worker would make it, without a row.

    Shape:   (row that papers of the kind are about, DocumentKind) -> bytes
    """
    spec = KINDS[kind]
    return pdf.render(pdf.html_of(spec.build(thing), spec.template))[0]


def take_up_lost(*, now=None):
    """The rows whose message or worker was lost, queued anew; what failed too often is given up with a reason.

    Shape:   -> [id] to send messages for
    """
    now = now or timezone.now()
    dead = Rendering.objects.filter(
        state=RenderingState.RUNNING, started_at__lt=now - timedelta(seconds=settings.RENDER_RUN_LOST_AFTER)
    )
    newer = Rendering.objects.filter(kind=OuterRef("kind"), place=OuterRef("place")).filter(
        Q(state=RenderingState.QUEUED) | Q(pk__in=dead.values("pk"), pk__gt=OuterRef("pk"))
    )
    dead.filter(Exists(newer)).update(
        state=RenderingState.FAILED,
        finished_at=now,
        error="Máy chủ tạo văn bản dừng giữa chừng; đã có yêu cầu mới hơn.",
    )
    dead.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=RenderingState.FAILED,
        finished_at=now,
        error=f"Máy chủ tạo văn bản dừng giữa chừng {MAX_ATTEMPTS} lần. Bấm “Tạo lại”; nếu vẫn lỗi, báo quản trị.",
    )
    dead.update(state=RenderingState.QUEUED, queued_at=now - timedelta(days=1))
    lost = Rendering.objects.filter(
        state=RenderingState.QUEUED, queued_at__lt=now - timedelta(seconds=settings.RENDER_QUEUE_LOST_AFTER)
    )
    ids = list(lost.order_by("requested_at", "pk").values_list("pk", flat=True))
    Rendering.objects.filter(pk__in=ids, state=RenderingState.QUEUED).update(queued_at=now)
    return ids


def _words(error):
    if isinstance(error, pdf.FontMissing):
        return str(error)
    if isinstance(error, OSError):
        return f"Không ghi được tệp ({error.strerror or 'lỗi đĩa'}). Báo quản trị hệ thống rồi bấm “Tạo lại”."
    return "Không tạo được văn bản do lỗi của hệ thống; quản trị hệ thống xem nhật ký. Có thể bấm “Tạo lại”."
