"""Papers made outside the request: asked for once, made once, whatever gets lost on the way."""

import hashlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import weasyprint
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError
from pypdf import PdfReader

from blocs.enums import Role
from blocs.errors import NotAllowed, RuleBroken, WrongState
from blocs.models import AuditEvent, BlocYear
from reports import queue, tasks
from reports.domain import renderings
from reports.domain.papers import pdf
from reports.enums import DocumentKind
from reports.models import Rendering
from tests.at_once import needs_row_locks, two_at_once
from tests.factories import make_bloc_year, make_rendering, make_summary_report, make_user, make_year

pytestmark = pytest.mark.django_db
KIND = DocumentKind.SUMMARY_REPORT


@pytest.fixture
def bloc_year():
    return make_bloc_year(name="Khối thi đua các Hội đặc thù")


@pytest.fixture
def head(bloc_year):
    return make_user(Role.BLOC_HEAD, bloc_year=bloc_year)


@pytest.fixture
def board(bloc_year):
    return make_user(Role.BOARD_STAFF, bloc_year=bloc_year)


@pytest.fixture
def printed(monkeypatch):
    """How often WeasyPrint was given a page."""
    calls = []

    class Counted(weasyprint.HTML):
        def __init__(self, *args, **options):
            calls.append(1)
            super().__init__(*args, **options)

    monkeypatch.setattr(weasyprint, "HTML", Counted)
    return calls


def make_row(bloc_year, **columns):
    return make_rendering(KIND, bloc_year, **columns)


def state_of(rendering):
    rendering.refresh_from_db()
    return rendering.state


# ---------------------------------------------------------------- asking


def test_asked_for_twice_is_one_row(bloc_year, head, board):
    first = renderings.request(bloc_year, KIND, by=head)
    assert renderings.request(bloc_year, KIND, by=board) == first
    assert (Rendering.objects.count(), first.requested_by, first.state) == (1, head, "queued")
    assert list(AuditEvent.objects.values_list("action", "after")) == [
        ("rendering.request", {"kind": "summary-report"})
    ]


def test_asked_for_while_it_runs_is_made_again_with_the_data_of_now(bloc_year, head):
    running = make_row(bloc_year, state="running", started_at=timezone.now())
    fresh = renderings.request(bloc_year, KIND, by=head)
    assert (fresh == running, fresh.state) == (False, "queued")
    assert renderings.request(bloc_year, KIND, by=head) == fresh


def test_dead_run_gives_way_to_a_newer_request(bloc_year, head):
    long_ago = timezone.now() - timedelta(days=1)
    dead = make_row(bloc_year, state="running", started_at=long_ago, attempts=1)
    fresh = renderings.request(bloc_year, KIND, by=head)
    renderings.take_up_lost()
    dead.refresh_from_db()
    fresh.refresh_from_db()
    assert (dead.state, fresh.state) == ("failed", "queued")


@pytest.mark.parametrize("done", [{"state": "done", "file": "x", "sha256": "x"}, {"state": "failed", "error": "x"}])
def test_asked_for_after_the_last_is_finished_is_a_new_row(bloc_year, head, done):
    make_row(bloc_year, **done)
    assert renderings.request(bloc_year, KIND, by=head).state == "queued"
    assert Rendering.objects.count() == 2


def test_stranger_asks_for_nothing(bloc_year):
    with pytest.raises(NotAllowed):
        renderings.request(bloc_year, KIND, by=make_user(Role.BLOC_HEAD))
    assert Rendering.objects.count() == 0


def test_all_blocs_are_asked_for_at_once(bloc_year, board):
    others = [make_bloc_year(bloc_year.year) for _ in range(2)]
    make_bloc_year(make_year(bloc_year.year.authority, year=2025))
    running = renderings.request(others[0], KIND, by=board)
    batch = renderings.request_all(bloc_year.year, by=board)
    assert {row.bloc_year for row in batch.renderings.all()} == {bloc_year, *others}
    assert running in batch.renderings.all()
    assert Rendering.objects.count() == 3


def test_all_blocs_twice_are_the_same_rows(bloc_year, board):
    first, second = (renderings.request_all(bloc_year.year, by=board) for _ in range(2))
    assert set(first.renderings.all()) == set(second.renderings.all())
    assert Rendering.objects.count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.BOARD_STAFF])
def test_only_the_board_asks_for_all(bloc_year, role):
    with pytest.raises(NotAllowed):
        renderings.request_all(bloc_year.year, by=make_user(role, bloc_year=bloc_year))
    assert Rendering.objects.count() == 0


