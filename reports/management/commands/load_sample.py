"""The sample province: years, accounts and seats. For demonstrations only."""

from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from blocs.domain import obligations, rulesets
from blocs.enums import MemberRole, Role, SuccessionKind
from blocs.models import (
    Authority,
    BlocType,
    BlocYear,
    Membership,
    MilestoneDate,
    Receipt,
    Seat,
    Succession,
    UnitYear,
    User,
)
from movements.models import Movement
from reports.domain.sample import stages
from reports.domain.sample.place import AUTHORITY, FOLDER, SHOWN_YEAR, person
from reports.domain.yearfile.load import import_year
from reports.models import SummaryReport

RULES, YEARS = "rules-*.yaml", "*-20??.yaml"
SHOWN_BLOC = "hoi-dac-thu"
ACCOUNTS = {
    "chuyenvien": "Chuyên viên Ban TĐKT",
    "khoitruong": "Khối trưởng",
    "khoipho": "Khối phó",
    "donvi": "Người làm báo cáo",
    "lanhdao": "Lãnh đạo đơn vị",
    "coquanchutri": "Cơ quan chủ trì phong trào",
    "thamdinh": "Cơ quan thẩm định",
    "hoidong": "Ủy viên Hội đồng TĐKT",
    "thuky": "Thư ký Hội đồng TĐKT",
    "quantri": "Quản trị hệ thống",
}
TYPES = {
    "co-quan-dang": "Cơ quan Đảng",
    "doanh-nghiep": "Doanh nghiệp",
    "hoi-dac-thu": "Tổ chức hội đặc thù",
    "hoi-xa-hoi": "Hội xã hội - nghề nghiệp",
    "kinh-te-ky-thuat": "Kinh tế - kỹ thuật",
    "mat-tran-doan-the": "Mặt trận Tổ quốc và đoàn thể",
    "noi-chinh": "Nội chính",
    "tham-muu-tong-hop": "Tham mưu, tổng hợp",
    "trung-uong": "Cơ quan Trung ương trên địa bàn",
    "van-hoa-xa-hoi": "Văn hóa - xã hội",
    "xa-phuong": "Xã, phường",
}
REFORM = "Văn bản mẫu về sắp xếp tổ chức bộ máy và đơn vị hành chính từ ngày 01/7/2025"
NO_OFFICER = "doanh-nghiep"  # one bloc shows what is said where nobody follows it
MOVING = ["unit-report", "conference", "summary-report", "proposal"]  # dates that stay near today, so that one can try


