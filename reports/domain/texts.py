"""Saving one part of a report without overwriting a colleague, and the checks that both reports share."""

import re
import unicodedata

from blocs.domain import audit
from blocs.errors import EditedMeanwhile, NotAllowed, RuleBroken, WrongState
from blocs.templatetags.vietnamese import figure
from reports.workflow import Move

MAX_CHARACTERS = 120_000
MAX_PARAGRAPHS = 1_000
BREAKS = re.compile("\r\n?|[\v\f\u2028\u2029]")  # Word's line break, a page break, the separators of Unicode
DROPPED = ("Cc", "Cf", "Cs", "Co")  # control, direction and zero-width signs, halves of signs, signs of one font only
BULLETS = dict.fromkeys(map(ord, "\uf0b7\uf0a7\uf0d8\uf076\uf02d"), "-")  # as Word writes them in its symbol fonts
JOINER = "\u200d"  # holds the parts of an emoji together; elsewhere it is dropped
LOOSE_JOINER = re.compile("(?<![\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d")
STACK = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
TOO_HIGH = re.compile(f"({STACK}{{2}}){STACK}+")


def tidy(text):
    """A text as typed or pasted, without what nobody sees: NFC, no control, direction or zero-width signs, at most two
    marks above one letter.

    Shape:   str -> str; markup stays as the characters it is, every template escapes it
    """
    text = unicodedata.normalize("NFC", BREAKS.sub("\n", text).translate(BULLETS))
    kept = (sign for sign in text if sign in f"\n\t{JOINER}" or unicodedata.category(sign) not in DROPPED)
    return TOO_HIGH.sub(r"\1", LOOSE_JOINER.sub("", "".join(kept)))


def paragraphs_of(text):
    """The paragraphs of a text, tidy, without empty lines. Lines of a pasted table keep their empty cells.

    Shape:   str -> [str]
    Raises:  RuleBroken above 120,000 characters or 1,000 paragraphs
    """
    if len(text) > MAX_CHARACTERS:
        raise RuleBroken(
            f"Phần này dài {figure(len(text))} chữ, nhiều nhất {figure(MAX_CHARACTERS)}. Chuyển bớt sang tệp đính kèm."
        )
    found = [_line(line) for line in tidy(text).split("\n") if line.strip()]
    if len(found) > MAX_PARAGRAPHS:
        raise RuleBroken(
            f"Phần này có {figure(len(found))} đoạn, nhiều nhất {figure(MAX_PARAGRAPHS)}. Chuyển bớt sang tệp đính kèm."
        )
    return found


def _line(line):
    """A line of cells keeps its tabs; of any other the blanks at both ends go, the tab of an indent too."""
    bare = line.strip()
    return line.strip(" \u00a0") if "\t" in bare else bare


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
