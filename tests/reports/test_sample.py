"""The sample province: the reform of 1/7/2025 stands in it as acts on units; its blocs stand at every step of the year."""

import re
from collections import Counter, deque
from datetime import date

import pytest
from django.core.management import call_command
from django.urls import resolve
from django.utils import timezone

from awards.models import FlagNotice, Presentation
from blocs.domain import attendance, covenant_text
from blocs.domain.attachments import path_of
from blocs.enums import SuccessionKind
from blocs.models import (
    Amendment,
    AuditEvent,
    BlocYear,
    Comment,
    Conference,
    ConferenceTask,
    Handover,
    ResultEvidence,
    Succession,
    Unit,
    User,
)
from reports import todo
from reports.domain import report_history
from reports.domain.assembly import drafts
from reports.domain.assembly.kinds import SUMMARY
from reports.domain.sample.stages import MORE_ACCOUNTS
from reports.management.commands.load_sample import ACCOUNTS
from reports.models import ProvinceReport, SummaryReport, UnitReport
from tests.factories import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAY = date(2025, 7, 1)


@pytest.fixture
def sample(settings):
    settings.DEMO_PASSWORD = PASSWORD
    call_command("load_sample")


@pytest.mark.usefixtures("sample")
def test_reform_is_told_with_how_when_and_by_which_document():
    rows = list(Succession.objects.select_related("predecessor", "successor"))
    told = {(row.predecessor.code, row.successor.code): row.kind for row in rows}
    assert {row.on for row in rows} == {DAY}
    assert all("mẫu" in row.document for row in rows)
    assert Counter(row.kind for row in rows) == {
        SuccessionKind.MERGE: 6, SuccessionKind.SPLIT: 9, SuccessionKind.RENAME: 4,
    }  # fmt: skip
    assert told["so-tai-nguyen-moi-truong", "so-nong-nghiep-moi-truong"] == SuccessionKind.MERGE
    assert told["so-ke-hoach-dau-tu", "so-tai-chinh"] == SuccessionKind.MERGE
    assert told["huyen-bac-linh", "xa-bac-linh"] == SuccessionKind.SPLIT
    assert told["cuc-thue", "thue-tinh"] == SuccessionKind.RENAME


@pytest.mark.usefixtures("sample")
def test_no_unit_ends_without_an_act():
    ended = Unit.objects.filter(valid_to__isnull=False)
    assert ended.count() > 0
    assert list(ended.filter(successions=None).values_list("code", flat=True)) == []


# ---------------------------------------------------------------- the steps of the year


def bloc_of(code, year="2026"):
    return BlocYear.objects.select_related("year").get(bloc__code=code, year__label=year)


def words_of_covenants():
    """How far the covenants of three blocs are."""
    draft, waiting, signed = (bloc_of(code) for code in ("doanh-nghiep", "cum-xa-phuong-2", "kinh-te-ky-thuat"))
    open_comments = draft.comments.filter(answered_at=None).count()
    by_hand = waiting.covenant.signatures.exclude(digest="").count()
    return [
        (draft.covenant.is_closed, open_comments, draft.comments.count()),
        (waiting.covenant.signed_on, waiting.memberships.count() - by_hand, by_hand),
        (bool(signed.covenant.signed_on), signed.covenant.amendments.count()),
    ]


@pytest.mark.usefixtures("sample", "media_root")
def test_blocs_stand_at_every_step():
    assert words_of_covenants() == [(False, 2, 3), (None, 4, 6), (True, 1)]
    covenant = bloc_of("cum-xa-phuong-2").covenant
    assert covenant.digest == covenant_text.digest_of(covenant)
    assert Amendment.objects.get().head_agreed_at is not None
    assert Amendment.objects.get().is_open
    assert path_of(ResultEvidence.objects.get()).read_bytes().startswith(b"PK")

    meeting = Conference.objects.get(bloc_year=bloc_of("hoi-dac-thu"), kind="mid_year")
    assert (meeting.is_over, attendance.presence(meeting).is_enough) == (True, True)
    assert (meeting.agenda.count(), meeting.opinions.count(), meeting.tasks.count()) == (6, 3, 4)
    assert meeting.tasks.filter(done_at=None, due_on__lt=timezone.localdate()).count() == 1
    planned = Conference.objects.get(bloc_year=bloc_of("hoi-dac-thu"), kind="year_end")
    assert (planned.opened_at, planned.held_on > timezone.localdate(), planned.agenda.count()) == (None, True, 7)

    check_summary(bloc_of("noi-chinh"))
    handover = Handover.objects.get()
    assert (handover.giver_signed_at is None, handover.receiver_signed_at) == (False, None)
    assert handover.bloc_year.summary_report.state == "submitted"
    assert (FlagNotice.objects.count(), Presentation.objects.count()) == (4, 2)
    assert ProvinceReport.objects.get().parts.exclude(paragraphs=[]).count() > 3


