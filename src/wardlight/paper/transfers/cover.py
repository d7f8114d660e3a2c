"""The first sheets of a packet: HICS 260, the certificate of 42 CFR 489.24, and what is pending.

What nobody wrote is an empty line to fill in by hand, never a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from wardlight.paper.head import NOT_RECORDED, at, moment
from wardlight.paper.packs.census import alerts, code_status
from wardlight.paper.packs.sheets import PatientSheets, UnitPack
from wardlight.paper.packs.summary import phones
from wardlight.record.events.transfers import Basis, Consent
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant
from wardlight.views.laboratory.laboratory import Trace
from wardlight.views.transfers.transfers import Case, Gate, TransferState, same_hospital

TO_WRITE = ""  # an empty line on paper
_STATES = {
    TransferState.WAITING: "no hospital has accepted yet",
    TransferState.CANCELLED: "CANCELLED: this patient does not go",
}
YES, NO = "yes", "no"


NameOf = Callable[[str], str]
"""The name of a hospital by its code; another text comes back as it is."""


class Going(Struct, frozen=True, kw_only=True):
    """One transfer with what its papers are made of, all of one patient."""

    case: Case
    patient: PatientKey  # whose transfer it is, by the number of today
    sheets: PatientSheets
    to: str  # name of the hospital that takes the patient; "" for none yet
    name_of: NameOf = str
    traces: tuple[Trace, ...] = ()  # specimens of this patient alone that are still out
    exams: tuple[str, ...] = ()  # examinations of this patient without a final reading, in words
    sources: tuple[PatientKey, ...] = ()  # whose the specimens and examinations are


def cover(going: Going, pack: UnitPack) -> dict[str, Any]:
    """Return HICS 260: who, why, with what, from where, to where, and when."""
    case = going.case
    return {
        "state": _STATES.get(case.state(), str(case.state())),
        "lacks": _lacks(case),
        "why": [
            ["Why", str(case.need.why)],
            ["In words", case.need.reason],
            ["Diagnosis", case.need.diagnosis or going.sheets.stay.reason or TO_WRITE],
            ["How soon", str(case.need.urgency)],
            ["Needs", ", ".join((f"{case.need.bed} bed", *case.need.needs))],
        ],
        "care": _care(going),
        "from": _from(going, pack),
        "to": _to(going, pack),
        "way": _way(case, pack),
        "goes_along": _goes_along(case),
        "there": [
            "Arrived, time",
            "Wristband checked by",
            "Record received by",
            "Medicines received",
            "Belongings received",
            "Placed in unit, bed",
        ],
    }


def _lacks(case: Case) -> str:
    """Return what an emergency let pass, with its reason; else what is still missing."""
    if case.departed:
        gone = case.departed.said
        return f"LEFT WITHOUT {', '.join(gone.lacks)}: {gone.emergency}" if gone.lacks else ""
    missing = [gate for gate in case.missing() if gate is not Gate.PACKET]
    return f"NOT YET COMPLETE, still missing: {', '.join(missing)}" if missing else ""


def _care(going: Going) -> list[list[str]]:
    case, sheets = going.case, going.sheets
    return [
        ["Code status", "; ".join(code_status(sheets))],
        ["Isolation", case.need.isolation or TO_WRITE],
        ["Alerts", "; ".join(alerts(sheets)) or NOT_RECORDED],
        ["Equipment that goes along", case.need.equipment or TO_WRITE],
        ["Language", sheets.person.language or NOT_RECORDED],
        ["Family or contact", _contacts(sheets)],
        ["Family told", case.packet.said.family if case.packet else TO_WRITE],
    ]


def _contacts(sheets: PatientSheets) -> str:
    named = [f"{one.contact.name} {phones(one.contact.phones)}" for one in sheets.chart.contacts]
    return "; ".join(named[:2]) or NOT_RECORDED


def _from(going: Going, pack: UnitPack) -> list[list[str]]:
    case, stay = going.case, going.sheets.stay
    return [
        ["From", pack.site],
        ["Unit, bed", stay.location.words() or case.need.place.words() or NOT_RECORDED],
        ["Physician here", case.need.physician or stay.attending or TO_WRITE],
        ["Phone", case.need.callback or TO_WRITE],
        ["Asked for", at(case.at, pack)],
        ["Left", _time(case.departed.step.occurred if case.departed else None, pack)],
    ]


def _to(going: Going, pack: UnitPack) -> list[list[str]]:
    case = going.case
    yes = case.accepted.said if case.accepted else None
    where = " ".join(part for part in (yes.unit, yes.bed) if part) if yes else ""
    rows = [
        ["To", going.to or TO_WRITE],
        ["Accepted by", yes.by if yes else TO_WRITE],
        ["Accepted at", _time(case.accepted.step.occurred if case.accepted else None, pack)],
        ["Unit, bed there", where or TO_WRITE],
        ["Report to", yes.report_to if yes else TO_WRITE],
        ["Report given", _report(case, pack)],
    ]
    if case.elsewhere() and case.rerouted:
        why = case.rerouted.said.because
        rows.append(["Changed on the way", f"left for {going.name_of(case.planned())}; {why}"])
    return rows


def _report(case: Case, pack: UnitPack) -> str:
    if case.report is None:
        return TO_WRITE
    return f"{case.report.said.to}, {at(case.report.step.occurred, pack)}"


def _way(case: Case, pack: UnitPack) -> list[list[str]]:
    way = case.transport.said if case.transport else None
    minutes = f"{way.minutes} min" if way and way.minutes is not None else TO_WRITE
    return [
        ["Transport", way.company if way else TO_WRITE],
        ["Level", str(way.level) if way else str(case.need.level or TO_WRITE)],
        ["Vehicle or run", way.unit if way else TO_WRITE],
        ["Crew", (case.departed.said.crew if case.departed else "") or (way.crew if way else "")],
        ["Life support on board", way.equipment if way else TO_WRITE],
        ["Takes", minutes],
        ["Should be there", _time(case.due(), pack) if case.departed else TO_WRITE],
    ]


def _goes_along(case: Case) -> list[list[str]]:
    packet = case.packet.said if case.packet else None
    if packet is None:
        names = ("Record", "Medicines", "Belongings", "Imaging CD", "Blood", "Wristband checked by")
        return [[name, TO_WRITE] for name in names]
    return [
        ["Record", YES if packet.records else NO],
        ["Medicines", YES if packet.medicines else NO],
        ["Belongings", packet.belongings or TO_WRITE],
        ["Imaging CD", packet.imaging or TO_WRITE],
        ["Blood", packet.blood or TO_WRITE],
        ["Wristband checked by", packet.bands or TO_WRITE],
    ]


def _time(when: Instant | None, pack: UnitPack) -> str:
    return at(when, pack) if when is not None else TO_WRITE


def certificate(going: Going, pack: UnitPack) -> dict[str, Any]:
    """Return the certificate with each element and the paragraph that asks for it."""
    case = going.case
    one = case.certified.said if case.certified else None
    yes = case.accepted.said if case.accepted else None
    way = case.transport.said if case.transport else None
    wishes = one is not None and one.basis is Basis.REQUEST
    return {
        "signed": at(case.certified.step.occurred, pack) if case.certified else "",
        "basis": str(one.basis) if one else TO_WRITE,
        "bases": [str(basis) for basis in Basis],
        "consents": [str(consent) for consent in Consent],
        "hospital_differs": bool(one and yes and not same_hospital(one.hospital, yes.hospital)),
        "hospital": going.name_of(one.hospital) if one else TO_WRITE,
        "rows": [
            ["(e)(1)(ii)", "Benefits expected of the transfer", one.benefits if one else ""],
            ["(e)(1)(ii)", "Risks, those of the way too", one.risks if one else ""],
            [
                "(b)",
                "Emergency condition stabilised",
                (YES if one.stabilised else NO) if one else "",
            ],
            ["(e)(2)(i)", "Treatment here to lower the risk", one.treatment if one else ""],
            ["(e)(2)(ii)(A)", "Space and qualified people there", _capable(case)],
            [
                "(e)(2)(ii)(B)",
                "Agreed to accept and to treat",
                f"{going.to}: {yes.by}, {_time(_accepted_at(case), pack)}" if yes else "",
            ],
            ["(e)(2)(iii)", "Records sent", _records(case)],
            [
                "(e)(2)(iii)",
                "On-call physician who did not come",
                (one.absent_on_call or "none named") if one else "",
            ],
            [
                "(e)(2)(iv)",
                "Qualified crew and equipment",
                f"{way.company}, {way.level}, {way.equipment or 'equipment not written'}"
                if way
                else "",
            ],
            ["consent", "The patient", _consent(going) if one else ""],
            ["(e)(1)(i)", "Reasons of who asks", one.asks_because if one and wishes else "-"],
        ],
        "physician": one.physician if one else TO_WRITE,
        "signed_by": one.signed_by if one else TO_WRITE,
    }


def _accepted_at(case: Case) -> Instant | None:
    return case.accepted.step.occurred if case.accepted else None


def _capable(case: Case) -> str:
    if case.accepted is None:
        return TO_WRITE
    return "yes, as they said" if case.accepted.said.capable else "NOT CONFIRMED"


def _records(case: Case) -> str:
    if case.packet is None:
        return TO_WRITE
    imaging = case.packet.said.imaging
    return f"summary, MAR, results and those pending{f', imaging CD {imaging}' if imaging else ''}"


def _consent(going: Going) -> str:
    certified = going.case.certified
    assert certified is not None, "asked before"
    said = certified.said
    return f"{said.consent}: {said.consent_by}" if said.consent_by else str(said.consent)


def pending(going: Going, pack: UnitPack) -> dict[str, Any]:
    """Return what is not resulted yet, who rings whom, and the last doses no MAR has."""
    case = going.case
    own = case.pending.said if case.pending else None
    doses = case.doses.said if case.doses else None
    return {
        "owner": [
            ["Answers for late results", f"{own.owner}, {own.phone}" if own else TO_WRITE],
            ["Rings", f"{own.tells} {own.tells_phone}".strip() if own else TO_WRITE],
        ],
        "tests": _tests(going, pack),
        "ordered": [
            f"{order.words()}, ordered {moment(order.ordered, pack)}"
            for order in going.sheets.results.pending
        ],
        "exams": list(going.exams),
        "doses": [
            ["Last doses gone through by", _checked(case, pack)],
            ["Given and not on the MAR", "; ".join(doses.also) if doses else TO_WRITE],
            ["Due next", doses.next_due if doses else TO_WRITE],
        ],
        "none_given": bool(doses and doses.none_given),
    }


def _checked(case: Case, pack: UnitPack) -> str:
    if case.doses is None:
        return TO_WRITE
    return f"{case.doses.said.checked_by}, {at(case.doses.step.occurred, pack)}"


def _tests(going: Going, pack: UnitPack) -> Sequence[dict[str, str]]:
    return [
        {
            "tests": ", ".join(test.words() for test in one.open_tests) or "as on the requisition",
            "accession": one.accession or "no number yet",
            "state": str(one.state),
            "taken": at(one.started, pack),
        }
        for one in going.traces
    ]
