"""Versions of a report: kept, compared word by word, brought back."""

from itertools import chain
from time import process_time

import pytest
from django.utils import timezone

from blocs.errors import RuleBroken
from reports.domain import summary_reports
from reports.domain.assembly import align, drafts, versions
from reports.domain.assembly.compare import Work
from reports.domain.assembly.kinds import SUMMARY
from reports.models import SummaryVersion
from tests.reports.assembly_rows import Bloc, answer, offered

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    made = Bloc()
    drafts.assemble(SUMMARY, made.summary.pk, by=made.head)
    made.summary.refresh_from_db()
    return made


def write(world, code, text):
    row = world.summary.parts.filter(code=code).first()
    version = row.version if row else 0
    summary_reports.save_part(world.summary.pk, code, text, version=version, by=world.head)


# ---------------------------------------------------------------- versions


def test_assembling_keeps_the_same_content_only_once(world):
    drafts.assemble(SUMMARY, world.summary.pk, by=world.head)

    assert SummaryVersion.objects.count() == 1


def test_version_that_somebody_names_is_kept_under_that_name(world):
    named = versions.keep_now(SUMMARY, world.summary.pk, by=world.head, reason="Gửi góp ý")
    summary_reports.ask_comments(world.summary.pk, until=timezone.localdate(), by=world.head)

    reasons = list(SummaryVersion.objects.order_by("number").values_list("number", "reason"))
    assert (named.number, reasons[:2]) == (2, [(1, "Lập dự thảo từ dữ liệu"), (2, "Gửi góp ý")])
    assert reasons[2][1].startswith("Xin ý kiến các đơn vị")


def test_version_comes_back_with_its_provenance(world):
    before = world.texts(), world.summary.parts.get(code="results").keys
    write(world, "results", "Tất cả viết lại.")
    write(world, "strengths", "Đoàn kết.")

    versions.restore(SUMMARY, world.summary.pk, 1, by=world.head)

    assert (world.texts(), world.summary.parts.get(code="results").keys) == before
    assert world.texts("strengths") == []
    kept = list(SummaryVersion.objects.values_list("number", "reason"))
    assert kept == [
        (3, "Lấy lại phiên bản 1"),
        (2, "Trước khi lấy lại phiên bản 1"),
        (1, "Lập dự thảo từ dữ liệu"),
    ]
    versions.restore(SUMMARY, world.summary.pk, 2, by=world.head)
    assert world.texts() == ["Tất cả viết lại."]


def test_version_comes_back_with_what_was_taken_then_so_that_the_newer_is_offered(world):
    world.reports[1].figures.filter(code="staff").update(value=25)
    answer(drafts.take, SUMMARY, world.summary, "figure:staff", by=world.head)

    versions.restore(SUMMARY, world.summary.pk, 1, by=world.head)

    text, _, sources, is_edited = drafts.provenance(SUMMARY, world.summary)["results"][0]
    (offer,) = drafts.offers(SUMMARY, world.summary)[0]
    assert ("60 người" in text, [source["text"] for source in sources][1], is_edited) == (True, "20 người", False)
    assert (offer.kind, "60 người" in offer.now, "65 người" in offer.new) == ("changed", True, True)


def test_version_of_the_same_words_comes_back_with_its_sources(world):
    source, key = world.reports[1], f"tasks:{world.units[1].unit_id}"
    paragraphs = list(source.parts.get(code="tasks").paragraphs)
    source.parts.filter(code="tasks").update(paragraphs=[])
    answer(drafts.keep, SUMMARY, world.summary, key, by=world.head)
    source.parts.filter(code="tasks").update(paragraphs=paragraphs)
    part = world.summary.parts.get(code="results")
    assert key not in part.keys

    versions.restore(SUMMARY, world.summary.pk, 1, by=world.head)

    found = world.summary.parts.get(code="results")
    assert (key in found.keys, found.version, offered(world)) == (True, part.version, [])
    assert [row.number for row in world.summary.versions.all()] == [3, 2, 1]
    versions.restore(SUMMARY, world.summary.pk, 2, by=world.head)
    assert key not in world.summary.parts.get(code="results").keys


def test_version_kept_without_its_pieces_is_compared_with_the_data_anew(world):
    SummaryVersion.objects.update(pieces={})
    world.summary.pieces.all().delete()

    versions.restore(SUMMARY, world.summary.pk, 1, by=world.head)

    found = drafts.offers(SUMMARY, world.summary)[0]
    assert {offer.kind for offer in found} == {"changed"}
    assert len(found) == 1 + 2 * len(world.units)


