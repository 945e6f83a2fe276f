"""Units merge, split, are renamed or dissolved on a day."""

from datetime import date

import pytest
import time_machine
from django.utils import timezone

from blocs.domain import obligations, successions
from blocs.domain.heirs import Choices
from blocs.domain.successions import NewUnit
from blocs.enums import Milestone, Role
from blocs.errors import NotAllowed, RuleBroken
from blocs.models import AuditEvent, Membership, Obligation, Receipt, Seat, Succession, Unit, UnitRename, UnitYear
from tests.blocs.succession_rows import DAY, PAPER, Reform, codes, offices
from tests.factories import (
    at,
    make_bloc_year,
    make_milestone,
    make_seat,
    make_unit_report,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)

pytestmark = pytest.mark.django_db
NEW = NewUnit(name="Sở Nông nghiệp và Môi trường", short_name="Sở NN&MT")


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-08-15 09:00+07:00", tick=False):
        yield


@pytest.fixture
def reform():
    return Reform()


def merge(reform, *numbers, into=NEW, **rest):
    return successions.merge(reform.ids(*numbers), into=into, by=reform.staff, **(PAPER | rest))


def split(reform, number, *names, continues=True, **rest):
    into = [NewUnit(name=name) for name in names]
    return successions.split(
        reform.ids(number)[0], into=into, continues=continues, by=reform.staff, **(PAPER | rest)
    )  # fmt: skip


def rename(reform, number, name, **rest):
    return successions.rename(reform.ids(number)[0], name=name, by=reform.staff, **(PAPER | rest))


def dissolve(reform, number, **rest):
    return successions.dissolve(reform.ids(number)[0], by=reform.staff, **(PAPER | rest))


# ---------------------------------------------------------------- merge


def test_new_unit_stands_where_the_first_stood(reform):
    before = codes(reform.bloc)

    unit = merge(reform, 3, 2)

    assert codes(reform.bloc) == [*before[:2], "so-nong-nghiep-va-moi-truong", before[4]]
    assert (unit.valid_from, unit.valid_to) == (DAY, None)
    assert (
        list(Unit.objects.filter(pk__in=reform.ids(2, 3)).values_list("valid_to", flat=True)) == [date(2026, 6, 30)] * 2
    )
    row = UnitYear.objects.get(unit=unit)
    assert (row.year, row.name, row.short_name) == (reform.year, NEW.name, "Sở NN&MT")


def test_merger_is_written_down_with_its_document(reform):
    unit = merge(reform, 2, 3)

    rows = Succession.objects.filter(successor=unit).order_by("position")
    assert [(row.predecessor_id, row.kind, row.on, row.document) for row in rows] == [
        (pk, "merge", DAY, PAPER["document"]) for pk in reform.ids(2, 3)
    ]
    event = AuditEvent.objects.get(action="unit.merge")
    assert event.before == {"Đơn vị": [reform.units[2].name, reform.units[3].name]}
    assert event.after == {"Đơn vị kế tục": NEW.name, "Từ ngày": "01/07/2026"}
    assert event.note == PAPER["document"]


def test_unit_takes_others_in(reform):
    before = codes(reform.bloc)

    unit = merge(reform, 3, 2, into=reform.ids(3)[0])

    assert unit.pk == reform.ids(3)[0]
    assert codes(reform.bloc) == [code for code in before if code != reform.units[2].unit.code]
    assert Unit.objects.get(pk=unit.pk).valid_to is None


def test_head_is_lost_unless_the_successor_is_chosen(reform):
    merge(reform, 0, 3)

    assert offices(reform.bloc) == {"deputy1": reform.units[1].name}


def test_successor_takes_the_highest_office_where_it_is_chosen(reform):
    merge(reform, 1, 0, choices=Choices(offices=frozenset({reform.bloc.pk})))

    assert offices(reform.bloc) == {"head": NEW.name}


def test_deputy_that_stays_becomes_head_where_it_is_chosen(reform):
    merge(reform, 1, 0, into=reform.ids(1)[0], choices=Choices(offices=frozenset({reform.bloc.pk})))

    assert offices(reform.bloc) == {"head": reform.units[1].name}


def test_second_deputy_moves_up(reform):
    reform.bloc.memberships.filter(unit=reform.units[2]).update(role="deputy", deputy_rank=2)

    merge(reform, 1, 3)

    assert offices(reform.bloc) == {"head": reform.units[0].name, "deputy1": reform.units[2].name}


