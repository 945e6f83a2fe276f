"""People edit the assembled draft freely: which paragraph keeps its sources, which is offered again."""

import pytest

from reports.domain import summary_reports
from reports.domain.assembly import align, drafts
from reports.domain.assembly.drafts import OfferKind
from reports.domain.assembly.kinds import SUMMARY
from tests.reports.assembly_rows import Bloc, answer, offered, set_figure

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    made = Bloc()
    drafts.assemble(SUMMARY, made.summary.pk, by=made.head)
    made.summary.refresh_from_db()
    return made


def edit(world, change, part="results"):
    row = world.summary.parts.get(code=part)
    text = "\n".join(change(list(row.paragraphs)))
    summary_reports.save_part(world.summary.pk, part, text, version=row.version, by=world.head)


def keys(world, part="results"):
    return world.summary.parts.get(code=part).keys


def test_free_editing_keeps_the_provenance_of_what_was_not_touched(world):
    before = keys(world)

    edit(world, lambda rows: ["Mở đầu của Khối trưởng.", rows[0], rows[2] + " Rất đáng khen.", rows[3]])

    assert keys(world) == ["", before[0], before[2], before[3]]
    edited = [is_edited for _, _, _, is_edited in drafts.provenance(SUMMARY, world.summary)["results"]]
    assert edited == [False, False, True, False]


def test_moved_paragraph_is_found_again(world):
    before = keys(world)

    edit(world, lambda rows: [rows[3], rows[0], rows[1], rows[2]])

    assert sorted(keys(world)) == sorted(before)
    assert keys(world)[0] == before[3]


def test_rewritten_paragraph_is_the_peoples_own(world):
    edit(world, lambda rows: ["Hoàn toàn khác, 123.", *rows[1:]])

    assert (keys(world)[0], offered(world)) == ("", [])
    set_figure(world.reports[1], 25)
    assert offered(world) == [(OfferKind.NEW, "figure:staff")]


def test_edited_paragraph_is_offered_the_new_text_but_never_overwritten(world):
    edit(world, lambda rows: [rows[0] + " Tăng so với năm trước.", *rows[1:]])
    set_figure(world.reports[1], 25)

    drafts.assemble(SUMMARY, world.summary.pk, by=world.head)

    (offer,) = drafts.offers(SUMMARY, world.summary)[0]
    assert (offer.key, offer.is_edited) == ("figure:staff", True)
    assert world.texts()[0].endswith("Tăng so với năm trước.")


def test_assembling_again_renews_what_nobody_touched(world):
    edit(world, lambda rows: ["Lời mở.", *rows])
    set_figure(world.reports[1], 25)

    drafts.assemble(SUMMARY, world.summary.pk, by=world.head)

    assert (world.texts()[0], "65 người" in world.texts()[1], offered(world)) == ("Lời mở.", True, [])


def test_removed_paragraph_does_not_come_back_by_itself_but_is_offered_when_its_source_changes(world):
    edit(world, lambda rows: rows[1:])
    before = offered(world)
    set_figure(world.reports[1], 25)

    assert (before, offered(world)) == ([], [(OfferKind.NEW, "figure:staff")])
    assert "người" not in world.texts()[0]
    answer(drafts.take, SUMMARY, world.summary, "figure:staff", by=world.head)
    assert "65 người" in world.texts()[-1]


def test_refused_piece_is_offered_again_when_its_source_changes(world):
    row = world.recognise(world.units[0], 3)
    answer(drafts.keep, SUMMARY, world.summary, "recognitions", by=world.head)
    before = offered(world)
    row.count = 4
    row.save()

    assert (before, offered(world)) == ([], [(OfferKind.NEW, "recognitions")])


def test_what_was_removed_is_offered_when_the_draft_is_assembled_again(world):
    edit(world, lambda rows: rows[1:])

    drafts.assemble(SUMMARY, world.summary.pk, by=world.head)

    assert ("người" in world.texts()[0], offered(world)) == (False, [(OfferKind.NEW, "figure:staff")])


@pytest.mark.parametrize("cut_first", [True, False])
def test_paragraph_that_goes_to_another_part_keeps_its_sources(world, cut_first):
    text, key = world.texts()[0], keys(world)[0]
    cut, put = (lambda rows: rows[1:], "results"), (lambda rows: [text, *rows], "leading")
    for change, part in (cut, put) if cut_first else (put, cut):
        edit(world, change, part)

    assert (keys(world, "leading")[0], key in keys(world)) == (key, False)
    set_figure(world.reports[1], 25)
    (offer,) = drafts.offers(SUMMARY, world.summary)[0]
    assert (offer.kind, offer.part) == (OfferKind.CHANGED, "leading")


def test_many_edited_paragraphs_keep_their_sources_in_bounded_work():
    sentence = "Đơn vị {0} thực hiện {0} việc, đạt kết quả {0}, được các cấp ghi nhận trong năm về mặt {0}. "
    before = [sentence.format(number) * 8 for number in range(40)]
    after = [text.replace("thực hiện", "đã làm xong") for text in reversed(before[:10])] + [
        text.replace("thực hiện", "đã làm xong") for text in before[10:]
    ]
    before_keys = [f"k:{number}" for number in range(40)]

    assert align.carry(before, before_keys, after) == [*reversed(before_keys[:10]), *before_keys[10:]]
    assert len(list(align.pairs(1000, 1000))) <= 1000 * (2 * align.NEAR + 1)
    assert {(0, 0), (999, 499)} <= set(align.pairs(1000, 500))