def test_version_that_is_not_there_is_refused(world):
    with pytest.raises(RuleBroken, match="Không có phiên bản"):
        versions.restore(SUMMARY, world.summary.pk, 9, by=world.head)


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        (
            "Khối có 60 người.",
            "Khối có 65 người.",
            [[("same", "Khối có "), ("out", "60 "), ("in", "65 "), ("same", "người.")]],
        ),
        ("", "Đoạn mới.", [[("in", "Đoạn mới.")]]),
        ("Đoạn cũ.", "", [[("out", "Đoạn cũ.")]]),
        ("Như nhau.", "Như nhau.", []),
    ],
    ids=["changed", "added", "removed", "same"],
)
def test_difference_is_told_word_by_word(old, new, pieces):
    contents = [{"results": {"paragraphs": [text] if text else [], "keys": []}} for text in (old, new)]

    found = versions.difference(SUMMARY, *contents)

    assert [list(change.pieces) for change in found] == pieces
    assert all(change.part == "Kết quả thực hiện nhiệm vụ và phong trào thi đua" for change in found)


# ---------------------------------------------------------------- long texts


def difference_of(*texts):
    contents = [{"results": {"paragraphs": text.split("\n"), "keys": []}} for text in texts]
    (change,) = versions.difference(SUMMARY, *contents)
    return list(change.pieces)


def test_one_word_in_a_paragraph_of_any_length_is_told():
    long = "từ " * 39_000

    assert difference_of(f"{long}sáu {long}", f"{long}bảy {long}") == [
        ("same", long), ("out", "sáu "), ("in", "bảy "), ("same", long)
    ]  # fmt: skip


def test_very_long_paragraph_is_compared_by_sentence_and_else_shown_whole():
    sentences = [f"Việc {number} đã làm và và và và và và và và xong. " for number in range(400)]
    other = ["Mở đầu. ", *sentences[:200], "Chen vào. ", *sentences[200:], "Kết."]
    assert [piece for piece in difference_of("".join(sentences), "".join(other)) if piece[0] != "same"] == [
        ("in", "Mở đầu. "), ("in", "Chen vào. "), ("in", "Kết.")
    ]  # fmt: skip

    old, new = ("".join(f"{side}{number}. x. " for number in range(9_000)) for side in "ab")
    assert difference_of(old, new) == [("out", old), ("in", new)]


@pytest.mark.parametrize("lines", [1, 1000], ids=["one paragraph", "many paragraphs"])
def test_comparing_texts_that_repeat_themselves_takes_bounded_work(lines):
    """Words of which every second one is the same: difflib alone takes a minute for 2,000 of them."""
    sides = [list(chain.from_iterable(("x", f"{side}{number}") for number in range(15_000))) for side in "ab"]
    size = len(sides[0]) // lines
    texts = ["\n".join(" ".join(side[at : at + size]) for at in range(0, len(side), size)) for side in sides]
    contents = [{"results": {"paragraphs": text.split("\n"), "keys": []}} for text in texts]

    began = process_time()
    found = versions.difference(SUMMARY, *contents)

    assert process_time() - began < 20
    for tag, text in (("in", texts[0]), ("out", texts[1])):
        assert (
            " ".join(words for change in found for kind, words in change.pieces if kind != tag).split() == text.split()
        )


def test_comparisons_of_one_page_share_their_steps():
    old, new = "một x hai x ba x", "bốn x năm x sáu x"
    work = Work(room=20)

    assert [kind for kind, _ in work.words(old, new)].count("same") == 3
    assert work.words(old, new) == [("out", old), ("in", new)]
    assert 0 <= work.left < 20


def test_keys_of_paragraphs_that_repeat_themselves_are_found_in_bounded_work():
    before, after = (
        list(chain.from_iterable(("Như trên.", f"{side} {number}") for number in range(500))) for side in ("A", "B")
    )

    began = process_time()
    found = align.carry(before, [f"k:{number}" for number in range(1000)], [before[1], *after])

    assert process_time() - began < 10
    assert (found[0], len(found), len({key for key in found if key})) == (
        "k:1",
        1001,
        len([key for key in found if key]),
    )
