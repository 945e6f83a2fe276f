"""The database refuses first: each constraint by a row that breaks it and nothing else."""

from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from awards.models import (
    AwardGiven,
    AwardKind,
    AwardName,
    Ballot,
    Decision,
    DecisionItem,
    Hold,
    LawVersion,
    Proposal,
    ProposedCount,
    Quota,
    Recognition,
    Tally,
    Withdrawal,
)
from blocs.models import (
    Attendance,
    Authority,
    Bloc,
    BlocType,
    BlocYear,
    Conference,
    Covenant,
    DivisionDecision,
    Extension,
    Holiday,
    Invitation,
    LegalDocument,
    Membership,
    MilestoneDate,
    NextLeader,
    Obligation,
    Receipt,
    Registration,
    RetentionClass,
    RuleSet,
    RuleSource,
    Seat,
    Signature,
    Succession,
    Target,
    TargetResult,
    Unit,
    UnitRename,
    UnitYear,
    User,
    Waiver,
    Year,
)
from movements.models import Coordinator, Indicator, IndicatorResult, Movement
from reports.models import (
    Message,
    Reminder,
    Rendering,
    SummaryPart,
    SummaryReport,
    UnitReport,
    UnitReportFigure,
    UnitReportPart,
    Upload,
)
from tests.bad_rows import LATER, More, twice, with_
from tests.factories import at, make_bloc_year, make_movement, make_unit_year, make_user, members_of

pytestmark = pytest.mark.django_db
EARLY, LATE = date(2026, 1, 1), date(2026, 2, 1)
NOW = at("2026-11-20 08:00")


class World(More):
    """The rows that a bad row refers to; a second bloc year for what must not clash."""

    def __init__(self):
        self.bloc_year = make_bloc_year()
        self.year, self.bloc = self.bloc_year.year, self.bloc_year.bloc
        self.authority = self.year.authority
        self.head, self.deputy, self.member = members_of(self.bloc_year)
        self.stranger = make_unit_year(self.year)
        self.user = make_user()
        self.award = AwardKind.objects.get(code="CTDT")
        self.covenant = Covenant.objects.create(bloc_year=self.bloc_year)
        self.target = Target.objects.create(covenant=self.covenant, code="T")
        self.movement = make_movement(self.year)
        self.indicator = self.movement.indicators.get()
        self.conference = Conference.objects.create(year=self.year, kind="briefing")
        self.ballot = Ballot.objects.create(bloc_year=self.bloc_year, code="phieu", purpose="head")
        self.decision = Decision.objects.create(bloc_year=self.bloc_year, number="1/QĐ")
        self.report = UnitReport.objects.create(bloc_year=self.bloc_year, unit=self.head)
        self.summary = SummaryReport.objects.create(bloc_year=self.bloc_year)
        self.law = LawVersion.objects.get(code="R2024")
        self.in_bloc = {"bloc_year": self.bloc_year}
        self.of_head = {"bloc_year": self.bloc_year, "unit": self.head}
        self.awarded = self.of_head | {"award": self.award}
        self.rule_set = RuleSet.objects.create(code="quy-tac", content={})
        self.document = LegalDocument.objects.create(name="QĐ 1")
        self.obligation = Obligation.objects.create(**self.of_head, code="x", owed_by="unit")
        self.granted = {"obligation": self.obligation, "given_by": self.user, "reason": "Bão"}
        self.letter = {"year": self.year, "recipient": self.user, "on": EARLY, "subject": "x", "body": "x"}
        self.file = {"authority": self.authority, "name": "x", "content": b"x", "sha256": "x", "by": self.user}


