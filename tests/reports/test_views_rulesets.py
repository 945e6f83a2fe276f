"""The pages of rule sets: in words, with warnings; bringing, publishing and throwing away a draft."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from blocs.domain.files import write_yaml
from blocs.enums import Role
from blocs.models import RuleSet
from tests.blocs.rule_rows import make_rule_set, small_rules
from tests.factories import make_authority, make_bloc_year, make_user, make_year
from tests.screens import main_text, messages_of, recently_confirmed

pytestmark = pytest.mark.django_db


@pytest.fixture
def bloc_year():
    return make_bloc_year(make_year(make_authority(code="ubnd")), name="Khối các Hội")


@pytest.fixture
def board(client, bloc_year):
    client.force_login(make_user(Role.BOARD_STAFF, bloc_year=bloc_year))
    return client


def text_of(client, name, *arguments):
    response = client.get(reverse(name, args=arguments))
    assert response.status_code == 200
    return response.content.decode()


def upload(client, content):
    return client.post(reverse("rule_set_upload"), {"file": SimpleUploadedFile("quy-tac.yaml", content)})


def test_list_filters_by_state(board):
    make_rule_set(id="da-cong-bo")
    make_rule_set(id="con-nhap", publish=False)
    url = reverse("rule_set_list")
    found = {
        state: [row.code for row in board.get(url, {"trang-thai": state}).context["page"]]
        for state in ("", "cong-bo", "nhap", "x")
    }
    both = ["con-nhap", "da-cong-bo"]
    assert found == {"": both, "cong-bo": ["da-cong-bo"], "nhap": ["con-nhap"], "x": both}


def test_empty_list_says_what_to_do(board):
    assert "Chưa có bộ quy tắc nào. Ban Thi đua - Khen thưởng nhập một tệp rồi công bố." in text_of(
        board, "rule_set_list"
    )


def test_set_in_words_with_its_blocs(board, bloc_year):
    row = make_rule_set(
        authority="ubnd",
        milestones=[
            {
                "code": "unit-report",
                "due": {"month": "11", "day": "20", "time": "17:00"},
                "locks": {"month": "1", "day": "5", "year": "1"},
                "missed": "Không bình xét",
            }
        ],
        lateness={"days": "working", "grace": "3", "waived_by": "head"},
        heads={"deputies_max": "1", "chosen_by": "election"},
    )
    page = text_of(board, "rule_set_detail", row.pk)
    for words in (
        "17:00 ngày 20/11",
        "hết ngày 05/01 năm sau",
        "Không bình xét",
        "Chậm không quá 3 ngày làm việc vẫn tính là đúng hạn. Người được miễn tính chậm khi có lý do: Khối trưởng.",
        "Nhiều nhất 1 Khối phó. Khối trưởng, Khối phó do các thành viên bầu.",
        "Khối các Hội",
        "(theo phạm vi, chưa chốt)",
    ):
        assert words in page
    bloc_year.rule_set = row
    bloc_year.save()
    assert "(đã chốt phiên bản này)" in text_of(board, "rule_set_detail", row.pk)


def test_source_out_of_force_is_a_warning(board):
    row = make_rule_set(sources=[{"document": "QĐ 1", "valid_to": "2020-12-31"}])
    page = text_of(board, "rule_set_detail", row.pk)
    assert "căn cứ “QĐ 1” đã hết hiệu lực từ sau ngày 31/12/2020" in page
    assert "không có hiệu lực hôm nay" in page


def test_file_comes_back(board):
    row = make_rule_set()
    response = board.get(reverse("rule_set_file", args=[row.pk]))
    assert response["Content-Disposition"] == f'attachment; filename="bo-quy-tac-{row.pk}-v1.yaml"'
    upload(board, response.content)
    assert RuleSet.objects.get() == row


def test_file_becomes_a_draft(board):
    response = upload(board, write_yaml(small_rules(authority="ubnd")).encode())
    row = RuleSet.objects.get()
    assert (response.url, row.is_published) == (reverse("rule_set_detail", args=[row.pk]), False)


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"x: 1", ["format: thiếu mục bắt buộc này", "id: thiếu mục bắt buộc này", "x: khóa không có trong định dạng"]),
        (b"a: [", ["dòng 2, cột 1: không đúng cú pháp YAML"]),
        (
            write_yaml(small_rules(authority="khac")).encode(),
            ["Chỉ Ban Thi đua - Khen thưởng của cơ quan đó lập và công bố bộ quy tắc."],
        ),
    ],
)
def test_refused_file_shows_every_fault(board, content, lines):
    response = upload(board, content)
    assert (response.status_code, [str(fault) for fault in response.context["faults"]]) == (422, lines)
    assert all(line in response.content.decode() for line in lines)
    assert RuleSet.objects.count() == 0


def test_no_file_chosen(board):
    response = board.post(reverse("rule_set_upload"))
    assert (response.status_code, response.context["faults"]) == (422, ["Chọn một tệp YAML."])


def test_publishing_tells_whom_it_moves_first(board, bloc_year):
    row = make_rule_set(authority="ubnd", publish=False)
    url = reverse("rule_set_publish", args=[row.pk])
    page = text_of(board, "rule_set_publish", row.pk)
    assert "Lịch và chỉ tiêu của 1 khối kể dưới đây đổi theo ngay" in page
    assert "Khối các Hội, năm 2026" in page
    assert RuleSet.objects.get().is_published is False
    asked = board.post(url)
    row.refresh_from_db()
    assert (asked.url.partition("?")[0], row.is_published) == (reverse("account_reauthenticate"), False)
    seen = board.get(url).context["seen"]
    assert f'name="seen" value="{seen}"' in page
    recently_confirmed(board).post(url, {"seen": seen})
    row.refresh_from_db()
    assert row.is_published is True


@pytest.mark.parametrize("seen", ["theirs", ""])
def test_draft_that_was_replaced_since_it_was_read_is_not_published(board, bloc_year, seen):
    row = make_rule_set(authority="ubnd", publish=False)
    url = reverse("rule_set_publish", args=[row.pk])
    seen = seen and board.get(url).context["seen"]
    make_rule_set(authority="ubnd", publish=False, heads={"deputies_max": "1"})
    answer = recently_confirmed(board).post(url, {"seen": seen}, follow=True)
    row.refresh_from_db()
    assert (row.is_published, messages_of(answer)) == (
        False,
        ["Bản nháp đã được thay từ lúc bạn xem. Chưa công bố; hãy xem lại nội dung dưới đây."],
    )


def test_draft_of_somebody_else_is_shown_before_it_is_replaced(board, bloc_year):
    other = make_user(Role.BOARD_STAFF, bloc_year=bloc_year, username="nguoi-khac")
    row = make_rule_set(authority="ubnd", publish=False, by=other, heads={"deputies_max": "2"})
    mine = write_yaml(small_rules(authority="ubnd", heads={"deputies_max": "1"})).encode()
    refused = upload(board, mine)
    text = main_text(refused)
    row.refresh_from_db()
    assert (refused.status_code, row.content["heads"]) == (422, {"deputies_max": "2"})
    assert f"Bản nháp quy-tac@1 do {other} nhập lúc" in text
    assert "deputies_max: 2" in text
    page = {"file": SimpleUploadedFile("quy-tac.yaml", mine), "opened": refused.context["conflict"].version}
    board.post(reverse("rule_set_upload"), page)
    row.refresh_from_db()
    assert row.content["heads"] == {"deputies_max": "1"}


def test_own_draft_is_replaced_without_asking(board):
    content = small_rules(authority="ubnd")
    for most in ("1", "2"):
        answer = upload(board, write_yaml(content | {"heads": {"deputies_max": most}}).encode())
        assert answer.status_code == 302
    assert RuleSet.objects.get().content["heads"] == {"deputies_max": "2"}


def test_draft_is_thrown_away(board):
    row = make_rule_set(authority="ubnd", publish=False)
    assert "Xóa bản nháp quy-tac, phiên bản 1?" in text_of(board, "rule_set_discard", row.pk)
    board.post(reverse("rule_set_discard", args=[row.pk]))
    assert RuleSet.objects.count() == 0


@pytest.mark.parametrize("name", ["rule_set_list", "rule_set_detail"])
def test_page_costs_the_same_for_any_number_of_rows(board, bloc_year, queries_of, name):
    found = {}
    for number in range(3):
        row = make_rule_set(
            id=f"a{number}",
            authority="ubnd",
            sources=[{"document": f"QĐ {item}"} for item in range(number + 1)],
            quotas=[{"award": award, "max": "1"} for award in ("CTDT", "BKT", "GK")[: number + 1]],
        )
        make_bloc_year(bloc_year.year, rule_set=row)
        make_bloc_year(bloc_year.year)
        for _ in range(number):
            make_bloc_year(bloc_year.year, rule_set=row)
        found[number] = queries_of(reverse(name, args=[row.pk] if name == "rule_set_detail" else []))
    assert found[0] == found[2]


def test_page_of_a_bloc_names_its_set(board, bloc_year):
    assert "bộ quy tắc" not in text_of(board, "bloc_detail", bloc_year.pk)
    row = make_rule_set(authority="ubnd")
    page = text_of(board, "bloc_detail", bloc_year.pk)
    assert f'<a href="{reverse("rule_set_detail", args=[row.pk])}">bộ quy tắc quy-tac, phiên bản 1</a>' in page