def test_board_chooses_among_the_blocs_of_a_tier(reform):
    other = make_bloc_year(reform.year)
    ids = [*reform.ids(2), members_of(other)[2].unit_id]

    successions.merge(ids, into=NEW, by=reform.staff, choices=Choices(blocs=frozenset({other.pk})), **PAPER)

    assert (len(codes(reform.bloc)), codes(other)[2]) == (4, "so-nong-nghiep-va-moi-truong")


def test_unit_that_stays_does_not_change_its_bloc(reform):
    other = make_bloc_year(reform.year)
    ids, choices = [*reform.ids(2), members_of(other)[2].unit_id], Choices(blocs=frozenset({other.pk}))

    with pytest.raises(RuleBroken, match=r"đã thuộc .* cùng tầng"):
        successions.merge(ids, into=ids[0], by=reform.staff, choices=choices, **PAPER)

    assert (len(codes(reform.bloc)), len(codes(other))) == (5, 3)


def test_each_tier_has_its_heir(reform):
    Membership.objects.filter(bloc_year=reform.bloc).update(tier=1)
    upper = make_bloc_year(reform.year, members=[reform.units[2]], head=False, deputy=False)

    merge(reform, 2, 3)

    assert codes(upper) == ["so-nong-nghiep-va-moi-truong"]
    assert reform.bloc.memberships.get(unit__name=NEW.name).tier == 1


def test_closed_bloc_and_past_year_stay(reform):
    past = make_year(reform.authority, year=2025)
    old = [make_unit_year(past, code=unit.unit.code, name=f"{unit.name} cũ") for unit in reform.units]
    before = make_bloc_year(past, members=old)
    Membership.objects.filter(bloc_year=reform.bloc).update(tier=1)
    closed = make_bloc_year(reform.year, members=reform.units[2:4], head=False, deputy=False, is_closed=True)

    merge(reform, 2, 3)

    assert members_of(before) == old
    assert members_of(closed) == reform.units[2:4]
    assert not UnitYear.objects.filter(year=past, name=NEW.name).exists()


def test_year_in_preparation_knows_the_new_unit_only(reform):
    coming = make_year(reform.authority, year=2027, is_open=False)
    rows = [make_unit_year(coming, code=unit.unit.code) for unit in reform.units]
    bloc = make_bloc_year(coming, members=rows)

    merge(reform, 2, 3)

    assert codes(bloc)[2] == "so-nong-nghiep-va-moi-truong"
    assert not UnitYear.objects.filter(pk__in=[rows[2].pk, rows[3].pk]).exists()


def test_facts_stay_with_who_made_them(reform):
    report = make_unit_report(reform.bloc, unit=reform.units[2])

    merge(reform, 2, 3)

    report.refresh_from_db()
    assert report.unit == reform.units[2]


def test_obligations_follow(reform):
    make_milestone(reform.bloc, Milestone.COVENANT, due="2026-03-01 17:00")
    make_milestone(reform.bloc, Milestone.UNIT_REPORT, due="2026-11-20 17:00")
    Receipt.objects.bulk_create(
        Receipt(bloc_year=reform.bloc, unit=unit, kind="covenant", at=at("2026-02-20 08:00")) for unit in reform.units
    )
    obligations.renew_bloc(reform.bloc.pk)

    unit = merge(reform, 2, 3)

    kept = Obligation.objects.filter(unit__unit__in=reform.ids(2, 3))
    assert [(row.code, row.is_on_time) for row in kept] == [("covenant", True)] * 2
    assert [row.code for row in Obligation.objects.filter(unit__unit=unit)] == ["unit-report"]


def test_ended_unit_owes_nothing_that_is_due_later_in_a_closed_bloc(reform):
    make_bloc_year(reform.year)
    for code, due in ((Milestone.COVENANT, "2026-03-01 17:00"), (Milestone.UNIT_REPORT, "2026-11-20 17:00")):
        make_milestone(reform.bloc, code, due=due)
    Receipt.objects.create(bloc_year=reform.bloc, unit=reform.units[2], kind="unit-report", at=timezone.now())
    reform.year.bloc_years.filter(pk=reform.bloc.pk).update(is_closed=True)

    dissolve(reform, 1)
    dissolve(reform, 2)

    owed = Obligation.objects.order_by("position").values_list("code", flat=True)
    assert list(owed.filter(unit=reform.units[1])) == ["covenant"]
    assert list(owed.filter(unit=reform.units[2])) == ["covenant", "unit-report"]  # it had delivered


