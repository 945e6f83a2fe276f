"""A full and a bare summary report, as data: no database is needed to print them."""

from dataclasses import replace

from reports.domain.papers import pdf
from reports.domain.papers.base import Heading, SignatureBlock
from reports.domain.papers.summary import SummaryPaper, Table
from reports.enums import SummaryPartCode

TEMPLATE = "print/summary_report.html"
PARAGRAPH = (
    "Khối trưởng xây dựng kế hoạch, phân công nhiệm vụ; hướng dẫn các đơn vị đăng ký, ký kết giao ước, "
    "kiểm tra chéo và nhắc nhở những đơn vị chậm gửi báo cáo theo quy chế hoạt động của khối."
)
TARGETS = Table(
    ("TT", "Chỉ tiêu", "Đơn vị tính", "Giao ước", "Kết quả", "Đánh giá"),
    (
        ("1", "Người lao động hoàn thành tốt nhiệm vụ trở lên", "%", "≥ 100", "100", "Đạt"),
        ("2", "Hội viên tham gia phong trào", "người", "≥ 12.500", "11.872", "Chưa đạt (94,98 %)"),
    ),
    (3, 4),
)
MEMBERS = Table(
    ("TT", "Đơn vị", "Vai trò"), (("1", "Hội Nhà báo tỉnh", "Khối trưởng"), ("2", "Hội Luật gia tỉnh", "Khối phó"))
)
RECEIPTS = Table(
    ("TT", "Đơn vị", "Nhận lúc", "Tình trạng"), (("1", "Hội Nhà báo tỉnh", "08:00 thứ Hai 16/11/2026", "Đúng hạn"),)
)
STATE = Heading("KHỐI THI ĐUA CÁC TỔ CHỨC HỘI ĐẶC THÙ", "HỘI NHÀ BÁO TỈNH", "/BC-HNB", "Sơn Hà", is_party=False)
PARTY = Heading("ĐẢNG BỘ TỈNH SƠN HÀ", "ĐẢNG ỦY XÃ BẮC LĨNH", "-BC/ĐU", "Bắc Lĩnh", is_party=True)
TEXTS = dict.fromkeys(SummaryPartCode.values, (PARAGRAPH, PARAGRAPH))
FULL = SummaryPaper(
    heading=STATE,
    signature=SignatureBlock("TM. KHỐI THI ĐUA", "KHỐI TRƯỞNG", "Người đứng đầu Hội Nhà báo tỉnh"),
    is_draft=False,
    bloc="Khối thi đua các tổ chức Hội đặc thù",
    year="2026",
    next_year="2027",
    opening="Thực hiện Giao ước thi đua ký ngày 14/02/2026, Khối thi đua các tổ chức Hội đặc thù báo cáo như sau:",
    situation=("Khối có 02 đơn vị thành viên. Khối trưởng: Hội Nhà báo tỉnh.",),
    members=MEMBERS,
    directing=("Giao ước thi đua được ký ngày 14/02/2026; 02/02 đơn vị đã ký.",),
    targets_sentence="Khối đạt 1 trên 2 chỉ tiêu đã ký kết, cụ thể:",
    targets=TARGETS,
    own_targets=None,
    movements=(("Bình dân học vụ số", "Tỉnh phát động", None),),
    recognitions_sentence="Trong 20 lượt khen thưởng, người lao động trực tiếp chiếm 15 lượt (75 %).",
    recognitions=Table(("TT", "Đơn vị", "Số lượng"), (("1", "Hội Nhà báo", "20"),), (2,), ("", "Cộng", "20")),
    ballots=(
        ("Bình xét Cờ thi đua của UBND tỉnh.", Table(("TT", "Đơn vị", "Đồng ý"), (("1", "Hội Nhà báo", "2"),), (2,))),
    ),
    proposals=None,
    awarded=None,
    next_leaders=("Khối trưởng năm 2027: Hội Luật gia tỉnh.",),
    receipts_sentence="01/02 đơn vị đã gửi báo cáo năm. Chưa gửi: Hội Luật gia.",
    receipts=RECEIPTS,
    missing=(),
    recipients=("- Hội đồng Thi đua - Khen thưởng tỉnh;", "- Lưu: VT."),
    **TEXTS,
)
BARE = replace(
    FULL, is_draft=True, situation=(), directing=(), targets_sentence="", targets=None, movements=(), recognitions=None,
    recognitions_sentence="", ballots=(), next_leaders=(), missing=("Ưu điểm", "chỉ tiêu giao ước"),
    members=replace(MEMBERS, rows=()), receipts=replace(RECEIPTS, rows=()), **dict.fromkeys(TEXTS, ()),
)  # fmt: skip


def made(paper):
    return pdf.render(pdf.html_of(paper, TEMPLATE))[0]
