"""A reader of CDA documents that knows nothing of the writer: lxml, paths and template ids."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

NS = {"h": "urn:hl7-org:v3"}
SECTIONS = {  # Transfer Summary V2 (C-CDA R2.1): section template → LOINC code
    "2.16.840.1.113883.10.20.22.2.6.1": "48765-2",
    "2.16.840.1.113883.10.20.22.2.1.1": "10160-0",
    "2.16.840.1.113883.10.20.22.2.5.1": "11450-4",
    "2.16.840.1.113883.10.20.22.2.3.1": "30954-2",
    "2.16.840.1.113883.10.20.22.2.4.1": "8716-3",
    "1.3.6.1.4.1.19376.1.5.3.1.3.1": "42349-1",
    "2.16.840.1.113883.10.20.22.2.9": "51847-2",
}
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


class Document:
    """One document as another hospital's system would take it in."""

    def __init__(self, body: bytes) -> None:
        self.root = etree.fromstring(body, PARSER)

    def texts(self, path: str) -> list[str]:
        """Return the texts or attributes at a path."""
        return [str(one) for one in self.root.xpath(path, namespaces=NS)]

    def section(self, code: str) -> str:
        """Return the narrative of a section, its items one a line."""
        return "\n".join(self.texts(f"//h:section[h:code/@code='{code}']/h:text//text()"))

    def is_empty(self, code: str) -> bool:
        """Return whether a section says that nothing is known."""
        return self.texts(f"//h:section[h:code/@code='{code}']/@nullFlavor") == ["NI"]

    def everything(self) -> str:
        """Return every text and attribute."""
        return "\n".join(self.texts("//text() | //@*"))

    def faults(self) -> Iterator[str]:
        """Check what the template demands beyond the schema."""
        roots = self.texts("/h:ClinicalDocument/h:templateId/@root")
        if "2.16.840.1.113883.10.20.22.1.13" not in roots:
            yield "not a transfer summary"
        if self.texts("/h:ClinicalDocument/h:code/@code") != ["18761-7"]:
            yield "wrong document code"
        ids = self.texts("//h:component//h:id/@root")
        if len(ids) != len(set(ids)):
            yield "an id stands for two things"
        for name in ("author", "custodian", "recordTarget", "componentOf"):
            if len(self.root.xpath(f"/h:ClinicalDocument/h:{name}", namespaces=NS)) != 1:
                yield f"not one {name}"
        yield from self._section_faults()

    def _section_faults(self) -> Iterator[str]:
        for root, code in SECTIONS.items():
            held = f"//h:section[h:templateId/@root='{root}']"
            if self.texts(f"{held}/h:code/@code") != [code]:
                yield f"section {code} is missing or twice"
            if not "".join(self.texts(f"{held}/h:text//text()")).strip():
                yield f"section {code} has no narrative"
            entries, empty = self.texts(f"{held}/h:entry/@typeCode"), self.is_empty(code)
            if bool(entries) == empty and code not in ("42349-1", "51847-2"):
                yield f"section {code} has entries and none, or neither"


def schema_faults(body: bytes, shared: Path) -> list[str]:
    """Return what HL7's schema finds wrong."""
    [path] = list((shared / "schemas/cda").rglob("CDA_SDTC.xsd"))[:1]
    schema = etree.XMLSchema(etree.parse(str(path)))
    schema.validate(etree.fromstring(body, PARSER))
    return [str(one.message) for one in schema.error_log]
