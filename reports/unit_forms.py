"""Forms of the pages of units. What needs other rows is checked by the domain."""

from crispy_forms.layout import Div, Layout
from django import forms

from blocs.domain import unit_table, units
from blocs.domain.heirs import Choices
from blocs.domain.successions import NewUnit
from blocs.domain.units import UnitFields
from blocs.forms import DayField, LinesField, PlainForm, row_ids
from blocs.models import UnitYear
from blocs.organisation_forms import EditForm

CODE = {"invalid": "Mã không có dấu / và không có khoảng trắng ở đầu, cuối."}


def code_field(help_text):
    return forms.RegexField(
        r"^[^\s/]([^/\t\n]*[^\s/])?$", required=False, label="Mã", max_length=60, help_text=help_text,
        error_messages=CODE,
    )  # fmt: skip


class UnitFilter(PlainForm):
    """Which units of the year the list shows; what it does not understand narrows nothing."""

    q = forms.CharField(required=False, label="Tên đơn vị", max_length=100)
    kind = forms.ChoiceField(required=False, label="Loại")
    place = forms.ChoiceField(required=False, label="Tình trạng", choices=[("", "Tất cả"), *unit_table.PLACES.items()])

    def __init__(self, data, *, rows):
        super().__init__(data)
        kinds = rows.exclude(kind="").order_by("kind").values_list("kind", flat=True).distinct()
        self.fields["kind"].choices = [("", "Tất cả"), *((kind, kind) for kind in kinds)]
        self.rows = rows
        self.is_valid()

    def found(self):
        """Shape: -> UnitYear queryset"""
        chosen = self.cleaned_data
        return unit_table.found(
            self.rows, words=chosen.get("q", ""), kind=chosen.get("kind", ""), place=chosen.get("place", "")
        )

    @property
    def is_narrow(self):
        return any(self.cleaned_data.values())


class UnitForm(EditForm):
    """A unit of the year: added, or its names corrected."""

    name = forms.CharField(label="Tên", max_length=300)
    code = code_field("Để trống: đặt theo tên. Ghi mã của đơn vị năm trước để nối tiếp đơn vị đó.")
    short_name = forms.CharField(required=False, label="Tên ngắn", max_length=120)
    kind = forms.CharField(required=False, label="Loại", max_length=60, help_text="Ví dụ: so-nganh, xa-phuong, hoi.")
    valid_from = DayField(required=False, label="Có từ ngày", help_text="Để trống: từ trước đến nay.")
    letterhead_superior = forms.CharField(required=False, label="Cơ quan cấp trên (đầu văn bản)", max_length=200)
    letterhead_name = forms.CharField(required=False, label="Tên trên văn bản", max_length=200)
    letterhead_symbol = forms.CharField(required=False, label="Ký hiệu", max_length=40)
    letterhead_place = forms.CharField(required=False, label="Địa danh", max_length=80)

    def __init__(self, *args, row=None, **kwargs):
        super().__init__(*args, **kwargs)
        if row is not None:
            del self.fields["code"], self.fields["valid_from"]

    def values(self):
        """What the domain saves."""
        tidy = {name: " ".join(self.cleaned_data[name].split()) for name in units.COLUMNS}
        rest = {name: self.cleaned_data[name] for name in ("code", "valid_from") if name in self.cleaned_data}
        return UnitFields(**(tidy | rest))


class ActForm(PlainForm):
    """An act on a unit: from which day, by which document."""

    on = DayField(label="Có hiệu lực từ ngày", help_text="Ngày đầu tiên theo tổ chức mới, ví dụ 01/07/2025.")
    document = forms.CharField(
        label="Văn bản", max_length=300, help_text="Số, ngày, cơ quan ban hành. Ví dụ: Nghị quyết 12/NQ-HĐND ngày …"
    )

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, **kwargs)
        self.row = row
        own = [name for name in self.fields if name not in ("on", "document")]
        self.order_fields([*own, "on", "document"])

    @property
    def paper(self):
        return {"on": self.cleaned_data["on"], "document": self.cleaned_data["document"]}

    def unit_ids(self):
        """The units that the act is about, the page's own first."""
        return [self.row.unit_id]

    def ending_ids(self):
        """Those whose place somebody takes."""
        return []

    @property
    def founds(self):
        """True where a new unit takes the place of units that end."""
        return False

    def choices(self):
        """What was chosen beside the form, on the page that shows the effects."""
        ids = {name: frozenset(row_ids(self.data.getlist(name))) for name in ("blocs", "offices")}
        return Choices(**ids)


