"""The screens of laboratory, imaging and blood bank, asked as a browser would."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import httpx
import pytest
from tests.rules.laboratory.loop_ward import TABLES, label, line
from tests.web.kept_copy import KeptCopy
from tests.web.screens import HANDLES, NUMBER, SITES, Screens, patient, screens, whole_ward, words
from tests.web.ward_of_28 import NOW, key_of

from wardlight.record.accession_number import accessions_of_block
from wardlight.record.instants import MINUTE, Instant
from wardlight.web.app import create_app

HANDLE = patient().removeprefix("/patient/")
PAGE = patient(path="/laboratory")
NUMBERS = [one.text() for one in accessions_of_block(7, 3)]


class Lab:
    """A laboratory on the ward of 28, whose clock can be put forward."""

    def __init__(self) -> None:
        self.copy: KeptCopy = whole_ward()
        self.now = NOW
        self.site: Screens = Screens(
            create_app(
                views=self.copy.views,
                sites=SITES,
                clock=lambda: self.now,
                handles=HANDLES,
                write=self.copy.write,
                seal_at=self.copy.seal_at,
                tables=TABLES,
            )
        )
        person = self.copy.views.people.person(key_of(NUMBER))
        assert person is not None
        assert person.birth is not None
        self.label = label(number=NUMBER, birth=person.birth.iso())

    def enter(self, kind: str, *fields: tuple[str, str], handle: str = "") -> Any:
        answer = self.site.enter(kind, handle, fields).json()
        self.last = answer["id"]
        return answer

    def asked(self) -> str:
        told = self.enter(
            "specimen.requested",
            *self.label,
            ("test", "Potassium"),
            ("test", "Sodium"),
            ("priority", "STAT"),
            ("callback", "5512"),
            ("specimen", "venous blood"),
            handle=HANDLE,
        )
        assert told["ok"], told
        return str(told["id"])

    def received(self) -> str:
        request = self.asked()
        told = self.enter(
            "specimen.received", ("request", request), ("number", NUMBERS[0]), *self.label
        )
        assert told["ok"], told
        return request

    def resulted(self, value: str = "6.9") -> str:
        request = self.received()
        values = line("Potassium", value, "mmol/L", "3.5-5.1")
        told = self.enter("result.entered", ("accession", NUMBERS[0]), *self.label, *values)
        assert told["ok"], told
        return request

    def board(self) -> str:
        return words(self.site.get("/laboratory/MMH").text)


def test_what_is_asked_for_on_a_patients_page_is_on_the_board_at_once() -> None:
    lab = Lab()
    lab.asked()
    assert "To receive 1" in lab.board()
    assert "Potassium, Sodium" in lab.board()
    assert "phone 5512" in lab.board()


def test_the_specimens_page_offers_the_next_step() -> None:
    lab = Lab()
    request = lab.asked()
    page = lab.site.get(f"/laboratory/MMH/specimen/{request}").text
    assert 'data-kind="specimen.received"' in page
    assert 'data-kind="result.entered"' not in page


def test_a_received_specimen_is_known_by_its_number_and_offers_its_tests_to_be_typed() -> None:
    lab = Lab()
    page = lab.site.get(f"/laboratory/MMH/specimen/{lab.received()}").text
    assert NUMBERS[0] in words(page)
    assert re.findall(r'name="line_test" value="(\w+)"', page) == ["Potassium", "Sodium"]
    assert page.count('value="mmol/L"') == 2


def test_a_critical_result_is_on_the_board_and_escalates_while_nobody_acknowledges_it() -> None:
    lab = Lab()
    lab.resulted()
    assert "Critical, not acknowledged 1" in lab.board()
    assert "Potassium 6.9 mmol/L (CRITICALLY HIGH)" in lab.board()
    assert "Nobody was told" in lab.board()
    lab.now = Instant(lab.now + 10 * MINUTE)
    assert "Now to the charge nurse" in lab.board()
    lab.now = Instant(lab.now + 10 * MINUTE)
    assert "Now to the physician" in lab.board()


def test_the_ward_acknowledges_on_the_patients_page_and_the_board_is_quiet() -> None:
    lab = Lab()
    lab.resulted()
    page = lab.site.get(PAGE).text
    fields = dict(re.findall(r'name="(request|result)" value="([^"]+)"', page))
    told = lab.enter("result.acknowledged", *fields.items(), handle=HANDLE)
    assert told["ok"], told
    assert "Critical, not acknowledged 0" in lab.board()
    assert "Nothing entered here waits to be acknowledged" in words(lab.site.get(PAGE).text)


def test_the_units_list_has_the_results_of_those_who_lie_there() -> None:
    lab = Lab()
    lab.resulted()
    assert "Potassium 6.9" in words(lab.site.get("/laboratory/MMH/unit/4E").text)
    assert "Potassium 6.9" not in words(lab.site.get("/laboratory/MMH/unit/ICU").text)


def test_the_ward_board_says_how_many_results_wait_to_be_acknowledged() -> None:
    lab = Lab()
    assert "to acknowledge" not in words(lab.site.get("/ward/MMH/4E").text)
    lab.resulted()
    page = lab.site.get("/ward/MMH/4E").text
    assert "1 result to acknowledge 1 critical" in words(page)
    assert 'href="/laboratory/MMH/unit/4E"' in page


def test_the_results_page_has_the_value_at_once() -> None:
    lab = Lab()
    lab.resulted()
    page = words(lab.site.get(patient(path="/results")).text)
    assert "Critical Potassium 6.9 mmol/L" in page


def test_a_label_of_another_patient_is_refused_without_telling_whose() -> None:
    lab = Lab()
    lab.received()
    wrong = label(number="0000000014", birth=lab.label[1][1])
    values = line("Potassium", "4.2", "mmol/L")
    told = lab.enter("result.entered", ("accession", NUMBERS[0]), *wrong, *values)
    assert told["because"].startswith("STOP. The number on the label is not this patient's.")
    assert list(told["fields"]) == ["label_number"]
    assert NUMBER not in str(told)


def test_a_result_nobody_can_place_is_on_the_list_to_be_matched() -> None:
    lab = Lab()
    values = line("Potassium", "4.2", "mmol/L")
    fields = (("accession", NUMBERS[9]), *lab.label, *values)
    assert not lab.enter("result.entered", *fields)["ok"]
    assert lab.enter("result.entered", *fields, ("keep", "yes"))["ok"]
    assert "To be matched 1" in lab.board()
    assert "Potassium | 4.2 | mmol/L" in lab.board()


def test_a_specimen_with_a_paper_requisition_is_received_on_its_patients_page() -> None:
    lab = Lab()
    assert 'id="paper-number"' in lab.site.get(PAGE).text
    told = lab.enter("specimen.received", ("number", NUMBERS[0]), *lab.label, handle=HANDLE)
    assert told["ok"], told
    assert "as on the paper requisition" in words(lab.site.get(PAGE).text)
    assert "Pending 1" in lab.board()


def test_every_step_is_listed_with_who_and_when() -> None:
    lab = Lab()
    page = words(lab.site.get(f"/laboratory/MMH/specimen/{lab.resulted()}").text)
    steps = page[page.index("Every step so far") :]
    assert [
        name
        for name in ("Specimen requested", "Specimen received", "Result entered")
        if name in steps
    ] == [
        "Specimen requested",
        "Specimen received",
        "Result entered",
    ]
    assert "Visitor" in steps


def upload(lab: Lab, content: str) -> str:
    body = (
        '--b\r\ncontent-disposition: form-data; name="file"; filename="r.txt"\r\n\r\n'
        f"{content}\r\n--b--\r\n"
    )
    kind = {"content-type": "multipart/form-data; boundary=b", "origin": "http://127.0.0.1:8080"}
    answer = asyncio.run(sent(lab.site.app, "/laboratory/MMH/file", body.encode(), kind))
    return words(answer.text)


async def sent(app: Any, path: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
    transport, here = httpx.ASGITransport(app), "http://127.0.0.1:8080"
    async with httpx.AsyncClient(transport=transport, base_url=here) as client:
        return await client.post(path, content=body, headers=headers)


def test_an_analysers_file_is_filed_once_and_what_it_cannot_place_is_listed() -> None:
    lab = Lab()
    lab.received()
    right = f"P|1||{NUMBER}||||{lab.label[1][1].replace('-', '')}\rO|1|{NUMBERS[0]}\r"
    value = "R|1|^^^K|6.9|mmol/L\r"
    other = f"P|2||1\rO|1|{NUMBERS[0]}\r{value}"
    file = f"H|\\^&\r{right}{value}{other}L|1|N\r"
    first = upload(lab, file)
    assert "1 filed" in first
    assert "1 to be matched" in first
    assert "Critical, not acknowledged 1" in lab.board()
    assert "2 were read before" in upload(lab, file)


def test_a_file_that_is_none_says_what_to_do() -> None:
    assert "neither an ASTM nor an HL7 file" in upload(Lab(), "hello")


def test_imaging_is_asked_for_done_and_read() -> None:
    lab = Lab()
    asked = (("study", "CT head"), ("side", "no side"), ("priority", "STAT"), ("callback", "1"))
    more = (("clinical", "fall"), ("contrast_allergy", "no"), ("pregnancy", "no"))
    request = lab.enter("imaging.requested", *lab.label, *asked, *more, handle=HANDLE)["id"]
    lab.enter("imaging.performed", ("request", request), *lab.label, ("images_with", "Dr Okafor"))
    read = (("reading", "preliminary"), ("text", "no bleeding"), ("read_by", "Dr Okafor"))
    assert lab.enter("imaging.read", ("request", request), *read)["ok"]
    assert "CT head, no side" in words(lab.site.get("/imaging/MMH").text)
    page = words(lab.site.get(f"/imaging/MMH/{request}").text)
    assert "images with Dr Okafor" in page
    assert "no bleeding" in page


def test_blood_is_asked_for_issued_and_begun_by_two() -> None:
    lab = Lab()
    asked = (("product", "red cells"), ("units", "2"), ("priority", "STAT"), ("callback", "1"))
    signed = ("emergency_by", "Dr Patel")
    request = lab.enter("blood.requested", *lab.label, *asked, signed, handle=HANDLE)["id"]
    unit = (("request", request), ("unit", "W1"))
    ground = ("match", "emergency release, not crossmatched")
    lab.enter("blood.issued", *unit, ("group", "O neg"), ground, ("to", "porter"))
    both = (("first", "RN A. Mensah"), ("second", "RN B. Kowalski"))
    assert lab.enter("transfusion.started", *unit, *lab.label, *both)["ok"]
    assert "1 O negative, 0 O positive" in words(lab.site.get("/blood/MMH").text)
    assert "W1 O neg" in words(lab.site.get(f"/blood/MMH/{request}").text)


@pytest.mark.parametrize(
    "path",
    [
        "/laboratory/XXX",
        "/laboratory/MMH/specimen/" + "f" * 32,
        "/imaging/MMH/" + "f" * 32,
        "/blood/MMH/nothing",
        "/imaging/XXX",
        "/blood/XXX",
    ],
)
def test_an_address_of_nothing_here_says_so(path: str) -> None:
    assert Lab().site.get(path).status_code == 404


def test_no_address_or_page_title_names_a_patient() -> None:
    lab = Lab()
    request = lab.resulted()
    for path in ("/laboratory/MMH", f"/laboratory/MMH/specimen/{request}", PAGE):
        page = lab.site.get(path).text
        hrefs = " ".join(re.findall(r'(?:href|action|data-next)="([^"]*)"', page))
        assert NUMBER not in hrefs


def test_where_a_node_only_reads_no_form_is_drawn() -> None:
    site = screens(whole_ward(), reads_only=True)
    for path in ("/laboratory/MMH", PAGE):
        assert '<form class="entry' not in site.get(path).text


def test_hostile_text_in_a_request_is_shown_as_text() -> None:
    lab = Lab()
    bad = "</bdi><script>alert(1)</script>{{ 7*7 }}"
    told = lab.enter(
        "specimen.requested",
        *lab.label,
        ("test", bad),
        ("priority", "STAT"),
        ("callback", bad),
        ("specimen", bad),
        handle=HANDLE,
    )
    for path in ("/laboratory/MMH", f"/laboratory/MMH/specimen/{told['id']}", PAGE):
        page = lab.site.get(path).text
        assert "<script>alert" not in page
        assert "{{ 7*7 }}" in page
