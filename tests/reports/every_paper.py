"""One of each kind of paper, of an invented province whose every name and day is written here."""

from datetime import date
from decimal import Decimal
from functools import cache

import time_machine

from awards.models import AwardKind
from blocs.domain import covenant_text, handovers
from blocs.enums import Role
from blocs.models import Covenant, DivisionDecision, Registration
from movements.models import IndicatorResult
from reports.domain import province_reports
from reports.domain.assembly import drafts
from reports.domain.assembly.kinds import PROVINCE
from reports.domain.papers import pdf
from reports.domain.papers.registry import KINDS
from reports.enums import DocumentKind, UnitReportKind
from tests.factories import (
    at,
    make_authority,
    make_bloc_year,
    make_milestone,
    make_movement,
    make_proposal,
    make_summary_report,
    make_target,
    make_unit_report,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)
from tests.meeting_rows import make_whole_meeting
from tests.screens import make_receipts

NOW = at("2026-12-22 08:00")
BLOC = "Khối thi đua các tổ chức Hội đặc thù"
UNITS = ("Hội Nhà báo tỉnh", "Hội Luật gia tỉnh", "Hội Khuyến học tỉnh", "Hội Người cao tuổi tỉnh")
SENTENCE = (
    "Các đơn vị trong khối xây dựng kế hoạch, phân công nhiệm vụ, đăng ký, ký kết giao ước, kiểm tra chéo và "
    "nhắc nhở những đơn vị chậm gửi báo cáo theo quy chế hoạt động của khối."
)


