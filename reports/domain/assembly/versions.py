"""All parts of a report as they stood at a moment: kept, compared in words, brought back."""

import hashlib
import json
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from blocs.domain import audit
from blocs.errors import RuleBroken
from reports.domain.assembly.align import whole
from reports.domain.assembly.compare import Work


def content_of(kind, report):
    """Shape: (Kind, report) -> {part code: {"paragraphs": [str], "keys": [str]}}"""
    rows = {row.code: row for row in kind.part.objects.filter(report=report)}
    return {
        code.value: {
            "paragraphs": rows[code].paragraphs,
            "keys": whole(rows[code].keys, rows[code].paragraphs),
        }
        for code in kind.codes
        if code in rows and rows[code].paragraphs
    }


def pieces_of(kind, report):
    """What was last taken from the data, with its sources.

    Shape:   (Kind, report) -> {key: {"part": code, "text": str, "sources": [source]}}
    """
    rows = kind.piece.objects.filter(report=report)
    return {row.key: {"part": row.part, "text": row.text, "sources": row.sources} for row in rows}


def digest_of(content, kept=None):
    """What was said, whatever it came from; of a finished report also what is printed around it.

    Shape:   (content, data of the paper that are kept or None) -> 64 hexadecimal digits
    """
    said = {code: part["paragraphs"] for code, part in content.items()}
    if kept is not None:
        said = {"said": said, "kept": kept}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def keep(kind, report, *, by, reason, kept=None, unless_same=False):
    """Keep the report as it stands; inside the act's transaction.

    Shape:   (Kind, report, User, text) -> the version that holds this content
             kept: data of the paper, of a report that is finished with this act
             unless_same: the newest version will do where it says the same from the same sources
    """
    content, pieces = content_of(kind, report), pieces_of(kind, report)
    newest = kind.version.objects.filter(report=report).first()
    if unless_same and newest and (newest.content, newest.pieces) == (content, pieces):
        return newest
    last = kind.version.objects.filter(report=report).aggregate(last=Max("number"))["last"] or 0
    return kind.version.objects.create(
        report=report,
        number=last + 1,
        reason=reason,
        content=content,
        pieces=pieces,
        kept=kept,
        digest=digest_of(content, kept),
        by=by,
    )


@transaction.atomic
def keep_now(kind, report_id, *, by, reason):
    """Keep the draft as it stands under a name.

    Locks:   as the kind says
    Raises:  NotAllowed, WrongState, RuleBroken
    """
    report = kind.lock(report_id, by)
    if not reason.strip():
        raise RuleBroken("Cần đặt tên cho phiên bản, ví dụ: trước hội nghị.")
    version = keep(kind, report, by=by, reason=reason.strip()[:200])
    audit.record("assembly.version", by=by, target=report, after={"version": version.number, "reason": version.reason})
    return version


@transaction.atomic
def restore(kind, report_id, number, *, by):
    """Bring a version back with its sources, so that what changed since is on offer; what stands now is kept first.

    Locks:   as the kind says
    Raises:  NotAllowed, WrongState, RuleBroken
    """
    report = kind.lock(report_id, by)
    version = kind.version.objects.filter(report=report, number=number).first()
    if version is None:
        raise RuleBroken("Không có phiên bản này.")
    keep(kind, report, by=by, reason=f"Trước khi lấy lại phiên bản {number}", unless_same=True)
    for code in kind.codes:
        wanted = version.content.get(code, {"paragraphs": [], "keys": []})
        part = kind.part.objects.filter(report=report, code=code).first() or kind.part(report=report, code=code)
        if part.paragraphs != wanted["paragraphs"]:
            part.paragraphs, part.saved_by = wanted["paragraphs"], by
            part.version += 1
        elif part.keys == wanted["keys"]:
            continue
        part.keys = wanted["keys"]
        part.save()
    _restore_pieces(kind, report, version)
    kept = keep(kind, report, by=by, reason=f"Lấy lại phiên bản {number}", unless_same=True)
    audit.record("assembly.restore", by=by, target=report, after={"version": number})
    return kept


def _restore_pieces(kind, report, version):
    """A version that was kept without its pieces: each of its paragraphs is compared with the data anew."""
    pieces = version.pieces or {
        key: {"part": code, "text": text, "sources": []}
        for code, part in version.content.items()
        for key, text in zip(part["keys"], part["paragraphs"], strict=True)
        if key
    }
    kind.piece.objects.filter(report=report).delete()
    kind.piece.objects.bulk_create(kind.piece(report=report, key=key, **row) for key, row in pieces.items())


@dataclass(frozen=True)
class Change:
    """One paragraph that differs: ``pieces`` is [(``same``, ``out`` or ``in``, words)]."""

    part: str
    pieces: tuple[tuple[str, str], ...]


def difference(kind, old, new):
    """What changed from one content to another, word by word.

    Shape:   (Kind, content, content) -> [Change] in the order of the report; unchanged paragraphs are left out
    """
    found, work = [], Work()
    for code in kind.codes:
        before = old.get(code, {"paragraphs": []})["paragraphs"]
        after = new.get(code, {"paragraphs": []})["paragraphs"]
        for tag, start, end, begin, stop in work.paragraphs(before, after):
            if tag != "equal":
                found += [Change(code.label, pieces) for pieces in _paired(before[start:end], after[begin:stop], work)]
    return found


def _paired(before, after, work):
    """Paragraphs that stand against each other, as many as there are on both sides; the rest went out or came in."""
    common = min(len(before), len(after))
    for old, new in zip(before[:common], after[:common], strict=True):
        yield tuple(work.words(old, new))
    yield from ((("out", text),) for text in before[common:])
    yield from ((("in", text),) for text in after[common:])
