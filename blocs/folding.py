"""Search without accents: one column of folded text, the same on every database."""

import unicodedata

from django.db import models

LONGEST = 100  # characters that are looked for
BATCH = 200  # rows that a migration folds with one statement


def fold(text):
    """Lower-case letters without accents, one blank between words: ``Hội Nhà báo`` -> ``hoi nha bao``.

    Shape:   str -> str
    """
    letters = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    return " ".join("".join(sign for sign in letters if not unicodedata.combining(sign)).lower().split())


def asked(text):
    """What people ask for in a box of search: empty where nothing is left to look for, as of a lone accent.

    Shape:   str -> str, of ``LONGEST`` characters at most
    """
    words = text.strip()[:LONGEST]
    return words if fold(words) else ""


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


def fold_rows(app, *names):
    """For a migration that adds folded columns: the rows that are there get theirs.

    Shape:   (name of the app, names of its models) -> function of (apps, schema_editor)
    """

    def fill(apps, schema_editor):
        for name in names:
            model = apps.get_model(app, name)
            fields = [field for field in model._meta.fields if isinstance(field, FoldedField)]  # noqa: SLF001 -- documented
            columns = [field.name for field in fields]
            sources = {source for field in fields for source in field.sources}
            batch = []
            for row in model.objects.only(*sources, *columns).iterator(chunk_size=BATCH):
                for field in fields:
                    field.pre_save(row, add=False)
                batch.append(row)
                if len(batch) == BATCH:
                    model.objects.bulk_update(batch, columns)
                    batch = []
            model.objects.bulk_update(batch, columns)

    return fill


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
