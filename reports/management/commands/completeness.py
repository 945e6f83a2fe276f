from blocs.domain import completeness
from blocs.models import BlocYear
from reports.management.base import ContractCommand, find_bloc_year, find_year


class Command(ContractCommand):
    help = "Phải có, đã nhận, đúng hạn theo cụm, khối và mốc; tỷ lệ phần trăm một chữ số thập phân."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("label")
        parser.add_argument("--bloc", help="một cụm, khối: CODE hoặc AUTHORITY:CODE")
        parser.add_argument("--authority", help="mã cơ quan, khi nhiều cơ quan có năm này")

    def answer(self, *, label, bloc, authority, **options):
        if bloc:
            rows = BlocYear.objects.filter(pk=find_bloc_year(bloc, label).pk)
        else:
            rows = BlocYear.objects.filter(year=find_year(label, authority))
        codes = dict(rows.values_list("pk", "bloc__code"))
        return [
            {
                "bloc": codes[row.bloc_year_id],
                "milestone": row.code,
                "expected": row.expected,
                "received": row.received,
                "rate": _number(row.rate),
                "on_time": row.on_time,
                "on_time_rate": _number(row.on_time_rate),
            }
            for row in completeness.count_all(rows)
        ]

    def lines(self, answer):
        head = f"{'cụm, khối':<30} {'mốc':<20} {'phải có':>8} {'đã nhận':>8} {'%':>6} {'đúng hạn':>9} {'%':>6}"
        return [head] + [
            f"{row['bloc']:<30} {row['milestone']:<20} {row['expected']:>8} {row['received']:>8} "
            f"{_percent(row['rate']):>6} {row['on_time']:>9} {_percent(row['on_time_rate']):>6}"
            for row in answer
        ]


def _number(rate):
    return None if rate is None else float(rate)


def _percent(rate):
    return "" if rate is None else f"{rate:.1f}".replace(".", ",")
