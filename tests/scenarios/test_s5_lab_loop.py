"""S5: 300 specimens, 12 critical values, 5 lost slips, 2 mislabels, a late runner, a moved patient.

Time passes minute by minute, as in the scenario of the design. Specimens are asked for every
minute over five hours; the laboratory receives each ten minutes later and files its result twenty
minutes after that, STAT or routine alike. Everything is then looked up in the trace.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import pytest
from tests.rules.laboratory.loop_ward import START, Ward, label, line

from wardlight.record import catalogue
from wardlight.record.accession_number import accessions_of_block
from wardlight.record.events.laboratory import EscalationStep
from wardlight.record.identity import PatientKey
from wardlight.record.instants import MINUTE
from wardlight.rules.asking import Refusal
from wardlight.views.laboratory.laboratory import SpecimenState, Trace, traces
from wardlight.views.laboratory.laboratory_board import (
    Board,
    LaboratoryTargets,
    Row,
    board,
    pending_of,
    unacknowledged_of,
)
from wardlight.views.laboratory.results import results

SPECIMENS = 300
CRITICAL = frozenset(range(12, 300, 25))  # 12 of them
LOST = frozenset({31, 71, 131, 191, 251})
MISLABELLED = frozenset({44, 144})
LATE_RUNNER = range(200, 210)  # ten specimens that stood for an hour
MOVED = 37  # whose result is critical: 12 + 25
TOO_LATE, NEVER = 62, 87  # critical ones: acknowledged after 23 minutes, and not at all
TRANSFERRED = 299
TARGETS = LaboratoryTargets()


class Story(Ward):
    """Five hours of a laboratory, played once."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = [one for block in range(5) for one in accessions_of_block(7, block)]
        self.patients: dict[int, PatientKey] = {}
        self.requests: dict[int, str] = {}
        self.accessions: dict[int, str] = {}
        self.results: dict[int, str] = {}
        self.refused: dict[int, Refusal] = {}
        self.due: dict[int, list[tuple[str, int]]] = {}
        self.boards: dict[int, Board] = {}

    def board(self) -> Board:
        """Return the laboratory's board as of now."""
        views = self.views
        return board(
            traces(views.loops),
            self.now,
            views.whereabouts,
            targets=TARGETS,
            unmatched=views.loops.unmatched(),
        )

    def numbers_on(self, rows: Iterable[Row]) -> set[int]:
        """Return the specimens on a list, by the numbers of this story."""
        known = {request: number for number, request in self.requests.items()}
        return {known[row.trace.request] for row in rows}

    def specimen(self, number: int) -> Trace:
        """Return one specimen's trace."""
        return self.trace(self.requests[number])

    def later(self, minutes: int, what: str, number: int) -> None:
        """Let something happen so many minutes from now."""
        at = (self.now - START) // MINUTE + minutes
        self.due.setdefault(at, []).append((what, number))

    def label(self, number: int) -> list[tuple[str, str]]:
        """Return the label of the tube, as it is read off."""
        return label(number=f"9{number:05d}", birth="1958-03-09")

    def request(self, number: int) -> None:
        """A nurse takes blood and asks for potassium, every fifth STAT."""
        self.patients[number] = self.admit(
            f"9{number:05d}", f"FAMILY{number}", "Given", bed=f"4E-{number}"
        )
        fields = [
            *self.label(number),
            ("test", "Potassium"),
            ("priority", "routine" if number % 5 else "STAT"),
            ("callback", "5512"),
            ("specimen", "venous blood"),
            ("collected_at", self.clock()),
        ]
        self.requests[number] = self.say(
            catalogue.SPECIMEN_REQUESTED, fields, patient=self.patients[number]
        )
        if number not in LOST:
            self.later(70 if number in LATE_RUNNER else 10, "receive", number)

    def clock(self) -> str:
        """Return the time as it is typed."""
        minutes = self.now // MINUTE % (24 * 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"

    def receive(self, number: int) -> None:
        """The laboratory gives the tube its number."""
        self.accessions[number] = self.next_number()
        fields = [("request", self.requests[number]), ("number", self.accessions[number])]
        self.say(catalogue.SPECIMEN_RECEIVED, [*fields, *self.label(number)])
        if number != TRANSFERRED:
            self.later(20, "result", number)

    def result(self, number: int) -> None:
        """The value is typed; two tubes carry the label of the tube before."""
        value = "6.9" if number in CRITICAL else "4.2"
        fields = [("accession", self.accessions[number])]
        fields += line("Potassium", value, "mmol/L", "3.5-5.1")
        if number in MISLABELLED:
            found = self.ask(catalogue.RESULT_ENTERED, [*fields, *self.label(number - 1)])
            assert isinstance(found, Refusal)
            self.refused[number] = found
            self.later(0, "reject", number)
            return
        self.results[number] = self.say(catalogue.RESULT_ENTERED, [*fields, *self.label(number)])
        self.later(2, "tell", number)
        if number != NEVER:
            self.later(23 if number == TOO_LATE else 6, "acknowledge", number)

    def reject(self, number: int) -> None:
        """A mislabelled tube is given up and the ward is told."""
        fields = [("request", self.requests[number]), ("loss", "rejected")]
        fields += [("reason", "mislabelled"), ("told", "RN A. Mensah")]
        self.say(catalogue.SPECIMEN_LOST, fields)

    def tell(self, number: int) -> None:
        """The laboratory rings; the nurse reads back."""
        fields = [*self.about(number), ("to", "RN A. Mensah"), ("how", "phone")]
        self.say(catalogue.RESULT_TOLD, [*fields, ("read_back", "yes")])

    def acknowledge(self, number: int) -> None:
        """The ward answers for the result."""
        self.say(catalogue.RESULT_ACKNOWLEDGED, self.about(number), patient=self.patients[number])

    def about(self, number: int) -> list[tuple[str, str]]:
        """Return the fields that name a result."""
        return [("request", self.requests[number]), ("result", self.results[number])]

    def tick(self) -> None:
        """Let what is due happen, look at the board, and let a minute pass."""
        minute = (self.now - START) // MINUTE
        while minute in self.due:
            for what, number in self.due.pop(minute):
                getattr(self, what)(number)
        self.boards[minute] = self.board()
        self.minutes(1)


