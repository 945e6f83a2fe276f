"""import_rules, export_rules, quotas, completeness: exit codes, lines on standard error, JSON."""

import json

import pytest

from blocs.domain.files import read_yaml
from blocs.models import RuleSet
from tests.blocs.rule_rows import FOLDER, make_rule_set, stored
from tests.factories import make_authority, make_bloc_year, make_milestone, make_quota, make_year
from tests.reports.test_commands import run

pytestmark = pytest.mark.django_db


def file_of(name):
    return str(FOLDER / f"{name}.yaml")


@pytest.fixture
def bad(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text("format: emulation-rules/1\nid: x\nmilestones: [{code: a}, {code: a}]\nx: 1\n", encoding="utf-8")
    return str(path)


def test_import_keeps_a_draft_or_publishes():
    name = file_of("hung-yen-2021")
    assert run("import_rules", name) == (0, "Bộ quy tắc hung-yen-2021@1: đã nhập, bản nháp.\n", "")
    assert run("import_rules", name, "--publish") == (0, "Bộ quy tắc hung-yen-2021@1: đã nhập, đã công bố.\n", "")
    assert run("import_rules", name, "--publish")[1] == (
        "Bộ quy tắc hung-yen-2021@1: không có gì thay đổi, đã công bố.\n"
    )


def test_import_as_json_with_warnings(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text(
        "format: emulation-rules/1\nid: 07\nsources: [{document: QĐ 1, valid_to: 2020-12-31}]\n", encoding="utf-8"
    )
    words = "căn cứ “QĐ 1” đã hết hiệu lực từ sau ngày 31/12/2020"
    code, out, err = run("import_rules", str(path), "--format", "json")
    assert (code, err) == (0, f"Lưu ý: {words}\n")
    assert json.loads(out) == {"id": "07", "version": 1, "published": False, "changed": True, "warnings": [words]}


def test_refused_import_is_one_line_a_fault_and_nothing_stored(bad):
    line = "x: khóa không có trong định dạng\n"
    assert run("import_rules", bad, "--publish") == (1, "", line)
    assert RuleSet.objects.count() == 0


def test_published_version_is_refused_with_other_content(tmp_path):
    make_rule_set()
    path = tmp_path / "rules.yaml"
    path.write_text("format: emulation-rules/1\nid: quy-tac\n", encoding="utf-8")
    assert run("import_rules", str(path)) == (
        1, "", "version: quy-tac@1 đã công bố, không đổi được; hãy tăng số phiên bản\n",
    )  # fmt: skip


def test_export_is_a_rule_file_again(tmp_path):
    stored("vi-du")
    code, out, err = run("export_rules", "vi-du@1")
    path = tmp_path / "again.yaml"
    path.write_text(out, encoding="utf-8")
    assert (code, err, read_yaml(out.encode())["id"]) == (0, "", "vi-du")
    assert run("import_rules", str(path), "--publish")[1] == ("Bộ quy tắc vi-du@1: không có gì thay đổi, đã công bố.\n")
    assert run("export_rules", "vi-du")[1] == out


def test_export_as_json_is_a_rule_file_too(tmp_path):
    stored("vi-du")
    path = tmp_path / "again.json"
    path.write_text(run("export_rules", "vi-du", "--format", "json")[1], encoding="utf-8")
    assert run("import_rules", str(path), "--publish")[1] == ("Bộ quy tắc vi-du@1: không có gì thay đổi, đã công bố.\n")


@pytest.mark.parametrize("name", ["vi-du", "vi-du@1"])
def test_export_of_no_set(name):
    assert run("export_rules", name) == (1, "", f"không có bộ quy tắc “{name}”\n")


def bloc_of_seven(authority, code="khoi-a"):
    bloc_year = make_bloc_year(make_year(make_authority(code=authority)), members=7)
    bloc_year.bloc.code = code
    bloc_year.bloc.save()
    return bloc_year


def test_quotas_as_json_and_text():
    stored("quang-nam-2021")
    make_quota(bloc_of_seven("ubnd-quang-nam"), "GK", max=2)
    code, out, err = run("quotas", "khoi-a", "2026", "--format", "json")
    how = "50 % của 7 thành viên, làm tròn xuống, được 3; một số chung cho BKT, CTDCP, CTDT"
    assert (code, err) == (0, "")
    assert json.loads(out) == [
        {"award": "BKT", "max": 3, "how": how, "source": "Quyết định 11/2021/QĐ-UBND"},
        {"award": "GK", "max": 2, "how": "cố định 2", "source": None},
    ]
    assert run("quotas", "khoi-a", "2026")[1] == (
        f"BKT: tối đa 3 ({how}). Quyết định 11/2021/QĐ-UBND\nGK: tối đa 2 (cố định 2).\n"
    )


QN, HY = "Quyết định 1174/QĐ-UBND", "Dự thảo hướng dẫn năm 2021 của Hưng Yên"
PROVINCES = {  # a bloc of seven
    "hung-yen-2021": ("ubnd-hung-yen", [("CTDT", 2, "cố định 2", HY), ("BKT", 1, "cố định 1", HY)]),
    "bac-ninh-2025": ("ubnd-bac-ninh", []),
    "quang-ninh-2017": (
        "ubnd-quang-ninh",
        [
            ("CTDCP", 1, "cố định 1", QN),
            ("CTDT", 1, "cố định 1", QN),
            ("BKT", 2, "50 % của 5 thành viên còn lại (7 trừ 2), làm tròn xuống, được 2", QN),
        ],
    ),
}


@pytest.mark.parametrize("name", PROVINCES)
def test_quotas_of_the_provinces(name):
    stored(name)
    authority, expected = PROVINCES[name]
    bloc_of_seven(authority)

    found = json.loads(run("quotas", "khoi-a", "2026", "--format", "json")[1])

    assert found == [dict(zip(("award", "max", "how", "source"), row, strict=True)) for row in expected]


def test_bloc_without_quotas():
    bloc_of_seven("ubnd")
    assert run("quotas", "khoi-a", "2026")[1] == "Cụm, khối này không có chỉ tiêu khen thưởng.\n"
    assert json.loads(run("quotas", "khoi-a", "2026", "--format", "json")[1]) == []


@pytest.mark.parametrize("arguments", [["quotas", "khoi-a", "2026"], ["completeness", "2026", "--bloc", "khoi-a"]])
def test_two_issuers_of_one_code(arguments):
    for code in ("tinh-uy", "ubnd"):
        make_milestone(bloc_of_seven(code), due="2026-11-20")
    line = "Nhiều cơ quan có “khoi-a”: tinh-uy:khoi-a, ubnd:khoi-a. Ghi cả mã cơ quan.\n"
    assert run(*arguments) == (1, "", line)
    assert run(*[argument.replace("khoi-a", "ubnd:khoi-a") for argument in arguments])[0] == 0


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["quotas", "khoi-x", "2026"], "Không có cụm, khối “khoi-x” trong năm “2026”."),
        (["completeness", "2026", "--bloc", "khoi-x"], "Không có cụm, khối “khoi-x” trong năm “2026”."),
        (["completeness", "2031"], "Không có năm “2031”."),
    ],
)
def test_nothing_of_that_name(arguments, line):
    assert run(*arguments) == (1, "", f"{line}\n")


def test_completeness_needs_the_authority_where_two_have_the_year():
    for code in ("tinh-uy", "ubnd"):
        make_milestone(bloc_of_seven(code, code=f"khoi-{code}"), due="2026-11-20")
    assert run("completeness", "2026")[0] == 1
    rows = json.loads(run("completeness", "2026", "--authority", "ubnd", "--format", "json")[1])
    assert [(row["bloc"], row["expected"]) for row in rows] == [("khoi-ubnd", 7)]
