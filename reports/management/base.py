"""What the commands of formats.md, section 4, share: JSON or a table out, errors line by line, exit 0 or 1."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from blocs.errors import DomainError
from blocs.models import BlocYear, Year


class ContractCommand(BaseCommand):
    """A command whose errors are lines on standard error, without a traceback."""

    def add_arguments(self, parser):
        parser.add_argument("--format", choices=["text", "json"], default="text", dest="output")

    def handle(self, *args, **options):
        try:
            answer = self.answer(**options)
        except DomainError as error:
            self.stderr.write(str(error), self.plain)
            sys.exit(1)
        if options["output"] == "json":
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2, default=str))
        elif lines := self.lines(answer):
            self.stdout.write("\n".join(lines))

    @staticmethod
    def plain(text):
        return text

    def answer(self, **options):
        raise NotImplementedError

    def lines(self, answer):
        return []


def read(path):
    """The bytes of a file named on the command line.

    Raises:  CommandError
    """
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: không đọc được ({error.strerror})") from None


def find_year(label, authority=None):
    """The year of this label; the authority is needed where several have one.

    Raises:  DomainError
    """
    years = Year.objects.filter(label=label).select_related("authority")
    if authority:
        years = years.filter(authority__code=authority)
    found = list(years)
    if not found:
        raise DomainError(f"Không có năm “{label}”" + (f" của “{authority}”." if authority else "."))
    if len(found) > 1:
        codes = ", ".join(year.authority.code for year in found)
        raise DomainError(f"Nhiều cơ quan có năm “{label}”: {codes}. Ghi thêm cơ quan.")
    return found[0]


def find_bloc_year(name, label):
    """The bloc ``CODE`` or ``AUTHORITY:CODE`` in the year of this label.

    Raises:  DomainError
    """
    rows = BlocYear.objects.filter(year__label=label).select_related("bloc__authority", "year__authority")
    authority, _, code = name.rpartition(":")
    if found := list(rows.filter(bloc__code=name)):  # a code may hold a colon itself
        code = name
    elif authority:
        found = list(rows.filter(bloc__code=code, bloc__authority__code=authority))
    if not found:
        raise DomainError(f"Không có cụm, khối “{name}” trong năm “{label}”.")
    if len(found) > 1:
        names = ", ".join(f"{row.bloc.authority.code}:{code}" for row in found)
        raise DomainError(f"Nhiều cơ quan có “{code}”: {names}. Ghi cả mã cơ quan.")
    return found[0]


class NotYetCommand(ContractCommand):
    """A command of the contract that needs rule sets or scoring tables, which this version does not have."""

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("rest", nargs="*")

    def create_parser(self, prog_name, subcommand, **kwargs):
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.parse_args = lambda args: parser.parse_known_args(args)[0]
        return parser

    def answer(self, **options):
        raise DomainError("Lệnh này cần bộ quy tắc hoặc bảng điểm, chưa được hỗ trợ trong phiên bản hiện tại.")
