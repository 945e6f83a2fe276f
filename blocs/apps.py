from django.apps import AppConfig
from django.db import transaction
from django.db.models.signals import post_migrate


class BlocsConfig(AppConfig):
    name = "blocs"
    verbose_name = "Tổ chức khối thi đua"

    def ready(self):
        from allauth.account import signals as account_signals  # noqa: PLC0415 -- app ready
        from allauth.mfa import signals as factor_signals  # noqa: PLC0415 -- app ready

        from blocs.domain import ended_accounts, obligations  # noqa: PLC0415 -- app ready

        obligations.register()
        ended_accounts.register()
        post_migrate.connect(load_retention_after_migrate, sender=self)
        account_signals.password_changed.connect(note_own_password)
        factor_signals.authenticator_added.connect(note_factor)
        factor_signals.authenticator_removed.connect(note_factor)


def load_retention_after_migrate(using, **kwargs):
    """Every database has the classes as soon as it has its tables."""
    from blocs.domain import retention  # noqa: PLC0415 -- app ready

    retention.load_missing(using=using)


@transaction.atomic
def note_own_password(user, **kwargs):
    """The package changes a password; the trail is ours."""
    from blocs.domain import audit, seats  # noqa: PLC0415 -- app ready

    audit.record("account.password", by=user, target=user, authority=seats.home_of(user))


@transaction.atomic
def note_factor(user, authenticator, signal, **kwargs):
    """Recovery codes go with the application; they are not noted on their own."""
    from allauth.mfa.signals import authenticator_added  # noqa: PLC0415 -- app ready

    from blocs.domain import audit, seats  # noqa: PLC0415 -- app ready

    if authenticator.type == authenticator.Type.TOTP:
        is_on, home = signal is authenticator_added, seats.home_of(user)
        audit.record("account.factor_on" if is_on else "account.factor_off", by=user, target=user, authority=home)
