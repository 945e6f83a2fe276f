"""The covenant, read back from its PDF: the text, a place to sign for each of 25 units, what was signed already."""

from datetime import date
from decimal import Decimal

import pytest

from awards.domain import registrations
from blocs.domain import amendments, covenant_text, signing
from blocs.enums import Role
from blocs.models import Covenant, Registration
from reports.domain import renderings
from reports.domain.papers import covenant as paper
from reports.enums import DocumentKind
from tests.factories import at, make_bloc_year, make_target, make_user, make_year, members_of
from tests.reports.paper_reading import lines_of, text_of

pytestmark = pytest.mark.django_db
KIND = DocumentKind.COVENANT


def make_covenant(members=3):
    year = make_year(theme="Đổi mới sáng tạo", year=2026)
    bloc_year = make_bloc_year(year, members=members, name="Khối thi đua các Hội", motto="Đoàn kết")
    make_target(bloc_year, "T1", text="Hội viên mới", value=Decimal("1234.5"), unit_of_measure="người", source="NQ 01")
    make_target(bloc_year, "R1", of=members_of(bloc_year)[1], text="Việc riêng", value=7)
    Covenant.objects.update(goals=["Mục tiêu một", "Mục tiêu hai"], solutions=["Giải pháp một"])
    Registration.objects.create(bloc_year=bloc_year, unit=members_of(bloc_year)[0], awards=["CTDT", "BKT"])
    return bloc_year


@pytest.mark.slow
def test_draft_says_so_and_what_it_lacks():
    bloc_year = make_covenant()
    Covenant.objects.update(solutions=[])
    text = text_of(renderings.bytes_of(bloc_year, KIND))
    assert text.count("DỰ THẢO") == 1
    assert "Dự thảo còn thiếu: Chưa có giải pháp." in text


@pytest.mark.slow
def test_closed_text_has_a_place_for_each_of_25_units():
    bloc_year = make_covenant(25)
    head = make_user(Role.BLOC_HEAD, bloc_year=bloc_year)
    row = covenant_text.close(bloc_year.pk, by=head)
    first = bloc_year.memberships.select_related("unit").first()
    leader = make_user(Role.UNIT_LEADER, unit=first.unit, full_name="Người ký mẫu", post="Thủ trưởng")
    signing.sign(first.pk, by=leader, digest=row.digest)
    content = renderings.bytes_of(bloc_year, KIND)
    text = text_of(content)
    for part in (
        "BẢN GIAO ƯỚC THI ĐUA Năm 2026",
        "Chúng tôi, 25 đơn vị thành viên Khối thi đua các Hội",
        "Chủ đề thi đua của tỉnh: “Đổi mới sáng tạo”.",
        "Khẩu hiệu thi đua của khối: “Đoàn kết”.",
        "1. Mục tiêu một 2. Mục tiêu hai",
        "1 Hội viên mới người ≥ 1.234,5 NQ 01",
        "được lập thành 26 bản",
        "(Khối trưởng)",
        "Người ký mẫu, Thủ trưởng",
        "Phụ lục I CHỈ TIÊU RIÊNG CỦA CÁC ĐƠN VỊ",
        "Việc riêng",
        "Phụ lục II ĐĂNG KÝ DANH HIỆU, HÌNH THỨC KHEN THƯỞNG",
        "Chưa đăng ký",
    ):
        assert part in text
    assert "DỰ THẢO" not in text
    lines = [line for line in lines_of(content) if line.text.startswith("ĐƠN VỊ SỐ")]
    assert {line.text for line in lines} == {unit.name.upper() for unit in members_of(bloc_year)}
    assert all(line.left >= 30.5 and line.right <= 210 - 15 for line in lines)


def test_paper_tells_amendments_and_how_each_unit_signed():
    bloc_year = make_covenant()
    Covenant.objects.update(signed_on=date(2026, 2, 14))
    head, officer = make_user(Role.BLOC_HEAD, bloc_year=bloc_year), make_user(Role.BOARD_STAFF, bloc_year=bloc_year)
    target = Covenant.objects.get().targets.get(code="T1")
    values = {"text": "Hội viên mới", "op": ">=", "value": Decimal(1000), "unit_of_measure": "người"}
    row = amendments.propose(
        bloc_year.pk, by=head, kind="change", reason="Kế hoạch đổi.", target_id=target.pk, values=values
    )
    amendments.agree(row.pk, by=officer)
    Covenant.objects.get().signatures.create(unit=members_of(bloc_year)[2], signed_on=date(2026, 2, 14))
    made = paper.build(bloc_year)
    assert (made.is_draft, made.heading.date) == (False, "ngày 14 tháng 02 năm 2026")
    assert len(made.amended) == 1
    assert "“Hội viên mới: ≥ 1.234,5 người (căn cứ: NQ 01)” → “Hội viên mới: ≥ 1.000 người”" in made.amended[0]
    assert [place.how for line in made.grid for place in line] == ["", "", "Đã ký bản giấy ngày 14/02/2026"]


def test_paper_costs_the_same_for_three_and_twenty_units(django_assert_max_num_queries):
    few, many = make_covenant(3), make_bloc_year(members=20)
    for number, unit in enumerate(members_of(many)):
        make_target(many, f"T{number}", of=unit)
    with django_assert_max_num_queries(12):
        paper.build(few)
    with django_assert_max_num_queries(12):
        paper.build(many)


def test_closed_covenant_prints_the_words_that_it_was_closed_with():
    bloc_year = make_covenant()
    covenant_text.close(bloc_year.pk, by=make_user(Role.BLOC_HEAD, bloc_year=bloc_year))
    before = paper.build(bloc_year)
    bloc_year.name = bloc_year.motto = bloc_year.year.theme = "Chữ mới"
    bloc_year.save()
    bloc_year.year.save()
    assert paper.build(bloc_year) == before


def test_annex_of_registrations_says_of_which_day_it_is_and_that_it_is_not_signed():
    bloc_year = make_covenant()
    assert paper.build(bloc_year).registered.startswith("Bảng đăng ký; không thuộc văn bản các đơn vị ký")
    second = bloc_year.memberships.select_related("unit").order_by("position")[1]
    leader = make_user(Role.UNIT_LEADER, unit=second.unit)
    registrations.register(second.pk, ["BKT"], by=leader, now=at("2026-02-12 09:00"))
    assert "gần nhất, ngày 12/02/2026; không thuộc văn bản" in paper.build(bloc_year).registered


def test_bloc_without_a_covenant_prints_an_empty_draft():
    made = paper.build(make_bloc_year())
    assert (made.is_draft, made.goals, made.missing, made.digest) == (True, (), ("nội dung",), "")
