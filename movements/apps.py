from django.apps import AppConfig


class MovementsConfig(AppConfig):
    name = "movements"
    verbose_name = "Phong trào thi đua"

    def ready(self):
        from movements.domain import movements  # noqa: PLC0415 -- app ready

        movements.register()
