"""Forms of the outbox: finding letters, changing one, and writing to those who are missing."""

from django import forms
from django.db.models import Exists, OuterRef

from blocs.forms import DayField, PlainForm
from blocs.models import BlocYear, User
from reports.enums import MessageKind, MessageState
from reports.models import Message, Reminder

ALL, MINE = "tat-ca", "toi"


class OutboxFilter(PlainForm):
    """Reads the query string; what it does not understand narrows nothing. Without a state: what waits."""

    state = forms.ChoiceField(required=False, label="Trạng thái")
    kind = forms.ChoiceField(required=False, label="Loại", choices=[("", "Tất cả"), *MessageKind.choices])
    on = DayField(required=False, label="Của ngày")
    officer = forms.ChoiceField(required=False, label="Chuyên viên theo dõi")
    q = forms.CharField(required=False, label="Người nhận", max_length=100)

    def __init__(self, data, *, user, year):
        super().__init__(data)
        self.user = user
        self.all_rows = Message.objects.visible_to(user).filter(year__authority=year.authority_id)
        states = [(value, label) for value, label in MessageState.choices if value != MessageState.WAITING]
        self.fields["state"].choices = [("", MessageState.WAITING.label), *states, (ALL, "Tất cả")]
        blocs = BlocYear.objects.visible_to(user).filter(year__authority=year.authority_id)
        officers = User.objects.filter(desk_blocs__in=blocs).exclude(pk=user.pk).distinct().order_by("post", "pk")
        named = [(str(row.pk), str(row)) for row in officers]
        self.fields["officer"].choices = [("", "Tất cả"), (MINE, "Khối của tôi"), *named]
        self.is_valid()

    def rows(self):
        """Shape: -> Message queryset, ``visible_to`` applied"""
        chosen, rows = self.cleaned_data, self.all_rows
        state = chosen.get("state") or MessageState.WAITING
        if state != ALL:
            rows = rows.filter(state=state)
        if chosen.get("kind"):
            rows = rows.filter(kind=chosen["kind"])
        if chosen.get("on"):
            rows = rows.filter(on=chosen["on"])
        if chosen.get("q"):
            rows = rows.filter(recipient__in=User.objects.search(chosen["q"]))
        if officer := chosen.get("officer"):
            mine = Reminder.objects.filter(
                message=OuterRef("pk"),
                obligation__bloc_year__desk_officer=self.user.pk if officer == MINE else officer,
            )
            rows = rows.filter(Exists(mine))
        return rows

    @property
    def chosen(self):
        """(name, value) of what was chosen, for hidden fields and links that keep it."""
        return [(name, value) for name in self.fields for value in self.data.getlist(name) if value]


class MessageForm(PlainForm):
    subject = forms.CharField(label="Tiêu đề", max_length=300)
    body = forms.CharField(
        label="Lời thư",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Danh sách việc còn thiếu, đường dẫn và tên cơ quan tự thêm bên dưới lời thư khi gửi.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    over = forms.IntegerField(required=False, widget=forms.HiddenInput)  # the version that the writer means to replace

    def starting_version(self):
        over = self.cleaned_data["over"]
        return self.cleaned_data["version"] if over is None else over


class LetterForm(PlainForm):
    text = forms.CharField(
        label="Lời thư",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        initial="Đề nghị hoàn thành các việc dưới đây, hệ thống chưa nhận được:",
        help_text="Danh sách việc còn thiếu của từng người, đường dẫn và tên cơ quan tự thêm bên dưới lời thư.",
    )
