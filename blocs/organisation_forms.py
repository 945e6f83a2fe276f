"""Forms with which the board edits the blocs of a year. What needs other rows is checked by the domain."""

from dataclasses import fields

from django import forms
from django.db.models import Q

from blocs.domain import bloc_edits, leaders, memberships, rulesets
from blocs.domain.bloc_edits import BlocFields
from blocs.enums import BlocKind
from blocs.forms import LinesField, PlainForm, UnitChoice
from blocs.models import BlocType, BlocYear, RuleSet, UnitYear, User
from blocs.obligation_forms import MomentField

NOBODY = "chua-co"


class EditForm(PlainForm):
    """Carries what it was opened with; in a running year it asks why."""

    reason = forms.CharField(
        label="Lý do (bắt buộc, được ghi vết)", max_length=1000, widget=forms.Textarea({"rows": 2})
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, is_open, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_open:
            del self.fields["reason"]
        self.order_fields([name for name in self.fields if name not in ("reason", "opened")])

    @property
    def kept(self):
        """What every save of the domain takes from a form: why, and what it was opened with."""
        opened = self.data.get("over") or self.cleaned_data["opened"]  # "over": the newer version was read and refused
        return {"reason": self.cleaned_data.get("reason", ""), "opened": opened}


class NamedChoice(forms.ModelChoiceField):
    """A row by its own name."""

    def label_from_instance(self, obj):
        return obj.name


class BlocForm(EditForm):
    name = forms.CharField(label="Tên", max_length=300)
    code = forms.RegexField(
        r"^[^\s/]([^/\t\n]*[^\s/])?$", required=False, label="Mã", max_length=60,
        help_text="Dùng trong tệp trao đổi. Để trống: đặt theo tên. Ghi mã của khối năm trước để nối tiếp khối đó.",
        error_messages={"invalid": "Mã không có dấu / và không có khoảng trắng ở đầu, cuối."},
    )  # fmt: skip
    kind = forms.ChoiceField(label="Hình thức", choices=BlocKind)
    type = forms.ChoiceField(required=False, label="Loại hình đơn vị")
    parent = NamedChoice(
        BlocYear.objects.none(), required=False, label="Thuộc cụm, khối", empty_label="(không thuộc khối nào)"
    )
    motto = forms.CharField(required=False, label="Khẩu hiệu", max_length=500, widget=forms.Textarea({"rows": 2}))
    supervisor = forms.CharField(
        required=False, label="Ủy viên Hội đồng theo dõi", max_length=300, help_text="Chức vụ, có thể kèm họ tên."
    )
    desk_officer = forms.ModelChoiceField(
        User.objects.none(), required=False, label="Chuyên viên theo dõi", empty_label="(chưa phân công)"
    )
    rule_set = forms.ModelChoiceField(
        RuleSet.objects.none(),
        required=False,
        label="Ghim bộ quy tắc",
        empty_label="(không ghim, theo bộ đang hiệu lực)",
    )

    def __init__(self, *args, year, bloc_year=None, **kwargs):
        super().__init__(*args, is_open=year.is_open, **kwargs)
        blocs = BlocYear.objects.filter(year=year).order_by("position", "pk")
        types = dict(BlocType.objects.filter(authority=year.authority_id).values_list("code", "name"))
        used = blocs.exclude(type="").order_by("type").values_list("type", flat=True).distinct()
        self.fields["type"].choices = [("", "(không ghi)"), *({code: code for code in used} | types).items()]
        self.fields["parent"].queryset = blocs.exclude(pk=bloc_year.pk) if bloc_year else blocs
        officers = bloc_edits.desk_officers(year)
        if bloc_year and bloc_year.desk_officer_id:  # who left the board stays on the list until another is chosen
            officers = User.objects.filter(Q(pk__in=officers.values("pk")) | Q(pk=bloc_year.desk_officer_id))
        self.fields["desk_officer"].queryset = officers.order_by("post", "full_name", "username")
        sets = RuleSet.objects.published().filter(authority_code__in=["", year.authority.code])
        self.fields["rule_set"].queryset = sets.order_by("code", "-version")
        if bloc_year:
            twin = BlocYear(pk=0, year=year, bloc=bloc_year.bloc, type=bloc_year.type)
            without = rulesets.of(twin)
            self.fields["rule_set"].help_text = f"Không ghim thì áp dụng: {without or 'không có bộ nào'}."

    def values(self):
        """What the domain saves."""
        names = [field.name for field in fields(BlocFields)]
        values = {name: self.cleaned_data[name] for name in names}
        tidy = {name: " ".join(values[name].split()) for name in ("name", "motto", "supervisor")}
        return BlocFields(**(values | tidy))


class MoveForm(EditForm):
    """The table of members: its order, units taken out, units that go to another bloc."""

    to = NamedChoice(BlocYear.objects.none(), required=False, label="Chuyển sang", empty_label="Chọn cụm, khối")

    def __init__(self, *args, bloc_year, **kwargs):
        super().__init__(*args, is_open=bloc_year.year.is_open, **kwargs)
        others = BlocYear.objects.filter(year=bloc_year.year_id, is_closed=False).exclude(pk=bloc_year.pk)
        self.fields["to"].queryset = others.order_by("position", "pk")


class AddForm(EditForm):
    """Units of the year that are in no bloc of this tier."""

    units = forms.ModelMultipleChoiceField(
        UnitYear.objects.none(), label="Đơn vị chưa thuộc khối nào cùng tầng", widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, free, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = free


class PasteForm(EditForm):
    names = LinesField(
        label="Dán danh sách đơn vị", widget=forms.Textarea({"rows": 6}),
        help_text="Mỗi dòng một tên hoặc mã, dán thẳng từ Excel được; có dấu hay không dấu.",
    )  # fmt: skip


class LeadersForm(EditForm):
    head = UnitChoice(required=False, label="Khối trưởng", empty_label="(chưa có)")

    def __init__(self, *args, bloc_year, **kwargs):
        super().__init__(*args, is_open=bloc_year.year.is_open, **kwargs)
        members = memberships.units_of(bloc_year)
        self.fields["head"].queryset = members
        self.ranks = range(1, leaders.deputies_max(bloc_year) + 1)
        for rank in self.ranks:
            label = "Khối phó" if len(self.ranks) == 1 else f"Khối phó thứ {['nhất', 'hai'][rank - 1]}"
            field = UnitChoice(required=False, label=label, empty_label="(không có)")
            field.queryset = members
            self.fields[f"deputy_{rank}"] = field
        self.order_fields(["head", *(f"deputy_{rank}" for rank in self.ranks), "reason", "opened"])

    def chosen(self):
        """(id of the head or None, [id of a deputy])"""
        units = [self.cleaned_data[f"deputy_{rank}"] for rank in self.ranks]
        head = self.cleaned_data["head"]
        return head and head.pk, [unit.pk for unit in units if unit]


class DateForm(EditForm):
    due_at = MomentField(required=False, label="Hạn riêng của khối")
    locks_at = MomentField(
        required=False, label="Khóa riêng của khối", help_text="Để trống cả hai ô: trở lại theo bộ quy tắc."
    )
    field_order = ["due_at", "locks_at", "reason", "opened"]


class OrganisationFilter(PlainForm):
    """Which blocs of the year the table shows; what it does not understand narrows nothing."""

    q = forms.CharField(required=False, label="Tên cụm, khối", max_length=100)
    type = forms.ChoiceField(required=False, label="Loại hình đơn vị")
    officer = forms.ChoiceField(required=False, label="Chuyên viên theo dõi")

    def __init__(self, data, *, rows, year):
        super().__init__(data)
        names = dict(BlocType.objects.filter(authority=year.authority_id).values_list("code", "name"))
        used = rows.exclude(type="").order_by("type").values_list("type", flat=True).distinct()
        officers = User.objects.filter(desk_blocs__in=rows).distinct().order_by("post", "full_name", "pk")
        self.rows = rows
        self.fields["type"].choices = [("", "Tất cả"), *((code, names.get(code, code)) for code in used)]
        self.fields["officer"].choices = [
            ("", "Tất cả"), *((str(user.pk), str(user)) for user in officers), (NOBODY, "Chưa phân công"),
        ]  # fmt: skip
        self.is_valid()

    def found(self):
        """Shape: -> BlocYear queryset"""
        rows, chosen = self.rows, self.cleaned_data
        if chosen.get("q"):
            rows = rows.search(chosen["q"])
        if chosen.get("type"):
            rows = rows.filter(type=chosen["type"])
        if officer := chosen.get("officer"):
            rows = rows.filter(desk_officer=None if officer == NOBODY else officer)
        return rows

    @property
    def is_narrow(self):
        return any(self.cleaned_data.values())
