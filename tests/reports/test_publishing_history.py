"""A set that is published when years are over: which blocs move, told before, told in the trail."""

import json

import pytest
import time_machine
from django.urls import reverse

from awards.domain.quotas import limits
from blocs.domain import audit_reading, bloc_edits, completeness, obligations, pins, rulesets
from blocs.enums import Role
from blocs.models import AuditEvent, BlocYear, Receipt
from tests.blocs.organisation_rows import fields_of
from tests.blocs.rule_rows import make_rule_set, small_rules
from tests.factories import at, make_authority, make_bloc_year, make_user, make_year, members_of
from tests.reports.test_commands import run
from tests.screens import main_text, recently_confirmed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(at("2026-11-25 08:00"), tick=False):
        yield


def calendar(month, day, number):
    return {
        "milestones": [{"code": "unit-report", "due": {"month": month, "day": day}}],
        "quotas": [{"award": "CTDT", "max": number}],
    }


@pytest.fixture
def authority():
    return make_authority(code="ubnd")


@pytest.fixture
def staff(authority):
    return make_user(Role.BOARD_STAFF, authority=authority)


@pytest.fixture
def blocs(authority):
    """Two blocs of a year that is over, one of them closed; a set that came in the year after is held for both."""
    with time_machine.travel(at("2026-03-01 08:00"), tick=False):
        make_rule_set(id="tinh", authority="ubnd", **calendar("11", "20", "3"))
        year = make_year(authority, year=2025)
        rows = [make_bloc_year(year, type="so", name=name, is_closed=name == "Khối B") for name in ("Khối A", "Khối B")]
        pins.hold(year.bloc_years.all())
        for row in rows:
            for unit in members_of(row):
                Receipt.objects.create(bloc_year=row, unit=unit, kind="unit-report", at=at("2025-11-15 08:00"))
        obligations.renew(year.bloc_years.all())
    return rows


@pytest.fixture
def draft(blocs):
    return make_rule_set(publish=False, id="so", authority="ubnd", scope={"type": "so"}, **calendar("10", "31", "1"))


def counted(bloc):
    """-> (the set, how many are on time, the quota)"""
    row = BlocYear.objects.get(pk=bloc.pk)
    (line,) = completeness.count(BlocYear.objects.filter(pk=bloc.pk))
    return str(rulesets.of(row)), line.on_time, limits(row)["CTDT"].max


OLD, NEW = ("tinh@1", 3, 3), ("so@1", 0, 1)


def test_closed_bloc_keeps_its_set_and_what_it_counted(blocs, draft, staff):
    rulesets.publish(draft.pk, by=staff)

    assert [counted(bloc) for bloc in blocs] == [NEW, OLD]
    obligations.renew(BlocYear.objects.all())
    assert [counted(bloc) for bloc in blocs] == [NEW, OLD]


def test_page_names_the_blocs_that_move_and_no_others(blocs, draft, staff, client):
    make_bloc_year(blocs[0].year, name="Khối C")  # of another type
    running = make_bloc_year(make_year(blocs[0].year.authority), type="so", name="Khối A")
    client.force_login(staff)

    response = client.get(reverse("rule_set_publish", args=[draft.pk]))

    page = main_text(response)
    assert "Lịch và chỉ tiêu của 2 khối kể dưới đây đổi theo ngay; mọi khối khác, kể cả khối đã gửi báo cáo" in page
    assert ("Khối A, năm 2025 (đang giữ tinh@1)" in page, f"{running}" in page) == (True, True)
    assert ("Khối B" in page, "Khối C" in page) == (False, False)
    told = {row.pk for row in (*response.context["fitting"], *response.context["moved"])}
    before = {row.pk: rulesets.of(row) for row in BlocYear.objects.all()}
    recently_confirmed(client).post(response.request["PATH_INFO"], {"seen": response.context["seen"]})
    assert told == {row.pk for row in BlocYear.objects.all() if rulesets.of(row) != before[row.pk]}


def test_page_says_that_no_bloc_moves(blocs, draft, staff, client):
    BlocYear.objects.update(is_closed=True)
    client.force_login(staff)

    page = main_text(client.get(reverse("rule_set_publish", args=[draft.pk])))

    assert "Chưa khối nào đổi theo: mọi khối giữ bộ quy tắc đang theo." in page


