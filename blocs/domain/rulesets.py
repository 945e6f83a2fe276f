"""Rule sets: their file, a version in store, publishing, and which one holds for a bloc's year.

An app that adds a part (quotas, stages of scoring, vote, money …) registers its shape with ``add_part``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal

from django.db import transaction
from django.utils import timezone
from pydantic import Discriminator, Field, Tag, create_model, model_validator

from blocs.domain import audit, organisation, rule_choice, rule_names
from blocs.domain.calendars import Lateness, MilestoneRule, check_calendar
from blocs.domain.files import (
    Code,
    Day,
    Fault,
    Faults,
    FileModel,
    FileRefused,
    Sentence,
    Whole,
    parse,
    read_yaml,
    refuse,
    write_yaml,
)
from blocs.enums import RuleScope
from blocs.errors import EditedMeanwhile, NotAllowed, WrongState
from blocs.models import AuditEvent, Authority, BlocYear, LegalDocument, RuleSet, RuleSource
from blocs.templatetags.vietnamese import day, moment

# ---------------------------------------------------------------- the file


def _in_order(entry):
    if entry.valid_from and entry.valid_to and entry.valid_to < entry.valid_from:
        refuse("trước valid_from", "valid_to")
    return entry


class SourceEntry(FileModel):
    document: Sentence
    valid_from: Day | None = None
    valid_to: Day | None = None
    in_order = model_validator(mode="after")(_in_order)


class Heads(FileModel):
    deputies_max: Annotated[Whole, Field(le=2)] | None = None
    chosen_by: Literal["election", "rotation", "appointment"] | None = None


class ScopeEntry(FileModel):
    type: Code | None = None
    bloc: Code | None = None

    @model_validator(mode="after")
    def one_of_both(self):
        if (self.type is None) == (self.bloc is None):
            refuse("cần đúng một trong hai: type, bloc (hoặc viết scope: province)")
        return self


Scope = Annotated[
    Annotated[ScopeEntry, Tag("[mapping]")] | Annotated[Literal["province"], Tag("[text]")],
    Discriminator(lambda value: "[text]" if isinstance(value, str) else "[mapping]"),
]


class RuleFileBase(FileModel):
    format: Literal["emulation-rules/1"]
    id: Code
    version: Annotated[Whole, Field(ge=1)] = 1
    authority: Code | None = None
    scope: Scope = "province"
    valid_from: Day | None = None
    valid_to: Day | None = None
    in_order = model_validator(mode="after")(_in_order)
    sources: list[SourceEntry] = []
    heads: Heads | None = None
    milestones: list[MilestoneRule] = []
    lateness: Lateness | None = None


@dataclass(frozen=True)
class Part:
    """A key that another app adds: its shape, what its entries must agree on, what to do when it is stored."""

    shape: Any
    check: Callable[[Any, Faults], None]
    stored: Callable[[Any], list[str]]


PARTS: dict[str, Part] = {}
LISTENERS: list[Callable[[RuleSet, Any], list[BlocYear]]] = []  # what must follow when a set is published by whom


def add_part(name, shape, *, check=lambda value, faults: None, stored=lambda value: []):
    """Register a key of the rule file; call it when the app is ready.

    Shape:   (key, list type of pydantic; check(value, Faults); stored(value) -> [warning])
    """
    PARTS[name] = Part(shape, check, stored)
    _file_model.cache_clear()


@cache
def _file_model():
    fields: dict[str, Any] = {name: (part.shape, []) for name, part in PARTS.items()}
    return create_model("RuleFile", __base__=RuleFileBase, **fields)


def parse_rules(data):
    """The checked file of plain data.

    Shape:   result of read_yaml, or ``RuleSet.content`` -> RuleFileBase with the registered parts
    Raises:  FileRefused
    Source:  rule-file
    """
    file = parse(_file_model(), data)
    faults = Faults()
    check_calendar(file.milestones, faults)
    documents = [source.document for source in file.sources]
    for number, name in enumerate(documents):
        if name in documents[:number]:
            faults.add(f"sources[{number}].document", f"văn bản “{name}” lặp lại")
    for name, part in PARTS.items():
        part.check(getattr(file, name), faults)
    faults.raise_if_any()
    return file


def read(rule_set):
    """The parts of a stored rule set."""
    return parse(_file_model(), rule_set.content)


def as_data(rule_set):
    """The content as a file spells it: what was left out stays left out."""
    return read(rule_set).model_dump(by_alias=True, exclude_unset=True)


def spell(data):
    """The YAML text of such content.

    Shape:   dict -> str
    Source:  rule-file
    """
    return write_yaml(data)


# ---------------------------------------------------------------- store and publish


@transaction.atomic
def import_rules(content, *, by=None, publish=False, opened=""):
    """Take a rule file in: a new version, or a draft anew; a draft that somebody else stored is replaced knowingly.

    Shape:   (bytes of YAML, digest of the draft that the user was shown) -> (RuleSet, is it changed, [warning])
    Raises:  FileRefused; EditedMeanwhile with the text of the other's draft; NotAllowed for a user who keeps no rules
             of that authority. Rules for any authority come by the command alone; one code belongs to one authority
    Source:  rule-file
    """
    data = read_yaml(content)
    file = parse_rules(data)
    stored = RuleSet.objects.select_for_update().filter(code=file.id, version=file.version).first()
    if stored:
        _check_right(by, stored)  # a draft of others is not taken over by naming another authority
    is_same = stored is not None and as_data(stored) == file.model_dump(by_alias=True, exclude_unset=True)
    if stored and stored.is_published and not is_same:
        raise FileRefused([Fault("version", f"{stored} đã công bố, không đổi được; hãy tăng số phiên bản")])
    if stored and (is_same and (stored.is_published or not publish)):
        return stored, False, warnings(stored)
    if stored and not is_same:
        _check_draft(stored, by, opened)
    row, notes = _store(stored or RuleSet(code=file.id, version=file.version), file, data, by)
    moved = _publish(row, by) if publish else []
    return row, True, [*notes, *warnings(row), *moved]


def _store(row, file, data, by):
    """Write a draft and its sources -> (RuleSet, [warning])."""
    row.authority_code, (row.scope, row.scope_code) = file.authority or "", _scope_of(file)
    row.valid_from, row.valid_to, row.content = file.valid_from, file.valid_to, data
    _check_right(by, row)
    rule_names.check_one_authority(row)
    row.save()
    _store_sources(row, file.sources)
    audit.record("rules.import", by=by, target=row, authority=_authority_id(row))
    return row, [note for name, part in PARTS.items() for note in part.stored(getattr(file, name))]


@transaction.atomic
def publish(rule_set_id, *, by, seen=None):
    """Put a draft in force; from now on it never changes.

    Shape:   (RuleSet id, digest of the draft that was shown; without one nothing is compared) -> RuleSet
    Raises:  NotAllowed, WrongState
    """
    row = RuleSet.objects.select_for_update().get(pk=rule_set_id)
    _check_right(by, row)
    if row.is_published:
        raise WrongState("Bộ quy tắc này đã công bố.")
    if seen is not None and seen != draft_digest(row):
        raise WrongState("Bản nháp đã được thay từ lúc bạn xem. Chưa công bố; hãy xem lại nội dung dưới đây.")
    _publish(row, by)
    return row


def draft_digest(row):
    """A short name of what a draft says now: what is published is what was read.

    Shape:   RuleSet -> str
    """
    return organisation.digest(row.content)


def _check_draft(stored, by, opened):
    """A draft of somebody else is replaced by who has seen it; one's own, or by the command, without asking."""
    if by is None:
        return
    events = AuditEvent.objects.filter(action="rules.import", target=f"blocs.ruleset:{stored.pk}")
    last = events.first()
    if last and last.actor_id != by.pk and opened != draft_digest(stored):
        raise EditedMeanwhile(
            f"Bản nháp {stored} do {last.actor} nhập lúc {moment(last.at)}. Tệp của bạn chưa được nhận.",
            theirs=spell(as_data(stored)),
            version=draft_digest(stored),
        )


