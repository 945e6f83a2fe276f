from blocs.domain import rule_names, rulesets
from reports.management.base import ContractCommand


class Command(ContractCommand):
    help = "Xuất một bộ quy tắc (emulation-rules/1) ra đầu ra chuẩn; không ghi phiên bản thì lấy bản cao nhất."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("name", metavar="ID[@VERSION]")

    def answer(self, *, name, **options):
        return rulesets.as_data(rule_names.latest(name))

    def lines(self, answer):
        return rulesets.spell(answer).splitlines()