class MergeForm(ActForm):
    units = forms.ModelMultipleChoiceField(
        UnitYear.objects.none(), label="Sáp nhập cùng các đơn vị", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Chọn ít nhất một đơn vị nữa."},
    )  # fmt: skip
    into = forms.ChoiceField(label="Đơn vị sau sáp nhập", widget=forms.RadioSelect)
    name = forms.CharField(
        required=False, label="Tên đơn vị mới", max_length=300, help_text="Ghi khi thành lập đơn vị mới."
    )
    short_name = forms.CharField(required=False, label="Tên ngắn", max_length=120)
    kind = forms.CharField(required=False, label="Loại", max_length=60, help_text="Để trống: như đơn vị cũ.")
    code = code_field("Để trống: đặt theo tên.")

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        others = UnitYear.objects.filter(year=row.year_id, unit__valid_to=None).exclude(pk=row.pk).order_by("folded")
        near = set(others.filter(memberships__bloc_year__memberships__unit=row).values_list("pk", flat=True))
        rows = sorted(others, key=lambda unit: (unit.pk not in near, unit.kind != row.kind))
        self.fields["units"].queryset = others
        self.fields["units"].choices = [(unit.pk, unit.name) for unit in rows]
        self.fields["into"].choices = [
            ("new", "Thành lập đơn vị mới, các đơn vị cũ kết thúc"),
            ("self", f"Giữ {row.name}, các đơn vị kia nhập vào"),
        ]
        new = ["name", "short_name", "kind", "code"]
        self.helper.layout = Layout(Div("units", css_class="lastyear mb-3"), "into", *new, "on", "document")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("into") == "new" and not cleaned.get("name"):
            self.add_error("name", "Cần ghi tên đơn vị mới.")
        return cleaned

    def unit_ids(self):
        return [self.row.unit_id, *(unit.unit_id for unit in self.cleaned_data["units"])]

    def ending_ids(self):
        return self.unit_ids() if self.founds else self.unit_ids()[1:]

    @property
    def founds(self):
        return self.cleaned_data["into"] == "new"

    def into_unit(self):
        """The founded unit, or the id of the one that stays."""
        if self.founds:
            return NewUnit(**{name: self.cleaned_data[name] for name in ("name", "short_name", "kind", "code")})
        return self.row.unit_id


class SplitForm(ActForm):
    into = LinesField(
        label="Các đơn vị mới",
        help_text="Mỗi dòng một đơn vị: tên; tên ngắn; mã. Tên ngắn và mã có thể để trống; dán từ Excel được.",
    )
    continues = forms.ChoiceField(
        label="Đơn vị cũ", widget=forms.RadioSelect,
        choices=[("yes", "Tiếp tục hoạt động bên cạnh đơn vị mới"), ("no", "Kết thúc")],
    )  # fmt: skip

    def ending_ids(self):
        return [] if self.cleaned_data["continues"] == "yes" else self.unit_ids()

    @property
    def founds(self):
        return True

    def clean_into(self):
        found = []
        for line in self.cleaned_data["into"]:
            cells = [cell.strip() for cell in line.replace("\t", ";").split(";")]
            name, short_name, code = [*cells, "", ""][:3]
            if len(name) > 300 or len(short_name) > 120 or len(code) > 60 or "/" in code:
                raise forms.ValidationError(f"Dòng “{line[:60]}”: tên, tên ngắn quá dài, hoặc mã không hợp lệ.")
            found.append(NewUnit(name=name, short_name=short_name, code=code, kind=self.row.kind))
        return found


class RenameForm(ActForm):
    name = forms.CharField(label="Tên mới", max_length=300)
    short_name = forms.CharField(
        required=False, label="Tên ngắn mới", max_length=120, help_text="Để trống: giữ tên ngắn đang có."
    )


class DissolveForm(ActForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].label = "Thôi hoạt động từ ngày"
        self.fields["on"].help_text = "Ngày đầu tiên không còn đơn vị này."
