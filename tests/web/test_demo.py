from __future__ import annotations

from tests.web.screens import screens, whole_ward, words
from tests.web.ward_of_28 import NOW

from wardlight.web.demo import DemoState


class Controls:
    """Remembers what was pressed."""

    def __init__(self) -> None:
        self.pressed: list[tuple[str, object]] = []

    def state(self) -> DemoState:
        return DemoState(
            speed=10, paused=False, off=(), simulated_now=NOW, look_at=("Open ward 4E.",)
        )

    def set_speed(self, speed: float) -> None:
        self.pressed.append(("speed", speed))

    def take_ehr_away(self, site: str | None) -> None:
        self.pressed.append(("away", site))

    def close_two_eds(self) -> None:
        self.pressed.append(("close", "two"))

    def give_ehr_back(self, site: str | None) -> None:
        self.pressed.append(("back", site))


def test_one_button_takes_the_ehr_away_everywhere() -> None:
    controls = Controls()
    answer = screens(whole_ward(), demo=controls).post("/demo/away", {})
    assert (answer.status_code, answer.headers["location"]) == (303, "/demo")
    assert controls.pressed == [("away", None)]


def test_the_ehr_comes_back_at_one_site() -> None:
    controls = Controls()
    screens(whole_ward(), demo=controls).post("/demo/back", {"site": "MMH"})
    assert controls.pressed == [("back", "MMH")]


def test_two_emergency_departments_close_by_one_button() -> None:
    controls = Controls()
    answer = screens(whole_ward(), demo=controls).post("/demo/close", {})
    assert (answer.status_code, controls.pressed) == (303, [("close", "two")])


def test_the_speed_is_one_of_those_on_the_page() -> None:
    controls = Controls()
    opened = screens(whole_ward(), demo=controls)
    assert opened.post("/demo/speed", {"speed": "600"}).status_code == 303
    assert opened.post("/demo/speed", {"speed": "1e99"}).status_code == 400
    assert controls.pressed == [("speed", 600.0)]


def test_another_site_cannot_press_the_button() -> None:
    controls = Controls()
    answer = screens(whole_ward(), demo=controls).post(
        "/demo/away", {}, {"origin": "http://evil.test"}
    )
    assert answer.status_code == 403
    assert controls.pressed == []


def test_every_page_of_a_demo_says_that_no_patient_is_real() -> None:
    opened = screens(whole_ward(), demo=Controls())
    assert "Simulation: no real patient" in words(opened.get("/ward/MMH/4E").text)
    assert "Take the EHR away everywhere" in words(opened.get("/demo").text)


def test_a_real_node_has_no_such_page() -> None:
    opened = screens(whole_ward())
    assert opened.get("/demo").status_code == 404
    assert "Demo" not in words(opened.get("/").text)
