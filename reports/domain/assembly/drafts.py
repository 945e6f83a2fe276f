"""The draft: pieces put into the parts, and what is offered when a source says something else later.

A paragraph belongs to a piece by its key. ``Piece.text`` is what was last taken from the data: where the data now give
another text, that paragraph and no other is out of date. What people wrote or changed is never overwritten unasked.
"""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.db import transaction
from django.utils import timezone

from blocs.domain import audit
from blocs.errors import EditedMeanwhile, RuleBroken, WrongState
from reports.domain.assembly import align, versions
from reports.domain.assembly.align import whole
from reports.domain.assembly.held import is_held


class OfferKind(StrEnum):
    CHANGED = "changed"  # a source says something else now
    GONE = "gone"  # no source says it any more
    NEW = "new"  # something that the draft has not got yet


@dataclass(frozen=True)
class Offer:
    """What the data would have otherwise in one place of the draft."""

    kind: OfferKind
    part: str
    key: str
    now: str  # the paragraph as it stands, "" for a new one
    new: str  # the text that the data give, "" where they give none
    sources: list
    is_edited: bool  # people changed the paragraph since it was taken

    @property
    def digest(self):
        """By what the answer says which offer it was that somebody saw."""
        return hashlib.sha256(json.dumps([self.kind, self.now, self.new]).encode()).hexdigest()


@transaction.atomic
def assemble(kind, report_id, *, by):
    """Put everything that the data give into the draft: new pieces at the end of their part, untouched ones renewed.

    Shape:   (Kind, report id) -> the report; what people edited stays, what they removed or refused is offered again
    Locks:   as the kind says
    Raises:  NotAllowed, WrongState, RuleBroken where there is nothing to assemble
    """
    report = kind.lock(report_id, by)
    fresh, _ = kind.generate(report)
    if not fresh:
        raise RuleBroken(kind.nothing)
    book = _Book(kind, report)
    for piece in fresh:
        book.renew(piece)
    book.forget_removed()
    book.save(by)
    report.assembled_at = timezone.now()
    report.save(update_fields=["assembled_at"])
    versions.keep(kind, report, by=by, reason="Lập dự thảo từ dữ liệu", unless_same=True)
    audit.record("assembly.assemble", by=by, target=report, after={"pieces": len(fresh)})
    return report


def offers(kind, report):
    """Where the data differ from what the draft took from them.

    Shape:   (Kind, report) -> ([Offer] in the order of the report, [Conflict])
    """
    fresh, conflicts = kind.generate(report)
    if report.assembled_at is None:
        return [], conflicts
    book = _Book(kind, report)
    return book.offers(fresh), conflicts


@transaction.atomic
def take(kind, report_id, key, *, seen, by):
    """Take what the data say for one piece: replace its paragraph, add it, or remove it.

    Shape:   (Kind, report id, key, the ``digest`` of the offer that the page showed) -> None
    Raises:  NotAllowed, WrongState when there is nothing on offer any more, EditedMeanwhile when it is another offer
    """
    report, book, offer, piece = _offered(kind, report_id, key, seen, by)
    if offer.kind == OfferKind.GONE:
        book.drop(key)
    else:
        book.put(piece)
    book.save(by)
    audit.record("assembly.take", by=by, target=report, before={key: offer.now}, after={key: offer.new})


@transaction.atomic
def keep(kind, report_id, key, *, seen, by):
    """Leave the draft as people have it; the offer is not made again until the data change once more, or until the
    draft is assembled again.

    Shape:   (Kind, report id, key, the ``digest`` of the offer that the page showed) -> None
    Raises:  NotAllowed, WrongState when there is nothing on offer any more, EditedMeanwhile when it is another offer
    """
    report, book, offer, piece = _offered(kind, report_id, key, seen, by)
    if offer.kind == OfferKind.GONE:
        book.forget(key)
    else:
        book.note(piece)
    book.save(by)
    audit.record("assembly.keep", by=by, target=report, before={key: offer.now}, after={key: offer.new})


def provenance(kind, report):
    """The sources behind each paragraph.

    Shape:   (Kind, report) -> {part code: [(paragraph, key, [source], is_edited)]}; two queries
    """
    return _Book(kind, report).provenance()


def follow(kind):
    """What happens to the keys when people save a part: edited paragraphs keep theirs, and one that went from one part
    to another is known again by its text.

    Shape:   Kind -> follow(part, [paragraph]), to be called before the paragraphs replace the old ones
    """

    def carry(part, paragraphs):
        before = dict(zip(whole(part.keys, part.paragraphs), part.paragraphs, strict=True))
        part.keys = align.carry(part.paragraphs, part.keys, paragraphs)
        others = list(kind.part.objects.filter(report=part.report).exclude(code=part.code))
        standing = {key for row in (part, *others) for key in row.keys}
        pieces = kind.piece.objects.filter(report=part.report).exclude(key__in=standing)
        stray = {text: row.key for row in pieces for text in (row.text, before.get(row.key, row.text))}
        _place_strays(stray, part.keys, paragraphs)
        for row in others:
            row.keys = whole(row.keys, row.paragraphs)
            if _place_strays(stray, row.keys, row.paragraphs):
                row.save(update_fields=["keys"])

    return carry


