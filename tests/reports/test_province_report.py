"""The province's report assembled from the blocs' reports: who reported, sums, sources, what a changed source marks."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from blocs.domain import obligations
from blocs.enums import Role
from blocs.errors import EditedMeanwhile, NotAllowed, RuleBroken, WrongState
from blocs.models import AuditEvent, Membership, Receipt
from blocs.templatetags.vietnamese import figure
from reports.domain import province_reports
from reports.domain.assembly import drafts, province, versions
from reports.domain.assembly.drafts import OfferKind
from reports.domain.assembly.kinds import PROVINCE
from reports.models import ReportForm
from reports.unit_form import FIGURES
from tests.factories import at, make_bloc_year, make_unit_report, make_user, make_year
from tests.reports.province_rows import Province, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    made = Province()
    drafts.assemble(PROVINCE, made.report.pk, by=made.board)
    made.report.refresh_from_db()
    return made


def offered(world):
    return [(offer.kind, offer.key) for offer in drafts.offers(PROVINCE, world.report)[0]]


def pieces_of(world):
    return {piece.key: piece for piece in province.generate(world.year)[0]}


def conflicts_of(world):
    return [conflict.text for conflict in province.generate(world.year)[1]]


# ---------------------------------------------------------------- sums


numbers = st.one_of(st.none(), st.decimals(0, 10**9, places=2))


CODES = st.sampled_from([spec.code for spec in FIGURES])


class TestSums(TestCase):
    """For every figure and any numbers of the units, the report states the sum over all blocs."""

    @given(
        values=st.dictionaries(
            st.sampled_from([spec.code for spec in FIGURES]), st.lists(numbers, min_size=4, max_size=4)
        )
    )
    def test_number_in_the_report_is_the_sum_of_all_units(self, values):
        world = Province(blocs=2, units=2, figures=values)

        pieces = pieces_of(world)

        for spec in FIGURES:
            told = [value for value in values.get(spec.code, []) if value is not None]
            piece = pieces.get(f"figure:{spec.code}")
            if not told:
                assert piece is None
                continue
            assert piece.number == sum(told)
            assert f": {figure(sum(told))} " in piece.text
            assert f"({len(told):02d} đơn vị của {len(piece.sources):02d} cụm, khối)" in piece.text

    @given(
        first=st.dictionaries(CODES, st.lists(numbers, min_size=2, max_size=2)),
        second=st.dictionaries(CODES, st.lists(numbers, min_size=2, max_size=2)),
    )
    def test_number_of_a_unit_in_two_blocs_counts_once_wherever_it_was_given(self, first, second):
        world = Province(blocs=1, units=2, figures=first)
        for number, report in enumerate(report_above(world, *world.units)):
            for code, values in second.items():
                report.figures.create(code=code, value=values[number])

        pieces, told = pieces_of(world), conflicts_of(world)

        for spec in FIGURES:
            pairs = list(zip(*(said.get(spec.code, [None, None]) for said in (first, second)), strict=True))
            counted = [other if one is None else one for one, other in pairs if (one, other) != (None, None)]
            piece = pieces.get(f"figure:{spec.code}")
            assert (piece and piece.number) == (sum(counted) if counted else None)
            differing = [None not in pair and len(set(pair)) == 2 for pair in pairs]
            named = [f"{unit.short}, {spec.label}:" for unit in world.units]
            assert [any(text.startswith(name) for text in told) for name in named] == differing


def test_shares_are_told_from_lowest_to_highest_and_are_no_conflict():
    world = Province(figures={"x": [85, 92, 98, None, 98, 98]})
    figures = [{"code": "x", "label": "Hộ đạt chuẩn", "unit": "%"}]
    ReportForm.objects.create(year=world.year, kind="annual", parts=[{"code": "tasks", "label": "A"}], figures=figures)
    summary = world.summaries[0]
    part = summary.parts.get(code="results")
    part.paragraphs, part.keys = ["Hộ đạt chuẩn: từ 85 % đến 92 % (2 đơn vị có số liệu)."], ["figure:x"]
    part.save()

    piece = pieces_of(world)["figure:x"]

    assert piece.text == "Hộ đạt chuẩn: từ 85 % đến 98 % (05 đơn vị của 03 cụm, khối)."
    assert (piece.number, [source.text for source in piece.sources]) == (None, ["từ 85 % đến 92 %", "98 %", "98 %"])
    assert conflicts_of(world) == []


def test_reports_of_units_that_are_not_sent_do_not_count():
    world = Province()
    world.reports[0].state = "returned"
    world.reports[0].save()

    piece = pieces_of(world)["figure:staff"]

    assert (piece.number, len(piece.sources)) == (Decimal(200), 3)
    assert piece.sources[0].text == "20 người"


def report_above(world, *units, **figures):
    """What units report in a bloc above their own."""
    above = make_bloc_year(world.year, name="Cụm trên", members=0)
    found = []
    for unit in units:
        Membership.objects.create(bloc_year=above, unit=unit, tier=1)
        found.append(make_unit_report(above, unit=unit, state="submitted"))
        for code, value in figures.items():
            found[-1].figures.create(code=code, value=value)
    return found


def test_figure_that_a_unit_gave_in_its_second_bloc_only_counts_there():
    world = Province()
    unit = world.units[0]
    world.reports[0].figures.create(code="collectives", value=None)
    report_above(world, unit, collectives=77)

    piece = pieces_of(world)["figure:collectives"]
    assert (piece.number, [source.label for source in piece.sources]) == (Decimal(77), ["Cụm trên"])
    assert (pieces_of(world)["figure:staff"].number, conflicts_of(world)) == (Decimal(210), [])


def test_unit_of_two_blocs_counts_once_and_a_difference_is_told():
    world = Province()
    unit, own = world.units[0], world.blocs[0]
    report_above(world, unit, staff=11)

    assert pieces_of(world)["figure:staff"].number == Decimal(210)
    assert "04 cụm, khối thi đua với 06 đơn vị" in pieces_of(world)["blocs"].text
    assert conflicts_of(world) == [
        f"{unit.short}, {FIGURES[0].label}: báo cáo ở {own.name} ghi 10, ở Cụm trên ghi 11; chỉ cộng số ở {own.name}."
    ]


# ---------------------------------------------------------------- who reported


def test_situation_tells_who_reported_and_who_did_not():
    world = Province()
    late = world.summaries[2]
    late.state = "draft"
    late.save()
    Receipt.objects.filter(unit=world.units[5]).delete()
    Receipt.objects.filter(unit=world.units[4], kind="unit-report").update(at=at("2026-11-21 08:00"))
    Receipt.objects.filter(bloc_year=world.blocs[2], kind="summary-report").delete()
    obligations.renew_bloc(world.blocs[2].pk)

    pieces = pieces_of(world)

    assert pieces["blocs"].text == "Năm 2026 có 03 cụm, khối thi đua với 06 đơn vị thành viên."
    assert "đã nhận 02/03 (66,7 %), đúng hạn 02/03 (66,7 %)" in pieces["received:summary-report"].text
    assert "đã nhận 05/06 (83,3 %), đúng hạn 04/06 (66,7 %)" in pieces["received:unit-report"].text
    assert pieces["received:unit-report"].sources[2].text == "1/2 đã nhận, 0 đúng hạn"
    assert pieces["absent:blocs"].text.endswith(f": 01 cụm, khối: {world.blocs[2].name}.")
    assert (
        pieces["absent:units"].text
        == f"Chưa gửi báo cáo năm: 01 đơn vị. {world.blocs[2].name}: {world.units[5].short}."
    )
    assert f"leading:{world.blocs[2].bloc_id}" not in pieces


@pytest.mark.parametrize(
    ("state", "words"), [("returned", "(bị trả lại)"), ("adopted", "(đã thông qua, chưa gửi)"), ("draft", "")]
)
def test_bloc_that_has_not_sent_is_named_with_its_reason(state, words):
    world = Province(state=state)

    piece = pieces_of(world)["absent:blocs"]

    assert [source.label for source in piece.sources] == [bloc.name for bloc in world.blocs]
    assert piece.text.count(words or "Khối") >= 3
    assert (f"leading:{world.blocs[0].bloc_id}" in pieces_of(world)) is (state == "adopted")


# ---------------------------------------------------------------- commendation


def test_awards_are_summed_by_award_with_the_share_of_direct_workers():
    world = Province()
    world.recognise(world.units[0], 8, direct=6)
    world.recognise(world.units[3], 4, direct=3)
    world.recognise(world.units[3], 5)
    world.recognise(world.units[1], 2, award="CTDT", recipients="collective")

    pieces = pieces_of(world)

    share = "người lao động trực tiếp chiếm 09/12 lượt cá nhân có ghi số này (75,0 %)"
    assert pieces["recognitions"].text == (
        f"Trong năm, các đơn vị thành viên có 02 lượt tập thể, 17 lượt cá nhân được khen thưởng; {share}."
    )
    assert pieces["award:GK"].text.endswith(f": 17 lượt cá nhân; {share}.")
    assert pieces["award:CTDT"].text.endswith(": 02 lượt tập thể.")
    assert [source.label for source in pieces["award:GK"].sources] == [world.blocs[0].name, world.blocs[1].name]


# ---------------------------------------------------------------- the draft


def test_one_act_builds_the_draft_with_its_sources(world):
    assert world.texts()[0] == f"{FIGURES[0].label}: 210 người (06 đơn vị của 03 cụm, khối)."
    assert world.texts("leading") == [f"{bloc.name}: leading của {bloc.name}." for bloc in world.blocs]
    assert world.texts("shortcomings") == [
        f"{bloc.name}: shortcomings của {bloc.name}. causes của {bloc.name}." for bloc in world.blocs
    ]
    (source,) = drafts.provenance(PROVINCE, world.report)["leading"][1][2]
    assert (source["kind"], source["pk"]) == ("summary_report", world.summaries[1].pk)
    assert offered(world) == []


def test_sums_of_a_bloc_are_not_quoted_again():
    world = Province()
    part = world.summaries[0].parts.get(code="results")
    part.paragraphs, part.keys = ["Số người: 30 người.", "Lời của khối."], ["figure:staff", ""]
    part.save()

    assert pieces_of(world)[f"results:{world.blocs[0].bloc_id}"].text == f"{world.blocs[0].name}: Lời của khối."
    assert conflicts_of(world) == []


def test_sum_that_a_bloc_adopted_and_that_its_units_changed_is_a_conflict():
    world = Province()
    part = world.summaries[0].parts.get(code="results")
    part.paragraphs, part.keys = ["Số người: 30 người (2 đơn vị)."], ["figure:staff"]
    part.save()
    world.reports[0].figures.update(value=15)

    assert conflicts_of(world) == [
        f"{world.blocs[0].name}, {FIGURES[0].label}: báo cáo tổng kết ghi “Số người: 30 người (2 đơn vị).”, "
        "cộng báo cáo các đơn vị là 35."
    ]


def test_changed_report_of_a_bloc_marks_exactly_its_paragraphs(world):
    said(world.summaries[1], "leading", "Nói khác.")
    said(world.summaries[1], "causes", "Vì khác.")

    key = world.blocs[1].bloc_id
    assert offered(world) == [(OfferKind.CHANGED, f"leading:{key}"), (OfferKind.CHANGED, f"shortcomings:{key}")]


def test_change_behind_the_mark_of_omission_marks_the_paragraph():
    world = Province()
    long = "Một câu vừa phải của khối. " * 100
    said(world.summaries[0], "leading", long + "Cuối.")
    drafts.assemble(PROVINCE, world.report.pk, by=world.board)
    world.report.refresh_from_db()

    said(world.summaries[0], "leading", long + "Cuối khác.")

    assert world.texts("leading")[0].endswith("[…]")
    assert offered(world) == [(OfferKind.CHANGED, f"leading:{world.blocs[0].bloc_id}")]


def test_changed_number_of_a_unit_marks_the_sum(world):
    world.reports[4].figures.update(value=51)

    (offer,) = drafts.offers(PROVINCE, world.report)[0]
    assert (offer.key, "211 người" in offer.new) == ("figure:staff", True)


def test_report_that_is_returned_keeps_its_quotes_until_it_comes_back(world):
    sent = world.summaries[2]
    sent.state = "returned"
    sent.save()
    assert [key for kind, key in offered(world) if kind == OfferKind.GONE] == []
    assert f"{world.blocs[2].name}: báo cáo tổng kết bị trả lại, đang sửa" in conflicts_of(world)[0]

    sent.state = "submitted"
    sent.save()
    assert offered(world) == []


def test_editing_keeps_the_provenance(world):
    before = world.report.parts.get(code="leading").keys
    rows = world.texts("leading")

    world.write("leading", "\n".join(["Lời mở của Ban.", rows[0] + " Đáng khen.", rows[2]]))

    assert world.report.parts.get(code="leading").keys == ["", before[0], before[2]]


def test_two_editors_of_one_part_do_not_overwrite_each_other(world):
    with pytest.raises(EditedMeanwhile):
        province_reports.save_part(world.report.pk, "leading", "Khác.", version=0, by=world.board)


def test_assembly_asks_as_often_for_3_blocs_as_for_30():
    found = []
    for blocs in (3, 30):
        world = Province(blocs=blocs)
        world.recognise(world.units[0], 5)
        with CaptureQueriesContext(connection) as queries:
            drafts.assemble(PROVINCE, world.report.pk, by=world.board)
        found.append(len(queries))

    assert found == [found[0]] * 2


def test_year_without_blocs_has_nothing_to_assemble():
    year = make_year()
    board = make_user(Role.BOARD_STAFF, authority=year.authority)
    report = province_reports.open_report(year, by=board)

    with pytest.raises(RuleBroken, match="chưa có cụm, khối nào"):
        drafts.assemble(PROVINCE, report.pk, by=board)


# ---------------------------------------------------------------- who and when


def finish(world):
    for code in province_reports.OBLIGATORY:
        if not world.texts(code):
            world.write(code, "Đủ.")
    return province_reports.finish(world.report.pk, by=world.board)


@pytest.mark.parametrize("role", [Role.COUNCIL_MEMBER, Role.COUNCIL_SECRETARY, Role.ADMINISTRATOR, Role.BLOC_HEAD])
def test_only_the_board_writes(world, role):
    user = make_user(role, bloc_year=world.blocs[0])

    for act in (
        lambda: drafts.assemble(PROVINCE, world.report.pk, by=user),
        lambda: province_reports.save_part(world.report.pk, "leading", "x", version=1, by=user),
        lambda: province_reports.finish(world.report.pk, by=user),
        lambda: province_reports.reopen(world.report.pk, by=user, note="Vì."),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_only_the_board_begins_it():
    year = make_year()
    with pytest.raises(NotAllowed):
        province_reports.open_report(year, by=make_user(Role.COUNCIL_MEMBER, authority=year.authority))


def test_unfinished_parts_are_named(world):
    with pytest.raises(RuleBroken, match="Còn thiếu: Công tác khen thưởng"):
        province_reports.finish(world.report.pk, by=world.board)


def test_finished_report_is_a_version_with_its_digest_and_stands(world):
    report = finish(world)

    version = province_reports.finished_version(report)
    assert version.digest == versions.digest_of(versions.content_of(PROVINCE, report), report.kept)
    assert (report.finished_by, report.is_draft) == (world.board, False)
    assert AuditEvent.objects.get(action="province_report.finish").after["digest"] == version.digest
    for act in (
        lambda: drafts.assemble(PROVINCE, report.pk, by=world.board),
        lambda: world.write("leading", "Khác."),
        lambda: versions.restore(PROVINCE, report.pk, 1, by=world.board),
        lambda: finish(world),
    ):
        with pytest.raises(WrongState):
            act()


def test_finished_report_is_opened_again_with_a_reason(world):
    finish(world)
    with pytest.raises(RuleBroken, match="lý do"):
        province_reports.reopen(world.report.pk, by=world.board, note=" ")

    report = province_reports.reopen(world.report.pk, by=world.board, note="Bổ sung một khối.")

    assert (report.is_draft, report.finished_by, province_reports.finished_version(report)) == (True, None, None)
    assert AuditEvent.objects.get(action="province_report.reopen").note == "Bổ sung một khối."
    with pytest.raises(WrongState):
        province_reports.reopen(world.report.pk, by=world.board, note="Vì.")
