"""The form of a bloc's own quota: one way of counting, and the document that it rests on."""

import re

from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms

from awards.domain.own_quotas import QuotaFields
from awards.enums import QuotaBase, Rounding
from awards.models import AwardKind
from blocs.forms import LinesField, VietnameseNumber
from blocs.organisation_forms import EditForm

SIZE = re.compile(r"(\d{1,4})?\s*[-–]\s*(\d{1,4})?\s*:\s*(\d{1,4})", re.ASCII)
WAYS = {"max": "Số cố định", "by_size": "Theo số thành viên của khối", "max_percent": "Theo tỷ lệ %"}


class SizesField(LinesField):
    """``4-9: 1`` a line; an open end is left out."""

    def prepare_value(self, value):
        if not isinstance(value, list):
            return value
        return "\n".join(f"{size.get('ge', '')}-{size.get('le', '')}: {size['max']}" for size in value)

    def clean(self, value):
        sizes = []
        for line in super().clean(value):
            found = SIZE.fullmatch(line)
            if not found:
                raise forms.ValidationError(f"“{line}”: viết như 4-9: 1 hoặc 10-: 2.")
            low, high, number = found.groups()
            ends = {"ge": low and int(low), "le": high and int(high)}
            sizes.append({name: end for name, end in ends.items() if end is not None} | {"max": int(number)})
        return sizes


class AwardsField(forms.ModelMultipleChoiceField):
    def clean(self, value):
        return [kind.code for kind in super().clean(value)]


class QuotaForm(EditForm):
    way = forms.ChoiceField(label="Cách tính", choices=[*WAYS.items()], widget=forms.RadioSelect)
    max = forms.IntegerField(required=False, label="Số cố định", min_value=0, max_value=9999)
    by_size = SizesField(
        required=False,
        label="Theo số thành viên",
        help_text="Mỗi dòng một khoảng: 4-9: 1 là khối 4 đến 9 đơn vị được 1.",
    )
    max_percent = VietnameseNumber(required=False, label="Tỷ lệ (%)")
    base = forms.ChoiceField(required=False, label="Tính trên", choices=QuotaBase)
    rounding = forms.ChoiceField(required=False, label="Làm tròn", choices=Rounding)
    after = AwardsField(
        AwardKind.objects.none(), required=False, label="Sau khi trừ", widget=forms.SelectMultiple(attrs={"size": 5})
    )
    shared_with = AwardsField(
        AwardKind.objects.none(), required=False, label="Dùng chung với", widget=forms.SelectMultiple(attrs={"size": 5})
    )
    source = forms.CharField(label="Căn cứ (bắt buộc)", max_length=500, help_text="Văn bản giao chỉ tiêu này.")

    def __init__(self, *args, award, **kwargs):
        super().__init__(*args, **kwargs)
        others = AwardKind.objects.exclude(code=award)
        self.fields["after"].queryset = self.fields["shared_with"].queryset = others
        why = [name for name in ("reason", "opened") if name in self.fields]
        self.helper.layout = Layout(
            "way", "max", "by_size",
            Fieldset("Khi tính theo tỷ lệ", "max_percent", Row(Column("base"), Column("rounding")), "after"),
            Fieldset("Với mọi cách tính", "shared_with", "source", *why),
        )  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        way = cleaned.get("way")
        if way and way not in self.errors and cleaned.get(way) in (None, []):
            self.add_error(way, "Cần ghi ô này theo cách tính đã chọn.")
        return cleaned

    def quota(self):
        """What the domain saves: only what belongs to the way that was chosen."""
        data, way = self.cleaned_data, self.cleaned_data["way"]
        rest = {name: data[name] for name in ("base", "rounding")} if way == "max_percent" else {}
        if rest.get("base") == QuotaBase.REMAINING:
            rest["after"] = data["after"]
        return QuotaFields(source=data["source"].strip(), shared_with=data["shared_with"], **{way: data[way]}, **rest)
