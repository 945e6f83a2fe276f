from reports.domain.yearfile.load import import_year
from reports.management.base import ContractCommand, read


class Command(ContractCommand):
    help = "Nhập tệp năm (emulation-year/1): nhập hết hoặc không nhập gì."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("file")
        parser.add_argument("--dry-run", action="store_true", help="xem trước, không ghi")
        parser.add_argument("--replace", action="store_true", help="tệp là toàn bộ năm: bỏ những gì tệp không nêu")

    def answer(self, *, file, dry_run, replace, **options):
        year, changes, warnings = import_year(read(file), replace=replace, dry_run=dry_run)
        for warning in warnings:
            self.stderr.write(f"Lưu ý: {warning}", self.plain)
        return {
            "authority": year.authority.code,
            "year": year.label,
            "dry_run": dry_run,
            "created": changes.created,
            "updated": changes.updated,
            "removed": changes.removed,
        }

    def lines(self, answer):
        lines = ["Thử, chưa ghi:" if answer["dry_run"] else f"Đã nhập năm {answer['year']} của {answer['authority']}:"]
        lines += [f"  thêm {number} {name}" for name, number in sorted(answer["created"].items())]
        lines += [f"  sửa {item['row']}" for item in answer["updated"]]
        lines += [f"  xóa {row}" for row in answer["removed"]]
        return lines if len(lines) > 1 else [*lines, "  không có gì thay đổi"]
