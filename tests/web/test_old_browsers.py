"""What a ward PC of 2018 (Chromium 69) can read: a script of ES2017 and no newer style."""

from __future__ import annotations

import re

import pytest

from wardlight.web.page import HERE

SCRIPT = (HERE / "static" / "live.js").read_text("utf-8")
STYLE = (HERE / "static" / "app.css").read_text("utf-8")
# Syntax and methods newer than ES2017; strings and comments are taken out before looking.
TOO_NEW_SCRIPT = {
    "optional chaining": r"\?\.(?!\d)",
    "nullish coalescing": r"\?\?",
    "optional catch binding": r"catch\s*\{",
    "object spread": r"\{\s*\.\.\.|,\s*\.\.\.\w+\s*\}",
    "private members": r"\.#\w|^\s*#\w",
    "class fields": r"^\s*(static\s+)?\w+\s*=\s*[^=].*;\s*$(?=[\s\S]*^\s*constructor)",
    "logical assignment": r"(\|\||&&|\?\?)=",
    "numeric separators": r"\d_\d",
    "big integers": r"\b\d+n\b",
    "async iteration": r"for\s+await",
    "dynamic import": r"\bimport\s*\(",
    "modules": r"^\s*(import|export)\s",
    "newer methods": r"\.(at|flat|flatMap|matchAll|replaceAll|fromEntries|allSettled|finally)\("
    r"|\.(replaceChildren|trimStart|trimEnd)\(",
    "globalThis": r"\bglobalThis\b",
}
TOO_NEW_STYLE = {
    "selectors": r":(has|is|where|focus-visible|not\([^)]*,)",
    "functions": r"\b(clamp|min|max|color-mix|oklch|lch)\(",
    "properties": r"\b(aspect-ratio|inset|accent-color|container|content-visibility|scale)\s*:",
    "at rules": r"@(container|layer|property|scope)\b",
    "nesting": r"&\s*[.:{]",
    "foreign addresses": r"url\(|@import|https?:",
}


def bare(script: str) -> str:
    without = re.sub(r"//[^\n]*|/\*.*?\*/", "", script, flags=re.DOTALL)
    return re.sub(r'"(?:\\.|[^"\\\n])*"', '""', without)


@pytest.mark.parametrize(("what", "pattern"), TOO_NEW_SCRIPT.items())
def test_the_script_has_nothing_newer_than_2017(what: str, pattern: str) -> None:
    assert re.findall(pattern, bare(SCRIPT), re.MULTILINE) == [], what


@pytest.mark.parametrize(
    ("what", "sample"),
    [
        ("optional chaining", "a?.b"),
        ("optional catch binding", "try { x() } catch { y() }"),
        ("object spread", "x = { ...y }"),
        ("newer methods", "a.replaceAll(b, c)"),
    ],
)
def test_the_check_of_the_script_finds_what_it_is_for(what: str, sample: str) -> None:
    assert re.findall(TOO_NEW_SCRIPT[what], bare(sample), re.MULTILINE) != []


@pytest.mark.parametrize(("what", "pattern"), TOO_NEW_STYLE.items())
def test_the_style_has_nothing_newer_than_2018(what: str, pattern: str) -> None:
    found = [hit[0] for hit in re.finditer(pattern, STYLE) if "minmax(" not in hit[0]]
    assert found == [], what


def test_a_gap_is_only_used_in_a_grid() -> None:
    rules = re.findall(r"\{([^{}]*)\}", STYLE)
    gaps = [rule for rule in rules if re.search(r"(^|[\s;])gap\s*:", rule)]
    assert gaps
    assert [rule for rule in gaps if "display: grid" not in rule] == []


def test_the_style_stays_small() -> None:
    assert len(STYLE) < 25_000
    assert len(SCRIPT) < 12_000
