"""The mixed feed every server is measured with: invented patients of one hospital, from a seed.

45 % ADT, 30 % ORU with 30 OBX, 15 % RDE, 10 % SIU, about 2.1 KB a message, every MSH-10
once. The hospital is kept while the feed is made, so that moves free beds, discharged
patients leave, and results, orders and appointments are of patients who are known. The
same patients are what the paper engines are asked to print (`ward`).

    python feed.py OUT [--messages N] [--patients N] [--seed S] [--start 2026-11-22T08:00]
    python feed.py OUT --known 100000 --beds 300 --messages N    a node's whole memory
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SHARES = {"ADT": 45, "ORU": 30, "RDE": 15, "SIU": 10}
UNITS = ("4N", "4S", "5N", "5S", "6N", "6S", "ICU", "MAT", "PED", "ED")
FAMILIES = tuple(
    f"{a}{b}"
    for a in ("Test", "Demo", "Sample", "Mock", "Probe", "Exämple", "Próba", "Trial")
    for b in ("wood", "field", "berg", "ley", "ström", "cki", "man", "nguyen", "ova", "ez")
)
GIVENS = (
    *("Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta"),
    *("Iota", "Kappa", "Lambda", "Omicron", "Rho", "Sigma", "Tau", "Phi"),
)
ALLERGENS = (
    ("7980^PENICILLIN G^RXNORM", "DA", "SV", "Anaphylaxis"),
    ("2670^CODEINE^RXNORM", "DA", "MO", "Nausea \\T\\ vomiting"),
    ("10831^SULFAMETHOXAZOLE^RXNORM", "DA", "MO", "Rash"),
    ("LATEX^Latex^L", "EA", "MI", "Itching"),
    ("PNUT^Peanut^L", "FA", "SV", "Throat swelling"),
    ("1191^ASPIRIN^RXNORM", "DA", "MI", "Wheeze"),
)
DRUGS = (
    ("860975", "metformin 500 mg oral tablet", "500", "mg", "BID", "PO^Oral"),
    ("314076", "lisinopril 10 mg oral tablet", "10", "mg", "QD", "PO^Oral"),
    ("617312", "atorvastatin 20 mg oral tablet", "20", "mg", "QHS", "PO^Oral"),
    ("310965", "ibuprofen 200 mg oral tablet", "200", "mg", "Q6H PRN", "PO^Oral"),
    ("854228", "enoxaparin 40 mg/0.4 mL injection", "40", "mg", "QD", "SC^Subcutaneous"),
    ("1665005", "ceftriaxone 1 g injection", "1", "g", "Q24H", "IV^Intravenous"),
    ("847187", "insulin aspart 100 unit/mL", "6", "[iU]", "TID AC", "SC^Subcutaneous"),
    ("1807627", "vancomycin 1 g injection", "1", "g", "Q12H", "IV^Intravenous"),
    ("313782", "acetaminophen 325 mg oral tablet", "650", "mg", "Q6H", "PO^Oral"),
    ("855332", "warfarin 5 mg oral tablet", "5", "mg", "QD", "PO^Oral"),
)
TESTS = (
    ("2951-2", "Sodium", "mmol/L", 136, 145),
    ("2823-3", "Potassium", "mmol/L", 3.5, 5.1),
    ("2075-0", "Chloride", "mmol/L", 98, 107),
    ("2028-9", "Carbon dioxide", "mmol/L", 22, 29),
    ("3094-0", "Urea nitrogen", "mg/dL", 7, 20),
    ("2160-0", "Creatinine", "mg/dL", 0.6, 1.3),
    ("2345-7", "Glucose", "mg/dL", 70, 110),
    ("17861-6", "Calcium", "mg/dL", 8.6, 10.2),
    ("1751-7", "Albumin", "g/dL", 3.5, 5.0),
    ("1975-2", "Bilirubin total", "mg/dL", 0.1, 1.2),
    ("6768-6", "Alkaline phosphatase", "U/L", 44, 147),
    ("1742-6", "ALT", "U/L", 7, 56),
    ("1920-8", "AST", "U/L", 10, 40),
    ("2885-2", "Protein total", "g/dL", 6.0, 8.3),
    ("19123-9", "Magnesium", "mg/dL", 1.7, 2.2),
    ("2777-1", "Phosphate", "mg/dL", 2.5, 4.5),
    ("6690-2", "Leukocytes", "10*3/uL", 4.5, 11.0),
    ("789-8", "Erythrocytes", "10*6/uL", 4.2, 5.9),
    ("718-7", "Hemoglobin", "g/dL", 12.0, 17.5),
    ("4544-3", "Hematocrit", "%", 36, 50),
    ("787-2", "MCV", "fL", 80, 100),
    ("785-6", "MCH", "pg", 27, 33),
    ("786-4", "MCHC", "g/dL", 32, 36),
    ("788-0", "RDW", "%", 11.5, 14.5),
    ("777-3", "Platelets", "10*3/uL", 150, 400),
    ("770-8", "Neutrophils", "%", 40, 60),
    ("736-9", "Lymphocytes", "%", 20, 40),
    ("5905-5", "Monocytes", "%", 2, 8),
    ("713-8", "Eosinophils", "%", 1, 4),
    ("706-2", "Basophils", "%", 0, 1),
)
DIAGNOSES = (
    ("J18.9", "Pneumonia, unspecified organism"),
    ("I50.9", "Heart failure, unspecified"),
    ("N39.0", "Urinary tract infection"),
    ("E11.9", "Type 2 diabetes mellitus"),
    ("S72.001A", "Fracture of neck of right femur"),
    ("I63.9", "Cerebral infarction"),
)
SPARE_BEDS = 2  # so that a move always finds one
ORDERS_EACH, PANELS_EACH = 6, 2
CLINICS = ("CARD", "ONC", "DIAL", "ORTH", "ANTE", "RAD")
DOCTORS = (
    "1001^Testdoctor^Ada",
    "1002^Testdoctor^Ben",
    "1003^Testdoctor^Cyd",
    "1004^Testdoctor^Dee",
)


@dataclass
class Patient:
    """One invented patient as the sending system knows them."""

    number: int
    family: str
    given: str
    birth: dt.date
    sex: str
    allergies: tuple[int, ...]
    drugs: tuple[int, ...]
    diagnosis: int
    doctor: int
    place: tuple[str, str, str] | None = None
    admitted: dt.datetime | None = None
    visit: int = 0

    @property
    def mrn(self) -> str:
        return f"MRN{self.number:07d}"


@dataclass
class Hospital:
    """Patients, beds and the clock of the sending system; all chance comes from one seed."""

    seed: int
    patients: int
    beds: int
    now: dt.datetime
    control: int = 0
    chance: random.Random = field(init=False)
    known: list[Patient] = field(init=False)
    inpatients: list[Patient] = field(default_factory=list)
    outside: list[Patient] = field(default_factory=list)
    free: list[tuple[str, str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.known = [self._invent(n) for n in range(self.patients)]
        self.free = [
            (UNITS[n % len(UNITS)], f"{n // len(UNITS) // 2 + 1:02d}", "AB"[n // len(UNITS) % 2])
            for n in range(self.beds)
        ]
        self.outside = list(self.known)

    def _invent(self, number: int) -> Patient:
        pick = self.chance
        return Patient(
            number=number,
            family=f"{pick.choice(FAMILIES)}{number:04d}",
            given=pick.choice(GIVENS),
            birth=dt.date(1930, 1, 1) + dt.timedelta(days=pick.randrange(33_000)),
            sex=pick.choice("FM"),
            allergies=tuple(sorted(pick.sample(range(len(ALLERGENS)), 2))),
            drugs=tuple(sorted(pick.sample(range(len(DRUGS)), pick.randint(4, 8)))),
            diagnosis=pick.randrange(len(DIAGNOSES)),
            doctor=pick.randrange(len(DOCTORS)),
        )

    def admit(self) -> Patient:
        patient = self.outside.pop(self.chance.randrange(len(self.outside)))
        patient.place = self.free.pop(self.chance.randrange(len(self.free)))
        patient.admitted = self.now
        patient.visit = self.control
        self.inpatients.append(patient)
        return patient

    def discharge(self) -> Patient:
        patient = self.inpatients.pop(self.chance.randrange(len(self.inpatients)))
        if patient.place:
            self.free.append(patient.place)
        self.outside.append(patient)
        return patient

    def move(self) -> tuple[Patient, tuple[str, str, str]]:
        patient = self.chance.choice(self.inpatients)
        left = patient.place
        assert left is not None
        patient.place = self.free.pop(self.chance.randrange(len(self.free)))
        self.free.append(left)
        return patient, left


def stamp(moment: dt.datetime) -> str:
    """Return a time as HL7 writes it, with its offset (HL7 v2.5.1 §2.A.77)."""
    return moment.strftime("%Y%m%d%H%M%S+0000")


def msh(hospital: Hospital, kind: str, structure: str) -> str:
    hospital.control += 1
    hospital.now += dt.timedelta(milliseconds=200)
    return (
        f"MSH|^~\\&|EHR|TESTGENERAL|WARDLIGHT|TESTGENERAL|{stamp(hospital.now)}||{kind}^{structure}"
        f"|WL{hospital.control:010d}|P|2.5.1||||||UNICODE UTF-8"
    )


def pid(p: Patient) -> str:
    return (
        f"PID|1||{p.mrn}^^^TESTGENERAL^MR~{p.number:06d}9^^^TESTSTATE^SB"
        f"||{p.family}^{p.given}^Q^^^^L||{p.birth:%Y%m%d}|{p.sex}||2106-3^White^CDCREC"
        f"|{p.number} Invented Road \\T\\ Sons^^Testville^OH^43210^USA^H"
        f"||^PRN^PH^^1^555^{p.number % 10_000_000:07d}"
        f"||eng^English^ISO6392|M^Married^HL70002"
        f"|NON|ACC{p.number:08d}^^^TESTGENERAL^AN"
    )


def pv1(p: Patient) -> str:
    unit, room, bed = p.place or ("OPD", "", "")
    status = "I" if p.place else "O"
    doctor = DOCTORS[p.doctor]
    since = stamp(p.admitted) if p.admitted else ""
    return (
        f"PV1|1|{status}|{unit}^{room}^{bed}^TESTGENERAL^^N^MAIN^4|E|||{doctor}^^^^MD^^TESTGENERAL^L"
        f"|{doctor}^^^^MD||MED||||7|||{doctor}^^^^MD|IN|V{p.number:07d}{p.visit:08d}^^^TESTGENERAL^VN"
        f"|COM|||||||||||||||||||TESTGENERAL|||||{since}"
    )


def adt(hospital: Hospital, trigger: str, p: Patient, left: tuple[str, str, str] | None) -> str:
    structure = "ADT_A03" if trigger == "A03" else "ADT_A01"
    rows = [msh(hospital, f"ADT^{trigger}", structure)]
    rows.append(
        f"EVN|{trigger}|{stamp(hospital.now)}|||TESTNURSE^Testnurse^Eva|{stamp(hospital.now)}"
    )
    rows.append(pid(p))
    rows.append("PD1||||1004^Testdoctor^Dee^^^^MD|||||||N")
    rows.append(f"NK1|1|{p.family}^Nextofkin^A|SPO^Spouse^HL70063||^PRN^PH^^1^555^0100200||C")
    visit = pv1(p).split("|")
    if left:
        visit[6] = "^".join(left) + "^TESTGENERAL"
    if trigger == "A03":
        visit += [stamp(hospital.now)]
        visit[36] = "01"
    rows.append("|".join(visit))
    rows.append("PV2||PRIV^Private|^Shortness of breath and fever since two days||||||||3")
    rows.append("OBX|1|NM|29463-7^Body weight^LN||72.5|kg|||||F")
    for at, index in enumerate(p.allergies, 1):
        code, kind, severity, reaction = ALLERGENS[index]
        rows.append(f"AL1|{at}|{kind}|{code}|{severity}|{reaction}|20190401")
    code, text = DIAGNOSES[p.diagnosis]
    rows.append(f"DG1|1||{code}^{text}^I10||{stamp(hospital.now)}|A|||||||||1")
    rows.append("IN1|1|TP01^Test plan|TESTPAYER|Test Mutual||||GRP0001|||20260101|20261231||HMO")
    return "\r".join(rows) + "\r"


def next_adt(hospital: Hospital) -> str:
    """Return the next stay message: mostly updates, then moves, admissions, discharges."""
    trigger = hospital.chance.choices(("A01", "A03", "A02", "A08"), (20, 18, 14, 48))[0]
    if len(hospital.free) <= 1:
        trigger = "A03"
    elif len(hospital.inpatients) < hospital.beds // 2:
        trigger = "A01"
    if trigger == "A01":
        return adt(hospital, "A01", hospital.admit(), None)
    if trigger == "A03":
        return adt(hospital, "A03", hospital.discharge(), None)
    if trigger == "A02":
        patient, left = hospital.move()
        return adt(hospital, "A02", patient, left)
    return adt(hospital, "A08", hospital.chance.choice(hospital.inpatients), None)


def value_of(hospital: Hospital, low: float, high: float) -> tuple[str, str]:
    middle, spread = (low + high) / 2, (high - low) / 3
    value = max(0.0, hospital.chance.gauss(middle, spread))
    flag = "L" if value < low else "H" if value > high else ""
    return f"{value:.1f}", flag


def oru(hospital: Hospital) -> str:
    p = hospital.chance.choice(hospital.inpatients)
    when = stamp(hospital.now)
    rows = [msh(hospital, "ORU^R01", "ORU_R01"), pid(p), pv1(p)]
    order = f"L{hospital.control:09d}"
    rows.append(f"ORC|RE|P{order}^EHR|{order}^LAB||CM||||{when}|||{DOCTORS[p.doctor]}^^^^MD")
    rows.append(
        f"OBR|1|P{order}^EHR|{order}^LAB|24323-8^Comprehensive metabolic 2000 panel^LN|||{when}"
        f"|||||||||{DOCTORS[p.doctor]}^^^^MD||||||{when}||LAB|F"
    )
    for at, (code, name, unit, low, high) in enumerate(TESTS, 1):
        value, flag = value_of(hospital, low, high)
        rows.append(
            f"OBX|{at}|NM|{code}^{name}^LN^{name[:4].upper()}^{name}^L"
            f"||{value}|{unit}^^UCUM|{low}-{high}|{flag}|||F|||{when}||TECH1^Testtech^Tim"
        )
    return "\r".join(rows) + "\r"


def rde(hospital: Hospital) -> str:
    p = hospital.chance.choice(hospital.inpatients)
    slot = hospital.chance.choice(p.drugs)
    code, name, dose, unit, often, route = DRUGS[slot]
    control = hospital.chance.choice(("NW", "NW", "NW", "XO", "DC"))
    when = stamp(hospital.now)
    until = stamp(hospital.now + dt.timedelta(days=7))
    rows = [msh(hospital, "RDE^O11", "RDE_O11"), pid(p), pv1(p)]
    for at, index in enumerate(p.allergies, 1):
        allergen, kind, severity, reaction = ALLERGENS[index]
        rows.append(f"AL1|{at}|{kind}|{allergen}|{severity}|{reaction}|20190401")
    order = f"RX{p.visit:08d}{p.number:07d}{slot:02d}"
    rows.append(
        f"ORC|{control}|{order}^EHR|{order}^PHARM||IP"
        f"||||{when}|TESTNURSE^Testnurse^Eva||{DOCTORS[p.doctor]}^^^^MD"
    )
    rows.append(
        f"RXE|^^^{when}^{until}|{code}^{name}^RXNORM"
        f"|{dose}||{unit}^^UCUM|TAB^Tablet|^Give with food \\T\\ water"
    )
    rows.append(f"TQ1|1||{often}||||{when}|{until}|R")
    rows.append(f"RXR|{route}^HL70162")
    return "\r".join(rows) + "\r"


def siu(hospital: Hospital) -> str:
    p = hospital.chance.choice(hospital.known)
    trigger = hospital.chance.choice(("S12", "S12", "S12", "S13", "S14", "S15"))
    day = hospital.now + dt.timedelta(days=hospital.chance.randrange(30))
    begin = day.replace(hour=hospital.chance.randrange(8, 17), minute=0, second=0, microsecond=0)
    end = begin + dt.timedelta(minutes=30)
    clinic = hospital.chance.choice(CLINICS)
    doctor = DOCTORS[p.doctor]
    rows = [msh(hospital, f"SIU^{trigger}", "SIU_S12")]
    booking = f"AP{p.number:07d}{clinic}"
    rows.append(
        f"SCH|{booking}^EHR|{booking}^SCHED"
        f"|||||FOLLOWUP^Follow-up visit^L|NORMAL^Normal^HL70277|30|min^^UCUM"
        f"|^^30^{stamp(begin)}^{stamp(end)}|||||{doctor}^^^^MD||||{doctor}^^^^MD|||||Booked"
    )
    outpatient = pv1(p) if p.place else f"PV1|1|O|{clinic}^^^TESTGENERAL|||||{doctor}^^^^MD"
    rows += [
        "NTE|1||Bring the list of medicines \\T\\ earlier films",
        pid(p),
        outpatient,
        "RGS|1|A",
        f"AIS|1|A|FUP^Follow-up^L|{stamp(begin)}|||30|min^^UCUM||Booked",
        f"AIL|1|A|{clinic}^R1^^TESTGENERAL|C^Clinic^L||{stamp(begin)}|||30|min^^UCUM||Booked",
        f"AIP|1|A|{doctor}^^^^MD|ATT^Attending^L||{stamp(begin)}|||30|min^^UCUM||Booked",
    ]
    return "\r".join(rows) + "\r"


def mixed(hospital: Hospital, count: int) -> Iterator[str]:
    """Yield `count` messages in the shares of `SHARES`; first 20 admissions."""
    makers = {"ADT": next_adt, "ORU": oru, "RDE": rde, "SIU": siu}
    kinds, weights = list(SHARES), list(SHARES.values())
    first = 0 if hospital.inpatients else min(count, 20)
    for _ in range(first):
        yield adt(hospital, "A01", hospital.admit(), None)
    for kind in hospital.chance.choices(kinds, weights, k=count - first):
        yield makers[kind](hospital)


def registered(hospital: Hospital) -> Iterator[str]:
    """Yield one A28 for every known patient: the master index a site is filled with."""
    for p in hospital.known:
        yield adt(hospital, "A28", p, None)


def full_house(hospital: Hospital) -> Iterator[str]:
    """Admit until every bed but two is taken, and order every medicine of each patient."""
    while len(hospital.free) > SPARE_BEDS:
        yield adt(hospital, "A01", hospital.admit(), None)
    for _ in range(ORDERS_EACH * len(hospital.inpatients)):
        yield rde(hospital)
    for _ in range(PANELS_EACH * len(hospital.inpatients)):
        yield oru(hospital)


def ward(seed: int, patients: int, start: dt.datetime) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the content of a ward pack and the messages that make a node know the same.

    Each patient: identifiers, place, allergies, diagnosis, medicines, thirty results.
    """
    hospital = Hospital(seed=seed, patients=patients, beds=patients + 2, now=start)
    hospital.free = [("4N", f"{n // 2 + 1:02d}", "AB"[n % 2]) for n in range(patients + 2)]
    messages = [adt(hospital, "A01", hospital.admit(), None) for _ in range(patients)]
    content = []
    for p in hospital.inpatients:
        messages += ward_messages(hospital, p)
        content.append(page_content(p, messages[-1]))
    return content, messages


