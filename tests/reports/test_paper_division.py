"""The decision that divides the blocs, read back from its PDF."""

from datetime import date

import pytest
from django.core.management import call_command

from blocs.models import AuditEvent, DivisionDecision, UnitRename
from reports.domain import opening, renderings
from reports.domain.papers import division
from reports.enums import DocumentKind
from reports.models import Rendering
from tests.factories import make_authority, make_bloc_year, make_unit_year, make_year
from tests.reports.opening_rows import board_of, publish
from tests.reports.paper_reading import lines_of, text_of, words

pytestmark = pytest.mark.django_db
KIND = DocumentKind.DIVISION_DECISION


@pytest.fixture
def year():
    authority = make_authority(
        name="Ủy ban nhân dân tỉnh Sơn Hà", council="Hội đồng Thi đua - Khen thưởng tỉnh", board="Sở Nội vụ"
    )
    year = make_year(authority, year=2027)
    units = [make_unit_year(year, name=f"Hội số {number}") for number in range(1, 4)]
    make_bloc_year(year, name="Khối thi đua các Hội", members=units, supervisor="Phó Chủ tịch")
    make_bloc_year(year, name="Cụm thi đua số 1", kind="cum", members=1, deputy=False)
    return year


def decide(year, **columns):
    defaults = {"number": "12/QĐ-UBND", "dated": date(2027, 1, 5), "signer": "Chủ tịch", "bases": ["Căn cứ Luật A"]}
    return DivisionDecision.objects.create(year=year, **(defaults | columns))


@pytest.mark.slow
def test_signed_decision_prints_number_day_bases_articles_and_list(year):
    decide(year, bases=["Căn cứ Luật A;", "Theo đề nghị của Giám đốc Sở Nội vụ."], signer_name="Người Ký")
    content = renderings.bytes_of(year, KIND)
    text = text_of(content)
    for part in (
        "ỦY BAN NHÂN DÂN",
        "Số: 12/QĐ-UBND",
        "Sơn Hà, ngày 05 tháng 01 năm 2027",
        "QUYẾT ĐỊNH Về việc phân chia cụm, khối thi đua năm 2027",
        "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH SƠN HÀ Căn cứ Luật A; Theo đề nghị của Giám đốc Sở Nội vụ. QUYẾT ĐỊNH:",
        "Phân chia 02 cụm, khối thi đua năm 2027 với 04 đơn vị thành viên",
        "từ ngày 01/01/2027 đến ngày 31/12/2027",
        "chịu trách nhiệm thi hành Quyết định này./.",
        "CHỦ TỊCH Người Ký",
        "Phụ lục DANH SÁCH CỤM, KHỐI THI ĐUA NĂM 2027",
        "(Kèm theo Quyết định số 12/QĐ-UBND ngày 05 tháng 01 năm 2027 của Chủ tịch Ủy ban nhân dân tỉnh Sơn Hà)",
        "1 Khối thi đua các Hội (03 đơn vị) Ủy viên Hội đồng theo dõi: Phó Chủ tịch",
        "1.1 Hội số 1 Khối trưởng 1.2 Hội số 2 Khối phó 1.3 Hội số 3",
        "2 Cụm thi đua số 1 (01 đơn vị)",
        "Cụm trưởng",
    ):
        assert part in text
    assert "DỰ THẢO" not in text


@pytest.mark.slow
def test_annex_has_its_own_page(year):
    decide(year)
    (annex,) = [line for line in lines_of(renderings.bytes_of(year, KIND)) if words(line.text) == "Phụ lục"]
    assert annex.page == 2


def save(year, *, by=None, **columns):
    values = {"number": "12/QĐ-UBND", "dated": date(2027, 1, 5), "signer": "", "signer_name": "", "bases": []}
    return opening.save_division(year.pk, by=by or board_of(year), **(values | columns))


def listed(year):
    """The list as the paper prints it: {bloc: [unit]}"""
    return {bloc.name: [name for _, name, _ in bloc.units] for bloc in division.build(year).blocs}


def change_everything(year):
    bloc = year.bloc_years.order_by("position").first()
    bloc.memberships.order_by("-position").first().delete()
    bloc.memberships.update(role="member", deputy_rank=None)
    year.bloc_years.update(supervisor="Người khác", name="Khối tên khác")
    year.units.update(name="Đơn vị tên khác")


def test_list_of_a_numbered_decision_stands_as_it_was(year):
    save(year)
    before = division.build(year)
    change_everything(year)
    after = division.build(year)
    assert (after.blocs, after.articles) == (before.blocs, before.articles)
    assert [name for _, name, _ in after.blocs[0].units] == ["Hội số 1", "Hội số 2", "Hội số 3"]


def test_decision_keeps_its_list_and_the_trail_shows_it(year):
    row = save(year)
    first, _ = row.listed
    assert first == {
        "name": "Khối thi đua các Hội",
        "supervisor": "Phó Chủ tịch",
        "above": "",
        "units": [["Hội số 1", "Khối trưởng"], ["Hội số 2", "Khối phó"], ["Hội số 3", ""]],
    }
    kept = row.listed
    change_everything(year)
    row = save(year, number="13/QĐ-UBND")
    event = AuditEvent.objects.filter(action="year.division").first()
    assert (event.before["list"], event.after["list"]) == (kept, row.listed)


def test_signer_is_corrected_under_the_same_list(year):
    save(year)
    before = listed(year)
    change_everything(year)
    save(year, signer="Phó Chủ tịch", bases=["Căn cứ B"])
    paper = division.build(year)
    assert (listed(year), paper.signature.office, paper.bases) == (before, "PHÓ CHỦ TỊCH", ("Căn cứ B.",))


