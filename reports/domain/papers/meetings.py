"""The papers of a meeting: invitation, agenda, list to sign, minutes. Source: paper-layout, meeting-minutes"""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from awards.models import Ballot, FlagNotice, Presentation, Tally
from blocs.domain import attendance, units
from blocs.domain.files import END_OF_DAY, HANOI
from blocs.enums import BlocKind, ConferenceKind, Header, OpinionKind
from blocs.templatetags.vietnamese import WEEKDAYS, count, day, figure, paper_date
from reports.domain import adoption
from reports.domain import news as record
from reports.domain.papers import ballots
from reports.domain.papers.base import Heading, SignatureBlock, heading
from reports.domain.papers.meeting_papers import (
    AgendaPaper,
    AttendancePaper,
    InvitationPaper,
    MinutesPaper,
    NewsPaper,
    Question,
)
from reports.domain.papers.summary_paper import Table
from reports.models import SummaryReport

LIST, PLAIN = " ", ""  # a list to sign, a notice: no kinds of official documents, so without number and symbol
BLANK_ROWS = 6  # of the list to sign, for those who come without being expected


def invitation(conference):
    """Shape: Conference -> InvitationPaper; the same data give an equal paper"""
    meeting = _Meeting(conference)
    lacks = not (conference.held_on and conference.starts_at and conference.place)
    invited = (
        *(f"{line.unit.name};" for line in meeting.presence.lines),
        *(f"{line.rstrip(';.')};" for line in conference.guests),
    )
    return InvitationPaper(
        **meeting.shared("GM", is_draft=lacks, recipients=("- Như trên;", "- Lưu: VT.")),
        invited=(*invited[:-1], invited[-1][:-1] + ".") if invited else (),
        opening=f"{meeting.of} trân trọng kính mời đại diện lãnh đạo cơ quan, đơn vị và các vị đại biểu dự "
        f"{meeting.kind} năm {meeting.year.label}, cụ thể như sau:",
        agenda=meeting.agenda_lines(),
        chair=conference.chair,
        request="Đề nghị các cơ quan, đơn vị cử đại diện dự hội nghị đúng thời gian, thành phần; đơn vị có tham luận, "
        "câu hỏi đăng ký trước với thư ký hội nghị",
    )


def agenda(conference):
    """Shape: Conference -> AgendaPaper"""
    meeting = _Meeting(conference)
    rows = tuple(
        (str(number), f"{item.starts_at:%H:%M}" if item.starts_at else "", item.text, item.presenter)
        for number, item in enumerate(conference.agenda.all(), 1)
    )
    return AgendaPaper(
        **meeting.shared("CTr", is_draft=not rows or conference.held_on is None),
        items=Table(("TT", "Thời gian", "Nội dung", "Người thực hiện"), rows),
        chair=conference.chair,
    )


def attendance_sheet(conference):
    """Shape: Conference -> AttendancePaper; before the meeting a list to sign, later with those who came"""
    meeting = _Meeting(conference)
    rows = tuple(
        (str(number), line.unit.name, line.attendance.person if line.attendance else "", meeting.came(line))
        for number, line in enumerate((*meeting.presence.lines, *meeting.presence.guests), 1)
    )
    return AttendancePaper(
        **meeting.shared(LIST, is_draft=False) | {"signature": None},
        units=rows,
        guests=tuple(conference.guests),
        blank=("",) * BLANK_ROWS,
        sentence=meeting.presence_sentence() if conference.opened_at else "",
        sides=(("THƯ KÝ", conference.secretary), ("CHỦ TRÌ", conference.chair)),
    )


def minutes(conference):
    """Everything that was recorded of a meeting.

    Shape:   Conference -> MinutesPaper
    Source:  meeting-minutes, paper-layout
    """
    meeting = _Meeting(conference)
    return MinutesPaper(
        **meeting.shared("BB", is_draft=not conference.is_over) | {"signature": None},
        opening=meeting.opening(),
        chair=conference.chair,
        secretary=conference.secretary,
        guests=tuple(conference.guests),
        presence_sentence=meeting.presence_sentence(),
        presence=meeting.presence_table(),
        absent=", ".join(unit.name for unit in meeting.presence.absent),
        agenda=meeting.agenda_lines(),
        speeches=meeting.speeches(),
        questions=meeting.questions(),
        notices=meeting.notices(),
        presentations=meeting.presentations(),
        ballots=meeting.ballots(),
        directions=tuple(map(_inline, conference.directions)),
        conclusions=(*map(_inline, conference.conclusions), *meeting.adoption()),
        tasks=meeting.tasks(),
        ending=_ending(conference),
        sides=(("THƯ KÝ", conference.secretary), ("CHỦ TRÌ", conference.chair)),
    )


def news(conference):
    """The draft notice for the press.

    Shape:   Conference -> NewsPaper
    """
    found, meeting = record.draft(conference), _Meeting(conference)
    return NewsPaper(
        **meeting.shared(PLAIN, is_draft=True, recipients=("- Cơ quan báo chí;", "- Lưu: VT.")), **vars(found)
    )


