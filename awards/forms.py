"""Putting a unit on the list, taking it off; lists of the catalogue."""

from django import forms

from awards.enums import Recipients
from awards.models import AwardKind, LawVersion
from blocs.forms import LinesField, PlainForm


class ProposalForm(PlainForm):
    """One unit for one award; the form of a single award does not ask which. Whether it fits is the domain's to say."""

    award = forms.ChoiceField(label="Danh hiệu, hình thức")
    unit = forms.TypedChoiceField(label="Đơn vị thành viên", coerce=int)

    def __init__(self, *args, members, awards, **kwargs):
        super().__init__(*args, auto_id=f"{awards[0].code if len(awards) == 1 else 'other'}_%s", **kwargs)
        self.fields["unit"].choices = [("", "Chọn đơn vị"), *((unit.pk, unit.name) for unit in members)]
        if len(awards) == 1:
            self.fields["award"].widget = forms.HiddenInput()
            self.fields["award"].initial = awards[0].code
        offered = [(award.code, award.name) for award in awards]
        self.fields["award"].choices = offered if len(awards) == 1 else [("", "Chọn danh hiệu, hình thức"), *offered]


class WithdrawForm(PlainForm):
    note = forms.CharField(
        label="Lý do đưa ra khỏi danh sách", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class LawVersionForm(forms.ModelForm):
    circulars = LinesField(required=False, label="Thông tư", help_text="Mỗi dòng một thông tư.")

    class Meta:
        model = LawVersion
        fields = ["code", "law", "decree", "circulars", "valid_from", "valid_to", "confirmed", "note"]


class AwardKindForm(forms.ModelForm):
    recipients = forms.MultipleChoiceField(
        choices=Recipients.choices, required=False, label="Đối tượng", widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = AwardKind
        fields = ["code", "name", "short_name", "family", "level", "recipients", "position", "source", "confirmed"]


class RegistrationForm(PlainForm):
    awards = forms.MultipleChoiceField(
        label="Danh hiệu, hình thức đăng ký",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Chọn ít nhất một danh hiệu, hình thức khen thưởng để đăng ký.",
            "invalid_choice": "Không có danh hiệu, hình thức khen thưởng này.",
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rows = [row for row in AwardKind.objects.all() if "collective" in row.recipients or not row.recipients]
        self.fields["awards"].choices = [(row.code, str(row)) for row in rows]
