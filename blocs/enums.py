"""Closed lists of the domain. Values are the codes of the exchanged files; labels are what people read."""

from django.db.models import TextChoices


class Header(TextChoices):
    """Which heading the papers of an authority or unit carry."""

    STATE = "state", "Quốc hiệu, tiêu ngữ (cơ quan nhà nước)"
    PARTY = "party", "Đảng Cộng sản Việt Nam (cơ quan Đảng)"


class BlocKind(TextChoices):
    BLOC = "khoi", "Khối thi đua"
    CLUSTER = "cum", "Cụm thi đua"


class MemberRole(TextChoices):
    MEMBER = "member", "Thành viên"
    HEAD = "head", "Khối trưởng"
    DEPUTY = "deputy", "Khối phó"


class SuccessionKind(TextChoices):
    MERGE = "merge", "Sáp nhập"
    SPLIT = "split", "Chia tách"
    RENAME = "rename", "Đổi tên"
    DISSOLVE = "dissolve", "Giải thể"


class Operator(TextChoices):
    AT_LEAST = ">=", "từ … trở lên"
    MORE = ">", "trên"
    EQUAL = "=", "bằng"
    AT_MOST = "<=", "không quá"
    LESS = "<", "dưới"


class Direction(TextChoices):
    """Which way a target's number is better."""

    UP = "up", "Càng cao càng tốt"
    DOWN = "down", "Càng thấp càng tốt"


class AmendmentKind(TextChoices):
    ADD = "add", "Thêm chỉ tiêu"
    CHANGE = "change", "Sửa chỉ tiêu"
    REMOVE = "remove", "Bỏ chỉ tiêu"


class CommentOn(TextChoices):
    """The text that a comment is about."""

    COVENANT = "covenant", "Giao ước thi đua"
    SUMMARY_REPORT = "summary-report", "Báo cáo tổng kết"


class CommentOutcome(TextChoices):
    ACCEPTED = "accepted", "Tiếp thu"
    REJECTED = "rejected", "Không tiếp thu"
    ANSWERED = "answered", "Đã trả lời"


class AttendanceWay(TextChoices):
    """How it became known that a unit is there."""

    FILE = "file", "Ghi từ tệp"
    PHONE = "phone", "Tự điểm danh"
    SECRETARY = "secretary", "Thư ký ghi"


class OpinionKind(TextChoices):
    SPEECH = "speech", "Tham luận"
    OPINION = "opinion", "Ý kiến"
    QUESTION = "question", "Câu hỏi"


class HandoverKind(TextChoices):
    DOCUMENT = "document", "Hồ sơ, tài liệu"
    TASK = "task", "Việc còn dở"
    FLAG = "flag", "Cờ luân lưu"
    CONTACT = "contact", "Đầu mối liên hệ"
    OTHER = "other", "Khác"


class ConferenceKind(TextChoices):
    COVENANT = "covenant", "Hội nghị ký kết giao ước thi đua"
    MID_YEAR = "mid_year", "Hội nghị sơ kết"
    BRIEFING = "briefing", "Hội nghị giao ban"
    YEAR_END = "year_end", "Hội nghị tổng kết"


class Role(TextChoices):
    """What a seat lets its holder do (product.md, section 1)."""

    BOARD_STAFF = "board_staff", "Chuyên viên Ban Thi đua - Khen thưởng"
    BLOC_HEAD = "bloc_head", "Khối trưởng"
    BLOC_DEPUTY = "bloc_deputy", "Khối phó"
    UNIT_REPORTER = "unit_reporter", "Người làm báo cáo của đơn vị"
    UNIT_LEADER = "unit_leader", "Lãnh đạo đơn vị"
    MOVEMENT_OWNER = "movement_owner", "Cơ quan chủ trì phong trào"
    ASSESSOR = "assessor", "Cơ quan thẩm định"
    COUNCIL_MEMBER = "council_member", "Ủy viên Hội đồng"
    COUNCIL_SECRETARY = "council_secretary", "Thư ký Hội đồng"
    ADMINISTRATOR = "administrator", "Quản trị hệ thống"


class OwedBy(TextChoices):
    """Who owes a milestone."""

    UNIT = "unit", "Từng đơn vị thành viên"
    HEAD = "head", "Khối trưởng"
    OWNER = "owner", "Cơ quan chủ trì phong trào"
    ASSESSOR = "assessor", "Cơ quan thẩm định"
    BOARD = "board", "Ban Thi đua - Khen thưởng"


class RuleScope(TextChoices):
    """What a rule set is for; the narrowest that fits wins."""

    PROVINCE = "province", "Toàn tỉnh"
    TYPE = "type", "Một loại hình khối"
    BLOC = "bloc", "Một khối"


AUTHORITY_ROLES = frozenset({Role.BOARD_STAFF, Role.COUNCIL_MEMBER, Role.COUNCIL_SECRETARY, Role.ADMINISTRATOR})
BOARD_ROLES = frozenset({Role.BOARD_STAFF, Role.ADMINISTRATOR})  # they prepare what others see when it is open
BLOC_ROLES = frozenset({Role.BLOC_HEAD, Role.BLOC_DEPUTY})
UNIT_ROLES = frozenset({Role.UNIT_REPORTER, Role.UNIT_LEADER, Role.MOVEMENT_OWNER, Role.ASSESSOR})
MEMBER_UNIT_ROLES = frozenset({Role.UNIT_REPORTER, Role.UNIT_LEADER})


class Milestone(TextChoices):
    """The codes that the exchanged files name; others are free."""

    REGISTRATION = "registration", "Đăng ký thi đua"
    COVENANT = "covenant", "Ký giao ước"
    MID_YEAR = "mid-year", "Sơ kết"
    UNIT_REPORT = "unit-report", "Báo cáo năm"
    SELF_SCORE = "self-score", "Tự chấm điểm"
    CHECK = "check", "Thẩm định"
    CONFERENCE = "conference", "Tổng kết"
    SUMMARY_REPORT = "summary-report", "Báo cáo của khối"
    PROPOSAL = "proposal", "Hồ sơ trình"
    HANDOVER = "handover", "Bàn giao"


# Who owes a milestone where no rule set says it. Codes of a free choice are owed by each unit.
OWED_BY_DEFAULT = {
    Milestone.CHECK: OwedBy.HEAD,
    Milestone.CONFERENCE: OwedBy.HEAD,
    Milestone.SUMMARY_REPORT: OwedBy.HEAD,
    Milestone.PROPOSAL: OwedBy.HEAD,
    Milestone.HANDOVER: OwedBy.HEAD,
}


def label_of(code):
    """What people call a milestone; a code of a free choice is its own name."""
    return Milestone(code).label if code in Milestone.values else code
