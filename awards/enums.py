from django.db.models import TextChoices


class Recipients(TextChoices):
    COLLECTIVE = "collective", "Tập thể"
    INDIVIDUAL = "individual", "Cá nhân"


class BallotPurpose(TextChoices):
    AWARD = "award", "Bình xét khen thưởng"
    HEAD = "head", "Suy tôn Khối trưởng"
    DEPUTY = "deputy", "Suy tôn Khối phó"
    ADOPTION = "adoption", "Thông qua văn bản"
    OTHER = "other", "Việc khác"


class BallotMethod(TextChoices):
    SECRET = "secret", "Bỏ phiếu kín"
    NAMED = "named", "Bỏ phiếu ghi tên"
    HANDS = "hands", "Biểu quyết giơ tay"


class BallotBase(TextChoices):
    VOTERS = "voters", "tổng số đại biểu được bầu"
    PRESENT = "present", "số đại biểu có mặt"
    VALID = "valid", "số phiếu hợp lệ"


class Rounding(TextChoices):
    FLOOR = "floor", "làm tròn xuống"
    HALF_UP = "half_up", "làm tròn nửa lên"
    CEIL = "ceil", "làm tròn lên"


class QuotaBase(TextChoices):
    ALL = "all", "tất cả thành viên"
    ELIGIBLE = "eligible", "thành viên đủ điều kiện"
    REMAINING = "remaining", "thành viên còn lại"
