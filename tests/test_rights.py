"""Who may do what: every permission for every role against a table written by hand; lists agree with the rules."""

from datetime import date

import pytest
import rules.permissions
from django.utils import timezone

from blocs.domain import audit
from blocs.enums import Role
from blocs.models import (
    Authority,
    BlocYear,
    Comment,
    Conference,
    ConferenceTask,
    Obligation,
    RuleSet,
    UnitYear,
    Year,
)
from movements.models import Movement
from reports.enums import SummaryReportState, UnitReportState
from reports.models import ProvinceReport, Rendering, RenderingBatch, SummaryReport, UnitReport
from tests.factories import (
    make_bloc_year,
    make_milestone,
    make_movement,
    make_rendering,
    make_seat,
    make_summary_report,
    make_unit_report,
    make_unit_year,
    make_user,
    make_year,
    members_of,
)

pytestmark = pytest.mark.django_db
R = Role
PROVINCE = {R.BOARD_STAFF, R.COUNCIL_MEMBER, R.COUNCIL_SECRETARY, R.ADMINISTRATOR}
PREPARERS = {R.BOARD_STAFF, R.ADMINISTRATOR}
LEADERS = {R.BLOC_HEAD, R.BLOC_DEPUTY}
UNIT = {R.UNIT_REPORTER, R.UNIT_LEADER}

# permission: (what it is asked about, the roles that have it)
ALLOWED = {
    "blocs.view_authority": ("authority", set(Role)),
    "blocs.view_year": ("year", set(Role)),
    "blocs.view_province": ("bloc_year", PROVINCE),
    "blocs.view_bloc_year": ("bloc_year", PROVINCE | LEADERS | UNIT),
    "blocs.edit_covenant": ("bloc_year", LEADERS),
    "blocs.comment": ("bloc_year", {R.BOARD_STAFF, R.COUNCIL_MEMBER} | LEADERS | UNIT),
    "blocs.close_covenant": ("bloc_year", {R.BLOC_HEAD}),
    "blocs.sign_covenant": ("membership", {R.UNIT_LEADER}),
    "blocs.record_unit_result": ("membership", UNIT),
    "blocs.agree_amendment": ("bloc_year", {R.BOARD_STAFF}),
    "blocs.answer_comment": ("bloc_year", LEADERS),
    "blocs.view_rule_set": ("rule_set", {R.BOARD_STAFF, R.ADMINISTRATOR}),
    "blocs.publish_rules": ("rule_set", {R.BOARD_STAFF}),
    "movements.view_movement": ("movement", PROVINCE | LEADERS | UNIT | {R.MOVEMENT_OWNER}),
    "movements.edit_results": ("movement", {R.BOARD_STAFF, R.MOVEMENT_OWNER}),
    "movements.edit_movement": ("movement", {R.BOARD_STAFF, R.MOVEMENT_OWNER}),
    "awards.propose": ("bloc_year", LEADERS),
    "awards.register": ("membership", {R.UNIT_LEADER}),
    "reports.view_unit_report": ("sent_report", PROVINCE | LEADERS | UNIT),
    "reports.write_unit_report": ("sent_report", UNIT),
    "reports.send_unit_report": ("sent_report", {R.UNIT_LEADER}),
    "reports.review_unit_report": ("sent_report", {R.BOARD_STAFF}),
    "reports.view_summary_report": ("summary_report", PROVINCE | LEADERS | UNIT),
    "reports.write_summary_report": ("summary_report", LEADERS),
    "reports.send_summary_report": ("summary_report", {R.BLOC_HEAD}),
    "reports.review_summary_report": ("summary_report", {R.BOARD_STAFF}),
    "reports.edit_report_form": ("year", {R.BOARD_STAFF}),
    "reports.render_all": ("year", {R.BOARD_STAFF}),
    "reports.send_messages": ("year", {R.BOARD_STAFF}),
    "blocs.view_audit": ("event", {R.BOARD_STAFF, R.ADMINISTRATOR}),
    "blocs.open_year": ("year", {R.BOARD_STAFF}),
    "blocs.view_organisation": ("bloc_year", {R.BOARD_STAFF, R.ADMINISTRATOR}),
    "blocs.edit_organisation": ("bloc_year", {R.BOARD_STAFF}),
    "blocs.extend_obligation": ("bloc_year", {R.BOARD_STAFF}),
    "blocs.waive_lateness": ("bloc_year", {R.BOARD_STAFF, R.BLOC_HEAD}),
    "blocs.note_receipt": ("bloc_year", {R.BOARD_STAFF} | LEADERS),
    "blocs.read_phones": ("bloc_year", {R.BOARD_STAFF}),
    "blocs.manage_people": ("year", {R.BOARD_STAFF, R.ADMINISTRATOR}),
    "blocs.keep_seat": ("seat", {R.BOARD_STAFF, R.ADMINISTRATOR, R.UNIT_LEADER}),
    "blocs.pass_on_seat": ("seat", {R.BOARD_STAFF, R.ADMINISTRATOR, R.UNIT_LEADER}),
    "blocs.view_person": ("person", {R.BOARD_STAFF, R.ADMINISTRATOR, R.UNIT_LEADER}),
    "blocs.keep_person": ("person", {R.BOARD_STAFF, R.ADMINISTRATOR, R.UNIT_LEADER}),
    "blocs.stop_second_factor": ("person", {R.ADMINISTRATOR}),
    "reports.view_rendering": ("paper", PROVINCE | LEADERS | UNIT),
    "blocs.write_handover": ("bloc_year", LEADERS),
    "awards.notify": ("bloc_year", {R.BOARD_STAFF}),
    "awards.note_presentation": ("bloc_year", {R.BOARD_STAFF} | LEADERS),
    "blocs.run_conference": ("conference", LEADERS),
    "blocs.finish_task": ("task", LEADERS | UNIT | {R.MOVEMENT_OWNER}),
    "blocs.view_conference": ("conference", PROVINCE | LEADERS | UNIT),
    "reports.issue_paper": ("paper", {R.BOARD_STAFF} | LEADERS),
    "reports.view_province_report": ("province_report", {R.BOARD_STAFF}),
    "reports.write_province_report": ("year", {R.BOARD_STAFF}),
}


