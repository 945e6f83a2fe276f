"""Search without accents: one column of folded text, the same on every database."""

import unicodedata

from django.db import models


def fold(text):
    """Lower-case letters without accents, one blank between words: ``Hội Nhà báo`` -> ``hoi nha bao``.

    Shape:   str -> str
    """
    letters = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    return " ".join("".join(sign for sign in letters if not unicodedata.combining(sign)).lower().split())


class FoldedField(models.TextField):
    """The folded text of the columns named ``sources``, written with the row."""

    def __init__(self, *sources, **kwargs):
        self.sources = sources
        super().__init__(**({"blank": True, "default": "", "editable": False, "verbose_name": "chữ để tìm"} | kwargs))

    def deconstruct(self):
        name, path, _, kwargs = super().deconstruct()
        return name, path, self.sources, kwargs

    def pre_save(self, model_instance, add):
        value = fold(" ".join(str(getattr(model_instance, source) or "") for source in self.sources))
        setattr(model_instance, self.attname, value)
        return value


class SearchableQuerySet(models.QuerySet):
    def search(self, text):
        """Rows in which every word of ``text`` occurs, accents or not."""
        rows = self
        for word in fold(text).split():
            rows = rows.filter(folded__contains=word)
        return rows


class Searchable(models.Model):
    """A row with a ``folded`` column; a save that names its fields saves that column too."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded"}
        super().save(*args, **kwargs)
