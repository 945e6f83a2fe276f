"""Finding a movement, entering one, and recording what a unit reached."""

import unicodedata

from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.db.models import F

from blocs.forms import DayField, OpenedForm, PlainForm, UnitChoice, VietnameseNumber
from blocs.models import UnitYear
from movements.enums import Launcher
from movements.models import Indicator

ORDERS = {
    "-launched": (F("launched_on").desc(nulls_last=True), "position", "pk"),
    "ends": (F("ends_on").asc(nulls_last=True), "position", "pk"),
}


class MovementFilter(forms.Form):
    """Search, filter and order of the list; what cannot be read counts as not given."""

    q = forms.CharField(required=False, label="Tìm")
    launcher = forms.ChoiceField(
        required=False,
        label="Cấp phát động",
        choices=[("", "Tất cả"), *Launcher.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    sort = forms.ChoiceField(
        required=False,
        label="Sắp xếp",
        choices={
            "": "Theo danh mục của năm",
            "name": "Theo tên",
            "-launched": "Mới phát động trước",
            "ends": "Kết thúc sớm trước",
        },
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def rows(self, movements):
        """Shape: Movement queryset -> [Movement] that fit, in the chosen order"""
        self.is_valid()
        if launcher := self.cleaned_data.get("launcher"):
            movements = movements.filter(launched_by=launcher)
        order, wanted = self.cleaned_data.get("sort", ""), fold(self.cleaned_data.get("q", ""))
        rows = movements.order_by(*ORDERS.get(order, ("position", "pk")))
        found = [row for row in rows if wanted in fold(f"{row.name} {row.owner.name if row.owner else ''}")]
        return sorted(found, key=lambda row: fold(row.name)) if order == "name" else found


def fold(text):
    """``Hội Nhà báo`` -> ``hoi nha bao``, so that people find a name without its marks. Both databases find alike."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return " ".join(bare.casefold().replace("đ", "d").split())


class IndicatorChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return f"{obj} ({obj.unit_of_measure})" if obj.unit_of_measure else str(obj)


class ResultForm(OpenedForm, PlainForm):
    indicator = IndicatorChoice(Indicator.objects.none(), label="Chỉ số", empty_label="Chọn chỉ số")
    unit = UnitChoice(required=False, label="Đơn vị", empty_label="Kết quả chung của phong trào")
    period = forms.CharField(label="Kỳ", max_length=40, help_text="Ví dụ: 2026, 6 tháng 2026")
    value = VietnameseNumber(
        required=False, label="Kết quả", help_text="Ví dụ: 1.234,5. Để trống là xóa kết quả đã ghi của kỳ này."
    )

    def __init__(self, *args, movement, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["indicator"].queryset = movement.indicators.all()
        self.fields["unit"].queryset = UnitYear.objects.filter(year=movement.year_id)


class MovementForm(OpenedForm, PlainForm):
    """``only_dates`` is for the owner: the rest is shown and stays as it is."""

    name = forms.CharField(label="Tên phong trào", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    code = forms.CharField(
        required=False, label="Mã", max_length=60, help_text="Để trống thì hệ thống đặt mã tiếp theo: p1, p2, …"
    )
    launched_by = forms.ChoiceField(
        required=False, label="Cấp phát động", choices=[("", "Chưa ghi"), *Launcher.choices]
    )
    launched_on = DayField(required=False, label="Phát động ngày", help_text="Ví dụ: 20/11/2026")
    ends_on = DayField(required=False, label="Kết thúc ngày", help_text="Ví dụ: 31/12/2026")
    owner = UnitChoice(required=False, label="Cơ quan chủ trì", empty_label="Chưa giao")
    coordinators = forms.ModelMultipleChoiceField(
        UnitYear.objects.none(),
        required=False,
        label="Cơ quan phối hợp",
        help_text="Giữ phím Ctrl để chọn nhiều đơn vị.",
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    scope = forms.CharField(required=False, label="Phạm vi", max_length=60)
    method = forms.CharField(required=False, label="Hình thức", max_length=60)

    def __init__(self, *args, year, only_dates=False, **kwargs):
        super().__init__(*args, **kwargs)
        units = UnitYear.objects.filter(year=year)
        self.fields["owner"].queryset = self.fields["coordinators"].queryset = units
        for name, field in self.fields.items():
            field.disabled = only_dates and name not in ("launched_on", "ends_on", "opened")
        origin = Row(Column("code"), Column("launched_by"), css_class="row-cols-1 row-cols-md-2")
        days = Row(Column("launched_on"), Column("ends_on"), css_class="row-cols-1 row-cols-md-2")
        kind = Row(Column("scope"), Column("method"), css_class="row-cols-1 row-cols-md-2")
        self.helper.layout = Layout("name", origin, days, "owner", "coordinators", kind, "opened")

    def clean(self):
        cleaned = super().clean()
        launched_on, ends_on = cleaned.get("launched_on"), cleaned.get("ends_on")
        if launched_on and ends_on and ends_on < launched_on:
            self.add_error("ends_on", "Ngày kết thúc không được trước ngày phát động.")
        return cleaned


class IndicatorForm(OpenedForm, PlainForm):
    text = forms.CharField(label="Nội dung chỉ số", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    target = VietnameseNumber(required=False, label="Mục tiêu", help_text="Ví dụ: 100 hoặc 1.234,5")
    unit_of_measure = forms.CharField(
        required=False, label="Đơn vị tính", max_length=60, help_text="Ví dụ: %, nhà, triệu đồng/người"
    )
