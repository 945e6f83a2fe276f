"""What units are asked: one form a year, kind of report and type of bloc, kept by the board."""

from dataclasses import asdict

import pytest

from blocs.domain import organisation
from blocs.enums import Role
from blocs.errors import EditedMeanwhile, NotAllowed, RuleBroken
from blocs.models import AuditEvent
from reports.domain import opening, report_forms
from reports.enums import UnitReportKind
from reports.models import ReportForm
from reports.unit_form import BUILT_IN, Figure, Part
from tests.factories import make_bloc_year, make_unit_report, make_user, make_year

pytestmark = pytest.mark.django_db
ANNUAL, MID_YEAR = UnitReportKind.ANNUAL, UnitReportKind.MID_YEAR
PARTS = [{"label": "Kết quả Đại hội", "help": "Ngắn gọn."}, {"label": "Kiến nghị", "optional": True}]
FIGURES = [
    {"label": "Hội viên", "unit": "người", "code": "members"},
    {"label": "Hội viên nữ", "within": "members"},
    {"label": "Tỷ lệ", "unit": "%", "decimals": True},
]


@pytest.fixture
def bloc_year():
    return make_bloc_year(type="hoi-dac-thu")


@pytest.fixture
def officer(bloc_year):
    return make_user(Role.BOARD_STAFF, bloc_year=bloc_year)


def save(bloc_year, officer, bloc_type="", **options):
    chosen = {"parts": PARTS, "figures": FIGURES} | options
    return report_forms.save(bloc_year.year_id, chosen.pop("kind", ANNUAL), bloc_type, by=officer, **chosen)


@pytest.mark.parametrize("kind", UnitReportKind)
def test_without_a_saved_form_the_built_in_one_holds(bloc_year, kind):
    assert report_forms.of_bloc(bloc_year, kind) == BUILT_IN[kind]


def test_saved_form_holds_for_its_kind_and_gets_codes(bloc_year, officer):
    save(bloc_year, officer)

    form = report_forms.of_bloc(bloc_year, ANNUAL)

    assert [(part.code, part.label, part.optional) for part in form.parts] == [
        ("ket-qua-dai-hoi", "Kết quả Đại hội", False),
        ("kien-nghi", "Kiến nghị", True),
    ]
    assert [(item.code, item.unit, item.within, item.decimals) for item in form.figures] == [
        ("members", "người", "", False),
        ("hoi-vien-nu", "", "members", False),
        ("ty-le", "%", "", True),
    ]
    assert report_forms.of_bloc(bloc_year, MID_YEAR) == BUILT_IN[MID_YEAR]
    assert AuditEvent.objects.get().action == "report_form.save"


def test_form_of_the_type_goes_before_the_form_of_all(bloc_year, officer):
    other = make_bloc_year(bloc_year.year, type="xa-phuong")
    save(bloc_year, officer)
    save(bloc_year, officer, "hoi-dac-thu", parts=[{"label": "Riêng của hội"}], figures=[])

    found = {row.type: report_forms.of_bloc(row).parts[0].label for row in (bloc_year, other)}

    assert found == {"hoi-dac-thu": "Riêng của hội", "xa-phuong": "Kết quả Đại hội"}


def test_discarded_form_gives_way_to_the_built_in_one(bloc_year, officer):
    row = save(bloc_year, officer)

    report_forms.discard(row.pk, by=officer)

    assert report_forms.of_bloc(bloc_year) == BUILT_IN[ANNUAL]
    assert AuditEvent.objects.filter(action="report_form.discard").count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.BOARD_STAFF])
def test_only_the_board_keeps_forms(bloc_year, officer, role):
    row = save(bloc_year, officer)
    user = make_user(role, bloc_year=bloc_year)

    for act in (lambda: save(bloc_year, user), lambda: report_forms.discard(row.pk, by=user)):
        with pytest.raises(NotAllowed):
            act()
    assert ReportForm.objects.get() == row


def test_code_stays_when_the_label_changes(bloc_year, officer):
    save(bloc_year, officer)
    entries = [asdict(part) for part in report_forms.of_bloc(bloc_year).parts]
    entries[0]["label"] = "Kết quả của Đại hội"

    save(bloc_year, officer, parts=entries)

    assert report_forms.of_bloc(bloc_year).parts[0].code == "ket-qua-dai-hoi"


