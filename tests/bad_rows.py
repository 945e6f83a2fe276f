"""Bad rows of covenants, comments, meetings, handovers, reports that are assembled, issued papers."""

from datetime import date

from awards.models import FlagNotice, Presentation
from blocs.models import (
    Amendment,
    Attendance,
    Comment,
    Conference,
    ConferencePicture,
    ConferenceTask,
    CovenantPaper,
    ExpectedUnit,
    Handover,
    HandoverItem,
    Opinion,
    ResultEvidence,
    Signature,
    Target,
    TargetResult,
)
from reports.models import (
    Issue,
    ProvincePart,
    ProvincePiece,
    ProvinceReport,
    ProvinceVersion,
    ReportAttachment,
    ReportForm,
    ReportRecognition,
    SignedCopy,
    SummaryPiece,
    SummaryVersion,
)
from tests.factories import at, make_rendering

EARLY = date(2026, 1, 1)
NOW = at("2026-11-20 08:00")


class More:
    """What these rows refer to; beside ``World`` of the constraints."""

    @property
    def amended(self):
        return {"covenant": self.covenant, "kind": "add", "reason": "x", "proposed_by": self.user}

    @property
    def comment(self):
        return {"bloc_year": self.bloc_year, "on": "covenant", "text": "x", "by": self.user}

    @property
    def stored(self):
        return {"name": "x.pdf", "media_type": "application/pdf", "size": 1, "sha256": "x", "added_by": self.user}

    @property
    def handed(self):
        both = {"giver": self.head, "receiver": self.member}
        return both | {"bloc_year": self.bloc_year, "handed_on": EARLY, "digest": "x"}

    @property
    def province(self):
        return ProvinceReport.objects.get_or_create(year=self.year)[0]

    @property
    def issue(self):
        rendering = make_rendering("summary-report", self.bloc_year, state="done", file="x", sha256="x")
        return Issue.objects.create(rendering=rendering, number="1", dated=EARLY, noted_by=self.user)


def twice(model, **columns):
    """Two equal rows: the first is taken."""
    model.objects.create(**columns)
    return model(**columns)


def with_(row, **columns):
    for name, value in columns.items():
        setattr(row, name, value)
    return row


