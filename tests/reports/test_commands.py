"""The management commands that other systems call: exit codes, lines on standard error, JSON."""

import json
import os
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from blocs.models import AuditEvent, BlocYear, Year
from reports.domain import renderings
from reports.enums import DocumentKind
from tests.factories import make_authority, make_bloc_year, make_user, make_year
from tests.reports.yearfiles import ALL_KEYS, ROOT, as_file, content, row_counts, small

pytestmark = pytest.mark.django_db
NOT_YET = "Lệnh này cần bộ quy tắc hoặc bảng điểm, chưa được hỗ trợ trong phiên bản hiện tại.\n"


def run(*arguments, **options):
    """(exit code, standard output, standard error) of a command."""
    out, err = StringIO(), StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=err, **options)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def file(tmp_path):
    def write(data):
        path = tmp_path / "year.yaml"
        path.write_bytes(data if isinstance(data, bytes) else as_file(data))
        return str(path)

    return write


# ---------------------------------------------------------------- taking a file in


def test_import_prints_what_came(file):
    assert run("import_year", file(small())) == (
        0,
        "Đã nhập năm 2026 của ubnd-son-ha:\n  thêm 1 blocs.authority\n  thêm 1 blocs.bloc\n  thêm 1 blocs.blocyear\n"
        "  thêm 3 blocs.membership\n  thêm 3 blocs.unit\n  thêm 3 blocs.unityear\n  thêm 1 blocs.year\n",
        "",
    )


def test_import_again_says_that_nothing_changed(file):
    run("import_year", file(small()))
    assert run("import_year", file(small())) == (0, "Đã nhập năm 2026 của ubnd-son-ha:\n  không có gì thay đổi\n", "")


def test_import_as_json(file):
    code, out, err = run("import_year", file(small()), "--format", "json")
    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "authority": "ubnd-son-ha",
        "year": "2026",
        "dry_run": False,
        "created": {
            "blocs.authority": 1, "blocs.bloc": 1, "blocs.blocyear": 1, "blocs.membership": 3, "blocs.unit": 3, "blocs.unityear": 3,
            "blocs.year": 1,
        },
        "updated": [],
        "removed": [],
    }  # fmt: skip


def test_dry_run_writes_nothing(file):
    counts = row_counts()
    code, out, _ = run("import_year", file(small()), "--dry-run")
    assert (code, out.split("\n")[0], row_counts()) == (0, "Thử, chưa ghi:", counts)


def test_replace_lists_what_goes(file):
    run("import_year", file(small(bloc={"motto": "Cũ"})))
    less = small(units=small()["units"][:2], bloc={"members": ["hoi-nha-bao", "hoi-luat-gia"]})
    assert run("import_year", file(less), "--replace") == (
        0,
        "Đã nhập năm 2026 của ubnd-son-ha:\n  sửa khối của năm: 2026 · hoi-dac-thu\n"
        "  xóa thành viên: Khối thi đua các Hội đặc thù, năm 2026 · Hội Đông y tỉnh\n  xóa đơn vị trong năm: 2026 · hoi-dong-y\n",
        "",
    )


def test_unknown_award_is_a_warning(file):
    code, _, err = run("import_year", file(small(bloc={"awarded": {"GIAI_X": ["hoi-nha-bao"]}})))
    assert (code, err) == (0, "Lưu ý: khen thưởng “GIAI_X” chưa có trong danh mục, đã thêm để bổ sung tên\n")


@pytest.mark.parametrize("options", [[], ["--format", "json"], ["--dry-run"], ["--replace"]])
def test_refused_file_is_one_line_a_fault_and_nothing_written(file, options):
    counts = row_counts()
    bad = small(bloc={"members": ["hoi-nha-bao", "hoi-x"], "head": "hoi-y", "kind": "khoi", "deputies": []})
    assert run("import_year", file(bad), *options) == (
        1,
        "",
        "blocs[0].members[1]: không có đơn vị “hoi-x” trong danh sách units của năm này\n"
        "blocs[0].head: Khối trưởng “hoi-y” không phải thành viên\n",
    )
    assert row_counts() == counts


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_file_that_cannot_be_read(tmp_path, name):
    with pytest.raises(CommandError) as caught:
        run("import_year", str(tmp_path / name))
    assert "không đọc được" in str(caught.value)


# ---------------------------------------------------------------- giving a year out


@pytest.mark.usefixtures("stored_rules")
def test_export_goes_to_standard_output(file):
    run("import_year", str(ALL_KEYS))
    code, out, err = run("export_year", "2022")
    assert (code, err) == (0, "")
    assert content(out.encode()) == content(ALL_KEYS.read_bytes())


@pytest.mark.usefixtures("stored_rules")
def test_export_of_an_export_is_the_same(file):
    run("import_year", str(ALL_KEYS))
    _, first, _ = run("export_year", "2022")
    events = AuditEvent.objects.count()
    run("import_year", file(first.encode()))
    assert (run("export_year", "2022")[1], AuditEvent.objects.count()) == (first, events)


@pytest.mark.usefixtures("stored_rules")
def test_export_as_json_is_a_year_file_too(file):
    run("import_year", str(ALL_KEYS))
    _, out, _ = run("export_year", "2022", "--format", "json")
    assert content(out.encode()) == content(ALL_KEYS.read_bytes())


