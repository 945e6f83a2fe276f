"""A year file that cannot be taken: every fault by its path, and nothing is written."""

import pytest

from blocs.domain.files import MAX_BYTES, FileRefused
from blocs.models import Unit, UnitYear
from tests.reports.yearfiles import ALL_KEYS, as_file, content, exported, load, row_counts, small

pytestmark = pytest.mark.django_db


def refused(data, **options):
    """The lines of the refusal; fails when any row of any table came or went."""
    before = row_counts()
    with pytest.raises(FileRefused) as caught:
        load(data, **options)
    assert row_counts() == before
    return str(caught.value).split("\n")


def with_bloc(**bloc):
    return small(bloc=bloc)


NEAR = "ở ngoài năm (nhận từ 01/10/2025 đến 31/10/2027)"
UNKNOWN = "không có đơn vị “hoi-x” trong danh sách units của năm này"

BAD = {
    "unknown member": (
        with_bloc(members=["hoi-nha-bao", "hoi-luat-gia", "hoi-x"]),
        [f"blocs[0].members[2]: {UNKNOWN}"],
    ),
    "member twice": (
        with_bloc(members=["hoi-nha-bao", "hoi-luat-gia", "hoi-nha-bao"]),
        ["blocs[0].members[2]: mã “hoi-nha-bao” lặp lại"],
    ),
    "two heads": (with_bloc(head=["hoi-nha-bao", "hoi-luat-gia"]), ["blocs[0].head: phải là chữ"]),
    "head who is no member": (
        with_bloc(members=["hoi-luat-gia", "hoi-dong-y"]),
        ["blocs[0].head: Khối trưởng “hoi-nha-bao” không phải thành viên"],
    ),
    "deputy who is no member": (
        with_bloc(members=["hoi-nha-bao", "hoi-dong-y"]),
        ["blocs[0].deputies[0]: Khối phó “hoi-luat-gia” không phải thành viên"],
    ),
    "head who is deputy": (
        with_bloc(deputies=["hoi-nha-bao"]),
        ["blocs[0].deputies[0]: “hoi-nha-bao” không thể vừa là Khối trưởng vừa là Khối phó"],
    ),
    "deputy twice": (
        with_bloc(deputies=["hoi-luat-gia", "hoi-luat-gia"]),
        ["blocs[0].deputies[1]: mã “hoi-luat-gia” lặp lại"],
    ),
    "three deputies": (
        with_bloc(deputies=["hoi-luat-gia", "hoi-dong-y", "hoi-nha-bao"]),
        ["blocs[0].deputies: quá nhiều mục (nhiều nhất 2)"],
    ),
    "next head who is next deputy": (
        with_bloc(next_head="hoi-dong-y", next_deputies=["hoi-dong-y"]),
        ["blocs[0].next_deputies: “hoi-dong-y” đã là Khối trưởng năm sau"],
    ),
    "unknown next head": (with_bloc(next_head="hoi-x"), [f"blocs[0].next_head: {UNKNOWN}"]),
    "quota below zero": (
        with_bloc(quotas=[{"award": "CTDT", "max": "-1"}]),
        ["blocs[0].quotas[0].max: “-1” không phải số nguyên từ 0 trở lên"],
    ),
    "quota above 100 percent": (
        with_bloc(quotas=[{"award": "CTDT", "max_percent": "100.5"}]),
        ["blocs[0].quotas[0]: max_percent phải từ 0 đến 100"],
    ),
    "quota in two ways": (
        with_bloc(quotas=[{"award": "CTDT", "max": "1", "max_percent": "50"}]),
        ["blocs[0].quotas[0]: cần đúng một trong ba: max, by_size, max_percent"],
    ),
    "quota in no way": (
        with_bloc(quotas=[{"award": "CTDT", "source": "a"}]),
        ["blocs[0].quotas[0]: cần đúng một trong ba: max, by_size, max_percent"],
    ),
    "quota twice": (
        with_bloc(quotas=[{"award": "CTDT", "max": "1"}, {"award": "CTDT", "max": "2"}]),
        ["blocs[0].quotas[1]: chỉ tiêu cho “CTDT” lặp lại"],
    ),
    "membership after the unit ended": (
        small(units=[{"code": "a", "name": "A", "valid_to": "2025-12-31"}], bloc={"members": ["a"], "head": None, "deputies": None}),
        ["blocs[0].members[0]: “a” không tồn tại trong năm 2026 (theo valid_from, valid_to)"],
    ),
    "membership before the unit began": (
        small(units=[{"code": "a", "name": "A", "valid_from": "2027-01-01"}], bloc={"members": ["a"], "head": "a", "deputies": None}),
        ["blocs[0].members[0]: “a” không tồn tại trong năm 2026 (theo valid_from, valid_to)"],
    ),
    "unit that ends before it begins": (
        small(units=[*small()["units"], {"code": "a", "name": "A", "valid_from": "2020-01-01", "valid_to": "2019-01-01"}]),
        ["units[3].valid_to: đơn vị kết thúc trước khi bắt đầu"],
    ),
    "unit that succeeds itself": (
        small(units=[*small()["units"], {"code": "a", "name": "A", "successor_of": ["a", "b"]}]),
        ["units[3].successor_of[0]: đơn vị không kế tục chính nó", "units[3].successor_of[1]: không có đơn vị “b”"],
    ),
    "milestone outside the year": (
        with_bloc(milestones=[{"code": "unit-report", "due": "2025-09-30", "locks": "2027-11-01"}]),
        [
            f"blocs[0].milestones[0].due: ngày 30/09/2025 {NEAR}",
            f"blocs[0].milestones[0].locks: ngày 01/11/2027 {NEAR}",
        ],
    ),
    "lock before due": (
        with_bloc(milestones=[{"code": "unit-report", "due": "2026-11-20", "locks": "2026-11-20T23:59:58"}]),
        ["blocs[0].milestones[0].locks: thời điểm khóa trước hạn nộp"],
    ),
    "receipt outside the year": (
        with_bloc(received=[{"unit": "hoi-nha-bao", "kind": "unit-report", "at": "2028-01-01"}]),
        [f"blocs[0].received[0].at: ngày 01/01/2028 {NEAR}"],
    ),
    "adopted outside the year": (
        with_bloc(report={"adopted_on": "2028-01-01"}),
        [f"blocs[0].report.adopted_on: ngày 01/01/2028 {NEAR}"],
    ),
    "covenant signed after the year": (
        with_bloc(covenant={"signed_on": "2027-01-01"}),
        ["blocs[0].covenant.signed_on: ngày 01/01/2027 ở ngoài năm (nhận từ 01/10/2025 đến 31/12/2026)"],
    ),
    "conference outside the year": (
        small(conferences=[{"kind": "year_end", "held_on": "2029-01-01"}]),
        [f"conferences[0].held_on: ngày 01/01/2029 {NEAR}"],
    ),
    "decision long after the year": (
        with_bloc(decisions=[{"number": "1", "dated": "2029-01-02"}]),
        ["blocs[0].decisions[0].dated: ngày 02/01/2029 ở ngoài năm (nhận từ 01/10/2025 đến 31/12/2028)"],
    ),
    "days that no calendar has left": (
        small(starts_on="0001-01-01", ends_on="9999-12-31", conferences=[{"kind": "briefing", "held_on": "2026-01-01"}]),
        ["ends_on: một năm thi đua không dài quá hai năm dương lịch"],
    ),
    "year that ends before it starts": (
        small(starts_on="2026-12-31", ends_on="2026-01-01"),
        ["ends_on: năm kết thúc trước khi bắt đầu"],
    ),
    "year beside its days": (
        small(starts_on="2024-01-01", ends_on="2024-12-31"),
        ["year: năm không khớp với starts_on và ends_on"],
    ),
    "year of the Lý dynasty": (small(year="1010"), ["year: năm phải từ 1945 đến 2200"]),
    "long label": (small(label="n" * 21), ["label: dài 21 chữ, nhiều nhất 20"]),
    "label with a slash": (small(label="2025/2026"), ["label: mã “2025/2026” có dấu /"]),
    "other format": (
        small(format="emulation-year/2"),
        ["format: “emulation-year/2” không thuộc các giá trị được dùng: 'emulation-year/1'"],
    ),
    "other kind of bloc": (
        with_bloc(kind="nhom"),
        ["blocs[0].kind: “nhom” không thuộc các giá trị được dùng: 'khoi', 'cum'"],
    ),
    "unit twice": (
        small(units=[*small()["units"], {"code": "hoi-nha-bao", "name": "X"}]),
        ["units[3]: mã “hoi-nha-bao” lặp lại"],
    ),
    "bloc twice": (
        small(blocs=[*small()["blocs"], *small()["blocs"]]),
        ["blocs[1]: mã “hoi-dac-thu” lặp lại"],
    ),
    "unknown parent": (with_bloc(parent="cum-x"), ["blocs[0].parent: không có cụm, khối “cum-x”"]),
    "bloc in itself": (with_bloc(parent="hoi-dac-thu"), ["blocs[0].parent: cụm, khối nằm trong chính nó"]),
    "target twice": (
        with_bloc(covenant={"targets": [{"code": "T1"}, {"code": "T1", "of": "hoi-nha-bao"}, {"code": "T1"}]}),
        ["blocs[0].covenant.targets[2]: chỉ tiêu “T1” lặp lại"],
    ),
    "result of no target": (
        with_bloc(covenant={"targets": [{"code": "T1", "of": "hoi-nha-bao"}], "results": [{"target": "T1", "value": "1"}]}),
        ["blocs[0].covenant.results[0].target: không có chỉ tiêu “T1”"],
    ),
    "unknown operator": (
        with_bloc(covenant={"targets": [{"code": "T1", "op": "=>"}]}),
        ["blocs[0].covenant.targets[0].op: “=>” không thuộc các giá trị được dùng: '>=', '>', '=', '<=', '<'"],
    ),
    "comma in a number": (
        with_bloc(covenant={"targets": [{"code": "T1", "value": "97,5"}]}),
        ["blocs[0].covenant.targets[0].value: “97,5” không phải số thập phân (viết như 12 hoặc 97.5)"],
    ),
    "more direct workers than people": (
        with_bloc(recognitions=[{"unit": "hoi-nha-bao", "award": "GK", "count": "3", "direct_workers": "4"}]),
        ["blocs[0].recognitions[0].direct_workers: lớn hơn tổng số (3)"],
    ),
    "hold that ends before it begins": (
        with_bloc(holds=[{"unit": "hoi-nha-bao", "code": "K", "from": "2026-02-01", "to": "2026-01-01"}]),
        ["blocs[0].holds[0].to: kết thúc trước khi bắt đầu"],
    ),
    "our own name for a key": (
        with_bloc(holds=[{"unit": "hoi-nha-bao", "code": "K", "begins_on": "2026-02-01"}]),
        ["blocs[0].holds[0].begins_on: khóa không có trong định dạng"],
    ),
    "our own name for votes": (
        with_bloc(ballots=[{"id": "b", "purpose": "head", "tally": {"hoi-nha-bao": {"votes_for": "1"}}}]),
        ["blocs[0].ballots[0].tally.hoi-nha-bao.votes_for: khóa không có trong định dạng"],
    ),
    "award ballot without award": (
        with_bloc(ballots=[{"id": "b", "purpose": "award"}]),
        ["blocs[0].ballots[0].award: bình xét khen thưởng phải ghi rõ khen thưởng nào"],
    ),
    "more present than voters": (
        with_bloc(ballots=[{"id": "b", "purpose": "head", "voters": "3", "present": "4"}]),
        ["blocs[0].ballots[0].present: có mặt nhiều hơn số đại biểu (3)"],
    ),
    "more votes than present": (
        with_bloc(ballots=[{"id": "b", "purpose": "head", "present": "4", "tally": {"hoi-nha-bao": {"for": "3", "against": "1", "blank": "1"}}}]),
        ["blocs[0].ballots[0].tally.hoi-nha-bao: tổng 5 phiếu, nhiều hơn số có mặt (4)"],
    ),
    "vote for a stranger": (
        with_bloc(ballots=[{"id": "b", "purpose": "head", "tally": {"hoi-x": {"for": "3"}}}]),
        [f"blocs[0].ballots[0].tally.hoi-x: {UNKNOWN}"],
    ),
    "ballot twice": (
        with_bloc(ballots=[{"id": "b", "purpose": "head"}, {"id": "b", "purpose": "other"}]),
        ["blocs[0].ballots[1]: mã “b” lặp lại"],
    ),
    "threshold above 100": (
        with_bloc(ballots=[{"id": "b", "purpose": "head", "threshold": {"percent": "101"}}]),
        ["blocs[0].ballots[0].threshold: percent phải từ 0 đến 100"],
    ),
    "list and number of proposals": (
        with_bloc(proposed={"CTDT": ["hoi-nha-bao"]}, proposed_counts={"CTDT": "1"}),
        ["blocs[0].proposed_counts.CTDT: đã có danh sách proposed cho khen thưởng này"],
    ),
    "proposed stranger": (with_bloc(proposed={"CTDT": ["hoi-x"]}), [f"blocs[0].proposed.CTDT[0]: {UNKNOWN}"]),
    "award code with a slash": (
        with_bloc(awarded={"A/B": ["hoi-nha-bao"]}),
        ["blocs[0].awarded.A/B: mã “A/B” có dấu /"],
    ),
    "movement of a stranger": (
        small(movements=[{"code": "m", "name": "M", "owner": "hoi-x", "coordinators": ["hoi-x"]}]),
        [f"movements[0].owner: {UNKNOWN}", f"movements[0].coordinators[0]: {UNKNOWN}"],
    ),
    "result of no indicator": (
        small(movements=[{"code": "m", "name": "M", "results": [{"indicator": "I1", "value": "1"}]}]),
        ["movements[0].results[0].indicator: không có chỉ số “I1”"],
    ),
    "movement that ends before its launch": (
        small(movements=[{"code": "m", "name": "M", "launched_on": "2026-02-01", "ends_on": "2026-01-01"}]),
        ["movements[0].ends_on: phong trào kết thúc trước khi phát động"],
    ),
    "conference of no bloc": (
        small(conferences=[{"bloc": "khoi-x", "kind": "briefing"}]),
        ["conferences[0].bloc: không có cụm, khối “khoi-x”"],
    ),
    "rules": (
        with_bloc(rules="hung-yen-2021"),
        ["blocs[0].rules: không có bộ quy tắc “hung-yen-2021”"],
    ),
    "scoring table": (
        with_bloc(scoring_table="bang-diem-mau-2026"),
        ["blocs[0].scoring_table: phần này chưa được hỗ trợ trong phiên bản hiện tại; bỏ khóa này rồi nhập lại"],
    ),
    "scores": (
        with_bloc(scores=[{"unit": "hoi-nha-bao", "stage": "self", "entries": {"1": {"points": "1"}}}]),
        ["blocs[0].scores: phần này chưa được hỗ trợ trong phiên bản hiện tại; bỏ khóa này rồi nhập lại"],
    ),
    "nothing required": ({}, [
        "format: thiếu mục bắt buộc này",
        "year: thiếu mục bắt buộc này",
        "authority: thiếu mục bắt buộc này",
        "units: thiếu mục bắt buộc này",
        "blocs: thiếu mục bắt buộc này",
    ]),
    "nothing required within": (
        small(authority={"place": "x"}, units=[{"kind": "x"}], blocs=[{"type": "x"}]),
        [
            "authority.code: thiếu mục bắt buộc này",
            "authority.name: thiếu mục bắt buộc này",
            "units[0].code: thiếu mục bắt buộc này",
            "units[0].name: thiếu mục bắt buộc này",
            "blocs[0].code: thiếu mục bắt buộc này",
            "blocs[0].name: thiếu mục bắt buộc này",
            "blocs[0].kind: thiếu mục bắt buộc này",
            "blocs[0].members: thiếu mục bắt buộc này",
        ],
    ),
    "list for a group": (small(authority=["x"]), ["authority: phải là một nhóm khóa - giá trị"]),
    "text for a list": (with_bloc(members="hoi-nha-bao"), ["blocs[0].members: phải là một danh sách"]),
    "group for a text": (with_bloc(name={"a": "b"}), ["blocs[0].name: phải là chữ"]),
    "null in a list": (with_bloc(members=["hoi-nha-bao", None]), ["blocs[0].members[1]: phải là chữ"]),
    "unknown keys": (
        small(bloc={"membres": ["x"]}, authority=small()["authority"] | {"plac": "x"}),
        ["authority.plac: khóa không có trong định dạng", "blocs[0].membres: khóa không có trong định dạng"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("data", "lines"), BAD.values(), ids=BAD.keys())
def test_fault_is_named_by_its_path_and_nothing_is_written(data, lines):
    assert refused(data) == lines


@pytest.mark.parametrize(("data", "lines"), BAD.values(), ids=BAD.keys())
def test_fault_in_a_later_file_changes_nothing(data, lines):
    bloc = {"code": "khoi-cu", "name": "Khối cũ", "kind": "khoi", "members": ["don-vi-cu"], "head": "don-vi-cu"}
    year, _, _ = load(small(units=[{"code": "don-vi-cu", "name": "Đơn vị cũ"}], blocs=[bloc]))
    before = exported(year)
    assert refused(data) == lines
    assert exported(year) == before


def test_fault_of_the_fifth_member_of_the_third_bloc():
    bloc = small()["blocs"][0]
    units = [*small()["units"], *({"code": code, "name": code} for code in "abcde")]
    second = {"code": "hai", "name": "Hai", "kind": "khoi", "members": ["e"]}
    third = second | {"code": "ba", "members": [*"abcd", "hoi-x"]}
    assert refused(small(units=units, blocs=[bloc, second, third])) == [f"blocs[2].members[4]: {UNKNOWN}"]


def test_unit_in_two_blocs_of_one_tier():
    bloc = small()["blocs"][0]
    beside = bloc | {"code": "b", "members": ["hoi-dong-y"], "head": None, "deputies": []}
    upper = beside | {"code": "cum", "kind": "cum"}
    lines = ["blocs[1].members[0]: đơn vị “hoi-dong-y” đã thuộc “hoi-dac-thu” cùng tầng"]
    assert refused(small(blocs=[bloc, beside])) == lines
    load(small(blocs=[bloc | {"parent": "cum"}, upper]))
    assert refused(small(blocs=[beside | {"parent": "cum"}])) == [lines[0].replace("blocs[1]", "blocs[0]")]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda text: text + "year: 2022\n", "year: khóa “year” lặp lại"),
        (lambda text: text.replace("    kind: cum", "    kind: cum\n    kind: cum"), "blocs[1].kind: khóa “kind” lặp lại"),
        (lambda text: text.replace("{for: 8,", "{for: 8, for: 8,"), "blocs[0].ballots[0].tally.hoi-nha-bao.for: khóa “for” lặp lại"),
        (lambda text: text.replace("year: 2022", "year: !!int 2022"), "year: không nhận thẻ YAML (tag:yaml.org,2002:int)"),
        (lambda text: text.replace("units:", "units: &all"), "units: không nhận neo YAML (&)"),
        (lambda text: text + "---\nformat: x\n", "dòng 130: chứa nhiều hơn một tài liệu YAML"),
        (lambda text: text.replace('"Cụm các hội"', '"Cụm \\u0000 các hội"'), "blocs[1].name: có ký tự điều khiển không nhận được (U+0000)"),
        (lambda text: text + "#" + " " * MAX_BYTES, "tệp: lớn hơn 20 MB"),
        (lambda text: text + "x: [" + "[" * 10_000, "x[0]" + "[0]" * 29 + ": lồng nhau quá 30 tầng"),
    ],
    ids=["key", "key of a bloc", "key of a tally", "tag", "anchor", "documents", "nul", "huge", "deep"],
)  # fmt: skip
def test_fault_of_the_yaml_itself(change, line):
    text = change(ALL_KEYS.read_text(encoding="utf-8"))
    if "documents" in line or "tài liệu" in line:
        line = f"dòng {text.split('---')[0].count(chr(10)) + 1}: chứa nhiều hơn một tài liệu YAML"
    assert refused(text.encode()) == [line]


