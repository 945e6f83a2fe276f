"""A year is made from the one before it, seen by the board alone, and opened once."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blocs.domain import year_copy
from blocs.domain.files import write_yaml
from blocs.enums import Role
from blocs.errors import EditedMeanwhile, NotAllowed, RuleBroken, WrongState
from blocs.models import AuditEvent, BlocYear, Membership, Obligation, Seat, UnitRename, Year
from reports.domain import opening
from reports.domain.yearfile.dump import export_year
from reports.domain.yearfile.load import import_year
from tests.factories import (
    at,
    make_bloc_year,
    make_milestone,
    make_movement,
    make_quota,
    make_seat,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)
from tests.reports.opening_rows import board_of, choose_next, make_source, of_year, prepare, publish
from tests.reports.yearfiles import SAMPLES

pytestmark = pytest.mark.django_db


# ---------------------------------------------------------------- what is copied


def test_new_year_is_in_preparation_and_says_where_it_comes_from():
    source, _ = make_source()
    year = prepare(source, theme="Chủ đề mới")
    assert (year.is_open, year.copied_from, year.label, year.theme) == (False, source, "2027", "Chủ đề mới")
    assert AuditEvent.objects.get(action="year.prepare").after["blocs"] == 1


def test_bloc_goes_on_with_all_but_its_motto():
    source = make_year()
    officer = board_of(source)
    old = make_bloc_year(
        source, name="Khối A", kind="cum", type="hoi", motto="Thi đua", supervisor="Phó Chủ tịch", desk_officer=officer
    )
    below = make_bloc_year(source, parent=old, type="hoi", members=0)
    year = prepare(source)
    new = of_year(year, old)
    columns = ("name", "kind", "type", "supervisor", "desk_officer_id", "motto", "folded")
    assert [getattr(new, name) for name in columns] == [
        "Khối A",
        "cum",
        "hoi",
        "Phó Chủ tịch",
        officer.pk,
        "",
        "khoi a",
    ]
    assert of_year(year, below).parent == new


def test_desk_officer_who_left_is_not_copied():
    source = make_year()
    officer = board_of(source)
    old = make_bloc_year(source, desk_officer=officer)
    officer.seats.update(valid_to=timezone.localdate() - timedelta(days=1))
    assert of_year(prepare(source), old).desk_officer is None


def test_units_that_ended_stay_behind():
    source, (old,) = make_source()
    first, second, third = members_of(old)
    first.unit.valid_to = date(2026, 12, 31)
    first.unit.save()
    second.unit.valid_to = date(2027, 1, 1)
    second.unit.save()
    year = prepare(source)
    assert [row.unit for row in members_of(of_year(year, old))] == [second.unit, third.unit]
    assert set(year.units.values_list("unit", flat=True)) == {second.unit_id, third.unit_id}


def test_unit_is_called_as_on_the_first_day():
    source = make_year()
    unit = make_unit_year(source, name="Sở A", short_name="SA", letterhead_symbol="SA")
    make_bloc_year(source, members=[unit])
    for on, old, new in ((date(2026, 7, 1), "Sở A", "Sở B"), (date(2027, 1, 2), "Sở B", "Sở C")):
        UnitRename.objects.create(unit=unit.unit, on=on, old_name=old, new_name=new, document="QĐ 1")
    row = prepare(source).units.get()
    assert (row.name, row.short_name, row.letterhead_symbol, row.folded) == ("Sở B", "SA", "SA", "so b sa")


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, [("member", None)] * 3),
        ({"head": 2}, [("member", None), ("member", None), ("head", None)]),
        ({"head": 1, "deputies": [2, 0]}, [("deputy", 2), ("head", None), ("deputy", 1)]),
    ],
)
def test_leaders_are_those_who_were_chosen(chosen, expected):
    source, (old,) = make_source()
    choose_next(old, **chosen)
    rows = of_year(prepare(source), old).memberships.order_by("position")
    assert list(rows.values_list("role", "deputy_rank")) == expected


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ([{}], "q@1"),
        ([{}, {}], "q@2"),
        ([{}, {"valid_to": "2026-12-31"}], "q@1"),
        ([{"valid_to": "2026-12-31"}], None),
    ],
)
def test_newest_version_that_fits_is_pinned(versions, expected):
    sets = [publish("q", version=number, **columns) for number, columns in enumerate(versions, 1)]
    source = make_year()
    old = make_bloc_year(source, rule_set=sets[0], rule_version_spelled=True)
    pinned = of_year(prepare(source), old).rule_set
    assert (str(pinned) if pinned else None) == expected


def test_bloc_without_a_pinned_set_stays_without():
    publish("q")
    source, (old,) = make_source()
    assert of_year(prepare(source), old).rule_set is None


def test_own_dates_move_on_by_whole_years():
    source = make_year(year=2024)
    old = make_bloc_year(source)
    make_milestone(old, "covenant", due="2024-02-29 17:00", locks="2024-03-15 23:59:59")
    row = of_year(prepare(source, label="2025", year=2025), old).milestones.get()
    assert (row.due_at, row.locks_at) == (at("2025-02-28 17:00"), at("2025-03-15 23:59:59"))


def test_dates_that_the_rule_set_gives_are_left_to_it():
    rules = publish("q", body="milestones:\n- {code: covenant, due: {month: 3, day: 1}}\n- {code: handover}\n")
    source = make_year()
    old = make_bloc_year(source, rule_set=rules)
    for code in ("covenant", "handover", "mid-year"):
        make_milestone(old, code, due="2026-04-01 17:00")
    rows = of_year(prepare(source), old).milestones
    assert list(rows.values_list("code", flat=True)) == ["handover", "mid-year"]


def test_own_quotas_go_on():
    source, (old,) = make_source()
    make_quota(old, max=2, source="QĐ 5")
    make_quota(old, "BKT", by_size=[{"ge": 1, "max": 3}])
    rows = of_year(prepare(source), old).quotas.order_by("position")
    assert list(rows.values_list("award__code", "max", "by_size", "source")) == [
        ("CTDT", 2, [], "QĐ 5"),
        ("BKT", None, [{"ge": 1, "max": 3}], ""),
    ]


@pytest.mark.parametrize("years", [1, 2])
@pytest.mark.parametrize(
    ("moment", "expected"),
    [(None, None), ("2026-11-20 17:00", "{}-11-20 17:00"), ("2026-12-31 23:59:59", "{}-12-31 23:59:59")],
)
def test_shifted_keeps_day_and_hour(moment, expected, years):
    found = year_copy.shifted(moment and at(moment), years)
    assert found == (expected and at(expected.format(2026 + years)))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
@pytest.mark.usefixtures("stored_rules")
def test_export_of_the_source_stays_the_same_byte_for_byte(sample):
    source = import_year(sample.read_bytes())[0]
    before = write_yaml(export_year(source))
    by = board_of(source)
    year = prepare(source, label="sau", year=source.year + 1, by=by)
    year.bloc_years.filter(memberships=None).delete()  # all its units ended with the reform of 1/7/2025
    opening.open_year(year.pk, by=by)
    assert write_yaml(export_year(Year.objects.get(pk=source.pk))) == before


# ---------------------------------------------------------------- some of the blocs: a school year beside


def test_school_year_takes_some_blocs_and_the_calendar_year_the_rest():
    source, (schools, others) = make_source(blocs=2)
    free = make_unit_year(source)
    by = board_of(source)
    school = prepare(
        source, label="2026-2027", year=2026, starts_on=date(2026, 9, 1), ends_on=date(2027, 8, 31),
        bloc_ids=[schools.pk], by=by,
    )  # fmt: skip
    assert [(row, taken) for row, taken in opening.choices(source)] == [(schools, school), (others, None)]
    year = prepare(source, bloc_ids=[others.pk], by=by)
    BlocYear.objects.filter(pk=schools.pk).update(is_closed=True)  # its report of 2026 is with the board
    opening.open_year(school.pk, by=by)
    opening.open_year(year.pk, by=by)
    assert [row.bloc for row in school.bloc_years.all()] == [schools.bloc]
    assert set(school.units.values_list("unit", flat=True)) == {row.unit_id for row in members_of(schools)}
    assert set(year.units.values_list("unit", flat=True)) == {row.unit_id for row in [*members_of(others), free]}
    assert Year.objects.filter(is_open=True).count() == 3


def test_unit_would_stand_twice_when_the_bloc_above_is_left_out():
    source = make_year()
    unit = make_unit_year(source)
    above = make_bloc_year(source, members=0)
    beside, below = make_bloc_year(source, members=[unit]), make_bloc_year(source, members=0, parent=above)
    Membership.objects.create(bloc_year=below, unit=unit, tier=1)
    with pytest.raises(RuleBroken, match=f"hai khối cùng tầng: {unit.name}"):
        prepare(source, bloc_ids=[beside.pk, below.pk])
    assert Year.objects.count() == 1


# ---------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"label": "2026"}, "Đã có năm “2026”"),
        ({"label": " "}, "Cần ghi tên năm"),
        ({"ends_on": date(2027, 1, 1)}, "Ngày kết thúc phải sau"),
        ({"ends_on": date(2028, 12, 31)}, "không dài quá 400 ngày"),
        ({"year": 2025}, "Năm mới phải bắt đầu sau ngày 01/01/2026"),
        ({"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}, "Năm mới phải bắt đầu sau ngày 01/01/2026"),
        ({"bloc_ids": []}, "Chọn ít nhất một cụm, khối"),
    ],
)
def test_year_that_cannot_be_is_refused(values, words):
    source, _ = make_source()
    days = {"starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31)}
    with pytest.raises(RuleBroken, match=words):
        prepare(source, **(days | values))
    assert Year.objects.count() == 1


def test_year_in_preparation_is_no_source():
    source, _ = make_source()
    with pytest.raises(RuleBroken, match="Năm 2027 chưa mở"):
        prepare(prepare(source), label="2028", year=2028)


def test_blocs_of_another_year_are_not_taken():
    source, _ = make_source()
    with pytest.raises(RuleBroken, match="Chọn ít nhất một"):
        prepare(source, bloc_ids=[make_bloc_year().pk])


ACTS = {
    "prepare": lambda year, by: prepare(year.copied_from, label="2028", year=2028, by=by),
    "edit": lambda year, by: opening.edit_year(
        year.pk, label="2027", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31), theme="Mới", by=by
    ),
    "open": lambda year, by: opening.open_year(year.pk, by=by),
    "discard": lambda year, by: opening.discard_year(year.pk, by=by),
    "division": lambda year, by: opening.save_division(
        year.pk, number="1", dated=None, signer="", signer_name="", bases=[], by=by
    ),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", [*Role, None])
def test_only_the_board_prepares_and_opens(role, act):
    source, (old,) = make_source()
    year = prepare(source)
    user = make_user(role, bloc_year=old) if role else make_user()
    if role == Role.BOARD_STAFF:
        ACTS[act](year, user)
        return
    with pytest.raises(NotAllowed):
        ACTS[act](year, user)


@pytest.mark.parametrize("act", ["edit", "open", "discard"])
def test_open_year_is_not_opened_changed_or_discarded_again(act):
    source, _ = make_source()
    year, by = prepare(source), board_of(source)
    opening.open_year(year.pk, by=by)
    with pytest.raises(WrongState, match="Năm 2027 đã mở"):
        ACTS[act](year, by)
    assert AuditEvent.objects.filter(action="year.open").count() == 1


@pytest.mark.parametrize("members", [None, 0])
def test_year_without_blocs_or_with_an_empty_bloc_does_not_open(members):
    source = make_year()
    if members is not None:
        make_bloc_year(source, members=members)
    year = prepare(source)
    with pytest.raises(RuleBroken, match="Chưa mở được năm"):
        opening.open_year(year.pk, by=board_of(source))
    assert Year.objects.get(pk=year.pk).is_open is False


@pytest.mark.parametrize("act", ["edit", "division"])
def test_second_editor_is_told_what_the_first_saved(act):
    source, _ = make_source()
    year, by = prepare(source), board_of(source)
    ACTS[act](year, by)
    values = {"edit": {"label": "A", "starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31), "theme": ""}}.get(
        act, {"number": "2", "dated": None, "signer": "", "signer_name": "", "bases": []}
    )
    save = {"edit": opening.edit_year, "division": opening.save_division}[act]
    with pytest.raises(EditedMeanwhile) as refused:
        save(year.pk, by=by, opened="cũ", **values)
    assert ("Mới" if act == "edit" else "Số, ký hiệu: 1") in refused.value.theirs
    save(year.pk, by=by, opened=refused.value.version, **values)


# ---------------------------------------------------------------- opened


def test_people_of_the_leading_units_get_their_seats_and_the_old_head_keeps_his():
    source, (old,) = make_source()
    choose_next(old, head=1, deputies=[2])
    first, second, third = members_of(old)
    past = make_user(Role.BLOC_HEAD, bloc_year=old)
    head, reporter = make_user(Role.UNIT_LEADER, unit=second), make_user(Role.UNIT_REPORTER, unit=second)
    deputy, gone = make_user(Role.UNIT_REPORTER, unit=third), make_user(Role.UNIT_LEADER, unit=third, is_active=False)
    make_seat(head, Role.UNIT_REPORTER, unit=second, valid_to=timezone.localdate())
    make_seat(make_user(), Role.ASSESSOR, unit=second)
    year = prepare(source)
    opened = opening.open_year(year.pk, by=board_of(source))
    new = of_year(year, old)
    seats = Seat.objects.filter(bloc_year=new)
    assert opened.seats == 3
    assert set(seats.values_list("user", "role", "valid_to")) == {
        (head.pk, "bloc_head", None), (reporter.pk, "bloc_head", None), (deputy.pk, "bloc_deputy", None),
    }  # fmt: skip
    assert list(past.seats.values_list("bloc_year", "role")) == [(old.pk, "bloc_head")]
    assert (first.unit_id, gone.seats.count()) == (first.unit.pk, 1)


def test_everything_owed_stands_there_after_opening_and_not_before():
    source, (old,) = make_source()
    choose_next(old, head=0)
    make_milestone(old, "unit-report", due="2026-11-20 17:00", locks="2026-11-30 17:00")
    make_milestone(old, "conference", due="2026-12-20 17:00")
    year = prepare(source)
    assert Obligation.objects.filter(bloc_year__year=year).count() == 0
    opened = opening.open_year(year.pk, by=board_of(source))
    rows = Obligation.objects.filter(bloc_year__year=year).order_by("position", "unit__position")
    units = members_of(of_year(year, old))
    assert opened.obligations == 4
    assert list(rows.values_list("code", "unit", "due_at")) == [
        *[("unit-report", unit.pk, at("2027-11-20 17:00")) for unit in units],
        ("conference", units[0].pk, at("2027-12-20 17:00")),
    ]


def test_discarded_year_leaves_nothing_but_its_trail():
    source, _ = make_source(blocs=2)
    year = prepare(source)
    opening.discard_year(year.pk, by=board_of(source))
    assert (Year.objects.get(), BlocYear.objects.count()) == (source, 2)
    assert AuditEvent.objects.get(action="year.discard").target_label == "2027"


def test_year_with_a_movement_is_not_discarded():
    source, (old,) = make_source()
    year = prepare(source)
    make_movement(owner=members_of(of_year(year, old))[0])
    with pytest.raises(RuleBroken, match="đã có dữ liệu"):
        opening.discard_year(year.pk, by=board_of(source))


# ---------------------------------------------------------------- a whole province


def test_roll_over_of_140_blocs_asks_as_often_as_of_35():
    found = {}
    for number in (35, 140):
        source = make_year()
        for _ in range(number):
            old = make_bloc_year(source, members=2, deputy=False)
            choose_next(old, head=1)
            make_milestone(old, due="2026-11-20 17:00")
            make_quota(old, max=1)
        by = board_of(source)
        with CaptureQueriesContext(connection) as queries:
            year = prepare(source, by=by)
            opened = opening.open_year(year.pk, by=by)
        assert (year.bloc_years.count(), opened.obligations) == (number, 2 * number)
        found[number] = _without_batches(queries)
    assert found[140] == found[35]
    assert len(found[140]) < 90


def _without_batches(queries):
    """The statements by their first words; a long list is written in several of the same, which counts as one."""
    texts = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    shapes = [" ".join(text.split()[:3]) for text in texts]
    return [shape for place, shape in enumerate(shapes) if place == 0 or shape != shapes[place - 1]]