def test_labels_that_give_one_code_get_two(bloc_year, officer):
    save(bloc_year, officer, parts=[{"label": "Kết quả"}, {"label": "Kết quá"}, {"label": "…"}])

    codes = [part.code for part in report_forms.of_bloc(bloc_year).parts]

    assert codes == ["ket-qua", "ket-qua-2", "muc"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"parts": []}, "Mẫu cần ít nhất một phần nội dung."),
        ({"parts": [{"label": "  "}]}, "Có phần chưa ghi tên."),
        ({"parts": [{"label": "A"}, {"label": "a"}]}, "Có hai phần cùng tên “A”."),
        ({"parts": [{"label": f"Phần {n}"} for n in range(31)]}, "Mẫu có 31 phần, nhiều nhất 30."),
        ({"figures": [{"label": f"Số {n}"} for n in range(61)]}, "Mẫu có 61 số liệu, nhiều nhất 60."),
        (
            {"figures": [{"label": "Nữ", "within": "x"}]},
            "“Nữ” nằm trong một số liệu không có trong mẫu.",
        ),
        (
            {"figures": [{"label": "A", "code": "a", "within": "a"}]},
            "“A” nằm trong một số liệu không có trong mẫu.",
        ),
        (
            {"figures": [{"label": "A", "code": "a"}, {"label": "B", "code": "b", "within": "a"}, {"label": "C", "within": "b"}]},
            "“C” nằm trong “B”, mà số này lại nằm trong số khác.",
        ),
        ({"parts": [{"label": "A", "target": "x"}]}, "Không rõ phần “A” vào báo cáo tổng kết thế nào."),
        ({"figures": [{"label": "A", "rule": "x"}]}, "Không rõ số liệu “A” vào báo cáo tổng kết thế nào."),
        ({"bloc_type": "khong-co"}, "Năm này không có cụm, khối nào thuộc loại hình đó."),
    ],
)  # fmt: skip
def test_form_that_makes_no_sense_is_refused(bloc_year, officer, options, words):
    with pytest.raises(RuleBroken) as caught:
        save(bloc_year, officer, **options)
    assert (str(caught.value), ReportForm.objects.count()) == (words, 0)


@pytest.mark.parametrize(
    ("entry", "added"),
    [
        ({"unit": "người"}, True),
        ({"unit": "%"}, False),
        ({"unit": "triệu đồng/hộ"}, False),
        ({"label": "Tỷ lệ hộ nghèo"}, False),
        ({"unit": "%", "rule": "sum"}, True),
        ({"unit": "người", "rule": "range"}, False),
    ],
)
def test_figure_is_added_up_by_its_measure_unless_the_board_says_otherwise(entry, added):
    assert report_forms.adds_up(Figure(**{"code": "x", "label": "Số", **entry})) is added


def test_part_goes_where_the_board_says_else_as_built_in_else_to_the_results():
    parts = (Part("x", "X", target="causes"), Part("leading", "Y"), Part("moi", "Z"))

    assert [report_forms.target_of(part) for part in parts] == ["causes", "leading", "results"]


def test_change_is_confirmed_once_somebody_has_written(bloc_year, officer):
    report = make_unit_report(bloc_year)

    assert list(report_forms.written(bloc_year.year, ANNUAL)) == [report]
    with pytest.raises(RuleBroken) as caught:
        save(bloc_year, officer)
    assert str(caught.value) == "1 đơn vị đã viết theo mẫu này. Đánh dấu ô xác nhận rồi lưu lại."
    assert save(bloc_year, officer, confirmed=True).pk


def test_who_has_written_is_counted_by_the_form_that_held(bloc_year, officer):
    other = make_bloc_year(bloc_year.year, type="xa-phuong")
    mine, theirs = make_unit_report(bloc_year), make_unit_report(other)
    save(bloc_year, officer, "hoi-dac-thu", confirmed=True)

    found = {code: list(report_forms.written(bloc_year.year, ANNUAL, code)) for code in ("", "hoi-dac-thu")}

    assert found == {"": [theirs], "hoi-dac-thu": [mine]}
    assert list(report_forms.written(bloc_year.year, MID_YEAR)) == []


def test_two_editors_of_a_form_choose(bloc_year, officer):
    opened = organisation.digest(report_forms.shown(report_forms.of_bloc(bloc_year)))
    save(bloc_year, officer, opened=opened)

    with pytest.raises(EditedMeanwhile) as caught:
        save(bloc_year, officer, parts=[{"label": "Khác"}], opened=opened)

    assert "Kết quả Đại hội" in caught.value.theirs
    save(bloc_year, officer, parts=[{"label": "Khác"}], opened=caught.value.version)
    assert report_forms.of_bloc(bloc_year).parts[0].label == "Khác"


def test_next_year_begins_with_the_forms_of_the_last(bloc_year, officer):
    year = bloc_year.year
    save(bloc_year, officer)
    save(bloc_year, officer, "hoi-dac-thu", kind=MID_YEAR, parts=[{"label": "Sáu tháng"}])

    fresh = opening.prepare_year(
        year.pk, label="2027", year=2027, starts_on=year.starts_on.replace(year=2027),
        ends_on=year.ends_on.replace(year=2027), by=officer,
    )  # fmt: skip

    new = fresh.bloc_years.get()
    for kind in UnitReportKind:
        assert report_forms.of_bloc(new, kind) == report_forms.of_bloc(bloc_year, kind)


def test_types_are_called_by_their_names(bloc_year):
    make_bloc_year(bloc_year.year, type="xa-phuong")
    make_bloc_year(bloc_year.year)
    make_bloc_year(make_year(), type="khac")
    bloc_year.year.authority.bloc_types.create(code="xa-phuong", name="Xã, phường")

    types = report_forms.types_of(bloc_year.year)

    assert types == [("hoi-dac-thu", "hoi-dac-thu"), ("xa-phuong", "Xã, phường")]
