"""What can be taken back of a signed covenant, what goes on to count, and the days that stand on paper."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from blocs.domain import amendments, attachments, covenant_text, signing
from blocs.enums import Milestone, Role
from blocs.errors import DomainError, NotAllowed, RuleBroken, WrongState
from blocs.models import AuditEvent, BlocYear, Covenant, Obligation, Receipt, Signature, Target
from reports import todo
from tests.factories import at, make_bloc_year, make_milestone, make_target, make_user, members_of
from tests.screens import main_text

pytestmark = pytest.mark.django_db
DUE, LOCK = "2026-02-10 17:00", "2026-03-01 17:00"


@pytest.fixture
def bloc_year():
    row = make_bloc_year()
    make_target(row)
    Covenant.objects.update(goals=["Mục tiêu"], solutions=["Giải pháp"])
    make_milestone(row, Milestone.COVENANT, due=DUE, locks=LOCK)
    return row


@pytest.fixture
def head(bloc_year):
    return make_user(Role.BLOC_HEAD, bloc_year=bloc_year)


@pytest.fixture
def clock():
    with time_machine.travel(at("2026-02-01 09:00"), tick=False) as found:
        yield found


def sign(bloc_year, number):
    unit = members_of(bloc_year)[number]
    leader, digest = make_user(Role.UNIT_LEADER, unit=unit), Covenant.objects.get().digest
    return signing.sign(bloc_year.memberships.get(unit=unit).pk, by=leader, digest=digest)


def close_again(bloc_year, head):
    covenant_text.reopen(bloc_year.pk, by=head, reason="Sai số")
    covenant_text.close(bloc_year.pk, by=head)


def standing(bloc_year, number):
    row = Obligation.objects.get(code=Milestone.COVENANT, unit=members_of(bloc_year)[number])
    return row.received_at, row.is_on_time


def attach(bloc_year, head, units, signed_on):
    scan = attachments.judge("giao-uoc.pdf", b"%PDF-1.7 scan", allowed=attachments.ONLY_PAPERS)
    return signing.attach_paper(bloc_year.pk, scan, by=head, units=units, signed_on=signed_on)


# ---------------------------------------------------------------- opened again


def test_unit_that_signed_in_time_stays_in_time_when_the_text_is_opened_again(bloc_year, head, clock):
    covenant_text.close(bloc_year.pk, by=head)
    sign(bloc_year, 1)
    first = standing(bloc_year, 1)
    clock.move_to(at("2026-02-20 09:00"))
    close_again(bloc_year, head)
    sign(bloc_year, 1)
    assert standing(bloc_year, 1) == first == (at("2026-02-01 09:00"), True)


def test_unit_that_had_signed_signs_again_after_the_lock_and_no_other(bloc_year, head, clock):
    covenant_text.close(bloc_year.pk, by=head)
    sign(bloc_year, 1)
    clock.move_to(at("2026-03-02 09:00"))
    close_again(bloc_year, head)
    with pytest.raises(RuleBroken, match="Đã khóa nhận"):
        sign(bloc_year, 2)
    with pytest.raises(RuleBroken, match="Đã khóa nhận"):
        attach(bloc_year, head, members_of(bloc_year)[1:], date(2026, 3, 2))
    sign(bloc_year, 1)
    assert Signature.objects.get().unit == members_of(bloc_year)[1]


def test_paper_taken_back_keeps_the_moment_of_the_text_signed_before(bloc_year, head, clock):
    covenant_text.close(bloc_year.pk, by=head)
    sign(bloc_year, 1)
    clock.move_to(at("2026-02-20 09:00"))
    close_again(bloc_year, head)
    paper = attach(bloc_year, head, members_of(bloc_year)[1:], date(2026, 2, 20))
    signing.withdraw_paper(bloc_year.pk, paper.pk, by=head, reason="Nhầm bản")
    assert list(Receipt.objects.values_list("unit", "at")) == [(members_of(bloc_year)[1].pk, at("2026-02-01 09:00"))]


def test_page_says_before_the_opening_what_goes_on_to_count(client, bloc_year, head, clock):
    covenant_text.close(bloc_year.pk, by=head)
    sign(bloc_year, 1)
    client.force_login(head)
    page = main_text(client.get(reverse("covenant_reopen", args=[bloc_year.pk])))
    assert "Đơn vị đã ký giữ thời điểm ký lần đầu" in page
    assert "ký lại được cả sau khi đã khóa nhận" in page


def test_leader_is_asked_to_sign_again_until_he_has(bloc_year, head, clock):
    covenant_text.close(bloc_year.pk, by=head)
    sign(bloc_year, 1)
    leader = make_user(Role.UNIT_LEADER, unit=members_of(bloc_year)[1])
    title = f"Ký lại giao ước thi đua của {members_of(bloc_year)[1].short}"
    close_again(bloc_year, head)
    assert [task.title for task in todo.tasks(leader, bloc_year.year)].count(title) == 1
    sign(bloc_year, 1)
    assert title not in [task.title for task in todo.tasks(leader, bloc_year.year)]


def test_leader_reads_whether_the_text_can_be_signed(bloc_year, head, clock):
    leader = make_user(Role.UNIT_LEADER, unit=members_of(bloc_year)[1])

    def detail():
        return next(t.detail for t in todo.tasks(leader, bloc_year.year) if t.title.startswith("Ký giao ước"))

    assert detail().endswith("Khối trưởng chốt văn bản xong thì lãnh đạo đơn vị đọc và ký ở trang Giao ước")
    covenant_text.close(bloc_year.pk, by=head)
    assert detail().endswith("Văn bản đã chốt; lãnh đạo đơn vị đọc và ký ở trang Giao ước")


# ---------------------------------------------------------------- the day on paper


def test_paper_signed_before_the_closing_keeps_its_own_day(bloc_year, head, clock):
    covenant_text.close(bloc_year.pk, by=head)
    attach(bloc_year, head, members_of(bloc_year)[:2], date(2026, 1, 28))
    assert signing.conclude(bloc_year.pk, by=head, signed_on=date(2026, 1, 28)).signed_on == date(2026, 1, 28)


def test_day_of_a_paper_lies_near_its_year(bloc_year, head, clock):
    covenant_text.close(bloc_year.pk, by=head)
    with pytest.raises(RuleBroken, match="quá xa năm 2026"):
        attach(bloc_year, head, members_of(bloc_year), date(2025, 9, 30))
    attach(bloc_year, head, members_of(bloc_year), date(2025, 12, 20))
    assert Covenant.objects.get().signed_on == date(2025, 12, 20)


# ---------------------------------------------------------------- the conclusion is taken back


def concluded(bloc_year, head):
    covenant_text.close(bloc_year.pk, by=head)
    sign(bloc_year, 1)
    signing.conclude(bloc_year.pk, by=head, signed_on=date(2026, 2, 1))


def test_conclusion_of_a_wrong_day_is_taken_back_and_recorded_anew(bloc_year, head, clock):
    concluded(bloc_year, head)
    clock.move_to(at("2026-02-03 09:00"))
    for by, reason, error in (
        (make_user(Role.BLOC_DEPUTY, bloc_year=bloc_year), "x", NotAllowed), (head, " ", RuleBroken),
    ):  # fmt: skip
        with pytest.raises(error):
            signing.withdraw_conclusion(bloc_year.pk, by=by, reason=reason)
    signing.withdraw_conclusion(bloc_year.pk, by=head, reason="Ghi nhầm ngày")
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.before, event.note) == (
        "covenant.withdraw_conclusion", {"signed_on": "2026-02-01"}, "Ghi nhầm ngày",
    )  # fmt: skip
    assert (Covenant.objects.get().signed_on, Signature.objects.count()) == (None, 1)
    signing.conclude(bloc_year.pk, by=head, signed_on=date(2026, 2, 3))
    assert Covenant.objects.get().signed_on == date(2026, 2, 3)


def test_conclusion_stays_where_an_amendment_or_a_sent_report_rests_on_it(bloc_year, head, clock):
    concluded(bloc_year, head)
    row = amendments.propose(bloc_year.pk, by=head, kind="remove", reason="x", target_id=Target.objects.get().pk)
    with pytest.raises(WrongState, match="đề nghị điều chỉnh"):
        signing.withdraw_conclusion(bloc_year.pk, by=head, reason="x")
    amendments.refuse(row.pk, by=head, reason="Rút")
    BlocYear.objects.update(is_closed=True)
    with pytest.raises(RuleBroken):
        signing.withdraw_conclusion(bloc_year.pk, by=head, reason="x")
    BlocYear.objects.update(is_closed=False)
    signing.withdraw_conclusion(bloc_year.pk, by=head, reason="x")


@pytest.mark.parametrize("state", ["closed", "imported"])
def test_only_what_was_concluded_here_is_taken_back(bloc_year, head, clock, state):
    if state == "closed":
        covenant_text.close(bloc_year.pk, by=head)
    else:
        Covenant.objects.update(signed_on=date(2026, 1, 20))
    with pytest.raises(DomainError, match="chưa được ghi nhận ký kết ở đây"):
        signing.withdraw_conclusion(bloc_year.pk, by=head, reason="x")


def test_page_takes_the_conclusion_back(client, bloc_year, head, clock):
    concluded(bloc_year, head)
    client.force_login(head)
    page, address = reverse("covenant", args=[bloc_year.pk]), reverse("covenant_unconclude", args=[bloc_year.pk])
    assert f'href="{address}"' in client.get(page).content.decode()
    assert "ký kết ngày 01/02/2026" in main_text(client.get(address))
    client.post(address, {"reason": "Nhầm ngày"})
    assert Covenant.objects.get().signed_on is None
    assert f'href="{address}"' not in client.get(page).content.decode()


# ---------------------------------------------------------------- the unit's own target


def test_unit_leader_finds_the_way_to_change_his_own_target_only(client, bloc_year, head):
    own = make_target(bloc_year, "R1", of=members_of(bloc_year)[2])
    Covenant.objects.update(signed_on=date(2026, 2, 14))
    client.force_login(make_user(Role.UNIT_LEADER, unit=members_of(bloc_year)[2]))
    page = client.get(reverse("covenant", args=[bloc_year.pk])).content.decode()
    address = reverse("amendment_remove_target", args=[bloc_year.pk, own.pk])
    assert (page.count("Đề nghị bỏ"), page.count(f'href="{address}"')) == (1, 1)
    assert client.get(address).status_code == 200