class _Meeting:
    """A meeting as its papers tell of it: units are called as they were on its day."""

    def __init__(self, conference):
        self.conference = conference
        self.bloc_year, self.year = conference.bloc_year, conference.year
        self.former = units.former_names(self.year, conference.held_on)
        self.kind = conference.get_kind_display().replace("Hội nghị", "hội nghị", 1)
        self.of = conference.of[:1].upper() + conference.of[1:]
        self.presence = attendance.presence(conference)
        for line in (*self.presence.lines, *self.presence.guests):
            self._dated(line.unit)
        self.head = next((line.unit for line in self.presence.lines if line.is_head), None)

    def _dated(self, unit):
        if unit and unit.pk in self.former:
            unit.name, unit.short_name = self.former[unit.pk]
        return unit

    def shared(self, abbreviation, *, is_draft, recipients=("- Đại biểu dự hội nghị;", "- Lưu: VT.")):
        """The columns of ``MeetingPaper``."""
        conference = self.conference
        return {
            "heading": self._heading(abbreviation),
            "signature": self._signature(),
            "recipients": recipients,
            "is_draft": is_draft,
            "year": self.year.label,
            "of": self.of,
            "kind": self.kind,
            "when": self._when(),
            "place": conference.place,
        }

    def _heading(self, abbreviation):
        authority, conference = self.year.authority, self.conference
        day_of_paper = conference.held_on if abbreviation in ("BB", LIST) else None
        if self.bloc_year:
            found = heading(authority, self.bloc_year.name, self.head, abbreviation, day_of_paper)
        else:
            is_party = authority.header == Header.PARTY
            council = authority.council or "Hội đồng Thi đua - Khen thưởng"
            symbol = f"-{abbreviation}/HĐTĐKT" if is_party else f"/{abbreviation}-HĐTĐKT"
            found = Heading(
                authority.name.upper(),
                council.upper(),
                symbol,
                authority.place,
                is_party,
                date=paper_date(day_of_paper),
            )
        return replace(found, symbol="") if abbreviation in (LIST, PLAIN) else found

    def _signature(self):
        behalf = "T/M" if self.year.authority.header == Header.PARTY else "TM."
        if not self.bloc_year:
            return SignatureBlock(f"{behalf} {self.of}".upper(), "CHỦ TỊCH", "")
        word = "CỤM" if self.bloc_year.kind == BlocKind.CLUSTER else "KHỐI"
        post = f"Thủ trưởng {self.head.name}" if self.head else ""
        return SignatureBlock(f"{behalf} {self.bloc_year.get_kind_display()}".upper(), f"{word} TRƯỞNG", post)

    def _when(self):
        conference = self.conference
        if conference.held_on is None:
            return ""
        hour = f"{_hour(conference.starts_at)}, " if conference.starts_at else ""
        return f"{hour}{WEEKDAYS[conference.held_on.weekday()]}, {paper_date(conference.held_on)}"

    def opening(self):
        conference = self.conference
        opened = conference.starts_at
        if conference.opened_at and conference.code:  # without a code it was noted later, by the hour that was planned
            opened = timezone.localtime(conference.opened_at).time()
        words = [f"Hồi {_hour(opened)}, " if opened else "", f"{paper_date(conference.held_on) or 'ngày'}"]
        words.append(f", tại {conference.place}" if conference.place else "")
        text = "".join(words) + f", {self.of} tổ chức {self.kind} năm {self.year.label}."
        return text[:1].upper() + text[1:]

    def agenda_lines(self):
        return tuple(
            (f"{item.starts_at:%H:%M}: " if item.starts_at else "")
            + item.text
            + (f" ({item.presenter})" if item.presenter else "")
            for item in self.conference.agenda.all()
        )

    def presence_sentence(self):
        found = self.presence
        if not self.bloc_year:
            return f"Đơn vị dự: {count(len(found.guests))}."
        verdict = "đủ" if found.is_enough else "chưa đủ"
        share = f"{self.conference.quorum}/{self.conference.quorum_of}"
        return (
            f"Có mặt {count(found.present)}/{count(found.expected)} đơn vị thành viên, {verdict} số đơn vị cần có mặt "
            f"để tiến hành ({share} tổng số, tức {count(found.needed)} đơn vị)."
        )

    def presence_table(self):
        came = [line for line in (*self.presence.lines, *self.presence.guests) if line.attendance]
        rows = tuple(
            (str(number), line.unit.name, line.attendance.person, self.came(line))
            for number, line in enumerate(came, 1)
        )
        return Table(("TT", "Đơn vị có mặt", "Người dự", "Có mặt lúc"), rows)

    def came(self, line):
        at = line.attendance.arrived_at if line.attendance else None
        is_of_that_day = at and timezone.localdate(at) == self.conference.held_on
        return f"{timezone.localtime(at):%H:%M}" if is_of_that_day else ""

    def _opinions(self):
        rows = list(self.conference.opinions.select_related("unit"))
        for row in rows:
            self._dated(row.unit)
        return rows

    def speeches(self):
        rows = [row for row in self._opinions() if row.kind != OpinionKind.QUESTION]
        return tuple((f"{_who(row)} ({row.get_kind_display().lower()})", _inline(row.text)) for row in rows)

    def questions(self):
        rows = [row for row in self._opinions() if row.kind == OpinionKind.QUESTION]
        return tuple(
            Question(
                f"{_who(row)} hỏi: {_inline(row.text)}",
                f"{row.answered_by or 'Ban Thi đua - Khen thưởng'} trả lời: {_inline(row.answer)}"
                if row.answer
                else "",
            )
            for row in rows
        )

    def notices(self):
        """What the board had told the bloc by the end of its year-end conference."""
        row = self.conference
        if not self.bloc_year or row.kind != ConferenceKind.YEAR_END or row.held_on is None:
            return ()
        return notice_lines(self.bloc_year, until=row.ended_at or datetime.combine(row.held_on, END_OF_DAY, HANOI))

    def presentations(self):
        rows = Presentation.objects.filter(conference=self.conference).select_related("unit", "award")
        return tuple(presentation_line(row, self._dated(row.unit).name) for row in rows)

    def ballots(self):
        if not self.bloc_year or self.conference.kind != ConferenceKind.YEAR_END:
            return ()
        tallies = defaultdict(list)
        for row in Tally.objects.filter(ballot__bloc_year=self.bloc_year).select_related("unit"):
            self._dated(row.unit)
            tallies[row.ballot_id].append(row)
        word = "Cụm" if self.bloc_year.kind == BlocKind.CLUSTER else "Khối"
        held = Ballot.objects.filter(bloc_year=self.bloc_year).select_related("award")
        return tuple((ballots.words(row, word), ballots.table(row, tallies[row.pk])) for row in held)

    def adoption(self):
        """That the meeting adopted the summary report, and by which digest one knows it again."""
        if not self.bloc_year or self.conference.kind != ConferenceKind.YEAR_END:
            return ()
        report = SummaryReport.objects.filter(bloc_year=self.bloc_year, adopted_on=self.conference.held_on).first()
        if report is None or not report.adopted_digest or report.is_draft:
            return ()
        words = f"Báo cáo tổng kết năm {self.year.label} được {adoption.words(report)}"
        return (f"{words}; dấu SHA-256 của nội dung: {report.adopted_digest}.",)

    def tasks(self):
        rows = list(self.conference.tasks.select_related("unit"))
        board = self.year.authority.board or "Ban Thi đua - Khen thưởng"
        lines = tuple(
            (str(number), row.text, self._dated(row.unit).name if row.unit else board, row.person, day(row.due_on))
            for number, row in enumerate(rows, 1)
        )
        return Table(("TT", "Việc", "Nơi thực hiện", "Người chịu trách nhiệm", "Hạn"), lines)


