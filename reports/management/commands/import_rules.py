from blocs.domain import rulesets
from reports.management.base import ContractCommand, read


class Command(ContractCommand):
    help = "Nhập bộ quy tắc (emulation-rules/1); --publish công bố luôn, sau đó phiên bản này không đổi nữa."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("file")
        parser.add_argument("--publish", action="store_true", help="công bố ngay sau khi nhập")

    def answer(self, *, file, publish, **options):
        rule_set, changed, warnings = rulesets.import_rules(read(file), publish=publish)
        for warning in warnings:
            self.stderr.write(f"Lưu ý: {warning}", self.plain)
        return {
            "id": rule_set.code,
            "version": rule_set.version,
            "published": rule_set.is_published,
            "changed": changed,
            "warnings": warnings,
        }

    def lines(self, answer):
        state = "đã công bố" if answer["published"] else "bản nháp"
        news = "đã nhập" if answer["changed"] else "không có gì thay đổi"
        return [f"Bộ quy tắc {answer['id']}@{answer['version']}: {news}, {state}."]
