"""Whether a paper is genuine: by the code printed on it, or by the digest of a file."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models

from reports.domain.papers import seals
from reports.enums import DocumentKind, RenderingState
from reports.models import Rendering, SignedCopy


class Verdict(models.TextChoices):
    GENUINE = "genuine", "Đúng là văn bản do hệ thống này tạo, chưa bị bản nào thay thế"
    REPLACED = "replaced", "Do hệ thống này tạo, nhưng đã có bản mới hơn thay thế"
    UNKNOWN = "unknown", "Hệ thống này không biết văn bản này"


@dataclass(frozen=True)
class Found:
    """What anybody may learn of a paper: what it is, not what it says."""

    verdict: Verdict
    kind: str = ""
    issuer: str = ""
    year: str = ""
    made_at: datetime | None = None
    is_draft: bool = False
    number: str = ""
    dated: date | None = None
    is_signed_copy: bool = False


UNKNOWN = Found(Verdict.UNKNOWN)
OWNERS = ("bloc_year__year", "year__authority", "unit_report__unit", "issue")


def by_code(text):
    """Shape: a code as people type it -> Found"""
    code = seals.tidy(text)
    rows = Rendering.objects.filter(code=code, state=RenderingState.DONE)
    row = rows.select_related(*OWNERS).order_by("-finished_at", "-pk").first() if code else None
    return _found(row) if row else UNKNOWN


def by_digest(text):
    """Shape: 64 hexadecimal digits -> Found, of the paper as we made it or of its signed copy"""
    digest = text.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        return UNKNOWN
    rows = Rendering.objects.filter(sha256=digest, state=RenderingState.DONE).select_related(*OWNERS)
    row = rows.order_by("-finished_at", "-pk").first()
    if row:
        return _found(row)
    copies = SignedCopy.objects.filter(sha256=digest).select_related(*(f"issue__rendering__{name}" for name in OWNERS))
    copy = copies.first()
    return _found(copy.issue.rendering, is_signed_copy=True) if copy else UNKNOWN


def _found(row, *, is_signed_copy=False):
    issue = getattr(row, "issue", None)
    return Found(
        verdict=Verdict.GENUINE if row.fingerprint == _holding(row) else Verdict.REPLACED,
        kind=DocumentKind(row.kind).label,
        issuer=_issuer(row),
        year=(row.bloc_year.year if row.bloc_year else row.year).label,
        made_at=row.finished_at,
        is_draft=row.is_draft,
        number=issue.number if issue else "",
        dated=issue.dated if issue else None,
        is_signed_copy=is_signed_copy,
    )


def _holding(row):
    """The fingerprint of the paper that holds: the one issued last, else the one made last."""
    done = Rendering.objects.filter(kind=row.kind, place=row.place, state=RenderingState.DONE)
    issued = done.filter(issue__isnull=False).order_by("-issue__dated", "-issue__pk")
    rows = issued if issued.exists() else done.order_by("-finished_at", "-pk")
    return rows.values_list("fingerprint", flat=True).first()


def _issuer(row):
    if row.unit_report:
        return row.unit_report.unit.name
    return row.bloc_year.name if row.bloc_year else row.year.authority.name
