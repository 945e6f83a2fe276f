"""Forms of a covenant's text, signatures, amendments, comments and evidence."""

from django import forms
from django.utils import timezone

from blocs.domain.attachments import MAX_BYTES
from blocs.enums import CommentOutcome
from blocs.forms import DayField, LinesField, OpenedForm, PlainForm, TargetForm, VietnameseNumber

CLEARED = "Tệp không chứa bí mật nhà nước"


class TextForm(OpenedForm, PlainForm):
    motto = forms.CharField(required=False, label="Khẩu hiệu thi đua của khối", max_length=500)
    goals = LinesField(required=False, label="Mục tiêu", help_text="Mỗi dòng một mục tiêu.")
    solutions = LinesField(required=False, label="Giải pháp", help_text="Mỗi dòng một giải pháp.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("goals", "solutions"):
            self.fields[name].widget.attrs["rows"] = 8


class ReasonForm(PlainForm):
    reason = forms.CharField(
        label="Lý do (bắt buộc, được ghi vết)", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ConcludeForm(PlainForm):
    signed_on = DayField(label="Ngày ký kết")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **({"initial": {"signed_on": timezone.localdate()}} | kwargs))


class FileForm(PlainForm):
    """One file; who sends it says that it holds no state secret."""

    file = forms.FileField(label="Tệp", max_length=2000)
    is_plain = forms.BooleanField(label=CLEARED, error_messages={"required": "Tài liệu mật không đưa lên hệ thống."})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = f"PDF, ảnh, Word, Excel; nhiều nhất {MAX_BYTES // 1024 // 1024} MB."

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:  # refused before it is read
            raise forms.ValidationError(f"Tệp lớn hơn {MAX_BYTES // 1024 // 1024} MB.")
        return file


class PaperForm(FileForm):
    signed_on = DayField(label="Ngày ký trên bản giấy")
    units = forms.ModelMultipleChoiceField(
        None, label="Các đơn vị đã ký trên bản này", widget=forms.CheckboxSelectMultiple
    )
    field_order = ["file", "signed_on", "units", "is_plain"]

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = f"Bản chụp PDF hoặc ảnh; nhiều nhất {MAX_BYTES // 1024 // 1024} MB."
        self.fields["units"].queryset = units


class AmendmentForm(TargetForm):
    reason = ReasonForm.base_fields["reason"]

    def __init__(self, *args, target=None, **kwargs):
        super().__init__(*args, **kwargs)
        if target:
            del self.fields["of"]
            self.helper.layout.pop(0)
        self.helper.layout.append("reason")


class UnitResultForm(OpenedForm, PlainForm):
    value = VietnameseNumber(
        required=False, label="Kết quả đến nay", help_text="Để trống cả hai ô là xóa kết quả đã ghi."
    )
    note = forms.CharField(required=False, label="Ghi chú", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class CommentForm(PlainForm):
    passage = forms.ChoiceField(label="Góp ý về")
    text = forms.CharField(label="Nội dung góp ý", max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, passages, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["passage"].required = False
        self.fields["passage"].choices = passages
        self.fields["passage"].error_messages["invalid_choice"] = "Đoạn này vừa được sửa hoặc bỏ; chọn lại đoạn."


class AnswerForm(PlainForm):
    outcome = forms.ChoiceField(label="Kết quả", choices=CommentOutcome)
    words = forms.CharField(
        required=False, label="Lời trả lời", max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
