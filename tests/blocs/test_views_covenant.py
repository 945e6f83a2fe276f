"""The covenant's pages: reading, targets, results of the bloc."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from blocs.domain import covenant as covenants
from blocs.enums import Role
from blocs.errors import NotAllowed, RuleBroken
from blocs.forms import TargetForm, VietnameseNumber
from blocs.models import AuditEvent, Covenant, Signature, Target, TargetResult
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def bloc_year():
    return make.make_bloc_year(make.make_year(ends_on=date(2199, 12, 31)))


@pytest.fixture
def head(bloc_year, client):
    user = make.make_user(Role.BLOC_HEAD, bloc_year=bloc_year)
    client.force_login(user)
    return user


@pytest.fixture
def member(bloc_year):
    return make.make_user(Role.UNIT_REPORTER, unit=make.members_of(bloc_year)[2])


def words(response):
    return " ".join(response.content.decode().split())


def url(name, bloc_year, *args):
    return reverse(name, args=[bloc_year.pk, *args])


FIELDS = {"text": "Hội viên mới", "op": ">=", "value": "1.234,5", "unit_of_measure": "người", "of": ""}


# ---------------------------------------------------------------- reading


def test_page_shows_who_signed_what_was_promised_and_reached(client, head, bloc_year):
    target = make.make_target(bloc_year, value=1200, unit_of_measure="hội viên")
    TargetResult.objects.create(target=target, value=1234)
    covenant = Covenant.objects.get(bloc_year=bloc_year)
    Signature.objects.create(covenant=covenant, unit=make.members_of(bloc_year)[0])
    page = words(client.get(url("covenant", bloc_year)))
    assert page.count("1/3 đơn vị đã ký") == 1
    assert page.count('<td class="num">≥ 1.200</td>') == 1
    assert page.count('<td class="num">1.234</td>') == 1
    assert page.count('<span class="state state-ok">Vượt</span>') == 2  # the column, and the line of the phone


def test_page_without_a_covenant_says_so(client, head, bloc_year):
    page = words(client.get(url("covenant", bloc_year)))
    assert page.count("Khối chưa có chỉ tiêu chung.") == 1


@pytest.mark.parametrize(
    ("ends_on", "look"), [(date(2199, 12, 31), "late"), (date(2026, 1, 31), "miss")], ids=["running", "over"]
)
def test_a_missed_target_is_final_when_the_year_is_over(client, ends_on, look):
    bloc_year = make.make_bloc_year(make.make_year(ends_on=ends_on))
    client.force_login(make.make_user(Role.BLOC_HEAD, bloc_year=bloc_year))
    TargetResult.objects.create(target=make.make_target(bloc_year, value=200), value=150)
    page = words(client.get(url("covenant", bloc_year)))
    assert page.count(f'<span class="state state-{look}">Chưa đạt (75 %)</span>') == 2


def test_page_of_a_signed_covenant_says_why_targets_stay(client, head, bloc_year):
    target = make.make_target(bloc_year)
    Covenant.objects.update(signed_on=date(2026, 2, 14))
    page = words(client.get(url("covenant", bloc_year)))
    assert page.count("Giao ước đã ký ngày 14/02/2026, chỉ tiêu chỉ đổi bằng đề nghị điều chỉnh.") == 1
    assert page.count(url("target_add", bloc_year)) == 0
    assert page.count(url("target_edit", bloc_year, target.pk) + '"') == 0
    assert page.count(url("target_result", bloc_year, target.pk)) == 1


def test_member_reads_without_buttons(client, member, bloc_year):
    target = make.make_target(bloc_year)
    client.force_login(member)
    page = words(client.get(url("covenant", bloc_year)))
    assert page.count(url("target_add", bloc_year)) == 0
    assert page.count(url("target_result", bloc_year, target.pk)) == 0


def test_result_in_a_draft_report_is_seen_by_its_own_unit_only(client, head, member, bloc_year):
    unit = make.members_of(bloc_year)[2]
    target = make.make_target(bloc_year, of=unit)
    TargetResult.objects.create(target=target, of=unit, value=777, is_draft=True)
    address = url("covenant", bloc_year)
    assert words(client.get(address)).count("777") == 0
    client.force_login(member)
    assert words(client.get(address)).count("777") == 1
    covenants.release_results(bloc_year, unit)
    client.force_login(head)
    assert words(client.get(address)).count("777") == 1


def test_unsent_change_is_seen_by_its_own_unit_only(client, head, member, bloc_year):
    unit = make.members_of(bloc_year)[2]
    target, sent = make.make_target(bloc_year, of=unit), {"was_sent": True, "sent_value": 444}
    TargetResult.objects.create(target=target, of=unit, value=777, is_draft=True, **sent)
    seen = words(client.get(url("covenant", bloc_year)))
    assert (seen.count("444"), seen.count("777")) == (1, 0)
    client.force_login(member)
    seen = words(client.get(url("covenant", bloc_year)))
    assert (seen.count("444"), seen.count("777")) == (0, 1)


def test_queries_do_not_grow_with_the_targets(head, bloc_year, queries_of):
    TargetResult.objects.create(target=make.make_target(bloc_year, "T1"), value=1)
    one = queries_of(url("covenant", bloc_year))
    for code, unit in [("T2", None), ("T3", make.members_of(bloc_year)[1])]:
        target = make.make_target(bloc_year, code, of=unit)
        TargetResult.objects.create(target=target, of=make.members_of(bloc_year)[0], value=1)
    assert queries_of(url("covenant", bloc_year)) == one


# ---------------------------------------------------------------- writing


def test_add_target_takes_a_vietnamese_number(client, head, bloc_year):
    assert client.get(url("target_add", bloc_year)).status_code == 200
    response = client.post(url("target_add", bloc_year), FIELDS)
    assert response.headers["Location"] == url("covenant", bloc_year)
    row = Target.objects.get()
    assert (row.code, row.text, row.value, row.of) == ("T1", "Hội viên mới", Decimal("1234.5"), None)
    assert AuditEvent.objects.get().action == "covenant.save_target"


def test_add_target_of_a_member_unit(client, head, bloc_year):
    unit = make.members_of(bloc_year)[1]
    client.post(url("target_add", bloc_year), FIELDS | {"of": unit.pk})
    assert Target.objects.get().of == unit


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"value": "12.5"}, "Viết số như 1.234,5"),
        ({"value": ""}, "Đã chọn yêu cầu thì cần ghi số giao ước."),
        ({"value": "0,1234567"}, "nhiều nhất 6 chữ số thập phân"),
    ],
)
def test_add_target_refuses_with_words(client, head, bloc_year, change, complaint):
    response = client.post(url("target_add", bloc_year), FIELDS | change)
    assert response.status_code == 422
    assert words(response).count(complaint) == 1
    assert Target.objects.count() == 0


def test_edit_target_keeps_its_code(client, head, bloc_year):
    target = make.make_target(bloc_year, "CT-7", value=Decimal("1500.5"))
    address = url("target_edit", bloc_year, target.pk)
    assert words(client.get(address)).count('value="1.500,5"') == 1
    client.post(address, FIELDS)
    target.refresh_from_db()
    assert (target.code, target.text) == ("CT-7", "Hội viên mới")


def test_edit_after_signing_is_refused_with_the_reason(client, head, bloc_year):
    target = make.make_target(bloc_year, text="Cũ")
    Covenant.objects.update(signed_on=date(2026, 2, 14))
    address = url("target_edit", bloc_year, target.pk)
    page = words(client.get(address, follow=True))
    assert (
        page.count("Giao ước đã ký ngày 14/02/2026, chỉ tiêu chỉ đổi bằng đề nghị điều chỉnh.") == 2
    )  # the notice and the page
    response = client.post(address, FIELDS)
    assert response.status_code == 422
    assert words(response).count("Giao ước đã ký, chỉ tiêu chỉ đổi bằng đề nghị điều chỉnh.") == 1
    assert Target.objects.get().text == "Cũ"


def test_delete_target_asks_then_deletes(client, head, bloc_year):
    target = make.make_target(bloc_year)
    address = url("target_delete", bloc_year, target.pk)
    assert client.get(address).status_code == 200
    assert Target.objects.count() == 1
    client.post(address)
    assert Target.objects.count() == 0


def test_delete_target_with_a_result_is_refused(client, head, bloc_year):
    target = make.make_target(bloc_year)
    TargetResult.objects.create(target=target, value=1)
    page = words(client.post(url("target_delete", bloc_year, target.pk), follow=True))
    assert page.count("Chỉ tiêu đã có kết quả, không xóa được.") == 1
    assert Target.objects.count() == 1


def test_target_with_unsent_notes_of_units_is_deleted_after_saying_so(client, head, bloc_year):
    target, unit = make.make_target(bloc_year), make.members_of(bloc_year)[2]
    TargetResult.objects.create(target=target, of=unit, value=7, is_draft=True)
    address = url("target_delete", bloc_year, target.pk)
    assert words(client.get(address)).count("Chỉ tiêu đang có 1 kết quả;") == 1
    client.post(address)
    assert Target.objects.count() == 0
    event = AuditEvent.objects.get(action="covenant.drop_result")
    assert (event.before["of"], event.before["value"]) == (unit.name, "7")


def test_result_of_the_bloc_is_recorded_also_after_signing(client, head, bloc_year):
    target = make.make_target(bloc_year)
    Covenant.objects.update(signed_on=date(2026, 2, 14))
    address = url("target_result", bloc_year, target.pk)
    assert client.get(address).status_code == 200
    client.post(address, {"value": "97,4", "note": "Số đến 15/11"})
    row = TargetResult.objects.get()
    assert (row.value, row.note, row.of) == (Decimal("97.4"), "Số đến 15/11", None)
    client.post(address, {"value": "", "note": ""})
    assert TargetResult.objects.count() == 0


# ---------------------------------------------------------------- rights


def test_stranger_gets_404_and_nobody_the_sign_in_page(client, bloc_year):
    target = make.make_target(bloc_year)
    addresses = [url("covenant", bloc_year), url("target_add", bloc_year)]
    addresses += [url(name, bloc_year, target.pk) for name in ("target_edit", "target_delete", "target_result")]
    anonymous = [client.get(address).headers["Location"] for address in addresses]
    assert anonymous == [f"{reverse('account_login')}?next={address}" for address in addresses]
    client.force_login(make.make_user(Role.BLOC_HEAD))
    assert [client.get(address).status_code for address in addresses] == [404] * 5
    assert [client.post(address).status_code for address in addresses[1:]] == [404] * 4


def test_member_cannot_write(client, member, bloc_year):
    target = make.make_target(bloc_year)
    client.force_login(member)
    assert client.post(url("target_add", bloc_year), FIELDS).status_code == 404
    assert client.post(url("target_result", bloc_year, target.pk), {"value": "1"}).status_code == 404
    assert TargetResult.objects.count() == 0


def test_wrong_methods(client, head, bloc_year):
    target = make.make_target(bloc_year)
    assert client.post(url("covenant", bloc_year)).status_code == 405
    assert client.put(url("target_add", bloc_year)).status_code == 405
    assert client.put(url("target_result", bloc_year, target.pk)).status_code == 405


def test_target_of_another_bloc_is_not_found(client, head, bloc_year):
    other = make.make_target(make.make_bloc_year())
    assert client.get(url("target_edit", bloc_year, other.pk)).status_code == 404
    assert client.get(url("target_result", bloc_year, other.pk)).status_code == 404


def test_record_bloc_result_asks_for_the_right_and_a_target_of_the_bloc(head, member, bloc_year):
    target = make.make_target(bloc_year)
    own = make.make_target(bloc_year, "T2", of=make.members_of(bloc_year)[0])
    with pytest.raises(NotAllowed):
        covenants.record_bloc_result(bloc_year.pk, target.pk, by=member, value=Decimal(1))
    with pytest.raises(RuleBroken):
        covenants.record_bloc_result(bloc_year.pk, own.pk, by=head, value=Decimal(1))
    assert covenants.record_bloc_result(bloc_year.pk, target.pk, by=head, value=Decimal(1)).value == 1


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1.234,5", "1234.5"),
        ("1234,5", "1234.5"),
        ("1.234", "1234"),
        ("-2", "-2"),
        ("0,05", "0.05"),
        (" 12 000 ", "12000"),
    ],
)
def test_vietnamese_number_reads(typed, number):
    assert VietnameseNumber().clean(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["12.5", "1,234.5", "1.23.456", "NaN", "Infinity", "1e5", "٣", "5,", "--5", "abc"])
def test_vietnamese_number_refuses(typed):
    form = TargetForm(FIELDS | {"value": typed}, members=make.UnitYear.objects.none())
    assert list(form.errors) == ["value"]


def test_of_two_who_change_one_target_the_second_is_shown_both_and_chooses(client, head, bloc_year):
    target = make.make_target(bloc_year, value=100)
    address = url("target_edit", bloc_year, target.pk)
    opened = client.get(address).context["form"].initial["opened"]
    covenants.save_target(bloc_year.pk, by=head, target_id=target.pk, text="Hội viên", op=">=", value=Decimal(90))
    response = client.post(address, FIELDS | {"opened": opened})
    target.refresh_from_db()
    assert (response.status_code, target.value) == (409, 90)
    assert "Giao ước: 90" in words(response)
    assert "So sánh: từ … trở lên" in words(response)
    assert client.post(address, FIELDS | {"over": response.context["conflict"].version}).status_code == 302
    target.refresh_from_db()
    assert target.value == Decimal("1234.5")
