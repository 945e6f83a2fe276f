"""The page of the province's report: begun from the list of reports, one button, sources that open, its paper."""

from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blocs.enums import Role
from reports.domain import province_reports
from reports.domain.assembly import drafts, versions
from reports.domain.assembly.kinds import PROVINCE
from reports.models import ProvinceReport, Rendering
from tests.factories import make_rendering, make_user
from tests.reports.province_rows import Province, said
from tests.screens import messages_of, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client):
    made = Province()
    client.force_login(made.board)
    return made


def url(world, name="province_report", *rest):
    return reverse(name, args=[world.report.pk, *rest])


def test_report_is_begun_from_the_list_of_reports(client, world):
    ProvinceReport.objects.all().delete()
    assert "Soạn báo cáo của tỉnh" in page_of(client.get(reverse("report_list"))).text

    response = client.post(reverse("province_report_open", args=[world.year.pk]))

    report = ProvinceReport.objects.get()
    assert response.url == reverse("province_report", args=[report.pk])
    assert f'href="{response.url}"' in client.get(reverse("report_list")).content.decode()


READERS = [Role.COUNCIL_MEMBER, Role.COUNCIL_SECRETARY, Role.ADMINISTRATOR]


def finish(world):
    drafts.assemble(PROVINCE, world.report.pk, by=world.board)
    for code in province_reports.OBLIGATORY:
        if not world.texts(code):
            world.write(code, "Đủ.")
    province_reports.finish(world.report.pk, by=world.board)


@pytest.mark.parametrize("role", READERS)
def test_draft_is_the_boards_own_on_page_and_paper(client, world, role):
    world.write("leading", "Toàn tỉnh trồng cây xanh đầu xuân.")
    paper = make_rendering(
        "province-report", world.year, is_draft=True, state="done", file="papers/x.pdf", sha256="0" * 64
    )
    client.force_login(make_user(role, authority=world.year.authority))

    assert [client.get(url(world, name)).status_code for name in ("province_report", "province_version_list")] == [
        404
    ] * 2
    assert client.get(reverse("rendering_file", args=[paper.pk])).status_code == 404
    assert "trồng cây" not in page_of(client.get(reverse("search"), {"q": "cay xanh"})).text
    assert "Báo cáo của tỉnh" not in page_of(client.get(reverse("report_list"))).text
    told = client.post(reverse("province_report_open", args=[world.year.pk]), follow=True)
    assert messages_of(told) == ["Ban Thi đua - Khen thưởng chưa hoàn thành báo cáo của tỉnh."]


@pytest.mark.parametrize("role", READERS)
def test_finished_report_is_read_without_the_drafts_before_it(client, world, role):
    world.write("leading", "Chỉ trong bản nháp.")
    versions.keep_now(PROVINCE, world.report.pk, by=world.board, reason="Nháp")
    world.write("leading", "Bản chính.")
    finish(world)
    client.force_login(make_user(role, authority=world.year.authority))

    assert "Bản chính." in page_of(client.get(url(world))).text
    listed = page_of(client.get(url(world, "province_version_list"))).text
    assert ("Hoàn thành" in listed, "Nháp" in listed) == (True, False)
    last = world.report.versions.first().number
    shown = [client.get(url(world, "province_version_detail", number)).status_code for number in (1, last)]
    assert shown == [404, 200]
    province_reports.reopen(world.report.pk, by=world.board, note="Sửa.")
    assert client.get(url(world)).status_code == 404


def test_draft_of_the_year_before_does_not_stand_beside_for_the_council(client, world):
    finish(world)
    before = Province(blocs=1)
    before.year.authority, before.year.label, before.year.year = world.year.authority, "2025", 2025
    before.year.starts_on, before.year.ends_on = "2025-01-01", "2025-12-31"
    before.year.save()
    before.report.parts.create(code="next_tasks", paragraphs=["Nháp năm ngoái."])

    assert "Nháp năm ngoái." in page_of(client.get(url(world))).text
    client.force_login(make_user(Role.COUNCIL_MEMBER, authority=world.year.authority))
    assert "Nháp năm ngoái." not in page_of(client.get(url(world))).text


def test_council_reads_it_and_is_offered_nothing_to_write(client, world):
    finish(world)
    client.force_login(make_user(Role.COUNCIL_MEMBER, authority=world.year.authority))

    page = page_of(client.get(url(world)))

    assert "210 người" in page.text
    assert [button.words for button in page.buttons if "tinh" in button.action] == []
    assert "Soạn báo cáo của tỉnh" not in page_of(client.get(reverse("report_list"))).text


def test_one_button_builds_the_draft_and_each_paragraph_opens_its_source(client, world):
    shown = client.post(url(world, "province_assembly_start"), follow=True).content.decode()

    assert "Đã lập dự thảo từ các báo cáo" in shown
    for bloc, summary in zip(world.blocs, world.summaries, strict=True):
        assert f'href="{reverse("summary_report", args=[summary.pk])}#leading"' in shown
        assert f'href="{reverse("missing", args=[bloc.pk, "summary-report"])}"' in shown
        assert f"?doan={quote('figure:staff')}" in shown


