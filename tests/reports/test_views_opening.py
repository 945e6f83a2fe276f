"""The pages of opening a year."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blocs.enums import Role
from blocs.models import AuditEvent, BlocType, BlocYear, DivisionDecision, UnitYear, Year
from movements.models import Movement
from reports.models import Rendering, RenderingBatch
from tests.factories import PASSWORD, make_bloc_year, make_movement, make_seat, make_user, make_year, members_of
from tests.reports.opening_rows import board_of, choose_next, make_source, of_year, prepare
from tests.screens import HTMX, main_text, messages_of, page_of, recently_confirmed

pytestmark = pytest.mark.django_db
FORM = {"label": "2027", "starts_on": "2027-01-01", "ends_on": "2027-12-31", "theme": "Chủ đề"}


def signed_in(client, year, role=Role.BOARD_STAFF):
    user = make_user(role, authority=year.authority)
    client.force_login(user)
    return user


def button_of(response, words):
    return next(button for button in page_of(response).buttons if words in button.words)


# ---------------------------------------------------------------- preparing


def test_list_says_which_year_stands_where(client):
    source, _ = make_source(blocs=2)
    prepare(source)
    signed_in(client, source)
    text = main_text(client.get(reverse("year_list")))
    assert "2027 01/01/2027 – 31/12/2027 2 Đang chuẩn bị năm 2026" in text
    assert "2026 01/01/2026 – 31/12/2026 2 Đã mở" in text


def test_next_year_is_made_from_the_newest_open_one_and_those_beside_it(client):
    source, _ = make_source()
    make_year(source.authority, year=2025)
    school = make_year(source.authority, label="2025-2026", starts_on=date(2025, 9, 1), ends_on=date(2026, 8, 31))
    prepare(source)
    signed_in(client, source)
    html = client.get(reverse("year_list")).content.decode()
    offered = [year for year in Year.objects.all() if reverse("year_prepare", args=[year.pk]) in html]
    assert set(offered) == {source, school}


def test_form_offers_the_year_after_with_all_blocs(client):
    source, blocs = make_source(blocs=2, label="2025-2026", starts_on=date(2025, 9, 1), ends_on=date(2026, 8, 31))
    signed_in(client, source)
    html = client.get(reverse("year_prepare", args=[source.pk])).content.decode()
    assert [value in html for value in ('value="2026-2027"', 'value="2026-09-01"', 'value="2027-08-31"')] == [True] * 3
    assert html.count(" checked>") == 2
    assert all(bloc.name in html for bloc in blocs)


def test_blocs_of_one_type_are_ticked_by_a_link(client):
    source = make_year()
    school, other = make_bloc_year(source, type="truong"), make_bloc_year(source, type="so")
    BlocType.objects.create(authority=source.authority, code="truong", name="Các trường")
    signed_in(client, source)
    response = client.get(reverse("year_prepare", args=[source.pk]), {"loai": "truong"})
    html = response.content.decode()
    assert (f'id="bloc-{school.pk}" checked' in html, f'id="bloc-{other.pk}" checked' in html) == (True, False)
    assert "Chỉ đánh dấu một loại hình: Các trường · so" in main_text(response)


def test_bloc_that_has_its_year_is_not_ticked_again(client):
    source, (school, other) = make_source(blocs=2)
    prepare(source, label="2026-2027", bloc_ids=[school.pk])
    signed_in(client, source)
    response = client.get(reverse("year_prepare", args=[source.pk]))
    html = response.content.decode()
    assert (f'id="bloc-{school.pk}" checked' in html, f'id="bloc-{other.pk}" checked' in html) == (False, True)
    assert f"{school.name} · đã ở năm 2026-2027" in main_text(response)


def test_year_is_prepared_and_shown(client):
    source, (bloc,) = make_source()
    signed_in(client, source)
    response = client.post(reverse("year_prepare", args=[source.pk]), FORM | {"blocs": [bloc.pk]}, follow=True)
    year = Year.objects.get(label="2027")
    assert response.redirect_chain == [(reverse("year_detail", args=[year.pk]), 302)]
    assert messages_of(response) == ["Đã chuẩn bị năm 2027 từ năm 2026. Chưa ai khác thấy năm này."]
    assert (year.theme, year.is_open, year.year) == ("Chủ đề", False, 2027)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"label": ""}, "Trường này là bắt buộc"),
        ({"label": "2026"}, "Đã có năm “2026”."),
        ({"starts_on": "2201-01-01", "ends_on": "2201-12-31"}, "Năm phải từ "),
        ({"starts_on": "9999-01-01", "ends_on": "9999-12-31"}, "Năm phải từ "),
        ({"ends_on": "2026-12-31"}, "Ngày kết thúc phải sau ngày bắt đầu."),
        ({"starts_on": "khong"}, "Nhập một ngày hợp lệ"),
        ({"blocs": []}, "Chọn ít nhất một cụm, khối."),
        ({"blocs": [0]}, "Hãy chọn"),
    ],
)
def test_wrong_form_comes_back_with_the_reason(client, values, words):
    source, (bloc,) = make_source()
    signed_in(client, source)
    form = FORM | {"blocs": [bloc.pk]} | values
    response = client.post(reverse("year_prepare", args=[source.pk]), form)
    assert (response.status_code, Year.objects.count()) == (422, 1)
    assert words in main_text(response)


# ---------------------------------------------------------------- checking and opening


def test_page_shows_what_is_missing_what_changed_and_what_the_button_does(client):
    source, (old,) = make_source(theme="Cũ")
    year = prepare(source)
    signed_in(client, source)
    response = client.get(reverse("year_detail", args=[year.pk]))
    text = main_text(response)
    assert "Chưa ghi chủ đề của năm." in text
    assert f"Khối trưởng: {members_of(old)[0].name} → chưa có." in text
    button = button_of(response, "Xác nhận mở năm 2027")
    assert (button.is_disabled, button.action) == (False, reverse("year_open", args=[year.pk]))
    assert "Mở rồi không đóng lại được." in text


def test_button_says_why_it_cannot_be_used(client):
    source, (old,) = make_source()
    year = prepare(source)
    of_year(year, old).memberships.all().delete()
    signed_in(client, source)
    button = button_of(client.get(reverse("year_detail", args=[year.pk])), "Xác nhận mở")
    assert button.is_disabled is True
    assert "1 cụm, khối chưa có đơn vị nào" in page_of(client.get(reverse("year_detail", args=[year.pk]))).text


def test_administrator_reads_but_does_not_open(client):
    source, _ = make_source()
    year = prepare(source)
    signed_in(client, source, Role.ADMINISTRATOR)
    response = client.get(reverse("year_detail", args=[year.pk]))
    assert button_of(response, "Xác nhận mở").is_disabled is True
    assert "Chỉ Ban Thi đua - Khen thưởng mở năm." in main_text(response)


def test_opening_asks_for_the_password_first_and_then_opens(client):
    source, (old,) = make_source()
    choose_next(old, head=0)
    make_user(Role.UNIT_LEADER, unit=members_of(old)[0])
    year = prepare(source)
    user = make_user(password=PASSWORD, username="ban-tdkt")
    make_seat(user, Role.BOARD_STAFF, authority=source.authority)
    client.force_login(user)
    seen = client.get(reverse("year_detail", args=[year.pk])).context["seen"]
    asked = client.post(reverse("year_open", args=[year.pk]), {"seen": seen})
    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert Year.objects.get(pk=year.pk).is_open is False
    response = client.post(asked.url, {"password": PASSWORD}, follow=True)
    assert Year.objects.get(pk=year.pk).is_open is True
    assert messages_of(response)[-1] == "Đã mở năm 2027: giao 0 việc, cấp 1 vị trí Khối trưởng, Khối phó."


def test_head_of_the_new_year_sees_it_only_when_it_is_open(client):
    source, (old,) = make_source()
    choose_next(old, head=1)
    leader = make_user(Role.UNIT_LEADER, unit=members_of(old)[1])
    year = prepare(source)
    new = of_year(year, old)
    client.force_login(leader)
    before = client.get(reverse("bloc_detail", args=[new.pk]))
    assert (before.status_code, "2027" in client.get("/").content.decode()) == (404, False)
    year.is_open = True
    year.save()
    assert client.get(reverse("bloc_detail", args=[new.pk])).status_code == 200


@pytest.mark.parametrize("role", Role)
def test_nothing_of_a_year_in_preparation_is_seen_but_by_those_who_prepare_it(role):
    source, (old,) = make_source()
    choose_next(old, head=0)
    year = prepare(source)
    new = of_year(year, old)
    movement = make_movement(owner=members_of(new)[0])
    batch = RenderingBatch.objects.create(year=year)
    user = make_user(role, bloc_year=old)
    rows = {Year: year, BlocYear: new, UnitYear: members_of(new)[0], Movement: movement, RenderingBatch: batch}
    seen = {model.__name__: model.objects.visible_to(user).filter(pk=row.pk).exists() for model, row in rows.items()}
    assert seen == dict.fromkeys(seen, role in (Role.BOARD_STAFF, Role.ADMINISTRATOR))
    assert user.has_perm("movements.view_movement", movement) is seen["Movement"]


def test_year_in_preparation_is_marked_in_the_masthead(client):
    source, _ = make_source()
    prepare(source)
    signed_in(client, source)
    assert "2027 (đang chuẩn bị)" in page_of(client.get("/")).text


def test_year_is_corrected(client):
    source, _ = make_source()
    year = prepare(source)
    signed_in(client, source)
    response = client.post(reverse("year_edit", args=[year.pk]), FORM | {"label": "2027 b"}, follow=True)
    year.refresh_from_db()
    assert (year.label, year.theme) == ("2027 b", "Chủ đề")
    assert messages_of(response) == ["Đã lưu tên, thời gian và chủ đề của năm."]


def test_second_editor_is_shown_the_first_ones_text_and_may_save_all_the_same(client):
    source, _ = make_source()
    year = prepare(source)
    signed_in(client, source)
    url = reverse("year_edit", args=[year.pk])
    opened = client.get(url).context["opened"]
    client.post(url, FORM | {"theme": "Của người thứ nhất", "opened": opened})
    refused = client.post(url, FORM | {"theme": "Của người thứ hai", "opened": opened})
    assert refused.status_code == 422
    assert "Chủ đề: Của người thứ nhất" in main_text(refused)
    client.post(url, FORM | {"theme": "Của người thứ hai", "opened": refused.context["opened"]})
    assert Year.objects.get(pk=year.pk).theme == "Của người thứ hai"


def test_theme_of_an_open_year_is_written_later_and_nothing_else(client):
    source, _ = make_source()
    signed_in(client, source)
    page = client.get(reverse("year_detail", args=[source.pk])).content.decode()
    url = reverse("year_edit", args=[source.pk])
    client.post(url, FORM | {"label": "Tên khác", "starts_on": "2020-01-01", "theme": "Chủ đề muộn"})
    year = Year.objects.get(pk=source.pk)
    assert (url in page, year.theme, year.label, year.starts_on) == (True, "Chủ đề muộn", "2026", date(2026, 1, 1))
    event = AuditEvent.objects.get(action="year.theme")
    assert (event.before, event.after) == ({"theme": ""}, {"theme": "Chủ đề muộn"})


def test_two_people_who_write_the_theme_are_shown_both(client):
    source, _ = make_source()
    signed_in(client, source)
    url = reverse("year_edit", args=[source.pk])
    opened = client.get(url).context["opened"]
    client.post(url, {"theme": "Của người thứ nhất", "opened": opened})
    second = client.post(url, {"theme": "Của người thứ hai", "opened": opened})
    assert (second.status_code, "Chủ đề: Của người thứ nhất" in second.context["theirs"]) == (422, True)
    client.post(url, {"theme": "Của người thứ hai", "opened": second.context["opened"]})
    assert Year.objects.get(pk=source.pk).theme == "Của người thứ hai"


def test_theme_goes_on_until_a_new_one_is_given_out(client):
    source, _ = make_source(theme="Chủ đề năm cũ")
    signed_in(client, source)
    form = client.get(reverse("year_prepare", args=[source.pk])).context["form"]
    assert form["theme"].value() == "Chủ đề năm cũ"


@pytest.mark.parametrize("posted", ["what was seen", "nothing"])
def test_year_that_changed_since_it_was_seen_does_not_open(client, posted):
    source, _ = make_source()
    year = prepare(source)
    signed_in(client, source)
    seen = client.get(reverse("year_detail", args=[year.pk])).context["seen"]
    BlocYear.objects.filter(year=year).update(supervisor="Người khác")
    form = {"seen": seen} if posted == "what was seen" else {}
    answer = recently_confirmed(client).post(reverse("year_open", args=[year.pk]), form, follow=True)
    assert Year.objects.get(pk=year.pk).is_open is False
    assert messages_of(answer)[0].startswith("Năm đang chuẩn bị đã thay đổi từ lúc bạn xem.")
    assert answer.context["seen"] != seen


def test_open_year_says_that_it_cannot_be_corrected_or_discarded(client):
    source, _ = make_source()
    signed_in(client, source)
    assert "Năm này đã mở" in main_text(client.get(reverse("year_edit", args=[source.pk])))
    assert button_of(client.get(reverse("year_discard", args=[source.pk])), "Bỏ năm").is_disabled is True
    response = client.post(reverse("year_discard", args=[source.pk]), follow=True)
    assert (messages_of(response), Year.objects.count()) == (["Năm 2026 đã mở."], 1)


def test_prepared_year_is_discarded(client):
    source, _ = make_source()
    year = prepare(source)
    signed_in(client, source)
    response = client.post(reverse("year_discard", args=[year.pk]), follow=True)
    assert (messages_of(response), Year.objects.get()) == (["Đã bỏ năm 2027 đang chuẩn bị."], source)


# ---------------------------------------------------------------- the decision and its paper


def test_decision_is_saved_once(client):
    source, _ = make_source()
    signed_in(client, source)
    url = reverse("year_division", args=[source.pk])
    form = {"number": "12/QĐ-UBND", "dated": "2026-01-05", "signer": "Chủ tịch", "bases": "Căn cứ A\n\nCăn cứ B"}
    for _ in range(2):
        client.post(url, form)
    row = DivisionDecision.objects.get()
    assert (row.number, row.dated, row.bases) == ("12/QĐ-UBND", date(2026, 1, 5), ["Căn cứ A", "Căn cứ B"])
    assert AuditEvent.objects.filter(action="year.division").count() == 1


def test_paper_of_a_year_is_asked_for_and_watched(client):
    source, _ = make_source()
    signed_in(client, source)
    url = reverse("rendering_request", args=["division-decision", f"nam-{source.pk}"])
    first, again = client.post(url), client.post(url, **HTMX)
    row = Rendering.objects.get()
    assert (first.url, row.year, row.bloc_year) == (reverse("year_division", args=[source.pk]), source, None)
    assert "Đang chờ" in page_of(again).text
    Rendering.objects.update(state="failed", error="Lỗi.")
    assert client.post(reverse("rendering_retry", args=[row.pk])).url == first.url
    watched = client.get(reverse("rendering_state", args=[row.pk]))
    assert f'action="{url}"' in watched.content.decode()


def test_paper_of_a_year_is_not_asked_for_of_a_bloc(client):
    source, (bloc,) = make_source()
    signed_in(client, source)
    response = client.post(reverse("rendering_request", args=["division-decision", f"khoi-{bloc.pk}"]))
    assert (response.status_code, Rendering.objects.count()) == (404, 0)


# ---------------------------------------------------------------- cost


@pytest.mark.parametrize("name", ["year_detail", "year_prepare", "year_division"])
def test_page_costs_the_same_for_any_number_of_blocs(client, name):
    found = {}
    for number in (1, 3, 30):
        source, _ = make_source(blocs=number)
        year = prepare(source)
        client.force_login(board_of(source))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name, args=[year.pk])).status_code == 200
        found[number] = len(queries)
    assert found == dict.fromkeys(found, found[1])


def test_list_costs_the_same_for_any_number_of_years(client):
    source, _ = make_source()
    client.force_login(board_of(source))
    found = {}
    for number in (1, 3):
        while Year.objects.count() < number:
            make_year(source.authority, year=2020 + Year.objects.count())
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("year_list"))
        found[number] = len(queries)
    assert found == {1: found[1], 3: found[1]}


def test_school_year_is_prepared_beside_the_running_calendar_year(client):
    source, (school, _) = make_source(blocs=2)
    signed_in(client, source)
    form = FORM | {"label": "2026-2027", "starts_on": "2026-09-01", "ends_on": "2027-08-31", "blocs": [school.pk]}
    response = client.post(reverse("year_prepare", args=[source.pk]), form)
    year = Year.objects.get(label="2026-2027")
    assert (response.status_code, year.year, [row.bloc for row in year.bloc_years.all()]) == (302, 2026, [school.bloc])
