"""Forms of what an officer grants or writes down about one thing that is owed."""

from django import forms
from django.utils import timezone

from blocs.forms import PlainForm

FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%H:%M %d/%m/%Y", "%d/%m/%Y %H:%M"]


class MomentField(forms.DateTimeField):
    """A moment in Vietnam to the minute; 23:59 is the last second of that day, as in the exchanged files."""

    def __init__(self, **kwargs):
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        words = {"invalid": "Viết giờ và ngày như 17:00 05/12/2026."}
        super().__init__(input_formats=FORMATS, widget=widget, error_messages=words, **kwargs)

    def to_python(self, value):
        found = super().to_python(value)
        if found is None:
            return None
        local = timezone.localtime(found)
        return local.replace(second=59) if (local.hour, local.minute) == (23, 59) else local


class ReasonForm(PlainForm):
    reason = forms.CharField(
        label="Lý do (bắt buộc, được ghi vết)", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ExtensionForm(ReasonForm):
    due_at = MomentField(
        required=False, label="Hạn mới", help_text="Để trống: hạn giữ nguyên, nộp sau hạn vẫn tính là chậm."
    )
    locks_at = MomentField(label="Nhận đến", help_text="Sau thời điểm này hệ thống không nhận nữa.")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)  # the dates that the officer had before him
    field_order = ["due_at", "locks_at", "reason", "seen"]


class ReceiptForm(ReasonForm):
    at = MomentField(label="Thời điểm nhận", help_text="Ghi theo sổ công văn đến; đúng hạn hay chậm tính theo giờ này.")
    field_order = ["at", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "Nhận bằng cách nào (bắt buộc, được ghi vết)"
        self.fields["reason"].help_text = "Ví dụ: bản giấy, công văn số …; họp đã diễn ra ngày …"
