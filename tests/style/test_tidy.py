"""The rules of CONTRIBUTING.md that a program can check; each failure says what to do instead."""

from __future__ import annotations

import ast
import gc
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "wardlight"

FUNCTION_LINES_AIM = 25
FUNCTION_LINES_MAX = 60
# Share of functions within the aim. A ratchet: it may be raised here, never lowered.
FUNCTIONS_WITHIN_AIM_MIN = 0.90
MODULE_LINES_MAX = 400
TEST_MODULE_LINES_MAX = 600

# Put together from pieces, because this file is searched too.
REGISTRY_HOSTS = (
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "npmjs" + ".org",
    "npmjs" + ".com",
    "yarnpkg" + ".com",
    "deb.debian" + ".org",
    "crates" + ".io",
    "proxy.golang" + ".org",
)
FOLDERS = frozenset({".ci", "benchmarks", "decisions", "docs", "src", "tests", "tools"})
MADE = frozenset({"__pycache__", "node_modules", ".peers", ".build"})
MACHINE_PATH = re.compile(r"(?<![\w.~<>-])/(?:work|root|tmp|home/\w+)/\w")
LINK = re.compile(r"\]\(([^)\s]+)\)")
TEST_NAME = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
SECTIONS = ("## Context", "## Decision", "## Consequences")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _unpacked() -> Iterator[Path]:
    for top in sorted(ROOT.iterdir()):
        if top.is_file():
            yield top
        elif top.name in FOLDERS:
            yield from (path for path in sorted(top.rglob("*")) if path.is_file())


@cache
def tracked() -> tuple[Path, ...]:
    """Return the files of the repository; of the unpacked archive where there is no git."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        return tuple(path for path in _unpacked() if not MADE & {*path.parts})
    listing = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)  # noqa: S603 - fixed words
    names = listing.stdout.decode().split("\0")
    return tuple(ROOT / name for name in names if name and (ROOT / name).is_file())


def named(path: Path) -> str:
    """Return the path as a person reads it."""
    return str(path.relative_to(ROOT))


@cache
def modules() -> tuple[tuple[Path, ast.Module], ...]:
    """Return the product's modules with their syntax trees."""
    gc.disable()  # the nodes all stay: looking for rubbish among them takes twice as long
    try:
        return tuple((path, ast.parse(path.read_text())) for path in sorted(SRC.rglob("*.py")))
    finally:
        gc.enable()


@cache
def functions() -> tuple[tuple[Path, Function], ...]:
    """Return every function of the product, methods and inner ones too."""
    return tuple(
        (path, node)
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, Function)
    )


def lines_of(function: Function) -> int:
    """Count what a reader has to hold in mind: the docstring is help, not load."""
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    docstring = ast.get_docstring(function, clean=False)
    return total - (docstring.count("\n") + 1 if docstring else 0)


def markdown() -> Iterator[Path]:
    """Return the pages of the repository."""
    return (path for path in tracked() if path.suffix == ".md")


def safety_rows() -> list[str]:
    """Return the rows of SAFETY.md's table, without its head."""
    rows = [row for row in (ROOT / "SAFETY.md").read_text().splitlines() if row.startswith("|")]
    return rows[2:]


def test_no_function_is_longer_than_sixty_lines() -> None:
    long = [
        f"{named(path)}:{function.name} has {lines_of(function)} lines"
        for path, function in functions()
        if lines_of(function) > FUNCTION_LINES_MAX
    ]
    assert long == []


def test_most_functions_are_within_the_aim_of_twenty_five_lines() -> None:
    lengths = [(lines_of(function), named(path), function.name) for path, function in functions()]
    beyond = sorted((entry for entry in lengths if entry[0] > FUNCTION_LINES_AIM), reverse=True)
    within = 1 - len(beyond) / max(len(lengths), 1)
    assert within >= FUNCTIONS_WITHIN_AIM_MIN, f"shorten some of {beyond}"


def test_no_module_is_longer_than_a_reader_bears() -> None:
    limits = {"src": MODULE_LINES_MAX, "tests": TEST_MODULE_LINES_MAX}
    long = [
        f"{named(path)} has {length} lines"
        for path in tracked()
        if path.suffix == ".py" and (limit := limits.get(path.relative_to(ROOT).parts[0]))
        if (length := len(path.read_text().splitlines())) > limit
    ]
    assert long == []


def _is_broad(handler: ast.ExceptHandler) -> bool:
    caught = handler.type
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(
        name is None or (isinstance(name, ast.Name) and name.id in {"Exception", "BaseException"})
        for name in names
    )


def test_only_the_supervising_loop_of_run_catches_everything() -> None:
    broad = [
        f"{named(path)}:{node.lineno}"
        for path, tree in modules()
        if path.relative_to(SRC).parts[0] != "run"
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and _is_broad(node)
    ]
    assert broad == []


def test_every_module_and_public_function_says_what_it_is_on_the_ward() -> None:
    silent = [
        f"{named(path)}: {getattr(node, 'name', 'the module')}"
        for path, tree in modules()
        for node in (tree, *(n for n in tree.body if isinstance(n, Function | ast.ClassDef)))
        if not getattr(node, "name", "").startswith("_") and ast.get_docstring(node) is None
    ]
    assert silent == []


@cache
def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""  # a picture, a font, a message in another character set


def test_no_file_names_a_package_registry() -> None:
    naming = [
        f"{named(path)}: {host}"
        for path in tracked()
        for host in REGISTRY_HOSTS
        if host in _text(path)
    ]
    assert naming == []


def test_no_file_names_a_place_on_one_machine() -> None:
    naming = [
        f"{named(path)}: {found.group()}"
        for path in tracked()
        if (found := MACHINE_PATH.search(_text(path)))
    ]
    assert naming == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_one_version_and_hashes(name: str) -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
    loose = [e for e in entries if not re.match(r"[\w.-]+==\S+", e) or "--hash=sha256:" not in e]
    assert loose == []


def test_every_decision_has_context_decision_and_consequences() -> None:
    pages = sorted((ROOT / "decisions").glob("*.md"))
    lacking = [
        f"{named(page)} lacks {section}"
        for page in pages
        for section in SECTIONS
        if section not in page.read_text()
    ]
    assert pages
    assert lacking == []


def test_every_link_in_the_pages_leads_somewhere() -> None:
    broken = [
        f"{named(page)}: {target}"
        for page in markdown()
        for target in LINK.findall(page.read_text())
        if "://" not in target and not target.startswith(("#", "mailto:"))
        if not (page.parent / target.split("#")[0]).exists()
    ]
    assert broken == []


def test_every_hazard_names_a_test() -> None:
    assert [row for row in safety_rows() if not TEST_NAME.search(row)] == []


def test_every_test_that_a_hazard_names_exists() -> None:
    missing = [
        f"{path}::{name}"
        for path, name in TEST_NAME.findall("\n".join(safety_rows()))
        if not (ROOT / path).is_file()
        or not re.search(rf"^(async )?def {name}\(", (ROOT / path).read_text(), re.MULTILINE)
    ]
    assert missing == []
