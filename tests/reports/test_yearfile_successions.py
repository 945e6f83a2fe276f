"""A later act on units leaves the file of a past year as it was, byte for byte; the running year's file is taken again."""

from datetime import date

import pytest
import time_machine

from blocs.domain import successions, unit_table
from blocs.domain.heirs import Choices
from blocs.domain.successions import NewUnit
from blocs.enums import Role
from blocs.models import BlocYear, Obligation, UnitYear, Year
from reports.domain.papers import summary
from reports.domain.unit_effects import effects
from tests.blocs.succession_rows import PAPER, Reform
from tests.factories import (
    make_bloc_year,
    make_movement,
    make_proposal,
    make_summary_report,
    make_unit_year,
    make_user,
    make_year,
)
from tests.reports.yearfiles import SAMPLES, exported, load

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stored_rules")]
NEW = NewUnit(name="Hội Nhà báo và Luật gia tỉnh")


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-23 09:00+07:00", tick=False):
        yield


def with_past():
    """The reform's units in the running year and, under former names, in the year before."""
    reform = Reform()
    past = make_year(reform.authority, year=2025)
    old = [make_unit_year(past, code=unit.unit.code, name=f"{unit.name} cũ") for unit in reform.units]
    make_bloc_year(past, members=old)
    return reform, past


def merge(reform):
    return successions.merge(reform.ids(1, 2), into=NEW, by=reform.staff, **PAPER)


def absorb(reform):
    return successions.merge(reform.ids(1, 2), into=reform.ids(1)[0], by=reform.staff, **PAPER)


def split(reform):
    into = [NewUnit("Sở Một"), NewUnit("Sở Hai")]
    return successions.split(reform.ids(1)[0], into=into, continues=False, by=reform.staff, **PAPER)


def rename(reform):
    return successions.rename(reform.ids(1)[0], name="Sở Ba", by=reform.staff, **PAPER)


def dissolve(reform):
    return successions.dissolve(reform.ids(1)[0], by=reform.staff, **PAPER)


ACTS = pytest.mark.parametrize("act", [merge, absorb, split, rename, dissolve])


@ACTS
def test_file_of_the_past_year_is_the_same_byte_for_byte(act):
    reform, past = with_past()
    before = exported(past)

    act(reform)

    assert exported(past) == before


@ACTS
def test_file_of_the_running_year_is_taken_again_without_a_change(act):
    reform, past = with_past()
    act(reform)
    running, former = exported(reform.year), exported(past)

    for file in (running, former):
        _, changes, _ = load(file)
        assert bool(changes) is False

    assert (exported(reform.year), exported(past)) == (running, former)


@ACTS
def test_looking_at_the_effects_changes_nothing(act):
    reform, past = with_past()
    before = [exported(year) for year in (past, reform.year)]

    effects(lambda: act(reform), reform.ids(1, 2), PAPER["on"])

    assert [exported(year) for year in (past, reform.year)] == before


@pytest.mark.slow
def test_merger_in_the_sample_province_leaves_its_past_alone():
    years = [load(path.read_bytes())[0] for path in SAMPLES if path.stem.startswith("son-ha")]
    past = [year for year in years if year.ends_on < date(2026, 1, 1)]
    before = [exported(year) for year in past]
    staff = make_user(Role.BOARD_STAFF, authority=years[0].authority)
    units = UnitYear.objects.filter(year__label="2026", unit__code__in=["hoi-nha-bao", "hoi-luat-gia"])
    ids = list(units.order_by("position").values_list("unit", flat=True))
    blocs = BlocYear.objects.filter(year__label="2026", memberships__unit__in=units).values_list("pk", flat=True)

    unit = successions.merge(
        ids, into=NEW, on=date(2026, 7, 1), document="QĐ 1", by=staff, choices=Choices(offices=frozenset(blocs))
    )

    assert [exported(year) for year in past] == before
    assert load(exported(Year.objects.get(label="2026")))[0].label == "2026"
    left = Obligation.objects.filter(unit__unit__in=ids, bloc_year__is_closed=False)
    assert not left.filter(received_at=None).exists()  # what they had delivered still counts
    assert Obligation.objects.filter(unit__unit=unit).exists()


def test_adopted_report_keeps_the_names_of_its_day():
    reform = Reform()
    old, unit = reform.units[2].name, reform.units[2]
    make_movement(owner=unit)
    make_proposal(reform.bloc, unit)
    report = make_summary_report(reform.bloc, state="adopted", adopted_on=date(2026, 6, 30))
    successions.rename(unit.unit_id, name="Sở Ba", by=reform.staff, **PAPER)

    before = repr(summary.build(reform.bloc))
    type(report).objects.filter(pk=report.pk).update(adopted_on=PAPER["on"])
    after = repr(summary.build(reform.bloc))

    assert (before.count("Sở Ba"), after.count(f"'{old}'")) == (0, 0)
    assert before.count(f"'{old}'") == after.count("'Sở Ba'") > 2


def test_papers_of_the_past_year_keep_their_names():
    reform, past = with_past()
    names = list(UnitYear.objects.filter(year=past).values_list("name", flat=True))

    merge(reform)
    successions.rename(reform.ids(3)[0], name="Sở Ba", by=reform.staff, **PAPER)

    assert list(UnitYear.objects.filter(year=past).values_list("name", flat=True)) == names


def test_sample_tells_the_reform_of_the_first_of_july_2025():
    """Law: two levels only; the district's units end, the merged department is called by its name of the year."""
    years = {
        year.label: year
        for path in SAMPLES
        if path.stem in ("son-ha-2025", "son-ha-2026")
        for year in [load(path.read_bytes())[0]]
    }
    names = {
        label: set(year.bloc_years.values_list("memberships__unit__name", flat=True)) for label, year in years.items()
    }
    city, commune = (
        UnitYear.objects.get(year=years["2025"], unit__code=code) for code in ("thanh-pho-son-ha", "phuong-trung-ha")
    )

    assert {"Thành phố Sơn Hà", "Sở Tài nguyên và Môi trường", "Sở Nông nghiệp và Môi trường"} <= names["2025"]
    assert not {"Thành phố Sơn Hà", "Sở Tài nguyên và Môi trường"} & names["2026"]
    assert "Sở Nông nghiệp và Môi trường" in names["2026"]
    assert (city.unit.valid_to, commune.unit.valid_from) == (date(2025, 6, 30), date(2025, 7, 1))
    assert [event.others for event in unit_table.events(commune.unit)] == [("Thành phố Sơn Hà",)]
    late = Obligation.objects.filter(unit=city, due_at__date__gt=city.unit.valid_to, received_at=None)
    assert not late.exists()
