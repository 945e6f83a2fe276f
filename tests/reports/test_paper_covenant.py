"""The covenant, read back from its PDF: the text, a place to sign for each of 25 units, what was signed already."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from awards.domain import registrations
from blocs.domain import amendments, covenant_text, signing, successions
from blocs.domain.successions import NewUnit
from blocs.enums import Role
from blocs.models import BlocYear, Covenant, Registration, Signature, UnitYear
from reports.domain import renderings
from reports.domain.papers import covenant as paper
from reports.enums import DocumentKind
from tests.blocs.succession_rows import PAPER, Reform
from tests.factories import at, make_bloc_year, make_target, make_user, make_year, members_of
from tests.reports.paper_reading import lines_of, text_of
from tests.screens import main_text

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
    assert (made.is_draft, made.goals, made.missing, made.digests) == (True, (), ("nội dung",), ())


# ---------------------------------------------------------------- later changes


class Signed:
    """Five units, all signed on 3 March; the text is closed here, or brought as signed by a file."""

    def __init__(self, *, closed):
        self.reform = Reform()
        self.bloc = self.reform.bloc
        make_target(self.bloc)
        Covenant.objects.update(goals=["Mục tiêu"], solutions=["Giải pháp"])
        self.head = make_user(Role.BLOC_HEAD, bloc_year=self.bloc)
        if closed:
            self.digest = covenant_text.close(self.bloc.pk, by=self.head).digest
            for unit in self.reform.units:
                self.sign(unit)
        else:
            row = Covenant.objects.get()
            for position, unit in enumerate(self.reform.units):
                row.signatures.create(unit=unit, position=position, signed_on=date(2026, 3, 3))
            Covenant.objects.update(signed_on=date(2026, 3, 3))

    def sign(self, unit):
        member = self.bloc.memberships.get(unit=unit)
        return signing.sign(member.pk, by=make_user(Role.UNIT_LEADER, unit=unit), digest=Covenant.objects.get().digest)

    def paper(self):
        return paper.build(BlocYear.objects.get(pk=self.bloc.pk))


@pytest.mark.parametrize("closed", [True, False])
def test_what_was_signed_stays_as_it_was_after_a_merger_and_a_new_name(client, closed):
    with time_machine.travel(at("2026-03-03 09:00"), tick=False) as clock:
        signed = Signed(closed=closed)
        before, reform = signed.paper(), signed.reform
        clock.move_to(at("2026-07-10 09:00"))
        gone = [reform.units[number].name for number in (1, 4)]
        successions.merge(reform.ids(1, 4), into=NewUnit(name="Sở mới"), by=reform.staff, **PAPER)
        successions.rename(reform.units[2].unit_id, name="Tên mới", by=reform.staff, **PAPER)
        after = signed.paper()
        assert (after.opening, after.closing, after.heading) == (before.opening, before.closing, before.heading)
        assert "05 đơn vị" in after.opening
        places = [{place.unit: place.how for line in made.grid for place in line} for made in (before, after)]
        assert places[0] == places[1]
        client.force_login(signed.head)
        page = main_text(client.get(reverse("covenant", args=[signed.bloc.pk])))
        assert "5/5 đơn vị đã ký" in page
        table = page.partition("Chữ ký của từng đơn vị")[2].partition("Bản PDF")[0]
        assert [name in table for name in (*gone, "Sở mới", "Tên mới")] == [True, True, False, False]


def test_successor_of_a_unit_that_had_not_signed_has_a_place():
    with time_machine.travel(at("2026-07-10 09:00"), tick=False):
        signed = Signed(closed=True)
        Signature.objects.filter(unit__in=signed.reform.units[3:]).delete()
        heir = successions.merge(signed.reform.ids(3, 4), into=NewUnit(name="Sở mới"), by=signed.reform.staff, **PAPER)
        assert [place.unit for line in signed.paper().grid for place in line if not place.how] == ["Sở mới"]
        signed.sign(UnitYear.objects.get(unit=heir))
        assert [place.unit for line in signed.paper().grid for place in line if not place.how] == []


def test_paper_names_what_each_digest_is_of():
    signed = Signed(closed=True)
    first = signed.digest
    assert signed.paper().digests == (("Dấu của văn bản mà các đơn vị đã ký", first),)
    values = {"text": "Mới", "op": ">=", "value": Decimal(50)}
    target = Covenant.objects.get().targets.get()
    Signature.objects.last().delete()
    row = amendments.propose(
        signed.bloc.pk, by=signed.head, kind="change", reason="x", target_id=target.pk, values=values
    )
    amendments.agree(row.pk, by=signed.reform.staff)
    now, today = Covenant.objects.get().digest, timezone.localdate()
    assert signed.paper().digests == (
        ("Dấu của văn bản mà các đơn vị đã ký", first),
        (f"Dấu của văn bản hiện nay, sau điều chỉnh ngày {today:%d/%m/%Y}", now),
    )
    signed.sign(signed.reform.units[4])
    assert signed.paper().digests == (
        ("Dấu của văn bản mà 04 đơn vị đã ký", first),
        (f"Dấu của văn bản sau điều chỉnh ngày {today:%d/%m/%Y} mà 01 đơn vị đã ký", now),
    )
    Signature.objects.update(signed_at=None, signed_by=None, digest="")  # as scans are kept
    assert signed.paper().digests[0] == ("Dấu của văn bản mà các đơn vị đã ký", first)
    Signature.objects.all().delete()
    assert signed.paper().digests == (("Dấu của văn bản đã chốt", now),)
