"""The calendar of a bloc, one thing that is owed, and what an officer grants on screen."""

import pytest
import time_machine
from django.urls import reverse

from blocs.enums import Milestone, Role
from blocs.models import AuditEvent, Extension, Obligation, Receipt, Waiver
from reports.domain import unit_reports
from tests.factories import at, make_bloc_year, make_milestone, make_unit_report, make_user, members_of
from tests.screens import main_text, make_receipts, messages_of, page_of

pytestmark = pytest.mark.django_db
DUE, LOCK = "2026-11-20 17:00", "2026-11-30 17:00"
NOW = "2026-11-22 08:00"


@pytest.fixture
def bloc_year():
    bloc_year = make_bloc_year()
    make_milestone(bloc_year, due=DUE, locks=LOCK)
    return bloc_year


@pytest.fixture
def staff(bloc_year):
    return make_user(Role.BOARD_STAFF, bloc_year=bloc_year)


def owed(bloc_year, number=0):
    return Obligation.objects.get(bloc_year=bloc_year, code="unit-report", unit=members_of(bloc_year)[number])


def opened(client, user, name, *args, now=NOW):
    with time_machine.travel(at(now), tick=False):
        client.force_login(user)
        return client.get(reverse(name, args=args))


def sent(client, user, name, row, *, now=NOW, **data):
    with time_machine.travel(at(now), tick=False):
        client.force_login(user)
        return client.post(reverse(name, args=[row.pk]), data, follow=True)


# ---------------------------------------------------------------- the calendar


def test_calendar_names_due_and_lock_with_weekday_and_hour(client, bloc_year):
    make_receipts(bloc_year, "2026-11-19 08:00")
    names = [unit.name for unit in members_of(bloc_year)]

    text = main_text(opened(client, make_user(Role.UNIT_REPORTER, bloc_year=bloc_year), "bloc_calendar", bloc_year.pk))

    assert "Hạn 17:00 thứ Sáu 20/11/2026 · còn nhận (tính là chậm) đến 17:00 thứ Hai 30/11/2026" in text
    assert "Quá hạn 2 ngày, còn nhận 8 ngày · 1/3 đã nhận" in text
    assert f"Còn thiếu: {names[1]}; {names[2]}" in text
    assert f"Việc của bạn : {names[0]} – đã nhận 08:00 thứ Năm 19/11/2026" in text


def test_calendar_of_a_bloc_without_dates_says_where_they_come_from(client):
    bloc_year = make_bloc_year()

    response = opened(client, make_user(Role.BLOC_HEAD, bloc_year=bloc_year), "bloc_calendar", bloc_year.pk)

    assert "Khối chưa có mốc nào" in main_text(response)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-20 16:59:59", "Hạn hôm nay"),
        ("2026-11-20 17:00:00", "Hạn hôm nay"),
        ("2026-11-20 17:00:01", "Vừa quá hạn hôm nay, còn nhận 10 ngày"),
        ("2026-11-30 16:59:59", "Quá hạn 10 ngày, chỉ còn nhận hôm nay"),
        ("2026-11-30 17:00:00", "Quá hạn 10 ngày, chỉ còn nhận hôm nay"),
        ("2026-11-30 17:00:01", "Đã khóa, không nhận nữa"),
    ],
)
def test_words_change_to_the_second(client, bloc_year, staff, moment, words):
    calendar = opened(client, staff, "bloc_calendar", bloc_year.pk, now=moment)
    line = opened(client, staff, "obligation", owed(bloc_year).pk, now=moment)
    table = opened(client, staff, "missing", bloc_year.pk, "unit-report", now=moment)

    assert f"{words} · 0/3 đã nhận" in main_text(calendar)
    assert line.context["words"] == words
    assert {row.words for row in table.context["lines"]} == {f"Chưa gửi. {words}"}


@pytest.mark.parametrize("members", [1, 3])
def test_calendar_costs_the_same_for_one_and_three(client, queries_of, members):
    costs = {}
    for number in (1, members):
        bloc_year = make_bloc_year(members=number, deputy=False)
        for code in (Milestone.COVENANT, Milestone.UNIT_REPORT)[:number]:
            make_milestone(bloc_year, code, due=DUE, locks=LOCK)
        client.force_login(make_user(Role.BLOC_HEAD, bloc_year=bloc_year))
        costs[number] = queries_of(reverse("bloc_calendar", args=[bloc_year.pk]))

    assert set(costs.values()) == {costs[1]}


