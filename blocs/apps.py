from django.apps import AppConfig


class BlocsConfig(AppConfig):
    name = "blocs"
    verbose_name = "Tổ chức khối thi đua"

    def ready(self):
        from blocs.domain import obligations  # noqa: PLC0415 -- app ready

        obligations.register()
