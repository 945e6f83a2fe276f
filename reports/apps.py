from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Báo cáo và văn bản"

    def ready(self):
        from reports.domain import kept_papers  # noqa: PLC0415 -- app ready

        kept_papers.register()
