"""The trail as people read it."""

import ast
import re
import unicodedata
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from blocs.admin import _content
from blocs.audit_words import ACTIONS, GROUPS
from blocs.domain import audit, audit_reading
from blocs.enums import Role
from blocs.models import AuditEvent
from reports.workflow import SUMMARY_MOVES, UNIT_MOVES
from tests.factories import make_bloc_year, make_user, members_of
from tests.reports.reminder_rows import make_owing
from tests.screens import page_of

pytestmark = pytest.mark.django_db
APPS = ("blocs", "movements", "awards", "reports", "config")
NAMES = {  # codes that the source puts together
    "unit.": ["merge", "split", "rename", "dissolve"],
    "unit_report.": UNIT_MOVES,
    "summary_report.": SUMMARY_MOVES,
    "covenant.record_": ["result", "unit_result"],
    "covenant.clear_": ["result", "unit_result"],
}


def codes_of(node):
    """The codes that the first argument of ``audit.record`` may be; the whole text where we cannot tell."""
    if isinstance(node, ast.Constant):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return codes_of(node.body) | codes_of(node.orelse)
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        beginning = node.values[0].value
        return {beginning + name for name in NAMES.get(beginning, ["?"])}
    return {f"? {ast.unparse(node)}"}


def codes_in_the_source():
    found = set()
    for path in (path for app in APPS for path in Path(app).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if name == "audit.record" and ast.unparse(node.args[0]) != "action":
                found |= codes_of(node.args[0])
            if name.endswith("attach"):  # it records the act that its caller names
                found |= codes_of(next(word.value for word in node.keywords if word.arg == "action"))
    return found


def test_every_act_of_the_source_has_words():
    assert codes_in_the_source() - ACTIONS.keys() == set()


def test_every_act_is_in_one_group():
    beginnings = [beginning for _, begins in GROUPS.values() for beginning in begins]
    assert [code for code in ACTIONS if sum(code.startswith(text) for text in beginnings) != 1] == []


@pytest.mark.parametrize(
    ("action", "target", "hidden"),
    [
        ("report.save_part", "reports.unitreport:1", True),
        ("unit_report.save_figure", "reports.unitreport:1", True),
        ("unit_report.explain_figure", "reports.unitreport:1", True),
        ("unit_report.save_recognition", "reports.unitreport:1", True),
        ("unit_report.remove_recognition", "reports.unitreport:1", True),
        ("unit_report.attach", "reports.unitreport:1", True),
        ("unit_report.detach", "reports.unitreport:1", True),
        ("covenant.record_unit_result", "blocs.target:1", True),
        ("covenant.clear_unit_result", "blocs.target:1", True),
        ("admin.change", "awards.hold:1", True),
        ("report.save_part", "reports.summaryreport:1", False),
        ("unit_report.return", "reports.unitreport:1", False),
    ],
)
def test_what_a_unit_writes_unsent_is_hidden_here_and_in_the_admin(action, target, hidden):
    event = AuditEvent(action=action, target=target, after={"text": "của riêng"})
    found = [*audit_reading.lines_of(event), _content(event, event.after)]
    assert (found == [audit_reading.HIDDEN] * 2) is hidden
    assert any("của riêng" in text for text in found) is not hidden


# ---------------------------------------------------------------- the page


@pytest.fixture
def world():
    found = make_owing()
    audit.record(
        "bloc.edit", by=found.board, target=found.bloc, before={"name": "Cũ"}, after={"name": "Mới"}, note="Sai tên."
    )
    audit.record("obligation.waive", by=found.officer, target=found.bloc, note="Bão lũ.")
    audit.record("year.open", by=None, target=make_bloc_year().year)
    return found


@pytest.fixture
def board(client, world):
    client.force_login(world.board)
    return client


def test_page_says_who_what_before_after_why(board, world):
    text = page_of(board.get(reverse("audit_log"))).text
    words = [
        str(world.board),
        "Sửa cụm, khối",
        str(world.bloc),
        "tên: Cũ → Mới",
        "Sai tên.",
        "Miễn tính chậm",
        "Bão lũ.",
    ]
    assert [word for word in words if word not in text] == []
    assert "Mở năm" not in text


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({}, 2),
        ({"group": "khoi"}, 1),
        ({"group": "han"}, 1),
        ({"q": "mien tinh cham"}, 1),
        ({"q": "Bão lũ"}, 1),
        ({"q": "không có"}, 0),
        ({"first": "01/01/2999"}, 0),
        ({"last": "01/01/2999"}, 2),
        ({"last": "01/01/2001"}, 0),
    ],
)
def test_filter_narrows_page_and_workbook(board, tmp_path, query, number):
    assert board.get(reverse("audit_log"), query).context["page"].paginator.count == number
    path = tmp_path / "nhat-ky.xlsx"
    path.write_bytes(board.get(reverse("audit_export"), query).content)
    assert load_workbook(path).worksheets[0].max_row == number + 1


