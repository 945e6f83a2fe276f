"""Forms of the reports. What needs other rows is checked by the domain."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Field, Layout, Row
from django import forms

from awards.enums import Recipients
from awards.models import AwardKind
from blocs.domain import attachments
from blocs.errors import RuleBroken
from blocs.forms import DayField, OpenedForm, PlainForm, VietnameseNumber, check_day
from blocs.templatetags.vietnamese import figure, moment
from reports.domain.papers import seals
from reports.enums import AdoptedHow


class AutosaveForm(forms.Form):
    """A form of one thing that saves itself; the page adds the button for those without JavaScript."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the page's form has it


class PartForm(AutosaveForm):
    text = forms.CharField(required=False, strip=False, widget=forms.Textarea(attrs={"rows": 8}))
    version = forms.IntegerField(widget=forms.HiddenInput)
    over = forms.IntegerField(required=False)  # the version that the writer has seen and means to replace

    def __init__(self, *args, label="", help_text="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label
        self.fields["text"].help_text = help_text
        self.helper.layout = Layout(Field("text", template="reports/_text_field.html"), Field("version"))

    def starting_version(self):
        over = self.cleaned_data["over"]
        return self.cleaned_data["version"] if over is None else over


class FigureForm(AutosaveForm):
    """One number with its explanation. ``was`` and ``was_note`` are what the writer started from, ``over`` the number
    that he has seen since."""

    value = VietnameseNumber(required=False)
    was = VietnameseNumber(required=False, widget=forms.HiddenInput)
    note = forms.CharField(required=False, max_length=500)
    was_note = forms.CharField(required=False)
    over = VietnameseNumber(required=False)

    def __init__(self, *args, spec, last=None, year="", counted=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.spec = spec
        self.fields["value"].label = f"{spec.label} ({spec.unit})" if spec.unit else spec.label
        if last is not None:
            self.fields["value"].help_text = f"Năm {year}: {figure(last)}"
        if counted:
            self.fields["value"].widget.attrs["readonly"] = True
            self.fields["value"].help_text += f"{'. ' if last is not None else ''}Cộng từ bảng kết quả khen thưởng."
        self.helper.form_class = "form-horizontal"
        self.helper.label_class = "col-8 col-form-label"
        self.helper.field_class = "col-4"
        self.helper.layout = Layout(Field("value"), Field("was"))

    def clean_value(self):
        value = self.cleaned_data["value"]
        if value is not None and not self.spec.decimals and value != value.to_integral_value():
            raise forms.ValidationError("Ở đây cần một số nguyên.")
        return value

    def changes(self):
        """What the domain is given: a field that the page did not send says nothing."""
        data = self.cleaned_data
        found = {"note": data["note"] if "note" in self.data else None}
        if "over" in self.data:
            return found | {"was": data["over"]}
        return found | {name: data[name] for name in ("was", "was_note") if name in self.data}


class LineForm(OpenedForm, AutosaveForm):
    """One line of commendation: the numbers of an award that is already there."""

    count = forms.IntegerField(label="Số lượng", min_value=1)
    direct_workers = forms.IntegerField(required=False, label="Lao động trực tiếp", min_value=0)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("count", "direct_workers"):
            self.fields[name].widget = forms.TextInput(
                attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num"}
            )
        self.helper.layout = Layout(
            Row(Column("count", css_class="col-6"), Column("direct_workers", css_class="col-6")), Field("opened")
        )


class NewLineForm(LineForm):
    award = forms.ModelChoiceField(AwardKind.objects.none(), label="Danh hiệu, hình thức", empty_label="(chọn)")
    recipients = forms.ChoiceField(label="Đối tượng", choices=Recipients.choices)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["award"].queryset = AwardKind.objects.order_by("position", "code")
        self.helper.layout = Layout(
            Row(
                Column("award", css_class="col-md-5"),
                Column("recipients", css_class="col-md-3"),
                Column("count", css_class="col-6 col-md-2"),
                Column("direct_workers", css_class="col-6 col-md-2"),
            )
        )


class AttachForm(PlainForm):
    file = forms.FileField(label="Tệp", max_length=2000)
    is_open = forms.BooleanField(label="Tệp không có nội dung thuộc bí mật nhà nước")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = f"PDF, Word, Excel, ảnh; nhiều nhất {attachments.MAX_BYTES // 1024 // 1024} MB."
        self.fields["is_open"].error_messages["required"] = (
            "Tài liệu mật không đưa lên hệ thống này: xác nhận ở ô dưới."
        )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > attachments.MAX_BYTES:
            raise forms.ValidationError(f"Tệp lớn hơn {attachments.MAX_BYTES // 1024 // 1024} MB.")
        return file


class ResultForm(OpenedForm, AutosaveForm):
    value = VietnameseNumber(required=False, label="Kết quả")
    note = forms.CharField(required=False, max_length=2000, label="Ghi chú, minh chứng")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        fields = Row(Column("value", css_class="col-sm-4"), Column("note", css_class="col-sm-8"))
        self.helper.layout = Layout(fields, Field("opened"))


class MoveForm(forms.Form):
    note = forms.CharField(required=False, max_length=2000, label="Lý do", widget=forms.Textarea(attrs={"rows": 3}))
    adopted_on = forms.DateField(
        required=False,
        label="Ngày hội nghị thông qua",
        validators=[check_day],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    how = forms.ChoiceField(required=False, choices=[("", ""), *AdoptedHow.choices])
    votes_for = forms.IntegerField(required=False, min_value=0, max_value=1000)
    votes_against = forms.IntegerField(required=False, min_value=0, max_value=1000)
    votes_other = forms.IntegerField(required=False, min_value=0, max_value=1000)


class CopyField(forms.FileField):
    """A scan of a signed paper, judged by its bytes; gives a ``Judged``."""

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if not file:
            return None
        if file.size > attachments.MAX_BYTES:
            raise forms.ValidationError(f"Tệp lớn hơn {attachments.MAX_BYTES // 1024 // 1024} MB.")
        try:
            return attachments.judge(file.name, file.read(), allowed=attachments.ONLY_PAPERS)
        except RuleBroken as error:
            raise forms.ValidationError(str(error)) from None


class AskForm(forms.Form):
    until = DayField()


class CopyForm(PlainForm):
    copy = CopyField(label="Bản đã ký (PDF hoặc ảnh chụp, nhiều nhất 20 MB)")


class IssueForm(PlainForm):
    number = forms.CharField(label="Số, ký hiệu", max_length=80, help_text="Ví dụ: 15/BC-HNB")
    dated = DayField(label="Ngày ký")
    signer = forms.CharField(required=False, label="Chức vụ, họ tên người ký", max_length=330)
    copy = CopyField(required=False, label="Bản đã ký (PDF hoặc ảnh chụp; có thể đính sau)")
    is_this_print = forms.BooleanField(required=False)

    def __init__(self, *args, newer=None, **kwargs):
        """``newer``: the print made after this one, if there is one; then the signed one is confirmed to be this."""
        super().__init__(*args, **kwargs)
        if newer is None:
            del self.fields["is_this_print"]
        else:
            words = f"Có bản in mới hơn (tạo {moment(newer.finished_at)}, mã {newer.code}); bản đã ký đúng là bản này"
            self.fields["is_this_print"].label = words


class CorrectIssueForm(OpenedForm, PlainForm):
    number = forms.CharField(label="Số, ký hiệu", max_length=80)
    dated = DayField(label="Ngày ký")
    signer = forms.CharField(required=False, label="Chức vụ, họ tên người ký", max_length=330)
    reason = forms.CharField(
        label="Lý do (bắt buộc, được ghi vết)", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class VerifyForm(PlainForm):
    """A code, or the digest that the browser makes of a file chosen beside the form; without JavaScript it is typed."""

    code = forms.CharField(
        required=False, label="Mã in trên văn bản", max_length=40, help_text="Ví dụ: 7QK2-M0XD-93TB, ở cuối văn bản."
    )
    digest = forms.CharField(required=False, label="Hoặc dấu SHA-256 của tệp", max_length=80)

    def clean_code(self):
        code = self.cleaned_data["code"].strip()
        if code and not seals.tidy(code):
            raise forms.ValidationError("Mã gồm 12 chữ và số, viết như 7QK2-M0XD-93TB.")
        return code

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        if not cleaned["code"] and not cleaned["digest"]:
            raise forms.ValidationError("Ghi mã in trên văn bản, hoặc chọn tệp, hoặc ghi dấu SHA-256.")
        if cleaned["code"] and cleaned["digest"]:
            raise forms.ValidationError("Mỗi lần chỉ kiểm tra một thứ: mã, hoặc tệp (dấu SHA-256). Xóa bớt một ô.")
        return cleaned
