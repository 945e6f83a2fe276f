"""The record of a handover: its frame, its list, whom it goes to."""

from crispy_forms.layout import Column, Layout, Row
from django import forms

from blocs.domain.handovers import MAX_ITEMS
from blocs.enums import HandoverKind
from blocs.forms import DayField, UnitChoice
from reports.conference_forms import TidyForm


class BeginForm(TidyForm):
    receiver = UnitChoice(empty_label=None)

    def __init__(self, *args, units, word, **kwargs):
        """``word``: what the head is called."""
        super().__init__(*args, **kwargs)
        self.fields["receiver"].queryset, self.fields["receiver"].label = units, f"Bên nhận ({word} năm sau)"


class ReceiverForm(BeginForm):
    reason = forms.CharField(label="Lý do đổi bên nhận (bắt buộc)", max_length=1000)


class FrameForm(TidyForm):
    handed_on = DayField(required=False, label="Ngày bàn giao")
    place = forms.CharField(required=False, label="Địa điểm", max_length=300)
    witness = forms.CharField(required=False, label="Người chứng kiến (chức vụ, họ tên)", max_length=300)
    note = forms.CharField(required=False, label="Ghi chú", max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        when = Row(Column("handed_on"), Column("place"), css_class="row-cols-1 row-cols-md-2")
        self.helper.layout = Layout(when, "witness", "note")


class ItemForm(TidyForm):
    kind = forms.ChoiceField(label="Loại", choices=HandoverKind, initial=HandoverKind.DOCUMENT)
    text = forms.CharField(required=False, label="Nội dung", max_length=1000)
    is_handed = forms.BooleanField(required=False, label="Đã giao")
    note = forms.CharField(required=False, label="Ghi chú", max_length=500)


ItemFormSet = forms.formset_factory(ItemForm, extra=3, max_num=MAX_ITEMS, absolute_max=MAX_ITEMS)


def items_of(formset):
    """Shape: valid formset -> [(kind, text, is_handed, note)] in the order of the kinds, emptied rows left out"""
    order = list(HandoverKind.values)
    rows = [form.cleaned_data for form in formset if form.cleaned_data.get("text")]
    rows.sort(key=lambda row: order.index(row["kind"]))
    return [(row["kind"], row["text"], row["is_handed"], row["note"]) for row in rows]
