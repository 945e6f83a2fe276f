"""Fields that several apps share, and the forms of the covenant. What needs other rows is checked by the domain."""

import re
from datetime import date
from decimal import Decimal

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms

from blocs.enums import Direction, Operator
from blocs.fields import NUMBER, check_figure
from blocs.models import UnitYear
from blocs.templatetags.vietnamese import figure


class VietnameseNumber(forms.CharField):
    """A number as people write it here: ``1.234,5``. A point that parts no thousands is refused, not guessed at."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "num"})

    def prepare_value(self, value):
        return figure(value) if isinstance(value, Decimal | int) else value

    def to_python(self, value):
        text = re.sub(r"\s", "", super().to_python(value))
        if not text:
            return None
        if not NUMBER.fullmatch(text):
            raise forms.ValidationError("Viết số như 1.234,5: dấu chấm ngăn hàng nghìn, dấu phẩy trước phần thập phân.")
        number = Decimal(text.replace(".", "").replace(",", "."))
        check_figure(number)
        return number


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        return [line.strip() for line in super().to_python(value).splitlines() if line.strip()]

    def has_changed(self, initial, data):
        return (initial or []) != self.to_python(data)


FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)  # of any day that people write here


def check_day(value):
    """A day far from ours is a slip of the pen, and computing with it leaves the calendar.

    Raises:  ValidationError
    """
    if not FIRST_DAY <= value <= LAST_DAY:
        raise forms.ValidationError(f"Năm phải từ {FIRST_DAY.year} đến {LAST_DAY.year}.")


def row_ids(texts):
    """The ids of rows that a form sent; what no row can have is left out.

    Shape:   [text] -> [int]
    """
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]


class DayField(forms.DateField):
    """A day as people write it: ``20/11/2026``."""

    default_validators = (check_day,)

    widget = forms.DateInput(attrs={"autocomplete": "off", "placeholder": "dd/mm/yyyy"})
    default_error_messages = {"invalid": "Viết ngày như 20/11/2026."}


class UnitChoice(forms.ModelChoiceField):
    """One unit of a year, by its name."""

    def __init__(self, **kwargs):
        super().__init__(UnitYear.objects.none(), **kwargs)

    def label_from_instance(self, obj):
        return obj.name


class PlainForm(forms.Form):
    """A crispy form whose page writes the form tag, the token and the button."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class OpenedForm(forms.Form):
    """Carries the digest of what it was opened with; ``over``: the newer version was read and is to be replaced."""

    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self):
        cleaned = super().clean()
        return cleaned | ({"opened": self.data["over"]} if self.data.get("over") else {})


class TargetForm(PlainForm):
    of = UnitChoice(required=False, label="Chỉ tiêu của", empty_label="Cả khối")
    text = forms.CharField(label="Nội dung chỉ tiêu", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    op = forms.ChoiceField(
        required=False, label="Yêu cầu", choices=[("", "(không so sánh bằng số)"), *Operator.choices]
    )
    value = VietnameseNumber(required=False, label="Số giao ước", help_text="Ví dụ: 100 hoặc 1.234,5")
    unit_of_measure = forms.CharField(
        required=False, label="Đơn vị tính", max_length=60, help_text="Ví dụ: %, triệu đồng, lượt người"
    )
    direction = forms.ChoiceField(
        required=False, label="Chiều tốt", choices=[("", "Theo yêu cầu so sánh"), *Direction.choices]
    )
    source = forms.CharField(
        required=False, label="Căn cứ", max_length=500, help_text="Văn bản giao chỉ tiêu, nghị quyết, kế hoạch năm…"
    )

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["of"].queryset = members
        numbers = Row(Column("op"), Column("value"), Column("unit_of_measure"), css_class="row-cols-1 row-cols-md-3")
        ground = Row(Column("direction"), Column("source"), css_class="row-cols-1 row-cols-md-2")
        self.helper.layout = Layout("of", "text", numbers, ground)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("op") and "value" in cleaned and cleaned["value"] is None:
            self.add_error("value", "Đã chọn yêu cầu thì cần ghi số giao ước.")
        return cleaned


class TargetEditForm(OpenedForm, TargetForm):
    """Of a target that is there: of two who change it the second chooses."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.layout.append("opened")


class BlocResultForm(OpenedForm, PlainForm):
    value = VietnameseNumber(
        required=False, label="Kết quả của khối", help_text="Để trống cả hai ô là xóa kết quả đã ghi."
    )
    note = forms.CharField(
        required=False, label="Ghi chú, minh chứng", max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
