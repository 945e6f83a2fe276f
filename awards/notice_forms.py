"""What the board tells a bloc, and the handing over of awards."""

from django import forms

from blocs.forms import DayField, OpenedForm, PlainForm


class NoticeForm(OpenedForm, PlainForm):
    award = forms.ChoiceField(label="Danh hiệu, hình thức")
    count = forms.IntegerField(required=False, label="Số lượng của khối", min_value=0, max_value=999)
    standard = forms.CharField(
        required=False, label="Tiêu chuẩn, lưu ý", max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args, awards, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["award"].choices = [("", "Chọn danh hiệu, hình thức"), *((row.code, row.name) for row in awards)]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("count") is None and not cleaned.get("standard") and "count" not in self.errors:
            raise forms.ValidationError("Ghi số lượng hoặc tiêu chuẩn.")
        return cleaned


class PresentationForm(OpenedForm, PlainForm):
    """``won`` is {(unit, award code): (UnitYear, AwardKind)}."""

    won = forms.ChoiceField(label="Đơn vị, danh hiệu")
    presented_on = DayField(label="Ngày trao")
    place = forms.CharField(required=False, label="Địa điểm", max_length=300)
    received_by = forms.CharField(required=False, label="Người nhận (chức vụ, họ tên)", max_length=300)
    conference_id = forms.TypedChoiceField(required=False, label="Tại hội nghị", coerce=int, empty_value=None)

    def __init__(self, *args, won, meetings, **kwargs):
        super().__init__(*args, **kwargs)
        self.pairs = {f"{unit}:{code}": (unit, code) for unit, code in won}
        self.fields["won"].choices = [
            (f"{unit.pk}:{award.code}", f"{unit.name}: {award}") for unit, award in won.values()
        ]
        held = [(row.pk, f"{row.get_kind_display()} ngày {row.held_on:%d/%m/%Y}") for row in meetings]
        self.fields["conference_id"].choices = [("", "(không tại hội nghị của khối)"), *held]

    def clean_won(self):
        return self.pairs[self.cleaned_data["won"]]
