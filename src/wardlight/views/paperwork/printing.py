"""What was printed when, by whom, from data of which age: what a ward asks for afterwards."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from wardlight.record import catalogue
from wardlight.record.entry import Entry
from wardlight.record.events.printing import PrintAsked, PrintEnded, unpacked
from wardlight.record.instants import Instant

KINDS = frozenset({catalogue.PRINT_ASKED, catalogue.PRINT_ENDED})
ROWS_MAX = 2_000  # kept in memory; the log has all of them
PACK, TEST = "ward pack", "test page"


class Printed(Struct, frozen=True, kw_only=True):
    """One printing, and how it ended as far as anybody said."""

    site: str
    at: Instant
    said: PrintAsked
    state: str = ""  # "" while nothing was said of its end
    because: str = ""
    ended: Instant | None = None


class Printing:
    """The printings a node knows of, newest last."""

    def __init__(self) -> None:
        self._rows: dict[str, Printed] = {}

    def take(self, entry: Entry) -> None:
        """Take one event into account; one that cannot be read says nothing."""
        match unpacked(entry.body):
            case PrintAsked() as said if said.job not in self._rows:
                self._rows[said.job] = Printed(site=entry.site, at=entry.occurred, said=said)
                while len(self._rows) > ROWS_MAX:
                    del self._rows[next(iter(self._rows))]
            case PrintEnded() as said if said.job in self._rows:
                self._rows[said.job] = replace(
                    self._rows[said.job],
                    state=said.state,
                    because=said.because,
                    ended=entry.occurred,
                )

    def of(self, site: str) -> tuple[Printed, ...]:
        """Return what was printed at a site, newest first."""
        return tuple(one for one in reversed(self._rows.values()) if one.site == site)

    def last_test(self, printer: str) -> Printed | None:
        """Return the newest test page of a printer that came out, as far as anybody said."""
        for one in reversed(self._rows.values()):
            if (one.said.what, one.said.printer) == (TEST, printer) and one.state in {
                "printed",
                "handed over",
            }:
                return one
        return None

    def snapshot(self) -> Any:
        """Return what is to be kept over a restart."""
        return msgspec.to_builtins(list(self._rows.items()))

    def restore(self, kept: Any) -> None:
        """Take over what was kept."""
        self._rows = dict(msgspec.convert(kept, list[tuple[str, Printed]]))