def ward_messages(hospital: Hospital, p: Patient) -> list[str]:
    """Return every order and one full panel of a patient."""
    one = Hospital(seed=p.number, patients=0, beds=0, now=hospital.now)
    one.control, one.inpatients = hospital.control, [p]
    rows = []
    for slot in p.drugs:
        single = Patient(**{**p.__dict__, "drugs": (slot,)})
        one.inpatients = [single]
        rows.append(rde(one).replace("ORC|XO|", "ORC|NW|").replace("ORC|DC|", "ORC|NW|"))
    one.inpatients = [p]
    rows.append(oru(one))
    hospital.control, hospital.now = one.control, one.now
    return rows


def page_content(p: Patient, results: str) -> dict[str, Any]:
    """Return what is printed of a patient, read off the same values as the messages."""
    unit, room, bed = p.place or ("", "", "")
    observed = [row.split("|") for row in results.split("\r") if row.startswith("OBX")]
    code, text = DIAGNOSES[p.diagnosis]
    return {
        "mrn": p.mrn, "family": p.family, "given": p.given, "birth": str(p.birth), "sex": p.sex,
        "unit": unit, "room": room, "bed": bed, "admitted": str(p.admitted),
        "doctor": DOCTORS[p.doctor].replace("^", " "), "diagnosis": f"{code} {text}",
        "allergies": [
            (ALLERGENS[n][0].split("^")[1], ALLERGENS[n][2], ALLERGENS[n][3].replace("\\T\\", "&"))
            for n in p.allergies
        ],
        "medicines": [
            {"name": DRUGS[n][1], "dose": f"{DRUGS[n][2]} {DRUGS[n][3]}", "often": DRUGS[n][4],
             "route": DRUGS[n][5].split("^")[1]}
            for n in p.drugs
        ],
        "results": [
            {"name": f[3].split("^")[1], "value": f[5], "unit": f[6].split("^")[0], "range": f[7],
             "flag": f[8], "at": f[14]}
            for f in observed
        ],
    }  # fmt: skip


