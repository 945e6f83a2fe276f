"""Completeness as a workbook: the numbers of the board, counted in the one place where they are counted."""

from blocs.domain import completeness
from blocs.enums import label_of
from reports.domain.workbooks.sheets import Column, Holds, Sheet
from reports.domain.workbooks.writing import write_workbook

SHEET = Sheet(
    "completeness",
    "Tình hình nộp",
    (
        Column("code", "Mã", Holds.CODE, width=22),
        Column("bloc", "Cụm, khối", width=48),
        Column("milestone", "Mốc", width=24),
        Column("expected", "Phải có", Holds.WHOLE, width=10),
        Column("received", "Đã nhận", Holds.WHOLE, width=10),
        Column("rate", "Tỷ lệ (%)", Holds.FIGURE, width=10),
        Column("on_time", "Đúng hạn", Holds.WHOLE, width=10),
        Column("on_time_rate", "Tỷ lệ đúng hạn (%)", Holds.FIGURE, width=12),
        Column("due", "Hạn", Holds.MOMENT, width=20),
        Column("locks", "Khóa", Holds.MOMENT, width=20),
    ),
)


def rows(bloc_years, codes=()):
    """Shape:   BlocYear queryset (``visible_to`` applied), [milestone code] -> [{column: value}], also of what
    nobody owes; a constant number of queries"""
    blocs = {row.pk: row for row in bloc_years.select_related("bloc")}
    return [
        {
            "code": blocs[row.bloc_year_id].bloc.code,
            "bloc": blocs[row.bloc_year_id].name,
            "milestone": label_of(row.code),
            "expected": row.expected,
            "received": row.received,
            "rate": row.rate,
            "on_time": row.on_time,
            "on_time_rate": row.on_time_rate,
            "due": row.due_at,
            "locks": row.locks_at,
        }
        for row in completeness.count_all(bloc_years)
        if not codes or row.code in codes
    ]


def make_workbook(bloc_years, codes=()):
    """Shape:   BlocYear queryset (``visible_to`` applied), [milestone code] -> bytes of a workbook"""
    return write_workbook([(SHEET, rows(bloc_years, codes))])
