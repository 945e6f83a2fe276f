"""The administrators' pages: who comes in, what can be written, and its trail."""

from datetime import date

import pytest
from django.contrib import admin
from django.urls import reverse

from awards.models import AwardKind, AwardName, LawVersion
from blocs.enums import Role
from blocs.models import AuditEvent, Seat, UnitYear
from tests import factories as make

pytestmark = pytest.mark.django_db
INDEX = "/quan-tri/"
NEW = "chuoi-bi-mat-rat-dai-26"


@pytest.fixture
def authority():
    return make.make_authority()


@pytest.fixture
def administrator(authority, client):
    user = make.make_user(Role.ADMINISTRATOR, authority=authority)
    client.force_login(user)
    return user


def words(response):
    return " ".join(response.content.decode().split())


def trail():
    return [(event.action, event.before, event.after) for event in AuditEvent.objects.order_by("pk")]


def page(row, what="change"):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{what}", args=[row.pk])


# ---------------------------------------------------------------- the door


def test_administrator_comes_in(client, administrator):
    response = client.get(INDEX)
    assert response.status_code == 200
    assert words(response).count("Quản trị hệ thống thi đua, khen thưởng") == 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_other_seats_do_not_find_the_place(client, role):
    client.force_login(make.make_user(role))
    assert client.get(INDEX).status_code == 404
    assert client.get("/quan-tri/blocs/user/").status_code == 404


def test_flags_of_django_open_nothing(client):
    client.force_login(make.make_user(is_staff=True, is_superuser=True))
    assert client.get(INDEX).status_code == 404


def test_seat_that_has_ended_opens_nothing(client, administrator):
    Seat.objects.update(valid_to=date(2020, 1, 1))
    assert client.get(INDEX).status_code == 404


def test_nobody_is_sent_to_the_one_sign_in_page(client):
    response = client.get(INDEX, follow=True)
    assert [address for address, _ in response.redirect_chain] == [
        "/quan-tri/login/?next=/quan-tri/",
        "/tai-khoan/dang-nhap/?next=%2Fquan-tri%2F",
    ]


def test_only_our_own_tables_are_there():
    own = {"blocs", "movements", "awards", "reports"}
    assert {model._meta.app_label for model in admin.site._registry} == own


def test_every_table_opens(client, administrator, authority):
    bloc_year = make.make_bloc_year(make.make_year(authority))
    make.make_target(bloc_year)
    make.make_proposal(bloc_year, make.members_of(bloc_year)[0])
    make.make_quota(bloc_year, max=2)
    make.make_movement(bloc_year.year, owner=make.members_of(bloc_year)[0])
    make.make_unit_report(bloc_year)
    make.make_summary_report(bloc_year)
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert client.get(reverse(f"{name}_changelist"), {"q": "a"}).status_code == 200
        row = model.objects.first()
        assert row is None or client.get(page(row)).status_code == 200


# ---------------------------------------------------------------- tables to read