@pytest.mark.parametrize("columns", [{"number": "13/QĐ-UBND"}, {"dated": date(2027, 1, 6)}])
def test_another_number_or_day_takes_the_list_anew(year, columns):
    save(year)
    change_everything(year)
    save(year, **columns)
    assert set(listed(year)) == {"Khối tên khác"}


@pytest.mark.parametrize("columns", [{"number": ""}, {"dated": None}])
def test_list_of_a_draft_follows_the_year(year, columns):
    save(year)
    assert save(year, **columns).listed is None
    change_everything(year)
    assert set(listed(year)) == {"Khối tên khác"}


@pytest.mark.parametrize(("on", "expected"), [(date(2027, 1, 6), "Hội số 1"), (date(2027, 1, 5), "Hội đổi tên")])
def test_units_are_called_as_on_the_day_of_the_decision(year, on, expected):
    decide(year)  # written before lists were kept
    row = year.units.order_by("position").first()
    UnitRename.objects.create(unit=row.unit, on=on, old_name=row.name, new_name="Hội đổi tên", document="QĐ")
    year.units.filter(pk=row.pk).update(name="Hội đổi tên")
    assert listed(year)["Khối thi đua các Hội"][0] == expected
    save(year, signer="Chủ tịch", signer_name="Người Ký")
    assert listed(year)["Khối thi đua các Hội"][0] == expected


@pytest.mark.parametrize("columns", [{"number": ""}, {"dated": None}])
def test_without_number_or_day_it_is_a_draft(year, columns):
    decide(year, **columns)
    assert division.build(year).is_draft is True


def test_before_anything_is_typed_in_number_and_day_stay_open(year):
    paper = division.build(year)
    assert (paper.is_draft, paper.bases, paper.heading.number, paper.heading.date) == (True, (), "", "")
    assert paper.reference.startswith("Kèm theo Quyết định số \u00a0")
    assert "/QĐ-UBND ngày" in paper.reference


@pytest.mark.parametrize(
    ("signer", "expected"),
    [
        ("", ("", "CHỦ TỊCH")),
        ("Chủ tịch", ("", "CHỦ TỊCH")),
        ("Chủ tịch Ủy ban nhân dân tỉnh", ("", "CHỦ TỊCH")),
        ("Phó Chủ tịch Thường trực", ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH THƯỜNG TRỰC")),
    ],
)
def test_deputy_signs_for_the_chair(year, signer, expected):
    decide(year, signer=signer)
    block = division.build(year).signature
    assert (block.on_behalf, block.office) == expected


@pytest.mark.parametrize(
    ("columns", "symbol", "behalf"),
    [
        ({"name": "Tỉnh ủy Sơn Hà", "header": "party"}, "-QĐ/TU", "T/M TỈNH ỦY SƠN HÀ"),
        ({"name": "Hội đồng Thi đua - Khen thưởng tỉnh"}, "/QĐ", "TM. HỘI ĐỒNG THI ĐUA - KHEN THƯỞNG TỈNH"),
    ],
)
def test_other_authorities_sign_on_their_own_behalf(columns, symbol, behalf):
    paper = division.build(make_year(make_authority(**columns)))
    assert (paper.heading.symbol, paper.signature.on_behalf) == (symbol, behalf)


def test_bases_are_proposed_from_the_rule_sets_once(year):
    rules = [publish(code, body="sources: [{document: Luật A}, {document: Nghị định B}]") for code in ("q", "r")]
    for bloc_year, rule_set in zip(year.bloc_years.all(), rules, strict=True):
        bloc_year.rule_set = rule_set
        bloc_year.save()
    assert opening.proposed_bases(year) == ["Căn cứ Luật A", "Căn cứ Nghị định B", "Theo đề nghị của Sở Nội vụ"]


@pytest.mark.slow
def test_worker_makes_it_and_an_equal_one_is_taken_again(year):
    decide(year)
    by = board_of(year)
    for _ in range(2):
        renderings.make(renderings.request(year, KIND, by=by).pk)
    first, again = Rendering.objects.order_by("pk")
    assert (first.state, again.state, first.reused, again.reused) == ("done", "done", False, True)
    assert renderings.path_of(first).read_bytes() == renderings.bytes_of(year, KIND)


@pytest.mark.parametrize("kind", [KIND, DocumentKind.SUMMARY_REPORT])
def test_kind_and_thing_belong_together(year, kind):
    thing = year.bloc_years.first() if kind == KIND else year
    with pytest.raises(TypeError, match="is not a paper of"):
        renderings.request(thing, kind, by=board_of(year))


@pytest.mark.slow
def test_command_prints_the_same(year, tmp_path):
    out = tmp_path / "quyet-dinh.pdf"
    call_command("render_document", "division-decision", "-", "2027", out=str(out))
    assert out.read_bytes() == renderings.bytes_of(year, KIND)


@pytest.mark.parametrize(
    ("kind", "bloc", "reason"),
    [
        ("division-decision", "khoi-a", "của cả năm: ghi “-”"),
        ("summary-report", "-", "của một khối: ghi mã khối"),
    ],
)
def test_command_says_what_a_paper_is_about(year, kind, bloc, reason, capsys):
    with pytest.raises(SystemExit):
        call_command("render_document", kind, bloc, "2027", out="x.pdf")
    assert reason in capsys.readouterr().err


def test_lost_paper_of_a_year_gives_way_to_a_newer_request(year):
    by = board_of(year)
    old = renderings.request(year, KIND, by=by)
    Rendering.objects.filter(pk=old.pk).update(state="running", started_at="2020-01-01T00:00Z")
    renderings.request(year, KIND, by=by)
    renderings.take_up_lost()
    old.refresh_from_db()
    assert (old.state, old.error) == ("failed", "Máy chủ tạo văn bản dừng giữa chừng; đã có yêu cầu mới hơn.")
