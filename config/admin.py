from django.contrib.admin.apps import AdminConfig


class EmulationAdminConfig(AdminConfig):
    """Django's admin behind our own door."""

    default_site = "blocs.admin_site.EmulationAdminSite"
