"""What keeps the opening of a year right: nobody asked twice, days that belong together, what was seen is what opens."""

from datetime import date

import pytest

from blocs.enums import Role
from blocs.errors import NotAllowed, RuleBroken
from blocs.models import AuditEvent, Obligation, UnitRename, Year
from reports.domain import opening
from reports.domain.year_changes import differences
from tests.factories import at, make_bloc_year, make_milestone, make_unit_year, make_user, make_year, members_of
from tests.reports.opening_rows import board_of, make_source, of_year, prepare, publish

pytestmark = pytest.mark.django_db


def test_second_year_over_the_same_days_does_not_open():
    source, (old,) = make_source()
    make_milestone(old, due="2026-11-20 17:00")
    by = board_of(source)
    first, second = prepare(source, by=by), prepare(source, label="2027 bis", by=by)
    opening.open_year(first.pk, by=by)
    owed = Obligation.objects.count()
    with pytest.raises(RuleBroken, match="bị giao việc hai lần"):
        opening.open_year(second.pk, by=by)
    assert (Year.objects.get(pk=second.pk).is_open, Obligation.objects.count()) == (False, owed)
    assert owed > 0


def test_school_year_waits_while_the_calendar_year_still_asks_its_blocs():
    source, (schools, _) = make_source(blocs=2)
    by = board_of(source)
    days = {"starts_on": date(2026, 9, 1), "ends_on": date(2027, 8, 31)}
    school = prepare(source, label="2026-2027", year=2026, bloc_ids=[schools.pk], by=by, **days)
    with pytest.raises(RuleBroken, match="bị giao việc hai lần"):
        opening.open_year(school.pk, by=by)


# ---------------------------------------------------------------- days that belong together


def move(year, *, label="2027", starts_on, ends_on, by=None):
    by = by or board_of(year)
    return opening.edit_year(year.pk, label=label, starts_on=starts_on, ends_on=ends_on, theme="", by=by)


SCHOOL = {"label": "2028-2029", "starts_on": date(2028, 9, 1), "ends_on": date(2029, 8, 31)}


def test_year_moved_before_it_opens_asks_in_its_own_days():
    rules = publish("q", body="milestones:\n- {code: covenant, due: {month: 10, day: 1}}\n")
    source = make_year()
    old = make_bloc_year(source, rule_set=rules)
    make_milestone(old, "mid-year", due="2026-10-15 17:00", locks="2026-10-20 17:00")
    year = prepare(source)
    move(year, **SCHOOL)
    opening.open_year(year.pk, by=board_of(source))
    rows = Obligation.objects.filter(bloc_year__year=year).order_by("due_at").values_list("code", "due_at", "locks_at")
    assert Year.objects.get(pk=year.pk).year == 2028
    assert list(rows.distinct()) == [
        ("covenant", at("2028-10-01 23:59:59"), None),
        ("mid-year", at("2028-10-15 17:00"), at("2028-10-20 17:00")),
    ]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((date(2027, 9, 1), date(2028, 8, 31)), "Sở C"),
        ((date(2026, 6, 1), date(2027, 5, 31)), "Sở A"),
        ((date(2027, 1, 1), date(2027, 12, 1)), "Sở B"),
    ],
)
def test_units_are_called_as_on_the_new_first_day(days, expected):
    source = make_year()
    unit = make_unit_year(source, name="Sở A", short_name="")
    make_bloc_year(source, members=[unit])
    for on, old, new in ((date(2026, 7, 1), "Sở A", "Sở B"), (date(2027, 7, 1), "Sở B", "Sở C")):
        UnitRename.objects.create(unit=unit.unit, on=on, old_name=old, new_name=new, document="QĐ 1")
    year = prepare(source)
    move(year, starts_on=days[0], ends_on=days[1])
    row = year.units.get()
    assert (row.name, row.folded) == (expected, expected.lower().replace("ở", "o"))


def test_name_and_theme_alone_move_nothing():
    source, (old,) = make_source()
    make_milestone(old, "mid-year", due="2026-10-15 17:00")
    year = prepare(source)
    year.units.update(name="Tên Ban sửa")
    move(year, label="2027 (mới)", starts_on=year.starts_on, ends_on=year.ends_on)
    assert set(year.units.values_list("name", flat=True)) == {"Tên Ban sửa"}
    assert of_year(year, old).milestones.get().due_at == at("2027-10-15 17:00")


@pytest.mark.parametrize(("versions", "expected"), [([{}], None), ([{}, {"valid_from": "2028-01-01"}], "q@2")])
def test_rule_set_out_of_the_new_days_gives_way(versions, expected):
    first = publish("q", valid_to="2027-12-31")
    for number, columns in enumerate(versions[1:], 2):
        publish("q", version=number, **columns)
    source = make_year()
    old = make_bloc_year(source, rule_set=first, rule_version_spelled=True)  # the board chose it
    year = prepare(source)
    before = str(of_year(year, old).rule_set)
    move(year, **SCHOOL)
    pinned = of_year(year, old).rule_set
    assert (before, str(pinned) if pinned else None) == ("q@1", expected)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}, "phải bắt đầu sau ngày 01/01/2026"),
        ({"starts_on": date(2025, 9, 1), "ends_on": date(2026, 8, 31)}, "phải bắt đầu sau ngày 01/01/2026"),
        ({"starts_on": date(2028, 12, 31), "ends_on": date(2028, 1, 1)}, "Ngày kết thúc phải sau"),
    ],
)
def test_days_that_a_new_year_cannot_have_are_refused_later_too(days, words):
    source, _ = make_source()
    year = prepare(source)
    with pytest.raises(RuleBroken, match=words):
        move(year, **days)
    assert Year.objects.get(pk=year.pk).starts_on == date(2027, 1, 1)


def test_days_without_a_unit_of_the_year_are_refused():
    source, (old,) = make_source()
    unit = members_of(old)[0]
    unit.unit.valid_to = date(2027, 6, 30)
    unit.unit.save()
    year = prepare(source)
    with pytest.raises(RuleBroken, match=f"không có đơn vị: {unit.name}"):
        move(year, **SCHOOL)


# ---------------------------------------------------------------- what was seen, what is written later


def test_trail_of_the_opening_holds_every_difference():
    source, _ = make_source(theme="Cũ")
    year = prepare(source, theme="Mới")
    groups = differences(year)
    opening.open_year(year.pk, by=board_of(source))
    event = AuditEvent.objects.get(action="year.open")
    assert event.after["differences"] == [{group.title: list(group.lines)} for group in groups]
    assert event.after["differences"][0]["Cả năm"] == ["Chủ đề: “Cũ” → “Mới”."]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.BOARD_STAFF])
def test_only_the_board_writes_the_theme(role):
    source, (bloc,) = make_source()
    with pytest.raises(NotAllowed):
        opening.set_theme(source.pk, theme="Chủ đề", by=make_user(role, bloc_year=bloc))
    assert Year.objects.get(pk=source.pk).theme == ""
