"""Forms of opening a year. What needs other rows is checked by the domain."""

from django import forms

from blocs.forms import LinesField, PlainForm, check_day


def _date(**kwargs):
    return forms.DateField(
        validators=[check_day], widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs
    )


def _theme():
    return forms.CharField(
        required=False, label="Chủ đề của năm", max_length=500,
        help_text="Để trống nếu chưa có; ghi sau được, cả khi năm đã mở.",
    )  # fmt: skip


class ThemeForm(PlainForm):
    """What may be written of an open year."""

    theme = _theme()


class YearForm(PlainForm):
    """Name, days and theme of a year."""

    label = forms.CharField(label="Tên năm", max_length=20, help_text="Ví dụ: 2027; năm học: 2026-2027")
    starts_on = _date(label="Từ ngày")
    ends_on = _date(label="Đến ngày")
    theme = _theme()

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last <= first:
            self.add_error("ends_on", "Ngày kết thúc phải sau ngày bắt đầu.")
        return cleaned


class PrepareForm(YearForm):
    """A new year from the one that the page names, with the blocs that go into it."""

    blocs = forms.ModelMultipleChoiceField(queryset=None, label="Cụm, khối đưa vào năm mới", error_messages={
        "required": "Chọn ít nhất một cụm, khối.",
    })  # fmt: skip

    def __init__(self, *args, source, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["blocs"].queryset = source.bloc_years.all()


class DivisionForm(PlainForm):
    number = forms.CharField(required=False, label="Số, ký hiệu", max_length=80, help_text="Ví dụ: 1234/QĐ-UBND")
    dated = _date(required=False, label="Ngày ký")
    signer = forms.CharField(
        required=False, label="Chức vụ người ký", max_length=200, help_text="Ví dụ: Chủ tịch; Phó Chủ tịch"
    )
    signer_name = forms.CharField(required=False, label="Họ tên người ký (nếu cần in)", max_length=120)
    bases = LinesField(
        required=False, label="Căn cứ ban hành, mỗi dòng một căn cứ",
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text="Lấy sẵn từ căn cứ của các bộ quy tắc; sửa, thêm, bớt được.",
    )  # fmt: skip
