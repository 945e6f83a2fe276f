"""Each kind of list: what its preview says, what is written, what is refused and where."""

from datetime import date

import pytest

from blocs.enums import MemberRole, Role
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.models import AuditEvent, BlocYear, Covenant, Membership, Obligation, Target, UnitYear
from reports.domain import uploads
from reports.domain.workbooks import target_list
from reports.domain.workbooks.place import Place
from reports.enums import UploadKind
from reports.models import Upload
from tests.factories import (
    make_bloc_year,
    make_milestone,
    make_target,
    make_unit_year,
    make_user,
)
from tests.reports.workbook_desk import UNITS, WHY, Desk, faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return Desk()


# ---------------------------------------------------------------- blocs and members

BLOCS = ("Mã", "Tên", "Hình thức", "Thuộc khối (mã)")
MEMBERS = ("Mã khối", "Mã đơn vị", "Vai trò")


def test_blocs_come_with_the_bloc_above_named_later(desk):
    lines = [BLOCS, ("con", "Khối con", "", "cha"), ("cha", "Cụm cha", "cụm thi đua", "")]

    desk.take(desk.bring(UploadKind.BLOCS, *lines))

    child = BlocYear.objects.get(bloc__code="con")
    assert (child.parent.name, child.parent.kind, child.kind) == ("Cụm cha", "cum", "khoi")
    assert desk.plan(UploadKind.BLOCS, *lines).counts["unchanged"] == 2


def test_blocs_are_refused_where_they_cannot_be(desk):
    plan = desk.plan(
        UploadKind.BLOCS,
        BLOCS,
        ("a", "Khối A", "", "b"),
        ("b", "Khối B", "", "a"),
        ("c", "Khối C", "", "khong-co"),
        ("d", "", "", ""),
        ("e", desk.bloc.name, "", ""),
    )

    assert [line.state for line in plan.lines] == ["faulty"] * 5
    assert "Bảng dán!D2: khối này nằm trong chính nó (vòng “Thuộc khối”)" in faults(plan)
    assert "Bảng dán!D4: không có khối mã “khong-co” trong năm 2026" in faults(plan)
    assert "Bảng dán!B5: khối mới phải có tên" in faults(plan)
    assert f"Bảng dán!6: Năm 2026 đã có cụm, khối tên “{desk.bloc.name}”." in faults(plan)


def test_members_and_offices_come(desk):
    code, fresh = desk.bloc.bloc.code, make_unit_year(desk.year)
    make_milestone(desk.bloc, due="2026-11-20 17:00")
    lines = [
        MEMBERS,
        (code, fresh.unit.code, "Khối trưởng"),
        (code, desk.codes[0], "Khối phó 1"),
        (code, desk.codes[1], "Thành viên"),
    ]

    plan = desk.take(desk.bring(UploadKind.BLOCS, *lines))

    offices = dict(Membership.objects.filter(bloc_year=desk.bloc).values_list("unit__unit__code", "role"))
    head, deputy, member = MemberRole.HEAD, MemberRole.DEPUTY, MemberRole.MEMBER
    assert plan.counts == {"new": 1, "changed": 2, "unchanged": 0, "faulty": 0}
    assert offices == dict(zip([*desk.codes, fresh.unit.code], [deputy, member, member, head], strict=True))
    assert Obligation.objects.filter(bloc_year=desk.bloc, unit=fresh).count() == 1
    assert desk.plan(UploadKind.BLOCS, *lines).counts["unchanged"] == 3


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ((1, "Khối trưởng"), "khối đã có Khối trưởng; ghi cả dòng của đơn vị đó với vai trò khác"),
        ((2, "Khối phó 1"), "khối đã có Khối phó 1; ghi cả dòng của đơn vị đó với vai trò khác"),
        ((0, "Khối phó 1"), "khối đã có Khối phó 1; ghi cả dòng của đơn vị đó với vai trò khác"),
        ((1, "Khối phó 2"), "khối có Khối phó 2 mà không có Khối phó 1"),
    ],
)
def test_office_that_is_held_is_refused(desk, row, words):
    place, office = row

    plan = desk.plan(UploadKind.BLOCS, MEMBERS, (desk.bloc.bloc.code, desk.codes[place], office))

    assert faults(plan) == [f"Bảng dán!C2: {words}"]


