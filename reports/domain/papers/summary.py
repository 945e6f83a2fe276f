"""The summary report of a bloc and year: nine parts and two annexes, every figure from the data.

Source: summary-outline
"""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from awards.domain.quotas import limits
from awards.models import AwardGiven, Ballot, Proposal, ProposedCount, Recognition, Tally
from blocs.domain import attendance, signers, target_chart, units
from blocs.domain import covenant as covenants
from blocs.enums import BlocKind, Header, MemberRole, Milestone
from blocs.models import Conference, Covenant, Membership, NextLeader, Obligation
from blocs.templatetags.vietnamese import count, day, figure, moment
from movements.enums import Launcher
from movements.models import IndicatorResult, Movement
from reports.domain import adoption
from reports.domain.papers import ballots, kept
from reports.domain.papers.base import SignatureBlock, heading
from reports.domain.papers.summary_paper import SummaryPaper, Table
from reports.enums import SummaryPartCode
from reports.models import SummaryReport, UnitReport


def build(bloc_year):
    """Everything the summary report prints; an adopted one prints its tables as they were then, but for what the
    conference and the decision bring after it: ballots, awards given, next year's leaders.

    Shape:   BlocYear -> SummaryPaper; the same data give an equal paper, whoever asks and whenever
    Source:  summary-outline
    """
    return _Builder(bloc_year).build()


def frame_to_keep(bloc_year, *, adopted_on):
    """All that is printed around the text parts, as plain data to keep with an adopted report.

    Shape:   (BlocYear, date) -> {field of SummaryPaper: plain value}
    """
    return kept.plain(_Builder(bloc_year, adopted_on=adopted_on).frame())


