"""The trail as a workbook, as the page shows it."""

from blocs.domain.audit_reading import action_of, lines_of, names_of, target_of
from reports.domain.workbooks.sheets import MAX_ROWS, Column, Holds, Sheet
from reports.domain.workbooks.writing import write_workbook

SHEET = Sheet(
    "audit",
    "Nhật ký thao tác",
    (
        Column("at", "Lúc", Holds.MOMENT, width=20),
        Column("actor", "Người làm", width=30),
        Column("action", "Việc", width=34),
        Column("target", "Đối tượng", width=40),
        Column("lines", "Trước → sau", width=60),
        Column("note", "Lý do", width=40),
    ),
)


def make_workbook(events):
    """Shape: AuditEvent queryset -> bytes; the newest ``MAX_ROWS`` events"""
    events = list(events[:MAX_ROWS])
    names = names_of(events)
    rows = [
        {
            "at": event.at,
            "actor": event.actor,
            "action": action_of(event),
            "target": target_of(event),
            "lines": "; ".join(lines_of(event, names)),
            "note": event.note,
        }
        for event in events
    ]
    return write_workbook([(SHEET, rows)])