@cache
def played() -> Story:
    story = Story()
    for number in range(SPECIMENS):
        story.request(number)
        if number == MOVED + 15:
            story.move(story.patients[MOVED], "ICU-3")
        story.tick()
    for _ in range(60):
        story.tick()
    return story


@pytest.fixture
def story() -> Story:
    return played()


FILED = frozenset(range(SPECIMENS)) - LOST - MISLABELLED - {TRANSFERRED}


def resulted_at(number: int) -> int:
    """Return the minute a specimen was done with, by the plan of the story."""
    if number in LOST or number == TRANSFERRED:
        return 10_000
    return number + (90 if number in LATE_RUNNER else 30)


def test_every_specimen_was_asked_for_and_all_but_the_lost_slips_were_received(
    story: Story,
) -> None:
    found = [story.specimen(number) for number in range(SPECIMENS)]
    assert len(found) == 300
    assert sum(one.received is not None for one in found) == 295
    assert len({one.accession for one in found if one.accession}) == 295


def test_each_result_can_be_traced_from_requisition_to_recipient_with_read_back(
    story: Story,
) -> None:
    assert len(FILED) == 292
    for number in FILED:
        trace = story.specimen(number)
        (finding,) = trace.findings
        assert trace.asked is not None
        assert trace.received is not None
        travelled = 70 if number in LATE_RUNNER else 10
        assert (trace.received.occurred - trace.asked.occurred) // MINUTE == travelled
        assert (finding.step.occurred - trace.received.occurred) // MINUTE == 20
        assert (finding.told[0].occurred - finding.step.occurred) // MINUTE == 2
        assert finding.read_back()
        assert finding.told[0].by == "RN A. Mensah"


def test_twelve_results_are_critical(story: Story) -> None:
    critical = [n for n in FILED if story.specimen(n).findings[0].critical]
    assert sorted(critical) == sorted(CRITICAL)
    assert len(critical) == 12


