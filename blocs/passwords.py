"""What a password must be, said in Vietnamese: the framework's own words are partly English."""

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError


class LongEnough(password_validation.MinimumLengthValidator):
    def get_error_message(self):
        return f"Mật khẩu quá ngắn: cần ít nhất {self.min_length} ký tự."

    def get_help_text(self):
        return f"Ít nhất {self.min_length} ký tự."


class NotCommon(password_validation.CommonPasswordValidator):
    def get_error_message(self):
        return "Mật khẩu này quá thông dụng, dễ bị đoán."

    def get_help_text(self):
        return "Không phải mật khẩu thông dụng."


class NotLikeOneself(password_validation.UserAttributeSimilarityValidator):
    """Neither the user name nor what is written about the person."""

    LIKE = ("username", "full_name", "email", "post")

    def __init__(self):
        super().__init__(user_attributes=self.LIKE)

    def validate(self, password, user=None):
        try:
            super().validate(password, user)
        except ValidationError:
            raise ValidationError(self.get_error_message(), code="password_too_similar") from None

    def get_error_message(self):
        return "Mật khẩu quá giống tên đăng nhập, họ tên, chức danh hoặc thư điện tử của bạn."

    def get_help_text(self):
        return "Không giống tên đăng nhập, họ tên, chức danh, thư điện tử."
