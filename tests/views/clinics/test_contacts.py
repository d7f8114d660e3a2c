"""Who rang whom counts the same in whatever order it arrives, and what was taken back never."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wardlight.record import catalogue
from wardlight.record.entry import Entry
from wardlight.record.events.charting import EntryVoided
from wardlight.record.events.contact import ContactAttempted, ContactLeased, Outcome, Told
from wardlight.record.events.entered import Entered, Said
from wardlight.record.events.triage import Decided, Decision, UrgencyClass, VisitsTriaged
from wardlight.record.identity import PatientKey
from wardlight.record.instants import MINUTE, Instant
from wardlight.views.clinics.contacts import Contacts
from wardlight.views.clinics.triage import Triage

AT = Instant(1_795_507_200_000)
LATER = Instant(AT + 1)
SUN, MOON = PatientKey("MMH|1"), PatientKey("MMH|2")


class Counted(Contacts):
    """Counts how often every row was gone through again."""

    replays = 0

    def _replay(self) -> None:
        self.replays += 1
        super()._replay()


def take(view: Contacts | Triage, id_: str, said: Said, patient: str = "") -> None:
    """Let a view hear an entry that was recorded at AT."""
    entered = Entered(id=id_, by="A. Agent-Sample", said=said, patient=PatientKey(patient))
    entry = Entry(
        node="n",
        position=1,
        site="MMH",
        source=catalogue.STAFF,
        author="agent",
        subject="",
        kind="",
        version=1,
        occurred=AT,
        recorded=AT,
        body=b"",
        chain=bytes(32),
    )
    view.take(entry, entered)


def lease(agent: str, patient: PatientKey) -> ContactLeased:
    return ContactLeased(patients=(patient,), until=Instant(AT + 10 * MINUTE), agent=agent)


def told(visit: str) -> ContactAttempted:
    return ContactAttempted(outcome=Outcome.TOLD, told=(Told(visit, "go"),))


def test_two_who_ask_in_one_millisecond_do_not_have_everything_gone_through_again() -> None:
    contacts = Counted()
    take(contacts, "b", lease("one", SUN))
    take(contacts, "a", lease("other", MOON))
    assert contacts.replays == 0
    assert contacts.held_by("one", LATER) == SUN
    assert contacts.held_by("other", LATER) == MOON


def test_of_two_who_take_one_patient_in_one_millisecond_the_smaller_id_counts() -> None:
    contacts = Counted()
    take(contacts, "b", lease("one", SUN))
    take(contacts, "a", lease("other", SUN))
    assert contacts.replays == 1
    assert contacts.held_by("one", LATER) is None
    assert contacts.held_by("other", LATER) == SUN


def test_a_call_that_was_taken_back_before_it_arrived_counts_for_nothing() -> None:
    contacts = Contacts()
    take(contacts, "b", EntryVoided(entry="a", reason="wrong patient"))
    take(contacts, "a", told("MMH|A1"), SUN)
    assert contacts.told("MMH|A1") == ()
    assert contacts.attempts([SUN]) == ()


def test_a_decision_that_was_taken_back_before_it_arrived_decides_nothing() -> None:
    triage = Triage()
    line = Decided(appointment="MMH|A1", urgency=UrgencyClass.D, decision=Decision.CANCEL)
    take(triage, "b", EntryVoided(entry="a", reason="wrong visit"))
    take(triage, "a", VisitsTriaged(lines=(line,)))
    assert triage.verdict("MMH|A1") is None


SAYINGS = (
    (lease("one", SUN), ""),
    (lease("other", SUN), ""),
    (lease("one", MOON), ""),
    (told("MMH|A1"), SUN),
    (told("MMH|A2"), MOON),
    (ContactAttempted(outcome=Outcome.CALL_BACK, call_back=LATER), SUN),
    (EntryVoided(entry="3", reason="typed wrongly"), ""),
)


@given(st.permutations(range(len(SAYINGS))))
def test_entries_of_one_millisecond_count_the_same_in_any_order(order: list[int]) -> None:
    found = []
    for numbers in (range(len(SAYINGS)), order):
        contacts = Contacts()
        for number in numbers:
            said, patient = SAYINGS[number]
            take(contacts, str(number), said, patient)
        people = [contacts.lease([one], LATER) for one in (SUN, MOON)]
        agents = [contacts.held_by(one, LATER) for one in ("one", "other")]
        heard = [[row.id for row in contacts.attempts([one])] for one in (SUN, MOON)]
        visits = [contacts.told(one) for one in ("MMH|A1", "MMH|A2")]
        found.append((people, agents, heard, visits, contacts.call_backs(LATER)))
    assert found[0] == found[1]