@transaction.atomic
def discard(rule_set_id, *, by):
    """Remove a draft.

    Raises:  NotAllowed, WrongState
    """
    row = RuleSet.objects.select_for_update().get(pk=rule_set_id)
    _check_right(by, row)
    if row.is_published:
        raise WrongState("Bộ quy tắc đã công bố không xóa được.")
    audit.record("rules.discard", by=by, target=row, authority=_authority_id(row))
    row.delete()


def _publish(row, by):
    """Publish and let follow what must -> [sentence] for each bloc that held another set until now; the trail of each
    authority names its own.
    """
    row.published_at, row.published_by = timezone.now(), by
    row.save(update_fields=["published_at", "published_by"])
    own, moved = _authority_id(row), [bloc for listen in LISTENERS for bloc in listen(row, by)]
    for authority in dict.fromkeys([own, *(bloc.year.authority_id for bloc in moved)]):
        lines = [_former(bloc) for bloc in moved if bloc.year.authority_id == authority]
        after = {"moved": lines} if lines else None
        audit.record("rules.publish", by=by, target=row, authority=authority, after=after)
    return [f"khối thôi giữ bộ quy tắc cũ, theo bộ này: {_former(bloc)}" for bloc in moved]


def _former(bloc_year):
    return f"{bloc_year} (trước giữ {bloc_year.rule_set})"


