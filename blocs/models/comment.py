"""What members say about a text before it is fixed, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from blocs.enums import CommentOn, CommentOutcome
from blocs.models.year import BlocYear, UnitYear


class CommentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Comments are read by all who see the bloc's year."""
        return self.filter(bloc_year__in=BlocYear.objects.visible_to(user))

    def open(self):
        return self.filter(answered_at=None)


class Comment(models.Model):
    """On the whole text, or on one passage of it. ``blocs.domain.comments`` writes it."""

    bloc_year = models.ForeignKey(BlocYear, on_delete=models.CASCADE, related_name="comments", verbose_name="khối")
    on = models.CharField("về", max_length=20, choices=CommentOn)
    passage = models.CharField("đoạn", max_length=80, blank=True)  # empty: the whole text
    quote = models.TextField("trích", blank=True)  # the passage as it read then
    text = models.TextField("ý kiến")
    unit = models.ForeignKey(
        UnitYear, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="đơn vị"
    )
    at = models.DateTimeField("lúc", auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người góp ý"
    )
    outcome = models.CharField("kết quả", max_length=10, choices=CommentOutcome, blank=True)
    answer = models.TextField("trả lời", blank=True)
    answered_at = models.DateTimeField("trả lời lúc", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người trả lời",
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = "ý kiến góp ý"
        verbose_name_plural = "ý kiến góp ý"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(name="comment_on_is_known", condition=Q(on__in=CommentOn.values)),
            models.CheckConstraint(name="comment_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="comment_answered_whole",
                condition=Q(outcome="", answer="", answered_at=None, answered_by=None)
                | Q(outcome__in=CommentOutcome.values, answered_at__isnull=False, answered_by__isnull=False),
            ),
            models.CheckConstraint(
                name="comment_refused_or_answered_in_words",
                condition=~Q(outcome__in=[CommentOutcome.REJECTED, CommentOutcome.ANSWERED]) | ~Q(answer=""),
            ),
        ]

    def __str__(self):
        return f"{self.get_on_display()}: {self.text[:60]}"
