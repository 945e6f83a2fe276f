"""Every difference between a year in preparation and the one that it was copied from is named."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blocs.enums import Role
from blocs.models import BlocYear, Membership, MilestoneDate, Succession, UnitRename
from reports.domain.year_changes import WHOLE_YEAR, differences
from tests.factories import (
    at,
    make_bloc_year,
    make_milestone,
    make_quota,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)
from tests.reports.opening_rows import choose_next, make_source, of_year, prepare, publish

pytestmark = pytest.mark.django_db


class World:
    """Two blocs of a year, copied into the next with their leaders unchanged."""

    def __init__(self):
        self.source = make_year(theme="Cũ")
        self.old, self.beside = (
            make_bloc_year(self.source, name=name, members=self.named(name)) for name in ("Khối A", "Khối B")
        )
        for bloc in (self.old, self.beside):
            choose_next(bloc, head=0, deputies=[1])
            make_milestone(bloc, "unit-report", due="2026-11-20 17:00", locks="2026-11-30 17:00")
            make_quota(bloc, max=2)
        self.year = prepare(self.source, theme="Cũ")
        self.new, self.other = of_year(self.year, self.old), of_year(self.year, self.beside)
        self.units = members_of(self.new)

    def named(self, bloc):
        return [make_unit_year(self.source, name=f"Đơn vị {bloc[-1]}{place}") for place in (1, 2, 3)]

    def lines(self):
        return {group.title: list(group.lines) for group in differences(self.year)}


def test_year_without_a_change_has_no_differences():
    assert World().lines() == {}


def test_year_copied_from_none_has_none():
    assert differences(make_year()) == []


def _save(row, **columns):
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()


def _member(world, place, **columns):
    Membership.objects.filter(bloc_year=world.new, unit=world.units[place]).update(**columns)


def _swap_head(world):
    _member(world, 0, role="member")
    _member(world, 2, role="head")


def _move(world):
    world.units[2].memberships.update(bloc_year=world.other)


def _end(world, *, heir=False):
    unit = members_of(world.old)[2].unit
    if heir:
        new = make_unit_year(world.source, name="Đơn vị kế tục")
        Succession.objects.create(predecessor=unit, successor=new.unit, kind="merge")
    _save(unit, valid_to=date(2026, 12, 31))
    world.year.delete()
    world.year = prepare(world.source, theme="Cũ")


def _rename(world):
    unit = members_of(world.old)[2].unit
    UnitRename.objects.create(unit=unit, on=date(2027, 1, 1), old_name="Đơn vị A3", new_name="Sở Mới", document="NQ 1")
    world.year.delete()
    world.year = prepare(world.source, theme="Cũ")


def _quota(world, **columns):
    _save(world.new.quotas.get(), **columns)


def _dates(world, **columns):
    MilestoneDate.objects.filter(bloc_year=world.new).update(**columns)


CHANGES = {
    "theme": (lambda world: _save(world.year, theme="Mới"), {WHOLE_YEAR: ["Chủ đề: “Cũ” → “Mới”."]}),
    "days": (
        lambda world: _save(world.year, starts_on=date(2027, 2, 1)),
        {WHOLE_YEAR: ["Thời gian: từ 01/01/2026 đến 31/12/2026 → từ 01/02/2027 đến 31/12/2027."]},
    ),
    "unit ended": (
        _end,
        {
            WHOLE_YEAR: ["Đơn vị thôi hoạt động sau ngày 31/12/2026: Đơn vị A3; chưa ghi đơn vị kế tục."],
            "Khối A": ["Bớt đơn vị: Đơn vị A3, đã thôi hoạt động hoặc không đưa vào năm này."],
        },
    ),
    "unit merged": (
        lambda world: _end(world, heir=True),
        {
            WHOLE_YEAR: [
                "Đơn vị thôi hoạt động sau ngày 31/12/2026: Đơn vị A3; kế tục: Đơn vị kế tục (chưa ở khối nào, đề nghị "
                "đưa vào khối)."
            ],
            "Khối A": ["Bớt đơn vị: Đơn vị A3, đã thôi hoạt động hoặc không đưa vào năm này."],
        },
    ),
    "unit new": (
        lambda world: make_unit_year(world.year, name="Sở Z"), {WHOLE_YEAR: ["Đơn vị mới: Sở Z."]},
    ),
    "unit renamed": (_rename, {WHOLE_YEAR: ["Đơn vị đổi tên: Đơn vị A3 → Sở Mới."]}),
    "unit short name": (
        lambda world: _save(world.units[2], short_name=""), {WHOLE_YEAR: ["Đơn vị A3: tên ngắn “ĐV A3” → chưa có."]},
    ),
    "unit left out": (
        lambda world: world.units[2].delete(),
        {
            WHOLE_YEAR: ["Đơn vị không đưa vào năm này: Đơn vị A3."],
            "Khối A": ["Bớt đơn vị: Đơn vị A3, đã thôi hoạt động hoặc không đưa vào năm này."],
        },
    ),
    "bloc gone": (lambda world: world.other.delete(), {WHOLE_YEAR: ["Không còn Khối B."]}),
    "bloc new": (
        lambda world: make_bloc_year(world.year, name="Khối C", members=0), {"Khối C": ["Khối mới, 0 đơn vị."]},
    ),
    "bloc renamed": (lambda world: _save(world.new, name="Khối X"), {"Khối X": ["Đổi tên: “Khối A” → “Khối X”."]}),
    "bloc kind": (
        lambda world: _save(world.new, kind="cum"), {"Khối A": ["Hình thức: “Khối thi đua” → “Cụm thi đua”."]},
    ),
    "bloc type": (lambda world: _save(world.new, type="hoi"), {"Khối A": ["Loại hình: chưa có → “hoi”."]}),
    "bloc moved": (lambda world: _save(world.new, parent=world.other), {"Khối A": ["Thuộc: chưa có → Khối B."]}),
    "member joined": (
        lambda world: Membership.objects.create(bloc_year=world.new, unit=make_unit_year(world.year, name="Sở Z")),
        {WHOLE_YEAR: ["Đơn vị mới: Sở Z."], "Khối A": ["Thêm đơn vị: Sở Z."]},
    ),
    "member left": (
        lambda world: world.units[2].memberships.all().delete(), {"Khối A": ["Bớt đơn vị: Đơn vị A3."]},
    ),
    "member moved": (
        _move,
        {
            "Khối A": ["Bớt đơn vị: Đơn vị A3, chuyển sang Khối B."],
            "Khối B": ["Thêm đơn vị: Đơn vị A3, từ Khối A chuyển sang."],
        },
    ),
    "head": (_swap_head, {"Khối A": ["Khối trưởng: Đơn vị A1 → Đơn vị A3."]}),
    "no head": (lambda world: _member(world, 0, role="member"), {"Khối A": ["Khối trưởng: Đơn vị A1 → chưa có."]}),
    "deputies": (
        lambda world: _member(world, 2, role="deputy", deputy_rank=2),
        {"Khối A": ["Khối phó: Đơn vị A2 → Đơn vị A2, Đơn vị A3."]},
    ),
    "supervisor": (
        lambda world: _save(world.new, supervisor="Phó Chủ tịch"),
        {"Khối A": ["Ủy viên Hội đồng theo dõi: chưa có → “Phó Chủ tịch”."]},
    ),
    "desk officer": (
        lambda world: _save(world.new, desk_officer=make_user(Role.BOARD_STAFF, post="Chuyên viên 1")),
        {"Khối A": ["Chuyên viên theo dõi: chưa có → Chuyên viên 1."]},
    ),
    "rule set": (
        lambda world: _save(world.new, rule_set=publish("q", authority="khac")),
        {"Khối A": ["Bộ quy tắc: chưa có → q@1."]},
    ),
    "due": (
        lambda world: _dates(world, due_at=at("2027-11-25 17:00")),
        {"Khối A": ["Mốc Báo cáo năm: hạn 17:00 thứ Sáu 20/11/2026 → 17:00 thứ Năm 25/11/2027."]},
    ),
    "lock": (
        lambda world: _dates(world, locks_at=None),
        {"Khối A": ["Mốc Báo cáo năm: khóa 17:00 thứ Hai 30/11/2026 → không đặt."]},
    ),
    "milestone gone": (
        lambda world: world.new.milestones.all().delete(), {"Khối A": ["Bỏ mốc Báo cáo năm."]},
    ),
    "milestone new": (
        lambda world: make_milestone(world.new, "handover", due="2027-12-30 17:00"),
        {"Khối A": ["Mốc mới Bàn giao: hạn 17:00 thứ Năm 30/12/2027, khóa không đặt."]},
    ),
    "owed by": (
        lambda world: _save(
            world.new,
            rule_set=publish("q", authority="khac", body="milestones:\n- {code: unit-report, owed_by: head}\n"),
        ),
        {
            "Khối A": [
                "Bộ quy tắc: chưa có → q@1.",
                "Mốc Báo cáo năm: người nộp Từng đơn vị thành viên → Khối trưởng.",
            ]
        },
    ),
    "quota": (lambda world: _quota(world, max=3), {"Khối A": ["Chỉ tiêu Cờ: tối đa 2 → tối đa 3."]}),
    "quota by size": (
        lambda world: _quota(world, max=None, by_size=[{"ge": 2, "le": 4, "max": 1}, {"ge": 5, "max": 2}]),
        {
            "Khối A": [
                "Chỉ tiêu Cờ: tối đa 2 → 1 với 3 thành viên (từ 2 đến 4 thành viên: 1; từ 5 thành viên: 2)."
            ]
        },
    ),
    "quota by percentage": (
        lambda world: _quota(world, max=None, max_percent=20, after=["BKT"], shared_with=["BKT"]),
        {
            "Khối A": [
                "Chỉ tiêu Cờ: tối đa 2 → 20 % của tất cả thành viên, làm tròn xuống, sau khi trừ BKT, dùng chung với BKT."
            ]
        },
    ),
    "quota gone": (
        lambda world: world.new.quotas.all().delete(), {"Khối A": ["Chỉ tiêu Cờ: tối đa 2 → không đặt."]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_change_is_named(name):
    world, (change, expected) = World(), CHANGES[name]
    flag, certificate = (world.old.quotas.model.award.get_queryset().get(code=code) for code in ("CTDT", "BKT"))
    change(world)
    world.year.refresh_from_db()
    words = {
        title: [line.replace("tiêu Cờ", f"tiêu {flag}").replace("BKT", str(certificate)) for line in lines]
        for title, lines in expected.items()
    }
    assert world.lines() == words


def test_bloc_of_a_school_year_is_said_to_be_there():
    source, (schools, others) = make_source(blocs=2)
    prepare(
        source, label="2026-2027", starts_on=date(2026, 9, 1), ends_on=date(2027, 8, 31), bloc_ids=[schools.pk]
    )  # fmt: skip
    year = prepare(source, bloc_ids=[others.pk])
    (group,) = [group for group in differences(year) if group.title == WHOLE_YEAR]
    assert group.lines == (f"{schools.name}: ở năm 2026-2027, không ở năm này.",)


def test_differences_cost_the_same_for_any_number_of_blocs():
    found = {}
    for number in (1, 3, 30):
        source, _ = make_source(blocs=number)
        year = prepare(source)
        BlocYear.objects.filter(year=year).update(supervisor="Phó Chủ tịch")
        with CaptureQueriesContext(connection) as queries:
            assert len(differences(year)) == number
        found[number] = len(queries)
    assert found == dict.fromkeys(found, found[1])
