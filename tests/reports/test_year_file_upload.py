"""The year file in the browser: what it would do in words, and that it does no more than the pages."""

from datetime import date

import pytest
from django.utils import timezone

from awards.models import Decision
from blocs.domain import memberships
from blocs.domain.files import FileRefused, write_yaml
from blocs.enums import Role
from blocs.errors import RuleBroken
from blocs.models import AuditEvent, BlocYear, Membership, Obligation, Seat, Year
from reports.domain import uploads
from reports.domain.yearfile.dump import export_year
from reports.domain.yearfile.load import import_year
from reports.enums import UploadKind
from reports.models import Upload
from tests.at_once import needs_row_locks, two_at_once
from tests.factories import (
    make_authority,
    make_bloc_year,
    make_milestone,
    make_seat,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)
from tests.reports.workbook_desk import WHY, Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return Desk()


def year_file(desk, **changes):
    return write_yaml(export_year(desk.year) | changes).encode()


def test_year_file_tells_what_it_would_do(desk):
    upload = uploads.keep(
        UploadKind.YEAR,
        desk.year.authority,
        desk.year,
        by=desk.by,
        content=year_file(desk, theme="Chủ đề mới"),
        name="nam.yaml",
    )

    plan = uploads.preview(upload, by=desk.by)
    desk.take(upload)
    desk.year.refresh_from_db()

    assert [(line.state, line.changes) for line in plan.lines] == [("changed", (("chủ đề", "", "Chủ đề mới"),))]
    assert (desk.year.theme, plan.running) == ("Chủ đề mới", "2026")
    assert AuditEvent.objects.get(action="year.import").note == WHY


def test_year_file_names_each_new_row(desk):
    units = [
        *export_year(desk.year)["units"],
        {"code": "so-moi", "name": "Sở Mới"},
        {"code": "hoi-moi", "name": "Hội Mới"},
    ]
    content = year_file(desk, units=units)

    plan = uploads.preview(
        uploads.keep(UploadKind.YEAR, desk.year.authority, desk.year, by=desk.by, content=content, name="nam.yaml"),
        by=desk.by,
    )

    assert [(line.state, line.label) for line in plan.lines] == [
        ("new", "đơn vị: so-moi"),
        ("new", "đơn vị: hoi-moi"),
        ("new", "đơn vị trong năm: Sở Mới"),
        ("new", "đơn vị trong năm: Hội Mới"),
    ]


def test_faults_of_a_year_file_are_told_by_path(desk):
    content = year_file(desk, units=[{"code": "a/b", "name": "A"}, {"code": "c"}])

    with pytest.raises(FileRefused) as refusal:
        uploads.keep(UploadKind.YEAR, desk.year.authority, desk.year, by=desk.by, content=content, name="nam.yaml")

    assert [fault.path for fault in refusal.value.faults][:2] == ["units[0].code", "units[1].name"]
    assert not Upload.objects.exists()


def test_year_file_of_another_authority_is_refused(desk):
    other = make_authority()
    content = year_file(desk, authority={"code": other.code, "name": other.name})

    with pytest.raises(FileRefused) as refusal:
        uploads.keep(UploadKind.YEAR, desk.year.authority, desk.year, by=desk.by, content=content, name="nam.yaml")

    assert [fault.path for fault in refusal.value.faults] == ["authority.code"]


# ---------------------------------------------------------------- no more than the pages


def bring_year(desk, content):
    return uploads.keep(UploadKind.YEAR, desk.year.authority, desk.year, by=desk.by, content=content, name="nam.yaml")


def next_year(desk):
    return year_file(desk, year=2027, label="2027")


def test_year_that_a_file_brings_waits_to_be_opened(desk):
    make_milestone(desk.bloc, due="2026-11-20 17:00")
    make_user(Role.UNIT_LEADER, unit=desk.units[0])
    data = export_year(desk.year) | {"year": 2027, "label": "2027"}
    data["blocs"][0]["milestones"][0]["due"] = "2027-11-20"
    upload = bring_year(desk, write_yaml(data).encode())

    plan = desk.take(upload, reason="")
    year = Year.objects.get(label="2027")

    assert (year.is_open, year.bloc_years.count(), plan.running) == (False, 1, "")
    assert "năm 2027 vào ở dạng đang chuẩn bị" in plan.lines[-1].label
    assert not Obligation.objects.filter(bloc_year__year=year).exists()
    assert not Seat.objects.filter(bloc_year__year=year).exists()


