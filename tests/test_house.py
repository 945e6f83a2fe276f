"""The house rules that a machine can watch: sizes, who writes a state, what may not stand in code, templates and files."""

import ast
import re
from pathlib import Path

import pytest

APPS = ("config", "blocs", "movements", "awards", "reports")
OURS = [path for name in (*APPS, "tests", "scripts") for path in sorted(Path(name).rglob("*.py"))]
CODE = [path for path in OURS if path.parts[0] in APPS and "migrations" not in path.parts]
TEMPLATES = sorted(Path("templates").rglob("*.*"))
STATIC = sorted(path for path in Path("static").rglob("*") if path.is_file())

FILE_LINES, FUNCTION_LINES, TEMPLATE_LINES = 400, 40, 250

# Above the limit, with the reason. The number is a ceiling: such a file or function may shrink, not grow.
LONG_FILES = {
    "tests/blocs/test_files.py": 430,  # one reader, its refusals side by side
    "tests/reports/test_renderings.py": 470,  # one row from the request to the file
    "tests/reports/test_unit_reports.py": 430,  # one report through all its states
    "tests/reports/test_yearfile_errors.py": 430,  # the refusals of one format side by side
}
LONG_FUNCTIONS = {
    "scripts/guide_pictures.py::unit": 45,  # one story, picture after picture
    "tests/e2e/test_annual_report.py::test_annual_report_from_the_unit_to_the_opened_pdf": 70,  # one story, four people
    "tests/reports/strategies.py::blocs": 45,  # one strategy that draws a whole bloc
}


def lines_of(path):
    return path.read_text(encoding="utf-8").count("\n")


def functions_of(path):
    """{"path::name": number of lines} of every function and method."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {f"{path}::{node.name}": node.end_lineno - node.lineno + 1 for node in nodes}


def found_in(paths, pattern):
    """["path:line: text"] of every line that the pattern finds."""
    return [
        f"{path}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]


# ---------------------------------------------------------------- sizes


def test_files_are_short():
    sizes = {str(path): lines_of(path) for path in OURS if "migrations" not in path.parts}

    assert {name: size for name, size in sizes.items() if size > LONG_FILES.get(name, FILE_LINES)} == {}


def test_functions_are_short():
    sizes = {name: size for path in OURS if "migrations" not in path.parts for name, size in functions_of(path).items()}

    assert {name: size for name, size in sizes.items() if size > LONG_FUNCTIONS.get(name, FUNCTION_LINES)} == {}


def test_templates_are_short():
    assert {str(path): lines_of(path) for path in TEMPLATES if lines_of(path) > TEMPLATE_LINES} == {}


# ---------------------------------------------------------------- code


def test_state_is_written_by_its_own_module():
    """``.update(state=…)`` goes past the rules; only a rendering and a letter are claimed that way, by compare-and-set."""
    text = {str(path): path.read_text(encoding="utf-8") for path in CODE}

    writers = [name for name, code in text.items() if re.search(r"\.update\(\s*(?:[a-z_]+=[^()]*,\s*)*state=", code)]

    assert writers == ["reports/domain/messages.py", "reports/domain/renderings.py"]


def test_state_is_assigned_in_the_domain_only():
    outside = [path for path in CODE if "domain" not in path.parts]

    assert found_in(outside, r"\.state\s*=[^=]") == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"is_superuser",
        r"mark_safe|SafeString|SafeData",
        r"\.raw\(|RawSQL|\.extra\(",
        r"csrf_exempt",
        r"\bpickle\b|\beval\(|\bexec\(",
        r"yaml\.(?:load|unsafe_load|full_load)\(",
        r"\bprint\(|\bbreakpoint\(|import pdb",
        r"type: ignore(?!\[)|# noqa(?!: )",
    ],
)
def test_code_does_without(pattern):
    assert found_in(CODE, pattern) == []


def test_templates_escape_everything():
    assert found_in(TEMPLATES, r"\|\s*safe\b|autoescape|safeseq|\{%\s*debug") == []


def test_views_are_functions_behind_a_door():
    """Every view of ours asks for a signed-in user and one method; only an invitation, the health check and the
    public page that verifies a paper do not."""
    open_doors = []
    for path in CODE:
        if not re.search(r"views", str(path)):
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.args.args and node.args.args[0].arg == "request":
                names = {ast.unparse(decorator).partition("(")[0] for decorator in node.decorator_list}
                asks_method = names & {"require_GET", "require_POST", "require_http_methods"}
                if not node.name.startswith("_") and names and not ("login_required" in names and asks_method):
                    open_doors.append(node.name)

    assert open_doors == ["invitation", "health", "verify", "verify_code"]


# ---------------------------------------------------------------- files


def test_static_files_are_our_own():
    """Foreign files come with their packages: no minified file, no foreign notice, no long line, no font."""
    named = [str(path) for path in STATIC if ".min." in path.name or path.suffix not in {".css", ".js", ".svg"}]
    notices = found_in(STATIC, r"(?i)copyright|licen[sc]ed?\b|@license|/\*!|sourceMappingURL")
    long_lines = found_in(STATIC, r".{400}")

    assert (named, notices, long_lines) == ([], [], [])


def test_static_files_load_nothing_from_outside():
    text = {str(path): path.read_text(encoding="utf-8").replace("http://www.w3.org/", "") for path in STATIC}

    assert [name for name, content in text.items() if re.search(r"https?:|url\(\s*[\"']?//|@import", content)] == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_file_takes_packages_from_the_registry_only(name):
    text = Path(name).read_text(encoding="utf-8")

    entries = [line.partition(" ;")[0].removesuffix(" \\") for line in text.splitlines() if line[:1].isalnum()]
    assert re.findall(r"https?://|git\+|file:|--index-url|--find-links", text) == []
    assert [entry for entry in entries if not re.fullmatch(r"[a-z0-9.-]+(?:\[[a-z, ]+\])?==[0-9a-z.+!]+", entry)] == []
    assert text.count("--hash=sha256:") >= len(entries) > 20


def test_every_package_says_why_it_is_there():
    text = Path("pyproject.toml").read_text(encoding="utf-8")
    block = text.partition("dependencies = [")[2].partition("]\n")[0]

    assert [line.strip() for line in block.splitlines() if line.strip() and "#" not in line] == []
