"""Whether a paper is genuine: by the code printed on it, or by the digest of a file."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models

from blocs.templatetags.vietnamese import day, moment
from reports.domain import prints
from reports.domain.papers import seals
from reports.enums import DocumentKind, RenderingState
from reports.models import Rendering, SignedCopy


class Verdict(models.TextChoices):
    GENUINE = "genuine", "Đúng là văn bản do hệ thống này tạo, chưa bị bản nào thay thế"
    OUTRUN = "outrun", "Do hệ thống này tạo, nhưng nội dung đã được mở lại hoặc chốt lại sau đó; bản mới chưa tạo"
    REPLACED = "replaced", "Do hệ thống này tạo, nhưng bản khác đang có giá trị"
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
    holds: str = ""  # the print that replaced it, in words


UNKNOWN = Found(Verdict.UNKNOWN)
OWNERS = ("bloc_year__year", "year__authority", "unit_report__unit")


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
    known = prints.of_paper(row)
    mine = next(other for other in known if other.fingerprint == row.fingerprint)
    text = prints.texts_of([row])[row.kind, row.place]
    holds = prints.holding(known, text)
    verdict = Verdict.OUTRUN if prints.is_outrun(known, text) else Verdict.GENUINE
    issue = mine.issued
    return Found(
        verdict=verdict if holds is mine else Verdict.REPLACED,
        kind=DocumentKind(row.kind).label,
        issuer=_issuer(row),
        year=(row.bloc_year.year if row.bloc_year else row.year).label,
        made_at=row.finished_at,
        is_draft=row.is_draft,
        number=issue.number if issue else "",
        dated=issue.dated if issue else None,
        is_signed_copy=is_signed_copy,
        holds="" if holds is mine else _words(holds),
    )


def _words(row):
    numbered = f", số {row.issued.number}, ngày {day(row.issued.dated)}" if row.issued else ", chưa ghi số"
    return f"bản tạo lúc {moment(row.finished_at)}{numbered}"


def _issuer(row):
    if row.unit_report:
        return row.unit_report.unit.name
    return row.bloc_year.name if row.bloc_year else row.year.authority.name
