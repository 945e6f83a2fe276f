"""Numbers stay what they were, on both databases; how they are written."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from blocs.fields import check_figure, plain
from blocs.models import Target
from blocs.templatetags.vietnamese import count, day, figure, get, moment, paper_date
from tests.factories import at, make_bloc_year, make_target


@pytest.mark.django_db
@pytest.mark.parametrize(
    "number",
    ["0", "0.1", "97.4", "100", "-3.25", "0.000001", "999999999999999", "123456789.123456", "-999999999999999"],
)
def test_number_comes_back_from_the_database(number):
    target = make_target(make_bloc_year(), value=Decimal(number))
    assert str(Target.objects.get(pk=target.pk).value) == number


@pytest.mark.parametrize("number", ["0.0000001", "1000000000000000", "1E+15", "1234567890.123456", "1E-7", "9" * 5000])
def test_number_that_a_database_would_round_is_refused(number):
    with pytest.raises(ValidationError):
        check_figure(Decimal(number))


@pytest.mark.parametrize("number", ["0", "-0", "1E+14", "1.500000000000", "000000000000000000001", "999999999.999999"])
def test_number_that_fits_is_taken(number):
    assert check_figure(Decimal(number)) is None


@pytest.mark.parametrize(("number", "text"), [("1E+2", "100"), ("1.50", "1.5"), ("0.00", "0"), ("-2.0", "-2")])
def test_plain_number_has_no_exponent(number, text):
    assert str(plain(Decimal(number))) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        (0, "0"),
        (Decimal("1234.50"), "1.234,5"),
        (Decimal("-1234567.25"), "-1.234.567,25"),
        (999, "999"),
    ],
)
def test_figure(value, text):
    assert figure(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (2, "02"), (10, "10"), (None, ""), (Decimal(5), "5"), (1500, "1.500")]
)
def test_count(value, text):
    assert count(value) == text


def test_days_and_moments_are_vietnams():
    late = at("2026-11-21 00:30")
    assert (day(late), day(date(2026, 1, 5)), day(None)) == ("21/11/2026", "05/01/2026", "")
    assert (moment(late), moment(None)) == ("00:30 thứ Bảy 21/11/2026", "")
    assert moment(datetime.fromisoformat("2026-11-20T17:30:00+00:00")) == "00:30 thứ Bảy 21/11/2026"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (date(2026, 3, 15), "ngày 15 tháng 3 năm 2026"),
        (date(2026, 12, 1), "ngày 01 tháng 12 năm 2026"),
        ("", ""),
    ],
)
def test_paper_date(value, text):
    assert paper_date(value) == text


def test_get():
    assert (get({"a": 1}, "a"), get({"a": 1}, "b"), get(None, "a")) == (1, None, None)
