"""Saving one part of a report without overwriting a colleague, and the checks that both reports share."""

import unicodedata

from blocs.domain import audit
from blocs.errors import EditedMeanwhile, NotAllowed, RuleBroken, WrongState
from reports.workflow import Move

MAX_CHARACTERS = 60_000
MAX_PARAGRAPHS = 400


def paragraphs_of(text):
    """The paragraphs of a text as typed or pasted: NFC, without control characters, without empty lines.

    Shape:   str -> [str]; markup stays as the characters it is, every template escapes it
    Raises:  RuleBroken above 60,000 characters or 400 paragraphs
    """
    if len(text) > MAX_CHARACTERS:
        raise RuleBroken(f"Phần này dài {len(text)} chữ, nhiều nhất {MAX_CHARACTERS}. Chuyển bớt sang phụ lục.")
    clean = "".join(c for c in unicodedata.normalize("NFC", text) if c in "\n\t" or unicodedata.category(c) != "Cc")
    found = [line.strip() for line in clean.split("\n") if line.strip()]
    if len(found) > MAX_PARAGRAPHS:
        raise RuleBroken(f"Phần này có {len(found)} đoạn, nhiều nhất {MAX_PARAGRAPHS}. Chuyển bớt sang phụ lục.")
    return found


def save_part(model, report, code, text, *, version, by, follow=None):
    """Store the text of one part; the caller holds the lock of the report and has checked the right and the state.

    Shape:   (TextPart subclass, report, part code, text, version that the editor started from) -> the saved part
             follow: called with the part and its new paragraphs before they replace the old ones
    Raises:  EditedMeanwhile when somebody saved another text in between, RuleBroken
    """
    part = model.objects.filter(report=report, code=code).first() or model(report=report, code=code)
    paragraphs = paragraphs_of(text)
    if paragraphs == part.paragraphs:
        return part
    if version != part.version:
        who = part.saved_by or "người khác"
        raise EditedMeanwhile(
            f"{who} đã lưu nội dung khác sau khi bạn mở phần này. Bản của bạn chưa được lưu.",
            theirs=part.text,
            version=part.version,
        )
    before = part.paragraphs
    if follow:
        follow(part, paragraphs)
    part.paragraphs, part.saved_by = paragraphs, by
    part.version += 1
    part.save()
    audit.record("report.save_part", by=by, target=report, before={code: before}, after={code: paragraphs})
    return part


def check_move(step: Move, report, *, by, note, missing):
    """Refuse a step that the table does not allow now, or this user, or an unfinished report.

    Raises:  WrongState, NotAllowed, RuleBroken
    """
    if not by.has_perm(step.perm, report):
        raise NotAllowed("Bạn không có quyền thực hiện bước này.")
    if report.state not in step.source:
        raise WrongState(f"Báo cáo đang ở trạng thái “{report.get_state_display()}”, không thực hiện được bước này.")
    if step.needs_note and not note.strip():
        raise RuleBroken("Cần ghi rõ lý do.")
    if step.needs_whole and missing:
        raise RuleBroken("Còn thiếu: " + "; ".join(missing) + ".")


def moves_for(moves, report, user, missing):
    """What this user could do now, and why not where it is not possible.

    Shape:   -> [(name, Move, reason or "")] of the steps that the user may take at all
    """
    offered = []
    for name, step in moves.items():
        if report.state not in step.source or not user.has_perm(step.perm, report):
            continue
        offered.append((name, step, "Còn thiếu: " + "; ".join(missing) if step.needs_whole and missing else ""))
    return offered
