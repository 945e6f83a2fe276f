"""Which blocs and milestones the board shows: one form for the page, the lists of who is missing and the export."""

from functools import cache

from django import forms

from blocs.domain import completeness
from blocs.enums import label_of
from blocs.forms import PlainForm
from blocs.models import BlocType, BlocYear, User

MINE, NOBODY = "toi", "chua-co"


class BoardFilter(PlainForm):
    """Reads the query string; what it does not understand narrows nothing and is said beside the field."""

    q = forms.CharField(required=False, label="Tên cụm, khối", max_length=100)
    officer = forms.ChoiceField(required=False, label="Chuyên viên theo dõi")
    type = forms.ChoiceField(required=False, label="Loại hình đơn vị")
    code = forms.MultipleChoiceField(required=False, label="Mốc", widget=forms.CheckboxSelectMultiple)
    bloc = forms.IntegerField(required=False, widget=forms.HiddenInput)  # one bloc, from its own page

    def __init__(self, data, *, user, year):
        super().__init__(data)
        self.user, self.all_blocs = user, BlocYear.objects.visible_to(user).filter(year=year)
        self.fields["officer"].choices = [
            ("", "Tất cả"), (MINE, "Của tôi"), *_officers(self.all_blocs, user), (NOBODY, "Chưa phân công"),
        ]  # fmt: skip
        types = self.all_blocs.exclude(type="").order_by("type").values_list("type", flat=True).distinct()
        names = dict(BlocType.objects.filter(authority=year.authority_id).values_list("code", "name"))
        self.fields["type"].choices = [("", "Tất cả"), *((code, names.get(code, code)) for code in types)]
        self.fields["code"].choices = cache(self._codes)  # read only where a page offers or chooses them
        self.is_valid()

    def blocs(self):
        """Shape: -> BlocYear queryset, ``visible_to`` applied"""
        rows, chosen = self.all_blocs, self.cleaned_data
        if chosen.get("q"):
            rows = rows.search(chosen["q"])
        if chosen.get("type"):
            rows = rows.filter(type=chosen["type"])
        if chosen.get("bloc"):
            rows = rows.filter(pk=chosen["bloc"])
        officer = chosen.get("officer")
        if officer == NOBODY:
            return rows.filter(desk_officer=None)
        return rows.filter(desk_officer=self.user.pk if officer == MINE else officer) if officer else rows

    def _codes(self):
        return [(code, label_of(code)) for code in completeness.codes(self.all_blocs)]

    def codes(self):
        return self.cleaned_data.get("code") or []

    def query(self, *without):
        """The query string of what was chosen, for links that keep it.

        Shape:   names to leave out -> "?q=…" or ""
        """
        kept = self.data.copy()
        for name in list(kept):
            if name not in self.fields or name in without or not any(kept.getlist(name)):
                del kept[name]
        return f"?{kept.urlencode()}" if kept else ""

    @property
    def chosen(self):
        """(name, value) of what was chosen, for the hidden fields of a form that keeps it."""
        return [(name, value) for name in self.fields for value in self.data.getlist(name) if value]


def _officers(blocs, user):
    """The desk officers of these blocs but the user."""
    rows = User.objects.filter(desk_blocs__in=blocs).exclude(pk=user.pk).distinct().order_by("post", "full_name", "pk")
    return [(str(row.pk), " – ".join(filter(None, [row.full_name, row.post])) or str(row)) for row in rows]
