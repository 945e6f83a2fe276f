"""Column shapes that several apps share."""

import re
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models

FIGURE_DIGITS = 15  # what SQLite keeps exactly
FIGURE_PLACES = 6
NUMBER = re.compile(r"-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?", re.ASCII)  # as people write it here: 1.234,5


def check_figure(value):
    """Refuse a number that one of our databases could not give back unchanged.

    Shape:   Decimal -> None
    Raises:  ValidationError (Vietnamese)
    """
    whole, _, places = f"{value.copy_abs():f}".partition(".")  # by its text: arithmetic would round a long number first
    whole, places = whole.lstrip("0"), places.rstrip("0")
    if len(places) > FIGURE_PLACES:
        raise ValidationError(f"nhiều nhất {FIGURE_PLACES} chữ số thập phân")
    if len(whole) + len(places) > FIGURE_DIGITS:
        raise ValidationError(f"nhiều nhất {FIGURE_DIGITS} chữ số")


class FigureField(models.DecimalField):
    """A number of a target, an indicator or a report: exact, at most 15 digits, 6 of them after the comma."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_digits", FIGURE_DIGITS + FIGURE_PLACES)
        kwargs.setdefault("decimal_places", FIGURE_PLACES)
        super().__init__(*args, **kwargs)
        self.validators.append(check_figure)

    def from_db_value(self, value, expression, connection):
        return None if value is None else plain(Decimal(value))


def plain(number):
    """The same number without trailing zeros and without an exponent: ``100``, ``97.4``."""
    number = number.normalize()
    return number.quantize(Decimal(1)) if number.as_tuple().exponent > 0 else number


class PositionedModel(models.Model):
    """A row of a list whose order people gave."""

    position = models.PositiveIntegerField("thứ tự", default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