def test_export_of_no_year():
    assert run("export_year", "1999") == (1, "", "Không có năm “1999”.\n")


def test_export_needs_the_authority_where_two_have_the_year(file):
    for code in ("tinh-uy", "ubnd"):
        run("import_year", file(small(authority={"code": code, "name": code})))
    assert run("export_year", "2026") == (1, "", "Nhiều cơ quan có năm “2026”: tinh-uy, ubnd. Ghi thêm cơ quan.\n")
    code, out, _ = run("export_year", "2026", "--authority", "ubnd")
    assert (code, content(out.encode())["authority"]["code"]) == (0, "ubnd")
    assert run("export_year", "2026", "--authority", "x") == (1, "", "Không có năm “2026” của “x”.\n")


# ---------------------------------------------------------------- papers


def two_blocs_of_one_code():
    for code in ("tinh-uy", "ubnd"):
        bloc_year = make_bloc_year(make_year(make_authority(code=code)), name=f"Khối của {code}")
        bloc_year.bloc.code = "khoi-a"
        bloc_year.bloc.save()
    return BlocYear.objects.get(year__authority__code="ubnd")


@pytest.mark.slow
def test_document_equals_the_workers(tmp_path):
    bloc_year = two_blocs_of_one_code()
    row = renderings.request(bloc_year, DocumentKind.SUMMARY_REPORT, by=make_user("bloc_head", bloc_year=bloc_year))
    renderings.make(row.pk)
    row.refresh_from_db()
    out = tmp_path / "out.pdf"
    code, text, err = run("render_document", "summary-report", "ubnd:khoi-a", "2026", "--out", str(out))
    assert (code, err, text) == (0, "", f"Đã ghi {out} ({out.stat().st_size} byte).\n")
    assert out.read_bytes() == renderings.path_of(row).read_bytes()


@pytest.mark.parametrize(
    ("bloc", "label", "line"),
    [
        ("khoi-a", "2026", "Nhiều cơ quan có “khoi-a”: tinh-uy:khoi-a, ubnd:khoi-a. Ghi cả mã cơ quan."),
        ("khoi-b", "2026", "Không có cụm, khối “khoi-b” trong năm “2026”."),
        ("so-nv:khoi-a", "2026", "Không có cụm, khối “so-nv:khoi-a” trong năm “2026”."),
        ("ubnd:khoi-a", "2025", "Không có cụm, khối “ubnd:khoi-a” trong năm “2025”."),
    ],
)
def test_document_of_no_single_bloc(tmp_path, bloc, label, line):
    two_blocs_of_one_code()
    out = tmp_path / "out.pdf"
    code, text, err = run("render_document", "summary-report", bloc, label, "--out", str(out))
    assert (code, text, sorted(err.strip().split("\n")), out.exists()) == (1, "", [line], False)


LATER = [
    "score-sheet", "score-summary", "ballot-paper", "ballot-minutes",
    "proposal-letter", "decision",
]  # fmt: skip


@pytest.mark.parametrize("kind", LATER)
def test_document_of_a_later_version(tmp_path, kind):
    assert run("render_document", kind, "-", "2026", "--unit", "a", "--id", "1", "--out", str(tmp_path / "x")) == (
        1, "", f"Văn bản “{kind}” chưa được hỗ trợ trong phiên bản hiện tại.\n",
    )  # fmt: skip


def test_paper_of_a_year_names_its_authority_where_two_have_that_year(tmp_path):
    codes = [make_year(make_authority(), year=2026).authority.code for _ in range(2)]
    out = tmp_path / "x.pdf"
    assert "Ghi thêm cơ quan" in run("render_document", "province-report", "-", "2026", "--out", str(out))[2]

    assert run("render_document", "province-report", f"{codes[1]}:-", "2026", "--out", str(out))[0] == 0
    assert out.read_bytes().startswith(b"%PDF")


def test_document_of_no_kind(tmp_path):
    with pytest.raises(CommandError):
        run("render_document", "poem", "a", "2026", "--out", str(tmp_path / "x"))


# ---------------------------------------------------------------- commands of later versions


@pytest.mark.parametrize(
    "arguments",
    [
        ["import_scoring_table", "x.yaml"],
        ["import_scoring_table", "x.yaml", "--publish"],
        ["score_bloc", "khoi-a", "2026", "--stage", "agreed"],
        ["check_proposals", "khoi-a", "2026", "--format", "json"],
    ],
    ids=" ".join,
)
def test_command_of_a_later_version_says_so(arguments):
    assert run(*arguments) == (1, "", NOT_YET)


# ---------------------------------------------------------------- as a process


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "code", "err"),
    [
        (["score_bloc", "khoi-a", "2026"], 1, NOT_YET),
        (["import_year", "tests/data/missing.yaml"], 1, "CommandError: tests/data/missing.yaml: không đọc được (No such file or directory)\n"),
    ],
)  # fmt: skip
def test_exit_code_of_the_process(arguments, code, err):
    environment = os.environ | {"PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, "", err)


def test_year_of_the_command_is_the_one_stored(file):
    run("import_year", file(small()))
    assert Year.objects.get().label == "2026"
