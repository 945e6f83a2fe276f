"""Meetings: their frame, agenda, presence, what is said, what follows, pictures."""

import unicodedata

from crispy_forms.layout import Column, Layout, Row
from django import forms

from blocs.enums import ConferenceKind, OpinionKind
from blocs.forms import DayField, LinesField, OpenedForm, PlainForm, UnitChoice

LINES_MAX, LINE_MAX = 100, 2000


def tidy(text):
    """A text as people meant it: NFC, without control, direction and zero-width signs.

    Shape:   str -> str
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    return "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cf")).strip()


class TidyForm(PlainForm):
    """Its texts come out tidy, also when they were pasted."""

    def clean(self):
        cleaned = super().clean()
        for name, value in cleaned.items():
            if isinstance(value, str):
                cleaned[name] = tidy(value)
            elif isinstance(value, list):
                cleaned[name] = [line for line in map(tidy, value) if line]
        return cleaned


class ListField(LinesField):
    """Lines of a paper: not more, and none longer, than a page bears."""

    def validate(self, value):
        super().validate(value)
        if len(value) > LINES_MAX:
            raise forms.ValidationError(f"Nhiều nhất {LINES_MAX} dòng.")
        if any(len(line) > LINE_MAX for line in value):
            raise forms.ValidationError(f"Mỗi dòng nhiều nhất {LINE_MAX} chữ; tách dòng dài thành nhiều dòng.")


class HourField(forms.TimeField):
    """A time of day as people write it: ``08:00``, ``8h30``."""

    widget = forms.TimeInput(format="%H:%M", attrs={"autocomplete": "off", "placeholder": "08:00"})
    default_error_messages = {"invalid": "Viết giờ như 08:00."}

    def to_python(self, value):
        if isinstance(value, str):
            hour, mark, minute = value.strip().lower().replace("g", "h").partition("h")
            value = f"{hour}:{minute.zfill(2)}" if mark else value
        return super().to_python(value)


def _text(label, rows, **options):
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **options)


class ConferenceForm(TidyForm):
    kind = forms.ChoiceField(label="Loại hội nghị", choices=ConferenceKind)
    held_on = DayField(label="Ngày họp")
    starts_at = HourField(
        required=False, label="Giờ bắt đầu", help_text="Để trống khi chỉ ghi lại một hội nghị đã họp."
    )
    place = forms.CharField(required=False, label="Địa điểm", max_length=300)
    chair = forms.CharField(required=False, label="Chủ trì (chức vụ, họ tên)", max_length=300)
    secretary = forms.CharField(required=False, label="Thư ký (chức vụ, họ tên)", max_length=300)
    guests = ListField(required=False, label="Đại biểu mời", help_text="Mỗi dòng một đại biểu hoặc một cơ quan.")
    quorum = forms.IntegerField(label="Cần có mặt ít nhất", min_value=1, max_value=100)
    quorum_of = forms.IntegerField(
        label="phần trên tổng", min_value=1, max_value=100, help_text="2 trên 3: hai phần ba số đơn vị thành viên."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        when = Row(Column("held_on"), Column("starts_at"), css_class="row-cols-1 row-cols-md-2")
        quorum = Row(Column("quorum"), Column("quorum_of"), css_class="row-cols-1 row-cols-md-2")
        self.helper.layout = Layout("kind", when, "place", "chair", "secretary", "guests", quorum)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("quorum") and cleaned.get("quorum_of") and cleaned["quorum"] > cleaned["quorum_of"]:
            self.add_error("quorum", "Số phần cần có mặt không lớn hơn tổng số phần.")
        return cleaned


class AgendaItemForm(TidyForm):
    place = forms.IntegerField(required=False, label="Thứ tự", min_value=1, max_value=999)
    starts_at = HourField(required=False, label="Giờ")
    text = forms.CharField(required=False, label="Nội dung", max_length=500)
    presenter = forms.CharField(required=False, label="Người trình bày", max_length=300)

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("text") and (cleaned.get("presenter") or cleaned.get("starts_at")):
            self.add_error("text", "Ghi nội dung của mục này, hoặc xóa cả giờ và người trình bày để bỏ mục.")
        return cleaned


MAX_ITEMS = 60
AgendaFormSet = forms.formset_factory(AgendaItemForm, extra=3, max_num=MAX_ITEMS, absolute_max=MAX_ITEMS)


def agenda_items(formset):
    """Shape: valid formset -> [(time or None, text, presenter)] in the order of the numbers given"""
    rows = [form.cleaned_data for form in formset if form.cleaned_data.get("text")]
    rows.sort(key=lambda row: row["place"] or MAX_ITEMS + 1000)
    return [(row["starts_at"], row["text"], row["presenter"]) for row in rows]


class ConclusionForm(TidyForm):
    directions = ListField(required=False, label="Ý kiến chỉ đạo", help_text="Mỗi dòng một ý.")
    conclusions = ListField(required=False, label="Kết luận", help_text="Mỗi dòng một kết luận.")


class OpinionForm(OpenedForm, TidyForm):
    kind = forms.ChoiceField(label="Loại", choices=OpinionKind)
    unit = UnitChoice(required=False, label="Đơn vị")
    speaker = forms.CharField(required=False, label="Người phát biểu (chức vụ, họ tên)", max_length=300)
    minutes = forms.IntegerField(required=False, label="Thời gian (phút)", min_value=1, max_value=240)
    text = _text("Nội dung", 5, required=False, max_length=20_000)
    answer = _text("Trả lời (của câu hỏi)", 4, required=False, max_length=20_000)
    answered_by = forms.CharField(required=False, label="Người trả lời", max_length=300)

    def __init__(self, *args, units, runs, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        if not runs:
            del self.fields["answer"], self.fields["answered_by"]
            self.fields["unit"].required, self.fields["unit"].empty_label = True, None


class TaskForm(OpenedForm, TidyForm):
    text = _text("Việc", 3, max_length=1000)
    unit = UnitChoice(required=False, label="Giao cho", empty_label="Ban Thi đua - Khen thưởng")
    person = forms.CharField(label="Người chịu trách nhiệm (chức vụ, họ tên)", max_length=300)
    due_on = DayField(label="Hạn")

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class FinishForm(TidyForm):
    note = _text("Kết quả", 3, required=False, max_length=1000)


class AttendForm(TidyForm):
    unit = UnitChoice(label="Đơn vị", empty_label=None)
    person = forms.CharField(required=False, label="Người dự (chức vụ, họ tên)", max_length=300)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class EndForm(PlainForm):
    at = HourField(required=False, label="Giờ bế mạc", help_text="Để trống: bây giờ.")


class PictureForm(TidyForm):
    file = forms.FileField(label="Ảnh (JPG, PNG)", max_length=2000)
    caption = forms.CharField(required=False, label="Chú thích", max_length=300)
