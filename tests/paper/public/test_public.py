"""The page, the poster and the phone say one decision: approved, dated, with an end."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from tests.rules.services.public_region import SIX_HOURS, PublicRegion

from wardlight.paper.public.page import PAGE_BYTES_MAX, STYLE, page_name, public_page
from wardlight.paper.public.poster import poster
from wardlight.paper.public.spoken import MESSAGE_MAX, phone_text, short_text
from wardlight.paper.typeset import Press
from wardlight.record import catalogue
from wardlight.views.services.public_status import PublicNotice


@pytest.fixture(scope="module")
def notices() -> tuple[PublicNotice, ...]:
    region = PublicRegion()
    region.approve(wait_minutes="12")
    return region.notices()


class _Checked(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]


def words(notice: PublicNotice, notices: tuple[PublicNotice, ...]) -> str:
    page = public_page(notice, notices)
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<body>")[2]).split())


def test_a_diversion_says_that_who_walks_in_is_seen(notices: tuple[PublicNotice, ...]) -> None:
    said = words(notices[0], notices)
    assert (
        "✕ Lakeside General : Emergency department Ambulances go to other hospitals. "
        "If you walk in, we will see you." in said
    )
    assert "✓ Marble City : Emergency department Open." in said
    assert "✕ Lakeside General : Oncology Closed now. We will call you." in said


def test_dates_are_long_and_the_end_is_said(notices: tuple[PublicNotice, ...]) -> None:
    assert notices[0].updated == "Updated November 21, 2026, 9:31 pm"
    assert notices[0].next.startswith("Next update by November 22, 2026, 1:00 am.")
    assert notices[1].updated == "Actualizado 21 de noviembre de 2026, 9:31 p. m."
    assert notices[2].updated == "Atualizado 21 de novembro de 2026, 21:31"


def test_a_promise_that_was_not_kept_is_said() -> None:
    region = PublicRegion()
    region.approve()
    late = region.notices(SIX_HOURS)
    assert late[0].next == "This update is late. Call us before you travel."


def test_the_page_needs_nothing_from_anywhere(notices: tuple[PublicNotice, ...]) -> None:
    for one in notices:
        page = public_page(one, notices)
        found = _Checked()
        found.feed(page)
        assert not {"script", "style", "iframe", "form"} & set(found.tags)
        assert not [at for at in found.addresses if at.startswith(("/", "http")) or ":" in at]
        assert len((page + STYLE).encode()) < PAGE_BYTES_MAX


def test_its_source_names_who_approved_it_and_when(notices: tuple[PublicNotice, ...]) -> None:
    page = public_page(notices[0], notices)
    assert "<!-- Approved by C. Rivera, public information officer at 2026-11-22T02:31" in page


def test_no_typed_word_is_markup() -> None:
    region = PublicRegion()
    typed = {f"words_{one}": "--><script>alert(1)</script>" for one in ("en", "es", "pt")}
    region.approve(approved_by="--><b>X</b>", **typed)
    notices = region.notices()
    found = _Checked()
    found.feed(public_page(notices[0], notices))
    assert "script" not in found.tags
    assert "b" not in found.tags


def test_the_scam_warning_is_in_every_language(notices: tuple[PublicNotice, ...]) -> None:
    said = [words(one, notices) for one in notices]
    assert "We never ask for card payment" in said[0]
    assert "Nunca pedimos pagos con tarjeta" in said[1]
    assert "Nunca pedimos pagamento com cartão" in said[2]


def test_an_old_page_says_so_first(notices: tuple[PublicNotice, ...]) -> None:
    page = public_page(notices[0], notices, old=True)
    main = page.partition("<main>")[2].lstrip()
    assert main.startswith('<p class="alarm">This is an old page. Do not use it.</p>')
    assert 'href="../../status.css"' in page


def test_what_was_taken_back_leaves_the_phone_alone() -> None:
    region = PublicRegion()
    name = region.approve()
    fields = {"approval": name, "reason": "wrong", "withdrawn_by": "C. Rivera"}
    region.tell(catalogue.PUBLIC_WITHDRAWN, **fields)
    (english, *_) = notices = region.notices()
    said = words(english, notices)
    assert "This page was taken back. Please call us." in said
    assert "Our phone: 555-0100" in said
    assert "Lakeside General" not in said


def test_nobody_in_labour_is_told_to_wait_for_a_call() -> None:
    region = PublicRegion()
    region.state("OB", "closed", category="staffing")
    region.approve()
    births = next(one for one in region.notices()[0].emergency if one.what == "Births")
    assert births.says == "Closed now. In an emergency call 911. If you walk in, we will see you."


def test_each_language_has_a_file_and_links_to_the_others(
    notices: tuple[PublicNotice, ...],
) -> None:
    names = [page_name(notices, one.language) for one in notices]
    assert names == ["index.html", "index.es.html", "index.pt.html"]
    assert 'href="index.html" lang="en"' in public_page(notices[1], notices)


def test_the_phone_script_is_a_numbered_menu(notices: tuple[PublicNotice, ...]) -> None:
    lines = phone_text(notices[0]).splitlines()
    assert lines[0] == "Hello. This is Lakeside Health."
    assert "For this, press 1: Emergencies and walking in" in lines
    assert "   2: Lakeside General. Oncology. Closed now. We will call you. " in "\n".join(lines)
    assert "To talk with a person, press 0." in lines


def test_a_text_message_is_whole_sentences_with_the_phone(
    notices: tuple[PublicNotice, ...],
) -> None:
    for one in notices:
        said = short_text(one)
        assert len(said) <= MESSAGE_MAX
        assert said.endswith((".", "555-0100"))
        assert "555-0100" in said


def test_the_poster_is_one_page_of_one_site(
    notices: tuple[PublicNotice, ...], press: Press
) -> None:
    pdfium = pytest.importorskip("pypdfium2")
    found = pdfium.PdfDocument(poster(notices[0], "Lakeside General", press).body)
    assert len(found) == 1
    text = " ".join(found[0].get_textpage().get_text_range().split())
    assert "Ambulances go to other hospitals" in text
    assert "Marble City" not in text
