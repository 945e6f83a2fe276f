"""Writing a checked year file into the database: all of it or nothing."""

from collections import defaultdict
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from awards.domain.catalogue import kinds_by_code
from awards.models import (
    AwardGiven,
    Ballot,
    Decision,
    DecisionItem,
    Hold,
    Proposal,
    ProposedCount,
    Quota,
    Recognition,
    Tally,
    Withdrawal,
)
from blocs.domain import audit
from blocs.domain.files import Fault, FileRefused, parse, read_yaml, write_yaml
from blocs.domain.sync import Sync, always, never
from blocs.enums import MemberRole
from blocs.models import (
    Attendance,
    Authority,
    Bloc,
    BlocYear,
    Conference,
    Covenant,
    Membership,
    MilestoneDate,
    NextLeader,
    Receipt,
    Registration,
    Signature,
    Succession,
    Target,
    TargetResult,
    Unit,
    UnitYear,
    Year,
)
from movements.models import Coordinator, Indicator, IndicatorResult, Movement
from reports.domain.yearfile import writing
from reports.domain.yearfile.checks import Checker
from reports.domain.yearfile.dump import export_year
from reports.domain.yearfile.schema import YearFile

MERGED = {  # what one file may break together with an earlier one, by the constraint that says so
    "unit_ends_after_it_begins": "một đơn vị kết thúc trước khi bắt đầu (valid_from, valid_to)",
    "milestone_locks_after_due": "một mốc có thời điểm khóa trước hạn nộp (due, locks)",
    "ballot_present_within_voters": "một cuộc bỏ phiếu có mặt nhiều hơn số đại biểu (voters, present)",
    "direct_workers_within_count": "một dòng khen thưởng có direct_workers nhiều hơn count",
    "movement_ends_after_launch": "một phong trào kết thúc trước khi phát động (launched_on, ends_on)",
}


