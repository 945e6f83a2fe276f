from django.db.models import TextChoices


class Launcher(TextChoices):
    PRIME_MINISTER = "pm", "Thủ tướng Chính phủ"
    MINISTRY = "ministry", "Bộ, ngành Trung ương"
    PROVINCE = "province", "Tỉnh"
    FRONT = "front", "Mặt trận Tổ quốc, đoàn thể"
    BLOC = "bloc", "Khối thi đua"
    UNIT = "unit", "Đơn vị"
