"""Versions of a report: kept, compared word by word, brought back."""

import pytest

from blocs.errors import RuleBroken
from reports.domain import summary_reports
from reports.domain.assembly import drafts, versions
from reports.domain.assembly.kinds import SUMMARY
from reports.models import SummaryVersion
from tests.reports.assembly_rows import Bloc, answer

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


def test_assembling_keeps_a_version_and_the_same_content_only_one(world):
    drafts.assemble(SUMMARY, world.summary.pk, by=world.head)
    again = versions.keep_now(SUMMARY, world.summary.pk, by=world.head, reason="Gửi góp ý")

    assert (SummaryVersion.objects.count(), again.number) == (1, 1)


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
