from __future__ import annotations

from typing import Any

import pytest
from tests.outputs.fhir import kept
from tests.outputs.fhir.kept import LARK, WREN, ask
from tests.outputs.fhir.test_search import ward

from wardlight.outputs.fhir.parameters import TYPES


def told(views: kept.Fake, address: str, method: str = "GET", **more: Any) -> tuple[int, str]:
    """Return the status and the sentence of an answer that is an error."""
    answered = ask(views, address, method, **more)
    body = answered.json()
    assert body["resourceType"] == "OperationOutcome"
    sentence: str = body["issue"][0]["diagnostics"]
    assert sentence.endswith(".")
    return answered.status_code, sentence


def test_a_patient_is_read_under_the_opaque_id() -> None:
    answered = ask(ward(), "/Patient/HNORTH0041")
    assert answered.headers["content-type"].startswith("application/fhir+json")
    assert answered.headers["cache-control"] == "no-store"
    assert answered.json()["identifier"][0]["value"] == "0041"


@pytest.mark.parametrize("kind", [kind for kind in TYPES if kind not in ("Condition", "Flag")])
def test_what_a_search_finds_can_be_read(kind: str) -> None:
    views = ward()
    for entry in ask(views, f"/{kind}").json().get("entry", []):
        assert ask(views, entry["fullUrl"]).json() == entry["resource"]


def test_a_read_says_its_version_and_is_not_sent_twice() -> None:
    views = ward()
    found = kept.found(views, "/AllergyIntolerance?patient=HNORTH0041")[0]
    first = ask(views, f"/AllergyIntolerance/{found['id']}")
    assert first.headers["etag"] == f'W/"{found["meta"]["versionId"]}"'
    assert first.headers["last-modified"] == "Sun, 22 Nov 2026 07:00:01 GMT"
    held = {"If-None-Match": first.headers["etag"]}
    assert ask(views, f"/AllergyIntolerance/{found['id']}", headers=held).status_code == 304


def test_a_joined_record_leads_to_the_one_that_is_kept() -> None:
    views = kept.Fake([kept.person()], merged={LARK: WREN})
    old = ask(views, "/Patient/HNORTH0042").json()
    assert old["active"] is False
    assert old["link"][0] == {"other": {"reference": "Patient/HNORTH0041"}, "type": "replaced-by"}
    assert told(views, "/Encounter/HNORTH0042-abc")[0] == 410


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/Patient/HNORTH0099", 404),
        ("/Observation/HNORTH0041-nothing", 404),
        ("/Practitioner", 404),
        ("/Practitioner/1", 404),
        ("/a/b/c/d", 404),
        ("/Patient/HNORTH0099/$summary", 404),
        ("/Observation?date=yesterday", 400),
        ("/Observation?date=ap2026", 400),
        ("/Observation?code=", 400),
        ("/Observation?code:text=potassium", 400),
        ("/Observation?patient=Group/1", 400),
        ("/Patient?identifier=urn:x|", 400),
        ("/Patient?_count=many", 400),
        ("/Patient?_cursor=%C3%A9", 400),
        ("/Patient?_cursor=bm90aGluZw", 400),
        ("/Patient?_format=xml", 406),
    ],
)
def test_what_cannot_be_answered_is_told_in_a_sentence(address: str, status: int) -> None:
    assert told(ward(), address)[0] == status


@pytest.mark.parametrize("method", ["PUT", "POST", "PATCH", "DELETE"])
def test_nothing_can_be_written(method: str) -> None:
    assert told(ward(), "/Patient/HNORTH0041", method)[0] == 405


def test_an_error_does_not_repeat_what_was_asked() -> None:
    assert "0041" not in told(ward(), "/Patient?identifier:exact=0041")[1]


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/fhir+json; fhirVersion=4.0", 200),
        ("text/html, application/json;q=0.9", 200),
        ("*/*", 200),
        ("application/fhir+xml", 406),
    ],
)
def test_only_json_is_spoken(accept: str, status: int) -> None:
    assert ask(ward(), "/Patient", headers={"Accept": accept}).status_code == status


def test_an_unsupported_parameter_is_left_out_of_the_self_link() -> None:
    bundle = ask(ward(), "/Patient?_count=5&colour=red").json()
    assert bundle["link"][0]["url"] == f"{kept.BASE}/Patient?_count=5"


def test_an_unsupported_parameter_is_refused_when_handling_is_strict() -> None:
    strict = {"Prefer": "return=minimal, handling=strict"}
    status, sentence = told(ward(), "/Patient?colour=red", headers=strict)
    assert status == 400
    assert "identifier" in sentence


def test_a_search_can_be_posted() -> None:
    bundle = ask(ward(), "/Patient/_search?_count=5", "POST", data={"identifier": "0041"}).json()
    assert (bundle["type"], bundle["total"]) == ("searchset", 1)


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        (b'{"identifier":"0041"}', "application/json", 415),
        (b"identifier=\xff", "application/x-www-form-urlencoded", 400),
        (b"x" * 70_000, "application/x-www-form-urlencoded", 413),
    ],
)
def test_a_posted_search_that_is_no_form_is_refused(
    content: bytes, media: str, status: int
) -> None:
    headers = {"Content-Type": media}
    answered = told(ward(), "/Patient/_search", "POST", content=content, headers=headers)
    assert answered[0] == status


def test_a_bundle_says_as_of_when_the_feeds_were_last_heard() -> None:
    bundle = ask(ward(), "/Patient").json()
    assert bundle["meta"]["lastUpdated"] == "2026-11-22T03:00:00-05:00"
    assert bundle["meta"]["extension"][0]["valueInstant"] == "2026-11-22T02:00:00-05:00"


def test_a_bed_is_part_of_its_ward_and_the_stay_refers_to_it() -> None:
    views = ward()
    places = {one["id"]: one for one in kept.found(views, "/Location")}
    stay = kept.found(views, "/Encounter?patient=HNORTH0041")[0]
    bed = places[stay["location"][0]["location"]["reference"].removeprefix("Location/")]
    unit = places[bed["partOf"]["reference"].removeprefix("Location/")]
    assert (bed["name"], unit["name"]) == ("4E 12-A", "4E")


def test_a_summary_is_a_document() -> None:
    bundle = ask(ward(), "/Patient/HNORTH0041/$summary").json()
    assert bundle["type"] == "document"
    assert bundle["entry"][0]["resource"]["resourceType"] == "Composition"


def test_the_capability_statement_names_every_type_that_is_served() -> None:
    stated = ask(ward(), "/metadata").json()
    assert stated["fhirVersion"] == "4.0.1"
    assert [one["type"] for one in stated["rest"][0]["resource"]] == [*TYPES]
