"""Every Word file and workbook that can be fetched is opened again by a library, and is the same file a day later."""

import io
import shutil
import zipfile

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from reports.domain import meeting_set, renderings
from reports.domain.papers import subjects
from reports.domain.workbooks.kinds import KINDS
from reports.enums import WORD_PAPERS, DocumentKind, UploadKind
from reports.models import Rendering
from tests.factories import at
from tests.reports.every_paper import BLOC, UNITS, Everything
from tests.screens import content_of

pytestmark = pytest.mark.django_db
MOMENTS = at("2026-12-23 08:00"), at("2027-12-24 09:30")


@pytest.fixture(scope="module")
def files(django_db_setup, django_db_blocker):
    """{name: (the file, the same file a year later)}; the rows that they were made from are gone again."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = Everything()
        found = {name: [fetched(world, address, moment) for moment in MOMENTS] for name, address in addresses(world)}
        transaction.set_rollback(True)
    return found


def addresses(world):
    for kind in WORD_PAPERS:
        yield kind, reverse("paper_word", args=[kind, subjects.place_of(world.thing(kind))])
    for kind in KINDS:
        of_bloc = kind == UploadKind.TARGETS
        address = reverse("targets_file", args=[world.bloc.pk]) if of_bloc else reverse("workbook_file", args=[kind])
        yield from ((kind, address), (f"{kind}, empty", f"{address}?trong=1"))
    for name in ("meeting_news_file", "meeting_tables"):
        yield name, reverse(name, args=[world.meeting.pk])
    for name in ("board_export", "report_export", "movement_export", "audit_export"):
        yield name, reverse(name)


def fetched(world, address, moment):
    client = Client()
    with time_machine.travel(moment, tick=False):
        client.force_login(world.board)
        answer = client.get(address)
        assert answer.status_code == 200
        return content_of(answer)


# ---------------------------------------------------------------- Word

REPORT = "BÁO CÁO\nTổng kết công tác thi đua, khen thưởng năm 2026,\nphương hướng, nhiệm vụ năm 2027"
WORDS = {
    DocumentKind.UNIT_REPORT: [
        "BÁO CÁO\nKết quả công tác thi đua, khen thưởng năm 2026",
        "Trên đây là báo cáo của Hội Nhà báo tỉnh./.",
        "Bình dân học vụ số",
    ],
    DocumentKind.MID_YEAR_REPORT: ["BÁO CÁO\nSơ kết công tác thi đua, khen thưởng sáu tháng đầu năm 2026"],
    DocumentKind.SUMMARY_REPORT: [REPORT, *UNITS, "Hội viên tham gia phong trào", "11.872"],
    DocumentKind.PROVINCE_REPORT: [
        REPORT,
        "SỞ NỘI VỤ",
        "Năm 2026 có 02 cụm, khối thi đua với 04 đơn vị thành viên.",
        BLOC,
        "Cụm thi đua các xã phía Bắc",
        "9/11",
        "GIÁM ĐỐC",
    ],
    DocumentKind.CONFERENCE_NEWS: ["TIN HỘI NGHỊ", "Hội nghị kết luận: Thông qua báo cáo."],
    "meeting_news_file": [f"{BLOC} tổ chức hội nghị tổng kết năm 2026", "Hội nghị kết luận: Thông qua báo cáo."],
}


def said_in(document):
    """Every paragraph and cell."""
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [" ".join(text.split("\xa0")) for text in [*(part.text for part in document.paragraphs), *cells]]


@pytest.mark.parametrize("name", [*WORD_PAPERS, "meeting_news_file"])
def test_word_file_opens_and_says_what_it_is_about(files, name):
    said = said_in(Document(io.BytesIO(files[name][0])))

    assert [text for text in WORDS[name] if not any(text in part for part in said)] == []


# ---------------------------------------------------------------- workbooks

BOOKS = {
    UploadKind.UNITS: {"Đơn vị": [UNITS[0], "hoi-0"]},
    UploadKind.BLOCS: {"Cụm, khối": [BLOC, "hoi-dac-thu"], "Thành viên": [UNITS[3], "Khối phó 1"]},
    UploadKind.PEOPLE: {"Tài khoản": ["Chuyên viên Sở Nội vụ", "Lãnh đạo đơn vị"]},
    UploadKind.TARGETS: {"Chỉ tiêu": ["Hội viên tham gia phong trào", 12500]},
    "board_export": {"Tình hình nộp": [BLOC, "Báo cáo năm", 4]},
    "report_export": {"Báo cáo": [BLOC, "Đã gửi"]},
    "movement_export": {"Kết quả phong trào": ["Bình dân học vụ số", UNITS[3], 42]},
    "audit_export": {"Nhật ký thao tác": ["Hoàn thành báo cáo của tỉnh"]},
    "meeting_tables": {
        "Đơn vị dự họp": [UNITS[0], "Chủ tịch"],
        "Chỉ tiêu": ["Chưa đạt (94,98\xa0%)", 11872],
        "Đề nghị khen thưởng": [UNITS[0], "Cờ thi đua của Ủy ban nhân dân tỉnh"],
    },
}


def opened(content):
    """Shape: bytes -> {sheet: its rows}"""
    book = load_workbook(io.BytesIO(content))
    return {page.title: list(page.iter_rows(values_only=True)) for page in book.worksheets}


@pytest.mark.parametrize("name", BOOKS)
def test_workbook_opens_with_its_rows(files, name):
    sheets = opened(files[name][0])

    for title, values in BOOKS[name].items():
        cells = {cell for row in sheets[title][1:] for cell in row}
        assert set(values) <= cells


@pytest.mark.parametrize("kind", KINDS)
def test_template_has_the_heads_and_lists_of_the_filled_one_and_no_rows(files, kind):
    filled, empty = opened(files[kind][0]), opened(files[f"{kind}, empty"][0])

    assert list(empty) == [*BOOKS[kind], "Danh mục"]
    assert [empty[title] for title in BOOKS[kind]] == [filled[title][:1] for title in BOOKS[kind]]
    assert empty["Danh mục"] == filled["Danh mục"]


# ---------------------------------------------------------------- the same bytes


def test_every_file_is_the_same_a_year_later(files):
    assert {*files} == {*WORDS, *BOOKS, *(f"{kind}, empty" for kind in KINDS)}
    assert [name for name, (first, later) in files.items() if first != later] == []


@pytest.mark.slow
def test_set_of_a_meeting_is_the_same_bytes_twice(client, media_root):
    """Asked for again a year later, when every paper is printed anew."""
    world, found = Everything(), []
    for moment in MOMENTS:
        with time_machine.travel(moment, tick=False):
            batch = meeting_set.request_set(world.meeting.pk, by=world.head)
            assert [renderings.make(row.pk) for row in batch.renderings.all()] == [True] * 4
        found.append(fetched(world, reverse("batch_file", args=[batch.pk]), moment))
        shutil.rmtree(media_root)

    assert found[0] == found[1]
    assert len(zipfile.ZipFile(io.BytesIO(found[0])).namelist()) == 5
    assert set(Rendering.objects.values_list("state", "reused")) == {("done", False)}
