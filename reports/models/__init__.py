from reports.models.assembled import (
    ProvincePart,
    ProvincePiece,
    ProvinceReport,
    ProvinceVersion,
    SummaryPart,
    SummaryPiece,
    SummaryReport,
    SummaryVersion,
)
from reports.models.messages import Message, Reminder
from reports.models.renderings import UNFINISHED, Issue, Rendering, RenderingBatch, SignedCopy
from reports.models.texts import TextPart
from reports.models.unit_reports import (
    SENT_STATES,
    ReportAttachment,
    ReportForm,
    ReportRecognition,
    UnitReport,
    UnitReportFigure,
    UnitReportPart,
)
from reports.models.uploads import Upload

__all__ = [
    "SENT_STATES",
    "UNFINISHED",
    "Issue",
    "Message",
    "ProvincePart",
    "ProvincePiece",
    "ProvinceReport",
    "ProvinceVersion",
    "Reminder",
    "Rendering",
    "RenderingBatch",
    "ReportAttachment",
    "ReportForm",
    "ReportRecognition",
    "SignedCopy",
    "SummaryPart",
    "SummaryPiece",
    "SummaryReport",
    "SummaryVersion",
    "TextPart",
    "UnitReport",
    "UnitReportFigure",
    "UnitReportPart",
    "Upload",
]
