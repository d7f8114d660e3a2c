"""A day on which two emergency departments take no ambulances, as the forms people fill in.

Three neighbours of the network are invented, with numbers nobody has. The forms go through the
same rules as everybody's; how long ago each was filled in is in minutes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct, structs

from wardlight.record import catalogue
from wardlight.record.identity import PatientKey
from wardlight.sim.region_places import POSITIONS

HOME, SISTER, REFUGE = "MMH", "RGH", "WBH"  # who closes, who closes with it, who still takes
TRANSFERS = 14
LATER_MINUTES = 6
DEPARTED, ARRIVED = catalogue.TRANSFER_DEPARTED, catalogue.TRANSFER_ARRIVED
Pairs = tuple[tuple[str, str], ...]


class Filled(Struct, frozen=True, kw_only=True):
    """One form: of which site, by whom, about whom, and how many minutes ago."""

    kind: str
    fields: Pairs
    ago: float
    site: str = HOME
    account: str = "bcharge"
    patient: PatientKey = PatientKey("")
    transfer: int = -1  # which of the transfers a step belongs to; -1 for none
    next_in: float = 0  # minutes from now to the next update it promises; 0: it promises none


class Neighbour(Struct, frozen=True):
    """An invented hospital outside the network."""

    code: str
    name: str
    phone: str
    latitude: str
    longitude: str
    can: tuple[str, ...]
    cannot: tuple[str, ...] = ()


NEIGHBOURS = (
    Neighbour(
        "EXC",
        "Example City",
        "555-0142",
        "41.88",
        "-72.62",
        ("ED", "trauma", "stroke", "STEMI", "CT", "cath lab", "ICU", "OR"),
    ),
    Neighbour(
        "SMP",
        "Sample Valley",
        "555-0155",
        "41.70",
        "-72.30",
        ("ED", "CT", "ICU"),
        ("trauma", "STEMI"),
    ),
    Neighbour("FCT", "Fiction Falls", "555-0163", "41.98", "-72.45", ("ED",), ("CT", "stroke")),
)


def closures() -> Iterator[Filled]:
    """Return what is open and what is not, at home and around."""
    for one in NEIGHBOURS:
        yield _kept(one)
    yield _state("ED", "divert", 118, category="IT outage", reason="no CT, no laboratory system")
    yield _state("CT", "closed", 118, category="IT outage", reason="images cannot be read")
    yield _state("stroke", "divert", 117, category="equipment or CT failure")
    yield _state("electives", "closed", 110, category="IT outage", reason="until tomorrow 07:00")
    for service in ("OB", "ICU", "OR", "dialysis"):
        yield _state(service, "open", 109)
    yield _state(
        "ED", "closed", 95, site=SISTER, category="IT outage", reason="staff moved to Manchester"
    )
    yield _state("ED", "limited", 62, site=REFUGE, category="ED saturation", reason="12 boarding")
    for service in ("CT", "stroke", "STEMI", "cath lab", "trauma", "ICU", "OR"):
        yield _state(service, "open", 61, site=REFUGE)
    for site, ago in (("CCM", 53), ("TAY", 48), ("DCM", 47), ("SPR", 20)):
        yield _state("ED", "open", ago, site=site)
    yield _heard("EXC", "open", 34)
    yield _heard("SMP", "limited", 41, category="ED saturation", reason="long waits")
    yield _heard("FCT", "divert", 22, category="staffing", reason="one physician until 19:00")
    yield from _counts()
    yield _for_the_public()


def _for_the_public() -> Filled:
    """Return the approval of what the public reads, in every language."""
    fields = (
        ("hotline", "555-0100"),
        ("wait_minutes", "12"),
        ("approved_by", "L. Command-Sample, public information"),
        ("read", "yes"),
    )
    return Filled(
        kind=catalogue.PUBLIC_APPROVED, fields=fields, ago=12, account="lcommand", next_in=240
    )


def _kept(one: Neighbour) -> Filled:
    fields = (
        ("code", one.code),
        ("neighbour", one.name),
        ("phone", one.phone),
        ("radio", "MED 5"),
        ("latitude", one.latitude),
        ("longitude", one.longitude),
        *(("can", service) for service in one.can),
        *(("cannot", service) for service in one.cannot),
    )
    return Filled(kind=catalogue.NEIGHBOUR_STATED, fields=fields, ago=140)


def _state(service: str, state: str, ago: float, *, site: str = HOME, **more: str) -> Filled:
    fields = {"service": service, "state": state, "authorised_by": "Dr C. Doctor-Sample", **more}
    return Filled(kind=catalogue.SERVICE_STATED, fields=tuple(fields.items()), ago=ago, site=site)


def _heard(facility: str, state: str, ago: float, **more: str) -> Filled:
    return _state("ED", state, ago, facility=facility, heard="charge nurse, phone", **more)


def day(patients: Sequence[PatientKey]) -> list[Filled]:
    """Return everything that was filled in until now, first the first."""
    return sorted((*closures(), *ambulances(), *transfers(patients)), key=lambda one: -one.ago)


# Unit, place, kind of patient, how urgent, the nearest one passed over, where it goes, why, ago.
_AMBULANCES = (
    ("Medic 7", "Sample Corner", "stroke", "emergent", HOME, REFUGE, "CT closed", 52),
    ("Medic 3", "Sample Corner", "any", "urgent", HOME, "EXC", "ED diverts", 44),
    ("Ambulance 12", "Nowhere Green", "any", "low", SISTER, "EXC", "ED closed", 39),
    ("Medic 9", "Example Mills", "any", "urgent", HOME, "TAY", "ED diverts", 33),
    ("Ambulance 4", "Nowhere Green", "OB", "emergent", SISTER, "EXC", "ED closed", 26),
    ("Medic 5", "Invention Bridge", "STEMI", "emergent", "", REFUGE, "", 21),
    ("Ambulance 8", "Example Mills", "any", "low", HOME, "CCM", "ED diverts", 14),
    ("Medic 11", "Sample Corner", "trauma", "critical", HOME, "EXC", "trauma centre", 9),
    ("Ambulance 2", "Nowhere Green", "any", "urgent", SISTER, "EXC", "ED closed", 4),
)


def ambulances() -> Iterator[Filled]:
    """Return where ambulances were sent in the last hour, as a dispatcher wrote it down."""
    for unit, place, need, acuity, passed, to, why, ago in _AMBULANCES:
        latitude, longitude = POSITIONS[place]
        fields = (
            ("unit", unit),
            ("place", place),
            ("latitude", latitude),
            ("longitude", longitude),
            ("need", need),
            ("acuity", acuity),
            ("instead_of", passed),
            ("to", to),
            ("why", why or "nearest capable"),
            ("called", "charge nurse, phone"),
        )
        yield Filled(kind=catalogue.DESTINATION_DECIDED, fields=fields, ago=float(ago))


def _counts() -> Iterator[Filled]:
    """Return how full the departments are: patients, beds, admits, ventilated, waits in hours."""
    rows = (
        (HOME, "31", "25", "9", "126", "1", "6.5", "2.0", "0", 25.0),
        (REFUGE, "44", "30", "12", "140", "3", "7.0", "3.5", "4", 18.0),
    )
    names = (
        "ed_patients",
        "ed_beds",
        "admits_in_ed",
        "hospital_beds",
        "ventilated_in_ed",
        "longest_admit_wait_h",
        "last_bed_wait_h",
        "ems_waiting",
    )
    for site, *values, ago in rows:
        fields = tuple(zip(names, map(str, values), strict=True))
        yield Filled(kind=catalogue.CROWDING_COUNTED, fields=fields, ago=float(ago), site=str(site))
    for facility, bed, free in _FREE_BEDS:
        own = facility == REFUGE
        fields = (("bed", bed), ("available", free))
        yield Filled(
            kind=catalogue.BEDS_COUNTED,
            fields=fields if own else (("facility", facility), *fields),
            ago=27.0,
            site=REFUGE if own else HOME,
        )


_FREE_BEDS = (
    (REFUGE, "ICU", "3"),
    (REFUGE, "ward", "9"),
    (REFUGE, "tele", "4"),
    ("EXC", "ICU", "5"),
    ("EXC", "ward", "14"),
    ("SMP", "ward", "6"),
    ("SMP", "tele", "3"),
)
_ASKED = (
    # bed, what else, how soon, transport, where to, what for
    ("ICU", "ventilator", "immediate", "critical care transport", "EXC", "CT down, head injury"),
    ("ICU", "CT", "immediate", "critical care transport", "EXC", "CT down, acute stroke"),
    ("tele", "cath lab", "urgent", "ALS", "EXC", "cath lab without images, chest pain"),
    ("ward", "dialysis", "urgent", "BLS", REFUGE, "dialysis machines cannot be programmed"),
    ("ward", "", "routine", "BLS", REFUGE, "ward closes for the night"),
    ("tele", "", "urgent", "ALS", REFUGE, "monitors do not report"),
    ("ward", "isolation", "routine", "BLS", "SMP", "ward closes for the night"),
)
# How far each of the fourteen has come; the rest happens while one looks on.
_REACHED = (
    *("arrived", "departed", "departed", "departed"),
    *("ready", "ready", "ready", "accepted", "accepted"),
    *("refused", "offered", "offered", "requested", "requested"),
)


def transfers(patients: Sequence[PatientKey]) -> Iterator[Filled]:
    """Return the forms of fourteen patients who have to go, each as far as it has come."""
    for number, (patient, reached) in enumerate(zip(patients, _REACHED, strict=False)):
        began = 92.0 - 3 * number
        for at, (kind, fields) in enumerate(steps(number, reached)):
            yield Filled(
                kind=kind,
                fields=fields,
                ago=max(began - 9.0 * at, 1.0),
                account="cdoctor",
                patient=patient if kind == catalogue.TRANSFER_REQUESTED else PatientKey(""),
                transfer=number,
            )


def later() -> Iterator[Filled]:
    """Return what happens while one looks on; `ago` below zero is how many minutes from now."""
    arrive = [_step(number, ARRIVED) for number in (1, 2, 3)]
    leave = [_step(number, DEPARTED) for number in (4, 5, 6)]
    told: list[Filled] = [
        arrive[0],
        _heard("FCT", "open", 0),
        leave[0],
        arrive[1],
        _state("ED", "divert", 0, site=REFUGE, category="ED saturation", reason="18 boarding"),
        leave[1],
        arrive[2],
        leave[2],
    ]
    for turn, one in enumerate(told):
        yield structs.replace(one, ago=-LATER_MINUTES * (turn + 1))


def _step(number: int, kind: str) -> Filled:
    *_, (_, fields) = (one for one in steps(number, "arrived") if one[0] == kind)
    return Filled(kind=kind, fields=fields, ago=0, account="cdoctor", transfer=number)


def steps(number: int, reached: str) -> Iterator[tuple[str, Pairs]]:
    """Return the steps of one transfer up to the one it has reached."""
    bed, need, urgency, level, hospital, reason = _ASKED[number % len(_ASKED)]
    yield _requested(bed, need, urgency, reason)
    if reached == "requested":
        return
    if reached == "refused":
        fields = (("hospital", "SMP"), ("by", "Dr No-Sample"), ("reason", f"no {bed} bed"))
        yield catalogue.TRANSFER_OFFERED, (("hospital", "SMP"), ("how", "phone"))
        yield catalogue.TRANSFER_REFUSED, fields
        return
    yield catalogue.TRANSFER_OFFERED, (("hospital", hospital), ("how", "phone"))
    if reached == "offered":
        return
    yield (
        catalogue.TRANSFER_ACCEPTED,
        (
            ("hospital", hospital),
            ("by", "Dr Yes-Sample"),
            ("capable", "yes"),
            ("report_to", "charge nurse, 555-0142"),
        ),
    )
    if reached == "accepted":
        return
    yield from _made_ready(hospital, level, reason)
    if reached == "ready":
        return
    yield DEPARTED, (("hospital", hospital), ("crew", "Example Ambulance 7"))
    if reached == "arrived":
        fields = (("confirmed_by", "RN There-Sample"), ("where", bed), ("hospital", hospital))
        yield ARRIVED, fields


def _requested(bed: str, need: str, urgency: str, reason: str) -> tuple[str, Pairs]:
    return catalogue.TRANSFER_REQUESTED, (
        ("why", "service not available"),
        ("reason", reason),
        ("bed", bed),
        *((("need", need),) if need else ()),
        ("urgency", urgency),
        ("physician", "Dr C. Doctor-Sample"),
        ("callback", "4E desk, 4112"),
    )


def _made_ready(hospital: str, level: str, reason: str) -> Iterator[tuple[str, Pairs]]:
    yield (
        catalogue.TRANSFER_CERTIFIED,
        (
            ("basis", "a physician certifies"),
            ("benefits", f"what is missing here: {reason}"),
            ("risks", "worse on the road, accident"),
            ("stabilised", "yes"),
            ("treatment", "airway, blood pressure and pain treated here"),
            ("physician", "Dr C. Doctor-Sample"),
            ("consent", "patient consents"),
            ("consent_by", "the patient"),
        ),
    )
    yield (
        catalogue.TRANSFER_TRANSPORT_ARRANGED,
        (
            ("company", "Example Ambulance"),
            ("level", level),
            ("unit", "7"),
            ("minutes", "35"),
        ),
    )
    yield catalogue.TRANSFER_DOSES_STATED, (("checked_by", "RN A. Mensah-Sample"),)
    yield (
        catalogue.TRANSFER_PENDING_OWNED,
        (
            ("owner", "MT E. Tube-Sample"),
            ("phone", "4200"),
            ("tells", f"charge nurse at {hospital}"),
        ),
    )
    yield catalogue.TRANSFER_PACKET_MADE, (("records", "yes"), ("family", "daughter told"))