def test_people_of_both_work_for_the_new_unit_from_that_day(reform):
    leader, reporter = make_user(Role.UNIT_LEADER, unit=reform.units[2]), make_user()
    make_seat(reporter, Role.UNIT_REPORTER, unit=reform.units[3], valid_to=date(2027, 1, 1))
    make_seat(reporter, Role.UNIT_REPORTER, unit=reform.units[2])
    make_seat(make_user(), Role.UNIT_LEADER, unit=reform.units[2], valid_to=date(2026, 6, 1))

    unit = merge(reform, 2, 3)

    seats = Seat.objects.filter(unit=unit).order_by("role")
    assert [(row.user, row.role, row.valid_from, row.valid_to) for row in seats] == [
        (leader, "unit_leader", DAY, None),
        (reporter, "unit_reporter", DAY, None),
    ]
    assert Seat.objects.in_force().filter(user=leader, unit=reform.units[2].unit).exists()


@pytest.mark.parametrize(("kept", "ends"), [(True, None), (False, date(2026, 8, 15))])
def test_heads_people_keep_the_office_with_their_new_unit_only(reform, kept, ends):
    person = make_user(Role.UNIT_LEADER, unit=reform.units[0])
    seat = make_seat(person, Role.BLOC_HEAD, bloc_year=reform.bloc)
    choices = Choices(offices=frozenset({reform.bloc.pk}) if kept else frozenset())

    merge(reform, 0, 3, choices=choices)

    seat.refresh_from_db()
    assert seat.valid_to == ends


# ---------------------------------------------------------------- split, rename, dissolve


def test_new_unit_stands_beside_the_one_that_goes_on(reform):
    before = codes(reform.bloc)

    (unit,) = split(reform, 1, "Chi cục Mới")

    assert codes(reform.bloc) == [*before[:2], "chi-cuc-moi", *before[2:]]
    assert offices(reform.bloc)["deputy1"] == reform.units[1].name
    assert (unit.valid_from, Unit.objects.get(pk=reform.ids(1)[0]).valid_to) == (DAY, None)
    assert Succession.objects.get(successor=unit).kind == "split"


def test_unit_that_ends_leaves_its_place_to_the_new_ones(reform):
    before, person = codes(reform.bloc), make_user(Role.UNIT_LEADER, unit=reform.units[0])

    units = split(reform, 0, "Sở Một", "Sở Hai", continues=False, choices=Choices(offices=frozenset({reform.bloc.pk})))

    assert codes(reform.bloc) == ["so-mot", "so-hai", *before[1:]]
    assert offices(reform.bloc)["head"] == "Sở Một"
    assert Unit.objects.get(pk=reform.ids(0)[0]).valid_to == date(2026, 6, 30)
    assert set(person.seats.values_list("role", "unit", "bloc_year")) == {
        ("unit_leader", reform.ids(0)[0], None),
        ("unit_leader", units[0].pk, None),
        ("bloc_head", None, reform.bloc.pk),
    }


def test_new_name_holds_in_the_year_of_the_day_and_later(reform):
    past, coming = make_year(reform.authority, year=2025), make_year(reform.authority, year=2027, is_open=False)
    unit = reform.units[2]
    old, later = (make_unit_year(year, code=unit.unit.code, name="Ban Dân tộc") for year in (past, coming))
    UnitYear.objects.filter(pk=unit.pk).update(name="Ban Dân tộc", short_name="BDT")

    row = rename(reform, 2, "Sở Dân tộc và Tôn giáo")

    names = [UnitYear.objects.get(pk=pk).name for pk in (old.pk, unit.pk, later.pk)]
    assert names == ["Ban Dân tộc", "Sở Dân tộc và Tôn giáo", "Sở Dân tộc và Tôn giáo"]
    assert (row.old_name, row.old_short_name, row.new_short_name, row.on) == ("Ban Dân tộc", "BDT", "BDT", DAY)
    assert UnitYear.objects.search("so dan toc").count() == 2


def test_year_closed_to_the_unit_keeps_its_former_name(reform):
    make_bloc_year(reform.year)
    reform.year.bloc_years.filter(pk=reform.bloc.pk).update(is_closed=True)
    name = reform.units[2].name

    row = rename(reform, 2, "Sở Dân tộc và Tôn giáo")

    assert UnitYear.objects.get(pk=reform.units[2].pk).name == name
    assert (row.old_name, row.new_name) == (name, "Sở Dân tộc và Tôn giáo")