def test_markup_in_a_name_is_stored_as_it_is():
    name = "<script>alert('Hội')</script> & <b>"
    file = as_file(
        small(units=[{"code": "a", "name": name}], bloc={"name": name, "members": ["a"], "head": "a", "deputies": []})
    )
    year, _, _ = load(file)
    assert UnitYear.objects.get().name == name
    assert content(exported(year)) == content(file)


def test_later_years_may_not_lose_a_unit_that_they_have():
    load(small())
    later = small(year="2020")
    later["units"][0]["valid_to"] = "2022-01-01"
    assert refused(later) == ["units[0]: “hoi-nha-bao” không tồn tại trong năm 2026 (theo valid_from, valid_to)"]
    assert Unit.objects.get(code="hoi-nha-bao").valid_to is None


def test_days_are_compared_with_the_year_that_is_stored():
    school = {"label": "2019-2020", "year": "2019"}
    load(small(**school, starts_on="2019-09-01", ends_on="2020-05-31"))
    year, _, _ = load(small(**school, conferences=[{"kind": "year_end", "held_on": "2021-01-15"}]))
    assert (year.starts_on.isoformat(), year.ends_on.isoformat()) == ("2019-09-01", "2020-05-31")
    assert refused(small(**school, ends_on="2019-08-01")) == ["ends_on: năm kết thúc trước khi bắt đầu"]