def test_year_in_preparation_is_changed_without_a_reason(desk):
    desk.take(bring_year(desk, next_year(desk)), reason="")
    upload = bring_year(desk, year_file(desk, year=2027, label="2027", theme="Chủ đề mới"))

    desk.take(upload, reason="")

    year = Year.objects.get(label="2027")
    assert (year.theme, year.is_open) == ("Chủ đề mới", False)


def test_running_year_is_not_changed_by_a_file_without_a_reason(desk):
    other = make_year(desk.year.authority, year=2027, is_open=False)
    Upload.objects.all().delete()
    upload = bring_year(desk, year_file(desk, theme="Chủ đề mới"))
    Upload.objects.update(year=other)  # whatever year was chosen on the page, the file speaks of 2026

    with pytest.raises(RuleBroken, match="Năm 2026 đang chạy: cần ghi rõ lý do"):
        desk.take(Upload.objects.get(pk=upload.pk), reason=" ")

    desk.year.refresh_from_db()
    assert desk.year.theme == ""


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"starts_on": date(2025, 12, 1)}, "starts_on"),
        ({"ends_on": date(2027, 1, 31)}, "ends_on"),
        ({"label": "2026", "year": 2027, "starts_on": date(2026, 1, 1), "ends_on": date(2027, 1, 1)}, "year"),
    ],
)
def test_days_of_a_running_year_are_not_moved_by_a_file(desk, values, path):
    with pytest.raises(FileRefused) as refusal:
        bring_year(desk, year_file(desk, **values))

    assert path in [fault.path for fault in refusal.value.faults]


def closed_file(desk, **bloc):
    BlocYear.objects.filter(pk=desk.bloc.pk).update(is_closed=True)
    data = export_year(desk.year)
    data["blocs"][0] |= bloc
    return data


@pytest.mark.parametrize(
    ("bloc", "path"),
    [
        ({"name": "Tên khác"}, "blocs[0].name"),
        ({"supervisor": "Người khác"}, "blocs[0].supervisor"),
        ({"quotas": [{"award": "CTDT", "max": 9}]}, "blocs[0].quotas"),
        ({"milestones": [{"code": "covenant", "due": "2026-03-01"}]}, "blocs[0].milestones"),
        ({"holds": [{"unit": None, "code": "KY_LUAT"}]}, "blocs[0].holds"),
    ],
)
def test_closed_bloc_is_not_changed_by_a_file(desk, bloc, path):
    for hold in bloc.get("holds", []):
        hold["unit"] = desk.codes[0]
    content = write_yaml(closed_file(desk, **bloc)).encode()

    with pytest.raises(FileRefused) as refusal:
        bring_year(desk, content)

    assert [fault.path for fault in refusal.value.faults] == [path]
    assert BlocYear.objects.get(pk=desk.bloc.pk).name == desk.bloc.name


def test_unit_of_a_closed_bloc_keeps_its_name(desk):
    data = closed_file(desk)
    data["units"][1]["name"] = "Tên khác"

    with pytest.raises(FileRefused) as refusal:
        bring_year(desk, write_yaml(data).encode())

    assert [fault.path for fault in refusal.value.faults] == ["units[1].name"]


def test_decision_and_next_head_come_after_the_report(desk):
    code = desk.codes[1]
    decisions = [{"number": "9/QĐ-UBND", "dated": "2027-01-15", "awards": {"CTDT": [code]}}]
    data = closed_file(desk, decisions=decisions, awarded={"CTDT": [code]}, next_head=code)

    desk.take(bring_year(desk, write_yaml(data).encode()))

    assert export_year(desk.year)["blocs"][0]["next_head"] == code
    assert Decision.objects.get().number == "9/QĐ-UBND"


def test_open_bloc_beside_a_closed_one_is_changed(desk):
    make_bloc_year(desk.year, name="Khối còn mở", members=1, deputy=False)
    data = closed_file(desk)
    data["blocs"][1]["name"] = "Khối tên mới"

    desk.take(bring_year(desk, write_yaml(data).encode()))

    assert BlocYear.objects.filter(name="Khối tên mới").exists()