def test_year_without_blocs_has_nothing_to_ask_for():
    year = make_year()
    with pytest.raises(RuleBroken):
        renderings.request_all(year, by=make_user(Role.BOARD_STAFF, authority=year.authority))


@pytest.mark.django_db(transaction=True)
@needs_row_locks
def test_two_who_ask_at_once_get_one_row():
    bloc_year = make_bloc_year()
    user = make_user(Role.BOARD_STAFF, bloc_year=bloc_year)

    def ask(_):
        return renderings.request(bloc_year, KIND, by=user).pk

    got, _ = two_at_once(ask, [1, 2])

    assert got == [Rendering.objects.get().pk] * 2


# ---------------------------------------------------------------- making


@pytest.mark.slow
def test_paper_is_made_once_and_kept_by_its_sum(bloc_year, head, media_root):
    row = renderings.request(bloc_year, KIND, by=head)
    assert (renderings.make(row.pk), renderings.make(row.pk)) == (True, False)
    assert (state_of(row), row.attempts, row.reused, row.error) == ("done", 1, False, "")
    content = (media_root / row.file).read_bytes()
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    assert row.file == f"papers/{row.sha256[:2]}/{row.sha256}.pdf"
    reader = PdfReader(BytesIO(content))
    assert row.pages == len(reader.pages)
    assert "Hội đặc thù" in " ".join(reader.pages[0].extract_text().split())
    assert [path.name for path in media_root.rglob("*") if path.is_file()] == [f"{row.sha256}.pdf"]


@pytest.mark.slow
def test_unchanged_data_need_no_second_print(bloc_year, head, printed):
    first = renderings.request(bloc_year, KIND, by=head)
    renderings.make(first.pk)
    second = renderings.request(bloc_year, KIND, by=head)
    renderings.make(second.pk)
    assert len(printed) == 1
    assert (state_of(second), second.reused) == ("done", True)
    first.refresh_from_db()
    assert (second.file, second.sha256, second.pages, second.fingerprint) == (
        first.file,
        first.sha256,
        first.pages,
        first.fingerprint,
    )


@pytest.mark.slow
def test_changed_data_are_printed_anew(bloc_year, head, printed):
    first = renderings.request(bloc_year, KIND, by=head)
    renderings.make(first.pk)
    BlocYear.objects.update(motto="Khẩu hiệu mới")
    second = renderings.request(bloc_year, KIND, by=head)
    renderings.make(second.pk)
    assert (len(printed), state_of(second), second.reused) == (2, "done", False)
    first.refresh_from_db()
    assert second.sha256 != first.sha256


@pytest.mark.slow
def test_lost_file_is_printed_anew_to_the_same_bytes(bloc_year, head, printed):
    first = renderings.request(bloc_year, KIND, by=head)
    renderings.make(first.pk)
    first.refresh_from_db()
    renderings.path_of(first).unlink()
    second = renderings.request(bloc_year, KIND, by=head)
    renderings.make(second.pk)
    assert (len(printed), state_of(second), second.reused, second.sha256) == (2, "done", False, first.sha256)
    assert renderings.path_of(second).is_file()


@pytest.mark.slow
def test_same_bytes_whoever_makes_them(bloc_year, head):
    row = renderings.request(bloc_year, KIND, by=head)
    renderings.make(row.pk)
    row.refresh_from_db()
    assert renderings.bytes_of(bloc_year, KIND) == renderings.path_of(row).read_bytes()


@pytest.mark.parametrize("pk", [0, 999_999])
def test_row_that_is_gone_is_passed_over(pk):
    assert renderings.make(pk) is False


@pytest.mark.parametrize(
    "state", [{"state": "running"}, {"state": "done", "file": "x", "sha256": "x"}, {"state": "failed", "error": "x"}]
)
def test_only_a_queued_row_is_made(bloc_year, state, printed):
    row = make_row(bloc_year, **state)
    assert renderings.make(row.pk) is False
    assert (state_of(row), row.attempts, printed) == (state["state"], 0, [])


@pytest.mark.slow
def test_folder_that_cannot_be_written_is_told_and_may_be_tried_again(bloc_year, head, settings, tmp_path, caplog):
    settings.MEDIA_ROOT = str(tmp_path / "file")
    Path(settings.MEDIA_ROOT).write_text("no folder")
    row = renderings.request(bloc_year, KIND, by=head)
    assert renderings.make(row.pk) is True
    assert state_of(row) == "failed"
    assert row.error == "Không ghi được tệp (Not a directory). Báo quản trị hệ thống rồi bấm “Tạo lại”."
    assert [record.message for record in caplog.records if record.name == "reports.domain.renderings"] == [
        f"rendering {row.pk} failed"
    ]
    settings.MEDIA_ROOT = str(tmp_path / "folder")
    again = renderings.retry(row.pk, by=head)
    renderings.make(again.pk)
    assert (state_of(again), state_of(row)) == ("done", "failed")