class Everything:
    """A bloc's year from the covenant to the handover, the decision and the report of the province."""

    def __init__(self):
        self.year = make_year(
            make_authority(name="Ủy ban nhân dân tỉnh Sơn Hà", board="Sở Nội vụ", code="son-ha"),
            theme="Đoàn kết, đổi mới, sáng tạo",
        )
        units = [
            make_unit_year(self.year, name=name, short_name=name[:-5], code=f"hoi-{n}") for n, name in enumerate(UNITS)
        ]
        self.year.units.filter(name=UNITS[0]).update(letterhead_place="Sơn Hà", letterhead_symbol="HNB")
        self.bloc = make_bloc_year(self.year, name=BLOC, members=units, motto="Đoàn kết, năng động")
        self.bloc.bloc.code = "hoi-dac-thu"
        self.bloc.bloc.save()
        self.units = members_of(self.bloc)
        self.board = make_user(Role.BOARD_STAFF, bloc_year=self.bloc, post="Chuyên viên Sở Nội vụ")
        self.head = make_user(Role.BLOC_HEAD, bloc_year=self.bloc, post="Chủ tịch Hội Nhà báo tỉnh")
        with time_machine.travel(NOW, tick=False):
            self._promise()
            self._report()
            self.meeting = make_whole_meeting(self.bloc, by=self.head)
            self._hand_over()
            self._divide()
            self._finish()

    def _promise(self):
        make_milestone(self.bloc, due="2026-11-20 17:00", locks="2026-11-30 17:00")
        target = make_target(self.bloc, text="Hội viên tham gia phong trào", value=12500, unit_of_measure="người")
        make_target(self.bloc, "T2", text="Chi hội hoàn thành tốt nhiệm vụ", value=Decimal("92.5"), unit_of_measure="%")
        make_target(self.bloc, "R1", of=self.units[1], text="Buổi tư vấn pháp luật", value=24, unit_of_measure="buổi")
        Covenant.objects.update(goals=["Hoàn thành toàn diện nhiệm vụ năm 2026."], solutions=[SENTENCE, SENTENCE])
        Registration.objects.create(bloc_year=self.bloc, unit=self.units[0], awards=["CTDT", "BKT"])
        covenant_text.close(self.bloc.pk, by=self.head)
        target.results.create(of=None, value=11872, note="Đến 30/11")
        movement = make_movement(self.year, name="Bình dân học vụ số", code="binh-dan-hoc-vu-so")
        for unit in self.units:
            IndicatorResult.objects.create(indicator=movement.indicators.get(), unit=unit, period="2026", value=42)

    def _report(self):
        self.reports = [make_unit_report(self.bloc, unit=unit, state="submitted", whole=True) for unit in self.units]
        self.mid_year = make_unit_report(self.bloc, kind=UnitReportKind.MID_YEAR, state="submitted", whole=True)
        self.summary = make_summary_report(self.bloc, state="submitted", whole=True)
        for report in (*self.reports, self.mid_year, self.summary):
            for part in report.parts.all():
                part.paragraphs = [SENTENCE]
                part.save()
        make_receipts(self.bloc, *["2026-11-19 10:05"] * len(self.units))
        award = AwardKind.objects.get(code="BKT")
        self.reports[0].recognitions.create(award=award, recipients="individual", count=11, direct_workers=9)
        self.bloc.recognitions.create(
            unit=self.units[0], award=award, recipients="individual", count=11, direct_workers=9
        )
        make_proposal(self.bloc, self.units[0])

    def _hand_over(self):
        leader = make_user(Role.UNIT_LEADER, unit=self.units[1], post="Chủ tịch Hội Luật gia tỉnh")
        record = handovers.begin(self.bloc.pk, receiver_id=self.units[1].pk, by=self.head)
        items = [("document", "Sổ theo dõi của khối", True, "01 quyển"), ("flag", "Cờ luân lưu", True, "")]
        frame = {"handed_on": date(2026, 12, 20), "place": "Hội trường A", "witness": "Chuyên viên Sở Nội vụ"}
        handovers.save(record.pk, items, by=self.head, note="", **frame)
        for side, user in (("giver", self.head), ("receiver", leader)):
            handovers.sign(record.pk, side, by=user, now=at("2026-12-20 09:00"))

    def _divide(self):
        self.second = make_bloc_year(self.year, name="Cụm thi đua các xã phía Bắc", kind="cum", members=[])
        bases = ["Căn cứ Luật Thi đua, khen thưởng", "Theo đề nghị của Giám đốc Sở Nội vụ"]
        signed = {"number": "12/QĐ-UBND", "dated": date(2026, 1, 5), "signer": "Chủ tịch", "signer_name": "Người Ký"}
        DivisionDecision.objects.create(year=self.year, bases=bases, **signed)

    def _finish(self):
        self.province = province_reports.open_report(self.year, by=self.board)
        drafts.assemble(PROVINCE, self.province.pk, by=self.board)
        for code in province_reports.OBLIGATORY:
            row = self.province.parts.filter(code=code).first()
            if row is None or not row.paragraphs:
                province_reports.save_part(
                    self.province.pk, code, SENTENCE, version=row.version if row else 0, by=self.board
                )
        province_reports.finish(self.province.pk, by=self.board)

    def thing(self, kind):
        """What the paper of a kind is about."""
        found = {
            DocumentKind.UNIT_REPORT: self.reports[0],
            DocumentKind.MID_YEAR_REPORT: self.mid_year,
            DocumentKind.PROVINCE_REPORT: self.year,
            DocumentKind.DIVISION_DECISION: self.year,
            DocumentKind.COVENANT: self.bloc,
            DocumentKind.SUMMARY_REPORT: self.bloc,
            DocumentKind.HANDOVER_MINUTES: self.bloc,
        }
        return found.get(kind, self.meeting)


def papers():
    """Shape: -> ({DocumentKind: the paper as data}, the same read once more)"""
    everything = Everything()
    first, again = ({kind: spec.build(everything.thing(kind)) for kind, spec in KINDS.items()} for _ in range(2))
    return first, again


@cache
def printed(kind, paper):
    """The bytes of a paper, made once a process."""
    return pdf.render(pdf.html_of(paper, KINDS[kind].template))[0]