def test_new_head_of_a_running_year_gets_the_seat_and_the_former_gives_it_back(desk):
    former = make_user(Role.UNIT_LEADER, unit=desk.units[0])
    make_seat(former, Role.BLOC_HEAD, bloc_year=desk.bloc)
    leader = make_user(Role.UNIT_LEADER, unit=desk.units[2])
    data = export_year(desk.year)
    data["blocs"][0]["head"] = desk.codes[2]

    plan = desk.take(bring_year(desk, write_yaml(data).encode()))

    seats = Seat.objects.filter(bloc_year=desk.bloc, role=Role.BLOC_HEAD)
    ends = {seat.user: seat.valid_to for seat in seats}
    assert ends == {former: timezone.localdate(), leader: None}
    assert any(f"nhận vị trí: {leader}" in line.label for line in plan.lines)


# ---------------------------------------------------------------- nobody is asked twice

TWICE = "Trường A đang ở “Khối trường” của năm 2026-2027, năm đã mở có ngày trùng với năm 2026, sẽ bị giao việc hai lần"


def with_school(desk, **columns):
    """A file that puts a unit of the school year's bloc into the bloc of the desk -> (bytes, BlocYear of the school year)"""
    days = {"label": "2026-2027", "starts_on": date(2026, 9, 1), "ends_on": date(2027, 8, 31)}
    school = make_year(desk.year.authority, **(days | columns))
    unit = make_unit_year(school, name="Trường A", code="truong-a")
    there = make_bloc_year(school, name="Khối trường", members=[unit])
    data = export_year(desk.year)
    data["units"].append({"code": "truong-a", "name": "Trường A"})
    data["blocs"][0]["members"].append("truong-a")
    return write_yaml(data).encode(), there


def test_unit_that_another_open_year_asks_does_not_come_by_a_file(desk):
    content, _ = with_school(desk)

    with pytest.raises(FileRefused) as refusal:
        bring_year(desk, content)

    [fault] = refusal.value.faults
    assert (fault.path, TWICE in fault.message) == ("blocs[0].members", True)
    assert len(members_of(desk.bloc)) == 3


@pytest.mark.parametrize("why", ["another tier", "closed there", "in preparation", "other days"])
def test_unit_that_nobody_else_asks_comes_by_a_file(desk, why):
    other = {"in preparation": {"is_open": False}, "other days": {"starts_on": date(2027, 1, 1)}}
    content, there = with_school(desk, **other.get(why, {}))
    if why == "another tier":
        Membership.objects.filter(bloc_year=there).update(tier=1)
    BlocYear.objects.filter(pk=there.pk).update(is_closed=why == "closed there")

    desk.take(bring_year(desk, content))

    assert "truong-a" in [unit.unit.code for unit in members_of(desk.bloc)]


def test_unit_that_stands_in_two_years_already_does_not_hold_a_file_up(desk):
    content, _ = with_school(desk)

    _, _, warnings = import_year(content)
    _, _, again = import_year(content)
    desk.take(bring_year(desk, year_file(desk, theme="Chủ đề mới")))

    assert [line for line in warnings if "hai lần" in line] == [line for line in warnings if TWICE in line]
    assert [line.split(":")[0] for line in warnings if TWICE in line] == ["blocs[0].members"]
    assert again == []
    desk.year.refresh_from_db()
    assert desk.year.theme == "Chủ đề mới"


@pytest.mark.django_db(transaction=True)
@needs_row_locks
def test_file_and_page_at_once_do_not_both_take_one_unit(desk):
    content, school = with_school(desk)
    there = members_of(school)[0]
    school.memberships.all().delete()
    upload = bring_year(desk, content)

    work = {
        "file": lambda: desk.take(upload),
        "page": lambda: memberships.add_members(school.pk, [there.pk], by=desk.by, reason=WHY),
    }
    answers, refused = two_at_once(lambda name: bool(work[name]()), list(work))

    assert (len(answers), len(refused)) == (1, 1)


def test_command_loads_a_year_that_is_open_and_corrects_a_closed_one(desk):
    import_year(next_year(desk))
    import_year(write_yaml(closed_file(desk, name="Tên do lệnh sửa")).encode())

    assert Year.objects.get(label="2027").is_open is True
    assert BlocYear.objects.get(pk=desk.bloc.pk).name == "Tên do lệnh sửa"
