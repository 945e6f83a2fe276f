"""Forms about people and their seats. What needs other rows is checked by the domain."""

from urllib.parse import urlencode

from django import forms
from django.db.models import Q

from blocs.domain.people import PersonFields
from blocs.enums import AUTHORITY_ROLES, UNIT_ROLES, Role
from blocs.forms import DayField, PlainForm, UnitChoice
from blocs.models import BlocYear, Invitation, Seat, UnitYear, User
from blocs.organisation_forms import NamedChoice


class PersonForm(PlainForm):
    post = forms.CharField(
        required=False, label="Chức danh", max_length=200, help_text="Ví dụ: Phó Chánh Văn phòng - Hội Nhà báo tỉnh."
    )
    full_name = forms.CharField(required=False, label="Họ tên (không bắt buộc)", max_length=120)
    email = forms.EmailField(
        required=False, label="Thư điện tử", error_messages={"invalid": "Viết như ten@co-quan.vn."}
    )
    phone = forms.CharField(required=False, label="Điện thoại", max_length=30)
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def fields_of_person(self):
        """What the domain saves."""
        names = ("post", "full_name", "email", "phone", "username")
        return PersonFields(**{name: self.cleaned_data.get(name, "") for name in names})


class PlaceForm(PlainForm):
    """Which seat, where, from when to when; the choices are those that the giver keeps.

    Before the first year there are neither units nor blocs to choose.
    """

    role = forms.ChoiceField(label="Vị trí")
    unit = UnitChoice(required=False, label="Đơn vị", empty_label="(không gắn với đơn vị)")
    bloc_year = NamedChoice(BlocYear.objects.none(), required=False, label="Cụm, khối", empty_label="(không)")
    valid_from = DayField(required=False, label="Từ ngày", help_text="Để trống: từ hôm nay.")
    valid_to = DayField(required=False, label="Đến ngày", help_text="Để trống: đến khi có người kết thúc.")

    def __init__(self, *args, authority, year, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.authority = authority
        if year is None:
            self._before_the_first_year()
        else:
            self._offer(year, by)

    def _before_the_first_year(self):
        role = self.fields["role"]
        role.choices = [("", "Chọn vị trí"), *((role.value, role.label) for role in Role if role in AUTHORITY_ROLES)]
        role.help_text = "Vị trí ở đơn vị, cụm, khối cấp được khi đã lập năm thi đua."
        role.initial = Role.BOARD_STAFF
        del self.fields["unit"], self.fields["bloc_year"]

    def _offer(self, year, by):
        everything = by.has_perm("blocs.manage_people", year)
        led = Seat.objects.filter(user=by).having(Role.UNIT_LEADER).values("unit")
        units = UnitYear.objects.filter(year=year).order_by("position", "pk")
        self.fields["unit"].queryset = units if everything else units.filter(unit__in=led)
        if everything:
            self.fields["role"].choices = [("", "Chọn vị trí"), *Role.choices]
            self.fields["bloc_year"].queryset = BlocYear.objects.filter(year=year).order_by("position", "pk")
            self.fields["bloc_year"].help_text = "Chỉ ghi cho Khối trưởng, Khối phó."
        else:
            self.fields["role"].choices = [(Role.UNIT_REPORTER.value, Role.UNIT_REPORTER.label)]
            self.fields["unit"].required, self.fields["unit"].empty_label = True, None
            del self.fields["bloc_year"]

    def clean(self):
        cleaned = super().clean()
        role = cleaned.get("role")
        if role in UNIT_ROLES and not cleaned.get("unit") and "unit" not in self.errors:
            self.add_error("unit", "Vị trí này cần chọn đơn vị.")
        if role in (Role.BLOC_HEAD, Role.BLOC_DEPUTY) and not cleaned.get("bloc_year"):
            self.add_error("bloc_year", "Vị trí này cần chọn cụm, khối.")
        return cleaned

    @property
    def at(self):
        """Where the seat is."""
        role = self.cleaned_data["role"]
        if role in UNIT_ROLES:
            return self.cleaned_data["unit"].unit
        return self.cleaned_data.get("bloc_year") or self.authority

    @property
    def days(self):
        return {name: self.cleaned_data[name] for name in ("valid_from", "valid_to")}


class NewPersonForm(PlaceForm, PersonForm):
    username = forms.CharField(
        required=False,
        label="Tên đăng nhập",
        max_length=150,
        help_text="Để trống: đặt theo mã đơn vị hoặc chức danh, không dấu.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(["role", "unit", "bloc_year", "post", "full_name", "email", "phone", "username"])


class HandOverForm(PersonForm):
    """To a colleague who has an account, or to a new one."""

    to = forms.ModelChoiceField(
        User.objects.none(), required=False, label="Người nhận", empty_label="(người mới, ghi ở dưới)"
    )

    def __init__(self, *args, colleagues, takes_new, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues
        if not takes_new:
            self.fields["to"].required, self.fields["to"].empty_label = True, "Chọn người"
            for name in ("post", "full_name", "email", "phone"):
                del self.fields[name]
        self.order_fields(["to"])


class PeopleFilter(PlainForm):
    """Reads the query string; what it does not understand narrows nothing."""

    q = forms.CharField(required=False, label="Tên, chức danh, đơn vị", max_length=100)
    role = forms.ChoiceField(required=False, label="Vị trí", choices=[("", "Tất cả"), *Role.choices])
    bloc = NamedChoice(BlocYear.objects.none(), required=False, label="Cụm, khối", empty_label="Tất cả")
    state = forms.ChoiceField(
        required=False,
        label="Tình trạng",
        choices=[
            ("", "Tất cả"),
            ("chua-vao", "Chưa vào lần nào"),
            ("chua-moi", "Chưa vào, chưa có lối vào"),
            ("khong-thu", "Không có thư điện tử"),
        ],
    )

    def __init__(self, data, *, user, authority, year):
        super().__init__(data)
        self.user, self.authority, self.year = user, authority, year  # without a year no unit and no bloc is found
        self.fields["bloc"].queryset = BlocYear.objects.visible_to(user).filter(year=year).order_by("position", "pk")
        self.is_valid()

    def rows(self):
        """Shape: -> User queryset, in the order of names, ``visible_to`` applied"""
        chosen, here = self.cleaned_data, self._seats()
        rows = User.objects.visible_to(self.user).filter(pk__in=here.values("user"))
        if words := chosen.get("q"):
            units = UnitYear.objects.filter(year=self.year).search(words).values("unit")
            named = User.objects.search(words).values("pk")
            rows = rows.filter(Q(pk__in=named) | Q(pk__in=here.filter(unit__in=units).values("user")))
        if role := chosen.get("role"):
            rows = rows.filter(pk__in=here.in_force().filter(role=role).values("user"))
        if bloc := chosen.get("bloc"):
            members = bloc.memberships.values("unit__unit")
            inside = here.in_force().filter(Q(bloc_year=bloc) | Q(unit__in=members))
            rows = rows.filter(pk__in=inside.values("user"))
        rows = rows.filter(**STATES.get(chosen.get("state"), {}))
        if chosen.get("state") == "chua-moi":
            rows = rows.exclude(pk__in=Invitation.objects.open().values("user"))
        return rows.order_by("post", "full_name", "username")

    def _seats(self):
        place = self.authority
        return Seat.objects.filter(Q(authority=place) | Q(unit__authority=place) | Q(bloc_year__year__authority=place))

    @property
    def keep(self):
        return urlencode([(name, self.data[name]) for name in self.fields if self.data.get(name)])


STATES = {
    "chua-vao": {"last_login": None},
    "chua-moi": {"last_login": None},
    "khong-thu": {"email": ""},
}


class EnterForm(PlainForm):
    code = forms.CharField(
        label="Mã trên phiếu hoặc trong thư",
        max_length=60,
        help_text="Mười sáu chữ và số, ví dụ ABCD-EFGH-JKMN-PQRS; chữ hoa hay thường đều được.",
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "data-code-from-address": ""}),
    )


class FirstPasswordForm(PlainForm):
    code = forms.CharField(max_length=60, widget=forms.HiddenInput)
    password = forms.CharField(
        label="Mật khẩu",
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text="Ít nhất 10 ký tự, không phải mật khẩu thông dụng, không giống tên đăng nhập.",
    )
    again = forms.CharField(
        label="Gõ lại mật khẩu", strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def clean(self):
        cleaned = super().clean()
        if "again" in cleaned and cleaned.get("password") != cleaned["again"]:
            self.add_error("again", "Hai lần gõ không giống nhau.")
        return cleaned
