import re
from html import unescape

from tests.web.region.region_map_app import MapApp
from tests.web.screens import words

from wardlight.record import catalogue
from wardlight.record.events.destinations import DestinationDecided
from wardlight.record.events.entered import unpacked
from wardlight.record.instants import MINUTE, Instant


def shown_of(page: str) -> dict[str, str]:
    """Return what the form of a decision carries."""
    form = page[page.index('id="decide"') :]
    pairs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in pairs}


def test_the_list_has_the_drive_with_its_band_and_the_reason() -> None:
    app = MapApp()
    app.state("ED", "open", site="MMH")
    said = words(app.where())
    assert "Marble City MMH" in said
    assert "8 min (6-11) straight-line estimate" in said
    assert "Nearest open and capable" in said
    assert "The policy is not signed by a medical director" in said


def test_a_hospital_nobody_reported_of_says_call_first() -> None:
    said = words(MapApp().where())
    assert said.count("CALL FIRST") >= 3
    assert "Nobody is known to take Any patient now: call before you go." in said


def test_a_diversion_is_passed_over_and_its_decision_is_an_arrow() -> None:
    app = MapApp()
    app.state("ED", "divert", category="ED saturation", reason="22 boarders")
    app.state("ED", "open", site="MMH")
    page = app.where()
    assert "Lakeside General 3 min (2-4): ED diverts (ED saturation)" in words(page)
    carried = shown_of(page)
    fields = {name: carried[name] for name in ("need", "place", "shown", "instead_of", "policy")}
    app.tell(catalogue.DESTINATION_DECIDED, unit="Medic 7", to="MMH", **fields)
    said = unpacked(app.log[-1].body).said
    assert isinstance(said, DestinationDecided)
    assert (said.to, said.instead_of, said.place) == ("MMH", "LKS", "Sample Corner")
    board = app.page("/map")
    assert "1 from Lakeside General to Marble City" in words(board)
    assert 'class="flow"' in board


def test_who_is_on_the_way_is_on_the_list_at_once() -> None:
    app = MapApp()
    app.state("ED", "open", site="MMH")
    app.tell(catalogue.DESTINATION_DECIDED, unit="Medic 7", to="MMH", need="any")
    assert "1 on the way" in words(app.where())


def test_a_place_that_is_not_known_says_how_to_write_one() -> None:
    said = words(MapApp().where("Nowhere"))
    assert "No place is known by this." in said


def test_a_place_is_never_in_an_address() -> None:
    page = MapApp().where()
    assert not re.search(r'(?:href|action)="[^"]*Sample', page)


def test_the_map_has_shape_word_and_table_in_one_order() -> None:
    app = MapApp()
    app.state("ED", "divert", category="ED saturation")
    board = app.page("/map")
    assert re.findall(r'class="map-label"[^>]*>(\d) ([\w ]+)<', board) == [
        ("1", "Lakeside General"),
        ("2", "Marble City"),
        ("3", "Green Valley"),
    ]
    assert "shape-divert" in board
    assert re.findall(r'id="m-(\d)"', board) == ["1", "2", "3"]
    assert "<script" not in board[board.index("<main") : board.index("</main")]


def test_the_name_of_a_hospital_cannot_draw_on_the_map() -> None:
    app = MapApp(b'code,name,lat,lon,ed\nLKS,"<script>alert(1)</script>",45,-40,Y\n')
    board = app.page("/map")
    assert "<script>alert" not in board
    assert "&lt;script&gt;" in board


def test_a_neighbour_with_a_position_is_on_the_list_without_any_table() -> None:
    app = MapApp(b"code,name,lat,lon\nX,Sample,45,-40\n")
    fields = {"code": "SAC", "neighbour": "St Albans", "latitude": "45.02", "longitude": "-40.0"}
    app.tell(catalogue.NEIGHBOUR_STATED, **fields, can="ED")
    app.state("ED", "open", facility="SAC", heard="charge nurse, phone")
    said = words(app.where())
    assert "1 St Albans SAC" in said
    assert "Not on the list, because nobody has said where they are: Lakeside General" in said


def test_what_is_no_report_on_the_board_is_called_first_with_what_was_last_said() -> None:
    app = MapApp()
    app.tell(catalogue.NEIGHBOUR_STATED, code="GRV", neighbour="Green Valley", can="ED")
    app.state("ED", "open", facility="GRV", heard="charge nurse, phone")
    app.now = Instant(app.now + 120 * MINUTE)
    said = words(app.where())
    assert "Green Valley GRV 555-0103 ? NO REPORT open 2 h ago, run out" in said
    assert "CALL FIRST no report of the ED; last said open 2 h ago" in said


def test_a_kind_of_patient_the_policy_does_not_name_is_asked_for_again() -> None:
    said = words(MapApp().where(need="stroke, as the old policy called it"))
    assert "names no such kind of patient: choose it again" in said
    assert "Nearest open" not in said
