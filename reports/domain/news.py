"""A draft notice for the news, made from the record of a meeting. People finish it before it goes out."""

from dataclasses import dataclass
from io import BytesIO

from docx.shared import Cm
from PIL import Image, ImageOps

from awards.models import Presentation
from blocs.domain import attachments, attendance
from blocs.enums import OpinionKind
from blocs.templatetags.vietnamese import count, day
from reports.domain.papers import word_base

MAX_PICTURES, MAX_SIDE = 6, 1600


@dataclass(frozen=True)
class News:
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    captions: tuple[str, ...]

    @property
    def text(self):
        """As it is copied: plain paragraphs."""
        return "\n\n".join([self.title, self.lead, *self.paragraphs, *(f"Ảnh: {line}" for line in self.captions)])


def draft(conference):
    """What the record says, in the order of a notice; what was not recorded is not told.

    Shape:   Conference -> News
    """
    kind = conference.get_kind_display()
    of = conference.of[:1].upper() + conference.of[1:]
    words = [
        _presence(conference),
        _agenda(conference),
        *_opinions(conference),
        _presented(conference),
        _listed("Phát biểu chỉ đạo tại hội nghị, lãnh đạo cấp trên yêu cầu", conference.directions),
        _listed("Hội nghị kết luận", conference.conclusions),
    ]
    where = f"tại {conference.place}, " if conference.place else ""
    chair = f" {conference.chair} chủ trì hội nghị." if conference.chair else ""
    return News(
        title=f"{of} tổ chức {kind.replace('Hội', 'hội', 1)} năm {conference.year.label}",
        lead=f"Ngày {day(conference.held_on)}, {where}{of} tổ chức {kind.replace('Hội', 'hội', 1)} công tác thi đua, "
        f"khen thưởng năm {conference.year.label}.{chair}",
        paragraphs=tuple(text for text in words if text),
        captions=tuple(row.caption for row in conference.pictures.all() if row.caption),
    )


def add_pictures(document, conference):
    """Put up to six pictures, made small, behind the words of a Word file.

    Shape:   (docx Document, Conference) -> None
    """
    for row in conference.pictures.all()[:MAX_PICTURES]:
        picture = _small(attachments.path_of(row))
        if picture is None:
            document.add_paragraph().add_run(f"(Không mở được ảnh {row.name}.)").italic = True
            continue
        document.add_picture(picture, width=Cm(15))
        document.add_paragraph().add_run(row.caption).italic = True
    return word_base.bytes_of(document)


def _small(path):
    """The picture upright, with sides of 1,600 dots at most, without what the camera wrote into it; None where it is
    gone or broken."""
    file = BytesIO()
    try:
        with Image.open(path) as picture:
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((MAX_SIDE, MAX_SIDE))
            upright.convert("RGB").save(file, "JPEG", quality=85)
    except OSError:
        return None
    file.seek(0)
    return file


def _presence(conference):
    found = attendance.presence(conference)
    named = "; ".join(line.rstrip(" .;") for line in conference.guests)
    guests = f"Dự hội nghị có {named}" if named else ""
    if not found.expected or not found.present:
        return f"{guests}." if guests else ""
    units = f"đại diện {count(found.present)}/{count(found.expected)} đơn vị thành viên"
    return f"{guests}; cùng {units}." if guests else f"Dự hội nghị có {units}."


def _agenda(conference):
    lines = [item.text.rstrip(" .;") for item in conference.agenda.all()]
    return _listed("Hội nghị tiến hành các nội dung", lines)


def _opinions(conference):
    rows = list(conference.opinions.select_related("unit"))
    said = [row for row in rows if row.kind != OpinionKind.QUESTION and row.text]  # without words: only registered
    spoke = [row.unit.name if row.unit else row.speaker for row in said]
    questions = [row for row in rows if row.kind == OpinionKind.QUESTION]
    answered = sum(bool(row.answer) for row in questions)
    if spoke:
        names = list(dict.fromkeys(spoke))
        yield f"Tại hội nghị có {count(len(spoke))} ý kiến, tham luận của: {', '.join(names)}."
    if questions:
        yield f"Các đơn vị nêu {count(len(questions))} câu hỏi; {count(answered)} câu đã được trả lời tại hội nghị."


def _presented(conference):
    rows = Presentation.objects.filter(conference=conference).select_related("unit", "award")
    handed = [f"{row.award} cho {row.unit.name}" for row in rows]
    return f"Tại hội nghị đã trao {'; '.join(handed)}." if handed else ""


def _listed(opening, lines):
    clean = [line.rstrip(" .;") for line in lines]
    return f"{opening}: {'; '.join(clean)}." if clean else ""