@pytest.mark.parametrize(("name", "typed"), [("last", "31/12/9999"), ("first", "01/01/0001"), ("last", "01/01/0001")])
def test_day_out_of_all_time_is_said_and_narrows_nothing(board, name, typed):
    answer = board.get(reverse("audit_log"), {name: typed})
    assert (answer.status_code, answer.context["page"].paginator.count) == (200, 2)
    assert "Năm phải từ 1900 đến 2999." in page_of(answer).text
    assert board.get(reverse("audit_export"), {name: typed}).status_code == 200


def test_filter_by_person(board, world):
    page = board.get(reverse("audit_log"), {"actor": str(world.officer)}).context["page"]
    assert [event.action for event in page] == ["obligation.waive"]


@pytest.mark.parametrize(
    "query",
    [
        {"actor": "chuyen vien dac biet"},
        {"actor": "CHUYÊN VIÊN ĐẶC BIỆT"},
        {"actor": unicodedata.normalize("NFD", "đặc biệt chuyên viên")},
        {"q": "uy ban mat tran"},
        {"q": "ỦY BAN MẶT TRẬN"},
        {"q": "gia han uy ban"},
        {"q": unicodedata.normalize("NFD", "lũ lớn")},
    ],
)
def test_search_needs_no_accents(client, world, query):
    person = make_user(Role.BOARD_STAFF, authority=world.year.authority, post="Chuyên viên Đặc biệt")
    world.bloc.name = "Khối Ủy ban Mặt trận"
    wanted = audit.record("obligation.extend", by=person, target=world.bloc, note="Bão, lũ lớn.")
    client.force_login(world.board)
    assert list(client.get(reverse("audit_log"), query).context["page"]) == [wanted]


def test_formula_in_a_reason_stays_text(board, world, tmp_path):
    audit.record("bloc.edit", by=world.board, target=world.bloc, note="=1+1")
    path = tmp_path / "nhat-ky.xlsx"
    path.write_bytes(board.get(reverse("audit_export")).content)
    cell = load_workbook(path).worksheets[0]["F2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_events_of_no_authority_are_for_administrators(world):
    event = audit.record("admin.add", by=None, target=make_user())
    admin = make_user(Role.ADMINISTRATOR, authority=world.year.authority)
    seen = {user.pk: AuditEvent.objects.visible_to(user).filter(pk=event.pk).exists() for user in (admin, world.board)}
    assert seen == {admin.pk: True, world.board.pk: False}
    assert [user.has_perm("blocs.view_audit", event) for user in (admin, world.board)] == [True, False]


@pytest.mark.parametrize("role", [*Role, None])
def test_list_agrees_with_the_rule(world, role):
    audit.record("admin.add", by=None, target=make_user())
    user = make_user(role, bloc_year=world.bloc, unit=members_of(world.bloc)[0]) if role else make_user()
    by_rule = {event for event in AuditEvent.objects.all() if user.has_perm("blocs.view_audit", event)}
    assert set(AuditEvent.objects.visible_to(user)) == by_rule


def test_page_costs_the_same_for_any_number(board, world):
    found = {}
    for number in (1, 3):
        for _ in range(number):
            audit.record("bloc.edit", by=world.board, target=world.bloc, after={"name": "Mới"})
        with CaptureQueriesContext(connection) as queries:
            board.get(reverse("audit_log"))
        found[number] = len(queries)
    assert found[1] == found[3]


def test_source_codes_look_like_codes():
    assert [code for code in ACTIONS if not re.fullmatch(r"[a-z_]+\.[a-z_]+", code)] == []
