"""The list of units: what comes, what each row leaves in the trail, what it must not touch."""

from datetime import date

import pytest

from blocs.errors import RuleBroken
from blocs.models import AuditEvent, BlocYear, Obligation, Unit, UnitYear
from reports.domain import uploads
from reports.enums import UploadKind
from tests.factories import make_milestone
from tests.reports.workbook_desk import UNITS, WHY, Desk, faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return Desk()


def test_units_come_and_change(desk):
    unit = desk.units[0]
    upload = desk.bring(
        UploadKind.UNITS,
        UNITS,
        (desk.codes[0], "Sở Tên mới", "", "", ""),
        (desk.codes[1], desk.units[1].name, "", "", ""),
        ("so-moi", "Sở Thêm", "Thêm", "01/07/2025", ""),
    )

    plan = uploads.preview(upload, by=desk.by)
    unseen = UnitYear.objects.filter(unit__code="so-moi").exists()
    desk.take(upload)

    assert [(line.state, line.changes) for line in plan.lines] == [
        ("changed", (("Tên đơn vị", unit.name, "Sở Tên mới"),)),
        ("unchanged", ()),
        ("new", (("Tên đơn vị", "", "Sở Thêm"), ("Tên ngắn", "", "Thêm"), ("Có từ ngày", "", "01/07/2025"))),
    ]
    assert unseen is False
    unit.refresh_from_db()
    assert (unit.name, unit.folded[:10]) == ("Sở Tên mới", "so ten moi")
    assert Unit.objects.get(code="so-moi").valid_from == date(2025, 7, 1)
    event = AuditEvent.objects.get(action="upload.take")
    assert (event.note, event.after["new"], event.after["changed"]) == (WHY, 1, 1)


def test_each_unit_that_a_list_brings_or_changes_leaves_its_own_trail(desk):
    unit = desk.units[0]
    before, lines = unit.name, [UNITS, (desk.codes[0], "Sở Tên mới", "", "", ""), ("so-moi", "Sở Thêm", "", "", "")]

    desk.take(desk.bring(UploadKind.UNITS, *lines))

    events = {event.action: event for event in AuditEvent.objects.filter(action__startswith="unit.")}
    edit, fresh = events["unit.edit"], UnitYear.objects.get(unit__code="so-moi")
    assert (edit.target, edit.before["Tên"], edit.after["Tên"]) == (
        f"blocs.unityear:{unit.pk}", before, "Sở Tên mới",
    )  # fmt: skip
    assert (events["unit.add"].target, events["unit.add"].after["Tên"]) == (f"blocs.unityear:{fresh.pk}", "Sở Thêm")
    assert {(event.note, event.actor_id, event.authority_id) for event in events.values()} == {
        (WHY, desk.by.pk, desk.year.authority_id)
    }


@pytest.mark.parametrize(
    ("name", "cells", "words"),
    [
        ("ends", ("", "01/11/2026"), "E2: cột này chỉ để đọc; đơn vị thôi hoạt động bằng việc sáp nhập"),
        ("begins", ("01/07/2026", ""), "D2: đơn vị đã có từ trước đến nay; cột này chỉ ghi cho đơn vị mới"),
    ],
)
def test_no_list_ends_a_unit_or_moves_its_beginning(desk, name, cells, words):
    make_milestone(desk.bloc, due="2026-11-20 17:00")
    owed = Obligation.objects.filter(unit=desk.units[0]).count()
    upload = desk.bring(UploadKind.UNITS, UNITS, (desk.codes[0], "", "", *cells))

    assert words in faults(uploads.preview(upload, by=desk.by))[0]
    with pytest.raises(RuleBroken, match="Còn 1 dòng có lỗi"):
        desk.take(upload)
    unit = Unit.objects.get(code=desk.codes[0])
    assert (unit.valid_from, unit.valid_to) == (None, None)
    assert Obligation.objects.filter(unit=desk.units[0]).count() == owed == 1


def test_days_of_a_unit_that_are_fetched_come_back_unchanged(desk):
    Unit.objects.filter(pk=desk.units[0].unit_id).update(valid_from=date(2026, 1, 1), valid_to=date(2026, 11, 1))

    plan = desk.plan(UploadKind.UNITS, UNITS, (desk.codes[0], "", "", "01/01/2026", "01/11/2026"))

    assert [line.state for line in plan.lines] == ["unchanged"]


def test_taken_again_from_the_same_file_nothing_changes(desk):
    lines = [UNITS, ("so-moi", "Sở Thêm", "", "", "")]
    desk.take(desk.bring(UploadKind.UNITS, *lines))

    assert desk.plan(UploadKind.UNITS, *lines).counts == {"new": 0, "changed": 0, "unchanged": 1, "faulty": 0}


def test_unit_is_refused_where_it_cannot_be(desk):
    plan = desk.plan(
        UploadKind.UNITS,
        UNITS,
        ("moi-1", "", "", "", ""),
        ("moi-2", desk.units[0].name, "", "", ""),
        ("moi-3", "Sở Ba", "", "02/01/2026", ""),
        ("moi-4", "Sở Bốn", "", "", ""),
        ("moi-4", "Sở Bốn nữa", "", "", ""),
        ("moi-5", "Sở Năm", "", "01/01/2027", ""),
    )

    assert faults(plan) == [
        "Bảng dán!B2: đơn vị mới phải có tên",
        f"Bảng dán!B3: tên này đã là của đơn vị mã “{desk.codes[0]}”",
        "Bảng dán!A6: lặp lại dòng Bảng dán!5",
        "Bảng dán!D7: sau ngày năm 2026 kết thúc (31/12/2026)",
    ]


def test_unit_of_a_closed_bloc_keeps_its_name(desk):
    BlocYear.objects.filter(pk=desk.bloc.pk).update(is_closed=True)

    plan = desk.plan(UploadKind.UNITS, UNITS, (desk.codes[0], "Sở Khác", "", "", ""))

    assert [fault.partition(" đã gửi")[0] for fault in faults(plan)] == [f"Bảng dán!2: {desk.bloc.name}"]
