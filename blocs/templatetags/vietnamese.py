"""How Vietnamese write numbers, days and moments; used by pages and papers alike."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone

from blocs.fields import plain

register = template.Library()
WEEKDAYS = ["thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"]


@register.filter
def figure(value):
    """``Decimal("1234.5")`` -> ``1.234,5``; nothing for None."""
    if value is None or value == "":
        return ""
    return f"{plain(Decimal(value)):,f}".replace(",", "\0").replace(".", ",").replace("\0", ".")


@register.filter
def percent(value):
    """``88,7 %`` with one decimal; nothing for None."""
    return "" if value is None else f"{value:.1f} %".replace(".", ",")


@register.filter
def count(value):
    """A count on paper: below ten with a leading zero (``02``)."""
    return f"{value:02d}" if isinstance(value, int) and 0 < value < 10 else figure(value)


@register.filter
def day(value):
    """``30/11/2026``, in Vietnam's day for a moment."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return value.strftime("%d/%m/%Y")


@register.filter
def moment(value):
    """``17:00 thứ Sáu 20/11/2026``."""
    if not value:
        return ""
    local = timezone.localtime(value)
    return f"{local:%H:%M} {WEEKDAYS[local.weekday()]} {local:%d/%m/%Y}"


@register.filter
def paper_date(value):
    """The date of a paper: ``ngày 05 tháng 02 năm 2026``; days under 10 and the months 1 and 2 get a zero."""
    if not isinstance(value, date):
        return ""
    month = f"{value.month:02d}" if value.month < 3 else str(value.month)
    return f"ngày {value.day:02d} tháng {month} năm {value.year}"


@register.filter
def get(mapping, key):
    return mapping.get(key) if mapping else None
