"""What the lists on screen show, as workbooks to read: the same rows, the same numbers."""

from reports.domain.workbooks.sheets import Column, Holds, Sheet
from reports.domain.workbooks.writing import write_workbook

RESULTS = Sheet(
    "results",
    "Kết quả phong trào",
    (
        Column("movement", "Phong trào", width=44),
        Column("owner", "Cơ quan chủ trì", width=32),
        Column("indicator", "Chỉ số", width=44),
        Column("target", "Mục tiêu", Holds.FIGURE, width=14),
        Column("unit_of_measure", "Đơn vị tính", width=14),
        Column("period", "Kỳ", width=12),
        Column("unit", "Đơn vị", width=32),
        Column("value", "Kết quả", Holds.FIGURE, width=14),
    ),
)
REPORTS = Sheet(
    "reports",
    "Báo cáo",
    (
        Column("bloc", "Cụm, khối", width=48),
        Column("received", "Báo cáo đơn vị đã nhận", Holds.WHOLE, width=14),
        Column("expected", "Báo cáo đơn vị phải có", Holds.WHOLE, width=14),
        Column("late", "Đơn vị gửi chậm", width=40),
        Column("absent", "Đơn vị chưa gửi", width=40),
        Column("state", "Báo cáo tổng kết", width=20),
        Column("at", "Gửi lúc", Holds.MOMENT, width=20),
    ),
)


def results(movements):
    """Shape:   [Movement] with owner and indicators' results and units at hand -> bytes of a workbook"""
    rows = [
        {
            "movement": movement.name,
            "owner": movement.owner and movement.owner.name,
            "indicator": str(indicator),
            "target": indicator.target,
            "unit_of_measure": indicator.unit_of_measure,
            "period": result and result.period,
            "unit": result and result.unit and result.unit.name,
            "value": result and result.value,
        }
        for movement in movements
        for indicator in movement.indicators.all()
        for result in list(indicator.results.all()) or [None]
    ]
    return write_workbook([(RESULTS, rows)])


def reports(rows):
    """Shape:   the rows of the page of reports -> bytes of a workbook"""
    return write_workbook(
        [
            (
                REPORTS,
                [
                    {
                        "bloc": row["bloc"].name,
                        "received": row["units"] and row["units"].received,
                        "expected": row["units"] and row["units"].expected,
                        "late": ", ".join(row["names"].late) if row["names"] else "",
                        "absent": ", ".join(row["names"].absent) if row["names"] else "",
                        "state": row["report"].get_state_display() if row["report"] else "Chưa bắt đầu",
                        "at": row["report"] and row["report"].submitted_at,
                    }
                    for row in rows
                ],
            )
        ]
    )
