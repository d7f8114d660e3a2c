"""S1: the EHR has just gone, the copy is 25 minutes old, the packs of all units are pulled.

A site of 130 beds from the simulator; its truth, not our views, is what the paper is held to.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import pypdfium2
import pytest
from tests.paper.printed import RUN
from tests.simulated.oracle import KeptCopy

from wardlight.paper.pack import ward_pack
from wardlight.record.identity import PatientKey
from wardlight.record.instants import DAY, HOUR, MINUTE, Instant
from wardlight.record.sources import Site
from wardlight.run.packs import unit_pack, unit_sheets
from wardlight.run.press import load_press
from wardlight.sim.figures import SimSite
from wardlight.sim.network import Network
from wardlight.sim.truth import TruePatient, Where
from wardlight.views.words import number_groups

STARTS = Instant(1_795_314_660_000)
LAST_WORD = Instant(STARTS + 12 * HOUR)
SITE = Site(code="MMH", name="Marble City Memorial")

Pages = dict[str, list[str]]
"""Text of every unit's pages."""


class Morning:
    """What is true, what is known, and what was printed."""

    def __init__(self) -> None:
        self.network = Network(11, [SimSite(site=SITE, census=130, clinic_visits_a_day=60)], STARTS)
        self.copy = KeptCopy([SITE.code])
        self.copy.hear(self.network.advance(STARTS))
        self.copy.hear(self.network.advance(LAST_WORD))
        heard = self.copy.views.links.site_as_of(SITE.code)
        assert heard is not None
        self.now = Instant(heard + 25 * MINUTE)
        self.pages: Pages = {}
        press = load_press()
        for summary in self.copy.views.census.units():
            sheets = list(unit_sheets(self.copy.views, SITE, summary.unit, now=self.now))
            pack = unit_pack(self.copy.views, SITE, summary.unit, sheets, run=RUN, now=self.now)
            self.pages[summary.unit] = texts(ward_pack(pack, press).pdf.body)

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
def morning() -> Morning:
    return Morning()


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