BAD = {
    "authority_header_is_known": lambda w: Authority(code="x", name="x", header="army"),
    "one_unit_per_code": lambda w: Unit(authority=w.authority, code=w.head.unit.code),
    "unit_ends_after_it_begins": lambda w: Unit(authority=w.authority, code="x", valid_from=LATE, valid_to=EARLY),
    "one_succession_per_pair": lambda w: twice(Succession, predecessor=w.head.unit, successor=w.member.unit),
    "no_unit_succeeds_itself": lambda w: Succession(predecessor=w.head.unit, successor=w.head.unit),
    "succession_kind_is_known": lambda w: Succession(predecessor=w.head.unit, successor=w.member.unit, kind="x"),
    "only_dissolution_has_no_successor": lambda w: Succession(predecessor=w.head.unit, kind="merge"),
    "one_dissolution_per_unit": lambda w: twice(Succession, predecessor=w.head.unit, kind="dissolve"),
    "one_bloc_per_code": lambda w: Bloc(authority=w.authority, code=w.bloc.code),
    "one_year_per_label": lambda w: Year(authority=w.authority, label="2026", year=2026, starts_on=EARLY, ends_on=LATE),
    "year_ends_after_it_starts": lambda w: Year(authority=w.authority, label="x", year=2026, starts_on=EARLY, ends_on=EARLY),
    "year_is_plausible": lambda w: Year(authority=w.authority, label="x", year=1944, starts_on=EARLY, ends_on=LATE),
    "one_unit_row_per_year": lambda w: UnitYear(year=w.year, unit=w.head.unit, name="x"),
    "one_bloc_row_per_year": lambda w: BlocYear(year=w.year, bloc=w.bloc, name="x", kind="khoi"),
    "bloc_kind_is_known": lambda w: BlocYear(year=w.year, bloc=Bloc.objects.create(authority=w.authority, code="x"), name="x", kind="x"),
    "no_bloc_holds_itself": lambda w: with_(w.bloc_year, parent=w.bloc_year),
    "one_membership_per_unit": lambda w: Membership(**w.of_head),
    "one_head_per_bloc_year": lambda w: Membership(bloc_year=w.bloc_year, unit=w.stranger, role="head"),
    "one_deputy_per_rank": lambda w: Membership(bloc_year=w.bloc_year, unit=w.stranger, role="deputy", deputy_rank=1),
    "member_role_is_known": lambda w: Membership(bloc_year=w.bloc_year, unit=w.stranger, role="boss"),
    "deputies_are_ranked_one_or_two": lambda w: Membership(bloc_year=w.bloc_year, unit=w.stranger, role="deputy", deputy_rank=3),
    "deputies_are_ranked_one_or_two/none": lambda w: Membership(bloc_year=w.bloc_year, unit=w.stranger, role="deputy"),
    "deputies_are_ranked_one_or_two/member": lambda w: Membership(bloc_year=w.bloc_year, unit=w.stranger, deputy_rank=2),
    "one_next_office_per_unit": lambda w: _second(NextLeader(**w.of_head, role="head"), NextLeader(**w.of_head, role="deputy")),
    "one_next_head": lambda w: _second(NextLeader(**w.of_head, role="head"), NextLeader(bloc_year=w.bloc_year, unit=w.member, role="head")),
    "next_leader_role_is_known": lambda w: NextLeader(**w.of_head, role="member"),
    "one_date_per_milestone": lambda w: twice(MilestoneDate, bloc_year=w.bloc_year, code="x"),
    "milestone_locks_after_due": lambda w: MilestoneDate(bloc_year=w.bloc_year, code="x", due_at=NOW, locks_at=at("2026-11-20 07:59:59")),
    "one_receipt_per_unit_and_kind": lambda w: twice(Receipt, **w.of_head, kind="unit-report", at=NOW),
    "conference_kind_is_known": lambda w: Conference(year=w.year, kind="party"),
    "one_attendance_per_unit": lambda w: twice(Attendance, conference=w.conference, unit=w.head),
    "one_registration_per_unit": lambda w: twice(Registration, **w.of_head),
    "Covenant.bloc_year": lambda w: Covenant(bloc_year=w.bloc_year),
    "one_target_per_unit_and_code": lambda w: twice(Target, covenant=w.covenant, of=w.head, code="T"),
    "one_bloc_target_per_code": lambda w: Target(covenant=w.covenant, code="T"),
    "target_operator_is_known": lambda w: Target(covenant=w.covenant, code="x", op="<>"),
    "one_result_per_target_and_unit": lambda w: twice(TargetResult, target=w.target, of=w.head),
    "target_result_keeps_sent_beside_a_draft": lambda w: TargetResult(target=w.target, of=w.head, was_sent=True),
    "target_result_keeps_sent_beside_a_draft/rest": lambda w: TargetResult(target=w.target, of=w.head, sent_note="x"),
    "one_bloc_result_per_target": lambda w: twice(TargetResult, target=w.target),
    "one_signature_per_unit": lambda w: twice(Signature, covenant=w.covenant, unit=w.head),
    "User.username": lambda w: User(username=w.user.username),
    "seat_scope_fits_role": lambda w: Seat(user=w.user, role="bloc_head", authority=w.authority),
    "seat_scope_fits_role/nowhere": lambda w: Seat(user=w.user, role="board_staff"),
    "seat_scope_fits_role/unit": lambda w: Seat(user=w.user, role="unit_leader", bloc_year=w.bloc_year),
    "seat_scope_fits_role/two": lambda w: Seat(user=w.user, role="unit_leader", unit=w.head.unit, authority=w.authority),
    "seat_scope_fits_role/unknown": lambda w: Seat(user=w.user, role="king", authority=w.authority),
    "one_seat_per_user_and_scope": lambda w: twice(Seat, user=w.user, role="board_staff", authority=w.authority),
    "seat_ends_after_it_begins": lambda w: Seat(user=w.user, role="board_staff", authority=w.authority, valid_from=LATE, valid_to=EARLY),
    "one_movement_per_code": lambda w: Movement(year=w.year, code=w.movement.code, name="x"),
    "movement_launcher_is_known": lambda w: Movement(year=w.year, code="x", name="x", launched_by="king"),
    "movement_ends_after_launch": lambda w: Movement(year=w.year, code="x", name="x", launched_on=LATE, ends_on=EARLY),
    "one_coordination_per_unit": lambda w: twice(Coordinator, movement=w.movement, unit=w.head),
    "one_indicator_per_code": lambda w: Indicator(movement=w.movement, code="I1"),
    "one_result_per_unit_and_period": lambda w: twice(IndicatorResult, indicator=w.indicator, unit=w.head, period="2026"),
    "one_common_result_per_period": lambda w: twice(IndicatorResult, indicator=w.indicator, period="2026"),
    "law_ends_after_it_begins": lambda w: LawVersion(code="x", law="x", valid_from=LATE, valid_to=EARLY),
    "LawVersion.code": lambda w: LawVersion(code=w.law.code, law="x", valid_from=EARLY),
    "AwardKind.code": lambda w: AwardKind(code="CTDT", name="x"),
    "one_award_name_per_law": lambda w: twice(AwardName, kind=w.award, law_version=w.law, name="x"),
    "one_ballot_per_code": lambda w: Ballot(**w.in_bloc, code="phieu", purpose="head"),
    "ballot_purpose_is_known": lambda w: Ballot(**w.in_bloc, code="x", purpose="x"),
    "ballot_method_is_known": lambda w: Ballot(**w.in_bloc, code="x", purpose="head", method="x"),
    "ballot_present_within_voters": lambda w: Ballot(**w.in_bloc, code="x", purpose="head", voters=3, present=4),
    "ballot_threshold_is_a_share": lambda w: Ballot(**w.in_bloc, code="x", purpose="head", threshold_percent=101),
    "ballot_threshold_is_a_share/negative": lambda w: Ballot(**w.in_bloc, code="x", purpose="head", threshold_percent=-1),
    "one_tally_per_candidate": lambda w: twice(Tally, ballot=w.ballot, unit=w.head),
    "one_quota_per_award": lambda w: twice(Quota, **w.in_bloc, award=w.award, max=1),
    "quota_is_not_negative": lambda w: Quota(**w.in_bloc, award=w.award, max=-1),
    "quota_percent_is_a_share": lambda w: Quota(**w.in_bloc, award=w.award, max_percent=101),
    "quota_is_a_number_or_a_percentage": lambda w: Quota(**w.in_bloc, award=w.award, max=1, max_percent=50),
    "one_proposal_per_unit_and_award": lambda w: twice(Proposal, **w.awarded),
    "one_proposed_count_per_award": lambda w: twice(ProposedCount, **w.in_bloc, award=w.award, count=1),
    "one_withdrawal_per_unit_and_award": lambda w: twice(Withdrawal, **w.awarded),
    "one_award_given_per_unit_and_award": lambda w: twice(AwardGiven, **w.awarded),
    "one_decision_per_number": lambda w: Decision(**w.in_bloc, number="1/QĐ"),
    "one_decision_item_per_unit_and_award": lambda w: twice(DecisionItem, decision=w.decision, unit=w.head, award=w.award),
    "direct_workers_within_count": lambda w: Recognition(**w.awarded, count=3, direct_workers=4),
    "recognition_recipients_are_known": lambda w: Recognition(**w.awarded, recipients="all"),
    "hold_ends_after_it_begins": lambda w: Hold(**w.of_head, code="x", begins_on=LATE, ends_on=EARLY),
    "one_report_per_unit_bloc_year_and_kind": lambda w: UnitReport(**w.of_head),
    "unit_report_kind_is_known": lambda w: UnitReport(bloc_year=w.bloc_year, unit=w.member, kind="weekly"),
    "unit_report_state_is_known": lambda w: UnitReport(bloc_year=w.bloc_year, unit=w.member, state="lost", submitted_at=NOW, submitted_by=w.user),
    "unit_report_sent_at_and_by_together": lambda w: UnitReport(bloc_year=w.bloc_year, unit=w.member, submitted_at=NOW),
    "unit_report_sent_at_and_by_together/by": lambda w: UnitReport(bloc_year=w.bloc_year, unit=w.member, submitted_by=w.user),
    "kept_of_a_sent_unit_report": lambda w: UnitReport(bloc_year=w.bloc_year, unit=w.member, kept={}),
    "unit_report_sent_has_moment": lambda w: UnitReport(bloc_year=w.bloc_year, unit=w.member, state="submitted"),
    "one_unit_part_per_code": lambda w: twice(UnitReportPart, report=w.report, code="tasks"),
    "one_figure_per_code": lambda w: twice(UnitReportFigure, report=w.report, code="staff"),
    "summary_report_state_is_known": lambda w: with_(w.summary, state="lost", adopted_on=EARLY, submitted_at=NOW),
    "summary_report_adopted_has_date": lambda w: with_(w.summary, state="adopted"),
    "summary_report_sent_has_moment": lambda w: with_(w.summary, state="submitted", adopted_on=EARLY),
    "SummaryReport.bloc_year": lambda w: SummaryReport(bloc_year=w.bloc_year),
    "one_summary_part_per_code": lambda w: twice(SummaryPart, report=w.summary, code="leading"),
    "summary_part_is_known": lambda w: SummaryPart(report=w.summary, code="poem"),
    "rendering_state_is_known": lambda w: _rendering(w, state="lost"),
    "one_waiting_rendering_per_thing": lambda w: _second(_rendering(w, state="queued"), _rendering(w, state="queued")),
    "rendering_says_of_what": lambda w: Rendering(kind="summary-report", bloc_year=w.bloc_year, queued_at=NOW),
    "rendering_done_has_file": lambda w: _rendering(w, state="done", sha256="x"),
    "rendering_done_has_file/sum": lambda w: _rendering(w, state="done", file="x"),
    "rendering_is_of_a_bloc_or_a_year": lambda w: Rendering(kind="summary-report", place="khoi-1", queued_at=NOW),
    "rendering_is_of_a_bloc_or_a_year/both": lambda w: _rendering(w, year=w.year),
    "one_rule_set_per_version": lambda w: RuleSet(code="quy-tac", content={}),
    "rule_set_scope_is_whole": lambda w: RuleSet(code="x", scope="type", content={}),
    "rule_set_scope_is_whole/province": lambda w: RuleSet(code="x", scope_code="hoi", content={}),
    "rule_set_scope_is_whole/unknown": lambda w: RuleSet(code="x", scope="ward", scope_code="hoi", content={}),
    "rule_set_ends_after_it_begins": lambda w: RuleSet(code="x", valid_from=LATE, valid_to=EARLY, content={}),
    "rule_set_publisher_needs_moment": lambda w: RuleSet(code="x", published_by=w.user, content={}),
    "one_source_per_document": lambda w: twice(RuleSource, rule_set=w.rule_set, document=w.document),
    "LegalDocument.name": lambda w: LegalDocument(name="QĐ 1"),
    "document_ends_after_it_begins": lambda w: LegalDocument(name="x", valid_from=LATE, valid_to=EARLY),
    "Holiday.on": lambda w: twice(Holiday, on=EARLY, name="Tết"),
    "obligation_owner_is_known": lambda w: Obligation(**w.of_head, code="y", owed_by="king"),
    "one_obligation_per_unit_and_milestone": lambda w: Obligation(**w.of_head, code="x", owed_by="unit"),
    "one_obligation_without_unit": lambda w: twice(Obligation, **w.in_bloc, code="y", owed_by="board"),
    "obligation_needs_a_unit": lambda w: Obligation(**w.in_bloc, code="y", owed_by="unit"),
    "obligation_locks_after_due": lambda w: with_(w.obligation, due_at=NOW, locks_at=at("2026-11-20 07:59:59")),
    "obligation_on_time_once_received": lambda w: with_(w.obligation, received_at=NOW),
    "obligation_on_time_once_received/not": lambda w: with_(w.obligation, is_on_time=False),
    "Extension.obligation": lambda w: twice(Extension, **w.granted, locks_at=NOW),
    "extension_locks_after_due": lambda w: Extension(**w.granted, due_at=NOW, locks_at=at("2026-11-20 07:59:59")),
    "extension_has_a_reason": lambda w: Extension(**w.granted | {"reason": ""}, locks_at=NOW),
    "Waiver.obligation": lambda w: twice(Waiver, **w.granted),
    "waiver_has_a_reason": lambda w: Waiver(**w.granted | {"reason": ""}),
    "one_bloc_type_per_code": lambda w: twice(BlocType, authority=w.authority, code="hoi", name="x"),
    "bloc_type_sizes_in_order": lambda w: BlocType(authority=w.authority, code="x", name="x", min_members=5, max_members=4),
    "one_rename_per_unit_and_day": lambda w: twice(UnitRename, unit=w.head.unit, on=EARLY, old_name="a", new_name="b", document="QĐ 1"),
    "one_bloc_per_unit_and_tier": lambda w: Membership(bloc_year=make_bloc_year(w.year, members=0), unit=w.head),
    "one_receipt_per_kind": lambda w: twice(Receipt, **w.in_bloc, kind="proposal", at=NOW),
    "DivisionDecision.year": lambda w: twice(DivisionDecision, year=w.year),
    "list_of_a_numbered_decision": lambda w: DivisionDecision(year=w.year, number="1/QĐ", listed=[]),
    "Invitation.digest": lambda w: _second(Invitation(user=w.user, digest="x", expires_at=NOW), Invitation(user=make_user(), digest="x", expires_at=NOW)),
    "invitation_used_or_revoked": lambda w: Invitation(user=w.user, digest="x", expires_at=NOW, used_at=NOW, revoked_at=NOW),
    "one_open_invitation_per_user": lambda w: _second(Invitation(user=w.user, digest="x", expires_at=NOW), Invitation(user=w.user, digest="y", expires_at=NOW)),
    "RetentionClass.code": lambda w: twice(RetentionClass, code="x-1", name="x"),
    "message_state_is_known": lambda w: Message(**w.letter, kind="letter", state="lost"),
    "message_kind_is_known": lambda w: Message(**w.letter, kind="poem"),
    "message_sent_has_moment": lambda w: Message(**w.letter, kind="letter", state="sent"),
    "one_reminder_per_person_kind_and_day": lambda w: twice(Reminder, obligation=w.obligation, person=w.user, kind="due", on=EARLY, message=Message.objects.create(**w.letter, kind="due")),
    "upload_kind_is_known": lambda w: Upload(**w.file, kind="poem"),
    "rendering_failed_says_why": lambda w: _rendering(w, state="failed"),
} | LATER  # fmt: skip


