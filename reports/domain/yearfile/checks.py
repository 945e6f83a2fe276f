"""What the rows of a year file must agree on, with each other and with what the database holds already."""

from dataclasses import dataclass, field
from datetime import timedelta

from awards.domain import quota_file
from blocs.domain.files import HANOI, Faults
from blocs.domain.tiers import tiers_of

# How far from its year a day may lie. Covenants are signed at the last conference of the year before, too; the
# latest year-end conference on record was on 14/10 of the following year (blocs.md 2.1, data/cases). Decisions follow.
BEFORE = timedelta(days=92)
AFTER = timedelta(days=304)
DECISIONS_AFTER = timedelta(days=731)


@dataclass
class Known:
    """What the database holds of the year already, by code; nothing of it where a file replaces the year."""

    units: set[str] = field(default_factory=set)
    members: dict[str, set[str]] = field(default_factory=dict)  # by bloc
    parents: dict[str, str | None] = field(default_factory=dict)  # by bloc
    targets: dict[str, set[tuple[str, str | None]]] = field(default_factory=dict)  # by bloc: code and whose it is
    indicators: dict[str, set[str]] = field(default_factory=dict)  # by movement


class Checker:
    """Collects the faults of one file against the units and blocs already known in that year."""

    def __init__(self, file, *, starts_on, ends_on, older_units, known):
        self.file = file
        self.starts_on, self.ends_on = starts_on, ends_on
        self.faults = Faults()
        self.units = known.units | {entry.code for entry in file.units}
        self.older_units = set(older_units)
        self.stored = known
        self.parents = known.parents | {bloc.code: bloc.parent for bloc in file.blocs}

    def run(self):
        """All faults of the file, in its order.

        Raises:  FileRefused
        """
        self.year()
        self.faults.raise_if_any()  # no day can be judged by a year that is wrong itself
        self.unique("units", self.file.units, lambda unit: unit.code)
        self.unique("blocs", self.file.blocs, lambda bloc: bloc.code)
        self.unique("movements", self.file.movements, lambda movement: movement.code)
        for number, unit in enumerate(self.file.units):
            self.unit(f"units[{number}]", unit)
        self.tree()
        self.tiers()
        for number, bloc in enumerate(self.file.blocs):
            self.bloc(f"blocs[{number}]", bloc)
        for number, movement in enumerate(self.file.movements):
            self.movement(f"movements[{number}]", movement)
        for number, conference in enumerate(self.file.conferences):
            self.conference(f"conferences[{number}]", conference)
        self.faults.raise_if_any()

    # ------------------------------------------------------------ tools

    def unique(self, path, items, key, what="mã"):
        seen = set()
        for number, item in enumerate(items):
            name = key(item)
            if name in seen:
                shown = name if isinstance(name, str) else ", ".join(str(part) for part in name if part)
                self.faults.add(f"{path}[{number}]", f"{what} “{shown}” lặp lại")
            seen.add(name)

    def known(self, path, code):
        if code is not None and code not in self.units:
            self.faults.add(path, f"không có đơn vị “{code}” trong danh sách units của năm này")

    def all_known(self, path, codes):
        for number, code in enumerate(codes):
            self.known(f"{path}[{number}]", code)
        self.unique(path, codes, lambda code: code)

    def near(self, path, day, *, before=BEFORE, after=AFTER):
        if day is None:
            return
        first, last = self.starts_on - before, self.ends_on + after
        if not first <= day <= last:
            self.faults.add(path, f"ngày {day:%d/%m/%Y} ở ngoài năm (nhận từ {first:%d/%m/%Y} đến {last:%d/%m/%Y})")

    def near_moment(self, path, moment):
        self.near(path, moment and moment.astimezone(HANOI).date())

    def in_order(self, path, first, last, words):
        if first and last and last < first:
            self.faults.add(path, words)

    # ------------------------------------------------------------ parts of the file

    def year(self):
        if self.ends_on <= self.starts_on:
            self.faults.add("ends_on", "năm kết thúc trước khi bắt đầu")
        elif not self.starts_on.year <= self.file.year <= self.ends_on.year:
            self.faults.add("year", "năm không khớp với starts_on và ends_on")
        elif (self.ends_on - self.starts_on).days > 731:
            self.faults.add("ends_on", "một năm thi đua không dài quá hai năm dương lịch")

    def unit(self, path, unit):
        self.in_order(f"{path}.valid_to", unit.valid_from, unit.valid_to, "đơn vị kết thúc trước khi bắt đầu")
        for number, code in enumerate(unit.successor_of):
            if code == unit.code:
                self.faults.add(f"{path}.successor_of[{number}]", "đơn vị không kế tục chính nó")
            elif code not in self.units and code not in self.older_units:
                self.faults.add(f"{path}.successor_of[{number}]", f"không có đơn vị “{code}”")
        self.unique(f"{path}.successor_of", unit.successor_of, lambda code: code)

    def tree(self):
        for number, bloc in enumerate(self.file.blocs):
            if bloc.parent is None:
                continue
            path = f"blocs[{number}].parent"
            if bloc.parent not in self.parents:
                self.faults.add(path, f"không có cụm, khối “{bloc.parent}”")
                continue
            seen, above = {bloc.code}, bloc.parent
            while above is not None and above not in seen:
                seen.add(above)
                above = self.parents.get(above)
            if above is not None:
                self.faults.add(path, "cụm, khối nằm trong chính nó")

    def tiers(self):
        """No unit stands in two blocs of one tier: side by side, or one of them below another bloc's level."""
        depths = tiers_of(self.parents)
        place: dict[tuple[str, int], str] = {}
        named = {bloc.code for bloc in self.file.blocs}
        for code, members in self.stored.members.items():
            place |= {(unit, depths.get(code, 0)): code for unit in members if code not in named}
        for number, bloc in enumerate(self.file.blocs):
            depth, stored = depths.get(bloc.code, 0), self.stored.members.get(bloc.code, set())
            for position, unit in enumerate(bloc.members):
                other = place.setdefault((unit, depth), bloc.code)
                if other != bloc.code:
                    path = f"blocs[{number}].members[{position}]"
                    self.faults.add(path, f"đơn vị “{unit}” đã thuộc “{other}” cùng tầng")
            for unit in stored - set(bloc.members):
                place.setdefault((unit, depth), bloc.code)

    def bloc(self, path, bloc):
        self.all_known(f"{path}.members", bloc.members)
        self.leaders(path, bloc)
        self.unique(f"{path}.quotas", bloc.quotas, lambda quota: quota.award, "chỉ tiêu cho")
        quota_file.check(bloc.quotas, self.faults, f"{path}.quotas")
        self.unique(f"{path}.milestones", bloc.milestones, lambda milestone: milestone.code)
        for number, milestone in enumerate(bloc.milestones):
            here = f"{path}.milestones[{number}]"
            self.near_moment(f"{here}.due", milestone.due)
            self.near_moment(f"{here}.locks", milestone.locks)
            self.in_order(f"{here}.locks", milestone.due, milestone.locks, "thời điểm khóa trước hạn nộp")
        self.unique(f"{path}.registrations", bloc.registrations, lambda entry: entry.unit, "đơn vị")
        for number, entry in enumerate(bloc.registrations):
            here = f"{path}.registrations[{number}]"
            self.known(f"{here}.unit", entry.unit)
            self.unique(f"{here}.awards", entry.awards, lambda code: code)
        if bloc.covenant:
            self.covenant(f"{path}.covenant", bloc.covenant, self.stored.targets.get(bloc.code, set()))
        self.unique(f"{path}.received", bloc.received, lambda entry: (entry.unit, entry.kind), "lần nhận")
        for number, entry in enumerate(bloc.received):
            self.known(f"{path}.received[{number}].unit", entry.unit)
            self.near_moment(f"{path}.received[{number}].at", entry.at)
        if bloc.report:
            self.near(f"{path}.report.adopted_on", bloc.report.adopted_on)
        for number, entry in enumerate(bloc.holds):
            self.known(f"{path}.holds[{number}].unit", entry.unit)
            self.in_order(f"{path}.holds[{number}].to", entry.begins_on, entry.ends_on, "kết thúc trước khi bắt đầu")
        self.awards(path, bloc)
        for number, ballot in enumerate(bloc.ballots):
            self.ballot(f"{path}.ballots[{number}]", ballot)
        self.unique(f"{path}.ballots", bloc.ballots, lambda ballot: ballot.id)

    def leaders(self, path, bloc):
        members = set(bloc.members) | set(self.stored.members.get(bloc.code, ()))
        if bloc.head is not None and bloc.head not in members:
            self.faults.add(f"{path}.head", f"Khối trưởng “{bloc.head}” không phải thành viên")
        for number, code in enumerate(bloc.deputies):
            if code not in members:
                self.faults.add(f"{path}.deputies[{number}]", f"Khối phó “{code}” không phải thành viên")
            if code == bloc.head:
                self.faults.add(f"{path}.deputies[{number}]", f"“{code}” không thể vừa là Khối trưởng vừa là Khối phó")
        self.unique(f"{path}.deputies", bloc.deputies, lambda code: code)
        self.known(f"{path}.next_head", bloc.next_head)
        self.all_known(f"{path}.next_deputies", bloc.next_deputies)
        if bloc.next_head is not None and bloc.next_head in bloc.next_deputies:
            self.faults.add(f"{path}.next_deputies", f"“{bloc.next_head}” đã là Khối trưởng năm sau")

    def covenant(self, path, covenant, stored):
        self.near(f"{path}.signed_on", covenant.signed_on, after=timedelta(0))
        self.unique(f"{path}.targets", covenant.targets, lambda target: (target.code, target.of), "chỉ tiêu")
        for number, target in enumerate(covenant.targets):
            self.known(f"{path}.targets[{number}].of", target.of)
        targets = stored | {(target.code, target.of) for target in covenant.targets}
        self.unique(f"{path}.results", covenant.results, lambda result: (result.target, result.of), "kết quả")
        for number, result in enumerate(covenant.results):
            self.known(f"{path}.results[{number}].of", result.of)
            if not targets & {(result.target, result.of), (result.target, None)}:
                self.faults.add(f"{path}.results[{number}].target", f"không có chỉ tiêu “{result.target}”")
        self.unique(f"{path}.signatures", covenant.signatures, lambda entry: entry.unit, "chữ ký của")
        for number, entry in enumerate(covenant.signatures):
            self.known(f"{path}.signatures[{number}].unit", entry.unit)
            self.near(f"{path}.signatures[{number}].signed_on", entry.signed_on, after=timedelta(0))

    def awards(self, path, bloc):
        for number, entry in enumerate(bloc.recognitions):
            here = f"{path}.recognitions[{number}]"
            self.known(f"{here}.unit", entry.unit)
            if entry.count is not None and (entry.direct_workers or 0) > entry.count:
                self.faults.add(f"{here}.direct_workers", f"lớn hơn tổng số ({entry.count})")
        self.unique(f"{path}.withdrawals", bloc.withdrawals, lambda entry: (entry.unit, entry.award), "xin rút")
        for number, entry in enumerate(bloc.withdrawals):
            self.known(f"{path}.withdrawals[{number}].unit", entry.unit)
        for name in ("proposed", "awarded"):
            for award, codes in getattr(bloc, name).items():
                self.all_known(f"{path}.{name}.{award}", codes)
        for award in [code for code in bloc.proposed_counts if code in bloc.proposed]:
            self.faults.add(f"{path}.proposed_counts.{award}", "đã có danh sách proposed cho khen thưởng này")
        self.unique(f"{path}.decisions", bloc.decisions, lambda entry: entry.number, "quyết định")
        for number, decision in enumerate(bloc.decisions):
            here = f"{path}.decisions[{number}]"
            self.near(f"{here}.dated", decision.dated, after=DECISIONS_AFTER)
            for award, codes in decision.awards.items():
                self.all_known(f"{here}.awards.{award}", codes)

    def ballot(self, path, ballot):
        if ballot.purpose == "award" and ballot.award is None:
            self.faults.add(f"{path}.award", "bình xét khen thưởng phải ghi rõ khen thưởng nào")
        if ballot.present is not None and ballot.voters is not None and ballot.present > ballot.voters:
            self.faults.add(f"{path}.present", f"có mặt nhiều hơn số đại biểu ({ballot.voters})")
        for code, tally in ballot.tally.items():
            self.known(f"{path}.tally.{code}", code)
            total = (tally.votes_for or 0) + (tally.against or 0) + (tally.blank or 0)
            if ballot.present is not None and total > ballot.present:
                self.faults.add(f"{path}.tally.{code}", f"tổng {total} phiếu, nhiều hơn số có mặt ({ballot.present})")

    def movement(self, path, movement):
        self.known(f"{path}.owner", movement.owner)
        self.all_known(f"{path}.coordinators", movement.coordinators)
        self.in_order(
            f"{path}.ends_on", movement.launched_on, movement.ends_on, "phong trào kết thúc trước khi phát động"
        )
        self.unique(f"{path}.indicators", movement.indicators, lambda indicator: indicator.code)
        indicators = self.stored.indicators.get(movement.code, set()) | {item.code for item in movement.indicators}
        for number, result in enumerate(movement.results):
            self.known(f"{path}.results[{number}].unit", result.unit)
            if result.indicator not in indicators:
                self.faults.add(f"{path}.results[{number}].indicator", f"không có chỉ số “{result.indicator}”")
        self.unique(
            f"{path}.results",
            movement.results,
            lambda result: (result.indicator, result.unit, result.period),
            "kết quả",
        )

    def conference(self, path, conference):
        if conference.bloc is not None and conference.bloc not in self.parents:
            self.faults.add(f"{path}.bloc", f"không có cụm, khối “{conference.bloc}”")
        self.near(f"{path}.held_on", conference.held_on)
        self.all_known(f"{path}.attended", conference.attended)
