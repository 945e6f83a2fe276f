from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AwardsConfig(AppConfig):
    name = "awards"
    verbose_name = "Khen thưởng"

    def ready(self):
        from awards.domain import own_quotas, proposals, quota_file  # noqa: PLC0415 -- app ready
        from blocs.domain import pins  # noqa: PLC0415 -- app ready

        post_migrate.connect(load_catalogue_after_migrate, sender=self)
        quota_file.register()
        pins.CHECKS.append(own_quotas.refuse_circles)
        proposals.register()


def load_catalogue_after_migrate(using, **kwargs):
    """Every database has the catalogue as soon as it has its tables; rows that an administrator edited stay."""
    from awards.domain import catalogue  # noqa: PLC0415 -- app ready

    catalogue.load_missing(using=using)
