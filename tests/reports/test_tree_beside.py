"""A bloc that moves in the tree puts no unit beside another open year in its new tier: page, workbook and file alike."""

from datetime import date

import pytest

from blocs.domain.bloc_edits import save_bloc
from blocs.domain.files import FileRefused, write_yaml
from blocs.errors import RuleBroken
from blocs.models import BlocYear, Membership
from reports.domain import uploads
from reports.domain.yearfile.dump import export_year
from reports.domain.yearfile.load import import_year
from reports.enums import UploadKind
from tests.blocs.organisation_rows import fields_of
from tests.factories import make_bloc_year, make_summary_report, make_unit_year, make_year
from tests.reports.workbook_desk import WHY, Desk, faults

pytestmark = pytest.mark.django_db
BESIDE = "đang ở “Khối trường” của năm 2026-2027, năm đã mở có ngày trùng với năm 2026, sẽ bị giao việc hai lần"
BLOCS = ("Mã", "Tên", "Hình thức", "Thuộc khối (mã)")


@pytest.fixture
def desk():
    """The second unit of the bloc of 2026, which stands at the top, is also in a sub-bloc of the school year."""
    found = Desk()
    found.above = make_bloc_year(found.year, name="Cụm trên", members=1, deputy=False)
    school = make_year(
        found.year.authority, label="2026-2027", starts_on=date(2026, 9, 1), ends_on=date(2027, 8, 31)
    )  # fmt: skip
    found.there = make_unit_year(school, code=found.codes[1], name="Trường A")
    found.beside = make_bloc_year(school, name="Khối trường", members=[found.there])
    found.beside.memberships.update(tier=1)
    return found


def tier_of(bloc):
    return set(Membership.objects.filter(bloc_year=bloc).values_list("tier", flat=True))


def by_page(desk):
    fields = fields_of(desk.bloc, parent=desk.above)
    save_bloc(desk.year.pk, fields, by=desk.by, bloc_year_id=desk.bloc.pk, reason=WHY)


def as_file(desk):
    data = export_year(desk.year)
    data["blocs"][0]["parent"] = desk.above.bloc.code
    return write_yaml(data).encode()


def bring_file(desk):
    return uploads.keep(
        UploadKind.YEAR, desk.year.authority, desk.year, by=desk.by, content=as_file(desk), name="nam.yaml"
    )


def lines(desk):
    return BLOCS, (desk.bloc.bloc.code, desk.bloc.name, "", desk.above.bloc.code)


WAYS = {
    "page": by_page,
    "workbook": lambda desk: desk.take(desk.bring(UploadKind.BLOCS, *lines(desk))),
    "file": lambda desk: desk.take(bring_file(desk)),
}


def test_page_refuses(desk):
    with pytest.raises(RuleBroken, match=f"Đặt như vậy không được: Trường A {BESIDE}"):
        by_page(desk)
    assert tier_of(desk.bloc) == {0}


def test_workbook_refuses(desk):
    (fault,) = faults(desk.plan(UploadKind.BLOCS, *lines(desk)))
    assert BESIDE in fault


def test_file_refuses(desk):
    with pytest.raises(FileRefused) as refusal:
        bring_file(desk)
    assert [(fault.path, BESIDE in fault.message) for fault in refusal.value.faults] == [("blocs[0].parent", True)]


def test_command_warns(desk):
    _, _, warnings = import_year(as_file(desk))
    assert [line.split(":")[0] for line in warnings if BESIDE in line] == ["blocs[0].parent"]
    assert tier_of(desk.bloc) == {1}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("why", ["closed there", "closed here", "in preparation", "stands in both already"])
def test_bloc_moves_where_nobody_is_asked_twice_by_it(desk, way, why):
    """A closed bloc here hangs below the one that moves."""
    moved = desk.bloc
    if why == "closed there":
        BlocYear.objects.filter(pk=desk.beside.pk).update(is_closed=True)
    elif why == "in preparation":
        desk.beside.year.is_open = False
        desk.beside.year.save()
    elif why == "closed here":
        desk.beside.memberships.update(tier=2)
        make_below(desk, moved, is_closed=True)
    else:  # a member of another bloc, which does not move, is in both: that holds nothing up
        desk.beside.memberships.update(tier=0)
        Membership.objects.filter(bloc_year=moved, unit__unit=desk.there.unit).delete()
        make_bloc_year(desk.year, members=[desk.units[1]], head=False, deputy=False)
    WAYS[way](desk)
    assert tier_of(moved) == {1}


def make_below(desk, above, **columns):
    Membership.objects.filter(bloc_year=above, unit=desk.units[1]).delete()
    below = make_bloc_year(desk.year, parent=above, members=0, **columns)
    if columns:  # a file closes only what is settled
        make_summary_report(below, state="submitted")
    Membership.objects.create(bloc_year=below, unit=desk.units[1], tier=1)


def test_bloc_below_the_one_that_moves_counts_too(desk):
    desk.beside.memberships.update(tier=2)
    make_below(desk, desk.bloc)
    with pytest.raises(RuleBroken, match=BESIDE):
        by_page(desk)