def test_two_mislabelled_tubes_could_not_be_filed_and_are_to_be_taken_again(story: Story) -> None:
    assert set(story.refused) == MISLABELLED
    for number, refused in story.refused.items():
        assert list(refused.fields) == ["label_number"]
        assert story.specimen(number).findings == ()
        assert story.specimen(number).state is SpecimenState.REJECTED
    assert story.numbers_on(story.boards[359].again) == MISLABELLED


def test_the_overdue_list_is_right_at_every_minute(story: Story) -> None:
    for minute, seen in story.boards.items():
        late = {
            number
            for number in range(min(minute + 1, SPECIMENS))
            if minute > number + (240 if number % 5 else 60) and minute < resulted_at(number)
        }
        assert story.numbers_on(seen.overdue) == late, minute
    assert story.numbers_on(story.boards[270].overdue) == {200, 205}
    assert story.numbers_on(story.boards[359].overdue) == {31, 71}


def test_the_oldest_overdue_specimen_comes_first(story: Story) -> None:
    for seen in story.boards.values():
        started = [row.trace.started for row in seen.overdue]
        assert started == sorted(started)


def test_lost_slips_are_found_and_a_late_runner_is_seen_until_it_comes(story: Story) -> None:
    at_its_worst = story.numbers_on(story.boards[262].missing)
    assert at_its_worst == {31, 71, 131, 191, *LATE_RUNNER}
    assert story.numbers_on(story.boards[359].missing) == LOST


def test_a_critical_result_nobody_acknowledges_goes_to_the_charge_nurse_then_the_physician(
    story: Story,
) -> None:
    asked = {
        minute: [(one.finding.request, str(one.step)) for one in seen.escalations]
        for minute, seen in story.boards.items()
    }
    late, never = story.requests[TOO_LATE], story.requests[NEVER]
    assert asked[101] == []
    assert asked[102] == [(late, EscalationStep.CHARGE_NURSE)]
    assert asked[112] == [(late, EscalationStep.PHYSICIAN)]
    assert asked[115] == []
    assert asked[127] == [(never, EscalationStep.CHARGE_NURSE)]
    assert all(asked[minute] == [(never, EscalationStep.PHYSICIAN)] for minute in range(137, 360))


def test_ten_critical_results_were_acknowledged_in_time(story: Story) -> None:
    in_time = 0
    for number in CRITICAL - {NEVER}:
        (finding,) = story.specimen(number).findings
        assert finding.acknowledged is not None
        in_time += finding.acknowledged.occurred - finding.step.occurred < 10 * MINUTE
    assert in_time == 10


def test_the_result_of_a_moved_patient_is_on_the_list_of_the_unit_they_lie_on_now(
    story: Story,
) -> None:
    (telling,) = [
        one for one in story.boards[68].to_tell if one.finding.request == story.requests[MOVED]
    ]
    assert (telling.row.place.unit, telling.row.moved) == ("ICU", True)
    assert telling.row.trace.place().unit == "4E"


def test_one_result_of_the_ward_is_still_to_be_acknowledged(story: Story) -> None:
    views = story.views
    waiting = unacknowledged_of(
        traces(views.loops), "MMH", "4E", views.whereabouts, targets=TARGETS
    )
    assert [one.finding.request for one in waiting] == [story.requests[NEVER]]


def test_the_list_of_what_is_still_out_goes_with_a_transferred_patient(story: Story) -> None:
    mine = story.patients[TRANSFERRED]
    waiting = pending_of(
        traces(story.views.loops, story.views.loops.requests_of(lambda key: key == mine))
    )
    assert [one.open_tests[0].text for one in waiting] == ["Potassium"]


def test_the_patients_own_chart_shows_the_critical_value_and_what_is_pending(story: Story) -> None:
    views, now = story.views, story.now
    (row,) = results(views.chart(story.patients[MOVED]), now=now).analytes
    assert row.critical
    assert row.newest.observation.value == "6.9"
    for number in (31, TRANSFERRED):
        (order,) = results(views.chart(story.patients[number]), now=now).pending
        assert order.words() == "Potassium"
    assert results(views.chart(story.patients[44]), now=now).pending == ()


def test_the_log_folded_again_gives_the_same_specimens(story: Story) -> None:
    again = Ward()
    again.heard_the_same(story)
    assert traces(again.views.loops) == traces(story.views.loops)
