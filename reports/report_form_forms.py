"""The form in which the board keeps what units are asked."""

from dataclasses import asdict

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.forms.formsets import BaseFormSet, formset_factory

from blocs.forms import PlainForm
from reports.domain.report_forms import MAX_FIGURES, MAX_PARTS, target_of
from reports.enums import FigureRule, SummaryPartCode, UnitReportKind

TARGETS = [("", "(mặc định)"), *SummaryPartCode.choices]
EXTRA = 3  # empty rows for new entries


class PartRow(forms.Form):
    code = forms.SlugField(required=False, max_length=30, widget=forms.HiddenInput)
    label = forms.CharField(label="Tên phần", max_length=200)
    help = forms.CharField(label="Gợi ý cho người viết", max_length=500, required=False)
    target = forms.ChoiceField(label="Vào phần (tổng kết)", choices=TARGETS, required=False)
    optional = forms.BooleanField(label="Có thể để trống", required=False)

    layout = Layout(
        "code",
        Row(
            Column("ORDER", css_class="col-3 col-md-1"),
            Column("label", css_class="col-9 col-md-3"),
            Column("help", css_class="col-12 col-md-3"),
            Column("target", css_class="col-12 col-md-2"),
            Column("optional", css_class="col-7 col-md-2 pt-md-4"),
            Column("DELETE", css_class="col-5 col-md-1 pt-md-4"),
            css_class="gx-2 border-top pt-2",
            data_paste_row="",
        ),
    )

    def __init__(self, *args, is_assembled=True, **kwargs):
        super().__init__(*args, **kwargs)
        _only_of_assembled(self.fields["target"], is_assembled)


class FigureRow(forms.Form):
    code = forms.SlugField(required=False, max_length=30, widget=forms.HiddenInput)
    label = forms.CharField(label="Tên số liệu", max_length=200)
    unit = forms.CharField(label="Đơn vị tính", max_length=40, required=False)
    within = forms.ChoiceField(label="Nằm trong", required=False)
    rule = forms.ChoiceField(label="Tổng hợp", choices=FigureRule.choices, required=False)
    decimals = forms.BooleanField(label="Có số lẻ", required=False)
    optional = forms.BooleanField(label="Có thể để trống", required=False)

    layout = Layout(
        "code",
        Row(
            Column("ORDER", css_class="col-3 col-md-1"),
            Column("label", css_class="col-9 col-md-3"),
            Column("unit", css_class="col-5 col-md-2"),
            Column("within", css_class="col-7 col-md-2"),
            Column("rule", css_class="col-12 col-md-2"),
            Column("decimals", "optional", css_class="col-7 col-md-1 pt-md-2"),
            Column("DELETE", css_class="col-5 col-md-1 pt-md-4"),
            css_class="gx-2 border-top pt-2",
            data_paste_row="",
        ),
    )

    def __init__(self, *args, known=(), is_assembled=True, **kwargs):
        super().__init__(*args, **kwargs)
        _only_of_assembled(self.fields["rule"], is_assembled)
        self.fields["within"].choices = [("", "(không)"), *known]


def _only_of_assembled(field, is_assembled):
    """Of a report that no other is assembled from nobody is asked where it goes."""
    if not is_assembled:
        field.widget = forms.HiddenInput()


class Rows(BaseFormSet):
    """Entries in an order that people number themselves."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = self.form.layout

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["ORDER"].label, form.fields["DELETE"].label = "Thứ tự", "Bỏ"
        form.fields["ORDER"].widget.attrs["class"] = "num"

    def entries(self):
        """The rows that stay, in order.

        Shape:   of a valid set -> [{column: value}]
        """
        rows = [form.cleaned_data for form in self.ordered_forms if form.cleaned_data.get("label")]
        return [{name: value for name, value in row.items() if name not in ("ORDER", "DELETE")} for row in rows]


def _set(row, most):
    return formset_factory(
        row, Rows, extra=EXTRA, can_order=True, can_delete=True, max_num=most + EXTRA, absolute_max=most + EXTRA
    )


PARTS, FIGURES = _set(PartRow, MAX_PARTS), _set(FigureRow, MAX_FIGURES)


class ConfirmForm(PlainForm):
    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(required=False)

    def __init__(self, *args, number, **kwargs):
        super().__init__(*args, **kwargs)
        if number:
            self.fields["confirmed"].label = f"Tôi biết {number} đơn vị đã viết theo mẫu này và sẽ báo cho họ"
        else:
            del self.fields["confirmed"]


def row_sets(data, form, kind):
    """The two sets of rows of a form.

    Shape:   (posted data or None, Form, UnitReportKind) -> (Rows of parts, Rows of figures)
    """
    is_assembled = kind == UnitReportKind.ANNUAL
    known = [(item.code, item.label) for item in form.figures if not item.within]
    parts = PARTS(
        data,
        initial=[asdict(part) | {"target": target_of(part)} for part in form.parts],
        prefix="parts",
        form_kwargs={"is_assembled": is_assembled},
    )
    figures = FIGURES(
        data,
        initial=[asdict(item) for item in form.figures],
        prefix="figures",
        form_kwargs={"known": known, "is_assembled": is_assembled},
    )
    return parts, figures