class World:
    """A bloc with its rows; the user's unit is its first member and runs its movement."""

    def __init__(self):
        self.bloc_year = make_bloc_year()
        self.year = self.bloc_year.year
        self.authority = self.year.authority
        self.unit = members_of(self.bloc_year)[0]
        self.membership = self.bloc_year.memberships.get(unit=self.unit)
        self.movement = make_movement(owner=self.unit)
        self.sent_report = make_unit_report(self.bloc_year, unit=self.unit, state=UnitReportState.SUBMITTED)
        self.summary_report = make_summary_report(self.bloc_year)
        code = self.authority.code
        self.rule_set = RuleSet.objects.create(code=f"quy-tac-{code}", authority_code=code, content={})
        self.paper = make_rendering("summary-report", self.bloc_year)
        self.conference = Conference.objects.create(year=self.year, bloc_year=self.bloc_year, kind="year_end")
        self.task = ConferenceTask.objects.create(
            conference=self.conference, unit=self.unit, text="Việc", due_on=date(2026, 12, 1)
        )
        self.person = make_user(R.UNIT_REPORTER, unit=self.unit)
        self.seat = self.person.seats.get()
        self.province_report = ProvinceReport.objects.create(year=self.year)
        self.event = audit.record("year.open", by=None, target=self.year)

    def user(self, role, **columns):
        user = make_user()
        make_seat(user, role, bloc_year=self.bloc_year, unit=self.unit, **columns)
        return user


def test_table_names_every_permission():
    assert set(rules.permissions.permissions) == set(ALLOWED)