def test_missing_font_is_told(bloc_year, head, monkeypatch, tmp_path):
    monkeypatch.setattr(pdf, "FAMILIES", ("No Such Font",))
    monkeypatch.setattr(pdf, "_workshop", pdf._workshop.__wrapped__)
    monkeypatch.setattr(pdf, "font", pdf.font.__wrapped__)
    row = renderings.request(bloc_year, KIND, by=head)
    renderings.make(row.pk)
    assert state_of(row) == "failed"
    assert row.error.startswith("Máy chưa có phông chữ")


def test_whatever_else_fails_is_told_without_its_inside(bloc_year, head, monkeypatch):
    class Broken(weasyprint.HTML):
        def __init__(self, *args, **options):
            raise ZeroDivisionError("secret inside")

    monkeypatch.setattr(weasyprint, "HTML", Broken)
    row = renderings.request(bloc_year, KIND, by=head)
    renderings.make(row.pk)
    assert state_of(row) == "failed"
    assert (
        row.error == "Không tạo được văn bản do lỗi của hệ thống; quản trị hệ thống xem nhật ký. Có thể bấm “Tạo lại”."
    )


@pytest.mark.parametrize(
    "state", [{"state": "queued"}, {"state": "running"}, {"state": "done", "file": "x", "sha256": "x"}]
)
def test_only_a_failed_paper_is_tried_again(bloc_year, head, state):
    row = make_row(bloc_year, **state)
    with pytest.raises(WrongState):
        renderings.retry(row.pk, by=head)
    assert Rendering.objects.count() == 1


def test_new_try_takes_the_place_of_the_old_in_its_batch(bloc_year, board):
    batch = renderings.request_all(bloc_year.year, by=board)
    Rendering.objects.update(state="failed", error="x")
    fresh = renderings.retry(batch.renderings.get().pk, by=board)
    assert list(batch.renderings.all()) == [fresh]


def test_stranger_does_not_try_again(bloc_year):
    row = make_row(bloc_year, state="failed", error="x")
    with pytest.raises(NotAllowed):
        renderings.retry(row.pk, by=make_user(Role.BLOC_HEAD))


# ---------------------------------------------------------------- what got lost

NOW = timezone.now()


def ago(**span):
    return NOW - timedelta(**span)


@pytest.mark.parametrize(("waited", "lost"), [(59, False), (60, False), (61, True)])
def test_queued_row_is_sent_again_when_its_message_is_lost(bloc_year, settings, waited, lost):
    row = make_row(bloc_year, queued_at=ago(seconds=waited))
    assert renderings.take_up_lost(now=NOW) == ([row.pk] if lost else [])
    assert state_of(row) == "queued"
    assert renderings.take_up_lost(now=NOW) == []


@pytest.mark.parametrize(("ran", "dead"), [(600, False), (601, True)])
def test_row_of_a_dead_worker_is_queued_anew(bloc_year, ran, dead):
    row = make_row(bloc_year, state="running", attempts=1, queued_at=ago(hours=1), started_at=ago(seconds=ran))
    assert renderings.take_up_lost(now=NOW) == ([row.pk] if dead else [])
    assert state_of(row) == ("queued" if dead else "running")


def test_of_two_dead_rows_of_one_paper_the_newer_is_queued_anew(bloc_year):
    running = {"state": "running", "attempts": 1, "queued_at": ago(hours=2), "started_at": ago(hours=1)}
    old, new, other = (make_row(one, **running) for one in (bloc_year, bloc_year, make_bloc_year()))
    assert renderings.take_up_lost(now=NOW) == [new.pk, other.pk]
    assert [state_of(row) for row in (old, new, other)] == ["failed", "queued", "queued"]
    assert old.error.endswith("đã có yêu cầu mới hơn.")


def test_row_is_given_up_after_three_attempts(bloc_year):
    row = make_row(bloc_year, state="running", attempts=3, queued_at=ago(hours=1), started_at=ago(hours=1))
    assert renderings.take_up_lost(now=NOW) == []
    assert (state_of(row), row.finished_at) == ("failed", NOW)
    assert row.error.startswith("Máy chủ tạo văn bản dừng giữa chừng 3 lần.")


