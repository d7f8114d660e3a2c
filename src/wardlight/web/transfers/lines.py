"""The rows of the transfer board, and the names of hospitals as a page shows them."""

from __future__ import annotations

from msgspec import Struct

from wardlight.record.identity import PatientKey
from wardlight.record.instants import age_words
from wardlight.views.transfers.transfer_board import Row, inbound
from wardlight.views.transfers.transfers import Case, Gate, OfferState
from wardlight.views.words import born_words
from wardlight.web.addresses import site_url
from wardlight.web.page import Desk
from wardlight.web.services.lines import name_of
from wardlight.web.times import Times
from wardlight.web.wards.board import MASKED, listed_name


class OfferLine(Struct, frozen=True, kw_only=True):
    """One hospital that was asked."""

    hospital: str
    state: str
    at: str
    by: str
    reason: str


class GateLine(Struct, frozen=True):
    """One gate: its name, and whether it is passed."""

    name: str
    passed: bool


class TransferLine(Struct, frozen=True, kw_only=True):
    """One transfer on the board."""

    request: str
    href: str
    name: str
    born: str
    patient_href: str
    handle: str
    place: str
    state: str
    to_close: bool
    need: str
    urgency: str
    why: str
    asked: str
    waits: str
    offers: tuple[OfferLine, ...]
    gates: tuple[GateLine, ...]
    to: str
    planned: str  # the hospital they left for, where they go elsewhere; else ""
    transport: str
    left: str
    due: str
    overdue: str
    lacks: str
    emergency: str


def transfer_url(site: str, request: str) -> str:
    """Return the address of one transfer."""
    return f"{site_url('transfers', site)}/{request}"


def hospital_words(desk: Desk, hospital: str) -> str:
    """Return the name of a site of ours or of a neighbour by its code, else what was written."""
    return name_of(desk, hospital.strip())


def hospitals(desk: Desk, without: str) -> tuple[tuple[str, str], ...]:
    """Return the hospitals a form offers, code and name: our sites but this one, neighbours."""
    ours = [(code, site.name) for code, site in desk.sites.items() if code != without]
    status = desk.views.service_status
    others = [(one.code, one.name) for one in status.neighbours() if one.code not in desk.sites]
    return (*ours, *others)


def gates_of(case: Case) -> tuple[GateLine, ...]:
    """Return every gate and whether it is passed; after departure as it was then."""
    lacks: tuple[str, ...] = case.missing()
    if case.departed:
        lacks = case.departed.said.lacks
    return tuple(GateLine(str(gate), str(gate) not in lacks) for gate in Gate)


def transfer_line(desk: Desk, row: Row, t: Times) -> TransferLine:
    """Return one line of the board."""
    case = row.case
    name, born = shown_name(desk, row.patient, t)
    way = case.transport.said if case.transport else None
    due = case.due()
    gone = case.departed
    return TransferLine(
        request=case.request,
        href=transfer_url(case.site, case.request),
        name=name,
        born=born,
        patient_href=desk.patient_url(row.patient),
        handle=desk.handles.of(row.patient),
        place=row.place.words(),
        state=str(row.state),
        to_close=row.to_close(),
        need=", ".join((f"{case.need.bed} bed", *case.need.needs)),
        urgency=str(case.need.urgency),
        why=f"{case.need.why}: {case.need.reason}",
        asked=t.at(case.at),
        waits=age_words(row.waits_ms) if row.waits_ms else "",
        offers=offer_lines(desk, case, t),
        gates=gates_of(case),
        to=hospital_words(desk, case.heading()),
        planned=hospital_words(desk, case.planned()) if case.elsewhere() else "",
        transport=", ".join(part for part in (way.company, str(way.level), way.unit) if part)
        if way
        else "",
        left=t.at(gone.step.occurred) if gone else "",
        due=(t.at(due) if case.due_is_known() else f"{t.at(due)} at the latest, way not known")
        if due is not None
        else "",
        overdue=age_words(row.overdue_ms) if row.overdue_ms else "",
        lacks=", ".join(gone.said.lacks) if gone else "",
        emergency=gone.said.emergency if gone else "",
    )


def offer_lines(desk: Desk, case: Case, t: Times) -> tuple[OfferLine, ...]:
    """Return what each hospital said, refusals with their reason."""
    return tuple(
        OfferLine(
            hospital=hospital_words(desk, one.hospital),
            state="asked, no answer yet" if one.state is OfferState.ASKED else str(one.state),
            at=t.at(one.at),
            by=one.by,
            reason=one.reason,
        )
        for one in case.offers
    )


def shown_name(desk: Desk, patient: PatientKey, t: Times) -> tuple[str, str]:
    """Return name and birth date as a list may show them."""
    person = desk.views.people.person(patient)
    if person is not None and person.protected:
        return MASKED, "withheld"
    return listed_name(person), born_words(person.birth if person else None, t.now, t.zone)


def inbound_lines(desk: Desk, site: str, t: Times) -> list[TransferLine]:
    """Return who comes to a site of ours from another one, under whatever name it was called."""
    names = (site, desk.sites[site].name)
    return [transfer_line(desk, row, t) for row in inbound(desk.views, site, names, t.now)]
