"""The transfer desk of the ward of 28: forms handed in as a tablet does."""

from __future__ import annotations

from tests.rules.transfers.transfer_desk import STEPS
from tests.web.kept_copy import KeptCopy
from tests.web.screens import HANDLES, NUMBER, Screens, screens
from tests.web.ward_of_28 import key_of

READY = "0" * 31 + "a"
WAITS = "0" * 31 + "b"
LATE = "0" * 31 + "c"
OTHERS = ("0000000014", "7041180015")
TO_THE_DOOR = (
    "offered",
    "refused",
    "accepted",
    "certified",
    "transport-arranged",
    "packet-made",
    "doses-stated",
    "pending-owned",
)


class WebDesk:
    """Hands in steps for the patients of the ward."""

    def __init__(self, copy: KeptCopy) -> None:
        self.copy = copy
        self.screens: Screens = screens(copy)

    def request(self, number: str, patient: str = NUMBER, **other: str) -> None:
        """Ask for a transfer under this number."""
        fields = _fields("transfer.requested", other)
        handle = HANDLES.of(key_of(patient))
        answer = self.screens.enter("transfer.requested", handle, fields, id=number)
        assert answer.status_code == 200, answer.text

    def say(self, kind: str, number: str, **other: str) -> None:
        """Hand in a step that is taken."""
        fields = [*_fields(f"transfer.{kind}", other), ("request", number)]
        answer = self.screens.enter(f"transfer.{kind}", "", fields)
        assert answer.status_code == 200, answer.text

    def to_the_door(self, number: str) -> None:
        """Hand in everything that has to be there before departure."""
        for kind in TO_THE_DOOR:
            self.say(kind, number)


def _fields(kind: str, other: dict[str, str]) -> list[tuple[str, str]]:
    return [*[pair for pair in STEPS[kind] if pair[0] not in other], *other.items()]


def with_transfers(copy: KeptCopy) -> KeptCopy:
    """Let one patient be ready to go, one wait for a place and one be overdue."""
    desk = WebDesk(copy)
    desk.request(READY)
    desk.to_the_door(READY)
    desk.request(WAITS, OTHERS[0], bed="burn", urgency="urgent", at="03:10")
    desk.say("offered", WAITS, at="03:20")
    desk.say("refused", WAITS, at="03:25")
    desk.request(LATE, OTHERS[1], at="02:40")
    for kind in TO_THE_DOOR:
        desk.say(kind, LATE, at="02:45")
    desk.say("departed", LATE, at="02:50", due_at="03:20")
    return copy