def import_year(content, *, by=None, replace=False, dry_run=False):
    """Take a year file into the database.

    Shape:   bytes of YAML -> (Year, Changes, [warning])
    Raises:  FileRefused with every fault; then nothing was written
    Source:  year-file
    """
    file = parse(YearFile, read_yaml(content))
    try:
        with transaction.atomic():
            loader = Loader(file, replace=replace)
            year, changes = loader.load()
            if changes:
                audit.record("year.import", by=by, target=year, after=_summary(changes), note=file.authority.name)
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

    def __init__(self, file, *, replace):
        self.file = file
        self.replace = replace
        self.sync = Sync(replace=replace)
        self.warnings = []

    def load(self):
        self.authority = self._authority()
        self._check()
        span = (
            Year.objects.filter(authority=self.authority, label=self.label).values_list("starts_on", "ends_on").first()
        )
        self.year = self._year()
        list(BlocYear.objects.select_for_update().filter(year=self.year).order_by("pk"))  # nobody writes beside a file
        self.received = writing.received(self.year)
        self._units()
        self._blocs()
        self.kinds, unknown = kinds_by_code(writing.award_codes(self.file))
        self.warnings += [f"khen thưởng “{code}” chưa có trong danh mục, đã thêm để bổ sung tên" for code in unknown]
        self._memberships()
        self._covenants()
        self._awards()
        writing.write_reports(self.year, self.entries, self.sync, self.received)
        self._movements()
        self._conferences()
        self.sync.finish()
        self._check_days(span)
        return self.year, self.sync.changes

    # ------------------------------------------------------------ frame

    def _authority(self):
        entry = self.file.authority
        values = {name: getattr(entry, name) for name in ("code", "name", "council", "board", "place", "header")}
        elsewhere = Year.objects.filter(authority__code=entry.code).exclude(label=self.label).exists()
        queryset = Authority.objects.filter(code=entry.code)
        return self.sync.rows(queryset, [values], key=["code"], shared=always if elsewhere else never)[0]

    def _check(self):
        of_year = {"year__authority": self.authority, "year__label": self.label}
        units, blocs = UnitYear.objects.filter(**of_year), BlocYear.objects.filter(**of_year)
        members = defaultdict(set)
        for bloc, unit in Membership.objects.filter(bloc_year__in=blocs).values_list(
            "bloc_year__bloc__code", "unit__unit__code"
        ):
            members[bloc].add(unit)
        starts_on, ends_on = self._days()
        Checker(
            self.file,
            starts_on=starts_on,
            ends_on=ends_on,
            known_units=[] if self.replace else units.values_list("unit__code", flat=True),
            older_units=Unit.objects.filter(authority=self.authority).values_list("code", flat=True),
            known_members={} if self.replace else members,
            known_parents={} if self.replace else dict(blocs.values_list("bloc__code", "parent__bloc__code")),
        ).run()

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
        Checker(
            whole,
            starts_on=self.year.starts_on,
            ends_on=self.year.ends_on,
            known_units=[],
            older_units=Unit.objects.filter(authority=self.authority).values_list("code", flat=True),
            known_members={},
            known_parents={},
        ).run()

    def _year(self):
        file = self.file
        starts_on, ends_on = self._days()
        queryset = Year.objects.filter(authority=self.authority, label=self.label)
        values = {
            "authority": self.authority,
            "label": self.label,
            "year": file.year,
            "theme": file.theme,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "spelled": [name for name in ("label", "starts_on", "ends_on") if getattr(file, name) is not None],
        }
        return self.sync.rows(queryset, [values], key=["authority", "label"])[0]

    def _units(self):
        entries, authority = self.file.units, {"authority": self.authority}
        others = set(
            UnitYear.objects.filter(year__authority=self.authority)
            .exclude(year=self.year)
            .values_list("unit", flat=True)
        )
        rows = [
            authority | {"code": entry.code, "valid_from": entry.valid_from, "valid_to": entry.valid_to}
            for entry in entries
        ]
        known = Unit.objects.filter(authority=self.authority, code__in=[entry.code for entry in entries])
        units = self.sync.rows(known, rows, key=["authority", "code"], shared=lambda unit: unit.pk in others)
        pairs = list(zip(entries, units, strict=True))
        rows = [writing.unit_year(entry, unit, self.year) for entry, unit in pairs]
        self.sync.rows(UnitYear.objects.filter(year=self.year), rows, key=["year", "unit"], group=["year"])
        of_year = UnitYear.objects.filter(year=self.year).select_related("unit")
        self.units = {row.unit.code: row for row in of_year}
        by_code = {unit.code: unit for unit in Unit.objects.filter(authority=self.authority)}
        self.sync.rows(
            Succession.objects.filter(successor__in=units),
            [{"predecessor": by_code[code], "successor": unit} for entry, unit in pairs for code in entry.successor_of],
            key=["successor", "predecessor"],
            group=["successor"],
            shared=lambda row: row.successor_id in others,
        )

    def _blocs(self):
        entries = self.file.blocs
        known = Bloc.objects.filter(authority=self.authority, code__in=[entry.code for entry in entries])
        rows = [{"authority": self.authority, "code": entry.code} for entry in entries]
        blocs = self.sync.rows(known, rows, key=["authority", "code"])
        queryset = BlocYear.objects.filter(year=self.year)
        rows = [writing.bloc_year(entry, bloc, self.year) for entry, bloc in zip(entries, blocs, strict=True)]
        self.old_blocs = set(queryset.values_list("pk", flat=True))
        bloc_years = self.sync.rows(queryset, rows, key=["year", "bloc"], group=["year"])
        self.entries = list(zip(entries, bloc_years, strict=True))
        self.bloc_years = {row.bloc.code: row for row in queryset.select_related("bloc")}
        self.paths = {bloc_year.pk: f"blocs[{number}]" for number, bloc_year in enumerate(bloc_years)}
        self._parents()

    def _parents(self):
        moved = []
        for entry, bloc_year in self.entries:
            parent = self.bloc_years.get(entry.parent)
            if (parent or self.replace) and bloc_year.parent_id != (parent and parent.pk):
                if bloc_year.pk in self.old_blocs:
                    before = bloc_year.parent and bloc_year.parent.name
                    self.sync.changes.update(f"khối của năm: {bloc_year.name}", before, parent and parent.name)
                bloc_year.parent = parent
                moved.append(bloc_year)
        BlocYear.objects.bulk_update(moved, ["parent"])

    # ------------------------------------------------------------ who

    def _memberships(self):
        offices = {bloc_year.pk: writing.offices(entry) for entry, bloc_year in self.entries}
        self._demote(offices)
        self._close_ranks(offices)
        rows = []
        for entry, bloc_year in self.entries:
            held = offices[bloc_year.pk]
            for code in [*entry.members, *(code for code in held if code not in entry.members)]:
                role, rank = held.get(code, (None, None))
                rows.append({"bloc_year": bloc_year, "unit": self.units[code], "role": role, "deputy_rank": rank})
        self.per_bloc(Membership, rows, key=["bloc_year", "unit"])
        self._check_validity()
        for entry, bloc_year in self.entries:
            self._next_leaders(entry, bloc_year)

    def _demote(self, offices):
        """Offices are values, not lists: where the file names their holders, the former ones become plain members."""
        entries = {bloc_year.pk: entry for entry, bloc_year in self.entries}
        holders = Membership.objects.filter(bloc_year__in=entries).exclude(role=MemberRole.MEMBER)
        for holder in holders.select_related("unit__unit"):
            entry = entries[holder.bloc_year_id]
            wanted = offices[holder.bloc_year_id].get(holder.unit.unit.code)
            spoken = entry.head if holder.role == MemberRole.HEAD else entry.deputies
            if wanted == (holder.role, holder.deputy_rank) or not (wanted or spoken or self.replace):
                continue
            if not wanted:
                self.sync.changes.update(f"thành viên: {holder.unit}", {"role": holder.role}, {"role": "member"})
            holder.role, holder.deputy_rank = MemberRole.MEMBER, None
            holder.save(update_fields=["role", "deputy_rank"])

    def _close_ranks(self, offices):
        """A second deputy becomes the first where the first has left and the file names no deputies."""
        silent = [bloc_year.pk for entry, bloc_year in self.entries if not entry.deputies]
        seconds = Membership.objects.filter(bloc_year__in=silent, deputy_rank=2)
        for second in seconds.exclude(bloc_year__memberships__deputy_rank=1).select_related("unit"):
            self.sync.changes.update(f"thành viên: {second.unit}", {"deputy_rank": 2}, {"deputy_rank": 1})
            second.deputy_rank = 1
            second.save(update_fields=["deputy_rank"])

    def _check_validity(self):
        places = {
            (bloc_year.pk, code): f"blocs[{number}].members[{place}]"
            for number, (entry, bloc_year) in enumerate(self.entries)
            for place, code in enumerate(entry.members)
        }
        units = {entry.code: f"units[{number}]" for number, entry in enumerate(self.file.units)}
        limited = Unit.objects.filter(authority=self.authority).exclude(valid_from=None, valid_to=None)
        rows = Membership.objects.filter(unit__unit__in=limited)
        faults = []
        for row in rows.select_related("unit__unit", "bloc_year__year"):
            unit, year = row.unit.unit, row.bloc_year.year
            if not unit.exists_during(year.starts_on, year.ends_on):
                path = places.get((row.bloc_year_id, unit.code)) or units.get(unit.code, f"units.{unit.code}")
                faults.append(
                    Fault(path, f"“{unit.code}” không tồn tại trong năm {year.label} (theo valid_from, valid_to)")
                )
        if faults:
            raise FileRefused(faults)

    def _next_leaders(self, entry, bloc_year):
        """As with the offices of the year itself: values that the file sets, or leaves as they are."""
        stored = list(bloc_year.next_leaders.select_related("unit__unit")) if bloc_year.pk in self.old_blocs else []
        before = [(row.role, row.unit.unit.code) for row in stored]
        head = [(MemberRole.HEAD, entry.next_head)] if entry.next_head else []
        deputies = [(MemberRole.DEPUTY, code) for code in entry.next_deputies]
        if not self.replace:
            named = {entry.next_head, *entry.next_deputies}  # nobody keeps an office beside the one that the file gives
            left = [item for item in before if item[1] not in named]
            head = head or [item for item in left if item[0] == MemberRole.HEAD]
            deputies = deputies or [item for item in left if item[0] == MemberRole.DEPUTY]
        after = [*head, *deputies]
        if before == after:
            return
        bloc_year.next_leaders.all().delete()
        NextLeader.objects.bulk_create(
            NextLeader(bloc_year=bloc_year, unit=self.units[code], role=role, position=position)
            for position, (role, code) in enumerate(after)
        )
        if before:
            self.sync.changes.update(f"lãnh đạo khối năm sau: {bloc_year.name}", before, after)
        else:
            self.sync.changes.create("blocs.nextleader", len(after))

    # ------------------------------------------------------------ what was promised, what came of it

    def _covenants(self):
        covenants = self.per_bloc(
            Covenant,
            [
                {
                    "bloc_year": bloc_year,
                    "signed_on": entry.covenant.signed_on,
                    "goals": entry.covenant.goals,
                    "solutions": entry.covenant.solutions,
                }
                for entry, bloc_year in self.entries
                if entry.covenant
            ],
            key=["bloc_year"],
        )
        numbers = [number for number, (entry, _) in enumerate(self.entries) if entry.covenant]
        with_covenant = [
            (number, self.entries[number][0].covenant, covenant)
            for number, covenant in zip(numbers, covenants, strict=True)
        ]
        of_year = {"covenant__bloc_year__year": self.year}
        self.sync.rows(
            Target.objects.filter(**of_year),
            [row for _, entry, covenant in with_covenant for row in writing.targets(entry, covenant, self.units)],
            key=["covenant", "of", "code"],
            group=["covenant"],
        )
        self._target_results(with_covenant)
        self.sync.rows(
            Signature.objects.filter(**of_year),
            [
                {"covenant": covenant, "unit": self.units[item.unit], "signed_on": item.signed_on}
                for _, entry, covenant in with_covenant
                for item in entry.signatures
            ],
            key=["covenant", "unit"],
            group=["covenant"],
        )
        self.per_bloc(Registration, writing.registrations(self.entries, self.units), key=["bloc_year", "unit"])
        self.per_bloc(MilestoneDate, writing.milestones(self.entries), key=["bloc_year", "code"])
        self.per_bloc(
            Receipt,
            writing.receipts(self.entries, self.units),
            key=["bloc_year", "unit", "kind"],
            fixed=writing.taken_by_the_system(self.year),
        )

    def _target_results(self, with_covenant):
        known = Target.objects.filter(covenant__bloc_year__year=self.year)
        targets = {(row.covenant_id, row.code, row.of_id): row for row in known}
        rows, faults = [], []
        for number, entry, covenant in with_covenant:
            for place, item in enumerate(entry.results):
                unit = self.units[item.of] if item.of else None
                own = targets.get((covenant.pk, item.target, unit.pk if unit else None))
                target = own or targets.get((covenant.pk, item.target, None))
                if target is None:
                    path = f"blocs[{number}].covenant.results[{place}].target"
                    faults.append(Fault(path, f"không có chỉ tiêu “{item.target}”"))
                    continue
                rows.append({"target": target, "of": unit, "value": item.value, "note": item.note})
        if faults:
            raise FileRefused(faults)
        self._hand_over(targets)
        self.sync.rows(
            TargetResult.objects.filter(target__covenant__bloc_year__year=self.year).select_related("target"),
            rows,
            key=["target", "of"],
            group=["target__covenant"],
        )

    def _hand_over(self, targets):
        """A unit's answer to the bloc's target goes over to the unit's own target of that code, once there is one."""
        answers = TargetResult.objects.filter(target__covenant__bloc_year__year=self.year, of__isnull=False)
        answered = set(answers.values_list("target", "of"))
        for row in answers.filter(target__of=None).select_related("target", "of"):
            own = targets.get((row.target.covenant_id, row.target.code, row.of_id))
            if own and (own.pk, row.of_id) not in answered:
                self.sync.changes.update(f"kết quả chỉ tiêu: {row.of}", str(row.target), str(own))
                row.target = own
                row.save(update_fields=["target"])

    # ------------------------------------------------------------ commendation

    def _awards(self):
        entries, units, kinds = self.entries, self.units, self.kinds
        self.per_bloc(Quota, writing.quotas(entries, kinds), key=["bloc_year", "award"], whole=True)
        self.per_bloc(
            Recognition,
            writing.recognitions(entries, units, kinds),
            key=["bloc_year", "unit", "award", "recipients"],
        )
        self.per_bloc(Hold, writing.holds(entries, units), key=["bloc_year", "unit", "code", "begins_on"])
        self.per_bloc(Withdrawal, writing.withdrawals(entries, units, kinds), key=["bloc_year", "unit", "award"])
        for model, name in ((Proposal, "proposed"), (AwardGiven, "awarded")):
            rows = writing.unit_awards(entries, units, kinds, name)
            self.per_bloc(model, rows, key=["bloc_year", "award", "unit"])
        rows = writing.proposed_counts(entries, kinds)
        self.per_bloc(ProposedCount, rows, key=["bloc_year", "award"])
        self._check_counts()
        ballots = self.per_bloc(Ballot, writing.ballots(entries, kinds), key=["bloc_year", "code"])
        self.sync.rows(
            Tally.objects.filter(ballot__bloc_year__year=self.year),
            writing.tallies(entries, ballots, units),
            key=["ballot", "unit"],
            group=["ballot"],
        )
        self._check_tallies()
        decisions = self.per_bloc(Decision, writing.decisions(entries), key=["bloc_year", "number"])
        self.sync.rows(
            DecisionItem.objects.filter(decision__bloc_year__year=self.year),
            writing.decision_items(entries, decisions, units, kinds),
            key=["decision", "award", "unit"],
            group=["decision"],
        )

    def _check_counts(self):
        listed = set(Proposal.objects.filter(bloc_year__year=self.year).values_list("bloc_year", "award"))
        counts = ProposedCount.objects.filter(bloc_year__year=self.year).select_related("award", "bloc_year__bloc")
        doubled = [row for row in counts if (row.bloc_year_id, row.award_id) in listed]
        if doubled and not self.replace:
            raise FileRefused(
                Fault(
                    f"{self._path(row.bloc_year)}.proposed_counts.{row.award.code}",
                    "năm này đã có cả danh sách proposed; giữ một trong hai (dùng --replace)",
                )
                for row in doubled
            )

    def _check_tallies(self):
        places = {
            (bloc_year.pk, ballot.id): f"ballots[{number}]"
            for entry, bloc_year in self.entries
            for number, ballot in enumerate(entry.ballots)
        }
        faults = []
        rows = Tally.objects.filter(ballot__bloc_year__year=self.year, ballot__present__isnull=False)
        for row in rows.select_related("unit__unit", "ballot__bloc_year__bloc"):
            total = (row.votes_for or 0) + (row.votes_against or 0) + (row.votes_blank or 0)
            ballot = row.ballot
            if total > (ballot.present or 0) and not self.replace:
                place = places.get((ballot.bloc_year_id, ballot.code), f"ballots.{ballot.code}")
                path = f"{self._path(ballot.bloc_year)}.{place}.tally.{row.unit.unit.code}"
                faults.append(Fault(path, f"tổng {total} phiếu, nhiều hơn số có mặt ({ballot.present})"))
        if faults:
            raise FileRefused(faults)

    # ------------------------------------------------------------ across the blocs

    def _movements(self):
        entries, units = self.file.movements, self.units
        rows = [
            item.model_dump(include={"code", "name", "launched_by", "launched_on", "ends_on", "scope", "method"})
            | {"year": self.year, "owner": units[item.owner] if item.owner else None}
            for item in entries
        ]
        queryset = Movement.objects.filter(year=self.year)
        movements = self.sync.rows(queryset, rows, key=["year", "code"], group=["year"])
        pairs = list(zip(entries, movements, strict=True))
        self.sync.rows(
            Coordinator.objects.filter(movement__year=self.year),
            [{"movement": movement, "unit": units[code]} for item, movement in pairs for code in item.coordinators],
            key=["movement", "unit"],
            group=["movement"],
        )
        self.sync.rows(
            Indicator.objects.filter(movement__year=self.year),
            [
                {
                    "movement": movement,
                    "code": entry.code,
                    "text": entry.text,
                    "unit_of_measure": entry.unit,
                    "target": entry.target,
                }
                for item, movement in pairs
                for entry in item.indicators
            ],
            key=["movement", "code"],
            group=["movement"],
        )
        self._indicator_results(pairs)

    def _indicator_results(self, pairs):
        known = Indicator.objects.filter(movement__year=self.year)
        indicators = {(row.movement_id, row.code): row for row in known}
        rows, faults = [], []
        for number, (item, movement) in enumerate(pairs):
            for place, entry in enumerate(item.results):
                indicator = indicators.get((movement.pk, entry.indicator))
                if indicator is None:
                    path = f"movements[{number}].results[{place}].indicator"
                    faults.append(Fault(path, f"không có chỉ số “{entry.indicator}”"))
                    continue
                unit = self.units[entry.unit] if entry.unit else None
                rows.append({"indicator": indicator, "unit": unit, "period": entry.period, "value": entry.value})
        if faults:
            raise FileRefused(faults)
        self.sync.rows(
            IndicatorResult.objects.filter(indicator__movement__year=self.year).select_related("indicator"),
            rows,
            key=["indicator", "unit", "period"],
            group=["indicator__movement"],
        )

    def _conferences(self):
        entries = self.file.conferences
        rows = [
            {
                "year": self.year,
                "bloc_year": self.bloc_years[item.bloc] if item.bloc else None,
                "kind": item.kind,
                "held_on": item.held_on,
                "guests": item.guests,
                "directions": item.directions,
            }
            for item in entries
        ]
        queryset = Conference.objects.filter(year=self.year)
        conferences = self.sync.rows(queryset, rows, key=["bloc_year", "kind", "held_on"], group=["year"])
        self.sync.rows(
            Attendance.objects.filter(conference__year=self.year),
            [
                {"conference": conference, "unit": self.units[code]}
                for item, conference in zip(entries, conferences, strict=True)
                for code in item.attended
            ],
            key=["conference", "unit"],
            group=["conference"],
        )

    # ------------------------------------------------------------ tools

    def _path(self, bloc_year):
        return self.paths.get(bloc_year.pk, f"blocs.{bloc_year.bloc.code}")

    def per_bloc(self, model, rows, *, key, **how):
        queryset = model.objects.filter(bloc_year__year=self.year)
        return self.sync.rows(queryset, rows, key=key, group=["bloc_year"], **how)
