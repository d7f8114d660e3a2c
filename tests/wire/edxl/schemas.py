"""The schemas of OASIS, where a machine has them beside the repository; tests skip without."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[4] / "shared" / "schemas"
FILES = {
    "have": "edxl-have-1.0/edxl-have.xsd",
    "have-draft": "edxl-have-2.0-wd/edxl-have-v2.0-wd-patched.xsd",
    "cap": "cap-1.2/CAP-v1.2-os.xsd",
    "distribution": "edxl-de-1.0/EDXL-DE_Schema_v1.0.xsd",
}


@cache
def schema(name: str) -> Any:
    """Return a compiled schema; skips where it is not there."""
    etree = pytest.importorskip("lxml.etree", reason="the extra `xml` is not installed")
    path = SHARED / FILES[name]
    if not path.is_file():
        pytest.skip(f"no {FILES[name]} beside the repository (../shared/schemas)")
    return etree.XMLSchema(etree.parse(str(path)))


def wrong_by(name: str, body: bytes) -> str:
    """Return what a schema says against a document; "" for nothing."""
    etree = pytest.importorskip("lxml.etree", reason="the extra `xml` is not installed")
    found = schema(name)
    return "" if found.validate(etree.fromstring(body)) else str(found.error_log)