def write(path: Path, messages: Iterator[str]) -> tuple[int, int]:
    """Write messages each after its length; return how many messages and bytes."""
    count = size = 0
    part = path.with_suffix(".part")
    with part.open("wb") as out:
        for text in messages:
            raw = text.encode()
            out.write(struct.pack(">I", len(raw)) + raw)
            count, size = count + 1, size + len(raw)
    part.replace(path)
    return count, size


def full_house_length(beds: int) -> int:
    """Return how many messages `full_house` makes."""
    return (beds - SPARE_BEDS) * (1 + ORDERS_EACH + PANELS_EACH)


def chain(hospital: Hospital, *, known: bool, count: int) -> Iterator[str]:
    """Yield the whole feed: the master index and a full house first when asked for."""
    if known:
        yield from registered(hospital)
        yield from full_house(hospital)
    yield from mixed(hospital, count)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--patients", type=int, default=800)
    parser.add_argument("--known", type=int, default=0)
    parser.add_argument("--beds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=dt.datetime.fromisoformat, default="2026-11-22T08:00")
    options = parser.parse_args()
    hospital = Hospital(
        seed=options.seed,
        patients=options.known or options.patients,
        beds=options.beds,
        now=options.start,
    )
    made = write(options.out, chain(hospital, known=bool(options.known), count=options.messages))
    print(f"{made[0]} messages, mean {made[1] / max(made[0], 1):.0f} bytes")


if __name__ == "__main__":
    main()
