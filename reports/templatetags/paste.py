"""The panel under a list that takes rows from Excel. Whether it is shown is for the page to say."""

from django import template
from django.urls import reverse

from reports.domain.workbooks.kinds import KINDS
from reports.enums import UploadKind
from reports.upload_form import PASTE_MAX

register = template.Library()


@register.inclusion_tag("components/_paste.html")
def paste_panel(kind, year, bloc_year=None):
    """A folded form whose rows go to the same preview as a workbook's."""
    of_bloc = kind == UploadKind.TARGETS
    return {
        "kind": kind,
        "year": year,
        "url": reverse("upload_targets", args=[bloc_year.pk]) if of_bloc else reverse("upload_add", args=[kind]),
        "sheets": [
            (sheet.title, [column for column in sheet.columns if not column.only_read]) for sheet in KINDS[kind].sheets
        ],
        "most": PASTE_MAX,
    }