# ---------------------------------------------------------------- extension


def test_extension_of_one_unit(client, bloc_year, staff):
    first, second = owed(bloc_year), owed(bloc_year, 1)

    response = sent(
        client, staff, "obligation_extend", first, due_at="", locks_at="2026-12-05T17:00", reason="Bão số 12."
    )

    assert messages_of(response) == [
        f"Đã gia hạn “Báo cáo năm” cho {first.owner_name}: nhận đến 17:00 thứ Bảy 05/12/2026. Đơn vị khác giữ nguyên hạn."
    ]
    assert [owed(bloc_year, number).locks_at for number in (0, 1)] == [at("2026-12-05 17:00"), at(LOCK)]
    assert Extension.objects.get().reason == "Bão số 12."
    assert (AuditEvent.objects.get().action, second.locks_at) == ("obligation.extend", at(LOCK))


def test_form_leaves_the_due_moment_and_its_days_of_grace_alone(client, bloc_year, staff):
    row = owed(bloc_year)
    Obligation.objects.filter(pk=row.pk).update(on_time_until=at("2026-11-23 17:00"))

    form = opened(client, staff, "obligation_extend", row.pk).context["form"]

    assert (form["due_at"].value(), form["locks_at"].value()) == (None, at(LOCK).replace(tzinfo=None))