def test_row_whose_worker_dies_each_time_is_tried_three_times(bloc_year):
    row, now = make_row(bloc_year, queued_at=NOW), NOW
    tries = 0
    for _ in range(6):
        now += timedelta(hours=1)
        for pk in renderings.take_up_lost(now=now):
            tries += 1
            Rendering.objects.filter(pk=pk).update(state="running", started_at=now, attempts=tries)
    assert (tries, state_of(row)) == (3, "failed")


def test_finished_rows_are_left(bloc_year):
    make_row(bloc_year, state="done", file="x", sha256="x", queued_at=ago(days=9), started_at=ago(days=9))
    make_row(bloc_year, state="failed", error="x", queued_at=ago(days=9), started_at=ago(days=9))
    assert renderings.take_up_lost(now=NOW) == []


def test_lost_rows_are_sent_in_the_order_of_asking(bloc_year):
    rows = [make_row(one, queued_at=ago(hours=1)) for one in (bloc_year, make_bloc_year(), make_bloc_year())]
    assert renderings.take_up_lost(now=NOW) == [row.pk for row in rows]


def test_worker_that_comes_back_late_does_not_overwrite(bloc_year, monkeypatch):
    """While the first worker prints, its row is taken for lost and a second worker finishes it."""
    row = make_row(bloc_year)

    class Slow(weasyprint.HTML):
        def __init__(self, *args, **options):
            Rendering.objects.filter(pk=row.pk).update(state="queued")
            Rendering.objects.filter(pk=row.pk).update(state="running", attempts=2)
            Rendering.objects.filter(pk=row.pk).update(state="done", file="second", sha256="second")
            super().__init__(*args, **options)

    monkeypatch.setattr(weasyprint, "HTML", Slow)
    assert renderings.make(row.pk) is False
    assert (state_of(row), row.file, row.sha256, row.attempts) == ("done", "second", "second", 2)


def test_failure_of_a_late_worker_does_not_overwrite_either(bloc_year, monkeypatch):
    row = make_row(bloc_year)

    class Dying(weasyprint.HTML):
        def __init__(self, *args, **options):
            Rendering.objects.filter(pk=row.pk).update(attempts=2)
            raise ZeroDivisionError

    monkeypatch.setattr(weasyprint, "HTML", Dying)
    assert renderings.make(row.pk) is False
    assert (state_of(row), row.error) == ("running", "")


# ---------------------------------------------------------------- messages


@pytest.fixture
def sent(monkeypatch):
    """What reaches the broker, which is a third party here."""
    messages = []
    monkeypatch.setattr(
        tasks.render, "apply_async", lambda args, kwargs, **options: messages.append(kwargs["rendering_id"])
    )
    return messages


def test_message_goes_after_commit(bloc_year, head, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        row = renderings.request(bloc_year, KIND, by=head)
        queue.send([row])
        assert sent == []
    assert sent == [row.pk]


def test_finished_row_needs_no_message(bloc_year, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        queue.send([make_row(bloc_year, state="failed", error="x")])
    assert sent == []


@pytest.mark.django_db(transaction=True)
def test_dead_broker_does_not_undo_the_request(monkeypatch, caplog):
    def refuse(*args, **kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr(tasks.render, "apply_async", refuse)
    bloc_year = make_bloc_year()
    head = make_user(Role.BLOC_HEAD, bloc_year=bloc_year)
    with transaction.atomic():
        row = renderings.request(bloc_year, KIND, by=head)
        queue.send([row])
    assert state_of(row) == "queued"
    assert "connection refused" in caplog.text
    assert renderings.take_up_lost(now=timezone.now() + timedelta(seconds=61)) == [row.pk]


@pytest.mark.django_db(transaction=True)
def test_undone_request_sends_nothing(sent):
    bloc_year = make_bloc_year()
    head = make_user(Role.BLOC_HEAD, bloc_year=bloc_year)
    with transaction.atomic():
        queue.send([renderings.request(bloc_year, KIND, by=head)])
        transaction.set_rollback(True)
    assert (sent, Rendering.objects.count()) == ([], 0)


@pytest.mark.slow
def test_task_twice_makes_the_paper_once(bloc_year, head, printed):
    make_summary_report(bloc_year, whole=True)
    row = renderings.request(bloc_year, KIND, by=head)
    for _ in range(2):
        tasks.render(rendering_id=row.pk)
    assert (len(printed), state_of(row), row.attempts) == (1, "done", 1)


def test_sweeper_sends_what_was_lost(bloc_year, sent):
    row = make_row(bloc_year, queued_at=timezone.now() - timedelta(hours=1))
    for _ in range(2):
        tasks.sweep_renderings()
    assert sent == [row.pk]
