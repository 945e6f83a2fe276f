"""What an act on units would do, shown before it is done."""

from datetime import date

import pytest
import time_machine

from blocs.domain import successions
from blocs.domain.heirs import Choices
from blocs.domain.successions import NewUnit
from blocs.enums import Role
from blocs.errors import RuleBroken
from blocs.models import BlocType, BlocYear
from reports.domain.unit_effects import effects, offers
from tests.blocs.succession_rows import DAY, PAPER, Reform
from tests.factories import (
    make_bloc_year,
    make_milestone,
    make_movement,
    make_proposal,
    make_quota,
    make_unit_report,
    make_user,
    members_of,
)

pytestmark = pytest.mark.django_db
NEW = NewUnit(name="Sở mới")


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-08-15 09:00+07:00", tick=False):
        yield


@pytest.fixture
def reform():
    return Reform()


def merging(reform, *numbers, into=NEW, **rest):
    ids = reform.ids(*numbers)
    act = lambda: successions.merge(ids, into=into, by=reform.staff, **PAPER, **rest)  # noqa: E731 -- an act, not done yet
    return effects(act, ids, DAY)


def dissolving(reform, number):
    ids = reform.ids(number)
    return effects(lambda: successions.dissolve(ids[0], by=reform.staff, **PAPER), ids, DAY)


def words(lines):
    return [(line.look, line.words) for line in lines]


def test_members_before_and_after(reform):
    (bloc,) = merging(reform, 2, 3).blocs

    assert (bloc.bloc_year, bloc.before, bloc.after) == (reform.bloc, 5, 4)
    assert (bloc.left, bloc.came) == ((reform.units[2].name, reform.units[3].name), ("Sở mới",))


def test_size_limit_and_quota_by_size(reform):
    BlocType.objects.create(authority=reform.authority, code="so", name="Các sở", min_members=5)
    BlocYear.objects.filter(pk=reform.bloc.pk).update(type="so", desk_officer=reform.staff)
    make_quota(reform.bloc, by_size=[{"ge": 5, "max": 2}, {"le": 4, "max": 1}])

    (bloc,) = merging(reform, 2, 3).blocs

    assert words(bloc.lines) == [
        ("late", "4 đơn vị, ít hơn 5 theo loại hình."),
        ("late", "Cờ thi đua của UBND tỉnh: 2 → 1 (khối có 4 thành viên nên được 1)."),
    ]


def test_lost_head_and_the_one_who_follows(reform):
    head, choices = reform.units[0].name, Choices(offices=frozenset({reform.bloc.pk}))

    lost, kept = merging(reform, 0, 3), merging(reform, 0, 3, choices=choices)

    assert words(lost.blocs[0].lines)[0] == ("late", f"Khối mất Khối trưởng ({head}); cần chọn đơn vị khác.")
    assert words(kept.blocs[0].lines)[0] == ("ok", f"Khối trưởng: {head} → Sở mới.")


def test_lost_deputy(reform):
    assert words(dissolving(reform, 1).blocs[0].lines)[0] == ("late", f"Khối mất Khối phó ({reform.units[1].name}).")


def test_obligations_are_counted(reform):
    make_milestone(reform.bloc, due="2026-11-20 17:00")

    (bloc,) = merging(reform, 2, 3).blocs

    assert words(bloc.lines) == [("ok", "Việc phải làm: bớt 2, thêm 1.")]


def test_what_was_done_stays_with_its_unit(reform):
    make_unit_report(reform.bloc, unit=reform.units[2])
    make_proposal(reform.bloc, reform.units[2])

    lines = words(merging(reform, 2, 3).lines)

    assert len(lines) == 1
    look, line = lines[0]
    assert (look, line.startswith(f"Giữ nguyên dưới tên {reform.units[2].name}, năm 2026: ")) == ("idle", True)
    assert "1 báo cáo của đơn vị" in line
    assert "1 đề nghị khen thưởng" in line


def test_people_and_movements(reform):
    make_user(Role.UNIT_LEADER, unit=reform.units[2])
    make_movement(owner=reform.units[2], name="Chung sức")

    merged, dissolved = merging(reform, 2, 3), dissolving(reform, 2)

    assert words(merged.lines)[:2] == [
        ("ok", f"Phong trào “Chung sức” năm 2026: cơ quan chủ trì {reform.units[2].name} → Sở mới."),
        ("ok", "1 vị trí của người đơn vị cũ được cấp thêm ở Sở mới."),
    ]
    assert ("late", "Phong trào “Chung sức” năm 2026 cần chọn cơ quan chủ trì khác.") in words(dissolved.lines)


def test_closed_bloc_says_that_it_stays(reform):
    make_bloc_year(reform.year)
    BlocYear.objects.filter(pk=reform.bloc.pk).update(is_closed=True)

    (bloc,) = merging(reform, 2, 3).blocs

    assert (bloc.before, bloc.after) == (5, 5)
    assert words(bloc.lines) == [("idle", "Khối đã chốt số liệu của năm: danh sách thành viên giữ nguyên.")]


def test_rename_is_told_and_nothing_else(reform):
    ids, name = reform.ids(2), reform.units[2].name

    found = effects(lambda: successions.rename(ids[0], name="Sở Ba", by=reform.staff, **PAPER), ids, DAY)

    assert words(found.blocs[0].lines) == [("ok", f"Đổi tên: {name} → Sở Ba.")]


def test_bloc_that_nothing_happens_to_says_so(reform):
    into = [NewUnit("Sở Một")]
    ids = reform.ids(2)

    found = effects(lambda: successions.split(ids[0], into=into, continues=True, by=reform.staff, **PAPER), ids, DAY)

    assert (found.blocs[0].left, found.blocs[0].came) == ((), ("Sở Một",))
    assert [line.look for line in found.blocs[0].lines] == ["idle"]


def test_refusal_comes_before_any_effect(reform):
    with pytest.raises(RuleBroken, match="ít nhất hai"):
        merging(reform, 2)


def test_equal_acts_have_one_fingerprint(reform):
    found = [merging(reform, 2, 3).fingerprint for _ in range(2)]

    assert found[0] == found[1]
    assert merging(reform, 2, 4).fingerprint != found[0]


def test_choices_are_offered_tier_by_tier(reform):
    other = make_bloc_year(reform.year)
    ids = [reform.ids(0)[0], members_of(other)[1].unit_id]

    (offer,) = offers(ids, DAY, founds=True)

    assert offer.blocs == (reform.bloc, other)
    assert offer.offices == ((reform.bloc, "Khối trưởng"), (other, "Khối phó"))
    assert offers(reform.ids(1, 0), DAY, founds=True)[0].offices == ((reform.bloc, "Khối trưởng"),)
    assert offers(reform.ids(3, 4), DAY, founds=True) == []
    assert offers(ids, date(2027, 1, 1), founds=True) == []
    assert offers(ids, DAY, founds=False)[0].blocs == ()
