"""The covenant's page and its acts, as people use them."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from blocs.domain import comments, covenant_text
from blocs.enums import CommentOn, Role
from blocs.models import (
    Amendment,
    BlocYear,
    Comment,
    Covenant,
    CovenantPaper,
    Registration,
    ResultEvidence,
    Signature,
    Target,
)
from reports import todo
from tests.factories import (
    make_bloc_year,
    make_summary_report,
    make_target,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)
from tests.screens import HTMX, content_of, main_text, messages_of, page_of, recently_confirmed

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 a scan"


@pytest.fixture
def bloc_year():
    row = make_bloc_year(make_year(ends_on=date(2199, 12, 31)))
    make_target(row)
    Covenant.objects.update(goals=["Mục tiêu"], solutions=["Giải pháp"])
    return row


@pytest.fixture
def head(bloc_year, client):
    user = make_user(Role.BLOC_HEAD, bloc_year=bloc_year)
    client.force_login(user)
    return user


@pytest.fixture
def leader(bloc_year):
    return make_user(Role.UNIT_LEADER, unit=members_of(bloc_year)[0])


def url(name, bloc_year, *args):
    return reverse(name, args=[bloc_year.pk, *args])


def member(bloc_year, number=0):
    return bloc_year.memberships.get(unit=members_of(bloc_year)[number]).pk


def file_of(content=PDF, name="giao-uoc.pdf"):
    return SimpleUploadedFile(name, content)


def test_head_closes_and_the_leader_signs_after_the_password(client, head, leader, bloc_year):
    client.post(url("covenant_close", bloc_year))
    digest = Covenant.objects.get().digest
    client.force_login(leader)
    assert digest in client.get(url("covenant_sign_page", bloc_year)).content.decode()
    address = url("covenant_sign", bloc_year, member(bloc_year))
    asked = client.post(address, {"digest": digest})
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert Signature.objects.count() == 0
    recently_confirmed(client)
    page = client.post(address, {"digest": digest}, follow=True)
    assert len(messages_of(page)) == 1
    assert "1/3 đơn vị đã ký" in main_text(page)
    assert Signature.objects.get().digest == digest
    again = client.post(address, {"digest": digest}, follow=True)
    assert "đã ký giao ước lúc" in messages_of(again)[0]


def test_page_of_an_unfinished_text_says_why_it_cannot_be_closed(client, head, bloc_year):
    Covenant.objects.update(goals=[])
    page = client.get(url("covenant_close", bloc_year))
    assert "Chưa có mục tiêu." in main_text(page)
    assert "disabled" in page.content.decode()


def test_signed_paper_is_attached_and_given_back(client, head, bloc_year):
    covenant_text.close(bloc_year.pk, by=head)
    units = [unit.pk for unit in members_of(bloc_year)[:2]]
    form = {"file": file_of(), "units": units, "signed_on": timezone.localdate().strftime("%d/%m/%Y"), "is_plain": "on"}
    client.post(url("covenant_paper_add", bloc_year), form)
    row = CovenantPaper.objects.get()
    response = client.get(url("covenant_paper_file", bloc_year, row.pk))
    assert (content_of(response), "inline" in response.headers["Content-Disposition"]) == (PDF, True)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"is_plain": ""}, "Tài liệu mật"), ({"units": []}, "bắt buộc"),
        ({"file": b"MZ renamed", "name": "giao-uoc.pdf"}, "Chỉ nhận tệp"), ({"file": b""}, "rỗng"),
    ],
)  # fmt: skip
def test_paper_with_a_slip_is_refused_in_words(client, head, bloc_year, change, complaint):
    covenant_text.close(bloc_year.pk, by=head)
    form = {"units": [members_of(bloc_year)[0].pk], "signed_on": "01/02/2026", "is_plain": "on"} | change
    form["file"] = file_of(form.get("file", PDF))
    response = client.post(url("covenant_paper_add", bloc_year), form)
    assert (response.status_code, CovenantPaper.objects.count()) == (422, 0)
    assert complaint in main_text(response)


def test_draft_offers_last_year_and_its_focus_tasks(client, head, bloc_year):
    old_year = make_year(bloc_year.year.authority, year=2025)
    unit = make_unit_year(old_year, code=members_of(bloc_year)[0].unit.code)
    old = make_bloc_year(old_year, members=[unit], bloc=bloc_year.bloc, deputy=False)
    make_target(old, "T5", text="Chỉ tiêu cũ")
    report = make_summary_report(old, state="adopted", whole=True)
    report.parts.filter(code="next_tasks").update(paragraphs=["**Nội dung** Phương hướng, nhiệm vụ năm sau."])
    page = main_text(client.get(url("covenant_draft", bloc_year)))
    assert "Chỉ tiêu cũ: ≥ 100" in page
    client.post(url("covenant_take", bloc_year, "nhiem-vu"), {"nhiem-vu-targets": ["0"]})
    client.post(url("covenant_take", bloc_year, "nam-truoc"), {"nam-truoc-targets": ["0", "7", "x"]})
    rows = Target.objects.filter(covenant__bloc_year=bloc_year).order_by("position")
    assert [row.text for row in rows][1:] == ["Nội dung Phương hướng, nhiệm vụ năm sau.", "Chỉ tiêu cũ"]
    assert rows[1].source == "Phương hướng trong báo cáo tổng kết năm 2025"
    assert client.post(url("covenant_take", bloc_year, "khac")).status_code == 404


def test_second_editor_of_the_draft_sees_both(client, head, bloc_year):
    opened = covenant_text.opened_with(Covenant.objects.get())
    covenant_text.save_text(bloc_year.pk, by=head, motto="", goals=["Của người kia"], solutions=[])
    response = client.post(url("covenant_draft", bloc_year), {"goals": "Của tôi", "opened": opened})
    assert response.status_code == 409
    assert "Của người kia" in main_text(response)
    again = {"goals": "Của tôi", "opened": opened, "over": covenant_text.opened_with(Covenant.objects.get())}
    client.post(url("covenant_draft", bloc_year), again)
    assert Covenant.objects.get().goals == ["Của tôi"]


def test_draft_saves_itself_and_keeps_its_text_when_an_offer_is_taken(client, head, bloc_year):
    opened = covenant_text.opened_with(Covenant.objects.get())
    typed = {"motto": "Đoàn kết", "goals": "Đang gõ\nHai", "solutions": "Ba", "opened": opened}
    answer = client.post(url("covenant_draft", bloc_year), typed, **HTMX)
    new = covenant_text.opened_with(Covenant.objects.get())
    assert f'id="draft-opened" value="{new}" hx-swap-oob="true"' in answer.content.decode()
    more = typed | {"goals": "Đang gõ\nHai\nChưa lưu", "opened": new, "mau-targets": ["0"]}
    page = client.post(url("covenant_take", bloc_year, "mau"), more, follow=True)
    row = Covenant.objects.get()
    assert (row.goals, row.targets.count()) == (["Đang gõ", "Hai", "Chưa lưu"], 2)
    assert messages_of(page) == ["Đã đưa 1 mục vào dự thảo.", "Đã lưu."]
    assert f"{row.targets.last()}" in main_text(page).partition("Chỉ tiêu đã có trong dự thảo")[2].partition("Thêm")[0]


def test_text_closed_meanwhile_is_not_drafted_on(client, head, bloc_year):
    covenant_text.close(bloc_year.pk, by=head)
    answer = client.post(url("covenant_draft", bloc_year), {"goals": "Muộn"}, **HTMX)
    assert (answer.status_code, "đã chốt" in page_of(answer).text) == (422, True)
    assert client.get(url("covenant_draft", bloc_year)).status_code == 302


def test_closed_covenant_shows_its_own_words_and_what_changed_since(client, head, leader, bloc_year):
    BlocYear.objects.update(motto="Khẩu hiệu cũ")
    covenant_text.close(bloc_year.pk, by=head)
    BlocYear.objects.update(motto="Khẩu hiệu mới")
    page = main_text(client.get(url("covenant", bloc_year)))
    assert "Khẩu hiệu của khối: Khẩu hiệu cũ" in page
    assert "Giao ước giữ nguyên chữ lúc chốt. Từ đó đã đổi: khẩu hiệu của khối nay là “Khẩu hiệu mới”." in page
    client.force_login(leader)
    page = main_text(client.get(url("covenant_sign_page", bloc_year)))
    assert ("Khẩu hiệu cũ" in page, "Khẩu hiệu mới" in page) == (True, False)
    client.force_login(make_user(Role.BOARD_STAFF, bloc_year=bloc_year))
    assert "giữ nguyên tên và khẩu hiệu lúc chốt" in main_text(client.get(url("bloc_edit", bloc_year)))


def test_comment_is_said_and_answered(client, head, leader, bloc_year):
    client.force_login(leader)
    target = Target.objects.get()
    client.post(url("covenant_comment", bloc_year), {"passage": f"target-{target.pk}", "text": "Ghi rõ <b>hơn</b>"})
    row = Comment.objects.get()
    assert (row.unit, row.quote) == (members_of(bloc_year)[0], f"Chỉ tiêu: {target.text}")
    client.force_login(head)
    client.post(url("covenant_comment_answer", bloc_year, row.pk), {"outcome": "accepted", "words": "", "seen": ""})
    page = client.get(url("covenant", bloc_year))
    assert "Tiếp thu" in main_text(page)
    assert "&lt;b&gt;hơn" in page.content.decode()


def test_amendment_goes_from_the_head_to_the_officer(client, head, bloc_year):
    Covenant.objects.update(signed_on=date(2026, 2, 14))
    target = Target.objects.get()
    address = url("amendment_add", bloc_year) + f"?chi-tieu={target.pk}"
    assert client.get(address).status_code == 200
    form = {"text": "Mới", "op": ">=", "value": "9,5", "reason": "Kế hoạch đổi"}
    client.post(address, form)
    officer = make_user(Role.BOARD_STAFF, bloc_year=bloc_year)
    assert "Đồng ý điều chỉnh giao ước" in [task.title for task in todo.tasks(officer, bloc_year.year)]
    assert "Đồng ý điều chỉnh giao ước" not in [task.title for task in todo.tasks(head, bloc_year.year)]
    client.force_login(officer)
    client.post(url("amendment_agree", bloc_year, Amendment.objects.get().pk))
    target.refresh_from_db()
    assert target.text == "Mới"
    assert "Đã có hiệu lực" in main_text(client.get(url("covenant", bloc_year)))
    assert client.get(url("amendment_add", bloc_year) + "?chi-tieu=1x").status_code == 404


def test_unit_notes_its_result_and_proves_it(client, leader, bloc_year):
    client.force_login(leader)
    target = Target.objects.get()
    assert "Ghi kết quả của" not in main_text(client.get(url("covenant", bloc_year)))
    assert "Văn bản giao ước chưa chốt" in main_text(
        client.get(url("unit_result", bloc_year, member(bloc_year), target.pk))
    )
    Covenant.objects.update(signed_on=date(2026, 2, 14))
    assert "Ghi kết quả của" in main_text(client.get(url("covenant", bloc_year)))
    client.post(url("unit_result", bloc_year, member(bloc_year), target.pk), {"value": "12,5", "note": ""})
    result = target.results.get()
    client.post(url("evidence_add", bloc_year, result.pk), {"file": file_of(), "is_plain": "on"})
    row = ResultEvidence.objects.get()
    assert content_of(client.get(url("evidence_file", bloc_year, row.pk))) == PDF
    client.force_login(make_user(Role.UNIT_LEADER, unit=members_of(bloc_year)[1]))
    assert client.get(url("evidence_file", bloc_year, row.pk)).status_code == 404  # a draft of another unit
    client.force_login(leader)
    client.post(url("evidence_remove", bloc_year, row.pk))
    assert ResultEvidence.objects.count() == 0


def test_leader_registers_and_everybody_reads(client, head, leader, bloc_year):
    client.force_login(leader)
    address = url("registration", bloc_year, member(bloc_year))
    assert client.post(address, {"awards": ["KHONG-CO"]}).status_code == 422
    client.post(address, {"awards": ["CTDT", "BKT"]})
    assert Registration.objects.get().awards == ["CTDT", "BKT"]
    client.force_login(head)
    assert "Cờ thi đua của UBND tỉnh" in main_text(client.get(url("covenant", bloc_year)))


@pytest.mark.parametrize("page", ["covenant", "covenant_draft"])
def test_pages_cost_the_same_for_one_and_more(client, head, bloc_year, page):
    unit = members_of(bloc_year)[0]
    comments.add(bloc_year.pk, by=head, on=CommentOn.COVENANT, text="x")
    target = Target.objects.get()
    target.results.create(of=unit, value=1)

    def cost():

        with CaptureQueriesContext(connection) as caught:
            assert client.get(url(page, bloc_year)).status_code == 200
        return len(caught)

    cost()
    before = cost()
    for number in range(5):
        make_target(bloc_year, f"X{number}", of=members_of(bloc_year)[number % 3]).results.create(value=1)
        comments.add(bloc_year.pk, by=head, on=CommentOn.COVENANT, text=f"x{number}")
    assert cost() == before
