"""What a file says that is taken, and may not do what its author thinks."""

from awards.domain import quota_file
from blocs.domain import owed
from blocs.enums import Milestone
from blocs.templatetags.vietnamese import figure


def notes(entries):
    """Shape: [(BlocEntry, BlocYear with year.authority and bloc)] -> [warning]; a constant number of queries"""
    unlocked = owed.unlocked([bloc_year for _, bloc_year in entries])
    found = []
    for entry, bloc_year in entries:
        lines = [*quota_file.idle(entry.quotas), *_never_closed(entry, unlocked[bloc_year.pk]), *_undated(entry)]
        found += [f"{entry.code}: {line}" for line in lines]
    return found


def _never_closed(entry, codes):
    for row in entry.milestones:
        if row.code in codes and row.due and not row.locks:
            yield f"mốc “{row.code}” đến hạn sau khi bộ quy tắc khóa và không ghi locks: sẽ không khóa"


def _undated(entry):
    """A registration has no day in a file; that it came in is told by ``received`` alone."""
    told = {row.unit for row in entry.received if row.kind == Milestone.REGISTRATION}
    if number := len({row.unit for row in entry.registrations} - told):
        yield f"{figure(number)} đăng ký không ghi ngày nhận (received, kind: registration): không tính là đã nộp"
