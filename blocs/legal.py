"""Documents behind our rules. A docstring's ``Source:`` names a key of this table; a test fails on an unknown one."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Source:
    document: str
    in_force_from: date | None = None
    confirmed: bool = True


SOURCES = {
    "file-reading": Source("Định dạng trao đổi: cách đọc tệp YAML"),
    "year-file": Source("Định dạng trao đổi emulation-year/1"),
    "rule-file": Source("Định dạng trao đổi emulation-rules/1"),
    "paper-layout": Source("Nghị định 30/2020/NĐ-CP, Phụ lục I", date(2020, 3, 5)),
    "party-paper-layout": Source("Hướng dẫn thể thức văn bản của Đảng", confirmed=False),
    "summary-outline": Source("Bố cục rút ra từ các báo cáo tổng kết khối đã công bố"),
    "covenant-outline": Source("Bố cục rút ra từ các bản giao ước thi đua đã công bố", confirmed=False),
    "province-outline": Source("Bố cục thường gặp của báo cáo tổng kết thi đua, khen thưởng cấp tỉnh", confirmed=False),
    "division-decision": Source("Bố cục rút ra từ các quyết định phân chia cụm, khối đã công bố", confirmed=False),
    "meeting-minutes": Source("Bố cục rút ra từ các biên bản hội nghị, biên bản bàn giao của khối", confirmed=False),
    "summary-adoption": Source(
        "Chưa có văn bản quy định chung; theo thông lệ: quá nửa số đơn vị có mặt tán thành", confirmed=False
    ),
    "bloc-quota": Source("Quyết định phân bổ chỉ tiêu của từng khối, ghi ở cột căn cứ của chỉ tiêu"),
    "due-and-lock": Source("Kế hoạch năm của khối: hạn nộp và thời điểm khóa"),
}
