"""What an issuer prescribes: rule sets with their dated sources, and the days on which nobody works."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from blocs.enums import RuleScope
from blocs.folding import FoldedField, Searchable
from blocs.models.organisation import Authority


class LegalDocument(Searchable):
    """A document that rule sets cite, and when it is in force."""

    name = models.CharField("văn bản", max_length=500, unique=True)
    valid_from = models.DateField("hiệu lực từ", null=True, blank=True)
    valid_to = models.DateField("đến hết", null=True, blank=True)
    replaced_by = models.CharField("thay bằng", max_length=500, blank=True)
    confirmed = models.BooleanField("đã kiểm chứng", default=False)
    folded = FoldedField("name", "replaced_by")

    class Meta:
        verbose_name = "văn bản căn cứ"
        verbose_name_plural = "văn bản căn cứ"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="document_ends_after_it_begins",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            )
        ]

    def __str__(self):
        return self.name


class RuleSetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Sets for which ``blocs.view_rule_set`` holds (a test keeps the two equal): published ones that may be used
        by an authority at which the user holds a seat; drafts for its board and administrators."""
        used = list(Authority.objects.visible_to(user).values_list("code", flat=True))
        kept = list(Authority.objects.kept_by(user).values_list("code", flat=True))
        open_sets = Q(authority_code__in=[*used, ""] if used else []) & Q(published_at__isnull=False)
        return self.filter(open_sets | Q(authority_code__in=[*kept, ""] if kept else []))

    def published(self):
        return self.filter(published_at__isnull=False)


class RuleSet(models.Model):
    """One version of what an issuer prescribes outside the scoring table. Published, it never changes.

    ``content`` is the file as it was read: texts, lists and mappings. ``blocs.domain.rulesets`` reads its parts.
    """

    code = models.CharField("mã", max_length=60)
    version = models.PositiveIntegerField("phiên bản", default=1)
    authority_code = models.CharField(
        "mã cơ quan", max_length=60, blank=True
    )  # empty: any; it may come before its year
    scope = models.CharField("phạm vi", max_length=10, choices=RuleScope, default=RuleScope.PROVINCE)
    scope_code = models.CharField("mã loại hình hoặc khối", max_length=60, blank=True)
    valid_from = models.DateField("hiệu lực từ", null=True, blank=True)
    valid_to = models.DateField("đến hết", null=True, blank=True)
    content = models.JSONField("nội dung")
    stored_at = models.DateTimeField("lưu lúc", auto_now=True)
    published_at = models.DateTimeField("công bố lúc", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người công bố",
    )  # empty where a command of the operator published it

    objects = RuleSetQuerySet.as_manager()

    class Meta:
        verbose_name = "bộ quy tắc"
        verbose_name_plural = "bộ quy tắc"
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="one_rule_set_per_version"),
            models.CheckConstraint(
                name="rule_set_scope_is_whole",
                condition=Q(scope=RuleScope.PROVINCE, scope_code="")
                | (Q(scope__in=[RuleScope.TYPE, RuleScope.BLOC]) & ~Q(scope_code="")),
            ),
            models.CheckConstraint(
                name="rule_set_ends_after_it_begins",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="rule_set_publisher_needs_moment",
                condition=Q(published_by=None) | Q(published_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.code}@{self.version}"

    @property
    def is_published(self):
        return self.published_at is not None


class RuleSource(models.Model):
    """A document that a rule set rests on, with the dates that the set itself gives."""

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="sources", verbose_name="bộ quy tắc")
    document = models.ForeignKey(LegalDocument, on_delete=models.PROTECT, related_name="+", verbose_name="văn bản")
    valid_from = models.DateField("hiệu lực từ", null=True, blank=True)
    valid_to = models.DateField("đến hết", null=True, blank=True)

    class Meta:
        verbose_name = "căn cứ của bộ quy tắc"
        verbose_name_plural = "căn cứ của bộ quy tắc"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["rule_set", "document"], name="one_source_per_document")]


class Holiday(Searchable):
    """A day on which nobody works, beside Saturdays and Sundays: for lateness in working days."""

    on = models.DateField("ngày", unique=True)
    name = models.CharField("dịp", max_length=200)
    source = models.CharField("căn cứ", max_length=500, blank=True)
    folded = FoldedField("name", "source")

    class Meta:
        verbose_name = "ngày nghỉ lễ"
        verbose_name_plural = "ngày nghỉ lễ"
        ordering = ["on"]

    def __str__(self):
        return f"{self.on:%d/%m/%Y} {self.name}"
