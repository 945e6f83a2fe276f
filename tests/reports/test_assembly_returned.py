"""A unit's report that was returned is being mended: what was taken from it stays, and the texts name the unit."""

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from blocs.domain import receipts
from blocs.enums import Milestone
from reports.domain import summary_reports
from reports.domain.assembly import bloc, drafts, province, versions
from reports.domain.assembly.drafts import OfferKind
from reports.domain.assembly.kinds import PROVINCE, SUMMARY
from reports.domain.papers import summary
from reports.models import UnitReport
from tests.factories import make_bloc_year, make_milestone
from tests.reports.assembly_rows import Bloc, answer, offered, set_figure
from tests.reports.province_rows import Province
from tests.screens import page_of

pytestmark = pytest.mark.django_db


def give_back(report, state="returned"):
    report.state = state
    report.save()


def assembled(world, kind, report, by):
    drafts.assemble(kind, report.pk, by=by)
    report.refresh_from_db()
    return world


@pytest.fixture
def world():
    made = Bloc()
    make_milestone(made.bloc_year, due="2026-11-20 17:00", locks="2026-11-30 17:00")
    for unit in made.units:
        receipts.record(made.bloc_year, unit, Milestone.UNIT_REPORT, at=timezone.now(), as_unit=True)
    return assembled(made, SUMMARY, made.summary, made.head)


@pytest.mark.parametrize("state", ["returned", "ready"])
def test_returned_report_keeps_its_passages_and_is_named(world, state):
    before, unit = world.texts(), world.units[1]
    give_back(world.reports[1], state)

    assert offered(world) == [(OfferKind.NEW, "absent")]
    (absent,) = [piece for piece in bloc.generate(world.bloc_year)[0] if piece.key == "absent"]
    assert absent.text == (
        f"Đến khi lập báo cáo, 01/03 đơn vị bị trả lại báo cáo năm, đang bổ sung: {unit.short}. "
        "Mỗi số tổng hợp từ báo cáo năm ghi rõ của bao nhiêu đơn vị."
    )
    assert f"{unit.short}: báo cáo năm bị trả lại, đang bổ sung" in bloc.generate(world.bloc_year)[1][0].text
    drafts.assemble(SUMMARY, world.summary.pk, by=world.head)
    assert world.texts() == [*before, absent.text]


def test_report_that_comes_back_is_offered_where_it_says_something_else(world):
    give_back(world.reports[1])
    set_figure(world.reports[1], 25)
    give_back(world.reports[1], "submitted")

    assert offered(world) == [(OfferKind.CHANGED, "figure:staff")]


def test_other_changes_are_offered_while_a_report_is_mended(world):
    give_back(world.reports[1])
    set_figure(world.reports[0], 11)
    world.reports[2].parts.filter(code="leading").update(paragraphs=["Nói lại."])

    found = {offer.key: offer for offer in drafts.offers(SUMMARY, world.summary)[0]}
    assert found.keys() == {"absent", "figure:staff", f"leading:{world.units[2].unit_id}"}
    assert "41 người (2 đơn vị có số liệu)" in found["figure:staff"].new


def test_passage_that_people_removed_is_not_offered_because_a_source_is_mended(world):
    row = world.summary.parts.get(code="results")
    text = "\n".join(row.paragraphs[1:])
    summary_reports.save_part(world.summary.pk, "results", text, version=row.version, by=world.head)
    assert offered(world) == []

    give_back(world.reports[1])

    assert offered(world) == [(OfferKind.NEW, "absent")]


def test_passage_without_known_sources_is_gone_whoever_mends(world):
    world.summary.versions.update(pieces={})
    versions.restore(SUMMARY, world.summary.pk, 1, by=world.head)
    give_back(world.reports[1])

    gone = {key for kind, key in offered(world) if kind == OfferKind.GONE}
    assert gone == {f"{code}:{world.units[1].unit_id}" for code in ("tasks", "leading")}


