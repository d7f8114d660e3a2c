"""The schemas of OASIS that a site holds: what does not fit them is not published.

lxml comes with the extra `xml`; it reads no network, no DTD and no entity here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

NAMES = {
    "have": "edxl-have.xsd",
    "have-draft": "edxl-have-v2.0*.xsd",
    "cap": "CAP-v1.2*.xsd",
}
SAID_MAX = 200


class Schemas:
    """The schemas of one folder; without a folder nothing is checked by them."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._compiled: dict[str, Any] = {}
        self.trouble = ""
        self._unusable = ""
        if folder is not None:
            self._load(folder)

    def names(self) -> tuple[str, ...]:
        """Return which formats are checked."""
        return tuple(self._compiled)

    def wrong(self, name: str, body: bytes) -> str:
        """Return what a schema says against a document; "" for nothing, or for no schema."""
        if name not in self._compiled:
            return ""
        etree, schema = self._compiled[name]
        try:
            valid = schema.validate(etree.fromstring(body, _parser(etree)))
        except etree.XMLSyntaxError as error:
            return str(error)[:SAID_MAX]
        return "" if valid else str(schema.error_log.last_error.message)[:SAID_MAX]

    def _load(self, folder: Path) -> None:
        try:
            from lxml import etree  # noqa: PLC0415 -- an extra: the node works without it
        except ImportError:
            self.trouble = "the extra `xml` (lxml) is not installed"
            return
        for name, pattern in NAMES.items():
            found = sorted(folder.rglob(pattern))
            self._unusable = f"{pattern} is not in {folder}"
            schemas = (self._schema(path, etree) for path in found)
            schema = next((one for one in schemas if one is not None), None)
            if schema is None:
                self.trouble = self._unusable
            else:
                self._compiled[name] = (etree, schema)

    def _schema(self, path: Path, etree: Any) -> Any:
        """Return a compiled schema; None for one that cannot be used, with why."""
        try:
            return etree.XMLSchema(etree.parse(str(path), _parser(etree)))
        except (etree.LxmlError, OSError) as error:
            self._unusable = f"{path.name} cannot be used: {str(error)[:SAID_MAX]}"
            return None


def _parser(etree: Any) -> Any:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