def test_trail_can_only_be_read(client, administrator):
    event = AuditEvent.objects.create(actor="Ai đó", action="x.y", target="blocs.year:1", target_label="2026")
    assert client.get(page(event)).status_code == 200
    assert client.post(page(event), {"actor": "Người khác"}).status_code == 403
    assert client.post(page(event, "delete"), {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:blocs_auditevent_add")).status_code == 403
    assert AuditEvent.objects.get().actor == "Ai đó"


def test_trail_hides_what_a_unit_drafts(client, administrator):
    event = AuditEvent.objects.create(
        actor="a", action="report.save_part", target="reports.unitreport:1", target_label="b", after={"p": "Câu riêng"}
    )
    assert words(client.get(page(event))).count("Câu riêng") == 0


@pytest.mark.parametrize("verb", ["change", "delete"])
def test_a_bloc_of_a_year_is_not_written_here(client, administrator, authority, verb):
    bloc_year = make.make_bloc_year(make.make_year(authority))
    assert client.post(page(bloc_year, verb), {"post": "yes"}).status_code == 403


# ---------------------------------------------------------------- reference data


def kind_form(kind, **change):
    names = list(kind.names.all())
    form = {
        "name": kind.name,
        "short_name": kind.short_name,
        "family": kind.family,
        "level": kind.level,
        "recipients": kind.recipients,
        "position": kind.position,
        "source": kind.source,
        "confirmed": "on" if kind.confirmed else "",
        "names-TOTAL_FORMS": len(names),
        "names-INITIAL_FORMS": len(names),
    }
    for number, row in enumerate(names):
        prefix = f"names-{number}"
        form |= {f"{prefix}-id": row.pk, f"{prefix}-kind": kind.pk, f"{prefix}-name": row.name}
        form |= {f"{prefix}-law_version": row.law_version_id, f"{prefix}-confirmed": "on" if row.confirmed else ""}
    return form | change


def test_change_of_an_award_is_written_down(client, administrator):
    kind = AwardKind.objects.get(code="CTDT")
    response = client.post(page(kind), kind_form(kind, name="Cờ thi đua của tỉnh"))
    assert response.status_code == 302
    assert trail() == [
        ("admin.change", {"name": "Cờ thi đua của Ủy ban nhân dân tỉnh"}, {"name": "Cờ thi đua của tỉnh"})
    ]
    assert AuditEvent.objects.get().actor_id == administrator.pk


def test_names_of_an_award_are_written_down(client, administrator):
    kind = AwardKind.objects.get(code="CTDT")
    old = kind.names.first()
    number = kind.names.count()
    change = {"names-0-name": "Tên khác", "names-TOTAL_FORMS": number + 1}
    new = {"name": "Tên mới", "law_version": LawVersion.objects.get(code="R2026").pk, "kind": kind.pk, "id": ""}
    change |= {f"names-{number}-{key}": value for key, value in new.items()}
    assert client.post(page(kind), kind_form(kind, **change)).status_code == 302
    assert AwardName.objects.get(pk=old.pk).name == "Tên khác"
    added = {"id": AwardName.objects.get(name="Tên mới").pk, "kind": str(kind), "law_version": "R2026"}
    assert trail()[1:] == [
        ("admin.add", None, added | {"name": "Tên mới", "confirmed": False}),
        ("admin.change", {"name": old.name}, {"name": "Tên khác"}),
    ]


def test_unconfirmed_awards_are_listed(client, administrator):
    AwardKind.objects.create(code="MOI", name="Chưa rõ tên", confirmed=False)
    response = client.get(reverse("admin:awards_awardkind_changelist"), {"confirmed__exact": 0})
    assert list(response.context["cl"].result_list.values_list("confirmed", flat=True).distinct()) == [False]


def test_circulars_are_one_a_line(client, administrator):
    law = LawVersion.objects.get(code="R2024")
    form = {"law": law.law, "decree": law.decree, "valid_from": "01/01/2024", "valid_to": "30/06/2025"}
    form |= {"circulars": "Thông tư 1\n\n Thông tư 2 ", "confirmed": "on", "note": law.note}
    assert client.post(page(law), form).status_code == 302
    law.refresh_from_db()
    assert (law.circulars, law.valid_from) == (["Thông tư 1", "Thông tư 2"], date(2024, 1, 1))
    assert trail()[0][2] == {"circulars": ["Thông tư 1", "Thông tư 2"]}


def test_days_are_read_the_vietnamese_way(client, administrator):
    law = LawVersion.objects.get(code="R2024")
    form = {"law": law.law, "valid_from": "02/03/2024", "valid_to": "2025-06-30", "note": law.note}
    assert client.post(page(law), form).status_code == 302
    law.refresh_from_db()
    assert (law.valid_from, law.valid_to) == (date(2024, 3, 2), date(2025, 6, 30))
    assert words(client.get(page(law))).count('value="02/03/2024"') == 1


def test_code_and_year_of_a_unit_stay(client, administrator, authority):
    row = make.make_unit_year(make.make_year(authority), name="Sở Cũ")
    form = {"name": "Sở Mới", "short_name": "", "unit": 0, "year": 0}
    assert client.post(page(row), form).status_code == 302
    assert list(UnitYear.objects.values_list("name", "unit", "year")) == [("Sở Mới", row.unit_id, row.year_id)]


def test_reference_rows_are_not_deleted(client, administrator):
    kind = AwardKind.objects.get(code="GK")
    assert client.post(page(kind, "delete"), {"post": "yes"}).status_code == 403


# ---------------------------------------------------------------- people


def test_nobody_adds_an_account_or_sets_a_password_there(client, administrator, authority):
    user = make.make_user(Role.UNIT_LEADER, unit=make.make_unit_year(make.make_year(authority)), password=NEW)
    shown = words(client.get(page(user)))
    assert (shown.count(user.password), shown.count("md5$"), shown.count("is_superuser")) == (0, 0, 0)
    assert client.get(reverse("admin:blocs_user_add")).status_code == 403
    assert client.get(page(user) + "password/").status_code == 302
    assert reverse("person", args=[user.pk]) in client.get(page(user)).content.decode()


def test_account_that_can_do_more_elsewhere_is_only_read(client, administrator, authority):
    user = make.make_user(Role.BOARD_STAFF, authority=authority)
    make.make_seat(user, Role.ADMINISTRATOR)
    form = {"post": "Khác", "is_active": "", "seats-TOTAL_FORMS": 0, "seats-INITIAL_FORMS": 0}
    assert client.post(page(user), form).status_code == 403
    user.refresh_from_db()
    assert user.is_active


def test_own_password_is_changed_with_a_trail(client, administrator):
    administrator.set_password("mat-khau-cu-2026")
    administrator.save()
    client.force_login(administrator)
    form = {"old_password": "mat-khau-cu-2026", "new_password1": NEW, "new_password2": NEW}
    assert client.post(reverse("admin:password_change"), form).status_code == 302
    assert trail() == [("admin.set_password", None, None)]
    assert client.get(INDEX).status_code == 200


def test_nobody_closes_his_own_account(client, administrator):
    form = {"username": administrator.username, "post": "Khác", "is_active": ""}
    form |= {"seats-TOTAL_FORMS": 0, "seats-INITIAL_FORMS": 0}
    assert client.post(page(administrator), form).status_code == 302
    administrator.refresh_from_db()
    assert (administrator.post, administrator.is_active) == ("Khác", True)


# ---------------------------------------------------------------- seats


def seat_form(user, role, **place):
    return {"user": user.pk, "role": role, "authority": "", "bloc_year": "", "unit": ""} | place


def test_seat_is_given_and_taken_away(client, administrator, authority):
    user = make.make_user()
    form = seat_form(user, Role.BOARD_STAFF, authority=authority.pk)
    assert client.post(reverse("admin:blocs_seat_add"), form).status_code == 302
    seat = user.seats.get()
    assert client.post(page(seat, "delete"), {"post": "yes"}).status_code == 302
    assert user.seats.count() == 0
    events = [(event.action, (event.before or event.after)["role"]) for event in AuditEvent.objects.order_by("pk")]
    assert events == [("admin.add", "board_staff"), ("admin.delete", "board_staff")]


def test_seat_finds_its_unit_by_name(client, administrator, authority):
    row = make.make_unit_year(make.make_year(authority), name="Hội Nhà báo tỉnh", code="hoi-nha-bao")
    query = {"app_label": "blocs", "model_name": "seat", "field_name": "unit", "term": "Nhà báo"}
    found = client.get(reverse("admin:autocomplete"), query).json()["results"]
    assert found == [{"id": str(row.unit_id), "text": "hoi-nha-bao"}]


def test_seats_are_taken_away_together(client, administrator, authority):
    seats = [make.make_user(Role.BOARD_STAFF, authority=authority).seats.get() for _ in range(2)]
    form = {"action": "delete_selected", "_selected_action": [seat.pk for seat in seats], "post": "yes"}
    client.post(reverse("admin:blocs_seat_changelist"), form)
    assert Seat.objects.count() == 1
    assert [event.action for event in AuditEvent.objects.all()] == ["admin.delete"] * 2


def test_own_door_stays_open(client, administrator):
    seat = administrator.seats.get()
    assert client.post(page(seat, "delete"), {"post": "yes"}).status_code == 403
    assert client.post(page(seat), seat_form(administrator, Role.BOARD_STAFF)).status_code == 403
    form = {"action": "delete_selected", "_selected_action": [seat.pk], "post": "yes"}
    assert client.post(reverse("admin:blocs_seat_changelist"), form).status_code == 403
    assert Seat.objects.count() == 1


def test_seat_form_says_which_place_fits(client, administrator, authority):
    bloc_year = make.make_bloc_year(make.make_year(authority))
    form = seat_form(make.make_user(), Role.BLOC_HEAD, authority=authority.pk)
    response = client.post(reverse("admin:blocs_seat_add"), form)
    assert response.context["adminform"].form.errors == {
        "bloc_year": ["Vai trò này cần chọn mục này."],
        "authority": ["Vai trò này không gắn với mục này, để trống."],
    }
    double = seat_form(administrator, Role.ADMINISTRATOR, authority=authority.pk)
    response = client.post(reverse("admin:blocs_seat_add"), double)
    assert response.context["adminform"].form.errors == {
        "role": ["Người này đã có vị trí đó; sửa thời hạn của vị trí đang có."]
    }
    assert bloc_year.seats.count() == 0
