"""Members discuss the draft of the summary report; the head answers; nothing is said about an adopted one."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from blocs.domain import comments
from blocs.enums import Role
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.models import AuditEvent
from reports.domain import summary_reports
from reports.domain.assembly import drafts
from reports.domain.assembly.kinds import SUMMARY
from reports.domain.passages import key_of
from reports.models import SummaryReport
from tests.factories import make_user
from tests.reports.assembly_rows import Bloc
from tests.screens import page_of

pytestmark = pytest.mark.django_db
STAFF = "Tổng số cán bộ, công chức, viên chức, người lao động: 60 người (3 đơn vị có số liệu)."


@pytest.fixture
def world():
    made = Bloc()
    drafts.assemble(SUMMARY, made.summary.pk, by=made.head)
    made.member = make_user(Role.UNIT_LEADER, unit=made.units[2])
    return made


def say(world, passage="", by=None):
    return summary_reports.comment(world.summary.pk, passage=passage, text="Số này chưa đúng.", by=by or world.member)


@pytest.mark.parametrize(
    ("passage", "quote"),
    [
        ("", ""),
        ("results", "Kết quả thực hiện nhiệm vụ và phong trào thi đua"),
        (key_of("results", STAFF), STAFF),
    ],
)
def test_comment_keeps_the_passage_as_it_read(world, passage, quote):
    row = say(world, passage)

    assert (row.unit, row.passage, row.quote) == (world.units[2], passage, quote)


@pytest.mark.parametrize("passage", ["results-1", "results-99", "exemplars-1", "poem", key_of("leading", STAFF)])
def test_passage_that_is_not_there_is_refused(world, passage):
    with pytest.raises(RuleBroken, match="vừa được sửa hoặc bỏ"):
        say(world, passage)


def put_before(world, text):
    part = world.summary.parts.get(code="results")
    words = f"{text}\n{part.text}"
    summary_reports.save_part(world.summary.pk, "results", words, version=part.version, by=world.head)


def test_passage_is_found_again_when_the_head_put_another_before_it(client, world):
    client.force_login(world.member)
    key = key_of("results", STAFF)
    assert f'href="?doan={key}#gop-y"' in client.get(url_of(world)).content.decode()
    put_before(world, "Mở đầu.")

    chosen = client.get(url_of(world), {"doan": key}).content.decode()
    client.post(reverse("summary_comment", args=[world.summary.pk]), {"passage": key, "text": "Sai."})

    assert f'<option value="{key}" selected>' in chosen
    assert world.bloc_year.comments.get().quote == STAFF


def test_comment_on_a_passage_that_changed_meanwhile_is_not_lost(client, world):
    client.force_login(world.member)
    part = world.summary.parts.get(code="results")
    words = part.text.replace("60 người", "65 người")
    summary_reports.save_part(world.summary.pk, "results", words, version=part.version, by=world.head)

    data = {"passage": key_of("results", STAFF), "text": "Số này sai."}
    response = client.post(reverse("summary_comment", args=[world.summary.pk]), data)

    assert (response.status_code, world.bloc_year.comments.count()) == (422, 0)
    shown = page_of(response).text
    assert ("vừa được sửa hoặc bỏ" in shown, "Số này sai." in shown) == (True, True)


def url_of(world):
    return reverse("summary_report", args=[world.summary.pk])


def test_comment_is_answered_on_the_page(client, world):
    client.force_login(world.member)
    client.post(
        reverse("summary_comment", args=[world.summary.pk]),
        {"passage": key_of("results", STAFF), "text": "Thiếu chi hội."},
    )
    row = world.bloc_year.comments.get()
    client.force_login(world.head)
    page = reverse("summary_comment_answer", args=[world.summary.pk, row.pk])

    refused = client.post(page, {"outcome": "rejected", "words": "", "seen": ""})
    answered = client.post(page, {"outcome": "accepted", "words": "", "seen": ""}, follow=True)

    assert refused.status_code == 422
    assert "Tiếp thu" in page_of(answered).text
    assert "Thiếu chi hội." in page_of(answered).text


def test_answer_stands_once_the_report_is_adopted(client, world):
    row = summary_reports.comment(world.summary.pk, passage="", text="Sai.", by=world.member)
    summary_reports.answer_comment(row.pk, by=world.head, outcome="accepted")
    row.refresh_from_db()
    page = reverse("summary_comment_answer", args=[world.summary.pk, row.pk])
    client.force_login(world.head)
    assert page in client.get(url_of(world)).content.decode()
    SummaryReport.objects.update(state="adopted", adopted_on="2026-12-20")

    answer = {"outcome": "rejected", "words": "Không.", "seen": comments.version_of(row)}
    refused = client.post(page, answer)

    row.refresh_from_db()
    assert (refused.status_code, row.outcome) == (422, "accepted")
    assert "không sửa câu trả lời góp ý nữa" in refused.content.decode()
    assert page not in client.get(url_of(world)).content.decode()


def test_passage_that_is_not_there_is_refused_on_the_page(client, world):
    client.force_login(world.member)

    client.post(reverse("summary_comment", args=[world.summary.pk]), {"passage": "results-99", "text": "Sai."})

    assert world.bloc_year.comments.count() == 0


def test_adopted_report_takes_no_comment(world):
    world.summary.state, world.summary.adopted_on = "adopted", "2026-12-20"
    world.summary.save()

    with pytest.raises(WrongState, match="đã thông qua"):
        say(world)


def test_stranger_says_nothing(world):
    with pytest.raises(NotAllowed):
        say(world, by=make_user(Role.UNIT_LEADER, bloc_year=Bloc().bloc_year))


def test_comments_of_the_covenant_stand_elsewhere(world):
    say(world)

    assert comments.of_text(world.bloc_year, "covenant", user=world.member).count() == 0


# ---------------------------------------------------------------- asking for comments


ASKED = "Góp ý dự thảo báo cáo tổng kết"


def tasks(client, user):
    client.force_login(user)
    return [task.title for task in client.get(reverse("todo")).context["tasks"]]


def test_members_are_asked_until_they_have_commented_or_the_day_is_over(world, client):
    today = timezone.localdate()
    assert ASKED not in tasks(client, world.member)
    summary_reports.ask_comments(world.summary.pk, until=today, by=world.head)
    assert ASKED in tasks(client, world.member)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert ASKED not in tasks(client, world.member)
    say(world)
    assert ASKED not in tasks(client, world.member)
    event = AuditEvent.objects.get(action="summary_report.ask_comments")
    assert event.after == {"comments_until": str(today), "version": 2}


@pytest.mark.parametrize("days", [-1, 61])
def test_day_lies_ahead_and_not_far(world, days):
    with pytest.raises(RuleBroken, match="Ngày góp ý"):
        summary_reports.ask_comments(world.summary.pk, until=timezone.localdate() + timedelta(days=days), by=world.head)


def test_head_asks_on_the_page(world, client):
    client.force_login(world.head)
    client.post(reverse("summary_ask", args=[world.summary.pk]), {"until": str(timezone.localdate())})
    assert (
        "Đề nghị các đơn vị góp ý đến hết ngày"
        in page_of(client.get(reverse("summary_report", args=[world.summary.pk]))).text
    )
    with pytest.raises(NotAllowed):
        summary_reports.ask_comments(world.summary.pk, until=timezone.localdate(), by=world.member)
