"""Marked words on pages: bold where a text is read, plain where it is quoted, cut or searched."""

import pytest
from django.urls import reverse

from reports.domain import library, summary_reports
from reports.domain.assembly import drafts
from reports.domain.assembly.kinds import SUMMARY
from reports.domain.passages import key_of, passages
from reports.enums import SummaryReportState
from tests.reports.assembly_rows import Bloc
from tests.screens import main_text

pytestmark = pytest.mark.django_db
MARKED = "**Kết quả:** đạt __chỉ tiêu__ <b>đề ra</b>"
PLAIN = "Kết quả: đạt chỉ tiêu <b>đề ra</b>"


@pytest.fixture
def world():
    made = Bloc()
    made.reports[0].parts.filter(code="tasks").update(paragraphs=[MARKED, "Nội dung\tSố", "**Cộng**\t5"])
    drafts.assemble(SUMMARY, made.summary.pk, by=made.head)
    return made


def write(world, code="exemplars"):
    row = world.summary.parts.filter(code=code).first() or world.summary.parts.create(code=code)
    row.paragraphs, row.keys = [MARKED, "- Mục"], ["", ""]
    row.save()


def test_unit_is_quoted_without_marks(world):
    quote = next(text for text in world.texts() if PLAIN in text)
    assert quote == f"{world.units[0].short}: {PLAIN} Nội dung Số Cộng 5"


def test_bold_in_a_source_puts_nothing_out_of_date(world):
    part = world.reports[0].parts.get(code="tasks")
    part.paragraphs = [PLAIN, "**Nội dung**\tSố", "Cộng\t__5__"]
    part.save()

    assert drafts.offers(SUMMARY, world.summary)[0] == []


def test_comment_names_and_keeps_the_plain_passage(world):
    write(world)

    row = summary_reports.comment(world.summary.pk, passage=key_of("exemplars", MARKED), text="Thiếu.", by=world.head)

    assert row.quote == PLAIN
    assert any(words.endswith(f"đoạn 1: {PLAIN}") for _, words in passages(world.summary))


def test_search_finds_marked_words_and_shows_them_plain(world):
    write(world)

    _, blocs, _ = library.passages(world.head, "ket qua dat chi tieu", most=10)

    shown = {found.text for found in blocs}
    assert PLAIN in shown
    assert not any("**" in text for text in shown)


def test_page_of_a_finished_report_shows_bold_words_and_no_tag_of_the_text(client, world):
    write(world)
    world.summary.state = SummaryReportState.ADOPTED
    world.summary.adopted_on = "2026-12-01"
    world.summary.save()
    client.force_login(world.head)

    answer = client.get(reverse("summary_report", args=[world.summary.pk]))

    html = answer.content.decode()
    assert "<p><strong>Kết quả:</strong> đạt <em>chỉ tiêu</em> &lt;b&gt;đề ra&lt;/b&gt;</p>" in html
    assert '<p class="item">- Mục</p>' in html
    assert "**" not in main_text(answer)


def test_draft_page_names_paragraphs_plainly_and_keeps_marks_in_the_field(client, world):
    write(world)
    client.force_login(world.head)

    html = client.get(reverse("summary_report", args=[world.summary.pk])).content.decode()

    field = MARKED.replace("<", "&lt;").replace(">", "&gt;")
    assert html.count(field) == 1  # in its field only
    assert PLAIN.replace("<", "&lt;").replace(">", "&gt;") in html
