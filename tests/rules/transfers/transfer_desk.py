"""A transfer desk whose forms are filled in as on the telephone."""

from __future__ import annotations

from collections.abc import Sequence

from tests.rules.laboratory.loop_ward import Ward

from wardlight.record.identity import PatientKey
from wardlight.rules.asking import Accepted, Refusal
from wardlight.views.transfers.transfer_board import Row, case_of, row_of
from wardlight.views.transfers.transfers import Case

Pairs = Sequence[tuple[str, str]]

STEPS: dict[str, Pairs] = {
    "transfer.requested": (
        ("why", "service not available"),
        ("reason", "CT down, acute stroke"),
        ("bed", "ICU"),
        ("need", "ventilator"),
        ("urgency", "immediate"),
        ("physician", "Dr Example-Sending"),
        ("callback", "4E desk 4112"),
    ),
    "transfer.offered": (("hospital", "LEB"), ("to", "transfer centre"), ("how", "phone")),
    "transfer.refused": (("hospital", "LEB"), ("by", "Dr Example-No"), ("reason", "no ICU bed")),
    "transfer.accepted": (("hospital", "GEN"), ("by", "Dr Example-Yes"), ("capable", "yes")),
    "transfer.certified": (
        ("basis", "a physician certifies"),
        ("benefits", "CT and stroke team"),
        ("risks", "worse on the road, accident"),
        ("stabilised", "no"),
        ("treatment", "airway, blood pressure held"),
        ("physician", "Dr Example-Sending"),
        ("consent", "patient consents"),
        ("consent_by", "the patient"),
    ),
    "transfer.transport-arranged": (
        ("company", "Example Ambulance"),
        ("level", "critical care transport"),
        ("minutes", "40"),
    ),
    "transfer.packet-made": (("records", "yes"), ("family", "daughter told")),
    "transfer.doses-stated": (("checked_by", "RN A. Mensah"),),
    "transfer.pending-owned": (
        ("owner", "Lab supervisor"),
        ("phone", "4200"),
        ("tells", "GEN ICU charge nurse"),
    ),
    "transfer.departed": (("hospital", "GEN"),),
    "transfer.arrived": (("confirmed_by", "RN Example-There"), ("where", "ICU")),
    "transfer.cancelled": (("reason", "not needed any more"),),
    "transfer.rerouted": (("hospital", "LEB"), ("because", "GEN closed its ICU")),
}
TO_THE_DOOR = (
    "transfer.accepted",
    "transfer.certified",
    "transfer.transport-arranged",
    "transfer.packet-made",
    "transfer.doses-stated",
    "transfer.pending-owned",
)


class TransferDesk:
    """The forms of one ward's transfers, each filled in plainly unless a test says otherwise."""

    def __init__(self, ward: Ward) -> None:
        self.ward = ward

    def request(self, patient: PatientKey, **other: str) -> str:
        """Ask for a place; return the transfer's number."""
        kind = "transfer.requested"
        return self.ward.say(kind, _fields(kind, "", other), patient=patient)

    def say(self, kind: str, number: str, **other: str) -> str:
        """Have a step written."""
        return self.ward.say(f"transfer.{kind}", _fields(f"transfer.{kind}", number, other))

    def ask(self, kind: str, number: str, **other: str) -> Accepted | Refusal:
        """Have a step judged only."""
        return self.ward.ask(f"transfer.{kind}", _fields(f"transfer.{kind}", number, other))

    def to_the_door(self, number: str, *, without: str = "") -> None:
        """Pass every gate but one."""
        for kind in TO_THE_DOOR:
            if kind != f"transfer.{without}":
                self.ward.say(kind, _fields(kind, number, {}))

    def case(self, number: str) -> Case:
        """Return a transfer as it stands."""
        found = case_of(self.ward.views, number)
        assert found is not None
        return found

    def row(self, number: str) -> Row:
        """Return its line of the board."""
        return row_of(self.ward.views, self.case(number), self.ward.now)


def _fields(kind: str, number: str, other: dict[str, str]) -> Pairs:
    plain = [pair for pair in STEPS[kind] if pair[0] not in other]
    return [*plain, *other.items(), *([("request", number)] if number else [])]