@pytest.mark.parametrize("perm", ALLOWED)
@pytest.mark.parametrize("role", Role)
def test_role_has_what_the_table_says(role, perm):
    world = World()
    thing, allowed = ALLOWED[perm]
    assert world.user(role).has_perm(perm, getattr(world, thing)) is (role in allowed)


@pytest.mark.parametrize("perm", ALLOWED)
@pytest.mark.parametrize("role", Role)
def test_role_elsewhere_has_nothing(role, perm):
    here, there = World(), World()
    assert here.user(role).has_perm(perm, getattr(there, ALLOWED[perm][0])) is False


@pytest.mark.parametrize("perm", ALLOWED)
@pytest.mark.parametrize("role", Role)
def test_seat_out_of_time_gives_nothing(role, perm):
    world = World()
    today = timezone.localdate()
    past, future = today.replace(year=today.year - 1, day=1), today.replace(year=today.year + 1, day=1)
    former, coming = world.user(role, valid_to=past), world.user(role, valid_from=future)
    thing = getattr(world, ALLOWED[perm][0])
    assert (former.has_perm(perm, thing), coming.has_perm(perm, thing)) == (False, False)


@pytest.mark.parametrize("perm", ALLOWED)
def test_user_without_a_seat_has_nothing(perm):
    world = World()
    assert make_user().has_perm(perm, getattr(world, ALLOWED[perm][0])) is False


def test_seat_counts_on_its_first_and_last_day():
    world, today = World(), timezone.localdate()
    user = world.user(Role.UNIT_LEADER, valid_from=today, valid_to=today)
    assert user.has_perm("reports.write_unit_report", world.sent_report) is True


@pytest.mark.parametrize("role", [*PROVINCE, *LEADERS])
@pytest.mark.parametrize("state", UnitReportState)
def test_unsent_report_is_seen_by_its_unit_only(role, state):
    world = World()
    report = make_unit_report(world.bloc_year, unit=members_of(world.bloc_year)[1], state=state)
    assert world.user(role).has_perm("reports.view_unit_report", report) is (state in ("submitted", "accepted"))


@pytest.mark.parametrize("role", [R.UNIT_REPORTER, R.UNIT_LEADER, R.MOVEMENT_OWNER, R.ASSESSOR])
def test_report_of_another_member_is_not_seen(role):
    world = World()
    report = make_unit_report(world.bloc_year, unit=members_of(world.bloc_year)[1], state="accepted")
    assert world.user(role).has_perm("reports.view_unit_report", report) is False


# ---------------------------------------------------------------- lists show what the rule allows


def make_meeting_and_papers(bloc_year):
    meeting = Conference.objects.create(year=bloc_year.year, bloc_year=bloc_year, kind="year_end")
    make_rendering("conference-minutes", meeting)
    for report in bloc_year.unit_reports.all():
        make_rendering("unit-report", report, is_draft=report.state == "draft")
        make_rendering("unit-report", report, state="done", file="x", sha256="x")


def make_papers_of_year(year):
    make_rendering("division-decision", year)
    make_rendering("province-report", year)
    make_rendering("province-report", year, is_draft=True, state="done", file="x", sha256="x")
    Conference.objects.create(year=year, kind="briefing")
    is_finished = year.year != 2026
    ended = {"finished_at": timezone.now(), "finished_by": make_user()} if is_finished else {}
    ProvinceReport.objects.create(year=year, **ended)


