"""The steps of the two reports and of a letter as tables: from where, to where, who, and whether a reason is needed."""

from dataclasses import dataclass

from reports.enums import MessageState as M
from reports.enums import SummaryReportState as S
from reports.enums import UnitReportState as U


@dataclass(frozen=True)
class Move:
    label: str
    source: frozenset[str]
    target: str
    perm: str
    needs_note: bool = False
    needs_whole: bool = False  # every obligatory part must be there


UNIT_MOVES = {
    "hand_up": Move(
        "Chuyển lãnh đạo xác nhận",
        frozenset({U.DRAFT, U.RETURNED}),
        U.READY,
        "reports.write_unit_report",
        needs_whole=True,
    ),
    "take_back": Move("Lấy về sửa tiếp", frozenset({U.READY}), U.DRAFT, "reports.write_unit_report"),
    "submit": Move(
        "Xác nhận và gửi",
        frozenset({U.DRAFT, U.READY, U.RETURNED}),
        U.SUBMITTED,
        "reports.send_unit_report",
        needs_whole=True,
    ),
    "return": Move("Trả lại", frozenset({U.SUBMITTED}), U.RETURNED, "reports.review_unit_report", needs_note=True),
    "accept": Move("Nhận báo cáo", frozenset({U.SUBMITTED}), U.ACCEPTED, "reports.review_unit_report"),
}
UNIT_EDITABLE = frozenset({U.DRAFT, U.RETURNED})

SUMMARY_MOVES = {
    "adopt": Move(
        "Ghi nhận đã thông qua",
        frozenset({S.DRAFT, S.RETURNED}),
        S.ADOPTED,
        "reports.send_summary_report",
        needs_whole=True,
    ),
    "reopen": Move("Mở lại để sửa", frozenset({S.ADOPTED}), S.DRAFT, "reports.send_summary_report", needs_note=True),
    "submit": Move("Gửi Ban Thi đua - Khen thưởng", frozenset({S.ADOPTED}), S.SUBMITTED, "reports.send_summary_report"),
    "return": Move("Trả lại", frozenset({S.SUBMITTED}), S.RETURNED, "reports.review_summary_report", needs_note=True),
    "accept": Move("Nhận báo cáo", frozenset({S.SUBMITTED}), S.ACCEPTED, "reports.review_summary_report"),
}
SUMMARY_EDITABLE = frozenset({S.DRAFT, S.RETURNED})

# A worker takes a letter on: sending → sent or failed; cancelled when nothing of it is owed any more.
MESSAGE_MOVES = {
    "send": Move("Gửi", frozenset({M.WAITING, M.FAILED}), M.SENDING, "reports.send_messages"),
    "cancel": Move(
        "Bỏ, không gửi", frozenset({M.WAITING, M.FAILED}), M.CANCELLED, "reports.send_messages", needs_note=True
    ),
}
MESSAGE_EDITABLE = frozenset({M.WAITING, M.FAILED})
