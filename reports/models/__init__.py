from reports.models.documents import (
    SENT_STATES,
    UNFINISHED,
    Rendering,
    RenderingBatch,
    SummaryPart,
    SummaryReport,
    TextPart,
    UnitReport,
    UnitReportFigure,
    UnitReportPart,
)
from reports.models.messages import Message, Reminder
from reports.models.uploads import Upload

__all__ = [
    "SENT_STATES",
    "UNFINISHED",
    "Message",
    "Reminder",
    "Rendering",
    "RenderingBatch",
    "SummaryPart",
    "SummaryReport",
    "TextPart",
    "UnitReport",
    "UnitReportFigure",
    "UnitReportPart",
    "Upload",
]