def test_dissolved_unit_leaves_its_bloc(reform):
    unit = dissolve(reform, 0)

    assert len(codes(reform.bloc)) == 4
    assert offices(reform.bloc) == {"deputy1": reform.units[1].name}
    row = Succession.objects.get(predecessor=unit)
    assert (row.successor, row.kind, row.on, row.document) == (None, "dissolve", DAY, PAPER["document"])


# ---------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda r: merge(r, 1), "ít nhất hai"),
        (lambda r: merge(r, 1, 1), "ít nhất hai"),
        (lambda r: merge(r, 1, 2, document="  "), "Cần ghi văn bản"),
        (lambda r: merge(r, 1, 2, into=NewUnit(name=" ")), "Cần ghi tên đơn vị mới"),
        (lambda r: merge(r, 1, 2, into=NewUnit(name="Sở", code=r.units[4].unit.code)), "đã dùng cho đơn vị khác"),
        (lambda r: merge(r, 1, 2, into=NewUnit(name=r.units[4].name, code="x")), "đã có đơn vị tên"),
        (lambda r: merge(r, 1, 2, into=NewUnit(name="...")), "phải có chữ hoặc số"),
        (lambda r: merge(r, 1, 2, into=r.ids(3)[0]), "phải là một trong"),
        (lambda r: merge(r, 1, 2, on=date(2026, 9, 1)), "chưa đến"),
        (lambda r: merge(r, 1, 2, on=date(2027, 1, 1)), "ở ngoài các năm thi đua"),
        (lambda r: successions.dissolve(0, by=r.staff, **PAPER), "không có trong danh sách"),
        (lambda r: split(r, 1), "ít nhất một đơn vị mới"),
        (lambda r: split(r, 1, "Sở Một", continues=False), "ít nhất hai đơn vị mới"),
        (lambda r: split(r, 1, "Sở Một", "Sở Một"), "tên khác nhau"),
        (lambda r: rename(r, 1, " "), "Cần ghi tên mới"),
        (lambda r: rename(r, 1, r.units[1].name), "giống tên đang dùng"),
        (lambda r: rename(r, 1, r.units[2].name), "đã có đơn vị tên"),
    ],
)
def test_act_is_refused_with_its_reason(reform, act, words):
    before = (codes(reform.bloc), Unit.objects.count(), UnitYear.objects.count())

    with pytest.raises(RuleBroken, match=words):
        act(reform)

    assert (codes(reform.bloc), Unit.objects.count(), UnitYear.objects.count()) == before
    assert not Succession.objects.exists()
    assert not UnitRename.objects.exists()
    assert not AuditEvent.objects.exists()


def test_ended_unit_and_day_before_the_beginning_are_refused(reform):
    Unit.objects.filter(pk=reform.ids(1)[0]).update(valid_to=date(2026, 5, 31))
    Unit.objects.filter(pk=reform.ids(2)[0]).update(valid_from=DAY)

    with pytest.raises(RuleBroken, match=r"đã thôi hoạt động sau ngày 31/05/2026"):
        dissolve(reform, 1)
    with pytest.raises(RuleBroken, match=r"có từ ngày 01/07/2026"):
        dissolve(reform, 2)


def test_closed_year_is_refused(reform):
    reform.year.bloc_years.update(is_closed=True)

    with pytest.raises(RuleBroken, match=r"đã chốt số liệu của mọi khối; ghi ngày sau 31/12/2026"):
        dissolve(reform, 1)


def test_second_rename_comes_after_the_first(reform):
    rename(reform, 1, "Sở Một")

    with pytest.raises(RuleBroken, match=r"đã đổi tên thành “Sở Một” từ ngày 01/07/2026"):
        rename(reform, 1, "Sở Hai")


def test_units_of_two_authorities_do_not_merge(reform):
    other = make_unit_year()

    with pytest.raises(RuleBroken, match="không có trong danh sách"):
        successions.merge([*reform.ids(1), other.unit_id], into=NEW, by=reform.staff, **PAPER)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.BOARD_STAFF])
def test_only_the_board_may(reform, role):
    user = make_user(role, bloc_year=reform.bloc)

    with pytest.raises(NotAllowed):
        successions.merge(reform.ids(1, 2), into=NEW, by=user, **PAPER)


def test_board_of_another_authority_may_not(reform):
    with pytest.raises(NotAllowed):
        successions.dissolve(reform.ids(1)[0], by=make_user(Role.BOARD_STAFF), **PAPER)
