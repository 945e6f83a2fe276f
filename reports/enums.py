from django.db.models import TextChoices


class UnitReportState(TextChoices):
    DRAFT = "draft", "Đang viết"
    READY = "ready", "Chờ lãnh đạo xác nhận"
    SUBMITTED = "submitted", "Đã gửi"
    RETURNED = "returned", "Bị trả lại"
    ACCEPTED = "accepted", "Đã nhận"


class SummaryReportState(TextChoices):
    DRAFT = "draft", "Đang soạn"
    ADOPTED = "adopted", "Đã thông qua"
    SUBMITTED = "submitted", "Đã gửi"
    RETURNED = "returned", "Bị trả lại"
    ACCEPTED = "accepted", "Đã nhận"


class RenderingState(TextChoices):
    QUEUED = "queued", "Đang chờ"
    RUNNING = "running", "Đang tạo"
    DONE = "done", "Đã có"
    FAILED = "failed", "Không tạo được"


class DocumentKind(TextChoices):
    """Papers that can be made today; the codes are those of ``render_document``."""

    SUMMARY_REPORT = "summary-report", "Báo cáo tổng kết"
    DIVISION_DECISION = "division-decision", "Quyết định phân chia cụm, khối"


YEAR_PAPERS = frozenset({DocumentKind.DIVISION_DECISION})  # of a whole year; the others are of one bloc


class MessageKind(TextChoices):
    REMINDER = "reminder", "Nhắc trước hạn"
    DUE = "due", "Nhắc ngày đến hạn"
    DIGEST = "digest", "Tổng hợp còn thiếu"
    LETTER = "letter", "Thư của Ban TĐKT"


class MessageState(TextChoices):
    WAITING = "waiting", "Chờ gửi"
    SENDING = "sending", "Đang gửi"
    SENT = "sent", "Đã gửi"
    FAILED = "failed", "Không gửi được"
    CANCELLED = "cancelled", "Đã bỏ"


class UploadKind(TextChoices):
    """What a workbook or file brings."""

    UNITS = "units", "Đơn vị"
    BLOCS = "blocs", "Cụm, khối và thành viên"
    PEOPLE = "people", "Tài khoản"
    TARGETS = "targets", "Chỉ tiêu giao ước"
    YEAR = "year", "Tệp năm"


class SummaryPartCode(TextChoices):
    """Text parts of a bloc's summary report; the codes are those of the year file."""

    LEADING = "leading", "Công tác lãnh đạo, chỉ đạo"
    RESULTS = "results", "Kết quả thực hiện nhiệm vụ và phong trào thi đua"
    EXEMPLARS = "exemplars", "Điển hình tiên tiến"
    STRENGTHS = "strengths", "Ưu điểm"
    SHORTCOMINGS = "shortcomings", "Tồn tại, hạn chế"
    CAUSES = "causes", "Nguyên nhân"
    NEXT_TASKS = "next_tasks", "Phương hướng, nhiệm vụ năm sau"
    RECOMMENDATIONS = "recommendations", "Kiến nghị, đề xuất"
