"""Writing a checked year file into the database: all of it or nothing."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone

from awards.domain.catalogue import kinds_by_code
from blocs.domain import audit, beside, obligations, organisation, pins
from blocs.domain.files import Fault, FileRefused, parse, read_yaml, write_yaml
from blocs.domain.sync import Sync, always, never
from blocs.models import Authority, BlocYear, Membership, Target, Unit, UnitYear, Year
from movements.models import Indicator
from reports.domain import summary_reports
from reports.domain.yearfile import agreement, load_across, load_what, load_who, writing
from reports.domain.yearfile.checks import Checker, Known
from reports.domain.yearfile.dump import export_year
from reports.domain.yearfile.notes import notes
from reports.domain.yearfile.schema import BlocEntry, YearFile

MERGED = {  # what one file may break together with an earlier one, by the constraint that says so
    "unit_ends_after_it_begins": "một đơn vị kết thúc trước khi bắt đầu (valid_from, valid_to)",
    "milestone_locks_after_due": "một mốc có thời điểm khóa trước hạn nộp (due, locks)",
    "ballot_present_within_voters": "một cuộc bỏ phiếu có mặt nhiều hơn số đại biểu (voters, present)",
    "direct_workers_within_count": "một dòng khen thưởng có direct_workers nhiều hơn count",
    "movement_ends_after_launch": "một phong trào kết thúc trước khi phát động (launched_on, ends_on)",
}


def import_year(content, *, by=None, replace=False, dry_run=False, guard=None):
    """Take a year file into the database.

    Shape:   bytes of YAML, and on a page a Guard -> (Year, Changes, [warning])
    Locks:   the year row, on a page as ``lock_years``, then the rows of its blocs
    Raises:  FileRefused with every fault, RuleBroken by the guard; then nothing was written
    Source:  year-file
    """
    file = parse(YearFile, read_yaml(content))
    try:
        with transaction.atomic():
            loader = Loader(file, replace=replace, guard=guard)
            year, changes = loader.load()
            if changes:
                note = guard.reason if guard else ""
                audit.record("year.import", by=by, target=year, after=_summary(changes), note=note)
            if dry_run:
                transaction.set_rollback(True)
    except ProtectedError as error:  # a kind of IntegrityError
        kept = sorted({f"{row._meta.verbose_name}: {row}" for row in error.protected_objects})  # noqa: SLF001
        raise FileRefused(
            [Fault("--replace", f"không xóa được vì hệ thống còn giữ: {text}") for text in kept[:20]]
        ) from None
    except IntegrityError as error:
        words = next((text for name, text in MERGED.items() if name in str(error)), str(error))
        raise FileRefused([Fault("", f"ghép với dữ liệu đã có thì {words}")]) from None
    return year, changes, loader.warnings


def _summary(changes):
    return {"created": changes.created, "updated": changes.updated, "removed": changes.removed}


class Loader:
    """One file, table by table, owners first."""

    def __init__(self, file, *, replace, guard=None):
        self.file = file
        self.replace = replace
        self.guard = guard
        self.sync = Sync(replace=replace)
        self.warnings: list[str] = []
        self.units: dict[str, UnitYear] = {}  # by code, of this year
        self.entries: list[tuple[BlocEntry, BlocYear]] = []
        self.bloc_years: dict[str, BlocYear] = {}  # by code
        self.old_blocs: set[int] = set()  # those that were there before the file
        self.paths: dict[int, str] = {}  # where the file speaks of a bloc

    def load(self):
        self.authority = self._authority()
        self._check()
        stored = self._stored()
        span = stored and (stored.starts_on, stored.ends_on)
        if self.guard:
            self.guard.before(stored)
        self.chosen = self._chosen()
        self.year = self._year(stored)
        places = beside.places(self.year)
        list(BlocYear.objects.select_for_update().filter(year=self.year).order_by("pk"))  # nobody writes beside a file
        self.received = writing.received(self.year)
        before = agreement.standing(self.year)
        load_who.units(self)
        load_who.blocs(self)
        self.kinds, unknown = kinds_by_code(writing.award_codes(self.file))
        self.warnings += [f"khen thưởng “{code}” chưa có trong danh mục, đã thêm để bổ sung tên" for code in unknown]
        load_who.memberships(self)
        load_what.covenants(self)
        load_what.awards(self)
        agreement.check(self, before)
        writing.write_reports(self.year, self.entries, self.sync, self.received)
        load_across.movements(self)
        load_across.conferences(self)
        self.sync.finish()
        summary_reports.close_where_settled(self.year)
        self._check_days(span)
        twice = self._asked_twice(places)
        if self.guard:
            self.warnings += self.guard.after(self.year, self.file, self.sync.changes, twice)
        else:
            self.warnings += map(str, twice)
        obligations.forget(_members(places) - _members(beside.places(self.year)))
        self._hold_rules()
        self.warnings += notes(self.entries)
        obligations.renew(BlocYear.objects.filter(year=self.year))
        return self.year, self.sync.changes

    def _stored(self):
        """The year as it stands, locked: nobody opens it or brings another file meanwhile."""
        rows = Year.objects.filter(authority=self.authority, label=self.label)
        if self.guard and (year_id := rows.values_list("pk", flat=True).first()):
            organisation.lock_years(year_id)
        found = rows.select_for_update(no_key=True).first()
        return found and Year.objects.select_related("authority").get(pk=found.pk)

    def _authority(self):
        entry = self.file.authority
        values = {name: getattr(entry, name) for name in ("code", "name", "council", "board", "place", "header")}
        elsewhere = Year.objects.filter(authority__code=entry.code).exclude(label=self.label).exists()
        queryset = Authority.objects.filter(code=entry.code)
        return self.sync.rows(queryset, [values], key=["code"], shared=always if elsewhere else never)[0]

    def _check(self):
        starts_on, ends_on = self._days()
        older = Unit.objects.filter(authority=self.authority).values_list("code", flat=True)
        known = Known() if self.replace else self._known()
        Checker(self.file, starts_on=starts_on, ends_on=ends_on, older_units=older, known=known).run()

    def _known(self):
        of_year = {"year__authority": self.authority, "year__label": self.label}
        blocs = BlocYear.objects.filter(**of_year)
        known = Known(
            units=set(UnitYear.objects.filter(**of_year).values_list("unit__code", flat=True)),
            parents=dict(blocs.values_list("bloc__code", "parent__bloc__code")),
        )
        members = Membership.objects.filter(bloc_year__in=blocs)
        for bloc, unit in members.values_list("bloc_year__bloc__code", "unit__unit__code"):
            known.members.setdefault(bloc, set()).add(unit)
        targets = Target.objects.filter(covenant__bloc_year__in=blocs)
        for bloc, code, of in targets.values_list("covenant__bloc_year__bloc__code", "code", "of__unit__code"):
            known.targets.setdefault(bloc, set()).add((code, of))
        indicators = Indicator.objects.filter(
            movement__year__authority=self.authority, movement__year__label=self.label
        )
        for movement, code in indicators.values_list("movement__code", "code"):
            known.indicators.setdefault(movement, set()).add(code)
        return known

    @property
    def label(self):
        return self.file.label or str(self.file.year)

    def _days(self):
        """First and last day: as the file says, else as stored, else of the calendar year."""
        file = self.file
        if not 1945 <= file.year <= 2200:
            raise FileRefused([Fault("year", "năm phải từ 1945 đến 2200")])
        stored = None if self.replace else Year.objects.filter(authority=self.authority, label=self.label).first()
        starts_on, ends_on = date(file.year, 1, 1), date(file.year, 12, 31)
        if stored:
            starts_on, ends_on = stored.starts_on, stored.ends_on
        return file.starts_on or starts_on, file.ends_on or ends_on

    def _check_days(self, span):
        """Where a file moves the days of a stored year, all that was stored must lie near them still."""
        if span is None or span == (self.year.starts_on, self.year.ends_on):
            return
        whole = parse(YearFile, read_yaml(write_yaml(export_year(self.year)).encode()))
        starts_on, ends_on = self.year.starts_on, self.year.ends_on
        older = Unit.objects.filter(authority=self.authority).values_list("code", flat=True)
        Checker(whole, starts_on=starts_on, ends_on=ends_on, older_units=older, known=Known()).run()

    def _year(self, stored):
        file = self.file
        starts_on, ends_on = self._days()
        queryset = Year.objects.filter(authority=self.authority, label=self.label)
        spelled = set(stored.spelled if stored and not self.replace else []) | file.model_fields_set
        values = {
            "authority": self.authority,
            "label": self.label,
            "year": file.year,
            "theme": file.theme,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "spelled": [name for name in ("label", "starts_on", "ends_on") if name in spelled] + self._marks(stored),
        }
        if self.guard and stored is None:
            values["is_open"] = False  # on a page a year is opened by the board, after it has seen what is missing
        return self.sync.rows(queryset, [values], key=["authority", "label"])[0]

    def _marks(self, stored):
        """Which blocs a file gave a set without its version."""
        older = stored.spelled if stored and not self.replace else []
        marks = {mark for mark in older if mark.startswith(pins.mark(""))}
        return sorted(marks | {pins.mark(bloc.code) for bloc in self.file.blocs if bloc.rules is not None})

    def _chosen(self):
        """Ids of the blocs whose pinned set the board or a file chose before this file."""
        rows = BlocYear.objects.filter(year__authority=self.authority, year__label=self.label)
        return {row.pk for row in rows.select_related("year", "bloc") if pins.is_chosen(row)}

    def _asked_twice(self, places):
        """New members, and those whose bloc has moved in the tree, whom another open year asks on the same days."""
        blocs, known = {row.pk: row for row in self.bloc_years.values()}, _members(places)
        found = beside.asked_twice(self.year, but=places)
        return [
            Fault(f"{self.path(blocs[bloc])}.{'parent' if (bloc, unit) in known else 'members'}", words)
            for bloc, unit, words in found
        ]

    def _hold_rules(self):
        """What is over keeps the rules of the day on which it came in; what it counted by others stays."""
        rows = BlocYear.objects.filter(year=self.year)
        if self.year.ends_on >= timezone.localdate():
            rows = rows.filter(is_closed=True)
        pins.hold(rows.filter(Q(obligations=None) | Q(pk__in=self.chosen)).distinct())

    def path(self, bloc_year):
        return self.paths.get(bloc_year.pk, f"blocs.{bloc_year.bloc.code}")

    def per_bloc(self, model, rows, *, key, **how):
        queryset = model.objects.filter(bloc_year__year=self.year)
        return self.sync.rows(queryset, rows, key=key, group=["bloc_year"], **how)


def _members(places):
    """Shape: what ``beside.places`` gives -> {(BlocYear id, UnitYear id)}"""
    return {(bloc, unit) for bloc, unit, _ in places}
