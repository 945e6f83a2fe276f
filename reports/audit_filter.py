"""Finding acts in the trail: one form for the page and its workbook."""

from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from django import forms
from django.utils import timezone

from blocs.audit_words import GROUPS
from blocs.forms import DayField, PlainForm
from blocs.models import AuditEvent


class AuditFilter(PlainForm):
    """Reads the query string; what it does not understand narrows nothing and is said beside the field."""

    first = DayField(required=False, label="Từ ngày")
    last = DayField(required=False, label="Đến ngày")
    actor = forms.CharField(required=False, label="Người làm", max_length=100)
    group = forms.ChoiceField(
        required=False,
        label="Nhóm việc",
        choices=[("", "Tất cả"), *((key, label) for key, (label, _) in GROUPS.items())],
    )
    q = forms.CharField(required=False, label="Việc, đối tượng, lý do", max_length=100)

    def __init__(self, data, *, user):
        super().__init__(data)
        self.user = user
        self.is_valid()

    def rows(self):
        """Shape: -> AuditEvent queryset, newest first, ``visible_to`` applied"""
        rows, chosen = AuditEvent.objects.visible_to(self.user), self.cleaned_data
        if chosen.get("first"):
            rows = rows.filter(at__gte=_start(chosen["first"]))
        if chosen.get("last"):
            rows = rows.filter(at__lt=_start(chosen["last"] + timedelta(days=1)))
        if chosen.get("actor"):
            rows = rows.by_actor(chosen["actor"])
        if chosen.get("group"):
            rows = rows.of_group(chosen["group"])
        if chosen.get("q"):
            rows = rows.search(chosen["q"])
        return rows.order_by("-at", "-pk")

    @property
    def keep(self):
        """The query string of what was chosen, without "?"."""
        return urlencode([(name, value) for name in self.fields for value in self.data.getlist(name) if value])


def _start(day):
    return timezone.make_aware(datetime.combine(day, time.min))