FIRST_AND_SECOND = {
    "milestone": (
        {"milestones": [{"code": "m", "due": "2026-11-20"}]},
        {"milestones": [{"code": "m", "locks": "2026-11-10"}]},
        "một mốc có thời điểm khóa trước hạn nộp (due, locks)",
    ),
    "ballot": (
        {"ballots": [{"id": "b", "purpose": "head", "voters": "3"}]},
        {"ballots": [{"id": "b", "purpose": "head", "present": "4"}]},
        "một cuộc bỏ phiếu có mặt nhiều hơn số đại biểu (voters, present)",
    ),
    "recognition": (
        {"recognitions": [{"unit": "hoi-nha-bao", "award": "GK", "direct_workers": "4"}]},
        {"recognitions": [{"unit": "hoi-nha-bao", "award": "GK", "count": "3"}]},
        "một dòng khen thưởng có direct_workers nhiều hơn count",
    ),
}


@pytest.mark.parametrize(("first", "second", "words"), FIRST_AND_SECOND.values(), ids=FIRST_AND_SECOND.keys())
def test_two_files_that_do_not_fit_together(first, second, words):
    load(with_bloc(**first))
    assert refused(with_bloc(**second)) == [f"tệp: ghép với dữ liệu đã có thì {words}"]


def test_fewer_present_than_votes_counted_earlier():
    ballot = {"id": "b", "purpose": "head"}
    load(with_bloc(ballots=[ballot | {"tally": {"hoi-nha-bao": {"for": "5"}}}]))
    assert refused(with_bloc(ballots=[ballot | {"present": "4"}])) == [
        "blocs[0].ballots[0].tally.hoi-nha-bao: tổng 5 phiếu, nhiều hơn số có mặt (4)"
    ]


def test_number_of_proposals_beside_an_earlier_list():
    load(with_bloc(proposed={"CTDT": ["hoi-nha-bao"]}))
    assert refused(with_bloc(proposed_counts={"CTDT": "1"})) == [
        "blocs[0].proposed_counts.CTDT: năm này đã có cả danh sách proposed; giữ một trong hai (dùng --replace)"
    ]


def test_parents_of_two_files_may_not_run_in_a_circle():
    upper = small()["blocs"][0] | {"code": "cum", "kind": "cum", "parent": "hoi-dac-thu"}
    load(small(blocs=[*small()["blocs"], upper]))
    assert refused(with_bloc(parent="cum"))[0] == "blocs[0].parent: cụm, khối nằm trong chính nó"


def test_year_may_not_be_moved_away_from_what_it_holds():
    load(with_bloc(covenant={"signed_on": "2025-12-02"}))
    assert refused(small(label="2026", starts_on="2026-09-01", ends_on="2027-05-31")) == [
        "blocs[0].covenant.signed_on: ngày 02/12/2025 ở ngoài năm (nhận từ 01/06/2026 đến 31/05/2027)"
    ]
