"""The summary report assembled: sums, provenance, what a changed source marks, what people wrote stays."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from awards.models import AwardKind
from blocs.enums import Role
from blocs.errors import EditedMeanwhile, NotAllowed, RuleBroken, WrongState
from blocs.models import AuditEvent
from blocs.templatetags.vietnamese import figure
from reports.domain.assembly import bloc, drafts
from reports.domain.assembly.drafts import OfferKind
from reports.domain.assembly.kinds import SUMMARY
from reports.domain.assembly.pieces import shortened
from reports.domain.papers import summary
from reports.models import ReportForm
from reports.unit_form import FIGURES
from tests.factories import make_bloc_year, make_movement, make_proposal, make_target, make_user, members_of
from tests.reports.assembly_rows import Bloc, answer, offered, set_figure

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    made = Bloc()
    drafts.assemble(SUMMARY, made.summary.pk, by=made.head)
    made.summary.refresh_from_db()
    return made


# ---------------------------------------------------------------- sums


numbers = st.one_of(st.none(), st.decimals(0, 10**9, places=2))


MIXED = (
    {"unit": "người"},
    {"unit": "%"},
    {"unit": "triệu đồng/người"},
    {"unit": "người", "rule": "range"},
    {"unit": "%", "rule": "sum"},
)


def asked(world, *, parts=(), figures=()):
    """The form that the board keeps for the year."""
    parts = parts or [{"code": "tasks", "label": "Nhiệm vụ"}]
    return ReportForm.objects.create(year=world.bloc_year.year, kind="annual", parts=list(parts), figures=list(figures))


class TestSums(TestCase):
    """For every figure and any numbers of the units, the report states the sum of what they gave."""

    @given(
        values=st.dictionaries(
            st.sampled_from([spec.code for spec in FIGURES]), st.lists(numbers, min_size=4, max_size=4)
        )
    )
    def test_number_in_the_report_is_the_sum_of_the_units(self, values):
        world = Bloc(units=4, figures=values, texts=("tasks",))

        pieces = {piece.key: piece for piece in bloc.generate(world.bloc_year)[0]}

        for spec in FIGURES:
            told = [value for value in values.get(spec.code, []) if value is not None]
            piece = pieces.get(f"figure:{spec.code}")
            if not told:
                assert piece is None
                continue
            assert piece.number == sum(told)
            assert f": {figure(sum(told))} " in piece.text
            assert len(piece.sources) == len(told)

    @given(numbers=st.lists(numbers, min_size=4, max_size=4), spec=st.sampled_from(MIXED))
    def test_what_does_not_add_up_is_told_from_lowest_to_highest(self, numbers, spec):
        world = Bloc(units=4, figures={"x": numbers}, texts=("tasks",))
        asked(world, figures=[{"code": "x", "label": "Số", **spec}])

        piece = {piece.key: piece for piece in bloc.generate(world.bloc_year)[0]}.get("figure:x")

        told = [value for value in numbers if value is not None]
        if not told:
            assert piece is None
            return
        ends = [f"{figure(end(told))} {spec['unit']}" for end in (min, max)]
        if spec.get("rule", "sum" if spec["unit"] == "người" else "range") == "sum":
            assert (piece.number, piece.text.startswith(f"Số: {figure(sum(told))} ")) == (sum(told), True)
        else:
            assert piece.number is None
            assert (f"từ {ends[0]} đến {ends[1]} (" if ends[0] != ends[1] else f"Số: {ends[0]} (") in piece.text
        assert [source.text for source in piece.sources] == [f"{figure(value)} {spec['unit']}" for value in told]


def test_reports_that_are_not_sent_do_not_count():
    world = Bloc()
    world.reports[0].state = "draft"
    world.reports[0].save()

    pieces = {piece.key: piece for piece in bloc.generate(world.bloc_year)[0]}

    assert pieces["figure:staff"].number == Decimal(50)
    assert [source.label for source in pieces["absent"].sources] == [world.units[0].short]
    assert world.units[0].short in pieces["absent"].text


def test_awards_are_summed_with_the_share_of_direct_workers():
    world = Bloc()
    world.recognise(world.units[0], 8, direct=6)
    world.recognise(world.units[1], 4, direct=3)
    world.recognise(world.units[1], 2, recipients="collective")

    (piece,) = [piece for piece in bloc.generate(world.bloc_year)[0] if piece.key == "recognitions"]

    assert "02 lượt tập thể, 12 lượt cá nhân" in piece.text
    assert "09/12 lượt cá nhân có ghi số này (75,0 %)" in piece.text
    assert len(piece.sources) == 3


def test_awards_without_recipients_are_told():
    world = Bloc()
    world.recognise(world.units[0], 8, recipients="")

    (piece,) = [piece for piece in bloc.generate(world.bloc_year)[0] if piece.key == "recognitions"]

    assert piece.text == "Trong năm, các đơn vị có 08 lượt chưa ghi đối tượng được khen thưởng."


def pieces_of(world):
    return {piece.key: piece for piece in bloc.generate(world.bloc_year)[0]}


@pytest.mark.parametrize(
    ("measure", "values", "number", "words"),
    [
        ("nhà", [4, 5, 6], 15, "Chỉ số 1: 15 nhà (03 đơn vị có kết quả)"),
        ("%", [85, 92, 98], None, "Chỉ số 1: từ 85 % đến 98 % (03 đơn vị có kết quả)"),
    ],
)
def test_results_of_movements_are_put_together_by_rule(measure, values, number, words):
    world = Bloc()
    movement = make_movement(world.bloc_year.year, name="Phong trào xây nhà")
    indicator = movement.indicators.get()
    indicator.unit_of_measure = measure
    indicator.save()
    for unit, value in zip(world.units, values, strict=True):
        indicator.results.create(unit=unit, value=value)
    indicator.results.create(unit=world.units[0], value=99, period="Quý I")
    indicator.results.create(unit=members_of(make_bloc_year(world.bloc_year.year))[0], value=1000)

    piece = pieces_of(world)[f"movement:{movement.pk}"]

    assert (piece.part, piece.number, piece.text) == ("results", number, f"Phong trào xây nhà: {words}.")
    assert [source.text for source in piece.sources] == [f"Chỉ số 1: {value} {measure}" for value in values]


def test_proposals_and_registrations_are_told_with_their_units():
    world = Bloc()
    make_proposal(world.bloc_year, world.units[0])
    make_proposal(world.bloc_year, world.units[1])
    world.bloc_year.registrations.create(unit=world.units[2], awards=["CTDT"])
    award, (one, two, three) = AwardKind.objects.get(code="CTDT"), [unit.short for unit in world.units]

    found = pieces_of(world)

    assert found["proposals"].text == f"Khối đề nghị khen thưởng: {award}: 02 đơn vị ({one}, {two})."
    assert found["registrations"].text == f"01/03 đơn vị đăng ký thi đua: {award}: 01 đơn vị ({three})."
    assert (found["proposals"].part, found["registrations"].part) == ("recommendations", "leading")


def test_what_the_text_tells_is_not_told_again_around_it():
    world = Bloc()
    world.recognise(world.units[0], 8, direct=6)
    before = summary.build(world.bloc_year)
    world.reports[1].delete()
    drafts.assemble(SUMMARY, world.summary.pk, by=world.head)

    paper = summary.build(world.bloc_year)

    assert ("Chưa gửi" in before.receipts_sentence, "lao động trực tiếp" in before.recognitions_sentence) == (
        True,
        True,
    )
    assert ("Chưa gửi" in paper.receipts_sentence, paper.recognitions_sentence) == (False, "")


def test_targets_that_were_exceeded_met_and_missed_are_named():
    world = Bloc()
    for code, promised, reached in (("T1", 100, 120), ("T2", 50, 40), ("T3", 10, 10)):
        target = make_target(
            world.bloc_year, code, text=f"Chỉ tiêu {code}", value=promised, op=">=", unit_of_measure="xã"
        )
        target.results.create(value=reached)

    pieces = pieces_of(world)

    assert (pieces["targets:met"].part, "Chỉ tiêu T3" in pieces["targets:met"].text) == ("strengths", True)
    assert (pieces["targets:exceeded"].part, pieces["targets:missed"].part) == ("strengths", "shortcomings")
    assert "Chỉ tiêu T1 (đạt 120 xã, giao ước ≥ 100)" in pieces["targets:exceeded"].text
    assert "Chỉ tiêu T2 (đạt 40 xã" in pieces["targets:missed"].text


def test_conflicts_between_sources_are_listed():
    world = Bloc(figures={"individuals": [5, 5, 5]})
    world.recognise(world.units[0], 7)
    world.recognise(world.units[1], 5)
    target = make_target(world.bloc_year, "T1", text="Số mô hình", value=9, op=">=", unit_of_measure="mô hình")
    for unit in (None, *world.units):
        target.results.create(of=unit, value=20 if unit is None else 6)

    found = [conflict.text for conflict in bloc.generate(world.bloc_year)[1]]

    assert found == [
        f"{world.units[0].short}, cá nhân được khen thưởng: báo cáo năm ghi 5, danh sách khen thưởng có 07.",
        "“Số mô hình”: khối ghi 20 mô hình, cộng các đơn vị là 18 mô hình.",
    ]


def test_long_words_of_a_unit_are_cut_at_a_sentence():
    text = "Câu một dài vừa phải. " * 60

    cut = shortened(text.strip())

    assert (len(cut) <= 720, cut.endswith(". […]"), shortened("Ngắn.")) == (True, True, "Ngắn.")


def test_parts_that_the_board_adds_are_quoted_where_it_says():
    world = Bloc(texts=("chuyen-doi-so", "leading", "khac"))
    asked(
        world,
        parts=[
            {"code": "chuyen-doi-so", "label": "Chuyển đổi số", "target": "strengths"},
            {"code": "khac", "label": "Việc khác"},
            {"code": "leading", "label": "Lãnh đạo"},
        ],
    )

    found = [(piece.part, piece.key.partition(":")[0]) for piece in bloc.generate(world.bloc_year)[0]]

    each = len(world.units)
    assert (
        found
        == [("leading", "leading")] * each + [("results", "khac")] * each + [("strengths", "chuyen-doi-so")] * each
    )


# ---------------------------------------------------------------- the draft


def test_one_act_builds_the_draft_with_its_sources(world):
    results = world.texts()
    provenance = drafts.provenance(SUMMARY, world.summary)

    assert results[0] == f"{FIGURES[0].label}: 60 người (3 đơn vị có số liệu)."
    assert results[1:] == [f"{unit.short}: tasks của {unit.short}." for unit in world.units]
    assert world.texts("leading") == [f"{unit.short}: leading của {unit.short}." for unit in world.units]
    assert [source["text"] for source in provenance["results"][0][2]] == ["10 người", "20 người", "30 người"]
    assert [source["pk"] for source in provenance["results"][0][2]] == [report.pk for report in world.reports]
    assert offered(world) == []
    assert AuditEvent.objects.filter(action="assembly.assemble").count() == 1


def test_changed_source_marks_exactly_its_paragraphs(world):
    set_figure(world.reports[1], 25)
    world.reports[2].parts.filter(code="leading").update(paragraphs=["Nói lại."])

    found = drafts.offers(SUMMARY, world.summary)[0]

    assert [(offer.kind, offer.key) for offer in found] == [
        (OfferKind.CHANGED, f"leading:{world.units[2].unit_id}"),
        (OfferKind.CHANGED, "figure:staff"),
    ]
    assert "65 người" in found[1].new
    assert "60 người" in found[1].now


def test_numbers_that_cancel_out_still_mark_the_paragraph(world):
    set_figure(world.reports[0], 15)
    set_figure(world.reports[1], 15)

    assert offered(world) == [(OfferKind.CHANGED, "figure:staff")]


def test_taking_an_offer_changes_that_paragraph_and_no_other(world):
    set_figure(world.reports[1], 25)
    before = world.texts()

    answer(drafts.take, SUMMARY, world.summary, "figure:staff", by=world.head)

    assert world.texts() == [before[0].replace("60", "65"), *before[1:]]
    assert offered(world) == []


def test_keeping_the_own_words_ends_the_offer_until_the_next_change(world):
    set_figure(world.reports[1], 25)
    before = world.texts()

    answer(drafts.keep, SUMMARY, world.summary, "figure:staff", by=world.head)

    assert (world.texts(), offered(world)) == (before, [])
    set_figure(world.reports[1], 26)
    assert offered(world) == [(OfferKind.CHANGED, "figure:staff")]


def test_source_that_is_gone_is_told(world):
    world.reports[1].delete()

    assert sorted(offered(world)) == sorted(
        [
            (OfferKind.GONE, f"leading:{world.units[1].unit_id}"),
            (OfferKind.CHANGED, "figure:staff"),
            (OfferKind.GONE, f"tasks:{world.units[1].unit_id}"),
            (OfferKind.NEW, "absent"),
        ]
    )
    answer(drafts.take, SUMMARY, world.summary, f"tasks:{world.units[1].unit_id}", by=world.head)
    assert f"{world.units[1].short}: tasks của {world.units[1].short}." not in world.texts()
    answer(drafts.keep, SUMMARY, world.summary, f"leading:{world.units[1].unit_id}", by=world.head)
    assert sorted(key for _, key in offered(world)) == ["absent", "figure:staff"]


def test_new_pieces_are_offered_and_taken_at_the_end_of_their_part(world):
    world.recognise(world.units[0], 3)

    assert offered(world) == [(OfferKind.NEW, "recognitions")]
    answer(drafts.take, SUMMARY, world.summary, "recognitions", by=world.head)
    assert "03 lượt cá nhân" in world.texts()[-1]


@pytest.mark.parametrize("act", [drafts.take, drafts.keep])
def test_answer_counts_for_the_offer_that_was_seen_and_no_other(world, act):
    set_figure(world.reports[1], 25)
    (seen,) = drafts.offers(SUMMARY, world.summary)[0]
    set_figure(world.reports[1], 26)

    with pytest.raises(EditedMeanwhile, match="vừa đổi") as caught:
        act(SUMMARY, world.summary.pk, "figure:staff", seen=seen.digest, by=world.head)

    assert ("66 người" in caught.value.theirs, "60 người" in world.texts()[0]) == (True, True)
    assert offered(world) == [(OfferKind.CHANGED, "figure:staff")]


def test_offer_that_somebody_took_already_is_told(world):
    with pytest.raises(WrongState, match="vừa được cập nhật"):
        answer(drafts.take, SUMMARY, world.summary, "figure:staff", by=world.head)


# ---------------------------------------------------------------- who and when


@pytest.mark.parametrize("role", [Role.BOARD_STAFF, Role.UNIT_LEADER, Role.COUNCIL_MEMBER])
def test_only_head_and_deputies_assemble(role):
    world = Bloc()
    user = make_user(role, bloc_year=world.bloc_year, unit=world.units[0])

    with pytest.raises(NotAllowed):
        drafts.assemble(SUMMARY, world.summary.pk, by=user)


@pytest.mark.parametrize("state", ["adopted", "submitted", "accepted"])
def test_adopted_report_is_not_assembled(world, state):
    world.summary.state, world.summary.adopted_on = state, "2026-12-20"
    world.summary.submitted_at = "2026-12-21T00:00Z"
    world.summary.save()

    for act in (
        lambda: drafts.assemble(SUMMARY, world.summary.pk, by=world.head),
        lambda: drafts.take(SUMMARY, world.summary.pk, "figure:staff", seen="", by=world.head),
        lambda: drafts.keep(SUMMARY, world.summary.pk, "figure:staff", seen="", by=world.head),
    ):
        with pytest.raises(WrongState):
            act()


def test_nothing_reported_is_nothing_to_assemble():
    world = Bloc(state="draft")

    with pytest.raises(RuleBroken, match="Chưa có đơn vị nào gửi"):
        drafts.assemble(SUMMARY, world.summary.pk, by=world.head)


def test_assembly_asks_as_often_for_3_units_as_for_12():
    found = []
    for units in (3, 12):
        world = Bloc(units=units)
        with CaptureQueriesContext(connection) as queries:
            drafts.assemble(SUMMARY, world.summary.pk, by=world.head)
        found.append(len(queries))

    assert found == [found[0]] * 2