class Command(BaseCommand):
    help = "Nạp tỉnh mẫu Sơn Hà (dữ liệu không có thật) và các tài khoản dùng thử; lần sau không làm gì."

    def handle(self, *args, **options):
        if Authority.objects.filter(code=AUTHORITY).exists():
            return
        if not settings.DEMO_PASSWORD or settings.SECURE_SSL_REDIRECT:
            raise CommandError("Tỉnh mẫu chỉ dành cho máy dùng thử: đặt DEMO_PASSWORD, không nạp trên máy chạy thật.")
        with transaction.atomic():
            for path in sorted(FOLDER.glob(RULES)):
                rulesets.import_rules(path.read_bytes(), publish=True)
            for path in sorted(FOLDER.glob(YEARS)):
                import_year(path.read_bytes())
            self._reform()
            self._move_dates()
            self._accounts()
            self._types()
            obligations.renew(BlocYear.objects.filter(year__label=SHOWN_YEAR))
            stages.build()
        self.stdout.write("Đã nạp tỉnh mẫu Sơn Hà.")

    def _reform(self):
        """The reform of 1/7/2025 as acts: a year file says who succeeds whom, not how, when and by which document."""
        rows = Succession.objects.filter(predecessor__valid_to__isnull=False, on=None)
        rows = list(rows.select_related("predecessor", "successor"))
        districts = set(UnitYear.objects.filter(kind="huyen").values_list("unit", flat=True))
        joined = Counter(row.successor_id for row in rows)
        for row in rows:
            if row.predecessor_id in districts:  # communes took over, of which the file names some
                row.kind = SuccessionKind.SPLIT
            elif joined[row.successor_id] > 1 or row.successor.valid_from is None:
                row.kind = SuccessionKind.MERGE
            else:
                row.kind = SuccessionKind.RENAME
            row.on = row.predecessor.valid_to + timedelta(days=1)
            row.document = REFORM
        Succession.objects.bulk_update(rows, ["kind", "on", "document"])

    def _move_dates(self):
        """The year in progress is two days after its reports were due, whenever the sample is loaded."""
        rows = MilestoneDate.objects.filter(bloc_year__year__label=SHOWN_YEAR, code__in=MOVING)
        due = rows.get(
            bloc_year__bloc__code=SHOWN_BLOC, bloc_year__bloc__authority__code=AUTHORITY, code="unit-report"
        ).due_at
        days = (timezone.localdate() - timezone.localdate(due)).days - 2
        for row in rows:
            for name in ("due_at", "locks_at"):
                if moment := getattr(row, name):
                    setattr(row, name, moment + timedelta(days=days))
            row.save()
        for receipt in Receipt.objects.filter(bloc_year__year__label=SHOWN_YEAR, kind__in=MOVING):
            receipt.at += timedelta(days=days)
            receipt.save(update_fields=["at"])
        for report in SummaryReport.objects.filter(bloc_year__year__label=SHOWN_YEAR, submitted_at__isnull=False):
            report.submitted_at += timedelta(days=days)
            report.save(update_fields=["submitted_at"])

    def _accounts(self):
        authorities = list(Authority.objects.all())
        bloc_year = BlocYear.objects.get(bloc__code=SHOWN_BLOC, bloc__authority__code=AUTHORITY, year__label=SHOWN_YEAR)
        head = bloc_year.memberships.get(role=MemberRole.HEAD).unit
        deputy = bloc_year.memberships.filter(role=MemberRole.DEPUTY).first().unit
        owner = Movement.objects.filter(year=bloc_year.year, owner__isnull=False).first().owner
        users = {name: self._user(name, post) for name, post in ACCOUNTS.items()}
        led = Membership.objects.filter(
            unit__unit=head.unit_id, bloc_year__bloc=bloc_year.bloc_id, role=MemberRole.HEAD
        )
        seats = [Seat(user=users["khoitruong"], role=Role.BLOC_HEAD, bloc_year=row.bloc_year) for row in led]
        seats += [
            Seat(user=users["khoipho"], role=Role.BLOC_DEPUTY, bloc_year=bloc_year),
            Seat(user=users["donvi"], role=Role.UNIT_REPORTER, unit=head.unit),
            Seat(user=users["lanhdao"], role=Role.UNIT_LEADER, unit=head.unit),
            Seat(user=users["coquanchutri"], role=Role.MOVEMENT_OWNER, unit=owner.unit),
            Seat(user=users["thamdinh"], role=Role.ASSESSOR, unit=owner.unit),
        ]
        for authority in authorities:
            seats += [
                Seat(user=users[name], role=role, authority=authority)
                for name, role in (
                    ("chuyenvien", Role.BOARD_STAFF),
                    ("hoidong", Role.COUNCIL_MEMBER),
                    ("thuky", Role.COUNCIL_SECRETARY),
                    ("quantri", Role.ADMINISTRATOR),
                )
            ]
        Seat.objects.bulk_create(seats)
        for name, unit in (
            ("khoitruong", head),
            ("khoipho", deputy),
            ("donvi", head),
            ("lanhdao", head),
            ("coquanchutri", owner),
        ):
            users[name].post = f"{ACCOUNTS[name]} - {unit.short}"
            users[name].save(update_fields=["post"])

    def _types(self):
        """What the codes of types are called, the sizes that this invented province wants, who follows the blocs."""
        authority = Authority.objects.get(code=AUTHORITY)
        followed = BlocYear.objects.filter(year__authority=authority, year__label=SHOWN_YEAR)
        followed.exclude(bloc__code=NO_OFFICER).update(desk_officer=User.objects.get(username="chuyenvien"))
        BlocType.objects.bulk_create(
            BlocType(authority=authority, code=code, name=name, min_members=3, max_members=20, source="Dữ liệu mẫu")
            for code, name in TYPES.items()
        )

    def _user(self, name, post):
        return person(name, post, can_sign_in=True)
