"""Somebody of the board who brings lists."""

from blocs.enums import Role
from reports.domain import uploads
from tests.factories import make_bloc_year, make_user, make_year, members_of

WHY = "Theo quyết định bổ sung."


class Desk:
    """A year with one bloc, and its board's officer who brings lists."""

    def __init__(self):
        self.year = make_year()
        self.bloc = make_bloc_year(self.year, members=3)
        self.units = members_of(self.bloc)
        self.codes = [row.unit.code for row in self.units]
        self.by = make_user(Role.BOARD_STAFF, authority=self.year.authority)

    def bring(self, kind, *lines, **place):
        content = "\n".join("\t".join(line) for line in lines).encode()
        return uploads.keep(kind, self.year.authority, self.year, by=place.pop("by", self.by), content=content, **place)

    def plan(self, kind, *lines, **place):
        by = place.get("by", self.by)
        return uploads.preview(self.bring(kind, *lines, **place), by=by)

    def take(self, upload, *, reason=WHY):
        seen = uploads.preview(upload, by=upload.by).fingerprint
        return uploads.take(upload.pk, by=upload.by, seen=seen, reason=reason)


def faults(plan):
    return [str(fault) for line in plan.lines for fault in line.faults]


UNITS = ("Mã", "Tên đơn vị", "Tên ngắn", "Có từ ngày", "Đến ngày")
