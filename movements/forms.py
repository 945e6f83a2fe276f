"""Finding a movement, and recording what a unit reached."""

import unicodedata

from django import forms
from django.db.models import F

from blocs.forms import PlainForm, UnitChoice, VietnameseNumber
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


class ResultForm(PlainForm):
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
