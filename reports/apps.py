from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Báo cáo và văn bản"

    def ready(self):
        from reports.domain import kept_papers  # noqa: PLC0415 -- app ready

        kept_papers.register()
        name_in_the_trail()


def name_in_the_trail():
    """What the codes of our acts mean to who reads the trail."""
    from blocs import audit_words  # noqa: PLC0415 -- app ready
    from reports.enums import DocumentKind, SummaryPartCode  # noqa: PLC0415 -- app ready

    for action in ("rendering.request", "rendering.request_all"):
        audit_words.LABELS[action, "kind"] = "văn bản"
        audit_words.CODES[action, "kind"] = dict(DocumentKind.choices)
    for code, label in SummaryPartCode.choices:
        audit_words.LABELS["reports.summaryreport", code] = label
