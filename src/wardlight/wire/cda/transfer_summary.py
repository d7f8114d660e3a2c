"""A C-CDA transfer summary (HL7 CCDA R2.1, Transfer Summary V2): what a transfer tells in XML.

Unknown is a section with nullFlavor NI and a sentence, never an empty list and never "none". HL7's
own sample of this document fails its schema (participantRole of class IND): it was not copied.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import NAMESPACE_OID, uuid5
from xml.etree.ElementTree import Element, register_namespace, tostring

from msgspec import Struct

from wardlight.record.codes import Coded, ResultState
from wardlight.record.events.charting import Allergy, Observation
from wardlight.record.identity import Person
from wardlight.record.instants import Instant, Moment, clinical_moment
from wardlight.wire.cda import entries
from wardlight.wire.cda.entries import UNSAID
from wardlight.wire.cda.header import header
from wardlight.wire.cda.parts import CDA, LOINC, XSI, add, template, text_of

MEDIA = "application/xml"
NOT_RECORDED = "Not recorded. This does not mean that there are none."


class Medicine(Struct, frozen=True, kw_only=True):
    """One running medicine, with its last dose."""

    number: str
    drug: Coded
    line: str  # dose, route and frequency in words
    started: Moment | None = None
    held: bool = False
    last: str = ""  # the last dose in words; "" for none on record


class Problem(Struct, frozen=True, kw_only=True):
    """One problem that has not ended."""

    problem: Coded
    since: Moment | None = None


class Found(Struct, frozen=True, kw_only=True):
    """One report with its lines."""

    number: str
    test: Coded
    at: Moment | None
    lines: tuple[Observation, ...]


class TransferSummary(Struct, frozen=True, kw_only=True):
    """Everything one document says, all of it of one patient. None or () is not known."""

    id: str  # what tells this document from any other
    made: Instant
    zone: str
    person: Person
    protected: bool
    site: str  # name of the sending hospital
    to: str  # name of the receiving one; "" for none yet
    receiver: str = ""  # the physician who accepts
    callback: str = ""
    admitted: Moment | None = None
    left: Moment | None = None
    visit: str = ""
    reason: tuple[str, ...]
    plan: tuple[str, ...]
    allergies: tuple[Allergy, ...] = ()
    none_known: bool = False  # somebody said that there are no known allergies
    medicines: tuple[Medicine, ...] = ()
    problems: tuple[Problem, ...] = ()
    results: tuple[Found, ...] = ()
    results_left_out: int = 0  # older reports that are not in the document
    signs: tuple[Found, ...] = ()
    signs_left_out: int = 0
    pending: tuple[str, ...] = ()


class _Section(Struct, frozen=True, kw_only=True):
    title: str
    code: str  # LOINC
    display: str
    template: tuple[str, str]
    rows: Sequence[str]
    entries: Sequence[Callable[[Element], None]] = ()
    empty: str = ""  # what is said, and flagged, where there are no rows


def transfer_summary(said: TransferSummary) -> bytes:
    """Return the document as UTF-8."""
    register_namespace("", CDA)
    register_namespace("xsi", XSI)
    document = Element(f"{{{CDA}}}ClinicalDocument")
    header(document, said)
    body = add(add(document, "component"), "structuredBody")
    for section in _sections(said):
        _write(add(add(body, "component"), "section"), section)
    written: bytes = tostring(document, encoding="utf-8", xml_declaration=True)
    return written


def document_id(*parts: str) -> str:
    """Return the id of a document: the same each time for the same parts."""
    return str(uuid5(NAMESPACE_OID, "\x1f".join(map(text_of, parts))))


def _write(held: Element, section: _Section) -> None:
    if section.empty and not section.rows:
        held.set("nullFlavor", "NI")
    template(held, *section.template)
    add(held, "code", code=section.code, codeSystem=LOINC, displayName=section.display)
    add(held, "title", section.title)
    words = add(add(held, "text"), "list")
    for row in section.rows or [section.empty or "Nothing to say."]:
        add(words, "item", row)
    for entry in section.entries:
        entry(add(held, "entry", typeCode="DRIV"))


def _sections(said: TransferSummary) -> list[_Section]:
    return [
        _Section(
            title="Reason for transfer",
            code="42349-1",
            display="Reason for referral",
            template=("1.3.6.1.4.1.19376.1.5.3.1.3.1", "2014-06-09"),
            rows=said.reason,
            empty="Not written.",
        ),
        _allergy_section(said),
        _Section(
            title="Medications",
            code="10160-0",
            display="History of Medication use Narrative",
            template=("2.16.840.1.113883.10.20.22.2.1.1", "2014-06-09"),
            rows=[_medicine_words(one) for one in said.medicines],
            entries=[entries.medicine(one, said.id, said.zone) for one in said.medicines],
            empty=NOT_RECORDED,
        ),
        _Section(
            title="Problems",
            code="11450-4",
            display="Problem list - Reported",
            template=("2.16.840.1.113883.10.20.22.2.5.1", "2015-08-01"),
            rows=[one.problem.words() or "not named" for one in said.problems],
            entries=[entries.problem(one, said.id, said.zone) for one in said.problems],
            empty=NOT_RECORDED,
        ),
        _Section(
            title="Results",
            code="30954-2",
            display="Relevant diagnostic tests/laboratory data note",
            template=("2.16.840.1.113883.10.20.22.2.3.1", "2015-08-01"),
            rows=_rows(said.results, said.results_left_out, said.zone),
            entries=[entries.results(one, said.id, said.zone) for one in said.results],
            empty="No result is known.",
        ),
        _Section(
            title="Vital signs",
            code="8716-3",
            display="Vital signs note",
            template=("2.16.840.1.113883.10.20.22.2.4.1", "2015-08-01"),
            rows=_rows(said.signs, said.signs_left_out, said.zone),
            entries=[entries.signs(one, said.id, said.zone) for one in said.signs],
            empty="No vital sign is known.",
        ),
        _Section(
            title="Assessment and plan",
            code="51847-2",
            display="Evaluation + Plan note",
            template=("2.16.840.1.113883.10.20.22.2.9", "2014-06-09"),
            rows=[*said.plan, *(f"Pending: {one}" for one in said.pending)],
            empty="Not written.",
        ),
    ]


def _allergy_section(said: TransferSummary) -> _Section:
    rows = [_allergy_words(one) for one in said.allergies]
    made = [entries.allergy(one, said.id, said.zone) for one in said.allergies]
    if said.none_known and not rows:
        rows, made = ["No known allergies, as somebody said."], [entries.no_allergy(said.id)]
    return _Section(
        title="Allergies and intolerances",
        code="48765-2",
        display="Allergies and adverse reactions Document",
        template=("2.16.840.1.113883.10.20.22.2.6.1", "2015-08-01"),
        rows=rows,
        entries=made,
        empty="Allergies not recorded. This does not mean that there are none.",
    )


def _allergy_words(one: Allergy) -> str:
    reaction = ", ".join(one.reactions) or "reaction not recorded"
    return f"{one.agent.words() or 'agent not stated'}: {reaction}"


def _medicine_words(one: Medicine) -> str:
    held = " HELD." if one.held else ""
    last = f" Last dose {one.last}." if one.last else " No dose on record."
    return f"{one.line}.{held}{last}"


def _rows(found: Sequence[Found], left_out: int, zone: str) -> list[str]:
    """Return each line with its time; and how many older reports are not here."""
    rows = [_line_words(line, line.at or one.at, zone) for one in found for line in one.lines]
    if left_out:
        rows.append(f"{left_out} older reports are not in this document: ask the sending hospital.")
    return rows


def _line_words(line: Observation, at: Moment | None, zone: str) -> str:
    """Return a line as it is read: a value with its time and status, or why it has none."""
    when = clinical_moment(at, zone) if at is not None else "time not known"
    said = (line.test.words() or "test not named", _value_words(line), *line.flags)
    state = "" if line.state is ResultState.FINAL else f", {line.state}"
    return f"{' '.join(said)} ({when}{state})"


def _value_words(line: Observation) -> str:
    if line.state in UNSAID:
        return "value withdrawn"
    return f"{line.value} {line.unit}".strip() if line.value else "no value stated"
