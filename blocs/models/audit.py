"""Who did what, when, why. Rows are only ever added."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from blocs.audit_words import ACTIONS, GROUPS
from blocs.enums import BOARD_ROLES, Role
from blocs.folding import FoldedField, fold


class AuditEventQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Events for which ``blocs.view_audit`` holds (a test keeps the two equal): of the authorities whose board or
        administrator the user is; those that belong to none, for administrators."""
        seats = user.seats.having(*BOARD_ROLES)
        mine = models.Q(authority_id__in=seats.values("authority"))
        if seats.filter(role=Role.ADMINISTRATOR).exists():
            mine |= models.Q(authority_id=None)
        return self.filter(mine)

    def search(self, text, *, with_actor=False):
        """Events in which every word occurs, accents or not: in what the act is called, its target, its reason."""
        rows, names = self, {code: fold(label) for code, label in ACTIONS.items()}
        for word in fold(text).split():
            codes = [code for code, name in names.items() if word in name]
            found = models.Q(folded__contains=word) | models.Q(action__in=codes)
            rows = rows.filter(found | models.Q(folded_actor__contains=word) if with_actor else found)
        return rows

    def of_group(self, key):
        """Acts of one of ``GROUPS``; of an unknown one none."""
        begins = models.Q(pk__in=[])
        for beginning in GROUPS.get(key, ("", ()))[1]:
            begins |= models.Q(action__startswith=beginning)
        return self.filter(begins)

    def by_actor(self, text):
        """Events of people in whose name every word occurs, accents or not."""
        rows = self
        for word in fold(text).split():
            rows = rows.filter(folded_actor__contains=word)
        return rows

    def update(self, **kwargs):
        raise TypeError("AuditEvent rows are never changed")

    def delete(self):
        raise TypeError("AuditEvent rows are never deleted")


class AuditEvent(models.Model):
    """One act. No foreign keys: deleting a row never deletes its history."""

    at = models.DateTimeField("lúc", auto_now_add=True, db_index=True)
    authority_id = models.BigIntegerField("mã cơ quan", null=True, db_index=True)
    actor_id = models.BigIntegerField("mã người làm", null=True)
    actor = models.CharField("người làm", max_length=200)
    action = models.CharField("việc", max_length=80, db_index=True)
    target = models.CharField("đối tượng", max_length=80, db_index=True)  # "blocs.covenant:12"
    target_label = models.CharField("tên đối tượng", max_length=300)
    before = models.JSONField("trước", null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField("sau", null=True, encoder=DjangoJSONEncoder)
    note = models.TextField("lý do", blank=True)
    folded_actor = FoldedField("actor", verbose_name="người làm, chữ để tìm")
    folded = FoldedField("target_label", "note")

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = "vết thao tác"
        verbose_name_plural = "vết thao tác"
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{ACTIONS.get(self.action, self.action)} · {self.target_label}"

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise TypeError("AuditEvent rows are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("AuditEvent rows are never deleted")
