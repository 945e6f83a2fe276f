from django.db.models import TextChoices


class UnitReportKind(TextChoices):
    ANNUAL = "annual", "Báo cáo năm"
    MID_YEAR = "mid_year", "Báo cáo sơ kết"


class ReportSection(TextChoices):
    """What a unit's report has beside its text parts; the sign keeps them apart from codes of parts."""

    TARGETS = "@targets", "Kết quả chỉ tiêu giao ước"
    FIGURES = "@figures", "Số liệu"
    COMMENDATION = "@commendation", "Kết quả khen thưởng"
    ATTACHMENTS = "@attachments", "Tệp kèm theo"


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


class AdoptedHow(TextChoices):
    CONSENT = "consent", "Nhất trí"
    HANDS = "hands", "Biểu quyết giơ tay"


class RenderingState(TextChoices):
    QUEUED = "queued", "Đang chờ"
    RUNNING = "running", "Đang tạo"
    DONE = "done", "Đã có"
    FAILED = "failed", "Không tạo được"


class DocumentKind(TextChoices):
    """Papers that can be made today; the codes are those of ``render_document``."""

    COVENANT = "covenant", "Giao ước thi đua"
    UNIT_REPORT = "unit-report", "Báo cáo của đơn vị"
    MID_YEAR_REPORT = "mid-year-report", "Báo cáo sơ kết của đơn vị"
    SUMMARY_REPORT = "summary-report", "Báo cáo tổng kết"
    PROVINCE_REPORT = "province-report", "Báo cáo của tỉnh"
    CONFERENCE_INVITATION = "conference-invitation", "Giấy mời hội nghị"
    CONFERENCE_AGENDA = "conference-agenda", "Chương trình hội nghị"
    ATTENDANCE_SHEET = "attendance-sheet", "Danh sách ký tên dự hội nghị"
    CONFERENCE_MINUTES = "conference-minutes", "Biên bản hội nghị"
    CONFERENCE_NEWS = "conference-news", "Dự thảo tin hội nghị"
    HANDOVER_MINUTES = "handover-minutes", "Biên bản bàn giao"
    DIVISION_DECISION = "division-decision", "Quyết định phân chia cụm, khối"


# Of what a paper is; the others are of one bloc's year.
YEAR_PAPERS = frozenset({DocumentKind.DIVISION_DECISION, DocumentKind.PROVINCE_REPORT})
UNIT_PAPERS = frozenset({DocumentKind.UNIT_REPORT, DocumentKind.MID_YEAR_REPORT})
WORD_PAPERS = frozenset(
    {*UNIT_PAPERS, DocumentKind.SUMMARY_REPORT, DocumentKind.PROVINCE_REPORT, DocumentKind.CONFERENCE_NEWS}
)  # also as .docx
CONFERENCE_PAPERS = frozenset(
    {
        DocumentKind.CONFERENCE_INVITATION,
        DocumentKind.CONFERENCE_AGENDA,
        DocumentKind.ATTENDANCE_SHEET,
        DocumentKind.CONFERENCE_MINUTES,
        DocumentKind.CONFERENCE_NEWS,
    }
)


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


class FigureRule(TextChoices):
    """What becomes of one figure of many units; without one the unit of measure decides."""

    BY_MEASURE = "", "Theo đơn vị tính"
    SUM = "sum", "Cộng"
    RANGE = "range", "Thấp nhất - cao nhất"


class ProvincePartCode(TextChoices):
    """Text parts of the province's report."""

    SITUATION = "situation", "Đặc điểm tình hình; tình hình báo cáo của các cụm, khối"
    LEADING = "leading", "Công tác lãnh đạo, chỉ đạo"
    RESULTS = "results", "Kết quả các phong trào thi đua và hoạt động của cụm, khối"
    COMMENDATION = "commendation", "Công tác khen thưởng"
    EXEMPLARS = "exemplars", "Điển hình tiên tiến"
    STRENGTHS = "strengths", "Ưu điểm"
    SHORTCOMINGS = "shortcomings", "Tồn tại, hạn chế và nguyên nhân"
    NEXT_TASKS = "next_tasks", "Phương hướng, nhiệm vụ năm sau"
    RECOMMENDATIONS = "recommendations", "Kiến nghị, đề xuất"
