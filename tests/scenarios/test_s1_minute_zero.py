"""S1: the EHR has just gone, the copy is 25 minutes old, the packs of all units are pulled.

A site of 130 beds from the simulator; its truth, not our views, is what the paper is held to.
"""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import pypdfium2
import pytest
from tests.simulated.oracle import KeptCopy

from wardlight.log.keys import Keys
from wardlight.record.identity import PatientKey
from wardlight.record.instants import DAY, HOUR, MINUTE, Instant
from wardlight.record.sheet_serial import SheetSerial, read_serial, serial_in
from wardlight.record.sources import Site
from wardlight.run.paperwork.packs import PackShelf
from wardlight.run.paperwork.reserved import ReservedSheets
from wardlight.run.paperwork.sheet_numbers import SheetNumbers
from wardlight.run.settings import Settings
from wardlight.sim.figures import SimSite
from wardlight.sim.network import Network
from wardlight.sim.truth import TruePatient, Where
from wardlight.views.bedside.mar import mar
from wardlight.views.bedside.medication_words import medication_words
from wardlight.views.words import name_words, number_groups, number_of

STARTS = Instant(1_795_314_660_000)
LAST_WORD = Instant(STARTS + 12 * HOUR)
SITE = Site(code="MMH", name="Marble City Memorial")
KEYS = Keys(bytes(range(32)))
FIRST_PACK_S, ALL_PACKS_S = 2.0, 30.0  # of one processor: other work beside it does not count

Pages = dict[str, list[str]]
"""Text of every unit's pages."""


class Morning:
    """What is true, what is known, and what was printed."""

    def __init__(self, folder: Path) -> None:
        self.network = Network(11, [SimSite(site=SITE, census=130, clinic_visits_a_day=60)], STARTS)
        self.copy = KeptCopy([SITE.code])
        self.copy.hear(self.network.advance(STARTS))
        self.copy.hear(self.network.advance(LAST_WORD))
        heard = self.copy.views.links.site_as_of(SITE.code)
        assert heard is not None
        self.now = Instant(heard + 25 * MINUTE)
        self.reserved = ReservedSheets(folder, KEYS.files())
        shelf = PackShelf(
            folder,
            Settings(sites=(SITE,)),
            views=self.copy.views,
            numbers=SheetNumbers(folder, KEYS, lambda: self.now),
            reserved=self.reserved,
        )
        self.units = [one.unit for one in self.copy.views.census.units() if one.patients]
        begun = process_time()
        taken = asyncio.run(shelf.take(SITE.code, self.units[0], self.now))
        assert taken is not None
        self.first_pack_cpu_s = process_time() - begun
        self.made = asyncio.run(shelf.renew(self.now))
        self.all_packs_cpu_s = process_time() - begun
        self.pages: Pages = {one.unit: texts(Path(one.path).read_bytes()) for one in self.made}

    def patients(self) -> Iterator[TruePatient]:
        """Give everybody in house whose facts have all arrived."""
        still_coming = {one.raw for one in self.network.rest()}
        for patient in self.network.truth()[SITE.code].values():
            stay = patient.stay()
            if stay is None or stay.state not in (Where.PRESENT, Where.ON_LEAVE):
                continue
            if not any(patient.mrn.encode() in raw for raw in still_coming):
                yield patient

    def of(self, patient: TruePatient) -> list[str]:
        """Return the text of a patient's own sheets: those with their number in the banner."""
        number = "".join(number_groups(patient.mrn))
        unit = self.pages[patient.stays[-1].unit]
        return [page for page in unit if number in page.replace(" ", "") and is_sheet(page)]


