"""Rows for the tests of the organisation."""

from dataclasses import replace

from django.utils import timezone

from blocs.domain.bloc_edits import BlocFields
from blocs.models import RuleSet


def fields_of(row, **changes):
    """What a form of this bloc's year would send, with some changes."""
    same = BlocFields(
        name=row.name, kind=row.kind, code=row.bloc.code, type=row.type, parent=row.parent, motto=row.motto,
        supervisor=row.supervisor, desk_officer=row.desk_officer, rule_set=row.rule_set,
    )  # fmt: skip
    return replace(same, **changes)


def make_rules(year, *, scope="province", scope_code="", is_draft=False, code="bo-quy-tac", **content):
    """A published rule set of the year's authority, or a draft."""
    file = {"format": "emulation-rules/1", "id": code, "authority": year.authority.code} | content
    return RuleSet.objects.create(
        code=code, authority_code=year.authority.code, scope=scope, scope_code=scope_code, content=file,
        published_at=None if is_draft else timezone.now(),
    )  # fmt: skip