def two_provinces():
    """Rows of every kind and state in two blocs of one year, in an older year of the same unit, in a year in
    preparation, and elsewhere."""
    mine = make_bloc_year()
    year = mine.year
    neighbour = make_bloc_year(year)
    old_year = make_year(year.authority, year=2025)
    old_unit = make_unit_year(old_year, code=members_of(mine)[0].unit.code)
    old = make_bloc_year(old_year, members=[old_unit, make_unit_year(old_year)])
    foreign = make_bloc_year()
    coming_year = make_year(year.authority, year=2027, is_open=False)
    coming = make_bloc_year(
        coming_year, members=[make_unit_year(coming_year, code=row.unit.code) for row in members_of(mine)]
    )
    bloc_years = [mine, neighbour, old, foreign, coming]
    for bloc_year in bloc_years:
        first, second, *rest = members_of(bloc_year)
        make_unit_report(bloc_year, unit=first)
        make_unit_report(bloc_year, unit=second, state="returned")
        for unit in rest:
            make_unit_report(bloc_year, unit=unit, state="accepted")
        make_summary_report(bloc_year, state=SummaryReportState.DRAFT)
        make_movement(bloc_year.year, owner=first)
        make_movement(bloc_year.year)
        make_rendering("summary-report", bloc_year)
        RenderingBatch.objects.create(year=bloc_year.year)
        make_milestone(bloc_year)
        make_meeting_and_papers(bloc_year)
    for one in {row.year for row in bloc_years}:
        make_papers_of_year(one)
    make_rule_sets_and_comments(bloc_years, [year.authority.code, foreign.year.authority.code, "", "chua-co"])
    return mine


def make_rule_sets_and_comments(bloc_years, authorities):
    for code in authorities:
        RuleSet.objects.create(code=f"a{code}", authority_code=code, content={}, published_at=timezone.now())
        RuleSet.objects.create(code=f"b{code}", authority_code=code, content={})
    for bloc_year in bloc_years:
        Comment.objects.create(bloc_year=bloc_year, on="covenant", text="x", by=make_user())


LISTS = {
    Authority: "blocs.view_authority",
    Year: "blocs.view_year",
    UnitYear: "blocs.view_year",
    RuleSet: "blocs.view_rule_set",
    Obligation: "blocs.view_bloc_year",
    BlocYear: "blocs.view_bloc_year",
    UnitReport: "reports.view_unit_report",
    SummaryReport: "reports.view_summary_report",
    Movement: "movements.view_movement",
    Rendering: "reports.view_rendering",
    Conference: "blocs.view_conference",
    Comment: "blocs.view_bloc_year",
    ProvinceReport: "reports.view_province_report",
}


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("role", [*Role, None])
def test_visible_to_agrees_with_the_rule(role, model):
    mine = two_provinces()
    user = make_user(role, bloc_year=mine) if role else make_user()
    rows = list(model.objects.all())
    assert rows
    by_rule = {row for row in rows if user.has_perm(LISTS[model], row)}
    by_list = list(model.objects.visible_to(user))
    assert set(by_list) == by_rule
    assert len(by_list) == len(by_rule)


@pytest.mark.parametrize("role", Role)
def test_batches_are_seen_by_the_authority_only(role):
    mine = two_provinces()
    seen = RenderingBatch.objects.visible_to(make_user(role, bloc_year=mine))
    expected = {2025, 2026} if role in PROVINCE else set()
    expected |= {2027} if role in PREPARERS else set()  # not open yet
    assert {batch.year.year for batch in seen if batch.year.authority_id == mine.year.authority_id} == expected
    assert all(batch.year.authority_id == mine.year.authority_id for batch in seen)


@pytest.mark.parametrize("role", [*Role, None])
def test_years_of_a_user_are_those_where_he_sits(role):
    mine = two_provinces()
    user = make_user(role, bloc_year=mine) if role else make_user()
    seen = {(year.authority_id, year.year) for year in Year.objects.visible_to(user)}
    here = mine.year.authority_id
    both, one = {(here, 2025), (here, 2026)}, {(here, 2026)}
    coming = {(here, 2027)} if role in PREPARERS else set()
    assert seen == (set() if role is None else one if role in LEADERS else both | coming)


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model.__name__)
def test_row_rights_join_no_table_that_has_many_rows_for_one(model):
    query = str(model.objects.visible_to(make_user(Role.BOARD_STAFF, bloc_year=make_bloc_year())).query)
    assert "DISTINCT" not in query, "units times blocs of a year were 150,000 rows on every page"