def _place_strays(stray, keys, paragraphs):
    """Give keys that stand nowhere to the paragraphs that read like their pieces; whether one did."""
    did = False
    for place, text in enumerate(paragraphs):
        key = stray.get(text)
        if key and not keys[place]:
            keys[place], did = key, True
            for other in [text for text, same in stray.items() if same == key]:
                del stray[other]
    return did


def _offered(kind, report_id, key, seen, by):
    report = kind.lock(report_id, by)
    fresh, _ = kind.generate(report)
    book = _Book(kind, report)
    offer = next((row for row in book.offers(fresh) if row.key == key), None)
    if offer is None:
        raise WrongState("Đoạn này vừa được cập nhật; tải lại trang để xem.")
    if seen != offer.digest:
        raise EditedMeanwhile(
            "Đoạn hoặc nguồn của nó vừa đổi sau khi bạn mở trang; chưa ghi gì. Xem lại hai bản rồi chọn.",
            theirs=offer.new,
            version=offer.digest,
        )
    return report, book, offer, next((piece for piece in fresh if piece.key == key), None)


class _Book:
    """The parts and pieces of one report, changed in memory and saved together."""

    def __init__(self, kind, report):
        self.kind, self.report = kind, report
        rows = kind.part.objects.filter(report=report)
        self.parts = {row.code: row for row in rows}
        for row in self.parts.values():
            row.keys = whole(row.keys, row.paragraphs)
        self.pieces = {row.key: row for row in kind.piece.objects.filter(report=report)}
        self.touched: set[str] = set()
        self.noted: list = []
        self.forgotten: list[str] = []

    @cached_property
    def mended(self):
        return self.kind.held(self.report)

    def tells(self, row, piece):
        """Whether a piece says what was taken, or says otherwise only because a source is being mended."""
        if piece and (piece.text, piece.plain_sources) == (row.text, row.sources):
            return True
        return is_held(row.sources, piece.plain_sources if piece else [], self.mended)

    def place_of(self, key):
        """Shape: -> (part, index of the paragraph) or None"""
        for part in self.parts.values():
            if key in part.keys:
                return part, part.keys.index(key)
        return None

    def is_edited(self, key):
        place = self.place_of(key)
        return place is not None and place[0].paragraphs[place[1]] != self.pieces[key].text

    def renew(self, piece):
        """A new piece goes in, an untouched one is renewed, an edited, removed or held one is left."""
        row = self.pieces.get(piece.key)
        is_free = row and self.place_of(piece.key) and not self.is_edited(piece.key) and not self.tells(row, piece)
        if row is None or is_free:
            self.put(piece)

    def put(self, piece):
        place = self.place_of(piece.key)
        if place:
            part, index = place
            part.paragraphs[index] = piece.text
        else:
            part = self.parts.setdefault(piece.part, self.kind.part(report=self.report, code=piece.part))
            part.paragraphs.append(piece.text)
            part.keys.append(piece.key)
        self.touched.add(part.code)
        self.note(piece)

    def note(self, piece):
        row = self.pieces.get(piece.key) or self.kind.piece(report=self.report, key=piece.key)
        row.part, row.text, row.sources = piece.part, piece.text, piece.plain_sources
        self.pieces[piece.key] = row
        self.noted.append(row)

    def drop(self, key):
        part, index = self.place_of(key)
        del part.paragraphs[index], part.keys[index]
        self.touched.add(part.code)
        self.forget(key)

    def forget(self, key):
        """The paragraph, if it stands, is the people's own from now on."""
        place = self.place_of(key)
        if place:
            place[0].keys[place[1]] = ""
            self.touched.add(place[0].code)
        self.forgotten.append(key)

    def forget_removed(self):
        """What people removed or refused is new again, and on offer."""
        self.forgotten += [key for key, row in self.pieces.items() if row.pk and self.place_of(key) is None]

    def offers(self, fresh):
        given = {piece.key: piece for piece in fresh}
        found, removed = [], set()
        for key, row in self.pieces.items():
            place, piece = self.place_of(key), given.get(key)
            if place is None:
                if self.tells(row, piece):
                    removed.add(key)
                continue
            now = place[0].paragraphs[place[1]]
            if self.tells(row, piece):
                continue
            if piece is None:
                found.append(Offer(OfferKind.GONE, place[0].code, key, now, "", row.sources, now != row.text))
            else:
                found.append(
                    Offer(OfferKind.CHANGED, place[0].code, key, now, piece.text, piece.plain_sources, now != row.text)
                )
        found += [
            Offer(OfferKind.NEW, piece.part, piece.key, "", piece.text, piece.plain_sources, is_edited=False)
            for piece in fresh
            if piece.key not in removed and self.place_of(piece.key) is None
        ]
        codes = list(self.kind.codes)
        return sorted(found, key=lambda offer: codes.index(self.kind.codes(offer.part)))

    def provenance(self):
        found = defaultdict(list)
        for part in self.parts.values():
            for text, key in zip(part.paragraphs, part.keys, strict=True):
                row = self.pieces.get(key)
                found[part.code].append((text, key, row.sources if row else [], row is not None and text != row.text))
        return found

    def save(self, by):
        for code in self.touched:
            part = self.parts[code]
            part.version += 1
            part.saved_by = by
            part.save()
        old = [row for row in self.noted if row.pk]
        self.kind.piece.objects.bulk_create([row for row in self.noted if not row.pk])
        self.kind.piece.objects.bulk_update(old, ["part", "text", "sources"])
        self.kind.piece.objects.filter(report=self.report, key__in=self.forgotten).delete()