def test_member_is_refused_where_it_cannot_be(desk):
    other = make_bloc_year(desk.year)
    code = other.bloc.code

    plan = desk.plan(UploadKind.BLOCS, MEMBERS, (code, desk.codes[0], ""), (code, "la", ""), ("la", desk.codes[0], ""))

    assert faults(plan) == [
        f"Bảng dán!2: {desk.units[0].name} đã thuộc “{desk.bloc.name}” cùng tầng; đưa ra khỏi khối đó trước.",
        "Bảng dán!B3: không có đơn vị mã “la” trong năm 2026",
        "Bảng dán!A4: không có khối mã “la” trong năm 2026",
    ]


def test_closed_bloc_is_left_alone(desk):
    BlocYear.objects.filter(pk=desk.bloc.pk).update(is_closed=True)
    fresh = make_unit_year(desk.year)

    blocs = desk.plan(UploadKind.BLOCS, BLOCS, (desk.bloc.bloc.code, "Tên khác", "", ""))
    members = desk.plan(UploadKind.BLOCS, MEMBERS, (desk.bloc.bloc.code, fresh.unit.code, ""))

    assert (blocs.counts["faulty"], members.counts["faulty"]) == (1, 1)


def test_one_fault_leaves_everything_as_it_was(desk):
    upload = desk.bring(UploadKind.BLOCS, BLOCS, ("a", "Khối A", "", ""), ("b", "", "", ""))

    with pytest.raises(RuleBroken, match="Còn 1 dòng có lỗi; chưa nhận dòng nào"):
        desk.take(upload)

    assert not BlocYear.objects.filter(bloc__code="a").exists()
    assert not AuditEvent.objects.exists()


# ---------------------------------------------------------------- targets

TARGETS = ("Mã", "Của đơn vị (mã)", "Nội dung chỉ tiêu", "Yêu cầu", "Số giao ước", "Đơn vị tính")


def test_targets_come_and_change(desk):
    head = make_user(Role.BLOC_HEAD, bloc_year=desk.bloc)
    make_target(desk.bloc, "T1")
    lines = [
        TARGETS,
        ("T1", "", "", "", "1.234,5", ""),
        ("T1", desk.codes[0], "Trồng cây", ">=", "100", "cây"),
    ]

    desk.take(desk.bring(UploadKind.TARGETS, *lines, bloc_year=desk.bloc, by=head), reason="")

    found = Target.objects.order_by("position").values_list("code", "of__unit__code", "text", "op", "value")
    assert [(code, of, text, op, str(value)) for code, of, text, op, value in found] == [
        ("T1", None, "Chỉ tiêu T1", ">=", "1234.5"),
        ("T1", desk.codes[0], "Trồng cây", ">=", "100"),
    ]
    assert desk.plan(UploadKind.TARGETS, *lines, bloc_year=desk.bloc, by=head).counts["unchanged"] == 2


def test_direction_and_source_of_a_target_travel_too(desk):
    head = make_user(Role.BLOC_HEAD, bloc_year=desk.bloc)
    lines = [(*TARGETS, "Chiều tốt", "Căn cứ"), ("T1", "", "Hộ nghèo", "<=", "3", "%", "càng thấp càng tốt", "KH 12")]

    desk.take(desk.bring(UploadKind.TARGETS, *lines, bloc_year=desk.bloc, by=head), reason="")

    row = Target.objects.get()
    assert (row.direction, row.source) == ("down", "KH 12")
    (shown,) = target_list.rows(Place(desk.year.authority, desk.year, head, desk.bloc))["targets"]
    assert (shown["op"], shown["direction"], shown["source"]) == ("không quá", "Càng thấp càng tốt", "KH 12")


def test_target_is_refused_where_it_cannot_be(desk):
    head, stranger = make_user(Role.BLOC_HEAD, bloc_year=desk.bloc), make_unit_year(desk.year)
    lines = [TARGETS, ("T1", stranger.unit.code, "A", "", "", ""), ("T2", "", "", "", "", ""), ("T3", "", "B", ">=")]

    plan = desk.plan(UploadKind.TARGETS, *lines, bloc_year=desk.bloc, by=head)

    assert faults(plan) == [
        f"Bảng dán!B2: khối không có đơn vị thành viên mã “{stranger.unit.code}”",
        "Bảng dán!C3: chỉ tiêu mới phải có nội dung",
        "Bảng dán!E4: đã chọn yêu cầu thì cần ghi số giao ước",
    ]


