"""A document named in a docstring must be one that we know."""

import ast
import re
from pathlib import Path

import pytest

from blocs.legal import SOURCES

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(path for path in ROOT.glob("*/domain/**/*.py") if ".venv" not in path.parts)


def docstrings(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)]
    return [text for node in nodes if (text := ast.get_docstring(node))]


def sources_in(text):
    named = re.findall(r"\bSource:\s*([^\n(.]+)", text)
    return {key.strip() for line in named for key in line.split(",")}


def test_there_are_modules_to_read():
    assert {"files.py", "proposals.py", "results.py", "load.py"} <= {path.name for path in MODULES}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_source_keys_in_docstrings_exist(path):
    named = set().union(*(sources_in(text) for text in docstrings(path)))
    assert named <= SOURCES.keys()


@pytest.mark.parametrize("key", SOURCES)
def test_every_source_is_named_somewhere(key):
    assert any(key in sources_in(text) for path in MODULES for text in docstrings(path))
