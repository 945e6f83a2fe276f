"""Units of a year: added, corrected, called otherwise from a day on."""

from datetime import date

import pytest

from blocs.domain import organisation, unit_table, units
from blocs.domain.units import UnitFields, save_unit
from blocs.enums import Role
from blocs.errors import EditedMeanwhile, NotAllowed, RuleBroken
from blocs.folding import fold
from blocs.models import AuditEvent, BlocYear, Succession, UnitRename, UnitYear
from tests.factories import make_bloc_year, make_unit_year, make_user, make_year, members_of

pytestmark = pytest.mark.django_db
WHY = {"reason": "Sửa theo Quyết định 3"}


@pytest.fixture
def bloc():
    return make_bloc_year()


@pytest.fixture
def staff(bloc):
    return make_user(Role.BOARD_STAFF, authority=bloc.year.authority)


# ---------------------------------------------------------------- adding


def test_unit_is_added_at_the_end_with_a_code_of_its_name(bloc, staff):
    row = save_unit(bloc.year_id, UnitFields("Đặc khu Sơn Hà", valid_from=date(2026, 7, 1)), by=staff, **WHY)

    assert (row.unit.code, row.unit.valid_from) == ("dac-khu-son-ha", date(2026, 7, 1))
    assert row.position > max(unit.position for unit in members_of(bloc))
    event = AuditEvent.objects.get(action="unit.add")
    assert (event.after["Tên"], event.note) == ("Đặc khu Sơn Hà", WHY["reason"])


def test_code_of_a_former_year_names_the_same_unit(bloc, staff):
    old = make_unit_year(make_year(bloc.year.authority, year=2025))

    row = save_unit(bloc.year_id, UnitFields("Tên mới", code=old.unit.code), by=staff, **WHY)

    assert row.unit == old.unit


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (lambda row: UnitFields(""), "Cần ghi tên"),
        (lambda row: UnitFields("???"), "phải có chữ hoặc số"),
        (lambda row: UnitFields("Tên khác", code=row.unit.code), "đã có đơn vị mã"),
        (lambda row: UnitFields(row.name, code="ma-khac"), "đã có đơn vị tên"),
    ],
)
def test_unit_is_refused_with_its_reason(bloc, staff, fields, words):
    with pytest.raises(RuleBroken, match=words):
        save_unit(bloc.year_id, fields(members_of(bloc)[0]), by=staff, **WHY)

    assert UnitYear.objects.filter(year=bloc.year).count() == 3


def test_unit_that_has_ended_does_not_come_back(bloc, staff):
    old = make_unit_year(make_year(bloc.year.authority, year=2025))
    type(old.unit).objects.filter(pk=old.unit_id).update(valid_to=date(2025, 6, 30))

    with pytest.raises(RuleBroken, match="không tồn tại trong năm 2026"):
        save_unit(bloc.year_id, UnitFields("Tên", code=old.unit.code), by=staff, **WHY)


# ---------------------------------------------------------------- correcting


def correct(row, by, opened="", **changes):
    fields = {name: getattr(row, name) for name in units.COLUMNS} | changes
    return save_unit(row.year_id, UnitFields(**fields), by=by, unit_year_id=row.pk, opened=opened, **WHY)


def test_name_of_the_year_is_corrected_with_a_trail(bloc, staff):
    row = members_of(bloc)[0]

    correct(row, staff, name="Sở Nội vụ", letterhead_symbol="SNV")

    row.refresh_from_db()
    assert (row.name, row.letterhead_symbol, row.folded) == ("Sở Nội vụ", "SNV", fold(f"Sở Nội vụ {row.short_name}"))
    event = AuditEvent.objects.get(action="unit.edit")
    assert (event.before["Ký hiệu"], event.after["Ký hiệu"]) == ("", "SNV")


def test_same_again_leaves_no_trail(bloc, staff):
    correct(members_of(bloc)[0], staff)

    assert not AuditEvent.objects.exists()


def test_second_of_two_editors_is_told(bloc, staff):
    row = members_of(bloc)[0]
    opened = organisation.digest(units.shown(row))
    correct(row, staff, opened, name="Của người thứ nhất")

    with pytest.raises(EditedMeanwhile) as error:
        correct(row, staff, opened, name="Của người thứ hai")

    assert "Tên: Của người thứ nhất" in error.value.theirs


def test_name_in_a_closed_bloc_stays(bloc, staff):
    BlocYear.objects.filter(pk=bloc.pk).update(is_closed=True)

    with pytest.raises(RuleBroken, match="không sửa được nữa"):
        correct(members_of(bloc)[0], staff, name="Tên khác")


def test_running_year_asks_for_a_reason_and_a_right(bloc, staff):
    row = members_of(bloc)[0]

    with pytest.raises(RuleBroken, match="cần ghi rõ lý do"):
        save_unit(row.year_id, UnitFields("Tên khác"), by=staff, unit_year_id=row.pk)
    with pytest.raises(NotAllowed):
        correct(row, make_user(Role.ADMINISTRATOR, authority=bloc.year.authority), name="Tên khác")


def test_unit_of_another_year_is_not_corrected(bloc, staff):
    other = make_unit_year(make_year(bloc.year.authority, year=2025))

    with pytest.raises(RuleBroken, match="đưa ra khỏi năm"):
        save_unit(bloc.year_id, UnitFields("Tên"), by=staff, unit_year_id=other.pk, **WHY)


# ---------------------------------------------------------------- names of a day


def test_name_of_a_day_is_the_one_it_had_then():
    row = make_unit_year(name="Tên ba", short_name="B")
    for on, old, new in [(date(2026, 3, 1), "Tên một", "Tên hai"), (date(2026, 9, 1), "Tên hai", "Tên ba")]:
        UnitRename.objects.create(
            unit=row.unit, on=on, old_name=old, new_name=new, old_short_name=old[-3:], new_short_name="B", document="QĐ"
        )
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 8, 31), date(2026, 9, 1), None]

    assert [units.name_on(row, day) for day in days] == ["Tên một", "Tên hai", "Tên hai", "Tên ba", "Tên ba"]
    assert units.names_of_day([row], days[0])[row.pk] == ("Tên một", "một")


# ---------------------------------------------------------------- how it came, where it went


def test_history_of_a_unit_is_told_both_ways():
    new, old, half = (make_unit_year(make_year(year=2026), name=name) for name in ("Sở mới", "Sở cũ", "Phòng tách"))
    on = date(2026, 7, 1)
    Succession.objects.create(predecessor=old.unit, successor=new.unit)
    Succession.objects.create(predecessor=new.unit, successor=half.unit, kind="split", on=on, document="QĐ 2")
    Succession.objects.create(predecessor=half.unit, kind="dissolve", on=date(2026, 9, 1), document="QĐ 3")

    found = {row: [(e.words, e.others, e.on, e.document) for e in unit_table.events(row.unit)] for row in (new, half)}

    assert found == {
        new: [("Kế tục", ("Sở cũ",), None, ""), ("Chia tách thành", ("Phòng tách",), on, "QĐ 2")],
        half: [("Tách ra từ", ("Sở mới",), on, "QĐ 2"), ("Giải thể", (), date(2026, 9, 1), "QĐ 3")],
    }
