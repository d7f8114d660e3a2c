from __future__ import annotations

import pytest
from tests.web.screens import NUMBER, patient, screens, whole_ward

EVERY_PAGE = (
    "/",
    "/ward/MMH/4E",
    patient(),
    patient(path="/medicines"),
    patient(path="/results"),
    "/clinics/MMH",
    "/left/MMH",
    "/expected/MMH",
    "/feeds",
    "/unread",
    "/search",
)


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_every_page_forbids_foreign_scripts_and_is_kept_nowhere(page: str) -> None:
    headers = screens(whole_ward()).get(page).headers
    assert headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_no_page_holds_a_style_or_script_of_its_own(page: str) -> None:
    text = screens(whole_ward()).get(page).text
    assert "<style" not in text
    assert ' style="' not in text
    assert text.count("<script") == text.count('<script src="/static/')
    assert " onclick=" not in text


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_no_address_on_a_page_holds_a_name_or_a_number(page: str) -> None:
    text = screens(whole_ward()).get(page).text
    links = "\n".join(part.split('"')[0] for part in text.split('href="')[1:])
    assert NUMBER not in links
    assert "sample" not in links.casefold()


@pytest.mark.parametrize("host", ["evil.test", "127.0.0.1.evil.test:8080", "10.0.0.7", ""])
def test_a_strange_host_name_is_refused(host: str) -> None:
    answer = screens(whole_ward()).get("/ward/MMH/4E", headers={"host": host})
    assert answer.status_code == 421
    assert "BRIEN" not in answer.text


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:80", "127.0.0.1:1", "[::1]:8080", "127.9.9.9"]
)
def test_this_machine_is_answered_by_any_of_its_names(host: str) -> None:
    assert screens(whole_ward()).get("/", headers={"host": host}).status_code == 200


def test_a_form_from_another_site_is_refused() -> None:
    answer = screens(whole_ward()).post(
        "/search", data={"q": "O'Brien"}, headers={"origin": "http://evil.test"}
    )
    assert answer.status_code == 403


def test_a_form_whose_origin_is_hidden_is_refused() -> None:
    answer = screens(whole_ward()).post("/search", data={"q": "x"}, headers={"origin": "null"})
    assert answer.status_code == 403


def test_a_form_too_long_to_be_ours_is_refused() -> None:
    answer = screens(whole_ward()).post("/search", data={"q": "x" * 5000})
    assert answer.status_code == 413