def texts(body: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(io.BytesIO(body))
    return [page.get_textpage().get_text_bounded() for page in document]


def is_sheet(page: str) -> bool:
    return "PATIENT SUMMARY" in page or "DOWNTIME MAR" in page


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Morning:
    return Morning(tmp_path_factory.mktemp("node"))


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_every_page_says_when_and_how_old(morning: Morning) -> None:
    for pages in morning.pages.values():
        for page in pages:
            assert "25 min old" in page
            assert "page " in page


def test_every_fact_of_every_patient_is_on_their_own_sheets(morning: Morning) -> None:
    patients = list(morning.patients())
    assert len(patients) > 80
    missing: list[tuple[str, str]] = []
    for patient in patients:
        own = squeezed(" ".join(morning.of(patient)))
        missing += [
            (patient.mrn, fact)
            for fact in facts_of(patient)
            if squeezed(fact).casefold() not in own.casefold()
        ]
    assert missing == []


def facts_of(patient: TruePatient) -> Iterator[str]:
    yield patient.family
    yield patient.given
    yield from (one[1] for one in patient.allergies.values())
    if patient.none_known and not patient.allergies:
        yield "No known allergies"
    for order in patient.orders.values():
        if order.state in ("active", "held"):
            yield order.drug.name
            yield f"{float(order.dose):,g} {order.drug.unit}"


def test_no_sheet_holds_another_patients_number(morning: Morning) -> None:
    numbers = {squeezed(patient.mrn) for patient in morning.patients()}
    for pages in morning.pages.values():
        for page in filter(is_sheet, pages):
            text = squeezed(page)
            assert len({number for number in numbers if f"MRN{number}" in text}) <= 1


def test_beds_are_in_order_in_the_census(morning: Morning) -> None:
    beds = [row.location for row in morning.copy.views.census.beds(SITE.code, "4E") if row.stays]
    census = squeezed("".join(page for page in morning.pages["4E"] if "UNIT CENSUS" in page))
    places = [census.find(squeezed(bed.words())) for bed in beds]
    assert -1 not in places
    assert places == sorted(places)


def test_who_left_yesterday_and_who_comes_tomorrow_can_be_looked_up(morning: Morning) -> None:
    views = morning.copy.views
    left = views.census.left_since(Instant(morning.now - 2 * DAY), SITE.code)
    coming = views.schedule.between(morning.now, Instant(morning.now + 2 * DAY), SITE.code)
    assert left
    assert coming
    for key in (left[0].patient, coming[0].patient):
        assert key is not None
        person = views.people.person(PatientKey(key))
        assert person is not None
        assert person.key in views.people.search(person.name.family + " " + person.name.given)


def test_the_first_wards_pack_and_then_the_whole_sites_are_there_in_time(morning: Morning) -> None:
    assert {one.unit for one in morning.made} == set(morning.units)
    assert sum(one.patients for one in morning.made) > 100
    assert morning.first_pack_cpu_s <= FIRST_PACK_S
    assert morning.all_packs_cpu_s <= ALL_PACKS_S


def test_every_page_has_the_serial_of_a_sheet_that_is_reserved_for_its_own_patient(
    morning: Morning,
) -> None:
    seen: dict[SheetSerial, set[int]] = {}
    for page in (page for pages in morning.pages.values() for page in pages):
        serial = serial_of_page(page)
        seen.setdefault(serial, set()).add(int(re.findall(r"page (\d+) of", page)[0]))
        whose = patient_of(morning, serial)
        if is_sheet(page):
            person = morning.copy.views.people.person(whose)
            assert person is not None
            number = "".join(number_groups(number_of(whose, person)[1]))
            assert f"MRN{number}" in squeezed(page)
    pages = {run.first: run.pages for one in morning.made for run in one.runs}
    assert len(seen) == sum(len(counts) for counts in pages.values())
    assert sum(len(numbers) for numbers in seen.values()) == sum(map(sum, pages.values()))


def serial_of_page(page: str) -> SheetSerial:
    found = re.search(r"Sheet ([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})", page)
    assert found is not None
    serial = read_serial(found[1])
    assert isinstance(serial, SheetSerial)
    return serial


def patient_of(morning: Morning, serial: SheetSerial) -> PatientKey:
    pack = morning.reserved.find(serial)
    assert pack is not None
    for run in pack.said.runs:
        first = serial_in(run.first)
        assert first is not None
        place = serial.number - first.number
        if 0 <= place < len(run.pages):
            return run.patients[place] if run.patients else PatientKey("")
    raise AssertionError("a pack that is found holds the serial")


def test_what_is_printed_of_every_patient_is_what_the_view_says(morning: Morning) -> None:
    printed: dict[PatientKey, str] = {}
    for page in (page for pages in morning.pages.values() for page in pages if is_sheet(page)):
        whose = patient_of(morning, serial_of_page(page))
        printed[whose] = printed.get(whose, "") + squeezed(page)
    present = {stay.patient for stay in morning.copy.views.census.present(SITE.code)}
    assert set(printed) == present
    missing = [
        (str(key), said)
        for key, text in printed.items()
        for said in said_by_the_view(morning, key)
        if squeezed(said).casefold() not in text.casefold()
    ]
    assert missing == []


def said_by_the_view(morning: Morning, key: PatientKey) -> Iterator[str]:
    views = morning.copy.views
    person, chart = views.people.person(key), views.chart(key)
    assert person is not None
    yield name_words(person.name)
    yield from (fact.allergy.agent.words() for fact in chart.allergies.known)
    yield from (fact.text for fact in chart.code_status())
    if chart.weight is not None:
        yield f"Weight {chart.weight.value} {chart.weight.unit}"
    for row in mar(chart, now=morning.now, zone=SITE.zone).rows:
        detail = row.order.detail
        assert detail is not None
        words = medication_words(detail, as_received=row.order.as_received, timing=row.order.timing)
        yield f"{words.dose} {words.drug}"
        yield words.frequency or row.order.timing.pattern
