"""The first account of an installation; all others are made in the admin pages."""

import getpass
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from blocs.domain import audit
from blocs.domain.files import FileRefused, parse
from blocs.enums import Role
from blocs.models import Authority, Seat, User
from reports.domain.yearfile.schema import AuthorityEntry


class Command(BaseCommand):
    help = "Tạo tài khoản quản trị đầu tiên; mật khẩu được hỏi, hoặc đọc một dòng từ đầu vào chuẩn."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("authority", help="mã cơ quan tổ chức thi đua")
        parser.add_argument("--name", default="", help="tên cơ quan; cơ quan chưa có thì được tạo")

    def handle(self, *, username, authority, name, **options):
        place = Authority.objects.filter(code=authority).first() or _fresh(authority, name)
        if User.objects.filter(username=username).exists():
            raise CommandError(f"Đã có tài khoản “{username}”.")
        password = getpass.getpass("Mật khẩu: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        user = User(username=username, post="Quản trị hệ thống")
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        with transaction.atomic():
            if place.pk is None:
                place.save()
                after = {"code": place.code, "name": place.name}
                audit.record("admin.add", by=None, target=place, after=after)
            user.set_password(password)
            user.save()
            Seat.objects.create(user=user, role=Role.ADMINISTRATOR, authority=place)
            audit.record(
                "user.add_administrator", by=None, target=user, after={"authority": place.name}, authority=place.pk
            )
        self.stdout.write(f"Đã tạo tài khoản quản trị “{username}” của {place.name}.")


def _fresh(code, name):
    """Shape: (code, name as typed) -> Authority, not saved"""
    if not name.strip():
        raise CommandError(f'Không có cơ quan “{code}”; để tạo cơ quan này, thêm --name "Tên cơ quan".')
    try:
        tidy = parse(AuthorityEntry, {"code": code, "name": name.strip()})
    except FileRefused as error:
        raise CommandError(" ".join(str(fault) for fault in error.faults)) from None
    return Authority(code=tidy.code, name=tidy.name)