def test_page_and_paper_do_not_say_that_all_is_well(client, world):
    client.force_login(world.head)
    page = reverse("summary_report", args=[world.summary.pk])
    assert "Tất cả đã gửi báo cáo năm" in page_of(client.get(page)).text

    give_back(world.reports[1])

    shown, unit = page_of(client.get(page)).text, world.units[1]
    assert ("Tất cả đã gửi" in shown, f"Bị trả lại báo cáo năm, đang bổ sung: {unit.short}" in shown) == (False, True)
    assert [row[3].endswith(", đang bổ sung") for row in summary.build(world.bloc_year).receipts.rows] == [
        False, True, False
    ]  # fmt: skip


def test_absent_and_returned_units_stand_in_one_sentence(world):
    world.reports[0].delete()
    world.bloc_year.receipts.filter(unit=world.units[0]).delete()
    make_milestone(world.bloc_year, "summary-report")
    give_back(world.reports[1])
    answer(drafts.take, SUMMARY, world.summary, "absent", by=world.head)

    (one, two, _), (text,) = world.units, [text for text in world.texts() if "chưa gửi" in text]
    assert f"01/03 đơn vị chưa gửi báo cáo năm: {one.short}; 01/03 đơn vị bị trả lại" in text
    assert f"đang bổ sung: {two.short}." in text


def test_missing_units_are_named_where_none_has_sent():
    world = Bloc(state="draft")
    world.recognise(world.units[0], 3)
    assembled(world, SUMMARY, world.summary, world.head)

    names = ", ".join(unit.short for unit in world.units)
    assert world.texts()[0] == f"Đến khi lập báo cáo, 03/03 đơn vị chưa gửi báo cáo năm: {names}."


# ---------------------------------------------------------------- the province


@pytest.fixture
def whole():
    made = Province()
    return assembled(made, PROVINCE, made.report, made.board)


def offers_of(whole):
    return {offer.key: offer for offer in drafts.offers(PROVINCE, whole.report)[0]}


def test_province_keeps_the_sums_and_names_the_unit(whole):
    before, (unit, *_), (own, *_) = whole.texts(), whole.units, whole.blocs
    give_back(whole.reports[0])

    (offer,) = offers_of(whole).values()
    assert offer.new == f"Bị trả lại báo cáo năm, đang bổ sung: 01 đơn vị. {own.name}: {unit.short}."
    told = [conflict.text for conflict in province.generate(whole.year)[1]]
    assert told == [
        f"{own.name}: báo cáo năm bị trả lại, đang bổ sung: {unit.short}; số đã cộng ở đây giữ như cũ cho đến khi "
        "đơn vị gửi lại."
    ]
    drafts.assemble(PROVINCE, whole.report.pk, by=whole.board)
    assert whole.texts() == before

    give_back(whole.reports[0], "submitted")
    assert [kind for kind, _ in ((offer.kind, offer.key) for offer in offers_of(whole).values())] == [OfferKind.GONE]


def test_province_is_offered_what_else_changes_in_the_same_bloc(whole):
    give_back(whole.reports[0])
    whole.reports[1].figures.update(value=F("value") + 1)

    assert "201 người (05 đơn vị" in offers_of(whole)["figure:staff"].new


def test_adopted_sum_of_a_bloc_is_no_conflict_while_a_unit_mends(whole):
    part = whole.summaries[0].parts.get(code="results")
    part.paragraphs, part.keys = ["Số người: 30 người (2 đơn vị)."], ["figure:staff"]
    part.save()
    give_back(whole.reports[0])

    assert [text for conflict in province.generate(whole.year)[1] if "cộng báo cáo" in (text := conflict.text)] == []


def test_only_reports_that_were_sent_before_are_being_mended():
    bloc_year = make_bloc_year()
    sent = Bloc()
    give_back(sent.reports[0], "returned")
    give_back(sent.reports[1], "ready")
    UnitReport.objects.create(bloc_year=bloc_year, unit=bloc_year.memberships.first().unit, state="ready")

    found = set(UnitReport.objects.being_mended())
    assert found == {report for report in UnitReport.objects.all() if report.is_being_mended} == set(sent.reports[:2])