class _Builder:
    def __init__(self, bloc_year, *, adopted_on=None):
        self.bloc_year = bloc_year
        self.year = bloc_year.year
        self.word = "Cụm" if bloc_year.kind == BlocKind.CLUSTER else "Khối"
        self.report = SummaryReport.objects.filter(bloc_year=bloc_year).prefetch_related("parts").first()
        self.former = units.former_names(self.year, adopted_on or (self.report and self.report.adopted_on))
        rows = Membership.objects.filter(bloc_year=bloc_year).select_related("unit").order_by("position", "pk")
        self.members = self._dated(rows)
        self.head = next((row.unit for row in self.members if row.role == MemberRole.HEAD), None)
        self.deputies = sorted((row for row in self.members if row.deputy_rank), key=lambda row: row.deputy_rank or 0)
        parts = self.report.parts.all() if self.report else []
        self.keys = {key for part in parts for key in part.keys}  # what the text parts tell already
        self.texts = {part.code: tuple(part.paragraphs) for part in parts}
        self.covenant = Covenant.objects.filter(bloc_year=bloc_year).first()

    def _dated(self, rows, column="unit"):
        """The rows with their units called as they were on the day of the paper."""
        rows = list(rows)
        for unit in [getattr(row, column) for row in rows] if self.former else ():
            if unit and unit.pk in self.former:
                unit.name, unit.short_name = self.former[unit.pk]
        return rows

    def build(self):
        report = self.report
        texts: dict[str, Any] = {code: self.texts.get(code, ()) for code in SummaryPartCode.values}
        is_draft = report is None or report.is_draft
        of_then = report.kept if report else None
        return SummaryPaper(
            is_draft=is_draft,
            ballots=self._ballots(),
            awarded=self._awarded(),
            next_leaders=self._next_leaders(),
            missing=self._missing() if is_draft else (),
            adopted=adoption.words(report) if report and of_then else "",
            digest=report.adopted_digest if report and of_then else "",
            **(kept.restored(SummaryPaper, of_then) if of_then else self.frame()),
            **texts,
        )

    def frame(self) -> dict[str, Any]:
        """The fields of the paper that an adoption keeps."""
        year, authority = self.year, self.year.authority
        targets, own, sentence = self._targets()
        receipts, receipts_sentence = self._receipts()
        return {
            "heading": heading(authority, self.bloc_year.name, self.head, "BC"),
            "signature": self._signature(),
            "bloc": self.bloc_year.name,
            "year": year.label,
            "next_year": _next(year.label),
            "opening": self._opening(),
            "situation": self._situation(),
            "members": self._members(),
            "directing": self._directing(),
            "targets_sentence": sentence,
            "targets": targets,
            "own_targets": own,
            "movements": self._movements(),
            "recognitions": self._recognitions(),
            "recognitions_sentence": self._recognitions_sentence(),
            "proposals": self._proposals(),
            "receipts": receipts,
            "receipts_sentence": receipts_sentence,
            "recipients": self._recipients(),
            "tracks": self._tracks(),
            "word": self.word,
        }

    # ------------------------------------------------------------ sentences

    def _signature(self):
        post = f"Thủ trưởng {self.head.name}" if self.head else ""
        behalf = "T/M" if self.year.authority.header == Header.PARTY else "TM."
        on_behalf, office = f"{behalf} {self.bloc_year.get_kind_display()}", f"{self.word} trưởng"
        return SignatureBlock(on_behalf=on_behalf.upper(), office=office.upper(), post=post)

    def _opening(self):
        signed = self.covenant and self.covenant.signed_on
        basis = f"Thực hiện Giao ước thi đua ký ngày {day(signed)}, " if signed else ""
        start = self.bloc_year.name if basis else self.bloc_year.name[:1].upper() + self.bloc_year.name[1:]
        return f"{basis}{start} báo cáo kết quả công tác thi đua, khen thưởng năm {self.year.label} như sau:"

    def _situation(self):
        lines = [f"{self.word} có {count(len(self.members))} đơn vị thành viên."]
        if self.head:
            lines[0] += f" {self.word} trưởng: {self.head.name}."
        if self.deputies:
            lines[0] += f" {self.word} phó: {', '.join(row.unit.name for row in self.deputies)}."
        if self.bloc_year.supervisor:
            who = f"Ủy viên Hội đồng Thi đua - Khen thưởng theo dõi, chỉ đạo {self.word.lower()}"
            lines.append(f"{who}: {self.bloc_year.supervisor}.")
        if self.year.theme:
            lines.append(f"Chủ đề thi đua của tỉnh năm {self.year.label}: “{self.year.theme}”.")
        if self.bloc_year.motto:
            lines.append(f"Khẩu hiệu thi đua của {self.word.lower()}: “{self.bloc_year.motto}”.")
        return tuple(lines)

    def _directing(self):
        lines = []
        if self.covenant and self.covenant.signed_on:
            places = signers.of(self.covenant)
            signed = sum(place.signature is not None for place in places)
            lines.append(
                f"Giao ước thi đua được ký ngày {day(self.covenant.signed_on)}; "
                f"{count(signed)}/{count(len(places))} đơn vị đã ký."
            )
            if self.covenant.goals:
                lines.append(
                    "Mục tiêu của giao ước: " + "; ".join(_sentence(goal) for goal in self.covenant.goals) + "."
                )
        for row in Conference.objects.held().filter(bloc_year=self.bloc_year).order_by("held_on", "position"):
            came = attendance.presence(row)
            share = f", có {count(came.present)}/{count(came.expected)} đơn vị dự" if came.present else ""
            lines.append(f"{row.get_kind_display()} được tổ chức ngày {day(row.held_on)}{share}.")
            lines += [f"Ý kiến chỉ đạo tại hội nghị: {_sentence(text)}." for text in row.directions]
        return tuple(lines)

    def _next_leaders(self):
        rows = NextLeader.objects.filter(bloc_year=self.bloc_year).select_related("unit").order_by("position")
        return tuple(f"{self._role(row)} năm {_next(self.year.label)}: {row.unit.name}." for row in self._dated(rows))

    def _role(self, row):
        return row.get_role_display().replace("Khối", self.word)

    def _missing(self):
        """What the paper lacks, in words: empty texts, targets without a result, no head, no proposals."""
        lacking = [code.label for code in SummaryPartCode if not self.texts.get(code)]
        if self.head is None:
            lacking.append(f"tên đơn vị {self.word} trưởng")
        targets = list(self.covenant.targets.prefetch_related("results")) if self.covenant else []
        if not targets:
            lacking.append("chỉ tiêu giao ước")
        if unanswered := sum(self._result_of(target) is None for target in targets):
            lacking.append(f"kết quả của {count(unanswered)} chỉ tiêu")
        if not (self.bloc_year.proposals.exists() or self.bloc_year.proposed_counts.exists()):
            lacking.append("danh sách đề nghị khen thưởng")
        if not self.bloc_year.next_leaders.exists():
            lacking.append(f"{self.word} trưởng năm {_next(self.year.label)}")
        return tuple(lacking)

    def _recipients(self):
        authority = self.year.authority
        lines = [authority.council or f"Hội đồng Thi đua - Khen thưởng ({authority.name})", authority.board]
        named = [f"- {line};" for line in lines if line]
        return (*named, "- Các đơn vị thành viên;", "- Lưu: VT.")

    # ------------------------------------------------------------ tables

    def _members(self):
        return Table(
            columns=("TT", "Đơn vị", "Vai trò"),
            rows=tuple((str(n), row.unit.name, self._role(row)) for n, row in enumerate(self.members, 1)),
        )

    def _targets(self):
        if self.covenant is None:
            return None, None, ""
        rows = list(
            self.covenant.targets.select_related("of").prefetch_related("results__of").order_by("position", "pk")
        )
        bloc = [target for target in rows if target.of_id is None]
        own = self._dated((target for target in rows if target.of_id is not None), "of")
        judged = [self._verdict(target) for target in bloc]
        sentence = ""
        if bloc:
            reached = sum(word in ("met", "exceeded") for word in judged)
            agreed = "đã ký kết" if self.covenant.signed_on else "của giao ước"
            sentence = f"{self.word} đạt {reached} trên {len(bloc)} chỉ tiêu {agreed}, cụ thể:"
        columns = ("TT", "Chỉ tiêu", "Đơn vị tính", "Giao ước", "Kết quả", "Đánh giá")
        table = (
            Table(columns, tuple(self._target_row(n, row) for n, row in enumerate(bloc, 1)), (3, 4)) if bloc else None
        )
        own_rows = tuple((str(n), _short(row.of), *self._target_row(n, row)[1:]) for n, row in enumerate(own, 1))
        own_columns = ("TT", "Đơn vị", *columns[1:])
        return table, Table(own_columns, own_rows, (4, 5)) if own else None, sentence

    def _tracks(self):
        """The same drawing as on the covenant's page, of targets with a number."""
        rows = self.covenant.targets.filter(of=None).prefetch_related("results") if self.covenant else []
        found = [(target, self._result_of(target)) for target in rows]
        tracks = [target_chart.track(target, result.value if result else None) for target, result in found]
        return tuple(tracks) if any(track.at for track in tracks) else ()

    def _target_row(self, number, target):
        result = self._result_of(target)
        value, note = (result.value, result.note) if result else (None, "")
        words = covenants.verdict_words(target, value)
        return (
            str(number),
            str(target),
            target.unit_of_measure,
            covenants.promised(target),
            figure(value),
            f"{words}. {note}" if note else words,
        )

    def _verdict(self, target):
        result = self._result_of(target)
        return covenants.verdict(target, result.value if result else None)

    def _result_of(self, target):
        """The bloc's own result, or that of the unit whose target it is; a unit's unsent draft is nobody else's."""
        results = (row for row in covenants.published(target.results.all()) if row.of_id == target.of_id)
        return next(results, None)

    def _movements(self):
        members = {row.unit_id for row in self.members}
        results = defaultdict(list)
        rows = IndicatorResult.objects.filter(indicator__movement__year=self.year, unit__in=members)
        for row in self._dated(rows.select_related("indicator", "unit").order_by("position", "pk")):
            results[row.indicator.movement_id].append(row)
        movements = (
            Movement.objects.filter(year=self.year).select_related("owner").prefetch_related("coordinators__unit")
        )
        found = []
        for movement in self._dated(movements.order_by("position", "pk"), "owner"):
            own = results[movement.pk]
            runs = {movement.owner_id, *(row.unit_id for row in movement.coordinators.all())}
            if movement.launched_by in (Launcher.BLOC, Launcher.UNIT) and not own and not runs & members:
                continue  # another bloc's own
            table = None
            if own:
                columns = ("TT", "Đơn vị", "Chỉ số", "Đơn vị tính", "Kỳ", "Kết quả")
                lines = tuple(
                    (
                        str(n),
                        _short(row.unit),
                        str(row.indicator),
                        row.indicator.unit_of_measure,
                        row.period,
                        figure(row.value),
                    )
                    for n, row in enumerate(own, 1)
                )
                table = Table(columns, lines, (5,))
            found.append((movement.name, self._who_runs(movement), table))
        return tuple(found)

    def _who_runs(self, movement):
        words = []
        if movement.launched_by:
            words.append(f"{movement.get_launched_by_display()} phát động")
        if movement.owner:
            words.append(f"chủ trì: {movement.owner.name}")
        if coordinators := [row.unit.short for row in self._dated(movement.coordinators.all())]:
            words.append(f"phối hợp: {', '.join(coordinators)}")
        return "; ".join(words)

    def _recognition_rows(self):
        rows = Recognition.objects.filter(bloc_year=self.bloc_year).select_related("unit", "award")
        return self._dated(rows.order_by("position", "pk"))

    def _recognitions(self):
        rows = self._recognition_rows()
        if not rows:
            return None
        lines = tuple(
            (
                str(n),
                row.unit.short,
                str(row.award),
                row.get_recipients_display(),
                figure(row.count),
                figure(row.direct_workers),
            )
            for n, row in enumerate(rows, 1)
        )
        total = ("", "Cộng", "", "", figure(sum(row.count or 0 for row in rows)), figure(_direct(rows)))
        columns = ("TT", "Đơn vị", "Danh hiệu, hình thức", "Đối tượng", "Số lượng", "Lao động trực tiếp")
        return Table(columns, lines, (4, 5), total)

    def _recognitions_sentence(self):
        """Seed S18: the share of direct workers is counted, among the rows that give their number."""
        rows = [] if "recognitions" in self.keys else self._recognition_rows()
        counted = [row for row in rows if row.direct_workers is not None and row.count]
        if not counted:
            return ""
        whole, direct = sum(row.count for row in counted), _direct(counted)
        share = (Decimal(100) * direct / whole).quantize(Decimal("0.1"))
        return (
            f"Trong {figure(whole)} lượt khen thưởng có ghi số người lao động trực tiếp, "
            f"người lao động trực tiếp chiếm {figure(direct)} lượt ({figure(share)} %)."
        )

    def _ballots(self):
        tallies = defaultdict(list)
        rows = Tally.objects.filter(ballot__bloc_year=self.bloc_year).select_related("unit").order_by("position", "pk")
        for row in self._dated(rows):
            tallies[row.ballot_id].append(row)
        held = Ballot.objects.filter(bloc_year=self.bloc_year).select_related("award").order_by("position", "pk")
        return tuple((ballots.words(row, self.word), ballots.table(row, tallies[row.pk])) for row in held)

    def _proposals(self):
        rows = Proposal.objects.filter(bloc_year=self.bloc_year).select_related("unit", "award")
        limit = limits(self.bloc_year)
        lines = [(row.award, row.unit.name) for row in self._dated(rows.order_by("position", "pk"))]
        counts = ProposedCount.objects.filter(bloc_year=self.bloc_year).select_related("award").order_by("position")
        lines += [(row.award, f"{count(row.count)} đơn vị (chỉ ghi số lượng)") for row in counts]
        if not lines:
            return None
        table = tuple(
            (str(n), name, str(award), figure(limit[award.code].max) if award.code in limit else "")
            for n, (award, name) in enumerate(lines, 1)
        )
        columns = ("TT", "Đơn vị được đề nghị", "Danh hiệu, hình thức", f"Chỉ tiêu của {self.word.lower()}")
        return Table(columns, table, (3,))

    def _awarded(self):
        rows = (
            AwardGiven.objects.filter(bloc_year=self.bloc_year)
            .select_related("unit", "award")
            .order_by("position", "pk")
        )
        lines = tuple((str(n), row.unit.name, str(row.award)) for n, row in enumerate(self._dated(rows), 1))
        return Table(("TT", "Đơn vị", "Đã được tặng"), lines) if lines else None

    def _receipts(self):
        rows = Obligation.objects.filter(bloc_year=self.bloc_year, code=Milestone.UNIT_REPORT)
        owed = {row.unit_id: row for row in rows}
        mended = UnitReport.objects.annual().being_mended().filter(bloc_year=self.bloc_year)
        mending, lines, absent = set(mended.values_list("unit_id", flat=True)), [], []
        for number, row in enumerate(self.members, 1):
            obligation = owed.get(row.unit_id)
            if obligation is None or obligation.received_at is None:
                absent.append(row.unit.short)
                lines.append((str(number), row.unit.name, "", "Chưa gửi"))
                continue
            words = ("Đúng hạn" if obligation.is_on_time else "Chậm") + ", đang bổ sung" * (row.unit_id in mending)
            lines.append((str(number), row.unit.name, moment(obligation.received_at), words))
        sentence = f"{count(len(self.members) - len(absent))}/{count(len(self.members))} đơn vị đã gửi báo cáo năm."
        if absent and "absent" not in self.keys:
            sentence += f" Chưa gửi: {', '.join(absent)}."
        return Table(("TT", "Đơn vị", "Nhận lúc", "Tình trạng"), tuple(lines)), sentence


# ---------------------------------------------------------------- small things


def _short(unit):
    return unit.short if unit else ""


def _direct(rows):
    return sum(row.direct_workers or 0 for row in rows)


def _sentence(text):
    return text.rstrip(" .;")


def _next(label):
    """The label of the following year: ``2027``, ``2020-2021``."""
    return "-".join(str(int(part) + 1) if part.isdigit() else part for part in label.split("-"))