def test_last_minute_of_a_day_is_its_last_second(client, bloc_year, staff):
    sent(client, staff, "obligation_extend", owed(bloc_year), locks_at="2026-12-05T23:59", reason="Bão.")

    assert owed(bloc_year).locks_at == at("2026-12-05 23:59:59")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            {"locks_at": "2026-11-29T17:00", "reason": "Bão."},
            "Gia hạn phải muộn hơn thời điểm khóa chung (17:00 thứ Hai 30/11/2026).",
        ),
        ({"locks_at": "2026-12-05T17:00", "reason": " "}, "Trường này là bắt buộc."),
        ({"locks_at": "mai", "reason": "Bão."}, "Viết giờ và ngày như 17:00 05/12/2026."),
        (
            {"locks_at": "2026-12-05T17:00", "due_at": "2026-12-06T17:00", "reason": "Bão."},
            "Thời điểm khóa không được trước hạn nộp mới.",
        ),
    ],
)
def test_extension_is_refused_with_the_reason(client, bloc_year, staff, data, words):
    response = sent(client, staff, "obligation_extend", owed(bloc_year), **data)

    assert response.status_code == 422
    assert words in main_text(response)
    assert (Extension.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_second_officer_is_shown_what_the_first_gave_and_chooses(client, bloc_year, staff):
    row = owed(bloc_year)
    seen = opened(client, staff, "obligation_extend", row.pk).context["form"]["seen"].value()
    sent(client, staff, "obligation_extend", row, locks_at="2026-12-05T17:00", reason="Bão.", seen=seen)
    other = make_user(Role.BOARD_STAFF, bloc_year=bloc_year)

    refused = sent(client, other, "obligation_extend", row, locks_at="2026-12-09T17:00", reason="Lũ.", seen=seen)

    assert refused.status_code == 409
    assert f"{staff} vừa gia hạn (Bão.)" in main_text(refused)
    assert owed(bloc_year).locks_at == at("2026-12-05 17:00")
    again = refused.context["form"]["seen"].value()
    sent(client, other, "obligation_extend", row, locks_at="2026-12-09T17:00", reason="Lũ.", seen=again)
    assert owed(bloc_year).locks_at == at("2026-12-09 17:00")


def test_unit_sees_its_own_longer_deadline_on_its_report(client, bloc_year, staff):
    units = members_of(bloc_year)
    reports = [make_unit_report(bloc_year, unit=unit) for unit in units[:2]]
    sent(
        client, staff, "obligation_extend", owed(bloc_year),
        due_at="2026-12-02T17:00", locks_at="2026-12-05T17:00", reason="Bão.",
    )  # fmt: skip

    found = [unit_reports.deadline(report) for report in reports]
    page = opened(client, make_user(Role.UNIT_REPORTER, unit=units[0]), "unit_report", reports[0].pk)

    assert [(row.due_at, row.locks_at) for row in found] == [
        (at("2026-12-02 17:00"), at("2026-12-05 17:00")),
        (at(DUE), at(LOCK)),
    ]
    assert "Còn 10 ngày" in main_text(page)


# ---------------------------------------------------------------- waiver and paper


def test_waiver_counts_as_on_time(client, bloc_year, staff):
    make_receipts(bloc_year, "2026-11-21 08:00")
    row = owed(bloc_year)

    response = sent(client, staff, "obligation_waive", row, reason="Trục lỗi đường truyền.")

    assert messages_of(response) == [f"Đã miễn tính chậm: “Báo cáo năm” của {row.owner_name} nay tính là đúng hạn."]
    assert (owed(bloc_year).is_on_time, Waiver.objects.count()) == (True, 1)
    table = opened(client, staff, "missing", bloc_year.pk, "unit-report")
    assert table.context["lines"][0].words == "Được miễn tính chậm"
    assert (table.context["total"].on_time, table.context["total"].late) == (1, 0)


@pytest.mark.parametrize(
    ("received", "name", "why"),
    [
        (None, "obligation_waive", "Chưa nhận nên chưa có gì để miễn."),
        ("2026-11-19 08:00", "obligation_waive", "Đang tính là đúng hạn, không cần miễn."),
        ("2026-11-19 08:00", "obligation_extend", "Đã nhận lúc 08:00 thứ Năm 19/11/2026."),
        ("2026-11-19 08:00", "obligation_receipt", "Đã nhận lúc 08:00 thứ Năm 19/11/2026."),
    ],
)
def test_button_that_cannot_be_used_says_why(client, bloc_year, staff, received, name, why):
    make_receipts(bloc_year, received)
    row = owed(bloc_year)

    page = page_of(opened(client, staff, "obligation", row.pk))
    refused = opened(client, staff, name, row.pk)

    assert why in [button.why for button in page.buttons if button.is_disabled]
    assert (refused.status_code, refused.url) == (302, reverse("obligation", args=[row.pk]))


@pytest.mark.parametrize(("moment", "judged"), [("2026-11-20T17:00", "đúng hạn"), ("2026-11-20T17:01", "tính là chậm")])
def test_head_notes_what_came_on_paper(client, bloc_year, moment, judged):
    make_milestone(bloc_year, Milestone.SELF_SCORE, due=DUE, locks=LOCK)
    rows, head = bloc_year.obligations.filter(code="self-score"), make_user(Role.BLOC_HEAD, bloc_year=bloc_year)
    row = rows.get(unit=members_of(bloc_year)[2])

    response = sent(client, head, "obligation_receipt", row, at=moment, reason="Công văn số 12.")

    assert messages_of(response)[0].endswith(f", {judged}.")
    assert Receipt.objects.get().unit == row.unit
    assert rows.get(pk=row.pk).received_at == at(moment.replace("T", " "))


def test_after_the_lock_the_head_is_told_who_notes(client, bloc_year):
    make_milestone(bloc_year, Milestone.SELF_SCORE, due=DUE, locks=LOCK)
    row = bloc_year.obligations.get(code="self-score", unit=members_of(bloc_year)[2])
    head = make_user(Role.BLOC_HEAD, bloc_year=bloc_year)

    page = page_of(opened(client, head, "obligation", row.pk, now="2026-11-30 17:00:01"))

    why = "Đã khóa nhận từ 17:00 thứ Hai 30/11/2026; Ban Thi đua - Khen thưởng ghi."
    assert why in [button.why for button in page.buttons if button.is_disabled]


@pytest.mark.parametrize("role", [Role.BLOC_HEAD, Role.BLOC_DEPUTY])
def test_who_leads_the_bloc_notes_no_annual_report(client, bloc_year, role):
    leader, row = make_user(role, bloc_year=bloc_year), owed(bloc_year, 2)

    response = sent(client, leader, "obligation_receipt", row, at="2026-11-20T17:00", reason="Công văn số 12.")

    assert (response.status_code, Receipt.objects.count()) == (404, 0)


def test_receipt_of_tomorrow_is_refused_on_the_form(client, bloc_year, staff):
    response = sent(client, staff, "obligation_receipt", owed(bloc_year), at="2026-11-23T08:00", reason="Giấy.")

    assert response.status_code == 422
    assert "Thời điểm nhận không được ở tương lai." in main_text(response)


@pytest.mark.parametrize("role", [Role.UNIT_REPORTER, Role.UNIT_LEADER, Role.COUNCIL_MEMBER])
def test_who_may_grant_nothing_sees_no_act(client, bloc_year, role):
    response = opened(client, make_user(role, bloc_year=bloc_year), "obligation", owed(bloc_year).pk)

    assert (response.status_code, response.context["acts"]) == (200, [])
