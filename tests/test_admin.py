"""The administrators' pages: who comes in, what can be written, and its trail."""

from datetime import date

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.models import AwardKind, AwardName, LawVersion
from blocs.admin_site import ReferenceAdmin
from blocs.domain import obligations, reference
from blocs.enums import Role
from blocs.models import (
    AuditEvent,
    Authority,
    BlocType,
    BlocYear,
    Holiday,
    LegalDocument,
    Obligation,
    Seat,
)  # fmt: skip
from tests import factories as make
from tests.blocs.rule_rows import make_rule_set
from tests.screens import main_text

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


def fill(year):
    """A row more in nearly every table."""
    bloc_year = make.make_bloc_year(year)
    make.make_target(bloc_year)
    make.make_proposal(bloc_year, make.members_of(bloc_year)[0])
    make.make_quota(bloc_year, max=2)
    make.make_movement(bloc_year.year, owner=make.members_of(bloc_year)[0])
    make.make_unit_report(bloc_year)
    make.make_summary_report(bloc_year)
    make.make_milestone(bloc_year, due="2026-11-20 17:00")
    make.make_user(Role.BLOC_HEAD, bloc_year=bloc_year)
    make_rule_set(id=f"bo-{bloc_year.pk}")


def lists():
    return [
        (model, reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        for model in admin.site._registry
    ]


def test_every_table_opens(client, administrator, authority):
    fill(make.make_year(authority))
    for model, address in lists():
        assert client.get(address, {"q": "a"}).status_code == 200
        row = model.objects.first()
        assert row is None or client.get(page(row)).status_code == 200


def test_tables_cost_the_same_for_one_row_and_three(client, administrator, authority):
    year = make.make_year(authority)
    found = {}
    for number in (1, 2, 3):
        fill(year)
        for model, address in lists():
            with CaptureQueriesContext(connection) as caught:
                client.get(address)
            found.setdefault(model._meta.label, {})[number] = (model.objects.count(), len(caught))
    grown = {label for label, counted in found.items() if counted[3][0] > counted[1][0] > 0}
    assert len(grown) >= 15
    assert {label: counted for label, counted in found.items() if counted[3][1] != counted[1][1]} == {}


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


def test_a_holiday_moves_what_is_owed_at_once(client, administrator, authority):
    """Nobody waits for the night: a grace of one working day ends a day later."""
    bloc_year = make.make_bloc_year(make.make_year(authority))
    rules = make_rule_set(lateness={"days": "working", "grace": 1})
    bloc_year.rule_set = rules
    bloc_year.save()
    make.make_milestone(bloc_year, "unit-report", due="2026-11-20T17:00:00+07:00")
    obligations.renew(BlocYear.objects.all())
    before = Obligation.objects.filter(code="unit-report").first().on_time_until
    form = {"on": "23/11/2026", "name": "Nghỉ bù", "source": ""}
    assert client.post(reverse("admin:blocs_holiday_add"), form).status_code == 302
    after = Obligation.objects.filter(code="unit-report").first().on_time_until
    assert (after - before).days == 1


@pytest.mark.parametrize(("grace", "until"), [(9, "17:00 Chủ nhật 22/11/2026"), (0, "-")])
def test_what_is_owed_tells_the_end_of_grace_that_all_pages_tell(client, administrator, authority, grace, until):
    bloc_year = make.make_bloc_year(make.make_year(authority))
    bloc_year.rule_set = make_rule_set(lateness={"grace": grace})
    bloc_year.save()
    make.make_milestone(bloc_year, "unit-report", due="2026-11-20T17:00+07:00", locks="2026-11-22T17:00+07:00")
    text = main_text(client.get(page(bloc_year.obligations.first())))
    assert f"Còn tính đúng hạn đến: {until} " in text


def opened_form(client, kind, **change):
    """The form as it was opened, with changes."""
    return kind_form(kind, opened=client.get(page(kind)).context["opened"], **change)


def test_second_administrator_is_shown_both_and_chooses(client, administrator):
    kind = AwardKind.objects.get(code="CTDT")
    mine = opened_form(client, kind, source="Nguồn của tôi")
    kind.name = "Cờ của người kia"
    reference.save(kind, by=make.make_user(Role.ADMINISTRATOR, post="Quản trị thứ hai"), names=["name"])

    answer = client.post(page(kind), mine)

    text = words(answer)
    assert answer.status_code == 409
    assert [word for word in ("Quản trị thứ hai", "Cờ của người kia", "Nguồn của tôi") if word not in text] == []
    assert AwardKind.objects.get(code="CTDT").source != "Nguồn của tôi"
    assert client.post(page(kind), mine).status_code == 409
    over = mine | {"over": answer.context["conflict"].version}
    assert client.post(page(kind), over).status_code == 302
    kind.refresh_from_db()
    assert (kind.source, kind.name) == ("Nguồn của tôi", mine["name"])


def test_a_name_in_the_list_below_counts_too(client, administrator):
    kind = AwardKind.objects.get(code="CTDT")
    mine = opened_form(client, kind, source="Nguồn của tôi")
    AwardName.objects.filter(pk=kind.names.first().pk).update(name="Tên của người kia")
    assert client.post(page(kind), mine).status_code == 409
    assert AwardKind.objects.get(code="CTDT").source != "Nguồn của tôi"


def test_who_is_alone_saves_twice(client, administrator):
    kind = AwardKind.objects.get(code="CTDT")
    for source in ("Nguồn một", "Nguồn hai"):
        assert client.post(page(kind), opened_form(client, kind, source=source)).status_code == 302
        kind.refresh_from_db()
        assert kind.source == source


@pytest.mark.parametrize(
    "table", [model for model, options in admin.site._registry.items() if isinstance(options, ReferenceAdmin)]
)
def test_every_reference_form_carries_what_it_was_opened_with(client, administrator, authority, table):
    BlocType.objects.create(authority=authority, code="t1", name="Sở, ngành")
    LegalDocument.objects.create(name="Nghị định lạ")
    Holiday.objects.create(on=date(2026, 9, 2), name="Quốc khánh")
    row = authority if table is Authority else table.objects.first()
    assert words(client.get(page(row))).count('name="opened"') == 1


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


def test_own_password_is_changed_with_a_trail(client, administrator):
    administrator.set_password("mat-khau-cu-2026")
    administrator.save()
    client.force_login(administrator)
    form = {"old_password": "mat-khau-cu-2026", "new_password1": NEW, "new_password2": NEW}
    assert client.post(reverse("admin:password_change"), form).status_code == 302
    assert trail() == [("admin.set_password", None, None)]
    assert client.get(INDEX).status_code == 200


@pytest.mark.parametrize("model", ["user", "seat", "unit", "unityear"])
def test_people_and_units_are_only_read_here(client, administrator, authority, model):
    """They are written on their own pages, whose links stand here."""
    row = make.make_unit_year(make.make_year(authority), name="Sở Cũ")
    person = make.make_user(Role.UNIT_LEADER, unit=row)
    rows = {"user": person, "seat": person.seats.get(), "unit": row.unit, "unityear": row}
    pages = {"user": ("person", person.pk), "seat": ("person", person.pk)}
    name, pk = pages.get(model, ("unit_detail", row.pk))
    shown = client.get(page(rows[model]))
    assert reverse(name, args=[pk]) in shown.content.decode()
    assert client.post(page(rows[model]), {"name": "Sở Mới"}).status_code == 403
    assert client.post(page(rows[model], "delete"), {"post": "yes"}).status_code == 403
    assert client.get(reverse(f"admin:blocs_{model}_add")).status_code == 403


def linked(client, row):
    """The name and the id of the page that the row's link “xem trên trang” opens."""
    opened = client.get(client.get(page(row)).context["absolute_url"])
    assert opened.status_code == 200
    return opened.resolver_match.url_name, opened.resolver_match.kwargs["pk"]


def test_the_link_of_a_unit_opens_that_unit_in_its_latest_year(client, administrator, authority):
    """Rows of a unit and of its years have numbers of their own: the link may not mix them up."""
    row = make.make_unit_year(make.make_year(authority), code="so-a")
    last = make.make_unit_year(make.make_year(authority, year=2027), code="so-a")
    pages = [linked(client, found) for found in (row, last, row.unit)]
    assert pages == [("unit_detail", row.pk), ("unit_detail", last.pk), ("unit_detail", last.pk)]


def test_tables_of_a_blocs_year_open_the_page_where_it_is_written(client, administrator, authority):
    make.make_bloc_year(make.make_year(authority, year=2025))
    bloc_year = make.make_bloc_year(make.make_year(authority))
    unit, rules = make.members_of(bloc_year)[0], make_rule_set(authority=authority.code)
    target = make.make_target(bloc_year)
    make.make_milestone(bloc_year)
    obligations.renew(BlocYear.objects.filter(pk=bloc_year.pk))
    owed = Obligation.objects.filter(bloc_year=bloc_year).last()
    rows = [
        (bloc_year.year, "year_detail", bloc_year.year),
        (bloc_year.bloc, "bloc_detail", bloc_year),
        (bloc_year.memberships.first(), "bloc_detail", bloc_year),
        (target.covenant, "covenant", bloc_year),
        (target, "covenant", bloc_year),
        (make.make_proposal(bloc_year, unit), "proposals", bloc_year),
        (make.make_quota(bloc_year, max=2), "bloc_setup", bloc_year),
        (owed, "obligation", owed),
        (rules, "rule_set_detail", rules),
    ]
    assert [linked(client, row) for row, _, _ in rows] == [(name, found.pk) for _, name, found in rows]


def test_how_to_reach_people_is_not_read_without_a_trail(client, administrator, authority):
    person = make.make_user(Role.BOARD_STAFF, authority=authority, phone="0912345678", email="a@tinh.vn")
    shown = words(client.get(page(person))) + words(client.get(reverse("admin:blocs_user_changelist")))
    assert (shown.count("0912345678"), shown.count("a@tinh.vn")) == (0, 0)
