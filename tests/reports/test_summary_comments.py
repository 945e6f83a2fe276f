"""Members discuss the draft of the summary report; the head answers; nothing is said about an adopted one."""

import pytest
from django.urls import reverse

from blocs.domain import comments
from blocs.enums import Role
from blocs.errors import NotAllowed, WrongState
from reports.domain import summary_reports
from reports.domain.assembly import drafts
from reports.domain.assembly.kinds import SUMMARY
from tests.factories import make_user
from tests.reports.assembly_rows import Bloc
from tests.screens import page_of

pytestmark = pytest.mark.django_db


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
        ("results-1", "Tổng số cán bộ, công chức, viên chức, người lao động: 60 người (3 đơn vị có số liệu)."),
        ("results-99", ""),
        ("exemplars-1", ""),
    ],
)
def test_comment_keeps_the_passage_as_it_read(world, passage, quote):
    row = say(world, passage)

    assert (row.unit, row.passage, row.quote) == (world.units[2], passage, quote)


def test_comment_is_answered_on_the_page(client, world):
    client.force_login(world.member)
    client.post(reverse("summary_comment", args=[world.summary.pk]), {"passage": "results-1", "text": "Thiếu chi hội."})
    row = world.bloc_year.comments.get()
    client.force_login(world.head)
    page = reverse("summary_comment_answer", args=[world.summary.pk, row.pk])

    refused = client.post(page, {"outcome": "rejected", "words": "", "seen": ""})
    answered = client.post(page, {"outcome": "accepted", "words": "", "seen": ""}, follow=True)

    assert refused.status_code == 422
    assert "Tiếp thu" in page_of(answered).text
    assert "Thiếu chi hội." in page_of(answered).text


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
