from blocs.domain.files import write_yaml
from reports.domain.yearfile.dump import export_year
from reports.management.base import ContractCommand, find_year


class Command(ContractCommand):
    help = "Xuất một năm ra tệp năm (emulation-year/1), ghi ra đầu ra chuẩn."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("label")
        parser.add_argument("--authority")

    def answer(self, *, label, authority, **options):
        return export_year(find_year(label, authority))

    def lines(self, answer):
        return [write_yaml(answer).rstrip("\n")]