def test_signed_covenant_is_left_alone(desk):
    head = make_user(Role.BLOC_HEAD, bloc_year=desk.bloc)
    make_target(desk.bloc, "T1")
    Covenant.objects.update(signed_on=date(2026, 2, 5))
    lines = [TARGETS, ("T1", "", "", "", "5", ""), ("T2", "", "Mới", "", "", "")]

    plan = desk.plan(UploadKind.TARGETS, *lines, bloc_year=desk.bloc, by=head)

    signed = "giao ước đã ký ngày 05/02/2026, chỉ tiêu chỉ đổi bằng đề nghị điều chỉnh"
    assert faults(plan) == [f"Bảng dán!2: {signed}", f"Bảng dán!3: {signed}"]


# ---------------------------------------------------------------- looking and taking


def test_list_whose_effect_changed_is_shown_again(desk):
    upload = desk.bring(UploadKind.UNITS, UNITS, (desk.codes[0], "Sở Tên mới", "", "", ""))
    seen = uploads.preview(upload, by=desk.by).fingerprint
    UnitYear.objects.filter(pk=desk.units[0].pk).update(name="Tên do người khác sửa")

    with pytest.raises(WrongState, match="Dữ liệu đã thay đổi từ lúc bạn xem"):
        uploads.take(upload.pk, by=desk.by, seen=seen, reason=WHY)

    desk.units[0].refresh_from_db()
    assert desk.units[0].name == "Tên do người khác sửa"


def test_running_year_wants_a_reason_and_a_prepared_one_does_not(desk):
    upload = desk.bring(UploadKind.UNITS, UNITS, ("so-moi", "Sở Thêm", "", "", ""))

    with pytest.raises(RuleBroken, match="cần ghi rõ lý do"):
        desk.take(upload, reason=" ")
    desk.year.is_open = False
    desk.year.save()

    assert desk.take(upload, reason="").counts["new"] == 1


def test_file_is_taken_once(desk):
    upload = desk.bring(UploadKind.UNITS, UNITS, ("so-moi", "Sở Thêm", "", "", ""))
    desk.take(upload)

    with pytest.raises(WrongState, match="đã nhận rồi"):
        desk.take(upload)

    upload.refresh_from_db()
    assert (uploads.done(upload)["new"], UnitYear.objects.filter(unit__code="so-moi").count()) == (1, 1)


ALLOWED = {
    UploadKind.UNITS: {Role.BOARD_STAFF},
    UploadKind.BLOCS: {Role.BOARD_STAFF},
    UploadKind.PEOPLE: {Role.BOARD_STAFF, Role.ADMINISTRATOR},
    UploadKind.TARGETS: {Role.BLOC_HEAD, Role.BLOC_DEPUTY},
    UploadKind.YEAR: {Role.BOARD_STAFF},
}


@pytest.mark.parametrize("kind", UploadKind)
@pytest.mark.parametrize("role", Role)
def test_who_may_bring_what(desk, kind, role):
    user = make_user(role, bloc_year=desk.bloc)
    bloc_year = desk.bloc if kind == UploadKind.TARGETS else None

    allowed = uploads.may(user, kind, bloc_year or desk.year)

    assert allowed is (role in ALLOWED[kind])
    if not allowed:
        with pytest.raises(NotAllowed):
            uploads.keep(kind, desk.year.authority, desk.year, by=user, content=b"x", bloc_year=bloc_year)


def test_uploads_are_seen_by_the_one_who_brought_them(desk):
    mine = desk.bring(UploadKind.UNITS, UNITS, ("a", "A", "", "", ""))
    colleague = make_user(Role.BOARD_STAFF, authority=desk.year.authority)
    desk.bring(UploadKind.UNITS, UNITS, ("b", "B", "", "", ""), by=colleague)

    assert list(Upload.objects.visible_to(desk.by)) == [mine]
    with pytest.raises(NotAllowed):
        uploads.discard(mine.pk, by=colleague)
