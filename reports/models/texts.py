"""A text of several paragraphs, the base of what reports are written in."""

from django.conf import settings
from django.db import models

from blocs.folding import FoldedField, Searchable, SearchableQuerySet


class TextPart(Searchable):
    """A text of several paragraphs. ``version`` grows with each save, so that no editor overwrites another."""

    code = models.CharField("phần", max_length=30)
    paragraphs = models.JSONField("nội dung", default=list, blank=True)
    version = models.PositiveIntegerField("lần lưu", default=0)
    saved_at = models.DateTimeField("lưu lúc", auto_now=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="người lưu"
    )

    folded = FoldedField("text")

    objects = SearchableQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def text(self):
        return "\n".join(self.paragraphs)