def test_changed_report_of_a_bloc_is_shown_beside_the_old_text_and_taken(client, world):
    client.post(url(world, "province_assembly_start"))
    said(world.summaries[1], "leading", "Nói khác.")

    shown = page_of(client.get(url(world))).text
    assert ("01 chỗ" in shown, f"{world.blocs[1].name}: Nói khác." in shown) == (True, True)

    world.report.refresh_from_db()
    (offer,) = drafts.offers(PROVINCE, world.report)[0]
    client.post(
        url(world, "province_assembly_answer", "lay"),
        {"key": f"leading:{world.blocs[1].bloc_id}", "seen": offer.digest},
    )
    assert world.texts("leading")[1] == f"{world.blocs[1].name}: Nói khác."


@pytest.mark.parametrize(("role", "finds"), [(Role.COUNCIL_MEMBER, True), (Role.UNIT_LEADER, False)])
def test_words_of_the_report_are_found_by_who_reads_it(client, world, role, finds):
    world.write("leading", "Toàn tỉnh trồng cây xanh đầu xuân.")
    finish(world)
    client.force_login(make_user(role, authority=world.year.authority, unit=world.units[0]))

    response = client.get(reverse("search"), {"q": "cay xanh"})

    assert ("trồng cây xanh đầu xuân" in page_of(response).text) is finds
    assert (f'href="{url(world)}"' in response.content.decode()) is finds


def test_finished_and_opened_again(client, world):
    client.post(url(world, "province_assembly_start"))
    page = page_of(client.get(url(world)))
    (button,) = [button for button in page.buttons if button.words == "Hoàn thành báo cáo"]
    assert (button.is_disabled, "Công tác khen thưởng" in page.text) == (True, True)
    for code in province_reports.OBLIGATORY:
        if not world.texts(code):
            world.write(code, "Đủ.")

    client.post(url(world, "province_report_finish"))
    shown = page_of(client.get(url(world))).text
    assert ("Đã hoàn thành" in shown, "Mở lại để sửa" in shown) == (True, True)
    refused = client.post(url(world, "province_report_part", "leading"), {"text": "x", "version": 1})
    assert (refused.status_code, "đã hoàn thành" in page_of(refused).text) == (422, True)

    told = client.post(url(world, "province_report_reopen"), {"note": ""}, follow=True)
    assert messages_of(told) == ["Cần ghi rõ lý do."]
    client.post(url(world, "province_report_reopen"), {"note": "Bổ sung."})
    assert "Đang soạn" in page_of(client.get(url(world))).text


def test_last_year_stands_beside(client, world):
    before = Province(blocs=1)
    before.year.authority, before.year.label, before.year.year = world.year.authority, "2025", 2025
    before.year.starts_on, before.year.ends_on = "2025-01-01", "2025-12-31"
    before.year.save()
    before.report.parts.create(code="next_tasks", paragraphs=["Năm ngoái viết thế này."])

    assert "Năm ngoái viết thế này." in page_of(client.get(url(world))).text


def test_versions_are_listed_compared_and_brought_back(client, world):
    client.post(url(world, "province_assembly_start"))
    world.write("leading", "Viết lại <b>hết</b>.")

    compared = client.get(url(world, "province_version_detail", 1)).content.decode()
    assert "Viết lại &lt;b&gt;hết&lt;/b&gt;." in compared
    client.post(url(world, "province_version_restore", 1))
    assert len(world.texts("leading")) == 3
    listed = page_of(client.get(url(world, "province_version_list"))).text
    assert ("Trước khi lấy lại phiên bản 1" in listed, "‹ Báo cáo công tác thi đua" in listed) == (True, True)


@pytest.mark.parametrize(("role", "status"), [(Role.BOARD_STAFF, 302), (Role.COUNCIL_MEMBER, 404)])
def test_only_the_board_asks_for_the_paper(client, world, role, status):
    client.force_login(make_user(role, authority=world.year.authority))
    asked = reverse("rendering_request", args=["province-report", f"nam-{world.year.pk}"])

    response = client.post(asked)

    assert (response.status_code, Rendering.objects.count()) == (status, 1 if status == 302 else 0)
    if status == 302:
        assert response.url == url(world)


def test_paper_leads_to_where_its_number_is_noted(client, world):
    shelf = reverse("year_documents", args=[world.year.pk])
    assert shelf not in client.get(url(world)).content.decode()

    make_rendering("province-report", world.year, state="done", file="papers/x.pdf", sha256="0" * 64, pages=3)

    assert shelf in client.get(url(world)).content.decode()


def test_page_costs_the_same_for_3_blocs_as_for_30(client):
    found = []
    for blocs in (3, 30):
        world = Province(blocs=blocs)
        client.force_login(world.board)
        drafts.assemble(PROVINCE, world.report.pk, by=world.board)
        world.reports[0].figures.update(value=1)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(world)).status_code == 200
        found.append(len(queries))

    assert found == [found[0]] * 2
