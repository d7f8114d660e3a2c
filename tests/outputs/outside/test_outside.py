"""What other systems and the public read of a node: current, checked, and of no patient."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.outputs.outside.published import Published
from tests.web.screens import words
from tests.wire.edxl.schemas import FILES, SHARED, wrong_by

from wardlight.outputs.outside.schemas import Schemas
from wardlight.outputs.outside.status_page import OLD, write_page
from wardlight.record import catalogue
from wardlight.record.instants import HOUR, MINUTE, Instant
from wardlight.wire.edxl import cap, have
from wardlight.wire.edxl.tree import Part

PATHS = (
    "/edxl/have.xml",
    "/edxl/have-2.0-draft.xml",
    "/edxl/board.csv",
    "/cap/alerts.atom",
    "/fhir/MeasureReport",
    "/metrics",
    "/status/",
    "/status/phone.es.txt",
)


@pytest.fixture
def node(tmp_path: Path) -> Published:
    return Published(tmp_path)


def test_each_address_answers_with_what_it_is_for(node: Published) -> None:
    node.approve()
    node.tell(catalogue.BEDS_COUNTED, bed="ward", available="12", baseline="100")
    assert {path: node.get(path).status_code for path in PATHS} == dict.fromkeys(PATHS, 200)
    assert node.get("/edxl/have.xml").headers["last-modified"]
    report = node.get("/fhir/MeasureReport").json()["entry"][0]["resource"]
    assert node.get(f"/fhir/MeasureReport/{report['id']}").json() == report


def test_no_patient_is_in_anything_that_is_published(node: Published) -> None:
    node.admit("7041182236", "Sample-Verylongname", "Ada")
    node.approve()
    for path in PATHS:
        text = node.get(path).text
        assert "7041182236" not in text
        assert "Verylongname" not in text


def test_an_alert_is_found_by_the_address_the_feed_names(node: Published) -> None:
    feed = node.get("/cap/alerts.atom").text
    (path,) = re.findall(r'href="(/cap/alerts/[^"]+)"', feed)
    answer = node.get(path)
    assert answer.headers["content-type"].startswith("application/cap+xml")
    assert wrong_by("cap", answer.content) == ""
    assert node.get("/cap/alerts/nothing.xml").status_code == 404


def test_a_clinic_that_is_closed_sends_no_ambulance_elsewhere(node: Published) -> None:
    assert "Oncology" not in node.get("/cap/alerts.atom").text


def test_a_drill_is_an_exercise_and_on_no_public_page(node: Published) -> None:
    node.approve()
    before = node.get("/status/").text
    node.begin_drill()
    node.state("ED", "closed", site="MMH", category="internal disaster")
    feed = node.get("/cap/alerts.atom").text
    assert "EXERCISE: Marble City: ED closed" in feed
    (path,) = re.findall(r'href="(/cap/alerts/exercise[^"]+)"', feed)
    assert "<status>Exercise</status>" in node.get(path).text
    assert node.get("/status/").text == before
    assert "internal disaster" not in node.get("/edxl/have.xml").text


def test_nothing_is_published_for_the_public_before_somebody_approved_it(
    node: Published, tmp_path: Path
) -> None:
    node.look()
    assert node.get("/status/").text == "Nothing is approved for the public here."
    assert not (tmp_path / "page").exists()
    node.approve()
    assert node.get("/status/old.html").text.startswith("There is no such page.")


def test_the_page_is_written_at_every_change_with_a_dated_copy(
    node: Published, tmp_path: Path
) -> None:
    node.approve()
    node.look()
    page = tmp_path / "page" / "index.html"
    assert "Ambulances go to other hospitals" in page.read_text("utf-8")
    node.minutes(1)
    node.state("ED", "open")
    node.look()
    assert "Ambulances go to other hospitals" not in page.read_text("utf-8")
    copies = sorted((tmp_path / "page" / OLD).iterdir())
    assert [one.name for one in copies] == ["2026-11-22T023100Z", "2026-11-22T023200Z"]
    assert "This is an old page." in (copies[0] / "index.html").read_text("utf-8")
    assert not [one for one in (tmp_path / "page").iterdir() if one.name.startswith(".")]


def test_a_page_that_nothing_changed_is_left_alone_for_ten_minutes(
    node: Published, tmp_path: Path
) -> None:
    node.approve()
    node.look()
    node.minutes(2)
    node.look()
    assert len(list((tmp_path / "page" / OLD).iterdir())) == 1
    node.minutes(9)
    node.look()
    assert "9:42 pm" in (tmp_path / "page" / "index.html").read_text("utf-8")
    assert len(list((tmp_path / "page" / OLD).iterdir())) == 1  # nothing else is said than before


def test_a_page_that_cannot_be_written_is_said_on_every_screen(tmp_path: Path) -> None:
    (tmp_path / "page").write_text("a file where a folder should be")
    node = Published(tmp_path)
    node.approve()
    (said,) = node.look()
    assert said.startswith("The public page was not written: ")


def test_a_promised_update_that_is_late_is_said_on_every_screen(node: Published) -> None:
    node.approve()
    assert node.look() == ()
    node.now = Instant(node.now + 6 * HOUR)
    assert node.look()[0].startswith("The public was promised an update that is late")


def test_a_document_that_does_not_pass_its_check_leaves_the_one_before(
    node: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = node.get("/edxl/have.xml")
    node.minutes(2)
    monkeypatch.setitem(have.SHAPE, "Capacity", ())
    node.tell(catalogue.BEDS_COUNTED, bed="ward", available="12", baseline="100")
    after = node.get("/edxl/have.xml")
    assert after.content == before.content
    assert after.headers["last-modified"] == before.headers["last-modified"]
    assert node.look()[0].startswith("Not published, the one before stays: EDXL-HAVE 1.0")


def test_a_first_document_that_does_not_pass_is_not_told_as_nothing_said(
    node: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(have.SHAPE, "Hospital", ())
    answer = node.get("/edxl/have.xml")
    assert (answer.status_code, answer.text[:14]) == (503, "Not published:")
    assert node.look()[0].startswith("Not published: EDXL-HAVE 1.0 (")


def test_one_alert_that_fails_is_not_hidden_by_the_next_that_passes(
    node: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    node.minutes(1)
    node.state("CT", "divert", category="equipment or CT failure", reason="tube")
    first, second = node.outside.documents.alerts()
    seconds = cap.SHAPE["alert"][1:]
    only = Part("identifier", needed=True, pattern=re.escape(second.identifier))
    monkeypatch.setitem(cap.SHAPE, "alert", (only, *seconds))
    (said,) = node.look()
    assert said.startswith(f"Not published: the alert {first.identifier}")
    _, have_row, alerts_row = node.outside.rows()
    assert (have_row.good, alerts_row.good, alerts_row.said) == (True, False, said)
    withheld = node.get(f"/cap/alerts/{first.identifier}.xml")
    assert (withheld.status_code, withheld.text[:14]) == (503, "Not published:")
    monkeypatch.undo()
    assert node.look() == ()


def test_with_schemas_what_does_not_fit_them_is_found(tmp_path: Path) -> None:
    if not (SHARED / FILES["cap"]).is_file():
        pytest.skip("no schemas beside the repository (../shared/schemas)")
    pytest.importorskip("lxml.etree", reason="the extra `xml` is not installed")
    schemas = Schemas(SHARED)
    assert (schemas.names(), schemas.trouble) == (("have", "have-draft", "cap"), "")
    assert "Missing child element" in schemas.wrong(
        "cap", b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"/>'
    )
    node = Published(tmp_path, schemas=str(SHARED))
    node.approve()
    assert node.look() == ()


def test_schemas_that_are_not_there_are_said_on_every_screen(tmp_path: Path) -> None:
    pytest.importorskip("lxml.etree", reason="the extra `xml` is not installed")
    (said,) = Published(tmp_path, schemas="none").look()
    assert said.startswith("Published documents are not checked by all schemas: ")


def test_figures_hold_counts_and_ages(node: Published) -> None:
    node.approve()
    node.now = Instant(node.now + 5 * MINUTE)
    said = node.get("/metrics").text.splitlines()
    assert 'wardlight_services{state="divert"} 1' in said
    assert 'wardlight_ehr_off{site="LKS"} 0' in said
    assert "wardlight_public_words_age_seconds 300" in said
    assert all(
        re.fullmatch(r'#.*|wardlight_[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? \S+', one)
        for one in said
    )


def test_the_screen_shows_what_is_said_and_where_it_went(node: Published) -> None:
    assert "Nothing is approved." in words(node.get("/public").text)
    node.approve(wait_minutes="12")
    node.look()
    page = words(node.get("/public").text)
    assert "Approved by C. Rivera, public information officer" in page
    assert "Lakeside General : Emergency department. Ambulances go to other hospitals." in page
    assert "Para esto, marque 1: Emergencias y atención sin cita" in page
    assert "written to" in page


def test_a_poster_is_handed_out_for_each_site_and_language(node: Published) -> None:
    assert node.get("/public/poster/LKS/es.pdf").status_code == 404
    node.approve()
    assert node.get("/public/poster/LKS/es.pdf").content.startswith(b"%PDF")
    assert node.get("/public/poster/LKS/xx.pdf").status_code == 404


def test_old_copies_beyond_the_limit_are_removed(
    node: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wardlight.outputs.outside.status_page.OLD_KEPT_MAX", 2)
    node.approve()
    for minute in range(4):
        write_page(tmp_path, node.outside.page.notices(), Instant(node.now + minute * MINUTE))
    assert len(list((tmp_path / OLD).iterdir())) == 2