def check_summary(bloc_year):
    """All units' reports are accepted; the draft is discussed, and one number changed since it was assembled."""
    assert set(bloc_year.unit_reports.values_list("state", flat=True)) == {"accepted"}
    report = SummaryReport.objects.get(bloc_year=bloc_year)
    assert Counter(Comment.objects.filter(bloc_year=bloc_year).values_list("outcome", flat=True)) == {
        "accepted": 1, "answered": 1, "": 2,
    }  # fmt: skip
    offers, conflicts = drafts.offers(SUMMARY, report)
    assert [(offer.kind, offer.key) for offer in offers] == [("changed", "figure:individuals")]
    assert conflicts == []


@pytest.mark.usefixtures("sample", "media_root")
def test_unit_sees_what_it_wrote_and_counted_before():
    bloc_year = bloc_of("hoi-dac-thu")
    unit = bloc_year.memberships.get(unit__unit__code="hoi-nha-bao").unit
    past = report_history.of(UnitReport(bloc_year=bloc_year, unit=unit, kind="annual"))
    assert past.label == "2025"
    assert {"leading", "tasks", "exemplars", "shortcomings", "next_tasks"} <= set(past.texts)
    assert past.last("individuals") == 63  # from the lines of the year file
    assert past.doubt("staff", 24) == ""
    assert past.doubt("staff", 240) == "gấp 10,4 lần so với năm 2025 (23)"
    assert past.doubt("staff", 40) == "ngoài khoảng 22 – 25 của 3 năm trước"


@pytest.mark.usefixtures("media_root")
def test_people_are_posts_only_named_accounts_sign_in_and_a_second_run_does_nothing(sample):
    people = User.objects.all()
    assert list(people.exclude(full_name="").values_list("username", flat=True)) == []
    assert {user.username for user in people if user.has_usable_password()} == {*ACCOUNTS, *MORE_ACCOUNTS}
    assert all("(mẫu)" in user.post for user in people if not user.has_usable_password())

    counted = (AuditEvent, User, Comment, ConferenceTask, UnitReport)
    before = [model.objects.count() for model in counted]
    call_command("load_sample")
    assert [model.objects.count() for model in counted] == before


IDLE = {"thamdinh", "quantri", "hoidong", "thuky"}  # nothing of their own; council members see what is late


@pytest.mark.usefixtures("sample", "media_root")
def test_each_account_finds_what_waits_for_it():
    year = bloc_of("hoi-dac-thu").year
    found = {user: todo.tasks(user, year) for user in User.objects.filter(username__in=[*ACCOUNTS, *MORE_ACCOUNTS])}
    titles = {user.username: " ".join(task.title for task in tasks) for user, tasks in found.items()}
    assert {name for name, words in titles.items() if not words} == IDLE
    for name in ("hoidong", "thuky"):
        user = User.objects.get(username=name)
        assert todo.watched(user, year).total > 0
    expected = {
        "chuyenvien": "Đồng ý điều chỉnh giao ước",
        "donvi": "Việc sau hội nghị",
        "coquanchutri": "Việc sau hội nghị",
        "khoitruong2": "Trả lời góp ý",
        "lanhdao2": "Ký giao ước",
        "lanhdao3": "Ký bên nhận biên bản bàn giao",
    }
    assert {name: words in titles[name] for name, words in expected.items()} == dict.fromkeys(expected, True)


MOST = 2  # pages of one kind for each account


def pages(client):
    """Every kind of page that links lead to from the first page on.

    Shape:   Client -> {address: status}
    """
    found, kinds, waiting = {}, Counter(), deque(["/"])
    while waiting:
        address = waiting.popleft()
        kind = resolve(address.partition("?")[0]).url_name
        if address in found or kinds[kind] >= MOST:
            continue
        kinds[kind] += 1
        answer = client.get(address)
        found[address] = answer.status_code
        if answer.streaming:
            deque(answer.streaming_content, maxlen=0)  # to its end, which closes the file
        if answer.status_code in (301, 302):
            waiting.append(answer.url)
        elif answer["Content-Type"].startswith("text/html"):
            waiting += re.findall(r'<a [^>]*href="(/(?!static/)[^"#]*)', answer.content.decode())
    return found


@pytest.mark.usefixtures("sample", "media_root")
def test_every_page_that_links_lead_to_opens(client):
    for name in ("chuyenvien", "khoitruong", "khoitruong2", "lanhdao", "lanhdao2", "thuky"):
        client.force_login(User.objects.get(username=name))
        found = pages(client)
        assert (name, {address: code for address, code in found.items() if code not in (200, 301, 302)}) == (name, {})
        assert len(found) > 15
