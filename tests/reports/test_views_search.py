"""The search box: what is found, and for whom."""

import pytest
from django.urls import reverse

from blocs.enums import Role
from reports.enums import UnitReportState
from tests.factories import make_bloc_year, make_movement, make_unit_report, make_unit_year, make_user, make_year
from tests.screens import main_text

pytestmark = pytest.mark.django_db


def found(client, user, words):
    client.force_login(user)
    response = client.get(reverse("search"), {"q": words})
    return {group.title: [hit.name for hit in group.hits] for group in response.context["groups"]}


def test_everything_with_that_name_is_found_without_accents(client):
    year = make_year()
    unit = make_unit_year(year, name="Hội Nhà báo tỉnh")
    bloc_year = make_bloc_year(year, members=[unit], name="Khối có Hội nhà báo")
    make_movement(year, name="Nhà báo với hội viên")
    make_unit_report(bloc_year, state=UnitReportState.SUBMITTED)

    assert found(client, make_user(Role.BOARD_STAFF, bloc_year=bloc_year), "hoi nha bao") == {
        "Đơn vị": ["Hội Nhà báo tỉnh"],
        "Cụm, khối": ["Khối có Hội nhà báo"],
        "Phong trào": ["Nhà báo với hội viên"],
        "Báo cáo năm": ["Hội Nhà báo tỉnh"],
    }


def test_draft_of_another_unit_and_other_blocs_stay_unseen(client):
    year = make_year()
    own, other = make_unit_year(year, name="Ty Tư pháp"), make_unit_year(year, name="Ty Tài chính")
    bloc_year = make_bloc_year(year, members=[own, other], name="Khối các ty")
    make_bloc_year(year, name="Khối ty khác")
    make_unit_report(bloc_year, unit=other)

    assert found(client, make_user(Role.UNIT_LEADER, unit=own), "ty") == {
        "Đơn vị": ["Ty Tài chính", "Ty Tư pháp"],
        "Cụm, khối": ["Khối các ty"],
    }


def test_another_authority_is_not_searched(client):
    make_bloc_year(name="Khối bí mật")

    assert found(client, make_user(Role.BOARD_STAFF), "bi mat") == {}


def test_nothing_found_says_so(client):
    client.force_login(make_user(Role.BOARD_STAFF))

    page = client.get(reverse("search"), {"q": "không có gì như thế"})

    assert "Không tìm thấy gì." in main_text(page)


def test_more_than_twenty_are_cut_with_a_word(client):
    year = make_year()
    for number in range(21):
        make_unit_year(year, name=f"Xã số {number}")
    client.force_login(make_user(Role.BOARD_STAFF, authority=year.authority))

    page = client.get(reverse("search"), {"q": "xa so"})

    assert [len(group.hits) for group in page.context["groups"]] == [20]
    assert "Còn nhiều kết quả nữa" in main_text(page)


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count(client, django_assert_num_queries, rows):
    year = make_year()
    for number in range(rows):
        make_bloc_year(year, name=f"Khối xã {number}")
        make_movement(year, name=f"Phong trào xã {number}")
    client.force_login(make_user(Role.BOARD_STAFF, authority=year.authority))

    with django_assert_num_queries(13):
        client.get(reverse("search"), {"q": "xa"})