def _check_right(by, row):
    if by is not None and not row.authority_code:
        raise NotAllowed("Bộ quy tắc chung cho mọi cơ quan chỉ nhập bằng lệnh import_rules; hãy ghi mục authority.")
    if by is not None and not by.has_perm("blocs.publish_rules", row):
        raise NotAllowed("Chỉ Ban Thi đua - Khen thưởng của cơ quan đó lập và công bố bộ quy tắc.")


def _scope_of(file):
    if file.scope == "province":
        return RuleScope.PROVINCE, ""
    if file.scope.type:
        return RuleScope.TYPE, file.scope.type
    return RuleScope.BLOC, file.scope.bloc


def _store_sources(row, sources):
    row.sources.all().delete()
    for entry in sources:
        document, _ = LegalDocument.objects.get_or_create(
            name=entry.document, defaults={"valid_from": entry.valid_from, "valid_to": entry.valid_to}
        )
        RuleSource.objects.create(rule_set=row, document=document, valid_from=entry.valid_from, valid_to=entry.valid_to)


def _authority_id(row):
    return Authority.objects.filter(code=row.authority_code).values_list("pk", flat=True).first()


# ---------------------------------------------------------------- what holds


@dataclass(frozen=True)
class Cited:
    """A document that a set rests on, with the dates that hold; ``warning`` says that it is not in force."""

    document: LegalDocument
    valid_from: date | None
    valid_to: date | None
    warning: str


def sources(rule_set, on=None):
    """The cited documents in their order; the narrower of the set's own dates and the register's.

    Shape:   (RuleSet, date; today by default) -> [Cited]
    """
    on = on or timezone.localdate()
    found = []
    for source in rule_set.sources.select_related("document"):
        document = source.document
        ends = min((end for end in (source.valid_to, document.valid_to) if end), default=None)
        begins = max((start for start in (source.valid_from, document.valid_from) if start), default=None)
        words = ""
        if ends and ends < on:
            instead = f", thay bằng {document.replaced_by}" if document.replaced_by else ""
            words = f"căn cứ “{document}” đã hết hiệu lực từ sau ngày {day(ends)}{instead}"
        elif begins and begins > on:
            words = f"căn cứ “{document}” chưa có hiệu lực, có từ ngày {day(begins)}"
        found.append(Cited(document, begins, ends, words))
    return found


def warnings(rule_set, on=None):
    """Each cited document that is not in force on a day, in a sentence.

    Shape:   (RuleSet, date; today by default) -> [str]
    """
    return [row.warning for row in sources(rule_set, on) if row.warning]


def of_blocs(bloc_years):
    """Which rule set holds for each bloc's year: the pinned one, else the narrowest published one in force.

    A set published when the year was over holds only where nothing else does: what was counted by others stays.

    Shape:   [BlocYear with year.authority and bloc] -> {BlocYear id: RuleSet or None}; two queries
    """
    pinned = RuleSet.objects.in_bulk({row.rule_set_id for row in bloc_years if row.rule_set_id})
    codes = {row.year.authority.code for row in bloc_years if not row.rule_set_id}
    candidates = list(RuleSet.objects.published().filter(authority_code__in=[*codes, ""])) if codes else []
    found = {}
    for row in bloc_years:
        found[row.pk] = pinned[row.rule_set_id] if row.rule_set_id else rule_choice.holding(candidates, row)
    return found


def of(bloc_year):
    """Shape: BlocYear -> RuleSet or None"""
    return of_blocs([bloc_year])[bloc_year.pk]


def under(rule_set, bloc_years):
    """Those of the blocs' years that, whatever they pin, this set is the one for; of a draft: once it is published.

    Shape:   (RuleSet, [BlocYear with year.authority and bloc]) -> [BlocYear]; one query
    """
    codes = {row.year.authority.code for row in bloc_years}
    candidates = list(RuleSet.objects.published().filter(authority_code__in=[*codes, ""]).exclude(pk=rule_set.pk))
    return [row for row in bloc_years if rule_choice.holding([*candidates, rule_set], row) == rule_set]