LATER = {
    "target_direction_is_known": lambda w: Target(covenant=w.covenant, code="U", direction="left"),
    "covenant_closed_whole": lambda w: with_(w.covenant, closed_at=NOW, closed_by=w.user, closed_with={}),
    "covenant_closed_whole/nobody": lambda w: with_(w.covenant, closed_at=NOW, digest="x", closed_with={}),
    "covenant_closed_whole/no words": lambda w: with_(w.covenant, closed_at=NOW, closed_by=w.user, digest="x"),
    "covenant_closed_whole/never": lambda w: with_(w.covenant, digest="x"),
    "signature_by_somebody_is_whole": lambda w: Signature(covenant=w.covenant, unit=w.head, signed_on=EARLY, signed_at=NOW, signed_by=w.user),
    "signature_by_somebody_is_whole/day": lambda w: Signature(covenant=w.covenant, unit=w.head, signed_at=NOW, signed_by=w.user, digest="x"),
    "resultevidence_has_bytes": lambda w: ResultEvidence(**w.stored | {"size": 0}, result=TargetResult.objects.create(target=w.target)),
    "covenantpaper_has_bytes": lambda w: CovenantPaper(**w.stored | {"name": ""}, covenant=w.covenant),
    "conferencepicture_has_bytes": lambda w: ConferencePicture(**w.stored | {"sha256": ""}, conference=w.conference),
    "reportattachment_has_bytes": lambda w: ReportAttachment(**w.stored | {"size": 0}, report=w.report),
    "signedcopy_has_bytes": lambda w: SignedCopy(**w.stored | {"size": 0}, issue=w.issue),
    "amendment_kind_is_known": lambda w: Amendment(**w.amended | {"kind": "poem"}),
    "amendment_has_a_reason": lambda w: Amendment(**w.amended | {"reason": ""}),
    "amendment_applied_once_both_agreed": lambda w: Amendment(**w.amended, applied_at=NOW, head_agreed_at=NOW, head_agreed_by=w.user),
    "amendment_refused_with_reason": lambda w: Amendment(**w.amended, refused_at=NOW, refused_by=w.user),
    "amendment_head_at_and_by_together": lambda w: Amendment(**w.amended, head_agreed_at=NOW),
    "amendment_officer_at_and_by_together": lambda w: Amendment(**w.amended, officer_agreed_by=w.user),
    "comment_on_is_known": lambda w: Comment(**w.comment | {"on": "weather"}),
    "comment_says_something": lambda w: Comment(**w.comment | {"text": ""}),
    "comment_answered_whole": lambda w: Comment(**w.comment, outcome="accepted", answered_at=NOW),
    "comment_answered_whole/open": lambda w: Comment(**w.comment, answer="x"),
    "comment_refused_or_answered_in_words": lambda w: Comment(**w.comment, outcome="rejected", answered_at=NOW, answered_by=w.user),
    "conference_quorum_is_a_share": lambda w: with_(w.conference, quorum=4, quorum_of=3),
    "conference_quorum_is_a_share/none": lambda w: with_(w.conference, quorum=0),
    "conference_ends_after_it_opens": lambda w: with_(w.conference, opened_at=NOW, ended_at=at("2026-11-20 07:59")),
    "conference_ends_after_it_opens/never": lambda w: with_(w.conference, ended_at=NOW),
    "one_conference_per_code": lambda w: twice(Conference, year=w.year, kind="briefing", code="abc"),
    "attendance_way_is_known": lambda w: Attendance(conference=w.conference, unit=w.head, way="pigeon", arrived_at=NOW, noted_by=w.user),
    "attendance_noted_has_moment": lambda w: Attendance(conference=w.conference, unit=w.head, way="phone", noted_by=w.user),
    "one_expected_unit_per_meeting": lambda w: twice(ExpectedUnit, conference=w.conference, unit=w.head, role="head"),
    "expected_unit_role_is_known": lambda w: ExpectedUnit(conference=w.conference, unit=w.head, role="king"),
    "opinion_kind_is_known": lambda w: Opinion(conference=w.conference, unit=w.head, kind="song"),
    "opinion_is_somebodys": lambda w: Opinion(conference=w.conference, kind="speech"),
    "opinion_only_questions_are_answered": lambda w: Opinion(conference=w.conference, unit=w.head, kind="speech", answer="x"),
    "conference_task_done_at_and_by_together": lambda w: ConferenceTask(conference=w.conference, text="x", due_on=EARLY, done_note="x"),
    "Handover.bloc_year": lambda w: twice(Handover, bloc_year=w.bloc_year, giver=w.head, receiver=w.member),
    "handover_between_two": lambda w: Handover(bloc_year=w.bloc_year, giver=w.head, receiver=w.head),
    "handover_giver_at_and_by_together": lambda w: Handover(**w.handed, giver_signed_at=NOW),
    "handover_receiver_at_and_by_together": lambda w: Handover(**w.handed, receiver_signed_by=w.user),
    "handover_signed_has_digest_and_day": lambda w: Handover(bloc_year=w.bloc_year, giver=w.head, receiver=w.member, giver_signed_at=NOW, giver_signed_by=w.user, digest="x"),
    "handover_kind_is_known": lambda w: HandoverItem(handover=Handover.objects.create(**w.handed), kind="x", text="x"),
    "one_notice_per_award": lambda w: twice(FlagNotice, **w.in_bloc, award=w.award, count=2, noted_by=w.user),
    "notice_says_something": lambda w: FlagNotice(**w.in_bloc, award=w.award, noted_by=w.user),
    "one_presentation_per_unit_and_award": lambda w: twice(Presentation, **w.awarded, presented_on=EARLY, noted_by=w.user),
    "one_report_form_per_type": lambda w: twice(ReportForm, year=w.year),
    "report_form_kind_is_known": lambda w: ReportForm(year=w.year, kind="weekly"),
    "one_line_per_award_and_recipients": lambda w: twice(ReportRecognition, report=w.report, award=w.award, recipients="collective", count=1),
    "report_recipients_are_known": lambda w: ReportRecognition(report=w.report, award=w.award, recipients="all", count=1),
    "direct_workers_are_among_the_awarded": lambda w: ReportRecognition(report=w.report, award=w.award, recipients="individual", count=1, direct_workers=2),
    "summary_report_counted_only_by_hands": lambda w: with_(w.summary, adopted_how="consent", votes_for=3),
    "summary_report_counted_only_by_hands/uncounted": lambda w: with_(w.summary, adopted_how="hands"),
    "kept_of_an_adopted_summary_report": lambda w: with_(w.summary, kept={}),
    "one_summary_piece_per_key": lambda w: twice(SummaryPiece, report=w.summary, part="leading", key="x"),
    "one_summary_version_per_number": lambda w: twice(SummaryVersion, report=w.summary, number=1, content={}),
    "ProvinceReport.year": lambda w: twice(ProvinceReport, year=w.year),
    "province_report_finished_at_and_by_together": lambda w: ProvinceReport(year=w.year, finished_at=NOW),
    "kept_of_a_finished_province_report": lambda w: ProvinceReport(year=w.year, kept={}),
    "one_province_part_per_code": lambda w: twice(ProvincePart, report=w.province, code="leading"),
    "province_part_is_known": lambda w: ProvincePart(report=w.province, code="poem"),
    "one_province_piece_per_key": lambda w: twice(ProvincePiece, report=w.province, part="leading", key="x"),
    "one_province_version_per_number": lambda w: twice(ProvinceVersion, report=w.province, number=1, content={}),
    "Issue.rendering": lambda w: Issue(rendering=w.issue.rendering, number="2", dated=EARLY, noted_by=w.user),
    "issue_has_a_number": lambda w: Issue(rendering=make_rendering("summary-report", w.bloc_year), dated=EARLY, noted_by=w.user),
}  # fmt: skip
