"""Shape of the year file. What several rows must agree on stands in ``checks``."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from awards.domain.quota_file import QuotaEntry
from blocs.domain.files import (
    Code,
    Day,
    FileModel,
    Label,
    Line,
    LongText,
    Mark,
    Moment,
    Name,
    Note,
    Number,
    Paragraph,
    Place,
    Sentence,
    Short,
    Title,
    Whole,
    as_text,
    at_most,
    refuse,
)


def _not_yet(value):
    return refuse("phần này chưa được hỗ trợ trong phiên bản hiện tại; bỏ khóa này rồi nhập lại")


NotYet = Annotated[None, BeforeValidator(_not_yet)]
Op = Literal[">=", ">", "=", "<=", "<"]
Paragraphs = list[Paragraph]
RuleName = Annotated[str, BeforeValidator(as_text), AfterValidator(at_most(72))]  # a code, perhaps with a version
UnitsByAward = dict[Code, list[Code]]


class AuthorityEntry(FileModel):
    code: Code
    name: Title
    council: Title | None = None
    board: Title | None = None
    place: Place | None = None
    header: Literal["state", "party"] | None = None


class Letterhead(FileModel):
    superior: Title | None = None
    name: Title | None = None
    symbol: Mark | None = None
    place: Place | None = None


class UnitEntry(FileModel):
    code: Code
    name: Line
    short_name: Name | None = None
    kind: Short | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    successor_of: list[Code] = []
    letterhead: Letterhead | None = None


class MilestoneEntry(FileModel):
    code: Code
    due: Moment | None = None
    locks: Moment | None = None


class RegistrationEntry(FileModel):
    unit: Code
    awards: list[Code] = []


class TargetEntry(FileModel):
    code: Code
    of: Code | None = None
    text: LongText | None = None
    unit: Short | None = None
    op: Op | None = None
    value: Number | None = None


class TargetResultEntry(FileModel):
    target: Code
    of: Code | None = None
    value: Number | None = None
    note: Note | None = None


class SignatureEntry(FileModel):
    unit: Code
    signed_on: Day | None = None


class CovenantEntry(FileModel):
    signed_on: Day | None = None
    goals: Paragraphs = []
    targets: list[TargetEntry] = []
    results: list[TargetResultEntry] = []
    solutions: Paragraphs = []
    signatures: list[SignatureEntry] = []


class ReceiptEntry(FileModel):
    unit: Code
    kind: Code
    at: Moment


class ReportEntry(FileModel):
    leading: Paragraphs = []
    results: Paragraphs = []
    exemplars: Paragraphs = []
    strengths: Paragraphs = []
    shortcomings: Paragraphs = []
    causes: Paragraphs = []
    next_tasks: Paragraphs = []
    recommendations: Paragraphs = []
    adopted_on: Day | None = None


class RecognitionEntry(FileModel):
    unit: Code
    award: Code
    recipients: Literal["collective", "individual"] | None = None
    count: Whole | None = None
    direct_workers: Whole | None = None


class HoldEntry(FileModel):
    unit: Code
    code: Code
    begins_on: Day | None = Field(default=None, alias="from")
    ends_on: Day | None = Field(default=None, alias="to")
    document: Sentence | None = None


class ThresholdEntry(FileModel):
    percent: Number
    op: Literal[">", ">="] | None = None
    base: Literal["voters", "present", "valid"] | None = None

    @model_validator(mode="after")
    def a_share(self):
        if not 0 <= self.percent <= 100:
            refuse("percent phải từ 0 đến 100")
        return self


class TallyEntry(FileModel):
    votes_for: Whole | None = Field(default=None, alias="for")
    against: Whole | None = None
    blank: Whole | None = None


class BallotEntry(FileModel):
    id: Code
    purpose: Literal["award", "head", "deputy", "adoption", "other"]
    award: Code | None = None
    method: Literal["secret", "named", "hands"] | None = None
    voters: Whole | None = None
    present: Whole | None = None
    seats: Whole | None = None
    threshold: ThresholdEntry | None = None
    tally: dict[Code, TallyEntry] = {}
    invalid: Whole | None = None


class WithdrawalEntry(FileModel):
    unit: Code
    award: Code
    reason: LongText | None = None


class DecisionEntry(FileModel):
    number: Place
    dated: Day | None = None
    issuer: Title | None = None
    awards: UnitsByAward = {}


class BlocEntry(FileModel):
    code: Code
    name: Line
    kind: Literal["khoi", "cum"]
    type: Short | None = None
    parent: Code | None = None
    motto: Sentence | None = None
    members: list[Code]
    head: Code | None = None
    deputies: Annotated[list[Code], Field(max_length=2)] = []
    supervisor: Line | None = None
    rules: RuleName | None = None
    quotas: list[QuotaEntry] = []
    milestones: list[MilestoneEntry] = []
    registrations: list[RegistrationEntry] = []
    covenant: CovenantEntry | None = None
    received: list[ReceiptEntry] = []
    report: ReportEntry | None = None
    recognitions: list[RecognitionEntry] = []
    holds: list[HoldEntry] = []
    ballots: list[BallotEntry] = []
    withdrawals: list[WithdrawalEntry] = []
    proposed: UnitsByAward = {}
    proposed_counts: dict[Code, Whole] = {}
    awarded: UnitsByAward = {}
    decisions: list[DecisionEntry] = []
    next_head: Code | None = None
    next_deputies: Annotated[list[Code], Field(max_length=2)] = []
    scoring_table: NotYet = None
    scores: NotYet = None


class IndicatorEntry(FileModel):
    code: Code
    text: LongText | None = None
    unit: Short | None = None
    target: Number | None = None


class IndicatorResultEntry(FileModel):
    unit: Code | None = None
    indicator: Code
    period: Mark | None = None
    value: Number | None = None


class MovementEntry(FileModel):
    code: Code
    name: Sentence
    launched_by: Literal["pm", "ministry", "province", "front", "bloc", "unit"] | None = None
    launched_on: Day | None = None
    ends_on: Day | None = None
    owner: Code | None = None
    coordinators: list[Code] = []
    scope: Short | None = None
    method: Short | None = None
    indicators: list[IndicatorEntry] = []
    results: list[IndicatorResultEntry] = []


class ConferenceEntry(FileModel):
    bloc: Code | None = None
    kind: Literal["covenant", "mid_year", "briefing", "year_end"]
    held_on: Day | None = None
    attended: list[Code] = []
    guests: Paragraphs = []
    directions: Paragraphs = []


class YearFile(FileModel):
    format: Literal["emulation-year/1"]
    year: Whole
    label: Label | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    theme: Sentence | None = None
    authority: AuthorityEntry
    units: list[UnitEntry]
    blocs: list[BlocEntry]
    movements: list[MovementEntry] = []
    conferences: list[ConferenceEntry] = []