def test_draft_tells_how_many_will_move(blocs, draft, staff, client):
    client.force_login(staff)
    url = reverse("rule_set_detail", args=[draft.pk])
    words = "Khi công bố sẽ dùng cho 1 khối của năm đã qua, thay bộ đang giữ."

    assert words in main_text(client.get(url))
    rulesets.publish(draft.pk, by=staff)
    assert words not in main_text(client.get(url))


def test_trail_names_the_blocs_that_moved_with_what_they_held(blocs, draft, staff):
    rulesets.publish(draft.pk, by=staff)

    event = AuditEvent.objects.get(action="rules.publish", target=f"blocs.ruleset:{draft.pk}")
    assert event.after == {"moved": ["Khối A, năm 2025 (trước giữ tinh@1)"]}
    assert audit_reading.lines_of(event) == [
        "khối thôi giữ bộ quy tắc cũ, theo bộ này: Khối A, năm 2025 (trước giữ tinh@1)"
    ]


def test_set_for_any_authority_is_in_the_trail_of_each_that_it_moves(blocs):
    other = make_bloc_year(make_year(make_authority(code="khac"), year=2025), name="Khối X", type="so")
    make_rule_set(id="khac", authority="khac")
    make_rule_set(id="chung", scope={"type": "so"})

    events = AuditEvent.objects.filter(action="rules.publish", target_label="chung@1").order_by("pk")
    assert [(event.authority_id, event.after) for event in events] == [
        (None, None),
        (blocs[0].year.authority_id, {"moved": [f"{row} (trước giữ tinh@1)" for row in blocs]}),
        (other.year.authority_id, {"moved": ["Khối X, năm 2025 (trước giữ khac@1)"]}),
    ]


@pytest.mark.parametrize("form", ["table", "json"])
def test_command_moves_closed_blocs_too_and_names_them(blocs, tmp_path, form):
    path = tmp_path / "so.yaml"
    path.write_text(
        rulesets.spell(small_rules(id="so", authority="ubnd", scope={"type": "so"}, **calendar("10", "31", "1")))
    )

    code, out, err = run("import_rules", str(path), "--publish", *(["--format", "json"] if form == "json" else []))

    lines = [f"khối thôi giữ bộ quy tắc cũ, theo bộ này: {row} (trước giữ tinh@1)" for row in blocs]
    assert (code, err) == (0, "".join(f"Lưu ý: {line}\n" for line in lines))
    assert [counted(bloc) for bloc in blocs] == [NEW, NEW]
    if form == "json":
        assert json.loads(out)["warnings"] == lines


def test_what_the_board_chose_does_not_move(blocs, draft, staff):
    row = BlocYear.objects.get(pk=blocs[0].pk)
    bloc_edits.save_bloc(
        row.year_id, fields_of(row, rule_set=row.rule_set), by=staff, bloc_year_id=row.pk, reason="Giữ bộ cũ"
    )
    BlocYear.objects.filter(pk=row.pk).update(rule_version_spelled=True)

    assert pins.giving_way(draft) == []
    rulesets.publish(draft.pk, by=staff)
    assert counted(blocs[0]) == OLD


def test_bloc_stays_where_it_is_if_another_set_goes_before_the_new_one(blocs, draft, staff):
    """A closed bloc did not follow the narrowest: what comes later and is wider does not make it follow that one."""
    rulesets.publish(draft.pk, by=staff)
    wider = make_rule_set(publish=False, id="tinh-moi", authority="ubnd", valid_from="2025-02-01")

    assert pins.giving_way(wider, closed=True) == []
    rulesets.publish(wider.pk, by=None)
    assert [counted(bloc) for bloc in blocs] == [NEW, OLD]


def test_looking_ahead_costs_the_same_for_one_and_three(authority, django_assert_num_queries):
    make_rule_set(id="tinh", authority="ubnd")
    draft = make_rule_set(publish=False, id="so", authority="ubnd", scope={"type": "so"})
    year = make_year(authority, year=2025)
    for number in (1, 3):
        for _ in range(number - BlocYear.objects.count()):
            make_bloc_year(year, type="so")
        pins.hold(BlocYear.objects.all())
        with django_assert_num_queries(2):
            assert len(pins.giving_way(draft)) == number