def notice_lines(bloc_year, *, until):
    """What the board told a bloc of the number and standard of awards up to a moment, a sentence an award.

    Shape:   (BlocYear, moment) -> (text, ...)
    """
    rows = FlagNotice.objects.filter(bloc_year=bloc_year, noted_at__lte=until).select_related("award")
    return tuple(
        _inline(
            f"{row.award.name}"
            + (f": {count(row.count) if row.count else figure(row.count)}" if row.count is not None else "")
            + (f". Tiêu chuẩn: {row.standard}" if row.standard else "")
        )
        for row in rows
    )


def presentation_line(row, name):
    """Shape: (Presentation, name of the unit) -> ``Hội A: Cờ thi đua, trao ngày 05/12/2026 tại …, người nhận …``"""
    words = f"{name}: {row.award}, trao ngày {day(row.presented_on)}"
    words += f" tại {row.place}" if row.place else ""
    return _inline(words + (f", người nhận: {row.received_by}" if row.received_by else ""))


def _who(row):
    return ", ".join(part for part in (row.unit.name if row.unit else "", row.speaker) if part)


def _inline(text):
    """One paragraph that ends as a sentence does."""
    line = " ".join(text.split()).rstrip(" .;,")
    return line if not line or line[-1] in "?!…”" else f"{line}."


def _hour(at):
    return f"{at:%H} giờ {at:%M} phút" if at.minute else f"{at:%H} giờ"


def _ending(conference):
    copies = "Biên bản lập thành 02 bản, có giá trị như nhau"
    if conference.ended_at is None:
        return copies if conference.is_over else "Hội nghị chưa bế mạc."
    ended = timezone.localtime(conference.ended_at)
    on = "cùng ngày" if ended.date() == conference.held_on else paper_date(ended.date())
    return f"Hội nghị kết thúc hồi {_hour(ended)}, {on}. {copies}"
