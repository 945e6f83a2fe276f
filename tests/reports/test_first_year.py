"""The board lays down the first year of an authority by itself."""

from datetime import date

import pytest

from blocs.enums import Role
from blocs.errors import NotAllowed, RuleBroken
from blocs.models import AuditEvent
from reports.domain import opening
from tests.factories import make_authority, make_user

pytestmark = pytest.mark.django_db
DAYS = {"label": "2026", "starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}


def test_first_year_is_empty_and_in_preparation():
    authority = make_authority()
    staff = make_user(Role.BOARD_STAFF, authority=authority)
    year = opening.begin_year(authority.pk, by=staff, **DAYS)
    assert (year.is_open, year.copied_from, year.bloc_years.count()) == (False, None, 0)
    assert AuditEvent.objects.get(action="year.begin").after["label"] == "2026"
    with pytest.raises(RuleBroken, match="Cơ quan đã có năm thi đua"):
        opening.begin_year(authority.pk, by=staff, **DAYS | {"label": "2027"})


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COUNCIL_SECRETARY])
def test_first_year_is_the_boards_to_lay_down(role):
    authority = make_authority()
    with pytest.raises(NotAllowed):
        opening.begin_year(authority.pk, by=make_user(role, authority=authority), **DAYS)


def test_board_without_a_year_is_led_to_its_first(client):
    authority = make_authority()
    client.force_login(make_user(Role.BOARD_STAFF, authority=authority))
    for address in ("/", "/nhap-tep/"):
        assert "Cơ quan chưa có năm thi đua nào" in client.get(address).content.decode()
    page = client.post(f"/nam/dau-tien/{authority.pk}/", DAYS, follow=True)
    assert "Đã lập năm 2026" in page.content.decode()
    for address in ("/to-chuc/", "/nhap-tep/", "/nguoi-dung/"):
        assert client.get(address).status_code == 200