ALSO = {"quota_is_not_negative": "max"}  # the column's own check says it first


def _second(first, second):
    first.save()
    return second


def _rendering(world, **columns):
    return Rendering(kind="summary-report", bloc_year=world.bloc_year, place="khoi-1", queued_at=NOW, **columns)


@pytest.mark.parametrize("name", BAD)
def test_bad_row_is_refused(name):
    row = BAD[name](World())
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        row.save()
    model, constraint = type(row), name.partition("/")[0]
    if "." in constraint:  # a unique column
        column = model._meta.get_field(constraint.partition(".")[2]).column
        assert column in str(caught.value)
    elif connection.vendor == "postgresql" or "CHECK" in str(caught.value):
        assert constraint in str(caught.value) or ALSO.get(constraint, constraint) in str(caught.value)
    else:
        assert "UNIQUE" in str(caught.value)
        assert constraint in {item.name for item in model._meta.constraints}


def test_every_constraint_has_a_bad_row():
    models = [
        model
        for name in ("blocs", "movements", "awards", "reports")
        for model in apps.get_app_config(name).get_models()
    ]
    named = {item.name for model in models for item in model._meta.constraints}
    columns = {
        f"{model.__name__}.{item.name}"
        for model in models
        for item in model._meta.fields
        if item.unique and not item.primary_key
    }
    tested = {name.partition("/")[0] for name in BAD}
    assert (named | columns) - tested == {"Authority.code"}


def test_authority_code_is_unique():
    world = World()
    with pytest.raises(IntegrityError), transaction.atomic():
        Authority.objects.create(code=world.authority.code, name="x")
